"""Asks solvers whether conditions can hold together: Bitwuzla first, z3 in the time that is left.

An answer within the time, or none: no answer is never taken for "no". Each library gets its
own time limit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from ..terms.term import Term, Unproved, subterms
from .model import Model, Solver

_FIRST = 0.6  # Bitwuzla's share of the time
_LEAST = 0.1  # seconds for a nicer model
_MOST_TERMS = 20_000  # solvers look at their clocks between steps, and a step on more may be long


def satisfiable(
    required: Sequence[Term], wanted: Sequence[Term], deadline: float
) -> tuple[bool | None, Model | None, str]:
    """Whether all of `required` (1-bit) can hold; a model, in which `wanted` hold too if they can; who said so."""
    left = deadline - time.monotonic()
    for name, share in (("bitwuzla", _FIRST), ("z3", 1.0)):
        seconds = min(left * share, deadline - time.monotonic())
        if seconds <= 0:
            break
        solver = _solver(name, required)
        answer = solver.check(seconds)
        if answer is False:
            return False, None, name
        if answer:
            nicer = _solver(name, (*required, *wanted)) if wanted else solver
            found = nicer.check(max(_LEAST, deadline - time.monotonic())) if wanted else True
            return True, (nicer if found else solver).model(), name
    return None, None, ""


def _solver(name: str, required: Sequence[Term]) -> Solver:
    if sum(1 for _ in subterms(required)) > _MOST_TERMS:
        raise Unproved("too large for a solver")
    if name == "bitwuzla":
        from .bitwuzla import Bitwuzla

        return Bitwuzla(required)
    from .z3 import Z3  # takes half a second to import

    return Z3(required)
