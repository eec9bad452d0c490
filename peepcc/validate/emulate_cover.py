"""Gets states onto every path: which ways were gone, and new states bred from those that came near.

A branch that needs two rare values is not met by chance. So states that reached a branch
are kept, and their children get other values just where the branch looks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typing import Mapping

from ..analysis.obligation import Obligation, Program
from .emulate_compare import Runs
from .emulate_harness import goal
from .emulate_layout import NOT_EXECUTED, Layout, Side
from .emulate_memory import pick
from .emulate_origins import Leaf, conditions
from .emulate_repair import logged
from .emulate_states import Recipe, satisfy

ENOUGH = 16  # states that went a way
_PARENTS = 64


@dataclass(frozen=True)
class Way:
    """A way out of a conditional branch. `reached`, `gone`: offsets of marks, None for always.

    `beside`: the mark of the other way, where not having it is the only sign.
    """

    side: int
    reached: int | None
    gone: int | None
    beside: int | None
    leaves: tuple[Leaf, ...]
    text: str


def ways(program: Program, side: Side, number: int, aliases: Mapping[str, str]) -> tuple[Way, ...]:
    """Both ways of every branch that can go both; `number`: 0 for the source."""
    found = []
    for n, leaves in conditions(program).items():
        if not leaves:
            continue
        before = max((at for at in side.marks if at <= n), default=None)
        reached = side.marks[before] if before is not None else None
        fall = side.marks[n + 1]
        to = goal(program, aliases, program.steps[n])
        text = f"{program.steps[n].instruction.mnemonic} (instruction {n + 1})"
        found.append(Way(number, reached, fall, None, leaves, f"{text} not taken"))
        found.append(Way(number, reached, side.marks[to] if isinstance(to, int) else None, None if isinstance(to, int) else fall, leaves, f"{text} taken"))
    return tuple(found)


class Cover:
    """Counts states by way, and keeps parents for the ways that few went."""

    def __init__(self, obligation: Obligation, layout: Layout):
        self._layout = layout
        self._ways = (*ways(obligation.source, layout.source, 0, obligation.aliases), *ways(obligation.target, layout.target, 1, obligation.aliases))
        self._counts = np.zeros(len(self._ways), np.int64)
        self._parents: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def note(self, runs: Runs) -> None:
        for n, way in enumerate(self._ways):
            if self._counts[n] >= ENOUGH:
                continue
            reached = self._marked(runs.records, way.reached)
            gone = reached & (self._marked(runs.records, way.gone) if way.beside is None else ~self._marked(runs.records, way.beside))
            self._counts[n] += gone.sum()
            for rows in (np.flatnonzero(gone), np.flatnonzero(reached)):  # those who went it, or else those who were near
                if len(rows):
                    kept = rows[:: max(1, len(rows) // _PARENTS)][:_PARENTS]
                    self._parents[n] = runs.records[kept], runs.bases[kept]
                    break

    def rare(self) -> list[str]:
        """The ways that fewer than ENOUGH states went."""
        return [way.text for way, count in zip(self._ways, self._counts) if count < ENOUGH]

    def breed(self, rng: np.random.Generator, plan: Recipe, records: np.ndarray, bases: np.ndarray) -> None:
        """Fills `records` at `bases` with children of parents of rare ways; leaves them alone where there are none."""
        rare = [n for n, count in enumerate(self._counts) if count < ENOUGH and n in self._parents]
        if not rare:
            return
        turn = np.arange(len(records)) % len(rare)
        for k, n in enumerate(rare):
            rows = np.flatnonzero(turn == k)
            if len(rows):
                records[rows] = self._children(rng, plan, n, bases[rows])
        satisfy(plan, records)

    def _marked(self, records: np.ndarray, mark: int | None) -> np.ndarray:
        return records[:, mark // 8] != np.uint64(NOT_EXECUTED) if mark is not None else np.ones(len(records), bool)

    def _children(self, rng: np.random.Generator, plan: Recipe, number: int, bases: np.ndarray) -> np.ndarray:
        """Copies of parents with pointers moved along, one or two of the values that decide the branch changed."""
        layout, way = self._layout, self._ways[number]
        parents, homes = self._parents[number]
        chosen = rng.integers(0, len(parents), len(bases))
        children, homes = parents[chosen], homes[chosen]
        side, found = ((layout.source, layout.source_sites), (layout.target, layout.target_sites))[way.side]
        offsets = logged(children, side, found) - homes[:, None]
        inputs = children[:, : layout.outputs // 8]
        inside = inputs - homes[:, None] < np.uint64(max(layout.size, 1))
        inputs[inside] += np.broadcast_to((bases - homes)[:, None], inputs.shape)[inside]
        children[:, layout.outputs // 8 :] = np.uint64(NOT_EXECUTED)
        for chance in (1, 2):
            rows = np.flatnonzero(rng.integers(0, chance, len(bases)) == 0)
            self._change(rng, plan, children, rows, way.leaves, offsets)
        return children

    def _change(self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, rows: np.ndarray, leaves: tuple[Leaf, ...], offsets: np.ndarray) -> None:
        layout = self._layout
        which = rng.integers(0, len(leaves), len(rows))
        for n, leaf in enumerate(leaves):
            mine = rows[which == n]
            if leaf.register in (-1, 31) or leaf.register is not None and leaf.register not in layout.general:
                self._shuffle(rng, plan, children, mine)
                continue
            if leaf.register is not None:
                place = layout.general[leaf.register] // 8
                children[mine, place] = self._values(rng, plan, children, mine, children[mine, place])
                continue
            at = offsets[mine, leaf.site].view(np.int64) + leaf.offset
            fits = (at >= 0) & (at <= layout.size - leaf.width)
            mine, at = mine[fits], at[fits]
            window = children[mine, layout.window].view(np.uint8) if len(mine) else np.zeros((0, layout.size), np.uint8)
            places = at[:, None] + np.arange(leaf.width)
            old = np.zeros((len(mine), 8), np.uint8)
            old[:, : leaf.width] = np.take_along_axis(window, places, 1)
            new = self._values(rng, plan, children, mine, old.view(np.uint64)[:, 0])
            np.put_along_axis(window, places, new.view(np.uint8).reshape(-1, 8)[:, : leaf.width], 1)
            children[mine, layout.window] = window.view(np.uint64)

    def _values(self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, rows: np.ndarray, old: np.ndarray) -> np.ndarray:
        """Constants of the code, other registers or their neighbours, core values, or one bit flipped."""
        count, pools = len(rows), plan.pools
        kind = rng.integers(0, 6, count)
        places = np.array([offset // 8 for offset in self._layout.general.values()] or [0])
        other = children[rows, places[rng.integers(0, len(places), count)]] + pick(rng, pools.steps, count)
        near = pick(rng, pools.factors, count) + rng.integers(-1, 2, count).astype(np.uint64)
        flipped = old ^ np.uint64(1) << rng.integers(0, 64, count, np.uint64)
        return np.choose(kind, [near, near, other, pick(rng, pools.mentioned, count), pick(rng, pools.core, count), flipped])

    def _shuffle(self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, rows: np.ndarray) -> None:
        """Vector registers get other values, related ones among them."""
        places = [offset // 8 + half for offset in self._layout.vectors.values() for half in (0, 1)]
        for place in places:
            some = rows[rng.integers(0, 2, len(rows)) == 0]
            children[some, place] = pick(rng, plan.pools.core_floats if rng.integers(0, 2) else plan.pools.floats, len(some))
