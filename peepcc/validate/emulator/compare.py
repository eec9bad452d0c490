"""Compares what source and target did on the same records: the rules of equality, in numpy.

Only states that are valid for the source are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...analysis.obligation import INDIRECT, RETURN, Obligation
from ...analysis.registers import NZCV, d, q, s, w, x
from .access_log import columns, covered, logged, valid
from .layout import NOT_EXECUTED, Layout
from .red_zone import below_stack, highest

_ONES = 0xFFFFFFFF
_UPPER = _ONES << 32


@dataclass(frozen=True)
class Runs:
    """What both sides did: uint64 `records` (n, words), made for `bases` (n,), with the memory that the target left.

    `memory`: at entry, `source_memory`: what the source left, both (n, words of the window).
    """

    records: np.ndarray
    bases: np.ndarray
    memory: np.ndarray
    source_memory: np.ndarray


@dataclass(frozen=True)
class Difference:
    """`rows`: bool per record. `source`, `target`: uint64 (n,) or (n, 2) values, or texts for all rows."""

    name: str
    rows: np.ndarray
    source: np.ndarray | str
    target: np.ndarray | str


def differences(obligation: Obligation, layout: Layout, runs: Runs, keys: tuple[str, ...]) -> Iterator[Difference]:
    """Every output in which some record may differ, most telling first. `keys`: exit keys, number 1 first."""
    yield from broken_rules(obligation, layout, runs)
    yield from other_results(obligation, layout, runs, keys)


def other_results(obligation: Obligation, layout: Layout, runs: Runs, keys: tuple[str, ...]) -> Iterator[Difference]:
    """Of `differences`, those in where control goes and what it finds there: most differ in these."""
    source, target, records = layout.source, layout.target, runs.records
    left, right = records[:, source.exit // 8], records[:, target.exit // 8]
    yield Difference("exit", left != right, left, right)
    for number, key in enumerate(keys, 1):
        here = (left == np.uint64(number)) & (right == np.uint64(number))
        if here.any():
            yield from _registers(obligation.live_at(key), layout, records, here)
            if key in (RETURN, INDIRECT):
                one, two = records[:, source.branch // 8], records[:, target.branch // 8]
                yield Difference("branch target", here & (one != two), one, two)
    one, two = _word(records, source.stack, layout.stack), _word(records, target.stack, layout.stack)
    yield Difference("sp", one != two, one, two)
    yield from _memory(layout, runs)


def _word(records: np.ndarray, written: int | None, read: int | None) -> np.ndarray:
    """An output, which is the input where the side does not write it."""
    place = written if written is not None else read
    return records[:, place // 8] if place is not None else np.zeros(len(records), np.uint64)


def _registers(live: int, layout: Layout, records: np.ndarray, here: np.ndarray) -> Iterator[Difference]:
    source, target = layout.source, layout.target
    for n in sorted(source.general.keys() | target.general.keys()):
        mask = (_ONES if live & w(n) else 0) | (_UPPER if live & (x(n) ^ w(n)) else 0)
        if mask:
            one, two = (_word(records, side.general.get(n), layout.general[n]) for side in (source, target))
            name = f"x{n}" if mask >> 32 else f"w{n}"
            yield Difference(
                name, here & ((one ^ two) & np.uint64(mask) != 0), one & np.uint64(mask), two & np.uint64(mask)
            )
    for n in sorted(source.vectors.keys() | target.vectors.keys()):
        low = (_ONES if live & s(n) else 0) | (_UPPER if live & (d(n) ^ s(n)) else 0)
        high = _ONES | _UPPER if live & (q(n) ^ d(n)) else 0
        if low | high:
            mask = np.array([low, high], np.uint64)
            places = (side.vectors.get(n, layout.vectors[n]) // 8 for side in (source, target))
            one, two = (records[:, place : place + 2] & mask for place in places)
            name = f"q{n}" if high else f"d{n}" if low >> 32 else f"s{n}"
            yield Difference(name, here & (one != two).any(1), one, two)
    if live & NZCV and layout.flags is not None:
        one, two = _word(records, source.flags, layout.flags), _word(records, target.flags, layout.flags)
        yield Difference("nzcv", here & (one != two), one >> np.uint64(28), two >> np.uint64(28))


def _memory(layout: Layout, runs: Runs) -> Iterator[Difference]:
    images = runs.source_memory, runs.records[:, layout.window]
    differ = images[0] != images[1]
    rows = differ.any(1)
    if not rows.any():
        return
    word = differ.argmax(1)
    one, two = (np.take_along_axis(image, word[:, None], 1)[:, 0] for image in images)
    first = int(word[rows.argmax()]) * 8 + int(runs.bases[rows.argmax()])
    yield Difference(f"[{first:#x}]", rows & (word == word[rows.argmax()]), one, two)


def broken_rules(obligation: Obligation, layout: Layout, runs: Runs) -> Iterator[Difference]:
    """Of `differences`, those in where the target accesses, and in what order."""
    records, bases = runs.records, runs.bases
    theirs, ours = layout.target_sites, layout.source_sites
    left = [site.access.store for site in ours]
    mine = columns(records, layout.source, ours)
    if theirs:
        outside = ~valid(records, bases, layout.target, theirs, layout.size)
        yield Difference("access", outside, "inside the memory", "outside the memory that the source accesses")
        inside = ~outside
        other = columns(records, layout.target, theirs)
        for k, site in enumerate(theirs):
            access = site.access
            executed = inside & (other[k] != np.uint64(NOT_EXECUTED))
            allowed = [n for n, store in enumerate(left) if store or not access.store]
            allowed.sort(
                key=lambda n: (ours[n].access.base, ours[n].access.displacement) != (access.base, access.displacement)
            )  # likely ones first
            stray = executed & ~covered(
                [mine[n] for n in allowed], [ours[n] for n in allowed], other[k], access.size, executed
            )
            what, missing = (
                ("store", "no store to all of them") if access.store else ("load", "no access to all of them")
            )
            yield Difference(f"{what} of {access.size} bytes", stray, missing, other[k])
        yield from _stack_alignment(layout, records, mine, other)
        if layout.stack is not None:
            below = below_stack(obligation, layout, records)
            yield Difference("access below sp", below & inside, "none", "a signal may overwrite it")
    if layout.target.stacks:
        raised = highest(layout, layout.target, records) > highest(layout, layout.source, records)
        yield Difference("frame", raised, "above sp", "below sp for a while, a signal may overwrite it")
    if obligation.ordered:
        yield Difference(
            "order of accesses", _trace_differs(layout, records), "as written", "another address, width, kind or order"
        )


def _stack_alignment(
    layout: Layout, records: np.ndarray, mine: list[np.ndarray], other: list[np.ndarray]
) -> Iterator[Difference]:
    """A processor may check that sp is 16-aligned when it is the base of an access; the emulator does not."""
    bad = []
    for addresses, found in ((mine, layout.source_sites), (other, layout.target_sites)):
        rows = np.zeros(len(records), bool)
        for k, site in enumerate(found):
            if site.access.base == "sp" and site.access.index is None:
                base = addresses[k] - np.uint64(site.access.displacement & NOT_EXECUTED)
                rows |= (addresses[k] != np.uint64(NOT_EXECUTED)) & (base & np.uint64(15) != 0)
        bad.append(rows)
    yield Difference("alignment of sp at an access", bad[1] & ~bad[0], "16 bytes", "less")


def _trace_differs(layout: Layout, records: np.ndarray) -> np.ndarray:
    """bool (n,): the executed accesses differ in address, width, element, kind or order."""
    traces = []
    width = max(len(layout.source_sites), len(layout.target_sites))
    for side, found in ((layout.source, layout.source_sites), (layout.target, layout.target_sites)):
        addresses = np.full((len(records), width), np.uint64(NOT_EXECUTED))
        addresses[:, : len(found)] = logged(records, side, found)
        kinds = np.zeros(width, np.uint64)
        kinds[: len(found)] = [site.access.size << 16 | site.access.element << 1 | site.access.store for site in found]
        traces.append(_packed(addresses, addresses != np.uint64(NOT_EXECUTED), kinds))
    (one, kinds_one), (two, kinds_two) = traces
    return (one != two).any(1) | (kinds_one != kinds_two).any(1)


def _packed(addresses: np.ndarray, executed: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Executed accesses moved to the front, the others zero."""
    order = np.argsort(~executed, axis=1, kind="stable")
    taken = np.take_along_axis(executed, order, 1)
    return (
        np.where(taken, np.take_along_axis(addresses, order, 1), np.uint64(0)),
        np.where(taken, kinds[order], np.uint64(0)),
    )
