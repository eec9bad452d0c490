"""95% confidence intervals: Wilson's for shares, a seeded bootstrap over blocks for all else.

They say how far the figure of another sample of the same kind of blocks may be; not how far
another package's may be.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

_Z = 1.959963984540054
_RESAMPLES = 1000


def wilson(some: int, of: int) -> tuple[float, float]:
    """Lower and upper end of a share's interval; (0, 1) where nothing was seen."""
    if not of:
        return 0.0, 1.0
    share, z = some / of, _Z * _Z / of
    middle, half = share + z / 2, _Z * sqrt(share * (1 - share) / of + z / (4 * of))
    return max(0.0, (middle - half) / (1 + z)), min(1.0, (middle + half) / (1 + z))


def resampled(values: np.ndarray, seed: int) -> np.ndarray:
    """Sums of `values` (blocks, columns) over resamples of the blocks: (resamples, columns).

    No rows where there are no blocks.
    """
    blocks = len(values)
    if not blocks:
        return values[:0]
    rng = np.random.default_rng(seed)
    weights = (np.bincount(rng.integers(0, blocks, blocks, np.uint32), minlength=blocks) for _ in range(_RESAMPLES))
    return np.stack([each @ values for each in weights])


def ends(figures: np.ndarray) -> tuple[float, float]:
    """The interval, from the figure of each resample; (0, 0) where there are none."""
    if not len(figures):
        return 0.0, 0.0
    low, high = np.quantile(figures, (0.025, 0.975))
    return float(low), float(high)
