"""What lies below the stack pointer may be overwritten by a signal at any time: no rewrite may rely on it.

Where sp is at each access is taken from the run. Which accesses are by sp is taken from the
program text; any pointer may reach what was above sp at entry and is freed.
"""

from __future__ import annotations

import numpy as np

from ...analysis.obligation import Obligation, Program
from .access_log import columns, covered, logged
from .layout import NOT_EXECUTED, Layout, Side, Site
from .solve.address_origins import origins

_STACK = ("in", 31)  # the root of what is computed from sp alone
_NEVER = np.uint64(NOT_EXECUTED)


def highest(layout: Layout, side: Side, records: np.ndarray) -> np.ndarray:
    """uint64 (n,): the highest that sp was, at entry or later."""
    result = records[:, layout.stack // 8].copy()
    for place in side.stacks.values():
        noted = records[:, place // 8]
        np.maximum(result, noted, where=noted != _NEVER, out=result)
    return result


def below_stack(obligation: Obligation, layout: Layout, records: np.ndarray) -> np.ndarray:
    """bool (n,): the target accesses what lies below its sp then, and the source does not."""
    theirs = _below(obligation.target, layout, layout.target, layout.target_sites, records)
    rows = np.zeros(len(records), bool)
    if not any(each.any() for each in theirs):
        return rows
    ours = _below(obligation.source, layout, layout.source, layout.source_sites, records)
    starts = [np.where(*each, _NEVER) for each in zip(ours, columns(records, layout.source, layout.source_sites))]
    other = columns(records, layout.target, layout.target_sites)
    for k, site in enumerate(layout.target_sites):
        if theirs[k].any():
            rows |= theirs[k] & ~covered(starts, list(layout.source_sites), other[k], site.access.size, theirs[k])
    return rows


def _below(
    program: Program, layout: Layout, side: Side, found: tuple[Site, ...], records: np.ndarray
) -> list[np.ndarray]:
    """By site, bool (n,): it accesses a byte below sp, by sp, or one that was above sp at entry."""
    entry = records[:, layout.stack // 8]
    addresses = logged(records, side, found)
    by_stack = [origin.base.root[0] == _STACK for origin in origins(program)]
    result = []
    for k, site in enumerate(found):
        if not by_stack[k] and not side.stacks:
            result.append(np.zeros(len(records), bool))
            continue
        reached = addresses[:, k] != _NEVER
        below = reached & (addresses[:, k] < _stack_at(side, site, entry, records))
        freed = addresses[:, k] + np.uint64(site.access.size) > entry
        result.append(below if by_stack[k] else below & freed)
    return result


def _stack_at(side: Side, site: Site, entry: np.ndarray, records: np.ndarray) -> np.ndarray:
    """sp when the site accesses; of an access that moves sp itself, the lower of both."""
    result = entry
    for step, place in side.stacks.items():
        if step > site.step:
            break
        noted = records[:, place // 8]
        moved = np.where(noted != _NEVER, noted, result)
        result = np.minimum(result, moved) if step == site.step else moved
    return result
