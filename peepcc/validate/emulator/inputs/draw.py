"""Draws input states as records: registers, flags, and memory that the accesses fit into.

Promises that every record satisfies what is known at entry. It does not promise that the
accesses of a record stay in the window: `relocate` mends those, the rest is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....analysis.obligation import Kind, Known, Obligation
from ..layout import Layout
from ..solve.address_origins import origins
from .memory import STACK, memory, pick, point_slots, relate_slots
from .value_pools import Pools

_MOST_LOADS = 12
_NUMBERS = 8192
_ROUNDINGS = np.array(
    [0, 0, 0, 0, 0, 0x400000, 0x800000, 0xC00000], np.uint64
)  # FPCR: 0 is to nearest, the others up, down, to zero
_SMALL_STEPS = np.array([0, 0, 0, 0, 0, 1, -1, 2, -2, 4, -4, 8, -8, 12, 16, -16, 32], np.int64)


@dataclass(frozen=True)
class Recipe:
    """What drawing needs to know. `pointers`: register (31: sp) -> (displacement, size) of what it is the base of."""

    layout: Layout
    known: Known
    pools: Pools
    pointers: dict[int, tuple[tuple[int, int], ...]]
    indices: frozenset[int]
    slots: tuple[tuple[int, int, int, bool], ...]  # (register, displacement, width, pointer?) of what feeds addresses
    loads: tuple[tuple[int, int, int], ...]  # the same, of all that is loaded from known slots
    branches: bool
    floating: bool


def spans(obligation: Obligation) -> int:
    """Bytes between the first and the last byte that any one pointer reaches; 0 without accesses."""
    pointers = _pointers(obligation)
    ends = [max(d + size for d, size in reach) - min(d for d, _ in reach) for reach in pointers.values()]
    return max(ends, default=0)


def recipe(obligation: Obligation, layout: Layout, pools: Pools) -> Recipe:
    both = [
        (origins(program), found)
        for program, found in ((obligation.source, layout.source_sites), (obligation.target, layout.target_sites))
    ]
    pointers = {base[1]: reach for base, reach in _pointers(obligation).items() if base[0] == "in"}
    indices: set[int] = set()
    slots: dict[tuple[int, int, int, bool], None] = {}
    loads: dict[tuple[int, int, int], None] = {}
    for found, its_sites in both:
        for origin, site in zip(found, its_sites):
            (base, index), access = origin.base.root, site.access
            if base[0] == "in" and index is None and not access.store:
                width = min(access.element, 8)
                loads |= {(base[1], origin.base.offset + at, width): None for at in range(0, access.size, width)}
            for first, leaves in ((True, origin.bases), (False, origin.indices)):
                for place, leaf in enumerate(leaves):
                    pointer = first and place == 0
                    if leaf.register == -1:
                        continue
                    if leaf.register is not None:
                        indices |= set() if pointer else {leaf.register}
                    else:
                        base = found[leaf.site].base
                        if base.root[0][0] == "in" and base.root[1] is None:
                            slots[base.root[0][1], base.offset + leaf.offset, leaf.width, pointer] = None
    steps = (*obligation.source.steps, *obligation.target.steps)
    indices -= pointers.keys() | {STACK}
    return Recipe(
        layout,
        obligation.known,
        pools,
        pointers,
        frozenset(indices),
        tuple(slots),
        tuple(loads)[:_MOST_LOADS],
        any(step.effect.kind is Kind.CONDITIONAL for step in steps),
        bool(layout.vectors),
    )


def _pointers(obligation: Obligation) -> dict[tuple, tuple[tuple[int, int], ...]]:
    """Root of each base -> what is accessed from it, of both sides."""
    reach: dict[tuple, dict[tuple[int, int], None]] = {}
    for program in (obligation.source, obligation.target):
        accesses = [access for step in program.steps for access in step.effect.accesses]
        for access, origin in zip(accesses, origins(program)):
            for moved in (0,) if origin.base.root[1] is None else (-4 << access.shift, 12 << access.shift):
                reach.setdefault(origin.base.root[0], {})[origin.base.offset + moved, access.size] = None
    return {root: tuple(each) for root, each in reach.items()}


def draw(rng: np.random.Generator, plan: Recipe, records: np.ndarray, bases: np.ndarray) -> None:
    """Fills uint64 `records` (n, stride / 8) that lie at `bases` (n,); logs say that nothing was executed."""
    layout, count = plan.layout, len(records)
    records[:, layout.size // 8 :] = np.uint64(0xFFFFFFFFFFFFFFFF)
    general = list(layout.general)
    values = _integers(rng, plan, count, len(general))
    _point(rng, plan, general, values, records, bases)
    _relate(rng, plan, general, values, records)
    for column, register in enumerate(general):
        records[:, layout.general[register] // 8] = values[:, column]
    if layout.flags is not None:
        records[:, layout.flags // 8] = rng.integers(0, 16, count, np.uint64) << np.uint64(28)
    if layout.rounding is not None:
        records[:, layout.rounding // 8] = pick(rng, _ROUNDINGS, count)
    few = rng.integers(0, 6, (count, 1)) == 0
    for offset in layout.vectors.values():
        records[:, offset // 8 : offset // 8 + 2] = _vectors(rng, plan, few)
    _relate_vectors(rng, plan, records)
    satisfy(plan, records)
    if layout.size:
        records[:, layout.window] = memory(rng, plan.pools, layout.size, plan.floating, bases)
        relate_slots(rng, plan.pools, layout, plan.loads, records, bases)
        point_slots(rng, layout, plan.slots, records, bases)


def _integers(rng: np.random.Generator, plan: Recipe, count: int, registers: int) -> np.ndarray:
    """Each register has a mixture of values; one state in eight has core values only.

    Many states are made of fewer numbers.
    """
    if count * registers <= _NUMBERS:
        return _composed(rng, plan, (count, registers), rng.integers(0, 8, (count, 1)) == 0)
    table = _composed(rng, plan, (_NUMBERS, 1), np.arange(_NUMBERS)[:, None] < _NUMBERS // 8)[:, 0]
    places = rng.integers(0, _NUMBERS, (count, registers))
    places >>= np.where(rng.integers(0, 8, (count, 1)) == 0, 3, 0)
    return table.take(places)


def _composed(rng: np.random.Generator, plan: Recipe, shape: tuple[int, int], few: np.ndarray) -> np.ndarray:
    kind = rng.integers(0, 16, shape)
    noise = rng.integers(0, 1 << 64, shape, np.uint64)
    small = rng.integers(-16, 72, shape).astype(np.uint64)
    values = np.where(kind < 4, noise >> (noise & np.uint64(63)), noise)
    pool = plan.pools
    values = _put(values, kind, 4, 6, pick(rng, pool.corners, shape))
    values = _put(values, kind, 6, 10, pick(rng, pool.mentioned, shape))
    values = _put(values, kind, 10, 12, small)
    values = _put(values, kind, 12, 14, _multiples(rng, pool.factors, noise))
    if plan.floating:
        odd = rng.integers(0, 16, shape)
        values = np.where(
            odd < 4, pick(rng, pool.floats, shape), np.where(odd < 6, pick(rng, pool.ties, shape), values)
        )
    values = np.where(few, pick(rng, pool.core, shape), values)
    upper = rng.integers(0, 8, shape)
    garbage = noise * np.uint64(0x9E3779B97F4A7C15) & np.uint64(0xFFFFFFFF00000000)
    low = values & np.uint64(0xFFFFFFFF)
    values = np.where(upper < 2, garbage | low, values)
    signed = low.astype(np.uint32).view(np.int32).astype(np.int64).view(np.uint64)
    return np.where(upper == 2, low, np.where(upper == 3, signed, values))


def _multiples(rng: np.random.Generator, factors: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Multiples of constants of the code, or their neighbours, over 32 and over 64 bits."""
    factor = np.maximum(pick(rng, factors, noise.shape), np.uint64(1))
    wide = noise >> np.where(noise & np.uint64(1) != 0, np.uint64(32), np.uint64(0))
    return wide // factor * factor + rng.integers(-1, 2, noise.shape).astype(np.uint64)


def _relate(
    rng: np.random.Generator, plan: Recipe, general: list[int], values: np.ndarray, records: np.ndarray
) -> None:
    """One register in four equals another, sp, or its neighbour by 1 or by a constant of the code; some are negated."""
    count = len(values)
    table = np.column_stack([values, records[:, plan.layout.stack // 8]]) if plan.layout.stack is not None else values
    for column, register in enumerate(general):
        others = np.array([k for k in range(table.shape[1]) if k != column])
        if register in plan.pointers or not len(others):
            continue
        rows = np.flatnonzero(rng.integers(0, 4, count) == 0)
        related = table[rows, pick(rng, others, len(rows))] + pick(rng, plan.pools.steps, len(rows))
        odd = rng.integers(0, 16, len(rows))
        related = np.where(odd == 0, ~related, np.where(odd == 1, np.uint64(0) - related, related))
        garbage = rng.integers(0, 1 << 32, len(rows), np.uint64) << np.uint64(32)
        table[rows, column] = values[rows, column] = np.where(
            odd > 12, garbage | related & np.uint64(0xFFFFFFFF), related
        )


def _put(values: np.ndarray, kind: np.ndarray, first: int, last: int, new: np.ndarray) -> np.ndarray:
    return np.where((kind >= first) & (kind < last), new, values)


def _point(
    rng: np.random.Generator,
    plan: Recipe,
    general: list[int],
    values: np.ndarray,
    records: np.ndarray,
    bases: np.ndarray,
) -> None:
    """Pointers into the window, most of them so that what they reach meets or nearly meets; small indices."""
    count, size = len(values), plan.layout.size
    column = {register: k for k, register in enumerate(general)}
    drawn: list[tuple[int, np.ndarray]] = []
    order = sorted(plan.pointers, key=lambda n: n != STACK)
    for register in order:
        reach = plan.pointers[register]
        low, high = -min(d for d, _ in reach), size - max(d + s for d, s in reach)
        low, high = (low, high) if low < high else (high, low + 1)
        if register == STACK:
            first = -(-low // 16)
            offset = rng.integers(first, max(high // 16, first) + 1, count) * 16
            records[:, plan.layout.stack // 8] = bases + offset.astype(np.uint64)
        else:
            offset = rng.integers(low, high + 1, count)
            offset = np.where(rng.integers(0, 3, count) > 0, offset & -8, offset)
            if drawn:
                offset = _near_others(rng, plan, reach, offset, drawn)
            offset = np.where((offset < low) | (offset > high), np.clip(offset, low, high), offset)
            keep = rng.integers(0, 12, count) == 0 if plan.branches else False
            values[:, column[register]] = np.where(keep, values[:, column[register]], bases + offset.astype(np.uint64))
        drawn.append((register, offset))
    for register in plan.indices & column.keys():
        index = rng.integers(-4, 12, count)
        wild = rng.integers(0, 4, count) == 0
        garbage = rng.integers(0, 1 << 32, count, np.uint64) << np.uint64(32)
        narrow = index.astype(np.uint64) & np.uint64(0xFFFFFFFF)
        spread = np.where(rng.integers(0, 3, count) == 0, garbage | narrow, index.astype(np.uint64))
        values[:, column[register]] = np.where(wild, values[:, column[register]], spread)
    if STACK not in plan.pointers and plan.layout.stack is not None:
        records[:, plan.layout.stack // 8] = bases + np.uint64(16) * rng.integers(
            0, max(size // 16, 1), count, np.uint64
        )


def _near_others(rng: np.random.Generator, plan: Recipe, reach: tuple, offset: np.ndarray, drawn: list) -> np.ndarray:
    """For three states in four: an offset such that one access starts near one of another pointer."""
    count = len(offset)
    which = rng.integers(0, len(drawn), count)
    mine = pick(rng, np.array([d for d, _ in reach]), count)
    near = offset
    for n, (register, other) in enumerate(drawn):
        theirs = pick(rng, np.array([d for d, _ in plan.pointers[register]]), count)
        near = np.where(which == n, other + theirs - mine + pick(rng, _SMALL_STEPS, count), near)
    return np.where(rng.integers(0, 4, count) > 0, near, offset)


def _vectors(rng: np.random.Generator, plan: Recipe, few: np.ndarray) -> np.ndarray:
    """One register; `few` (n, 1): only core values."""
    shape = (len(few), 2)
    kind = rng.integers(0, 8, shape)
    values = rng.integers(0, 1 << 64, shape, np.uint64)
    values = _put(values, kind, 1, 6, pick(rng, plan.pools.floats, shape))
    values = _put(values, kind, 6, 7, pick(rng, plan.pools.corners, shape))
    values = _put(values, kind, 7, 8, pick(rng, plan.pools.mentioned, shape))
    values = np.where(rng.integers(0, 16, (len(few), 1)) == 0, pick(rng, plan.pools.splats, (len(few), 1)), values)
    return np.where(few, pick(rng, plan.pools.core_floats, shape), values)


def _relate_vectors(rng: np.random.Generator, plan: Recipe, records: np.ndarray) -> None:
    """In one state of five a vector register equals another, or its negation."""
    places = [offset // 8 for offset in plan.layout.vectors.values()]
    signs = np.array([0, 0, 1 << 63, 1 << 31], np.uint64)
    for at in places[1:]:
        rows = np.flatnonzero(rng.integers(0, 5, len(records)) == 0)
        other = np.array(places)[rng.integers(0, len(places), len(rows))]
        for half in (0, 1):
            records[rows, at + half] = records[rows, other + half] ^ pick(rng, signs, len(rows))


def satisfy(plan: Recipe, records: np.ndarray) -> None:
    """Makes the registers of `records` satisfy what is known at entry."""
    general, known = plan.layout.general, plan.known
    grouped = [sorted(group) for group in known.equal]
    stated = (known.constants.keys() | known.zero_extended.keys() | known.sign_extended.keys()).difference(*grouped)
    for group in [*grouped, *([n] for n in sorted(stated))]:
        mentioned = [n for n in group if n in general]
        if not mentioned:
            continue
        values = records[:, general[mentioned[0]] // 8]
        zero = min((known.zero_extended[n] for n in group if n in known.zero_extended), default=64)
        sign = min((known.sign_extended[n] for n in group if n in known.sign_extended), default=64)
        constant = next((known.constants[n] for n in group if n in known.constants), None)
        if constant is not None:
            values = np.full(len(records), constant, np.uint64)
        elif zero < 64:
            values = values & np.uint64((1 << min(zero, sign - 1 if sign < 64 else 64)) - 1)
        elif sign < 64:
            values = ((values << np.uint64(64 - sign)).view(np.int64) >> np.int64(64 - sign)).view(np.uint64)
        for n in mentioned:
            records[:, general[n] // 8] = values
