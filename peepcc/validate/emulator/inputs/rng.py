"""Seeded random integers that are cheap to ask for: thousands of small draws make one judgement.

The draws of spans that are no power of two are a little uneven, by less than one part in 2**16.
"""

from __future__ import annotations

from functools import cache
from math import prod

import numpy as np

_BLOCK = 1 << 12


class Dice:
    """Equal seeds give equal draws. Stands for a `numpy.random.Generator` where only `integers` is asked for."""

    def __init__(self, seed: int):
        self._source = np.random.SFC64(seed)
        self._block = np.zeros(0, np.uint64)
        self._at = 0

    def integers(
        self, low: int, high: int, shape: tuple | int | None = None, kind: type = np.int64
    ) -> np.ndarray | int:
        """low <= each < high, where high - low is at most 2**32, or a power of two; one number without `shape`."""
        if shape is None:
            return int(self.integers(low, high, 1, kind)[0])
        count = shape if isinstance(shape, int) else prod(shape)
        width, size, mask = _width(high - low)
        words = count * size + 7 >> 3
        if self._at + words > len(self._block):
            self._block, self._at = self._source.random_raw(max(words, _BLOCK)), 0
        drawn = self._block[self._at : self._at + words].view(width)[:count]
        self._at += words
        if mask is None:
            drawn = drawn.astype(np.uint64)
            drawn *= np.uint64(high - low)
            drawn >>= np.uint64(32)
        else:
            drawn = drawn & mask
        drawn = drawn.astype(kind, copy=False)
        if low:
            drawn += kind(low)
        return drawn if isinstance(shape, int) else drawn.reshape(shape)


@cache
def _width(span: int) -> tuple[type, int, np.unsignedinteger | None]:
    """(type of what is drawn, its size in bytes, what to mask it with: None for a product with the span)."""
    if span & span - 1:
        return np.uint32, 4, None
    width, size = (np.uint8, 1) if span <= 1 << 8 else (np.uint16, 2) if span <= 1 << 16 else (np.uint64, 8)
    return width, size, width(span - 1)
