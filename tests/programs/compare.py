"""One program at one level: built by clang and by the compiler under test, run, compared.

Equal means equal bytes of every output, and no run that fell back to clang.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recipes.recipe import TRIPLE, Build, Failed, Recipe
from sources import unpack

from peepcc.report.file import units

CLANG = f"{os.environ.get('PEEPCC_CLANG', 'clang-19')} --target={TRIPLE}"
_FALLBACK = re.compile(rb"^peepcc: .*falling back to clang$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """`different` names the outputs that are not clang's; `failure` says which command failed.

    `before` and `after` are instructions, by peepcc's own report; `seconds` and
    `clang_seconds` are of the compile step alone.
    """

    program: str
    level: str
    before: int = 0
    after: int = 0
    counters: Mapping[str, int] = field(default_factory=dict)
    fallbacks: int = 0
    seconds: float = 0.0
    clang_seconds: float = 0.0
    outputs: int = 0
    different: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def good(self) -> bool:
        return self.failure is None and not self.different and not self.fallbacks and self.outputs > 0

    @property
    def saved(self) -> float:
        """Instructions saved, in percent."""
        return 100.0 * (self.before - self.after) / self.before if self.before else 0.0

    @property
    def accepted(self) -> int:
        return sum(count for name, count in self.counters.items() if name.startswith("accepted"))


def compared(recipe: Recipe, level: str, cc: str, cache: Path, jobs: int) -> Result:
    """Builds in the same place by turns, since programs print where they are."""
    folder = cache / f"{recipe.name}{level}"
    report = cache / f"{recipe.name}{level}.json"
    report.unlink(missing_ok=True)
    try:
        expected, clang_seconds, _ = _made(recipe, level, CLANG, cache, jobs, {})
        shutil.rmtree(folder.with_name(f"{folder.name}-clang"), ignore_errors=True)
        folder.rename(folder.with_name(f"{folder.name}-clang"))
        outputs, seconds, log = _made(recipe, level, cc, cache, jobs, {"PEEPCC_REPORT": str(report)})
    except Failed as failed:
        return Result(recipe.name, level, failure=str(failed))
    before, after, counters = _reported(report)
    different = tuple(
        sorted(name for name in expected.keys() | outputs.keys() if expected.get(name) != outputs.get(name))
    )
    for name in different:
        _keep(cache, recipe, level, name, expected.get(name, b""), outputs.get(name, b""))
    return Result(
        recipe.name,
        level,
        before,
        after,
        counters,
        len(_FALLBACK.findall(log)),
        seconds,
        clang_seconds,
        len(outputs),
        different,
    )


def _made(
    recipe: Recipe, level: str, cc: str, cache: Path, jobs: int, reporting: Mapping[str, str]
) -> tuple[dict[str, bytes], float, bytes]:
    """Outputs, seconds of the compile step, and what that step printed."""
    folder = cache / f"{recipe.name}{level}"
    log = cache / f"{recipe.name}{level}.log"
    log.write_bytes(b"")
    unpack(recipe.package, cache, folder)
    recipe.configure(Build(folder, cc, level, jobs, log))
    start = time.monotonic()
    recipe.compile(Build(folder, cc, level, jobs, log, reporting))
    seconds = time.monotonic() - start
    printed = log.read_bytes()
    return dict(recipe.check(Build(folder, cc, level, jobs, log))), seconds, printed


def _reported(report: Path) -> tuple[int, int, dict[str, int]]:
    """Instructions before and after, and counters; zeros where no unit was reported."""
    found = units(report) if report.exists() else []
    counters: Counter[str] = Counter()
    for unit in found:
        counters.update(unit["counters"])
    return (*(sum(unit["instructions"][when] for unit in found) for when in ("before", "after")), dict(counters))


def _keep(cache: Path, recipe: Recipe, level: str, name: str, expected: bytes, output: bytes) -> None:
    folder = cache / "different"
    folder.mkdir(exist_ok=True)
    stem = f"{recipe.name}{level}-{name.replace('/', '-').replace(' ', '-')}"
    (folder / f"{stem}.clang").write_bytes(expected)
    (folder / f"{stem}.peepcc").write_bytes(output)
