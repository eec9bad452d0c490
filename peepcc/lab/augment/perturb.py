"""A window under change: lines come, go and get other registers, and what is known and live around them changes.

Nothing here promises that a window still makes sense, or that a rewrite of it still holds;
whoever changes windows has them judged anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ...analysis.encoded import program
from ...analysis.obligation import Known
from ...analysis.registers import NZCV, Parts, x
from ...analysis.windows import LIMIT, Window
from ...assembly.encode import Encoder
from ...assembly.parse import Unreadable
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...optimize.edits import hunks
from ..example import Example
from ..teachers import instruction_text as c
from ..teachers.task import instruction

REGISTER = re.compile(r"\b([xw])(\d+)\b")
NUMBER = re.compile(r"#(\d+)\b")
BANK = 29  # x29 and x30 are no ordinary registers
_BATCH = 512  # windows whose instructions clang encodes together
_WIDTHS = (1, 8, 16, 32)

Lines = tuple[str, ...]


class Pair:
    """A window and its rewrite.

    `parts`: (source lines, target lines), one for each line that stays, label, and hunk.
    """

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
        return sorted({int(n) for line in self.source for _, n in REGISTER.findall(line) if int(n) < BANK})

    @property
    def last(self) -> int:
        """The last place where a line can be added: before the branch at the end, if there is one."""
        last = self.parts[-1][0] if self.parts else ()
        return len(self.parts) - bool(last and not last[0].endswith(":") and c.is_branch(instruction(last[0])))

    @property
    def fits(self) -> bool:
        """Whether it is a window at all: every line is readable, and there are neither too few nor too many."""
        try:
            return 0 < sum(isinstance(item, Instruction) for item in self.items()) <= LIMIT
        except Unreadable:
            return False

    def items(self) -> tuple[Instruction | str, ...]:
        """Raises Unreadable."""
        return tuple(line[:-1] if line.endswith(":") else instruction(line) for line in self.source)

    def put(self, n: int, line: str) -> bool:
        """Another line on both sides in place of one that the rewrite does not touch; whether it is another."""
        other = self.parts[n][0] != (line,)
        self.parts[n] = (line,), (line,)
        return other


Change = Callable[
    [Pair, Sequence[str], random.Random], bool
]  # (pair, lines of other windows, source of chance) -> whether anything changed


@dataclass(frozen=True, slots=True)
class Changed:
    """`target`: what the rewrite of `example` has become, a body for `window`."""

    example: Example
    window: Window
    target: Lines


def changed(
    examples: Sequence[Example], each: int, most: int, changes: Sequence[Change], encoder: Encoder, rng: random.Random
) -> Iterator[Changed]:
    """Up to `each` windows of every example, with one to `most` of the changes each."""
    loose = [line for example in examples for line in example.source if is_loose(line)]
    together = max(1, _BATCH // each)
    for first in range(0, len(examples), together):
        made = [
            (example, pair)
            for example in examples[first : first + together]
            for _ in range(each)
            if (pair := _changed(example, most, changes, loose, rng))
        ]
        encoder.encode_instructions(
            [item for _, pair in made for item in pair.items() if isinstance(item, Instruction)]
        )
        for example, pair in made:
            items = pair.items()
            source = program(items, encoder)
            if source is not None and source.steps:
                live_out = _reached(pair.live_out, items)
                yield Changed(
                    example,
                    replace(
                        example.window,
                        items=items,
                        lines=(0,) * len(items),
                        source=source,
                        live_out=live_out,
                        known=pair.known,
                    ),
                    pair.target,
                )


def _changed(
    example: Example, most: int, changes: Sequence[Change], loose: Sequence[str], rng: random.Random
) -> Pair | None:
    pair = Pair(example)
    done = 0
    for _ in range(rng.randint(1, most)):
        done += rng.choice(changes)(pair, loose, rng)
        if not pair.fits:
            return None
    return pair if done else None


def is_loose(line: str) -> bool:
    """May be anywhere: no branch, and the stack pointer stays."""
    item = instruction(line)
    return not c.is_branch(item) and "sp" not in c.writes(item)


def loosely_kept(pair: Pair) -> list[int]:
    """Places of the instructions that the rewrite does not touch and that may be anywhere."""
    return [n for n in pair.kept if is_loose(pair.parts[n][0][0])]


def renamed(line: str, pair: Pair, rng: random.Random) -> str:
    """The line with other registers, mostly ones that the window mentions."""
    here = pair.registers
    new: dict[str, int] = {}

    def swap(match: re.Match) -> str:
        if int(match[2]) >= BANK:
            return match[0]
        n = new.setdefault(match[2], rng.choice(here) if here and rng.random() < 0.7 else rng.randrange(BANK))
        return f"{match[1]}{n}"

    return REGISTER.sub(swap, line)


def drop(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    kept = pair.kept
    if kept:
        del pair.parts[rng.choice(kept)]
    return bool(kept)


def add(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """A line of another window."""
    line = renamed(rng.choice(loose), pair, rng)
    pair.parts.insert(rng.randint(0, pair.last), ((line,), (line,)))
    return True


def rename(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """Other registers throughout a line."""
    kept = loosely_kept(pair)
    return bool(kept) and pair.put(n := rng.choice(kept), renamed(pair.parts[n][0][0], pair, rng))


def forget(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One fact, or all that is known of one register, is no longer known."""
    known = pair.known
    some = {*known.constants, *known.zero_extended, *known.sign_extended} & {*pair.registers}
    if known.equal and rng.random() < 0.3:
        pair.known = replace(known, equal=())
    elif some:
        gone = rng.choice(sorted(some))
        facts = (
            {n: fact for n, fact in each.items() if n != gone}
            for each in (known.constants, known.zero_extended, known.sign_extended)
        )
        pair.known = Known(*map(MappingProxyType, facts), known.equal)
    return pair.known != known


def learn(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One register is narrow, as far as is known."""
    here = pair.registers
    if not here:
        return False
    n = rng.choice(here)
    if n in pair.known.constants or n in pair.known.zero_extended:
        return False
    pair.known = replace(
        pair.known, zero_extended=MappingProxyType({**pair.known.zero_extended, n: rng.choice(_WIDTHS)})
    )
    return True


def live(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One register, or the flags, that was needed afterwards no longer is, or the other way round."""
    here = pair.registers
    if not here:
        return False
    way = rng.choice(sorted(pair.live_out))
    part = NZCV if rng.random() < 0.1 else x(rng.choice(here))
    now = pair.live_out[way]
    pair.live_out = MappingProxyType({**pair.live_out, way: now & ~part if now & part else now | part})
    return True


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


def _reached(live_out: Mapping[str, Parts], items: Sequence[Instruction | str]) -> Mapping[str, Parts]:
    """Without labels that no branch names any more."""
    text = " ".join(print_instruction(item) for item in items if isinstance(item, Instruction))
    return MappingProxyType(
        {way: parts for way, parts in live_out.items() if not way.startswith(".L") or f"{way} " in f"{text} "}
    )
