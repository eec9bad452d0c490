"""What the portfolio asks of a solver, and the model that it answers with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Model:
    """`variables`: name -> value at entry. `byte(address)`: memory at entry."""

    variables: dict[str, int]
    byte: Callable[[int], int]


class Solver(Protocol):
    """One question: whether 1-bit terms can all be 1."""

    def check(self, seconds: float) -> bool | None:
        """None: no answer in time."""

    def model(self) -> Model: ...
