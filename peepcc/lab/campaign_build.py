"""Builds C with clang and with peepcc, and runs it under qemu, for campaigns."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

from ..process import Completed, ProcessTimeout, run
from .campaign_run import Options

TRIPLE = "aarch64-linux-gnu"
QEMU = "qemu-aarch64"
_PACKAGE = Path(__file__).parent.parent
_FALLBACK = re.compile(r"^peepcc: (.*); falling back to clang$", re.MULTILINE)
_SLACK = 120.0  # seconds beyond the budget for a compile that goes on; past it, it hangs


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program did; `status` is None where it had to be ended."""

    status: int | None
    output: bytes


def clang(options: Options, *arguments: str | Path, cwd: Path | None = None) -> Completed:
    return run((options.clang, f"--target={TRIPLE}", "-w", *map(str, arguments)), cwd=cwd)


def peepcc(options: Options, backend: str, report: Path, *arguments: str | Path, cwd: Path | None = None) -> Completed:
    """This very package, in a process of its own. Raises ProcessTimeout where it hangs."""
    own = {"off": "0", "clang": options.clang, "backend": backend, "policy": options.policy, "budget": f"{options.budget}", "report": report}
    argv = (sys.executable, "-m", "peepcc", *(f"--peepcc-{name}={value}" for name, value in own.items()), f"--target={TRIPLE}", "-w", *map(str, arguments))
    return run(argv, cwd=cwd, env={"PYTHONPATH": str(_PACKAGE.parent)}, timeout=options.budget + _SLACK)


def fallbacks(done: Completed) -> Counter[str]:
    """The causes for which clang took over: nothing where all is well, and never a silent success."""
    causes = _FALLBACK.findall(done.stderr.decode(errors="replace"))
    return Counter(f"falls back: {cause[:80]}" for cause in causes)


def verdicts(report: Path) -> Mapping[str, int]:
    """Outcomes by verdict over all units, and `applied`, the rewrites that went in; empty where nothing was reported."""
    counts: Counter[str] = Counter()
    for unit in json.loads(report.read_text())["units"] if report.exists() else ():
        counts.update(window["verdict"] for window in unit["windows"])
        counts["applied"] += sum(window["applied"] for window in unit["windows"])
    return counts


def linked(options: Options, objects: Sequence[Path], executable: Path, *flags: str) -> bool:
    return clang(options, "-static", *objects, "-o", executable, *flags).returncode == 0


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
