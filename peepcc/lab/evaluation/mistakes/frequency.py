"""How often a wrong rewrite differs: the share of random states on which it shows.

The emulator that judges draws states that are made to find differences, and stops at the
first. Here registers and flags are uniformly random, so that a small share means: testing
with random inputs would hardly ever show it. Pointers and what is loaded into pointers must
lead into the emulator's memory and are drawn as the judge draws them; so is all memory where
some of it feeds an address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from ....analysis.obligation import Obligation
from ....analysis.registers import union
from ....validate.emulator.access_log import complete, valid
from ....validate.emulator.compare import Runs, differences
from ....validate.emulator.harness import exits, harness
from ....validate.emulator.inputs.draw import Recipe, draw, recipe, satisfy, spans
from ....validate.emulator.inputs.rng import Dice
from ....validate.emulator.inputs.value_pools import pools
from ....validate.emulator.layout import RECORDS, Layout, Unsupported, layout, window_size
from ....validate.emulator.machine import HEAD, Machine, NotRun

STATES = 16384
_ROUND = 4096
_MOST_ROUNDS = 16  # where few of the states drawn are valid
_COMMON = 200  # differing states that leave no doubt that they are common


@dataclass(frozen=True, slots=True)
class Frequency:
    """Of `states` valid random states, `differ` showed a difference.

    `names`: in how many of them each output differs.
    """

    states: int
    differ: int
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        return self.differ / self.states if self.states else None


def frequency(obligation: Obligation, seed: int, states: int = STATES) -> Frequency:
    """Counts over at least `states` states.

    Over fewer where many differ or few are valid, over none where the emulator cannot run it.
    """
    for extended in (False, True):
        try:
            return _counted(obligation, seed, states, extended)
        except NotRun:
            continue
        except Unsupported:
            break
    return Frequency(0, 0)


def _counted(obligation: Obligation, seed: int, states: int, extended: bool) -> Frequency:
    programs = obligation.source, obligation.target
    keys = tuple(dict.fromkeys(key for program in programs for key in exits(program, obligation.aliases)))
    size = (
        window_size(spans(obligation)) if any(step.effect.accesses for each in programs for step in each.steps) else 0
    )
    place = layout(obligation, size, union(map(obligation.live_at, keys)))
    plan = recipe(obligation, place, pools(np.random.default_rng(seed), programs, size, bool(place.vectors)))
    numbers = {key: n for n, key in enumerate(keys, 1)}
    code = tuple(
        harness(program, side, place, numbers, obligation.aliases, HEAD)
        for program, side in zip(programs, (place.source, place.target))
    )
    dice, names = Dice(seed), Counter()
    seen = differ = 0
    for _ in range(_MOST_ROUNDS):
        runs = _runs(plan, code, dice, extended)
        rows = np.zeros(len(runs.records), bool)
        for each in differences(obligation, place, runs, keys):
            if each.rows.any():
                rows |= each.rows
                names["memory" if each.name.startswith("[") else each.name] += int(each.rows.sum())
        seen, differ = seen + len(rows), differ + int(rows.sum())
        if seen >= states or differ >= _COMMON:
            break
    return Frequency(seen, differ, dict(names))


def _runs(plan: Recipe, code: tuple[bytes, bytes], dice: Dice, extended: bool) -> Runs:
    """Both sides on one round of states, those valid for the source only."""
    place, machine = plan.layout, _machine()
    count = min(_ROUND, machine.capacity(place.stride))
    records = machine.records(count, place.stride)
    bases = RECORDS + np.arange(count, dtype=np.uint64) * np.uint64(place.stride)
    draw(dice, plan, records, bases)
    _uniform(dice, plan, records)
    memory = records[:, place.window].copy()
    _run(machine, place, code, 0, records, np.arange(count), extended)
    good = np.flatnonzero(valid(records, bases, place.source, place.source_sites, place.size))
    source_memory = records[:, place.window].copy()
    records[:, place.window] = memory
    if len(good):
        _run(machine, place, code, 1, records, good, extended)
    return Runs(records[good], bases[good], memory[good], source_memory[good])


def _uniform(dice: Dice, plan: Recipe, records: np.ndarray) -> None:
    """Uniform numbers in all that feeds no address; what is known at entry holds."""
    place, count = plan.layout, len(records)
    for n, offset in place.general.items():
        if n not in plan.pointers and n not in plan.indices:
            records[:, offset // 8] = dice.integers(0, 1 << 64, count, np.uint64)
    if place.rounding is not None:
        records[:, place.rounding // 8] = 0  # to nearest, as programs run
    for offset in place.vectors.values():
        records[:, offset // 8 : offset // 8 + 2] = dice.integers(0, 1 << 64, (count, 2), np.uint64)
    if place.size and not plan.slots:
        records[:, place.window] = dice.integers(0, 1 << 64, (count, place.size // 8), np.uint64)
    satisfy(plan, records)


def _run(
    machine: Machine,
    place: Layout,
    code: tuple[bytes, bytes],
    side: int,
    records: np.ndarray,
    rows: np.ndarray,
    extended: bool,
) -> None:
    machine.run(code[side], side, rows, place.stride, place.next, None, extended)
    complete(
        records,
        *((place.target, place.target_sites) if side else (place.source, place.source_sites)),
        rows if len(rows) < len(records) else slice(None),
    )


@cache
def _machine() -> Machine:
    return Machine()
