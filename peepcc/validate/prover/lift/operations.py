"""What an operation of the lifter means, as a term: scalar or vector, by its name in VEX."""

from __future__ import annotations

from ..symbolic.memory import Terms
from ..terms.term import Term, Unproved
from .scalar_ops import scalar
from .vector_ops import lanes


def operation(terms: Terms, name: str, args: tuple[Term, ...]) -> Term:
    """Raises Unproved for an operation that is not known."""
    for known in (scalar, lanes):
        result = known(terms, name, args)
        if result is not None:
            return result
    raise Unproved(f"lifter operation {name}")
