"""Draws are repeatable, within their bounds, and even."""

import numpy as np
import pytest

from peepcc.validate.emulator.inputs.rng import Dice


def test_equal_seeds_give_equal_draws():
    one, two, other = Dice(7), Dice(7), Dice(8)
    for shape in (3, (5, 2), 10_000):
        drawn = one.integers(0, 1 << 64, shape, np.uint64)
        assert (drawn == two.integers(0, 1 << 64, shape, np.uint64)).all()
        assert (drawn != other.integers(0, 1 << 64, shape, np.uint64)).any()


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0, 2), (-4, 12), (0, 256), (0, 257), (-8, 32), (0, 1 << 16), (5, 1 << 20), (0, 1 << 32)]
)
def test_draws_are_within_their_bounds_and_even(low, high):
    drawn = Dice(1).integers(low, high, (100, 200))
    assert (drawn.shape, drawn.dtype) == ((100, 200), np.int64)
    assert low <= drawn.min() and drawn.max() < high
    parts = min(high - low, 8)
    counts = np.bincount(((drawn - low) * parts // (high - low)).ravel(), minlength=parts)
    assert np.abs(counts * parts / 20_000 - 1).max() < 0.15


def test_a_single_number_is_a_plain_one():
    assert {type(Dice(seed).integers(0, 3)) for seed in range(5)} == {int}
