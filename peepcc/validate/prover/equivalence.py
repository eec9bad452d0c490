"""Judges an obligation by proof: equal for all inputs, or an input that shows a difference.

Both sides are run on terms, on every pair of ways through them; most pairs are equal term
by term, and solvers get the rest. What is assumed: the lifter and `lift/corrections` for the
instructions on the list of `form_allowlist`, the rules of `terms/bits` and `terms/arithmetic`,
and the solver that says "no". Whatever is not known is UNPROVED, with a reason that is the
same for the same cause up to its first colon. An input that a solver finds is run in the
emulator before anything is called REFUTED.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from ...analysis.obligation import Obligation
from ...analysis.registers import NZCV, parts, q, union, x
from ..verdict import Counterexample, Judgement, Unreached, Verdict
from .solvers.model import Model
from .solvers.portfolio import satisfiable
from .symbolic.differences import Difference, differences
from .symbolic.entry import entry
from .symbolic.memory import Terms
from .symbolic.paths import Disagreement, Path, paths
from .symbolic.step import Entry
from .terms.term import Evaluator, Term, Unproved, subterms
from .unreached import impossible

DISAGREE = "the solver shows a difference that the emulator does not"


def prove(obligation: Obligation, *, seconds: float = 5.0, unreached: Sequence[Unreached] = ()) -> Judgement:
    """ACCEPTED_PROVED; REFUTED with a counterexample that the emulator shows; or UNPROVED.

    `seconds`: the most that solvers may take together.

    `unreached`: directions that, for an acceptance, no state may take.
    """
    deadline = time.monotonic() + seconds
    try:
        return _judged(obligation, deadline, unreached)
    except Disagreement as error:
        return _bug(error.reason, obligation, word=f"{error.word:#010x}")
    except Unproved as error:
        return Judgement(Verdict.UNPROVED, error.reason)


def _bug(what: str, obligation: Obligation, **details: object) -> Judgement:
    """Two of those that must agree do not: nothing is proved, and the reason holds all that it takes to see it
    again.
    """
    sides = (
        " ".join(step.word.to_bytes(4, "little").hex() for step in each.steps)
        for each in (obligation.source, obligation.target)
    )
    told = ", ".join(f"{name} {value}" for name, value in details.items())
    return Judgement(Verdict.UNPROVED, f"{what}: {told}; bytes {' => '.join(sides)}", details=details)


def _judged(obligation: Obligation, deadline: float, unreached: Sequence[Unreached]) -> Judgement:
    start = entry(obligation.known, obligation.aliases, havoc=obligation.ordered)
    ways = [paths(start, program) for program in (obligation.source, obligation.target)]
    asked: list[str] = []
    for source in ways[0]:
        for target in ways[1]:
            judgement = _pair(obligation, start, source, target, deadline, asked)
            if judgement is not None:
                return judgement
    for each in unreached:
        if not impossible(start.terms, each, ways[each.side], deadline):
            return Judgement(Verdict.UNPROVED, f"some state may go this way: {each.text}")
    return Judgement(
        Verdict.ACCEPTED_PROVED,
        "equal for all inputs",
        details={"solver": asked[-1] if asked else "", "questions": len(asked)},
    )


def _pair(
    obligation: Obligation, start: Entry, source: Path, target: Path, deadline: float, asked: list[str]
) -> Judgement | None:
    """None: whatever is taken both ways comes out equal."""
    if time.monotonic() > deadline:
        raise Unproved("no time left")
    terms = start.terms
    conditions = (*source.conditions, *target.conditions)
    if any(terms.not_(each) in conditions for each in conditions):
        return None
    found = list(differences(terms, obligation, source, target))
    if not found:
        return None
    required = (*conditions, terms.or_(*(each.differs for each in found)))
    answer, model, solver = satisfiable(required, _reachable(terms, source), deadline)
    if answer is False:
        asked.append(solver)
        return None
    if model is None:
        return Judgement(Verdict.UNPROVED, "no solver answered in time")
    if any(term.op == "uf" for term in subterms(required)):
        return Judgement(Verdict.UNPROVED, "not equal if floating-point operations could be any functions")
    if obligation.ordered:
        return Judgement(Verdict.UNPROVED, "not equal if each volatile access could read anything")
    return _refuted(obligation, start, source, target, found, model)


def _reachable(t: Terms, source: Path) -> tuple[Term, ...]:
    """What a counterexample is asked to have if it can: addresses that a test can map."""
    high = {t.extract(each.address, 63, 32) for each in source.state.accesses}
    return tuple(t.eq(each, t.const(1, 32)) for each in sorted(high, key=lambda each: each.number))


def _refuted(
    obligation: Obligation, start: Entry, source: Path, target: Path, found: list[Difference], model: Model
) -> Judgement:
    variables = defaultdict(int, model.variables)  # what the solver did not need may be anything

    def value(*terms: Term) -> list[int]:
        return Evaluator(terms)(variables, model.byte, lambda *_: 0)

    shown: dict[str, tuple[str, str]] = {}
    for each in found:
        if value(each.differs)[0]:
            name = each.name if each.place is None else f"[{value(each.place)[0]:#x}]"
            one, two = (side if isinstance(side, str) else hex(value(side)[0]) for side in (each.source, each.target))
            shown.setdefault(name, (one, two))
    if not shown:
        return Judgement(Verdict.UNPROVED, "the solver's input shows no difference")
    inputs = _inputs(obligation, start, value)
    for access in (*source.state.accesses, *target.state.accesses):
        address = value(access.address)[0]
        held = bytes(model.byte(address + k & (1 << 64) - 1) for k in range(access.access.size))
        inputs[f"[{address:#x}]"] = max(inputs.get(f"[{address:#x}]", ""), "0x" + held[::-1].hex(), key=len)
    return _replayed(obligation, Counterexample(inputs, shown))


def _replayed(obligation: Obligation, example: Counterexample) -> Judgement:
    """REFUTED where the emulator shows on that input what the solver says; else one of the two is wrong."""
    from ..emulator.layout import Unsupported
    from ..emulator.replay import unshown  # the emulator is not needed for a proof

    try:
        missing = unshown(obligation, example)
    except Unsupported as error:
        return Judgement(Verdict.UNPROVED, f"the solver's input cannot be run: {error.reason}")
    if missing:
        inputs = " ".join(f"{name}={value}" for name, value in example.inputs.items())
        return _bug(DISAGREE, obligation, outcomes=" ".join(missing), inputs=inputs)
    return Judgement(Verdict.REFUTED, "an input shows a difference", 1, example)


def _inputs(obligation: Obligation, start: Entry, value: Callable[..., list[int]]) -> dict[str, str]:
    steps = (*obligation.source.steps, *obligation.target.steps)
    mentioned = union(step.effect.reads | step.effect.writes for step in steps)
    names = [f"x{n}" for n in range(31) if mentioned & x(n)] + [f"q{n}" for n in range(32) if mentioned & q(n)]
    names += ["sp"] if mentioned & parts("sp") else []
    inputs = {name: hex(value(start.state.registers[name])[0]) for name in names}
    if mentioned & NZCV:
        inputs["nzcv"] = hex(value(start.terms.concat(start.state.flags.bits))[0])
    return inputs
