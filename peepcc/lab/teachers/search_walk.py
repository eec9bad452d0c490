"""The stochastic half of `search`: shorter pieces of code that no change of one place leads to, by a random walk over sequences.

A Metropolis walk on the number of wrong result bits over a few states and the length. Its
main move redraws one instruction: all that might stand there are run at once, as vectors,
and one is drawn by how little it leaves wrong (heat bath); the others swap, drop and insert.
Seeded, and bounded by the number of sequences that it looks at, never by the clock.
"""

from __future__ import annotations

from typing import Iterator, Sequence

import numpy as np

from ...analysis.windows import Window
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction, Register
from .search_moves import HEAT, Moves
from .search_stretch import Code, Stretch, stretches
from .search_values import GIVEN, Moment, drawn, foreign_flags, run_on
from .segments import live_before

MOST = 200_000  # sequences looked at
_STARTS = 24
_STEPS = 10  # moves from each
_NEUTRAL = 2  # moves, at most, to code that is as long and seems right, before it must become shorter
_DEAR = 1.0  # bits a state that an instruction more is worth
_FAR = 10  # states in the walk that get as far as any
_OTHERS = 5  # of the others every so many
_SLOW = {"ubfx": 2, "ubfiz": 2, "asr": 3, "sbfx": 3, "ror": 3, "bfi": 3, "bfxil": 3,
         "mul": 4, "madd": 4, "msub": 4, "umull": 4, "smull": 4}  # all others: 1

Body = tuple[str, ...]


class Walk:
    """Over one window, on states of which `shown`, registers that refuted an earlier body, are the first.

    `looked`: sequences run so far; no start is made once there are `most`.
    """

    def __init__(self, window: Window, seed: int, shown: Sequence[dict[str, int]] = (), most: int = MOST):
        self._window = window
        self._rng = np.random.default_rng(seed)
        self._most = most
        self._paths = _paths(window, self._rng, shown) if most > 0 else []

    @property
    def looked(self) -> int:
        return sum(path.looked for path in self._paths)

    def bodies(self) -> Iterator[Body]:
        """Shorter bodies that all vectors agree with, in the order in which the walk comes by them."""
        for _ in range(_STARTS if self._paths else 0):
            if self.looked >= self._most:
                return
            path = self._paths[self._rng.integers(len(self._paths))]
            for code in path.shorter():
                yield _body(self._window, path.stretch, code)


def _paths(window: Window, rng: np.random.Generator, shown: Sequence[dict[str, int]]) -> list[_Path]:
    live = live_before(window)
    registers = drawn(window, rng, shown)
    found = run_on(window, registers, foreign_flags(rng), 1)[0]
    on_all = {(each.first, each.last): each for each in stretches(window, found, live)}
    if not on_all:
        return []
    rows = _rows(found, min(len(shown), GIVEN))
    few = run_on(window, {name: values[rows] for name, values in registers.items()}, foreign_flags(rng, len(rows)), 1)[0]
    return [_Path(each, on_all[each.first, each.last], rng) for each in stretches(window, few, live) if (each.first, each.last) in on_all]


def _rows(found: Sequence[Moment], shown: int) -> np.ndarray:
    """Which states the walk looks at: those that were shown, those that get far, and some of the others."""
    far = np.argsort(-sum(moment.here.astype(np.int64) for moment in found), kind="stable")
    return np.array(list(dict.fromkeys([*range(shown), *far[:_FAR].tolist(), *far[_FAR::_OTHERS].tolist()])))


def _body(window: Window, stretch: Stretch, code: Code) -> Body:
    steps = [step.instruction for step in window.source.steps]
    new = [steps[item] if isinstance(item, int) else item for item in code]
    return tuple(map(print_instruction, (*steps[:stretch.first], *new, *steps[stretch.last:])))


class _Path:
    """Walks on one stretch, on `few` of the states."""

    def __init__(self, few: Stretch, all_states: Stretch, rng: np.random.Generator):
        self.stretch = few
        self._all = Moves(all_states, rng)
        self._moves = Moves(few, rng)
        self._rng = rng

    @property
    def looked(self) -> int:
        return self._moves.looked + self._all.looked

    def shorter(self) -> Iterator[Code]:
        """From one start; ends at the first code that seems right."""
        moves, code = self._moves, self.stretch.code
        for _ in range(self._rng.integers(_NEUTRAL + 1)):
            code = next(iter(moves.redrawn(code, moves.place(code))[0]), code)
        code = moves.dropped(code)
        wrong = moves.wrong(code)
        right = [] if wrong else [code]
        for _ in range(_STEPS):
            good = next((each for each in self._sorted(right) if not self._all.wrong(each)), None)
            if good is not None:
                yield good
                return
            right, other, less = self._moved(code)
            if self._rng.random() < np.exp(min(0.0, (wrong - less + _DEAR * (_free(code) - _free(other))) / HEAT)):
                code, wrong = other, less

    def _sorted(self, codes: Sequence[Code]) -> list[Code]:
        """Those that are shorter, by what they take; of equals, what says it in the words of the stretch."""
        own = {item.mnemonic for item in self.stretch.code if not isinstance(item, int)}
        shorter = [code for code in codes if _free(code) < _free(self.stretch.code)]
        return sorted(shorter, key=lambda code: sum(_takes(item, own) for item in code if not isinstance(item, int)))

    def _moved(self, code: Code) -> tuple[list[Code], Code, float]:
        moves, count = self._moves, _free(code)
        kind = self._rng.random()
        if kind < 0.1 and count > max(self.stretch.fewest, 1):
            other = moves.dropped(code)
        elif kind < 0.2 and len(code) > 1:
            other = moves.swapped(code)
        elif kind < 0.3 and count < _free(self.stretch.code) - 1:
            return moves.grown(code)
        else:
            return moves.redrawn(code, moves.place(code))
        wrong = moves.wrong(other)
        return [other] if not wrong else [], other, wrong


def _takes(i: Instruction, own: set[str]) -> float:
    """Cycles, roughly."""
    return sum(_SLOW.get(word, 1) for word in (i.mnemonic, *(o.modifier for o in i.operands if isinstance(o, Register) and o.modifier))) + (i.mnemonic not in own) / 4


def _free(code: Sequence[Instruction | int]) -> int:
    return sum(not isinstance(item, int) for item in code)
