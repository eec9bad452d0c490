"""Judges an obligation by running both sides on thousands of states in an emulator.

A refutation is a fact, with the state that shows it. An acceptance says that no difference
was seen on the states tried, nothing more. Equal obligations are judged on equal states.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from typing import Iterator

import numpy as np

from ..analysis.obligation import Obligation, Program
from .emulate_compare import differences
from .emulate_explain import counterexample
from .emulate_harness import exits, harness
from .emulate_layout import Layout, Unsupported, layout, window_size
from .emulate_machine import RECORDS, Machine
from .emulate_origins import origins
from .emulate_repair import repair, valid
from .emulate_states import Recipe, draw, recipe, spans
from .emulate_values import pools
from .verdict import Judgement, Verdict

_FIRST_ROUND = 512  # most wrong proposals are refuted by it
_ROUND = 2048
_MOST_DRAWN = 8  # times the states wanted
_REPAIRS = 5
_ROUNDINGS = (0, 0x400000, 0x800000, 0xC00000)  # FPCR: nearest, up, down, zero


class Emulator:
    """Not for two threads at once."""

    def __init__(self):
        self._machine = Machine()

    def judge(self, obligation: Obligation, *, states: int = 4096, seed: int | None = None) -> Judgement:
        """ACCEPTED_EMULATED: no difference on at least `states` states. REFUTED, or UNPROVED with the reason."""
        try:
            return self._judged(obligation, states, _seed(obligation) if seed is None else seed)
        except Unsupported as error:
            return Judgement(Verdict.UNPROVED, error.reason)

    def _judged(self, obligation: Obligation, states: int, seed: int) -> Judgement:
        trial = _Trial(self._machine, obligation, np.random.default_rng(seed))
        tried = drawn = turn = 0
        while tried < states and drawn < states * _MOST_DRAWN:
            count = min(_FIRST_ROUND if not turn else _ROUND, trial.capacity, max(states - tried, 64))
            rounding = _ROUNDINGS[turn % 4] if trial.recipe.floating else 0
            records = trial.run(count, rounding)
            found = list(differences(obligation, trial.layout, records, trial.keys))
            if any(each.rows.any() for each in found):
                shown, row = counterexample(obligation, trial.layout, records, found, trial.keys, rounding)
                return Judgement(Verdict.REFUTED, "an input shows a difference", tried + row + 1, shown)
            tried, drawn, turn = tried + len(records), drawn + count, turn + 1
        if tried < states:
            return Judgement(Verdict.UNPROVED, f"only {tried} of {drawn} states keep the source's accesses in the emulator's memory", tried)
        return Judgement(Verdict.ACCEPTED_EMULATED, "no difference seen", tried)


class _Trial:
    """One obligation, ready to run."""

    def __init__(self, machine: Machine, obligation: Obligation, rng: np.random.Generator):
        programs = (obligation.source, obligation.target)
        found = [key for program in programs for key in exits(program, obligation.aliases)]
        self.keys = tuple(dict.fromkeys(found))
        size = window_size(spans(obligation)) if any(step.effect.accesses for each in programs for step in each.steps) else 0
        self.layout: Layout = layout(obligation, size)
        self.capacity = min(machine.capacity(self.layout.stride), (1 << 23) // self.layout.stride)
        self.recipe: Recipe = recipe(obligation, self.layout, pools(rng, programs, size))
        numbers = {key: n for n, key in enumerate(self.keys, 1)}
        self._code = [harness(program, side, self.layout, numbers, obligation.aliases, RECORDS)
                      for program, side in zip(programs, (self.layout.source, self.layout.target))]
        self._traced = origins(obligation.source)
        self._machine, self._rng = machine, rng
        self._extended = False

    def run(self, count: int, rounding: int) -> np.ndarray:
        """At most `count` records of both sides, all valid for the source."""
        records = draw(self._rng, self.recipe, count)
        self._emulate(0, records, rounding)
        for _ in range(_REPAIRS):
            bad = np.flatnonzero(~self._valid(records))
            if not len(bad):
                break
            mended = records[bad]
            repair(self._rng, self.recipe, mended, self._traced)
            self._emulate(0, mended, rounding)
            records[bad] = mended
        records = records[self._valid(records)]
        if len(records):
            self._emulate(1, records, rounding)
        return records

    def _valid(self, records: np.ndarray) -> np.ndarray:
        return valid(records, self.layout.source, self.layout.source_sites, self.layout.size)

    def _emulate(self, side: int, records: np.ndarray, rounding: int) -> None:
        more = self.layout.more // 8
        if not self._extended:
            try:
                return self._machine.run(self._code[side], side, records, more, rounding, False)
            except Unsupported:
                self._extended = True
        self._machine.run(self._code[side], side, records, more, rounding, True)


def emulate(obligation: Obligation, *, states: int = 4096, seed: int | None = None) -> Judgement:
    """`Emulator.judge` on an emulator that this thread keeps; `seed` comes from the content where it is None."""
    return _emulator(threading.get_ident()).judge(obligation, states=states, seed=seed)


@cache
def _emulator(thread: int) -> Emulator:
    return Emulator()


def _seed(obligation: Obligation) -> int:
    known = obligation.known
    content = (
        *_content(obligation.source), *_content(obligation.target), sorted(obligation.live_out.items()), sorted(obligation.aliases.items()),
        sorted(known.constants.items()), sorted(known.zero_extended.items()), sorted(known.sign_extended.items()),
        sorted(sorted(group) for group in known.equal), obligation.ordered,
    )
    return int.from_bytes(hashlib.sha256(repr(content).encode()).digest()[:8], "little")


def _content(program: Program) -> Iterator[object]:
    yield [(step.word, str(step.instruction.operands[-1:])) for step in program.steps]
    yield sorted(program.labels.items())
