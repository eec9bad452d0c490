"""Judges an obligation by running both sides on thousands of states in an emulator.

A refutation is a fact, with the state that shows it. An acceptance says that no difference
was seen on the states tried, nothing more. Equal obligations are judged on equal states.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

import numpy as np

from ...analysis.obligation import Obligation, Program
from ...analysis.registers import union
from ...assembly.syntax import Symbol
from ..verdict import Counterexample, Judgement, Verdict
from .access_log import complete, valid
from .compare import Runs, differences
from .counterexample import counterexample
from .harness import exits, harness
from .inputs.coverage import Cover
from .inputs.draw import Recipe, draw, recipe, satisfy, spans
from .inputs.from_counterexample import put
from .inputs.relocate import repair
from .inputs.rng import Dice
from .inputs.value_pools import pools
from .layout import RECORDS, Layout, Unsupported, layout, window_size
from .machine import HEAD, Machine, NotRun
from .prefilter import Glance
from .solve.address_origins import origins
from .solve.expression_graph import Graph
from .solve.solver import Solver

_FIRST_ROUND = 192  # most wrong proposals are refuted by it
_MOST_GIVEN = 32
_ROUND = 4096
_SPARE = 32  # in so many states drawn, one more than seem to be needed
_SHORT_ROUNDS = 8  # while some way out of a branch was gone by few states
_SEARCH = 256
_RARE = 8  # one state in so many is made so that some result is rare
_MOST_DRAWN = 4  # times the states wanted
_REPAIRS = 5
_ENOUGH_VALID = 0.9  # of the states of a round, or more are mended


class Emulator:
    """Not for two threads at once."""

    def __init__(self):
        self._machine = Machine()
        self._glance = Glance(self._machine)

    def judge(
        self,
        obligation: Obligation,
        *,
        states: int = 4096,
        seed: int | None = None,
        first: Sequence[Counterexample] = (),
    ) -> Judgement:
        """ACCEPTED_EMULATED: no difference on at least `states` states. REFUTED, or UNPROVED with the reason.

        UNPROVED with `unreached`: no difference on so many states either, but none of them took those directions.

        `first`: the inputs of the last of these are among the first states, on top of the others.
        """
        given = tuple(first)[-_MOST_GIVEN:]
        try:
            keys = _exit_keys(obligation)
            live = union(map(obligation.live_at, keys))
            seen = self._glance.look(obligation, keys, live) or (
                given and self._glance.look(obligation, keys, live, given)
            )
            if seen:
                return _refuted(obligation, seen.layout, seen.runs, seen.row, keys, 0)
            seed = _seed(obligation) if seed is None else seed
            try:
                return self._judged(obligation, keys, states, seed, given, extended=False)
            except NotRun:
                return self._judged(obligation, keys, states, seed, given, extended=True)
        except Unsupported as error:
            return Judgement(Verdict.UNPROVED, error.reason)

    def _judged(
        self,
        obligation: Obligation,
        keys: tuple[str, ...],
        states: int,
        seed: int,
        given: tuple[Counterexample, ...],
        extended: bool,
    ) -> Judgement:
        trial = _Trial(self._machine, obligation, keys, seed, given, extended)
        tried = drawn = turn = 0
        states += len(given)  # which are evidence of nothing but themselves
        cover = Cover(obligation, trial.layout, lambda: trial.solver)
        while (tried < states or cover.rare()) and drawn < states * _MOST_DRAWN:
            short = not turn or (turn < _SHORT_ROUNDS and cover.rare())
            needed = max((states - tried) * drawn // max(tried, 1), _SEARCH)  # were as many valid as up to now
            count = min(_FIRST_ROUND + len(given) if short else _ROUND, trial.capacity, needed + needed // _SPARE + 1)
            runs = trial.run(count, cover)
            found = list(differences(obligation, trial.layout, runs, keys))
            if any(each.rows.any() for each in found):
                row = min(int(each.rows.argmax()) for each in found if each.rows.any())
                return _refuted(obligation, trial.layout, runs, row, keys, tried)
            cover.note(runs)
            tried, drawn, turn = tried + len(runs.records), drawn + count, turn + 1
        if tried < states:
            return Judgement(
                Verdict.UNPROVED,
                f"only {tried} of {drawn} states keep the source's accesses in the emulator's memory",
                tried,
            )
        if cover.rare():
            return Judgement(
                Verdict.UNPROVED, f"too few states went this way: {cover.rare()[0]}", tried, unreached=cover.unreached()
            )
        return Judgement(Verdict.ACCEPTED_EMULATED, "no difference seen", tried)


def _exit_keys(obligation: Obligation) -> tuple[str, ...]:
    """Of both sides, the source's first. Raises Unsupported."""
    return tuple(
        dict.fromkeys(
            key for program in (obligation.source, obligation.target) for key in exits(program, obligation.aliases)
        )
    )


def _refuted(
    obligation: Obligation, layout: Layout, runs: Runs, row: int, keys: tuple[str, ...], before: int
) -> Judgement:
    """By record number `row`, after as many states as were `before`."""
    return Judgement(
        Verdict.REFUTED,
        "an input shows a difference",
        before + row + 1,
        counterexample(obligation, layout, runs, row, keys),
    )


class _Trial:
    """One obligation, ready to run."""

    def __init__(
        self,
        machine: Machine,
        obligation: Obligation,
        keys: tuple[str, ...],
        seed: int,
        given: tuple[Counterexample, ...],
        extended: bool,
    ):
        programs = (obligation.source, obligation.target)
        size = (
            window_size(spans(obligation))
            if any(step.effect.accesses for each in programs for step in each.steps)
            else 0
        )
        self.layout: Layout = layout(obligation, size, union(map(obligation.live_at, keys)))
        self.capacity = min(machine.capacity(self.layout.stride), (1 << 23) // self.layout.stride)
        self.recipe: Recipe = recipe(
            obligation, self.layout, pools(np.random.default_rng(seed), programs, size, bool(self.layout.vectors))
        )
        numbers = {key: n for n, key in enumerate(keys, 1)}
        self._code = [
            harness(program, side, self.layout, numbers, obligation.aliases, HEAD)
            for program, side in zip(programs, (self.layout.source, self.layout.target))
        ]
        self._traced = origins(obligation.source)
        self._machine, self._rng = machine, Dice(seed)
        self._extended = extended
        self._programs = programs
        self._given = given
        self._turn = 0

    @cached_property
    def solver(self) -> Solver:
        return Solver(Graph(self._programs), self.layout, self.recipe.pools.factors)

    def run(self, count: int, cover: Cover) -> Runs:
        """Both sides on at most `count` states, all valid for the source; half of them bred for rare ways.

        The next run overwrites what this one returns.
        """
        layout, machine = self.layout, self._machine
        records = machine.records(count, layout.stride)
        bases = RECORDS + np.arange(count, dtype=np.uint64) * np.uint64(layout.stride)
        draw(self._rng, self.recipe, records, bases)
        if not self._turn:
            put(self.recipe, self._given, records, bases)
        rare = count // _RARE
        if self._turn:  # most wrong proposals are refuted before that
            self.solver.spread(self._rng, records[:rare], bases[:rare], self._turn == 1)
            satisfy(self.recipe, records[:rare])
        self._turn += 1
        cover.breed(self._rng, self.recipe, records[count // 2 :], bases[count // 2 :])
        memory = records[:, layout.window].copy()
        self._emulate(0, records, np.arange(count))
        fits = self._valid(records, bases)
        for _ in range(_REPAIRS if layout.size else 0):
            bad = np.flatnonzero(~fits)
            if len(bad) <= count * (1 - _ENOUGH_VALID if self._turn > 1 else 0.5):
                break
            mended = records[bad]
            mended[:, layout.window] = memory[bad]
            repair(self._rng, self.recipe, mended, bases[bad], self._traced)
            records[bad], memory[bad] = mended, mended[:, layout.window]
            self._emulate(0, records, bad)
            fits[bad] = self._valid(records[bad], bases[bad])
        good = np.flatnonzero(fits)
        source_memory = records[:, layout.window].copy()
        records[:, layout.window] = memory
        if len(good):
            self._emulate(1, records, good)
        holes, last = np.flatnonzero(~fits[: len(good)]), good[good >= len(good)]
        for each in (records, bases, memory, source_memory):
            each[holes] = each[last]
        return Runs(*(each[: len(good)] for each in (records, bases, memory, source_memory)))

    def _valid(self, records: np.ndarray, bases: np.ndarray) -> np.ndarray:
        return valid(records, bases, self.layout.source, self.layout.source_sites, self.layout.size)

    def _emulate(self, side: int, records: np.ndarray, rows: np.ndarray) -> None:
        layout = self.layout
        self._machine.run(self._code[side], side, rows, layout.stride, layout.next, None, self._extended)
        where = rows if len(rows) < len(records) else slice(None)
        complete(
            records, *((layout.target, layout.target_sites) if side else (layout.source, layout.source_sites)), where
        )


def emulate(
    obligation: Obligation, *, states: int = 4096, seed: int | None = None, first: Sequence[Counterexample] = ()
) -> Judgement:
    """`Emulator.judge` on an emulator that this thread keeps; `seed` comes from the content where it is None."""
    return _emulator(threading.get_ident()).judge(obligation, states=states, seed=seed, first=first)


@cache
def _emulator(thread: int) -> Emulator:
    return Emulator()


def _seed(obligation: Obligation) -> int:
    known = obligation.known
    content = (
        *_content(obligation.source),
        *_content(obligation.target),
        sorted(obligation.live_out.items()),
        sorted(obligation.aliases.items()),
        sorted(known.constants.items()),
        sorted(known.zero_extended.items()),
        sorted(known.sign_extended.items()),
        sorted(sorted(group) for group in known.equal),
        obligation.ordered,
    )
    return int.from_bytes(hashlib.sha256(repr(content).encode()).digest()[:8], "little")


def _content(program: Program) -> Iterator[object]:
    yield [
        (step.word, *(str(each) for each in step.instruction.operands if isinstance(each, Symbol)))
        for step in program.steps
    ]
    yield sorted(program.labels.items())
