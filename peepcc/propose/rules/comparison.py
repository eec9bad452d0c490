"""What a sequence did, and whether another may stand for it: ways out, accesses, and values where they are read.

Values are numbers of one table; that equal numbers are equal values is `values.py`'s to see to. It promises nothing
where it says no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ...analysis.registers import Parts
from .shapes import INVERSE, bits

_FLIPS = {"cbnz": "cbz", "tbnz": "tbz"} | {
    f"b.{inverse}": f"b.{name}" for name, inverse in INVERSE.items() if name < inverse
}


class Event(NamedTuple):
    """A way out, or a change of sp: what happens, memory and all parts at that time, and which parts are looked at."""

    what: tuple[tuple[object, ...], str | None]
    memory: int
    state: list[int]
    live: int


class Access(NamedTuple):
    """`size` bytes at `offset` from `base`. `segment`: events before it. `line`: its number. `stack`: through sp."""

    segment: int
    base: object
    offset: int
    size: int
    stack: bool
    stores: bool
    line: int

    def touched(self) -> Iterator[object]:
        """The bytes, and a mark where a processor may check the alignment of sp."""
        for n in range(self.offset, self.offset + self.size):
            yield self.base, n
        if self.stack:
            yield "through sp"


@dataclass(slots=True)
class Trace:
    """`before`: the state before each instruction, and at the end; `memory`: what is in memory then.

    `opaque`: (events before it, what it did) of instructions known by their effect only. `marks`: before each
    instruction how many events, accesses and opaque instructions there were, and how many numbers had been given.
    """

    events: list[Event] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    opaque: list[tuple[int, object]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    marks: list[tuple[int, int, int, int]] = field(default_factory=list)

    def changes(self, line: int, places: Parts) -> bool:
        """Whether an instruction gives any of these parts another value."""
        before, after = self.before[line], self.before[line + 1]
        while places:
            low = places & -places
            k = low.bit_length() - 1
            if before[k] != after[k]:
                return True
            places ^= low
        return False

    def cut(self, line: int) -> Trace:
        """That of the instructions before `line`."""
        events, accesses, opaque, _ = self.marks[line]
        return Trace(
            self.events[:events],
            self.accesses[:accesses],
            self.opaque[:opaque],
            self.before[:line],
            self.memory[:line],
            self.marks[:line],
        )


def same(one: Trace, two: Trace) -> bool:
    """Whether the second may stand for the first."""
    left, right = _events(one.events), _events(two.events)
    if len(left) != len(right):
        return False
    for before, after in zip(left, right):
        if before.what != after.what or before.memory != after.memory or before.live != after.live:
            return False
        unequal = before.state != after.state
        if unequal and any(before.state[n] != after.state[n] for n in bits(before.live)):
            return False
    return one.opaque == two.opaque and _covered(one, two)


def _covered(one: Trace, two: Trace) -> bool:
    """Each byte that the second touches the first touches as early, and nothing crosses a change of sp."""
    moves = [n + 1 for n, event in enumerate(two.events) if event.what[0][0] == "sp"]
    earlier: dict[tuple[object, ...], int] = {}
    for access in one.accesses:
        earlier.setdefault((access.base, access.offset, access.size, access.stack), access.segment)
    for access in two.accesses:
        same = earlier.get((access.base, access.offset, access.size, access.stack))
        floor = max((n for n in moves if n <= access.segment), default=0) if moves else 0
        if same is not None and floor <= same <= access.segment:
            continue
        touched = {
            each for other in one.accesses if floor <= other.segment <= access.segment for each in other.touched()
        }
        if not touched.issuperset(access.touched()):
            return False
    return True


def _events(events: list[Event]) -> list[Event]:
    """With the last choice of two ways in one form: `b.ne A; b B` is `b.eq B; b A`."""
    if len(events) < 2:
        return events
    choice, other = events[-2], events[-1]
    how, way = choice.what
    if other.what[0] != ("exit",) or choice.memory != other.memory:
        return events
    if choice.state != other.state:
        return events
    mnemonic = str(how[0])
    if mnemonic not in _FLIPS:
        return events
    changed = Event(((_FLIPS[mnemonic], *how[1:]), other.what[1]), choice.memory, choice.state, other.live)
    return [*events[:-2], changed, Event((("exit",), way), other.memory, other.state, choice.live)]
