"""Where two ways through the two programs may differ, as named 1-bit terms: the rules of equality.

The rules are those of `emulator/compare`, and where both say something these are no weaker:
what lies below sp is found whatever register it is accessed through, and where accesses
are ordered the values stored must be equal too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....analysis.obligation import Obligation
from ....analysis.registers import NZCV, Parts, d, q, s, w, x
from ..terms.term import Term, signed
from .memory import Terms
from .paths import Path
from .step import Executed


@dataclass(frozen=True, slots=True)
class Difference:
    """`differs` is 1 where `name` is not equal.

    `source`, `target`: terms to show, or texts. `place`: of what in memory differs.
    """

    name: str
    differs: Term
    source: Term | str
    target: Term | str
    place: Term | None = None


def differences(terms: Terms, obligation: Obligation, source: Path, target: Path) -> Iterator[Difference]:
    """What may differ where both ways are taken; what cannot is left out."""
    for each in _all(terms, obligation, source, target):
        if each.differs is not terms.false:
            yield each


def _all(t: Terms, obligation: Obligation, source: Path, target: Path) -> Iterator[Difference]:
    if source.exit != target.exit:
        yield Difference("exit", t.true, source.exit or "falls through", target.exit or "falls through")
        return
    if source.goal is not None and target.goal is not None:
        yield _unequal(t, "branch target", source.goal, target.goal)
    yield from _registers(t, obligation.live_at(source.exit), source, target)
    yield from _accesses(t, obligation, source.state.accesses, target.state.accesses)
    if target.state.highest > source.state.highest:
        yield Difference("frame", t.true, "above sp", "below sp for a while, a signal may overwrite it")
    if source.state.memory is not target.state.memory:
        yield from _memory(t, source.state.memory, target.state.memory)


def _unequal(t: Terms, name: str, one: Term, two: Term) -> Difference:
    return Difference(name, t.not_(t.eq(one, two)), one, two)


def _registers(t: Terms, live: Parts, source: Path, target: Path) -> Iterator[Difference]:
    one, two = source.state.registers, target.state.registers
    for n in range(31):
        name = f"x{n}"
        if one[name] is not two[name] and live & x(n):
            low, high = bool(live & w(n)), bool(live & (x(n) ^ w(n)))
            yield _part(t, name if high else f"w{n}", one[name], two[name], 63 if high else 31, 0 if low else 32)
    for n in range(32):
        name = f"q{n}"
        if one[name] is not two[name] and live & q(n):
            yield from _vector(t, live, n, one[name], two[name])
    if one["sp"] is not two["sp"]:
        yield _unequal(t, "sp", one["sp"], two["sp"])
    if live & NZCV:
        yield _unequal(t, "nzcv", t.concat(source.state.flags.bits), t.concat(target.state.flags.bits))


def _vector(t: Terms, live: Parts, n: int, one: Term, two: Term) -> Iterator[Difference]:
    for name, parts, high, low in (("s", s(n), 31, 0), ("d", d(n) ^ s(n), 63, 32), ("q", q(n) ^ d(n), 127, 64)):
        if live & parts:
            yield _part(t, f"{name}{n}", one, two, high, low)


def _part(t: Terms, name: str, one: Term, two: Term, high: int, low: int) -> Difference:
    one, two = t.extract(one, high, low), t.extract(two, high, low)
    difference = _unequal(t, name, one, two)
    shown = [t.zext(t.concat((each, t.const(0, low))), high + 1) if low else each for each in (one, two)]
    return Difference(name, difference.differs, *shown)


def _memory(t: Terms, one: Term, two: Term) -> Iterator[Difference]:
    """Memory differs if it differs where something was written."""
    places: dict[tuple[Term, int], int] = {}
    for memory in (one, two):
        while memory.op == "group":
            for offset, value in zip(memory.data, memory.args[2:]):
                places[memory.args[1], offset] = max(value.width, places.get((memory.args[1], offset), 0))
            memory = memory.args[0]
    for (base, offset), width in places.items():
        address = t.plus(base, offset)
        for start in range(0, width, 64):  # words, so that a counterexample shows few bytes
            size = min(64, width - start)
            at = t.plus(address, start // 8)
            left, right = t.load(one, at, size), t.load(two, at, size)
            yield Difference("memory", t.not_(t.eq(left, right)), left, right, at)


def _accesses(
    t: Terms, obligation: Obligation, source: tuple[Executed, ...], target: tuple[Executed, ...]
) -> Iterator[Difference]:
    for access in target:
        allowed = [each for each in source if each.access.store or not access.access.store]
        kind = "store" if access.access.store else "load"
        missing = "no store to all of them" if access.access.store else "no access to all of them"
        yield Difference(
            f"{kind} of {access.access.size} bytes",
            _stray(t, access, [(each, t.true) for each in allowed]),
            missing,
            access.address,
        )
        if access.below is not t.false:
            stray = t.and_(access.below, _stray(t, access, [(each, each.below) for each in allowed]))
            yield Difference("access below sp", stray, "none", "a signal may overwrite it")
    yield from _alignment(t, source, target)
    if obligation.ordered:
        yield from _order(t, source, target)


def _stray(t: Terms, access: Executed, allowed: list[tuple[Executed, Term]]) -> Term:
    """1 where some byte of the access is in none of the accesses `allowed`, each where its condition holds."""
    size = access.access.size
    covered: set[int] = set()
    distances = [
        (t.minus(access.address, each.address), each.access.size, holds)
        for each, holds in allowed
        if holds is not t.false
    ]
    for distance, length, holds in distances:
        if distance.op == "const" and holds is t.true:
            at = signed(distance.data, 64)
            covered |= {k for k in range(size) if 0 <= at + k < length}
    missing = [k for k in range(size) if k not in covered]
    return t.or_(
        *(
            t.not_(
                t.or_(
                    *(
                        t.and_(holds, t.ult(t.plus(distance, k), t.const(length, 64)))
                        for distance, length, holds in distances
                    )
                )
            )
            for k in missing
        )
    )


def _alignment(t: Terms, source: tuple[Executed, ...], target: tuple[Executed, ...]) -> Iterator[Difference]:
    """A processor may check that sp is 16-aligned when it is the base of an access."""

    def odd(executed: tuple[Executed, ...]) -> set[Term]:
        stacks = (access.stack for access in executed if access.stack is not None)
        return {t.not_(t.eq(t.extract(stack, 3, 0), t.const(0, 4))) for stack in stacks}

    there = odd(source)
    new = odd(target) - there
    if new:
        differs = t.and_(
            t.or_(*sorted(new, key=lambda each: each.number)),
            t.not_(t.or_(*sorted(there, key=lambda each: each.number))),
        )
        yield Difference("alignment of sp at an access", differs, "16 bytes", "less")


def _order(t: Terms, source: tuple[Executed, ...], target: tuple[Executed, ...]) -> Iterator[Difference]:
    kinds = [[(each.access.size, each.access.element, each.access.store) for each in side] for side in (source, target)]
    if kinds[0] != kinds[1]:
        yield Difference("order of accesses", t.true, "as written", "another width, kind or order")
        return
    for one, two in zip(source, target):
        yield Difference("order of accesses", t.not_(t.eq(one.address, two.address)), one.address, two.address)
        if one.value is not None and two.value is not None:
            yield Difference("value stored", t.not_(t.eq(one.value, two.value)), one.value, two.value)
