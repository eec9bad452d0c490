"""Draws few states cheaply, from tables that all sources share: for the first glance at a target.

Every state satisfies what is known at entry. What comes here by few numpy calls
`draw` does thoroughly; nothing is accepted by the states of this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from ....analysis.obligation import Program
from ..layout import NOT_EXECUTED
from .draw import Recipe, satisfy
from .memory import STACK, point_slots
from .rng import Dice
from .value_pools import Pools, constants_of, pools

STATES = 64
_SEED = 20_000
_REGISTERS = 32
_CONSTANTS = 64


@dataclass(frozen=True)
class _Tables:
    """Of each state (a row) and register (a column): `numbers`, `indices` and `vectors` (rows, columns, 2) uint64.

    `lots` int64, large.

    Bools: where a constant of the code comes, `like` where the register before is repeated.
    `which`: of the constants; `near`: what is added to one.
    """

    numbers: np.ndarray
    indices: np.ndarray
    vectors: np.ndarray
    lots: np.ndarray
    constant: np.ndarray
    like: np.ndarray
    which: np.ndarray
    near: np.ndarray
    flags: np.ndarray
    roundings: np.ndarray


@cache
def _pools() -> Pools:
    """Of no program."""
    return pools(np.random.default_rng(_SEED), (), 0)


@cache
def _tables() -> _Tables:
    rng = np.random.default_rng(_SEED)
    shape = (STATES, _REGISTERS)
    noise = rng.integers(0, 1 << 64, shape, np.uint64)
    small = rng.integers(-8, 40, shape).astype(np.uint64)
    core = rng.choice(_pools().core, shape)
    low = noise & np.uint64(0xFFFFFFFF)
    signed = low.astype(np.uint32).view(np.int32).astype(np.int64).view(np.uint64)
    main = np.arange(STATES)[:, None] % 4  # what most registers of a state have
    kind = np.where(rng.integers(0, 2, shape) == 0, rng.integers(0, 6, shape), main)
    numbers = np.choose(kind, [noise, small, core, signed, low, noise << np.uint64(32) | small & np.uint64(0xFFFFFFFF)])
    index = rng.integers(-4, 12, shape)
    indices = np.where(
        rng.integers(0, 4, shape) == 0,
        low << np.uint64(32) | index.astype(np.uint64) & np.uint64(0xFFFFFFFF),
        index.astype(np.uint64),
    )
    wide = (*shape, 2)
    floats, plain = rng.choice(_pools().floats, wide), rng.integers(0, 1 << 64, wide, np.uint64)
    vectors = np.choose(rng.integers(0, 4, wide), [floats, floats, rng.choice(_pools().core_floats, wide), plain])
    flags = np.arange(STATES, dtype=np.uint64) % np.uint64(16) << np.uint64(28)
    roundings = np.where(np.arange(STATES) % 8 == 7, np.arange(STATES) // 8 % 4, 0).astype(np.uint64) << np.uint64(22)
    return _Tables(
        numbers,
        indices,
        vectors,
        rng.integers(0, 1 << 40, shape),
        rng.integers(0, 5, shape) == 0,
        rng.integers(0, 6, shape) == 0,
        rng.integers(0, _CONSTANTS, shape),
        rng.choice(np.array([0, 0, 1, -1]), shape).astype(np.uint64),
        flags,
        roundings,
    )


@lru_cache(maxsize=8)
def _memory(size: int) -> tuple[np.ndarray, np.ndarray]:
    """uint64 (states, words) twice: what is there, and all ones where the window's address is added."""
    rng = np.random.default_rng(_SEED + size)
    shape = (STATES, size // 8)
    noise = rng.integers(0, 1 << 64, shape, np.uint64)
    small = rng.integers(-8, 32, shape)
    pairs = (small & 0xFFFFFFFF | rng.integers(-8, 32, shape) << 32).astype(np.uint64)
    places = rng.integers(0, size // 8, shape, np.uint64) << np.uint64(3)
    main = np.arange(STATES)[:, None] % 5
    kind = np.where(rng.integers(0, 2, shape) == 0, rng.integers(0, 6, shape), main)
    words = np.choose(
        kind,
        [
            places,
            pairs,
            noise,
            small.astype(np.uint64),
            rng.choice(_pools().core, shape),
            rng.choice(_pools().floats, shape),
        ],
    )
    return words, np.where(kind == 0, np.uint64(NOT_EXECUTED), np.uint64(0))


def draw(plan: Recipe, source: Program, records: np.ndarray, bases: np.ndarray) -> None:
    """Fills uint64 `records` (STATES, words) that lie at `bases`; logs say that nothing was executed.

    Equal sources get equal states.
    """
    layout, tables = plan.layout, _tables()
    records[:, layout.size // 8 :] = np.uint64(NOT_EXECUTED)
    general = list(layout.general)
    values = tables.numbers[:, general]
    found, _ = constants_of((source,))
    if found:
        known = np.array(found, np.uint64)
        chosen = known[tables.which[:, general] % len(known)] + tables.near[:, general]
        np.copyto(values, chosen, where=tables.constant[:, general])
    if len(general) > 1:
        np.copyto(values[:, 1:], values[:, :-1], where=tables.like[:, general[1:]])
    column = {register: k for k, register in enumerate(general)}
    for register in plan.indices & column.keys():
        values[:, column[register]] = tables.indices[:, register]
    stack = _point(plan, column, values, bases)
    if general:
        first = layout.general[general[0]] // 8  # the registers lie side by side
        records[:, first : first + len(general)] = values
    if layout.stack is not None:
        records[:, layout.stack // 8] = stack
    if layout.flags is not None:
        records[:, layout.flags // 8] = tables.flags
    if layout.rounding is not None:
        records[:, layout.rounding // 8] = tables.roundings
    for n, offset in layout.vectors.items():
        records[:, offset // 8 : offset // 8 + 2] = tables.vectors[:, n]
    satisfy(plan, records)
    if layout.size:
        words, pointers = _memory(layout.size)
        np.add(words, pointers & bases[:, None], out=records[:, layout.window])
        if plan.slots:
            point_slots(Dice(_SEED), layout, plan.slots, records, bases)


def _point(plan: Recipe, column: dict[int, int], values: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """Pointers into the window, in every third state one that meets another's; the values of sp."""
    size, lots = plan.layout.size, _tables().lots
    stack = bases + (lots[:, STACK] % max(size // 16, 1) * 16).astype(np.uint64)
    meets = np.arange(STATES) % 3 == 2
    before: tuple[np.ndarray, int] | None = None
    for register in sorted(plan.pointers, key=lambda n: n != STACK):
        reach = plan.pointers[register]
        low, high = -min(d for d, _ in reach), size - max(d + s for d, s in reach)
        grain = 16 if register == STACK else 8
        first = -(-low // grain)
        offset = (first + lots[:, register] % max(high // grain - first + 1, 1)) * grain
        if register == STACK:
            stack = bases + offset.astype(np.uint64)
        else:
            if before is not None:
                near = before[0] + (before[1] - reach[lots[0, register] % len(reach)][0])
                offset = np.where(meets & (near >= low) & (near <= high), near, offset)
            values[:, column[register]] = bases + offset.astype(np.uint64)
        before = offset, reach[-1][0]
    return stack
