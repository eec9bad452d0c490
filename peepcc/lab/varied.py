"""One example to another: the same rewrite in changed surroundings, so that a model learns what it hangs on.

What a rewrite does not touch is dropped, added or given other registers; a number is
changed on both sides; facts and live registers come and go. Nothing here promises that the rewrite still
holds: where it does not, the pair shows what it hangs on, once the teachers have been asked.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from types import MappingProxyType
from typing import Callable, Iterator, Mapping, Sequence

from ..analysis.obligation import Known
from ..analysis.registers import NZCV, Parts, x
from ..analysis.steps import program
from ..analysis.windows import LIMIT, Window
from ..assembly.encode import Encoder
from ..assembly.parse import Unreadable
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction
from ..hunks import hunks
from . import code as c
from .example import Example
from .lesson import instruction

_MOST = 4  # changes in one
_BATCH = 512  # pairs whose instructions clang encodes together
_NUMBER = re.compile(r"#(\d+)\b")
_REGISTER = re.compile(r"\b([xw])(\d+)\b")
_BANK = 29  # x29 and x30 are no ordinary registers
_WIDTHS = (1, 8, 16, 32)

Lines = tuple[str, ...]


def varied(examples: Sequence[Example], each: int, encoder: Encoder, rng: random.Random) -> Iterator[tuple[Example, Window, Lines]]:
    """(example, window, body) of up to `each` variations of every example; the body is what the rewrite has become."""
    loose = [line for example in examples for line in example.source if _is_loose(instruction(line))]
    together = max(1, _BATCH // each)
    for first in range(0, len(examples), together):
        made = [(example, pair) for example in examples[first:first + together] for _ in range(each) if (pair := _varied(example, loose, rng))]
        read = [(example, pair, items) for example, pair in made if (items := _items(pair))]
        encoder.encode_instructions([item for _, _, items in read for item in items if isinstance(item, Instruction)])
        for example, pair, items in read:
            source = program(items, encoder)
            if source is not None and source.steps:
                live_out = _reached(pair.live_out, items)
                yield example, replace(example.window, items=items, lines=(0,) * len(items), source=source, live_out=live_out, known=pair.known), pair.target


class _Pair:
    """A window under change. `parts`: (source lines, target lines), one for each line that stays, label, and hunk."""

    def __init__(self, example: Example):
        self.parts = list(_parts(example))
        self.live_out: Mapping[str, Parts] = example.window.live_out
        self.known = example.window.known

    @property
    def source(self) -> Lines:
        return tuple(line for before, _ in self.parts for line in before)

    @property
    def target(self) -> Lines:
        return tuple(line for _, after in self.parts for line in after if not line.endswith(":"))

    @property
    def kept(self) -> list[int]:
        """Places of the instructions that the rewrite does not touch."""
        return [n for n, (before, after) in enumerate(self.parts) if before == after and not before[0].endswith(":")]

    @property
    def registers(self) -> list[int]:
        """The general ones that the window mentions."""
        return sorted({int(n) for line in self.source for _, n in _REGISTER.findall(line) if int(n) < _BANK})


def _parts(example: Example) -> Iterator[tuple[Lines, Lines]]:
    changes = {hunk.first: hunk for hunk in hunks(example.window, [instruction(line) for line in example.target])}
    count, until = 0, 0
    for item in example.window.items:
        if isinstance(item, str):
            yield (f"{item}:",), (f"{item}:",)
            continue
        line = print_instruction(item)
        hunk = changes.pop(count, None)
        if hunk:
            until = max(until, hunk.last)
        new = tuple(map(print_instruction, hunk.lines)) if hunk else ()
        if count < until:
            yield (line,), new
        else:
            if new:
                yield (), new
            yield (line,), (line,)
        count += 1
    for hunk in changes.values():
        yield (), tuple(map(print_instruction, hunk.lines))


def _varied(example: Example, loose: Sequence[str], rng: random.Random) -> _Pair | None:
    pair = _Pair(example)
    done = sum(rng.choice(_CHANGES)(pair, loose, rng) for _ in range(rng.randint(1, _MOST)))
    fits = 0 < sum(not line.endswith(":") for line in pair.source) <= LIMIT
    return pair if done and fits else None


def _drop(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    kept = pair.kept
    if kept:
        del pair.parts[rng.choice(kept)]
    return bool(kept)


def _add(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    line = _renamed(rng.choice(loose), pair, rng)
    last = pair.parts[-1][0]
    most = len(pair.parts) - bool(last and not last[0].endswith(":") and c.is_branch(instruction(last[0])))
    pair.parts.insert(rng.randint(0, most), ((line,), (line,)))
    return True


def _rename(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    kept = [n for n in pair.kept if _is_loose(instruction(pair.parts[n][0][0]))]
    if kept:
        n = rng.choice(kept)
        line = _renamed(pair.parts[n][0][0], pair, rng)
        pair.parts[n] = (line,), (line,)
    return bool(kept)


def _renamed(line: str, pair: _Pair, rng: random.Random) -> str:
    """The line with other registers, mostly ones that the window mentions."""
    here = pair.registers
    new: dict[str, int] = {}

    def swap(match: re.Match) -> str:
        if int(match[2]) >= _BANK:
            return match[0]
        n = new.setdefault(match[2], rng.choice(here) if here and rng.random() < 0.7 else rng.randrange(_BANK))
        return f"{match[1]}{n}"

    return _REGISTER.sub(swap, line)


def _count(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """Another number, wherever it stands on either side."""
    numbers = sorted({number for before, after in pair.parts if before != after for line in before for number in _NUMBER.findall(line)})
    if not numbers:
        return False
    old = rng.choice(numbers)
    value = int(old)
    new = rng.choice((value + 1, abs(value - 1), value * 2, value // 2, value + 8, rng.randrange(64), 1 << rng.randrange(13), (1 << rng.randrange(1, 17)) - 1))
    pattern = re.compile(rf"#{old}\b")
    pair.parts = [tuple(tuple(pattern.sub(f"#{new}", line) for line in side) for side in part) for part in pair.parts]
    return new != value


def _forget(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One fact, or all that is known of one register, is no longer known."""
    known = pair.known
    some = {*known.constants, *known.zero_extended, *known.sign_extended} & {*pair.registers}
    if known.equal and rng.random() < 0.3:
        pair.known = replace(known, equal=())
    elif some:
        gone = rng.choice(sorted(some))
        facts = ({n: fact for n, fact in each.items() if n != gone} for each in (known.constants, known.zero_extended, known.sign_extended))
        pair.known = Known(*map(MappingProxyType, facts), known.equal)
    return pair.known != known


def _learn(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One register is narrow, as far as is known."""
    here = pair.registers
    if not here:
        return False
    n = rng.choice(here)
    if n in pair.known.constants or n in pair.known.zero_extended:
        return False
    pair.known = replace(pair.known, zero_extended=MappingProxyType({**pair.known.zero_extended, n: rng.choice(_WIDTHS)}))
    return True


def _live(pair: _Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One register, or the flags, that was needed afterwards no longer is, or the other way round."""
    here = pair.registers
    if not here:
        return False
    way = rng.choice(sorted(pair.live_out))
    part = NZCV if rng.random() < 0.1 else x(rng.choice(here))
    live = pair.live_out[way]
    pair.live_out = MappingProxyType({**pair.live_out, way: live & ~part if live & part else live | part})
    return True


_Change = Callable[[_Pair, Sequence[str], random.Random], bool]
_CHANGES: tuple[_Change, ...] = (_drop, _drop, _add, _add, _add, _rename, _count, _count, _forget, _learn, _live, _live)


def _is_loose(item: Instruction) -> bool:
    """May be anywhere: no branch, and the stack pointer stays."""
    return not c.is_branch(item) and "sp" not in c.writes(item)


def _items(pair: _Pair) -> tuple[Instruction | str, ...] | None:
    try:
        return tuple(line[:-1] if line.endswith(":") else instruction(line) for line in pair.source)
    except Unreadable:
        return None


def _reached(live_out: Mapping[str, Parts], items: Sequence[Instruction | str]) -> Mapping[str, Parts]:
    """Without labels that no branch names any more."""
    text = " ".join(print_instruction(item) for item in items if isinstance(item, Instruction))
    return MappingProxyType({way: parts for way, parts in live_out.items() if not way.startswith(".L") or f"{way} " in f"{text} "})
