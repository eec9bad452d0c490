"""Moves accesses that leave the window back into it, by changing the input that they depend on.

Works on what a run has shown, so that chains of loads and odd arithmetic are mended as
well, one access a pass. A record that was not mended is merely invalid.
"""

from __future__ import annotations

import numpy as np

from ..access_log import beyond, logged, within
from ..layout import NOT_EXECUTED, Layout
from ..solve.address_origins import Leaf, Origin
from .draw import Recipe, satisfy

_STEPS = np.array([0, 0, 0, 1, -1, 2, -2, 4, -4, 8, -8, 16, -16], np.int64)


def repair(
    rng: np.random.Generator, plan: Recipe, records: np.ndarray, bases: np.ndarray, traced: tuple[Origin, ...]
) -> None:
    """Changes the inputs of `records` at `bases`, whose source has left the window; clears the outputs."""
    layout = plan.layout
    addresses = logged(records, layout.source, layout.source_sites).copy()
    outside = beyond(addresses, bases, layout.source_sites, layout.size)
    failing = outside.argmax(1)
    for site in np.unique(failing):
        origin = traced[site]
        leaves = [leaf for leaf in (*origin.bases, *origin.indices) if leaf.register not in (31, -1)]
        if not leaves:
            continue
        rows = np.flatnonzero((failing == site) & outside.any(1))
        wanted = _wanted(rng, layout, addresses[rows], bases[rows], site)
        delta = wanted - addresses[rows, site]
        choice = np.where(rng.integers(0, 3, len(rows)) > 0, 0, rng.integers(0, len(leaves), len(rows)))
        for n, leaf in enumerate(leaves):
            chosen = choice == n
            _move(plan, records, rows[chosen], leaf, delta[chosen], within(addresses, bases))
    satisfy(plan, records)
    records[:, layout.outputs // 8 :] = np.uint64(NOT_EXECUTED)


def _wanted(
    rng: np.random.Generator, layout: Layout, addresses: np.ndarray, bases: np.ndarray, site: int
) -> np.ndarray:
    """Where the failing access should go: anywhere, or near an access before it."""
    count, length = len(addresses), layout.source_sites[site].access.size
    last = layout.size - length
    anywhere = rng.integers(0, last + 1, count)
    anywhere = np.where(
        rng.integers(0, 3, count) > 0, anywhere & -length if length & length - 1 == 0 else anywhere, anywhere
    )
    if site:
        before = (addresses[np.arange(count), rng.integers(0, site, count)] - bases).view(np.int64)
        near = before + _STEPS[rng.integers(0, len(_STEPS), count)]
        usable = (near >= 0) & (near <= last) & (rng.integers(0, 2, count) == 0)
        anywhere = np.where(usable, near, anywhere)
    return bases + anywhere.astype(np.uint64)


def _move(
    plan: Recipe, records: np.ndarray, rows: np.ndarray, leaf: Leaf, delta: np.ndarray, offsets: np.ndarray
) -> None:
    layout = plan.layout
    amount = (delta.view(np.int64) >> np.int64(min(leaf.shift, 63))).view(np.uint64)
    if leaf.register is not None:
        group = next((group for group in plan.known.equal if leaf.register in group), (leaf.register,))
        for n in group:
            if n in layout.general:
                records[rows, layout.general[n] // 8] += amount
        return
    at = offsets[rows, leaf.site].view(np.int64) + leaf.offset
    fits = (at >= 0) & (at <= layout.size - leaf.width)
    rows, at, amount = rows[fits], at[fits], amount[fits]
    if not len(rows):
        return
    window = records[rows, layout.window].view(np.uint8)
    places = at[:, None] + np.arange(leaf.width)
    word = np.zeros((len(rows), 8), np.uint8)
    word[:, : leaf.width] = np.take_along_axis(window, places, 1)
    changed = (word.view(np.uint64)[:, 0] + amount).view(np.uint8).reshape(-1, 8)
    np.put_along_axis(window, places, changed[:, : leaf.width], 1)
    records[rows, layout.window] = window.view(np.uint64)
