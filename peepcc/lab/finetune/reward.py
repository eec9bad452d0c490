"""What a reply is worth to a model that learns from it: what a build would keep of it.

-1 for what is wrong or cannot be read, -0.5 for what would not be kept though nothing shows
it wrong, 0 for "unchanged", and for what is kept the number of instructions saved, 0.5 where
only cycles are. A reply of which a part is kept is wrong all the same: -1 and what that part
saves. Judged in this process, under the policy `proved`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...optimize.check import Judge
from ...optimize.outcome import Outcome
from ...propose.protocol import Reply
from ...translation_unit import Unit
from ...validate.pipeline import PROVED
from ...validate.verdict import Verdict

WRONG = -1.0
_WORTH = {Verdict.UNCHANGED: 0.0, Verdict.COSTLIER: -0.5, Verdict.UNPROVED: -0.5}
_CYCLES_ONLY = 0.5


class Rewarder:
    """Remembers what it judged: a model says the same again and again."""

    def __init__(self, clang: str):
        self._clang = clang
        self._encoder = Encoder(clang)
        self._known: dict[object, float] = {}

    def rewards(self, cases: Sequence[tuple[Window, Reply]]) -> list[float]:
        """One a case, in order. A reply's key is that of its window's request."""
        names = [(reply.key, reply.lines) for _, reply in cases]
        left = {name: case for name, case in zip(names, cases) if name not in self._known}
        judge = Judge(self._encoder, Unit(self._clang, ""), PROVED, math.inf)
        while left:
            together = {name[0]: name for name in left}  # one reply a window at a time
            windows = [left[name][0] for name in together.values()]
            outcomes = judge.outcomes(windows, {key: left[name][1] for key, name in together.items()})
            for name, outcome in zip(together.values(), outcomes):
                self._known[name] = worth(outcome)
                del left[name]
        return [self._known[name] for name in names]


def worth(outcome: Outcome) -> float:
    judgement = outcome.judgement
    if not judgement.verdict.accepted:
        return _WORTH.get(judgement.verdict, WRONG)
    return (outcome.saved or _CYCLES_ONLY) + (WRONG if judgement.whole else 0.0)
