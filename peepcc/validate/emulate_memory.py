"""Draws the memory of states, and mends the slots that feed addresses and comparisons."""

from __future__ import annotations

import numpy as np

from .emulate_layout import Layout
from .emulate_values import Pools

STACK = 31  # the register number of sp


def pick(rng: np.random.Generator, pool: np.ndarray, shape: tuple | int) -> np.ndarray:
    return pool[rng.integers(0, len(pool), shape)]


def memory(rng: np.random.Generator, pools: Pools, size: int, floating: bool, bases: np.ndarray) -> np.ndarray:
    """Each state has a mixture of its own: pointers, plain integers, corners and constants, floats."""
    words, count = size // 8, len(bases)
    noise = rng.integers(0, 1 << 64, 256, np.uint64)
    small = rng.integers(-8, 32, 256)
    pairs = (small[:128] & 0xFFFFFFFF | small[128:] << 32).astype(np.uint64)
    parts = [pick(rng, pools.offsets, 256), np.concatenate([small[:128].astype(np.uint64), pairs]), noise,
             pick(rng, pools.corners, 256), pick(rng, pools.mentioned, 256), _core(rng, pools), pick(rng, pools.floats, 256),
             pick(rng, pools.core_floats, 256)]
    table = np.concatenate(parts)
    last = len(parts) if floating else len(parts) - 2
    mixtures = np.stack([np.arange(256) % last, *(
        np.concatenate([np.full(160, main), rng.integers(0, last, 96)]) for main in (0, 0, 0, *range(1, last))),
        *(np.full(256, main) for main in range(5, last))])
    mode = rng.integers(0, len(mixtures), count)
    draws = rng.integers(0, 1 << 16, (count, words), np.uint16)
    part = mixtures[mode[:, None], draws >> 8]
    return table[part * 256 + (draws & 255)] + np.where(part == 0, bases[:, None], np.uint64(0))


def _core(rng: np.random.Generator, pools: Pools) -> np.ndarray:
    """256 words of core values, half of them as pairs of 32-bit ones."""
    halves = (pools.core & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return np.concatenate([pick(rng, pools.core, 128), pick(rng, halves, (128, 2)).view(np.uint64)[:, 0]])


def relate_slots(
    rng: np.random.Generator, pools: Pools, layout: Layout, loads: tuple[tuple[int, int, int], ...], records: np.ndarray, bases: np.ndarray
) -> None:
    """What is loaded equals a register or another slot, or its neighbour, in one state of four."""
    count = len(records)
    places = [offset // 8 for offset in layout.general.values()]
    windows = _bytes(records, layout)
    seen = np.empty((len(places) + len(loads), count), np.uint64)
    seen[: len(places)] = records[:, places].T
    known = len(places)
    for register, displacement, width in loads:
        at = _offsets(layout, register, records, bases) + displacement
        fits = (at >= 0) & (at <= layout.size - width)
        if known:
            rows = np.flatnonzero(fits & (rng.integers(0, 4, count) == 0))
            related = seen[rng.integers(0, known, len(rows)), rows] + pick(rng, pools.steps, len(rows))
            _put_bytes(windows, rows, at[rows], width, related)
        held = np.zeros((count, 8), np.uint8)
        rows = np.flatnonzero(fits)
        held[rows, :width] = np.take_along_axis(windows[rows], at[rows, None] + np.arange(width), 1)
        seen[known] = held.view(np.uint64)[:, 0]
        known += 1
    records[:, layout.window] = windows.view(np.uint64)


def point_slots(
    rng: np.random.Generator,
    pools: Pools,
    layout: Layout,
    slots: tuple[tuple[int, int, int, bool], ...],
    records: np.ndarray,
    bases: np.ndarray,
) -> None:
    """Slots that feed an address get a fitting value in most states."""
    count = len(records)
    windows = _bytes(records, layout)
    for register, displacement, width, pointer in slots:
        at = _offsets(layout, register, records, bases) + displacement
        rows = np.flatnonzero((at >= 0) & (at <= layout.size - width) & (rng.integers(0, 8, count) > 0))
        if pointer and width == 8:
            odd = rng.integers(0, 8, len(rows), np.uint64) * rng.integers(0, 2, len(rows), np.uint64)
            values = bases[rows] + pick(rng, pools.offsets, len(rows)) + odd
        else:
            values = rng.integers(-4, 12, len(rows)).astype(np.uint64)
        _put_bytes(windows, rows, at[rows], width, values)
    records[:, layout.window] = windows.view(np.uint64)


def _bytes(records: np.ndarray, layout: Layout) -> np.ndarray:
    return records[:, layout.window].copy().view(np.uint8)


def _offsets(layout: Layout, register: int, records: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """Where in its window a register points, int64."""
    place = layout.stack if register == STACK else layout.general[register]
    return (records[:, place // 8] - bases).view(np.int64)


def _put_bytes(windows: np.ndarray, rows: np.ndarray, at: np.ndarray, width: int, values: np.ndarray) -> None:
    data = values.view(np.uint8).reshape(-1, 8)
    windows[rows[:, None], at[:, None] + np.arange(width)] = data[:, :width]
