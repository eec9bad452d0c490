"""Builds C with clang and with peepcc, and runs it under qemu, for campaigns."""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...process import Completed, ProcessTimeout, run
from ...report.file import units
from ...validate.verdict import Verdict
from .fork_server import peepcc_main
from .runner import Options

TRIPLE = "aarch64-linux-gnu"
QEMU = "qemu-aarch64"
_FALLBACK = re.compile(r"^peepcc: (.*); falling back to clang$", re.MULTILINE)
_REFUSALS = (Verdict.REFUTED, Verdict.UNPROVED, Verdict.UNPARSED, Verdict.UNSAFE_REGION, Verdict.COSTLIER)
_INPUT, _OUTPUT = "object-{}.o", "executable"  # in a linker's command line that is kept
_SLACK = 120.0  # seconds beyond the budget for a compile that goes on; past it, it hangs


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program did; `status` is None where it had to be ended."""

    status: int | None
    output: bytes


def clang(options: Options, *arguments: str | Path, cwd: Path | None = None) -> Completed:
    return run((options.clang, f"--target={TRIPLE}", "-w", *map(str, arguments)), cwd=cwd)


def peepcc(
    options: Options,
    backend: str,
    report: Path,
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] = {},
) -> Completed:
    """This very package as a command, in a forked child. Raises ProcessTimeout where it hangs."""
    own = {
        "off": "0",
        "clang": options.clang,
        "backend": backend,
        "policy": options.policy,
        "budget": f"{options.budget}",
        "report": report,
    }
    words = (
        *(f"--peepcc-{name}={value}" for name, value in own.items()),
        f"--target={TRIPLE}",
        "-w",
        *map(str, arguments),
    )
    return peepcc_main(words, options.clang, cwd, {**env, "PEEPCC_OFF": "1"}, options.budget + _SLACK)


def fallbacks(done: Completed) -> Counter[str]:
    """The causes for which clang took over: nothing where all is well, and never a silent success."""
    causes = _FALLBACK.findall(done.stderr.decode(errors="replace"))
    return Counter(f"falls back: {cause[:80]}" for cause in causes)


def verdicts(report: Path) -> Counter[str]:
    """Outcomes by verdict over all units, `refused` proposals, and `applied`, the rewrites that went in.

    Empty where nothing was reported.
    """
    counts: Counter[str] = Counter()
    for unit in units(report) if report.exists() else ():
        counts.update(window["verdict"] for window in unit["windows"])
        counts["applied"] += sum(window["applied"] for window in unit["windows"])
    counts["refused"] = sum(counts[each.value] for each in _REFUSALS)
    return counts


def linked(options: Options, objects: Sequence[Path], executable: Path, *flags: str) -> bool:
    """Whether a static program was linked, by the linker and the files that clang's driver names."""
    names = {_OUTPUT: str(executable), **{_INPUT.format(n): str(each) for n, each in enumerate(objects)}}
    return run([names.get(word, word) for word in _linker(options.clang, len(objects), flags)]).returncode == 0


@cache
def _linker(clang: str, objects: int, flags: tuple[str, ...]) -> tuple[str, ...]:
    """The linker's command line: asked for once, because the driver takes as long as the linker."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = [_INPUT.format(n) for n in range(objects)]
        for name in inputs:
            Path(folder, name).touch()
        told = run(
            (clang, f"--target={TRIPLE}", "-###", "-static", *inputs, "-o", _OUTPUT, *flags), cwd=folder
        ).stderr.decode()
    return tuple(shlex.split(told.strip().splitlines()[-1]))


def ran(executable: Path, seconds: float, cwd: Path | None = None) -> Ran:
    try:
        done = run((QEMU, str(executable)), timeout=seconds, cwd=cwd)
    except ProcessTimeout:
        return Ran(None, b"")
    return Ran(done.returncode, done.stdout + done.stderr)


def kept(key: str, folder: Path, options: Options) -> str:
    """Where a copy of the folder of something wrong is, in OUT."""
    place = options.out / "wrong" / key.replace(" ", "_").replace("/", "_")
    shutil.copytree(folder, place, dirs_exist_ok=True)
    return place.relative_to(options.out).as_posix()
