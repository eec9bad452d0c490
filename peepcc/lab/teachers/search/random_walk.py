"""The stochastic half of `search`: shorter pieces of code that no change of one place leads to, by a random walk over
sequences.

A Metropolis walk on the number of wrong result bits over a few states and the length. Its
main move redraws one instruction: all that might stand there are run at once, as vectors,
and one is drawn by how little it leaves wrong (heat bath); the others swap, drop and insert.
Seeded, and bounded by the number of sequences that it looks at, never by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ....analysis.windows import Window
from ....assembly.print import print_instruction
from ....assembly.syntax import Instruction, Register
from .. import instruction_text as c
from ..straight_line import live_before
from .moves import HEAT, Moves
from .segment import Code, Stretch, stretches
from .vector_eval import GIVEN, drawn, foreign_flags, numbers, run_on

MOST = 300_000  # sequences looked at
_STARTS = 16  # for each stretch
_MOST_STARTS = 96
_STEPS = 5  # moves from each
_NEUTRAL = 1  # moves, at most, to code that is as long and seems right, before it must become shorter
_DEAR = 1.0  # bits a state that an instruction more is worth
_DRAWN = 240  # states, of which are taken (those that get far, others):
_WALKED = (10, 8)  # in the walk
_CHECKED = (40, 40)  # when it likes something
_SLOW = {
    "ubfx": 2,
    "ubfiz": 2,
    "asr": 3,
    "sbfx": 3,
    "ror": 3,
    "bfi": 3,
    "bfxil": 3,
    "mul": 4,
    "madd": 4,
    "msub": 4,
    "umull": 4,
    "smull": 4,
}  # all others: 1

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
        for _ in range(min(_STARTS * len(self._paths), _MOST_STARTS)):
            if self.looked >= self._most:
                return
            path = self._paths[self._rng.integers(len(self._paths))]
            code = path.shorter()
            if code is not None:
                yield _body(self._window, path.stretch, code)


def _paths(window: Window, rng: np.random.Generator, shown: Sequence[dict[str, int]]) -> list[_Path]:
    """A path for each stretch that may be shorter, on states of which enough get far."""
    live = live_before(window)
    registers = drawn(window, rng, shown, _DRAWN)
    near = numbers(window)
    brought = near[rng.integers(0, len(near), 1 << 16)] + rng.integers(-1, 2, 1 << 16).astype(np.uint64)
    found = run_on(window, registers, foreign_flags(rng, _DRAWN), 1, brought)[0]
    if not any(stretches(window, found, live)):
        return []
    given = range(min(len(shown), GIVEN))
    far = np.argsort(-sum(moment.here.astype(np.int64) for moment in found), kind="stable").tolist()
    on_some = []
    for deep, others in (_WALKED, _CHECKED):
        rows = list(dict.fromkeys([*given, *far[:deep], *far[deep :: (_DRAWN - deep) // others]]))
        some = run_on(
            window,
            {name: values[rows] for name, values in registers.items()},
            foreign_flags(rng, len(rows)),
            1,
            brought,
        )[0]
        on_some.append({(each.first, each.last): each for each in stretches(window, some, live)})
    few, more = on_some
    return [_Path(each, more[place], rng) for place, each in few.items() if place in more]


def _body(window: Window, stretch: Stretch, code: Code) -> Body:
    steps = [step.instruction for step in window.source.steps]
    new = [steps[item] if isinstance(item, int) else item for item in code]
    return tuple(map(print_instruction, (*steps[: stretch.first], *new, *steps[stretch.last :])))


class _Path:
    """Walks on one stretch, on `few` of the states."""

    def __init__(self, few: Stretch, all_states: Stretch, rng: np.random.Generator):
        self.stretch = few
        self._all = Moves(all_states, rng)
        self._moves = Moves(few, rng)
        self._rng = rng
        self._own = {item.mnemonic for item in few.code if not isinstance(item, int)}

    @property
    def looked(self) -> int:
        return self._moves.looked + self._all.looked

    def shorter(self) -> Code | None:
        """From one start: the first shorter code that seems right."""
        moves, code = self._moves, self.stretch.code
        for _ in range(self._rng.integers(_NEUTRAL + 1)):
            code = next(iter(moves.redrawn(code, moves.place(code))[0]), code)
        code = moves.dropped(code)
        wrong = moves.wrong(code)
        good = None if wrong else self._good([code])
        for _ in range(_STEPS):
            if good is not None:
                return self._tidied(good)
            right, other, less = self._moved(code)
            good = self._good(right)
            if self._rng.random() < np.exp(min(0.0, (wrong - less + _DEAR * (_free(code) - _free(other))) / HEAT)):
                code, wrong = other, less
        return None if good is None else self._tidied(good)

    def _good(self, codes: Sequence[Code]) -> Code | None:
        """Of those that are shorter and right on more states, the one that takes least."""
        shorter = sorted((code for code in codes if _free(code) < _free(self.stretch.code)), key=self._takes)
        return next((code for code in shorter if not self._all.wrong(code)), None)

    def _tidied(self, code: Code) -> Code:
        """Each place as it was, or as it takes least: the walk does not care how a value that it needs is made."""
        for n, item in enumerate(code):
            if not isinstance(item, int):
                back = [
                    (*code[:n], each, *code[n + 1 :])
                    for each in self.stretch.code
                    if not isinstance(each, int) and c.writes(each) == c.writes(item)
                ]
                other = [each for each in back if not self._moves.wrong(each)] + self._moves.redrawn(code, n)[0]
                code = next((each for each in sorted(other, key=self._takes) if not self._all.wrong(each)), code)
        return code

    def _takes(self, code: Code) -> float:
        """Rough cycles.

        Of equals, what says it in the lines of the stretch takes least, then what says it in its words.
        """
        free = [item for item in code if not isinstance(item, int)]
        return sum(
            _takes(item) + (item.mnemonic not in self._own) / 4 + (item not in self.stretch.code) / 8 for item in free
        )

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


def _takes(i: Instruction) -> int:
    return sum(
        _SLOW.get(word, 1)
        for word in (i.mnemonic, *(o.modifier for o in i.operands if isinstance(o, Register) and o.modifier))
    )


def _free(code: Sequence[Instruction | int]) -> int:
    return sum(not isinstance(item, int) for item in code)
