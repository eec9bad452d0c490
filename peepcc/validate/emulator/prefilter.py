"""The first glance at a target: few states, which its source has run already, whatever targets came before.

Most proposals are wrong in most states, so that nearly all of them end here, for a small
part of what a judgement costs. A glance can only refute: what passes it is judged as if there had been none.
What it finds hangs on the obligation alone, not on what was looked at before.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from ...analysis.obligation import Obligation, Program
from ...analysis.registers import Parts
from ...assembly.syntax import Symbol
from ..verdict import Counterexample
from .access_log import complete, valid
from .compare import Runs, broken_rules, other_results
from .harness import harness
from .inputs.draw import recipe, spans
from .inputs.from_counterexample import put
from .inputs.prefilter_states import STATES, draw
from .inputs.relocate import repair
from .inputs.rng import Dice
from .layout import RECORDS, Layout, mentioned, source_layout, window_size, with_target
from .machine import HEAD, Machine, NotRun
from .solve.address_origins import origins

_KEPT = 128  # sources
_ROOM = 512  # bytes of a record for what a target leaves, or a multiple
_REPAIRS = 5
_MOST_INVALID = 0.5
_FEWEST = 8  # valid states, or the glance says nothing


@dataclass(frozen=True)
class _Ready:
    """A source that has run: `layout` has no target yet, `records` (STATES, words) have its outputs and the memory at
    entry.

    `rows`: the valid ones. `source_memory`: what it left, of `rows`.
    """

    layout: Layout
    records: np.ndarray
    bases: np.ndarray
    rows: np.ndarray
    source_memory: np.ndarray


@dataclass(frozen=True)
class Seen:
    """States that were run, and the row of one that shows a difference."""

    layout: Layout
    runs: Runs
    row: int


class Glance:
    """Not for two threads at once."""

    def __init__(self, machine: Machine):
        self._machine = machine
        self._kept: OrderedDict[tuple, _Ready | None] = OrderedDict()

    def look(
        self, obligation: Obligation, keys: tuple[str, ...], live: Parts, given: tuple[Counterexample, ...] = ()
    ) -> Seen | None:
        """A difference, or None.

        `keys`: exit keys of both, the source's first; `live`: what is of interest at any. Raises Unsupported.

        `given`: put in place of some of the states; what the source then does is not kept, as it will hardly be asked
        for again.
        """
        ready = self._run(obligation, keys, live, given) if given else self._ready(obligation, keys, live)
        if ready is None:
            return None
        layout = with_target(ready.layout, obligation.target, live)
        if layout.stride > ready.layout.stride or (layout.target_sites and not layout.size):
            return None
        stride = ready.layout.stride
        numbers = {key: n for n, key in enumerate(keys, 1)}
        records = self._machine.records(STATES, stride)
        records[:] = ready.records
        try:
            self._machine.run(
                harness(obligation.target, layout.target, layout, numbers, obligation.aliases, HEAD),
                1,
                ready.rows,
                stride,
                layout.next,
                None,
                False,
            )
        except NotRun:
            return None
        complete(records, layout.target, layout.target_sites, slice(None))
        rows = ready.rows
        memory = ready.records[:, layout.window]
        runs = Runs(records[rows], ready.bases[rows], memory[rows], ready.source_memory)
        for each in chain(other_results(obligation, layout, runs, keys), broken_rules(obligation, layout, runs)):
            if each.rows.any():
                return Seen(layout, runs, int(each.rows.argmax()))
        return None

    def _ready(self, obligation: Obligation, keys: tuple[str, ...], live: Parts) -> _Ready | None:
        key = _content(obligation, live)
        if key in self._kept:
            self._kept.move_to_end(key)
        else:
            found = self._run(obligation, keys, live, ())
            if found is not None and found.layout.bias:  # megabytes, and rare
                return found
            self._kept[key] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _run(
        self, obligation: Obligation, keys: tuple[str, ...], live: Parts, given: tuple[Counterexample, ...]
    ) -> _Ready | None:
        source = obligation.source
        alone = Obligation(
            source, Program(()), obligation.live_out, obligation.known, obligation.aliases, obligation.ordered
        )
        size = window_size(spans(alone)) if any(step.effect.accesses for step in source.steps) else 0
        layout = source_layout(source, mentioned(obligation), size, live)
        stride = -(-(layout.middle + _ROOM // 2) // _ROOM) * _ROOM
        layout = replace(layout, stride=stride)
        plan = recipe(alone, layout, None)
        records = self._machine.records(STATES, stride)
        bases = RECORDS + np.arange(STATES, dtype=np.uint64) * np.uint64(stride)
        draw(plan, source, records, bases)
        put(plan, given, records, bases)
        numbers = {each: n for n, each in enumerate(keys, 1)}
        words = harness(source, layout.source, layout, numbers, obligation.aliases, HEAD)
        memory, rows = records[:, layout.window].copy(), np.arange(STATES)
        fits = np.zeros(STATES, bool)
        try:
            for turn in range(_REPAIRS + 1):
                self._machine.run(words, 0, rows, stride, layout.next, None, False)
                complete(records, layout.source, layout.source_sites, slice(None))
                fits = valid(records, bases, layout.source, layout.source_sites, size)
                rows = np.flatnonzero(~fits)
                if len(rows) <= STATES * _MOST_INVALID or turn == _REPAIRS or not size:
                    break
                mended = records[rows]
                mended[:, layout.window] = memory[rows]
                repair(Dice(turn), plan, mended, bases[rows], origins(source))
                records[rows], memory[rows] = mended, mended[:, layout.window]
        except NotRun:
            return None
        good = np.flatnonzero(fits)
        if len(good) < _FEWEST:
            return None
        kept = records.copy()
        kept[:, layout.window] = memory
        return _Ready(layout, kept, bases, good, records[good, layout.window])


def _content(obligation: Obligation, live: Parts) -> tuple:
    """All that the states and the source's run hang on."""
    source, known = obligation.source, obligation.known
    return (
        tuple(step.word for step in source.steps),
        tuple(
            operand.name
            for step in source.steps
            for operand in step.instruction.operands
            if isinstance(operand, Symbol)
        ),
        tuple(sorted(source.labels.items())),
        tuple(sorted(obligation.aliases.items())),
        live,
        mentioned(obligation),
        tuple(sorted(known.constants.items())),
        tuple(sorted(known.zero_extended.items())),
        tuple(sorted(known.sign_extended.items())),
        known.equal,
    )
