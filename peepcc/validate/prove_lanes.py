"""What the lifter's vector operations mean, as terms: None for those that are not known."""

from __future__ import annotations

from .prove_memory import Terms
from .prove_terms import Term


def lanes(terms: Terms, name: str, args: tuple[Term, ...]) -> Term | None:
    return None
