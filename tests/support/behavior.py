"""The guard of a change that must not change behavior: what peepcc makes is recorded before it and compared after it.

    python tests/support/behavior.py record FOLDER [--quick]
    python tests/support/behavior.py compare FOLDER

Recorded are the objects and reports of Lua and zlib, compiled at every level with the default
model, whose replies are kept and replayed at the comparison, and the figures of `peeplab evaluate` on 500
examples. At -O0 a few files of each program stand for all. The verdicts of tests/pairs are
stated in these tests themselves, and `peeplab bench passthrough` measures a time: run both
beside this. Exit status 1 where anything differs; each difference is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "programs"))

from sources import unpack  # noqa: E402  the programs' own helper, which is no package

BIN = Path(sys.executable).parent
LEVELS = ("-O0", "-O1", "-O2", "-Os")
PROGRAMS = {"lua5.4": ("src", ("-DLUA_USE_LINUX",)), "zlib": (".", ("-D_LARGEFILE64_SOURCE", "-DHAVE_UNISTD_H"))}
AT_O0 = ("ltable.c", "lstring.c", "ldump.c", "inftrees.c", "adler32.c")
QUICK = ("lstring.c", "ltm.c", "inftrees.c")
VARYING = frozenset(
    ("seconds", "weights", "confidence", "unit", "bytes", "position", "command", "versions", "time", "directory")
)
EXAMPLES = HERE.parent / "models" / "wild.jsonl.gz"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="record three files at -O0 and -O2, and 50 examples")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args(argv)
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.action == "record":
        (folder / "quick").write_text(str(int(arguments.quick)))
    quick = (folder / "quick").read_text() == "1"
    made = folder / ("recorded" if arguments.action == "record" else "compared")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    build(folder, made, "record" if arguments.action == "record" else "replay", quick, arguments.jobs)
    evaluate(made, 50 if quick else 500)
    if arguments.action == "record":
        return 0
    different = list(differences(folder / "recorded", made))
    print("\n".join(different) or f"nothing differs in {sum(1 for _ in made.rglob('*.o'))} objects and their reports")
    return 1 if different else 0


def build(folder: Path, made: Path, backend: str, quick: bool, jobs: int) -> None:
    """Compiles every unit into `made`; one file of replies for each, so that parallel compiles stay deterministic."""
    units = list(_units(folder, quick))
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda unit: _compile(*unit, folder, made, backend), units))


def _units(folder: Path, quick: bool) -> Iterator[tuple[str, Path, str]]:
    """(program, source, level) of everything that is compiled."""
    for program, (inside, _) in PROGRAMS.items():
        if not (folder / program).is_dir():
            unpack(program, folder / "archives", folder / program)
        for level in ("-O0", "-O2") if quick else LEVELS:
            for source in sorted((folder / program / inside).glob("*.c")):
                if source.name in (QUICK if quick else AT_O0) or (not quick and level != "-O0"):
                    yield program, source, level


def _compile(program: str, source: Path, level: str, folder: Path, made: Path, backend: str) -> None:
    name = f"{program}{level}-{source.stem}"
    (folder / "replies").mkdir(exist_ok=True)
    report = made / f"{name}.report"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PEEPCC_")}
    environment |= {"PEEPCC_BACKEND": f"{backend}:{folder / 'replies' / name}", "PEEPCC_BUDGET": "100000"}
    argv = [BIN / "peepcc", level, *PROGRAMS[program][1], "-c", source.name, "-o", made / f"{name}.o"]
    subprocess.run([*argv, f"--peepcc-report={report}"], cwd=source.parent, env=environment, check=True)


def evaluate(made: Path, count: int) -> None:
    """The figures of the default model, asked as builds ask it."""
    argv = [BIN / "peeplab", "evaluate", EXAMPLES, "--repair", "4", "--count", str(count), "--seed", "1"]
    subprocess.run([*argv, "--out", made / "evaluation"], check=True, stdout=subprocess.DEVNULL)


def differences(before: Path, after: Path) -> Iterator[str]:
    """A line for each file that is not as it was."""
    for path in sorted(path for path in before.rglob("*") if path.suffix in (".o", ".report")):
        other = after / path.relative_to(before)
        if not other.exists() or _comparable(path) != _comparable(other):
            yield f"{path.relative_to(before)} differs"
    judged = "evaluation/judged.jsonl"
    if _comparable(before / judged) != _comparable(after / judged):
        yield f"{judged} differs"


def _comparable(path: Path) -> object:
    if path.suffix == ".o":
        return path.read_bytes()
    return [_timeless(json.loads(line)) for line in path.read_text().splitlines()]


def _timeless(value: object) -> object:
    """The value without times, paths of what was made, and the weights and confidences that a replay does not have."""
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key not in VARYING | {"arguments", "output"}}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
