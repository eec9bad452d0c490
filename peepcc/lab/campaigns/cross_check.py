"""Asks the solver that did not prove an obligation for its own answer."""

from __future__ import annotations

from ...analysis.obligation import Obligation
from ...validate.prover.symbolic.differences import differences
from ...validate.prover.symbolic.entry import entry
from ...validate.prover.symbolic.paths import paths
from ...validate.prover.terms.term import Unproved
from ...validate.verdict import Judgement

_SECONDS = 20.0  # a question


def other_proof(obligation: Obligation, judgement: Judgement) -> str:
    """`equal`, `differs`, `no answer`.

    `not asked` where both sides are equal term by term, and no solver was needed.
    """
    solver = _other(str(judgement.details.get("solver", "")))
    try:
        start = entry(obligation.known, obligation.aliases, havoc=obligation.ordered)
        ways = [paths(start, each) for each in (obligation.source, obligation.target)]
    except Unproved:
        return "no answer"
    answers = []
    for source in ways[0]:
        for target in ways[1]:
            conditions = (*source.conditions, *target.conditions)
            found = list(differences(start.terms, obligation, source, target))
            if found:
                answers.append(
                    solver((*conditions, start.terms.or_(*(each.differs for each in found)))).check(_SECONDS)
                )
    if not answers:
        return "not asked"
    return "differs" if True in answers else "no answer" if None in answers else "equal"


def _other(name: str):
    if name == "bitwuzla":
        from ...validate.prover.solvers.z3 import Z3

        return Z3
    from ...validate.prover.solvers.bitwuzla import Bitwuzla

    return Bitwuzla
