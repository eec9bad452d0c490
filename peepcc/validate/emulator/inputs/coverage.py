"""Gets states onto every path: which ways were gone, and new states bred from those that came near.

A branch that needs two rare values is not met by chance. So states that reached a branch
or a select are kept, and their children get other values just where it looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ....analysis.obligation import Obligation, Program
from ...verdict import Unreached
from ..access_log import logged, within
from ..compare import Runs
from ..harness import goal
from ..layout import NOT_EXECUTED, Layout, Side
from ..solve.address_origins import Leaf, condition_of, conditions
from ..solve.solver import Solver
from .draw import Recipe, satisfy
from .memory import pick

ENOUGH = 16  # states that went a way, or there is no evidence
_PLENTY = 400  # states of a judgement that go a way, or more are bred
_USUAL = 4096  # states of a judgement
_PARENTS = 128


@dataclass(frozen=True)
class Way:
    """A way out of a conditional branch, or a condition that held or did not.

    `reached`, `gone`: offsets of marks, None for always. `beside`: the mark of the other way,
    where not having it is the only sign. `flags`: offset of the flags of a select, whose
    `condition` is (code, whether it holds). `lanes` of a comparison of lanes: offset of its
    result in words, how many of them count, whether some lane must be true or some false.
    """

    side: int
    leaves: tuple[Leaf, ...]
    text: str
    reached: int | None = None
    gone: int | None = None
    beside: int | None = None
    flags: int | None = None
    condition: tuple[int, bool] = (0, True)
    step: int = 0
    lanes: tuple[int, int, bool] | None = None
    taken: bool = False  # of a branch: whether this is the way to its label

    def unreached(self) -> Unreached:
        """The same for who has no records to look at."""
        if self.lanes is not None:
            _, count, wanted = self.lanes
            return Unreached(self.side, self.step, "lanes", wanted, count, self.text)
        if self.flags is not None:
            code, holds_ = self.condition
            return Unreached(self.side, self.step, "select", holds_, code, self.text)
        return Unreached(self.side, self.step, "branch", self.taken, 0, self.text)


def ways(program: Program, side: Side, number: int, aliases: Mapping[str, str]) -> tuple[Way, ...]:
    """Both ways of every branch and select that can go both; `number`: 0 for the source."""
    found = list(_lane_ways(program, side, number))
    for n, leaves in conditions(program).items():
        step = program.steps[n]
        text = f"{step.instruction.mnemonic} (instruction {n + 1})"
        if not leaves:
            continue
        if n in side.selects:
            found += [
                Way(
                    number,
                    leaves,
                    f"{text} {word}",
                    flags=side.selects[n],
                    condition=(condition_of(step), holds),
                    step=n,
                )
                for word, holds in (("holds", True), ("does not hold", False))
            ]
            continue
        before = max((at for at in side.marks if at <= n), default=None)
        reached = side.marks[before] if before is not None else None
        fall, to = side.marks[n + 1], goal(program, aliases, step)
        found.append(Way(number, leaves, f"{text} not taken", reached, fall, step=n))
        inside = isinstance(to, int)
        found.append(
            Way(
                number,
                leaves,
                f"{text} taken",
                reached,
                side.marks[to] if inside else None,
                None if inside else fall,
                step=n,
                taken=True,
            )
        )
    return tuple(found)


def _lane_ways(program: Program, side: Side, number: int) -> Iterator[Way]:
    for n, place in side.compares.items():
        step = program.steps[n]
        before = max((at for at in side.marks if at <= n), default=None)
        reached = side.marks[before] if before is not None else None
        whole = getattr(step.instruction.operands[0], "arrangement", None) in ("16b", "8h", "4s", "2d")
        for word, wanted in (("in some lane", True), ("not in all lanes", False)):
            text = f"{step.instruction.mnemonic} (instruction {n + 1}) true {word}"
            yield Way(number, (Leaf(-1),), text, reached, step=n, lanes=(place // 8, 2 if whole else 1, wanted))


def holds(flags: np.ndarray, condition: int) -> np.ndarray:
    """bool: the condition code on NZCV words."""
    n, z, c, v = ((flags >> np.uint64(bit)) & np.uint64(1) != 0 for bit in (31, 30, 29, 28))
    result = (z, c, n, v, c & ~z, n == v, (n == v) & ~z, np.ones_like(z))[condition >> 1]
    return ~result if condition & 1 and condition != 15 else result


class Cover:
    """Counts states by way, and keeps parents for the ways that few went."""

    def __init__(self, obligation: Obligation, layout: Layout, solver: Callable[[], Solver]):
        self._layout = layout
        self._solver = solver
        programs = ((obligation.source, layout.source), (obligation.target, layout.target))
        self._ways = tuple(
            way for n, (program, side) in enumerate(programs) for way in ways(program, side, n, obligation.aliases)
        )
        self._counts = [0] * len(self._ways)
        self._seen = self._rounds = 0
        self._parents: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._sides = ((layout.source, layout.source_sites), (layout.target, layout.target_sites))
        self._deciding = tuple(dict.fromkeys((way.side, leaf) for way in self._ways for leaf in way.leaves))

    def note(self, runs: Runs) -> None:
        self._seen += len(runs.records)
        self._rounds += 1
        for n, way in enumerate(self._ways):
            if self._counts[n] >= _PLENTY:
                continue
            reached, gone = self._went(way, runs.records)
            self._counts[n] += int(gone.sum())
            rows = np.flatnonzero(gone if gone.any() else reached)  # those who went it, or else those who were near
            if len(rows) and self._is_rare(n):
                kept = rows[:: max(1, len(rows) // _PARENTS)][:_PARENTS]
                parents = runs.records[kept]
                parents[:, self._layout.window] = runs.memory[kept]
                self._parents[n] = parents, runs.bases[kept]

    def _went(self, way: Way, records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if way.flags is not None:
            flags = records[:, way.flags // 8]
            reached = flags != np.uint64(NOT_EXECUTED)
            return reached, reached & (holds(flags, way.condition[0]) == way.condition[1])
        reached = self._marked(records, way.reached)
        if way.lanes is not None:
            first, count, wanted = way.lanes
            words = records[:, first : first + count]
            return reached, reached & (words != np.uint64(0 if wanted else NOT_EXECUTED)).any(1)
        return reached, reached & (
            self._marked(records, way.gone) if way.beside is None else ~self._marked(records, way.beside)
        )

    def _is_rare(self, n: int) -> bool:
        """Too few would go way `n` if the rest of the states were as those before."""
        return self._counts[n] < max(ENOUGH, min(_PLENTY, _PLENTY * self._seen // _USUAL))

    def rare(self) -> list[str]:
        """The ways that fewer than ENOUGH states went."""
        return [way.text for way, count in zip(self._ways, self._counts) if count < ENOUGH]

    def unreached(self) -> tuple[Unreached, ...]:
        """The ways of `rare` where no state went any of them; nothing where some state did."""
        rare = [(way, count) for way, count in zip(self._ways, self._counts) if count < ENOUGH]
        return tuple(way.unreached() for way, _ in rare) if not any(count for _, count in rare) else ()

    def breed(self, rng: np.random.Generator, plan: Recipe, records: np.ndarray, bases: np.ndarray) -> None:
        """Makes fresh `records` at `bases` children of parents of rare ways; leaves them alone where there are none."""
        rare = [n for n in range(len(self._ways)) if n in self._parents and self._is_rare(n)]
        if not rare:
            return
        records, bases = records[: _PLENTY * len(rare)], bases[: _PLENTY * len(rare)]
        turn = np.arange(len(records)) % len(rare)
        for k, n in enumerate(rare):
            rows = np.flatnonzero(turn == k)
            if len(rows):
                records[rows] = self._children(rng, plan, n, records[rows], bases[rows])
        satisfy(plan, records)

    def _marked(self, records: np.ndarray, mark: int | None) -> np.ndarray:
        return records[:, mark // 8] != np.uint64(NOT_EXECUTED) if mark is not None else np.ones(len(records), bool)

    def _children(
        self, rng: np.random.Generator, plan: Recipe, number: int, fresh: np.ndarray, bases: np.ndarray
    ) -> np.ndarray:
        """Parents with pointers moved along, some of what decides no branch from `fresh`, and what decides this one
        changed.
        """
        layout, way = self._layout, self._ways[number]
        parents, homes = self._parents[number]
        chosen = rng.integers(0, len(parents), len(bases))
        children, homes = parents[chosen], homes[chosen]
        offsets = [within(logged(children, *each), homes) for each in self._sides]
        inputs = children[:, : layout.outputs // 8]
        inside = inputs - homes[:, None] < np.uint64(max(layout.size, 1))
        inputs[inside] += np.broadcast_to((bases - homes)[:, None], inputs.shape)[inside]
        children[:, layout.outputs // 8 :] = np.uint64(NOT_EXECUTED)
        self._mix(rng, plan, children, fresh, offsets)
        for chance in (1, 2) if self._counts[number] < ENOUGH else (4,):
            rows = np.flatnonzero(rng.integers(0, chance, len(bases)) == 0)
            self._change(rng, plan, children, rows, way.leaves, offsets[way.side])
        node = self._solver().graph.conditions.get((way.side, way.step))
        if node is not None and self._counts[number] < ENOUGH:
            half = len(children) // 2
            self._solver().toward(rng, children[:half], bases[:half], node, self._rounds > 1)
        return children

    def _mix(
        self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, fresh: np.ndarray, offsets: list[np.ndarray]
    ) -> None:
        """Half of the children get half of their inputs from `fresh`, but not pointers or what decides branches."""
        layout, count = self._layout, len(children)
        chance = rng.integers(0, 2, (count, 1)) == 0
        taken = chance & (rng.integers(0, 2, (count, layout.outputs // 8), np.uint8) == 0)
        kept = {layout.next, layout.stack, *(layout.general.get(n) for n in plan.pointers)}
        for side, leaf in self._deciding:
            if leaf.register is not None:
                kept.add(layout.general.get(leaf.register))
            else:
                word = (offsets[side][:, leaf.site] + np.uint64(leaf.offset)) >> np.uint64(3)
                rows = np.flatnonzero(word < np.uint64(layout.size // 8))
                taken[rows, word[rows].astype(np.int64)] = False
        taken[:, [place // 8 for place in kept if place is not None]] = False
        np.copyto(children[:, : layout.outputs // 8], fresh[:, : layout.outputs // 8], where=taken)

    def _change(
        self,
        rng: np.random.Generator,
        plan: Recipe,
        children: np.ndarray,
        rows: np.ndarray,
        leaves: tuple[Leaf, ...],
        offsets: np.ndarray,
    ) -> None:
        """One of `leaves` in each of `rows`; `offsets`: what each site accessed, from the window's start."""
        layout = self._layout
        which = rng.integers(0, len(leaves), len(rows))
        for n, leaf in enumerate(leaves):
            mine = rows[which == n]
            if leaf.register in (-1, 31) or (leaf.register is not None and leaf.register not in layout.general):
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

    def _values(
        self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, rows: np.ndarray, old: np.ndarray
    ) -> np.ndarray:
        """Constants of the code, other registers or their neighbours, core values, or one bit flipped."""
        count, pools = len(rows), plan.pools
        kind = rng.integers(0, 6, count)
        places = np.array([offset // 8 for offset in self._layout.general.values()] or [0])
        other = children[rows, places[rng.integers(0, len(places), count)]] + pick(rng, pools.steps, count)
        near = pick(rng, pools.factors, count) + rng.integers(-1, 2, count).astype(np.uint64)
        flipped = old ^ np.uint64(1) << rng.integers(0, 64, count, np.uint64)
        return np.choose(
            kind, [near, near, other, pick(rng, pools.mentioned, count), pick(rng, pools.core, count), flipped]
        )

    def _shuffle(self, rng: np.random.Generator, plan: Recipe, children: np.ndarray, rows: np.ndarray) -> None:
        """Vector registers get other values, related ones among them."""
        places = [offset // 8 + half for offset in self._layout.vectors.values() for half in (0, 1)]
        for place in places:
            some = rows[rng.integers(0, 2, len(rows)) == 0]
            children[some, place] = pick(
                rng, plan.pools.core_floats if rng.integers(0, 2) else plan.pools.floats, len(some)
            )
