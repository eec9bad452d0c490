"""How long the rewrite of one unit may take: one rule for every stage, and for what ends a rewrite that hangs.

Nothing new is begun after the deadline; what was begun may take `longest` in all. It promises nothing
about a stage that does not look at it.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from .errors import PeepccError


class TooLate(PeepccError):
    """The budget was spent before anything was known that could be kept."""

    def __init__(self) -> None:
        super().__init__("the budget was spent")


@dataclass(frozen=True, slots=True)
class Clock:
    """`deadline` is in `time.monotonic()` seconds."""

    deadline: float

    @property
    def left(self) -> float:
        """Seconds until the deadline, negative after it."""
        return self.deadline - time.monotonic()

    @property
    def over(self) -> bool:
        return self.left <= 0

    def check(self) -> None:
        """Raises TooLate after the deadline."""
        if self.over:
            raise TooLate

    def share(self, part: float) -> Clock:
        """A clock that stops when this part of the time that is left has passed."""
        return Clock(time.monotonic() + max(0.0, self.left) * part)


ALL_TIME = Clock(math.inf)


def unhurried() -> None:
    """Stands for `Clock.check` where time is no matter."""


def longest(budget: float) -> float:
    """Seconds after which a rewrite is ended: the libraries are to be loaded, and what was begun in time is to end."""
    return 1.5 * budget + 1.0
