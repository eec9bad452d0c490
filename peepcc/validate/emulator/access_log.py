"""What the logs of accesses say: where each was, whether all stayed in the window, what they cover.

All on numpy arrays, one row a state, one column a site.
"""

from __future__ import annotations

import numpy as np

from .layout import FAR, INVALID, NOT_EXECUTED, Side, Site


def logged(records: np.ndarray, side: Side, found: tuple[Site, ...]) -> np.ndarray:
    """The uint64 addresses (n, sites) that a side accessed, NOT_EXECUTED where it did not get there."""
    return records[:, side.log // 8 : side.log // 8 + len(found)]


def complete(records: np.ndarray, side: Side, found: tuple[Site, ...], rows: np.ndarray | slice) -> None:
    """Fills in the logs of the sites that follow others."""
    addresses = logged(records, side, found)
    for first in dict.fromkeys(side.followers.values()):
        start = addresses[rows, first]
        missing = np.flatnonzero(start == np.uint64(NOT_EXECUTED))
        for site in (site for site, its_first in side.followers.items() if its_first == first):
            address = start + np.uint64(
                found[site].access.displacement - found[first].access.displacement & NOT_EXECUTED
            )
            address[missing] = np.uint64(NOT_EXECUTED)
            addresses[rows, site] = address


def columns(records: np.ndarray, side: Side, found: tuple[Site, ...]) -> list[np.ndarray]:
    """The same by site, each in one piece."""
    return list(np.ascontiguousarray(logged(records, side, found).T))


def within(addresses: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """Where in their windows `addresses` (n, sites) are, uint64; beyond them where they are outside."""
    return addresses - bases[:, None] & np.uint64(~FAR & NOT_EXECUTED)


def beyond(addresses: np.ndarray, bases: np.ndarray, found: tuple[Site, ...], size: int) -> np.ndarray:
    """bool (n, sites): executed, and not wholly in the window."""
    lengths = np.array([site.access.size for site in found], np.uint64)
    return (addresses != np.uint64(NOT_EXECUTED)) & (within(addresses, bases) > np.uint64(size) - lengths)


def valid(records: np.ndarray, bases: np.ndarray, side: Side, found: tuple[Site, ...], size: int) -> np.ndarray:
    """bool (n,): the side stayed in the window, and nothing that it accessed is there twice."""
    inside = records[:, side.exit // 8] != np.uint64(INVALID)
    if not found:
        return inside
    addresses = logged(records, side, found)
    inside &= ~beyond(addresses, bases, found, size).any(1)
    if not any(site.wanders for site in found):
        return inside
    far = np.flatnonzero(
        inside & ((addresses - bases[:, None] & np.uint64(FAR) != 0) & (addresses != np.uint64(NOT_EXECUTED))).any(1)
    )
    if len(far):
        inside[far] = ~_folded(addresses[far], bases[far], found)
    return inside


def _folded(addresses: np.ndarray, bases: np.ndarray, found: tuple[Site, ...]) -> np.ndarray:
    """bool (n,): two accesses, far apart, would meet in the records."""
    places = within(addresses, bases).view(np.int64)
    result = np.zeros(len(addresses), bool)
    for k, later in enumerate(found):
        for n, earlier in enumerate(found[:k]):
            if later.access.store or earlier.access.store:
                distance = places[:, k] - places[:, n]
                meet = (distance < earlier.access.size) & (-distance < later.access.size)
                result |= meet & (distance.view(np.uint64) != addresses[:, k] - addresses[:, n])
    return result


def covered(
    starts: list[np.ndarray], found: list[Site], address: np.ndarray, size: int, executed: np.ndarray
) -> np.ndarray:
    """bool (n,): each of the `size` bytes at `address` is in one of the accesses `found`, which begin at `starts`; or
    not executed.
    """
    left = executed
    for start, site in zip(starts, found):
        if site.access.size >= size and left.any():
            left = left & (address - start > np.uint64(site.access.size - size))
    rest = np.flatnonzero(left)
    if not len(rest):
        return ~left
    bare = np.zeros(len(rest), bool)
    for k in range(size):
        here = np.zeros(len(rest), bool)
        for start, site in zip(starts, found):
            here |= address[rest] + np.uint64(k) - start[rest] < np.uint64(site.access.size)
        bare |= ~here
    left = left.copy()
    left[rest] = bare
    return ~left
