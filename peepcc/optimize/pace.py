"""The first answers about the windows of a unit, in slices: as many functions as the budget goes round.

A slice is looked into, asked about and judged before the next one is begun, so that a unit too large
for its budget keeps what came of its first functions. Where the budget is not felt, one slice is all
there is. It promises nothing about which functions a budget that is felt will reach.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace

from ..analysis.dataflow.known_values import KnownAt
from ..analysis.dataflow.liveness import Liveness
from ..analysis.unit_analysis import Analysed
from ..analysis.windows import Window, windows
from ..assembly.syntax import Function
from ..clock import Clock, TooLate
from ..validate.verdict import Judgement, Verdict
from .outcome import Outcome
from .subdivide import Look

_TIMES = 7  # as long as to find a window it takes, at least, to ask about it and to judge
_SHARE = 1 / (1 + _TIMES)  # of the time left, to find windows for a slice


@dataclass(frozen=True, slots=True)
class FirstLook:
    """`analysed`: with the functions that were looked into. `outcomes`: of their windows, in order.

    `unreached`: the other functions.
    """

    analysed: Analysed
    outcomes: tuple[Outcome, ...]
    unreached: tuple[Function, ...]


def first_look(analysed: Analysed, look: Look, clock: Clock) -> FirstLook:
    """`look` asks and judges, and gives an outcome for each window, by the deadline or soon after."""
    cut = _Cutter(analysed, clock)
    outcomes: list[Outcome] = []
    while slice_ := cut.next():
        outcomes += look(slice_)
    outcomes += (Outcome(window, None, Judgement(Verdict.TOO_LATE)) for window in cut.waiting)
    return FirstLook(replace(analysed, functions=tuple(cut.about)), tuple(outcomes), tuple(cut.left))


class _Cutter:
    """Cuts the next slice whenever it is asked to.

    `waiting`: windows found that are in no slice yet. `left`: functions not looked into.
    """

    def __init__(self, analysed: Analysed, clock: Clock):
        self.about: list[tuple[Function, Liveness, KnownAt]] = []
        self.waiting: deque[Window] = deque()
        self.left = deque(analysed.chosen)
        self._analysed, self._clock = analysed, clock
        self._found, self._seconds = 0, 0.0

    def next(self) -> tuple[Window, ...]:
        """Empty where nothing is left, or no time."""
        if self._clock.over:
            return ()
        share = self._clock.share(_SHARE)
        while self.left and not (share.over and self.waiting):
            try:
                self._into(self.left[0])
            except TooLate:
                return ()
            self.left.popleft()
        return tuple(self.waiting.popleft() for _ in range(min(len(self.waiting), self._affordable())))

    def _into(self, function: Function) -> None:
        begun, analysed, check = time.monotonic(), self._analysed, self._clock.check
        about = function, live, known = analysed.into(function, check)
        found = windows(analysed.module, function, analysed.at, live, known, analysed.facts, check=check)
        self.about.append(about)
        self.waiting += found
        self._found += len(found)
        self._seconds += time.monotonic() - begun

    def _affordable(self) -> int:
        """Windows that may be looked at in the time left, going by what it took to find those so far.

        More than there are, unless one function took very long.
        """
        per_window = max(self._seconds / self._found, 1e-6) if self._found else 1.0
        return max(1, int(min(max(0.0, self._clock.left) / per_window / _TIMES, 1e9)))
