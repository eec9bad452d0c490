"""Draws the memory of states, and mends the slots that feed addresses and comparisons."""

from __future__ import annotations

from functools import cache

import numpy as np

from ..layout import Layout
from .value_pools import Pools

ALL_ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
_IMAGES = 512  # memories that are drawn, more states share them
STACK = 31  # the register number of sp


def pick(rng: np.random.Generator, pool: np.ndarray, shape: tuple | int) -> np.ndarray:
    return pool.take(rng.integers(0, len(pool), shape))


def memory(rng: np.random.Generator, pools: Pools, size: int, floating: bool, bases: np.ndarray) -> np.ndarray:
    """Each state has a mixture of its own: pointers, plain integers, corners and constants, floats.

    Many states share what they have but for the pointers, as those reach all of it.
    """
    words, count = size // 8, min(len(bases), _IMAGES)
    noise = rng.integers(0, 1 << 64, 256, np.uint64)
    small = rng.integers(-8, 32, 256)
    pairs = (small[:128] & 0xFFFFFFFF | small[128:] << 32).astype(np.uint64)
    parts = [
        pick(rng, pools.offsets, 256),
        small[:128].astype(np.uint64),
        pairs,
        noise,
        pick(rng, pools.corners, 256),
        pick(rng, pools.mentioned, 256),
        *_core(rng, pools),
    ]
    if floating:
        parts += [pick(rng, pools.floats, 256), pick(rng, pools.core_floats, 256)]
    table = np.concatenate(parts)
    mixtures = _mixtures(len(table) // 256)
    draws = rng.integers(0, 1 << 16, (count, words), np.uint16)
    mode = rng.integers(0, len(mixtures), (count, 1)) << 8
    places = mixtures.reshape(-1).take(mode + (draws >> np.uint16(8))) + (draws & np.uint16(255))
    images, pointers = table.take(places), np.where(places < 256, ALL_ONES, np.uint64(0))
    if len(bases) == count:
        return images + (pointers & bases[:, None])
    chosen = rng.integers(0, count, len(bases))
    result = pointers.take(chosen, 0)
    result &= bases[:, None]
    result += images.take(chosen, 0)
    return result


@cache
def _mixtures(parts: int) -> np.ndarray:
    """uint16 (mixtures, 256): where in the table of `parts` a word is taken from; 0 is where pointers are."""
    rng = np.random.default_rng(parts)
    mixed = [np.concatenate([np.full(160, main), rng.integers(0, parts, 96)]) for main in (0, 0, 0, *range(1, parts))]
    return (np.stack([np.arange(256) % parts, *mixed, *(np.full(256, main) for main in range(5, parts))]) << 8).astype(
        np.uint16
    )


def _core(rng: np.random.Generator, pools: Pools) -> tuple[np.ndarray, np.ndarray]:
    """256 words of core values, half of them as pairs of 32-bit ones."""
    halves = (pools.core & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return pick(rng, pools.core, 128), pick(rng, halves, (128, 2)).view(np.uint64)[:, 0]


def relate_slots(
    rng: np.random.Generator,
    pools: Pools,
    layout: Layout,
    loads: tuple[tuple[int, int, int], ...],
    records: np.ndarray,
    bases: np.ndarray,
) -> None:
    """What is loaded equals a register or another slot, or its neighbour, in half of every other state."""
    records, bases = records[::2], bases[::2]
    count = len(records)
    places = [offset // 8 for offset in layout.general.values()]
    bytes_ = records.view(np.uint8)
    seen = np.empty((len(places) + len(loads), count), np.uint64)
    seen[: len(places)] = records[:, places].T
    known = len(places)
    for register, displacement, width in loads:
        at = _offsets(layout, register, records, bases) + displacement
        fits = (at >= 0) & (at <= layout.size - width)
        if known:
            rows = np.flatnonzero(fits & (rng.integers(0, 2, count) == 0))
            related = seen[rng.integers(0, known, len(rows)), rows] + pick(rng, pools.steps, len(rows))
            _put_bytes(bytes_, rows, at[rows], width, related)
        held = np.zeros((count, 8), np.uint8)
        rows = np.flatnonzero(fits)
        held[rows, :width] = bytes_[rows[:, None], at[rows, None] + np.arange(width)]
        seen[known] = held.view(np.uint64)[:, 0]
        known += 1


def point_slots(
    rng: np.random.Generator,
    layout: Layout,
    slots: tuple[tuple[int, int, int, bool], ...],
    records: np.ndarray,
    bases: np.ndarray,
) -> None:
    """Slots that feed an address get a fitting value in most states."""
    count = len(records)
    bytes_ = records.view(np.uint8)
    for register, displacement, width, pointer in slots:
        at = _offsets(layout, register, records, bases) + displacement
        rows = np.flatnonzero((at >= 0) & (at <= layout.size - width) & (rng.integers(0, 8, count) > 0))
        if pointer and width == 8:
            odd = rng.integers(0, 8, len(rows), np.uint64) * rng.integers(0, 2, len(rows), np.uint64)
            values = (
                bases[rows]
                + (rng.integers(0, max(layout.size, 16) // 8, len(rows)).astype(np.uint64) << np.uint64(3))
                + odd
            )
        else:
            values = rng.integers(-4, 12, len(rows)).astype(np.uint64)
        _put_bytes(bytes_, rows, at[rows], width, values)


def _offsets(layout: Layout, register: int, records: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """Where in its window a register points, int64."""
    place = layout.stack if register == STACK else layout.general[register]
    return (records[:, place // 8] - bases).view(np.int64)


def _put_bytes(bytes_: np.ndarray, rows: np.ndarray, at: np.ndarray, width: int, values: np.ndarray) -> None:
    data = values.view(np.uint8).reshape(-1, 8)
    bytes_[rows[:, None], at[:, None] + np.arange(width)] = data[:, :width]
