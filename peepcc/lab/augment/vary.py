"""One example to another: the same rewrite in changed surroundings, so that a model learns what it hangs on.

What a rewrite does not touch is dropped, added or given other registers; a number is
changed on both sides; facts and live registers come and go. Where the rewrite no longer
holds, the pair shows what it hangs on, once the teachers have been asked.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from ...assembly.encode import Encoder
from ..example import Example
from .perturb import NUMBER, Change, Changed, Pair, add, changed, drop, forget, learn, live, rename

_MOST = 4  # changes in one


def varied(examples: Sequence[Example], each: int, encoder: Encoder, rng: random.Random) -> Iterator[Changed]:
    """Up to `each` variations of every example."""
    return changed(examples, each, _MOST, _CHANGES, encoder, rng)


def _count(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """Another number, wherever it stands on either side."""
    numbers = sorted(
        {
            number
            for before, after in pair.parts
            if before != after
            for line in before
            for number in NUMBER.findall(line)
        }
    )
    if not numbers:
        return False
    old = rng.choice(numbers)
    value = int(old)
    new = rng.choice(
        (
            value + 1,
            abs(value - 1),
            value * 2,
            value // 2,
            value + 8,
            rng.randrange(64),
            1 << rng.randrange(13),
            (1 << rng.randrange(1, 17)) - 1,
        )
    )
    pattern = re.compile(rf"#{old}\b")
    pair.parts = [tuple(tuple(pattern.sub(f"#{new}", line) for line in side) for side in part) for part in pair.parts]
    return new != value


_CHANGES: tuple[Change, ...] = (drop, drop, add, add, add, rename, _count, _count, forget, learn, live, live)
