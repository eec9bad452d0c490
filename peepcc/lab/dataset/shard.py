"""One unit of work: a C file by one compiler at one level, to rows of examples.

What it makes hangs on its arguments alone.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path

from ...analysis.unit_analysis import Analysed, analyse
from ...analysis.windows import LIMIT, Window
from ...assembly.encode import Encoder
from ...propose.model.language import encode, training_pair
from ...propose.request import request_of
from ..example import Example, request_key, to_json
from ..teachers import MAKERS, TEACHERS
from .compile import LEVELS, compiled, compiled_by_gcc
from .label import Found, School

CUTS = (16, 8, 4, 11, 6, 3)  # instructions a window: what builds ask about, and the same code through other frames
CHEAP = ("rules",)  # who is asked about every window; the others take a hundred times as long
ACROSS_MAKERS = ("harvest",)  # these want the windows of one file at several levels together
CLANG, BY_GCC, ACROSS = "clang", "gcc", "across"
WILD_LEVELS = ("-O2", "-Os")
PAIR, WILD = "pair", "wild"
_LINES, _FEW_LINES, _ACROSS_LINES = (
    8000,
    4000,
    2500,
)  # of assembly, about, whose functions are looked at: where much improves few will do
_TOGETHER = 128  # windows that share a run of the assembler and one of the cost model

Made = tuple[str, "Unit", str, Window, Found]  # kind, unit, level as examples tell it, window, what was found


@dataclass(frozen=True, slots=True)
class Unit:
    """`file`: relative to the package's folder below the sources. `test`: of a package that is only measured on.

    `compiler` is CLANG or BY_GCC; or ACROSS, then clang at all levels together.
    """

    package: str
    file: str
    compiler: str
    level: str
    test: bool

    @property
    def name(self) -> str:
        return f"{self.package}/{hashlib.sha256(self.file.encode()).hexdigest()[:12]}-{self.compiler}{self.level}"

    @property
    def option(self) -> str:
        """The level as examples tell it."""
        return self.level if self.compiler == CLANG else f"{self.compiler} {self.level}"


@dataclass(frozen=True, slots=True)
class Shares:
    """What is taken of one unit.

    `teachers`: names of those who are asked. `improved`: windows with a better body, at most, at -O0 and at any other
    level each. `same`: windows without, for each with one, and so many more. `asked`: windows, at -O0
    and at any other level, about which all teachers are asked. `made`: windows from each maker.
    `cuts`: instructions a window, at most; `shortest`: at least.
    """

    seed: int
    teachers: tuple[str, ...]
    improved: int
    same: float
    more: int
    asked: tuple[int, int]
    made: int
    cuts: tuple[int, ...] = CUTS
    shortest: int = 1


def make(unit: Unit, shares: Shares, sources: Path, clang: str) -> bytes:
    """JSON lines: first what was seen, then a row an example, with its kind (PAIR or WILD) and its key."""
    seen: Counter[str] = Counter(units=1)
    rows = [
        _row(*each) for each in (_across if unit.compiler == ACROSS else _alone)(unit, shares, sources, clang, seen)
    ]
    return "".join(
        json.dumps(each, separators=(",", ":")) + "\n"
        for each in ({"unit": asdict(unit), "seen": dict(sorted(seen.items()))}, *rows)
    ).encode()


def _school(shares: Shares, encoder: Encoder, clang: str, names: Iterable[str] | None = None) -> School:
    return School({name: TEACHERS[name]() for name in names or shares.teachers}, encoder, clang)


def _alone(unit: Unit, shares: Shares, sources: Path, clang: str, seen: Counter[str]) -> Iterator[Made]:
    """Of one compiler at one level."""
    made = (compiled if unit.compiler == CLANG else compiled_by_gcc)(*_place(unit, sources), clang)
    if made is None:
        seen["not compiled"] += 1
        return
    encoder = Encoder(clang)
    school = _school(shares, encoder, clang)
    rng = random.Random(f"{shares.seed} {unit.name}")
    wild = unit.test and unit.compiler == CLANG and unit.level in WILD_LEVELS
    analysed = analyse(
        *made,
        encoder,
        (lambda name: True)
        if wild
        else _chosen(made[0], unit, _FEW_LINES if unit.level == "-O0" else _LINES, shares.seed),
    )
    seen["instructions"] = analysed.instructions
    if wild:
        yield from ((WILD, unit, unit.option, *each) for each in _all(analysed, school, seen))
    distinct = _distinct(
        [window for window in analysed.windows(cut) if len(window.source.steps) >= shares.shortest]
        for cut in shares.cuts
    )
    seen["distinct windows"] = len(distinct)
    rng.shuffle(distinct)
    found = [
        *_taught(distinct, school, _Limits(unit, shares), seen),
        *_made(distinct, [name for name in MAKERS if name not in ACROSS_MAKERS], school, shares, encoder, rng, seen),
    ]
    yield from ((PAIR, unit, unit.option, *each) for each in found if _told(*each, seen))
    seen.update({f"refused: {cause}": count for cause, count in school.refused.items()})


def _across(unit: Unit, shares: Shares, sources: Path, clang: str, seen: Counter[str]) -> Iterator[Made]:
    """Of the same functions by clang at all levels."""
    encoder = Encoder(clang)
    school = _school(shares, encoder, clang, CHEAP)
    rng = random.Random(f"{shares.seed} {unit.name}")
    level_of: dict[int, str] = {}
    windows: list[Window] = []
    for level in LEVELS:
        made = compiled(*_place(replace(unit, level=level), sources), clang)
        if made is not None:
            analysed = analyse(*made, encoder, _chosen(made[0], replace(unit, level=""), _ACROSS_LINES, shares.seed))
            windows += (distinct := _distinct([analysed.windows(LIMIT), analysed.windows(LIMIT // 2)]))
            level_of |= dict.fromkeys(map(id, distinct), level)
    seen["not compiled"] += not windows
    found = _made(windows, ACROSS_MAKERS, school, shares, encoder, rng, seen)
    yield from ((PAIR, unit, level_of[id(window)], window, each) for window, each in found if _told(window, each, seen))
    seen.update({f"refused: {cause}": count for cause, count in school.refused.items()})


def _place(unit: Unit, sources: Path) -> tuple[Path, str, Path]:
    """(file, level, folder with its headers)."""
    home = sources / unit.package
    return home / unit.file, unit.level, home / Path(unit.file).parts[0] if "/" in unit.file else home


def _told(window: Window, found: Found, seen: Counter[str]) -> bool:
    """Whether the model's language has words for the rewrite."""
    told = training_pair(request_of(window), found.target) is not None
    seen["no words for it"] += not told
    return told


def _chosen(text: str, unit: Unit, lines: int, seed: int) -> Callable[[str], bool]:
    """Which functions are looked at: all of a short text, and a random part of a long one."""
    share = lines / max(text.count("\n"), 1)
    return lambda name: share >= 1 or random.Random(f"{seed} {unit.name} {name}").random() < share


def _distinct(cuts: Iterable[Sequence[Window]]) -> list[Window]:
    """The windows that a model can be asked about, one of each canonical form, in an order that hangs on the forms
    alone.
    """
    found: dict[str, Window] = {}
    for window in chain.from_iterable(cuts):
        request = request_of(window)
        if encode(request) is not None:
            found.setdefault(request_key(request), window)
    return [found[key] for key in sorted(found)]


def _all(analysed: Analysed, school: School, seen: Counter[str]) -> Iterator[tuple[Window, Found]]:
    """Every window that a build asks about first, as they come; equal ones are taught once."""
    windows = analysed.windows(LIMIT)
    distinct = list({request_of(window).key: window for window in windows}.items())
    found: dict[str, Found] = {}
    for first in range(0, len(distinct), _TOGETHER):
        some = distinct[first : first + _TOGETHER]
        found |= zip((key for key, _ in some), school.best([window for _, window in some]))
    seen["wild windows"] += len(windows)
    yield from ((window, found[request_of(window).key]) for window in windows)


class _Limits:
    """Counts what a unit has given. Windows that only some teachers saw are never told to be unchanged."""

    def __init__(self, unit: Unit, shares: Shares):
        self.asked = shares.asked[unit.level != "-O0"]
        self._most = shares.improved
        self._shares = shares
        self._improved = self._same = 0

    @property
    def full(self) -> bool:
        return self._improved >= self._most

    def takes(self, found: Found, all_asked: bool) -> bool:
        if found.teacher:
            taken = not self.full
            self._improved += taken
        else:
            taken = all_asked and self._same < self._improved * self._shares.same + self._shares.more
            self._same += taken
        return taken


def _taught(
    distinct: Sequence[Window], school: School, limits: _Limits, seen: Counter[str]
) -> Iterator[tuple[Window, Found]]:
    first = 0
    while first < len(distinct) and not limits.full:
        everybody = first < limits.asked
        some = distinct[first : min(first + _TOGETHER, limits.asked) if everybody else first + _TOGETHER]
        first += len(some)
        seen["asked of all" if everybody else "asked of some"] += len(some)
        for window, found in zip(some, school.best(some, None if everybody else CHEAP)):
            if limits.takes(found, everybody):
                yield window, found


def _made(
    windows: Sequence[Window],
    makers: Iterable[str],
    school: School,
    shares: Shares,
    encoder: Encoder,
    rng: random.Random,
    seen: Counter[str],
) -> Iterator[tuple[Window, Found]]:
    """Windows with the better body that a maker knows for them; other teachers may know a still better one."""
    for name in makers:
        given = windows if name in ACROSS_MAKERS else windows[: shares.made]  # it makes about one of each
        worse = list(islice(MAKERS[name]().make(given, encoder, rng), shares.made))
        seen[f"made by {name}"] += len(worse)
        offered = {n: (name, target) for n, (_, target) in enumerate(worse)}
        found = school.best([window for window, _ in worse], CHEAP, offered)
        yield from ((window, each) for (window, _), each in zip(worse, found) if each.teacher)


def _row(kind: str, unit: Unit, option: str, window: Window, found: Found) -> dict:
    example = Example(window, found.target, found.teacher, found.evidence, unit.package, option)
    return {"kind": kind, "key": request_key(request_of(window)), "example": to_json(example)}
