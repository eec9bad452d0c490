"""Compiles the programs of examples/small with clang and with peepcc, runs both under qemu, and shows what changed.

No server is needed: the embedded model proposes. Exit status 1 if any output differs.
"""

from __future__ import annotations

import difflib
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from peepcc.report.file import units

HERE = Path(__file__).parent
PEEPCC = Path(sys.executable).parent / "peepcc"
LEVELS = ("-O0", "-O1", "-O2", "-Os")
RUN = () if platform.machine() == "aarch64" else ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")


def main() -> int:
    rows, diffs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted((HERE / "small").glob("*.c")):
            for level in LEVELS:
                row, rewrites = compiled(source, level, Path(folder))
                rows.append(row)
                diffs += [(source.name, level, *rewrite) for rewrite in rewrites]
    table(rows)
    show(diffs)
    return 0 if all(row[-1] for row in rows) else 1


def compiled(source: Path, level: str, folder: Path) -> tuple[tuple, list[tuple[str, list[str], list[str]]]]:
    """((program, level, before, after, rewrites, outputs equal), [(function, window, rewritten window)])."""
    report = folder / f"{source.stem}{level}.json"
    outputs = []
    for name, environment in (("clang", {"PEEPCC_OFF": "1"}), ("peepcc", {"PEEPCC_REPORT": str(report)})):
        program = folder / f"{source.stem}{level}.{name}"
        subprocess.run(
            [PEEPCC, level, str(source), "-o", str(program), "-lm"], check=True, env=os.environ | environment
        )
        ran = subprocess.run([*RUN, str(program)], capture_output=True)
        outputs.append((ran.returncode, ran.stdout))
    (unit,) = units(report)
    applied = [window for window in unit["windows"] if window["applied"]]
    row = (
        source.stem,
        level,
        unit["instructions"]["before"],
        unit["instructions"]["after"],
        len(applied),
        outputs[0] == outputs[1],
    )
    return row, [(window["function"], window["source"], window["result"]) for window in applied]


def table(rows: list[tuple]) -> None:
    print(f"{'program':10}{'level':7}{'before':>8}{'after':>8}{'saved':>8}{'rewrites':>10}  output")
    for program, level, before, after, rewrites, equal in rows:
        print(
            f"{program:10}{level:7}{before:8}{after:8}{(before - after) / before:8.1%}{rewrites:10}  "
            f"{'as clang' if equal else 'DIFFERENT'}"
        )


def show(diffs: list[tuple]) -> None:
    """The three rewrites that save most, each of another shape."""
    chosen: dict[str, tuple] = {}
    for program, level, function, before, after in sorted(diffs, key=lambda each: len(each[4]) - len(each[3])):
        kind = "/".join(sorted(line.split()[0] for line in set(before) - set(after)))
        chosen.setdefault(kind, (program, level, function, before, after))
    for program, level, function, before, after in list(chosen.values())[:3]:
        print(f"\n{program} {level}, {function}:")
        print("\n".join(f"  {line}" for line in difflib.ndiff(before, after) if not line.startswith("?")))


if __name__ == "__main__":
    sys.exit(main())
