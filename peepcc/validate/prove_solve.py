"""Asks solvers whether conditions can hold together: Bitwuzla first, z3 in the time that is left.

An answer within the time, or none: no answer is never taken for "no". Each library gets its
own time limit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Protocol, Sequence

from .prove_terms import Term

_FIRST = 0.6  # Bitwuzla's share of the time


@dataclass(frozen=True, slots=True)
class Model:
    """`variables`: name -> value at entry. `byte(address)`: memory at entry."""

    variables: dict[str, int]
    byte: Callable[[int], int]


class Solver(Protocol):
    """One question: see `prove_bitwuzla`."""

    def check(self, wanted: Sequence[Term], seconds: float) -> bool | None: ...

    def model(self) -> Model: ...


def satisfiable(required: Sequence[Term], wanted: Sequence[Term], deadline: float) -> tuple[bool | None, Model | None, str]:
    """Whether all of `required` (1-bit) can hold; a model, in which `wanted` hold too if they can; who said so."""
    left = deadline - time.monotonic()
    for name, share in (("bitwuzla", _FIRST), ("z3", 1.0)):
        seconds = min(left * share, deadline - time.monotonic())
        if seconds <= 0:
            break
        solver = _solver(name, required)
        answer = solver.check((), seconds)
        if answer is False:
            return False, None, name
        if answer:
            if wanted and solver.check(wanted, max(0.1, deadline - time.monotonic())):
                return True, solver.model(), name
            if wanted:
                solver.check((), max(0.1, deadline - time.monotonic()))
            return True, solver.model(), name
    return None, None, ""


def _solver(name: str, required: Sequence[Term]) -> Solver:
    if name == "bitwuzla":
        from .prove_bitwuzla import Bitwuzla

        return Bitwuzla(required)
    from .prove_z3 import Z3  # takes half a second to import

    return Z3(required)
