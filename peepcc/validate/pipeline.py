"""The validators in order, cheapest first: the first one that gives a judgement decides.

To add a stage is to add a function and a line. An acceptance by the emulator decides only
under the policy that asks for no more. Where all that the emulator misses is states in
directions that none of its states took, the proof decides, and must show that no state takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..analysis.obligation import Kind, Obligation, Program, Step, exit_key
from ..assembly.syntax import Memory, Symbol
from .dependencies import lost
from .verdict import Counterexample, Judgement, Verdict

EMULATED = "emulated"
PROVED = "proved"
STRICT = "strict"  # what the rule book allows is judged as well

_SECONDS = 5.0  # for the solvers of one proof

# The last two: what came of the stages before, and the seconds that solvers may take.
Stage = Callable[[Obligation, Sequence[Counterexample], Judgement, float], Judgement | None]


def judge(
    obligation: Obligation, policy: str = PROVED, *, first: Sequence[Counterexample] = (), seconds: float = _SECONDS
) -> Judgement:
    """`policy`: the evidence that an acceptance needs, EMULATED, or any other for the emulator's and the proof.

    `first`: inputs that refuted other targets of this source, tried before all others. `seconds`: the most
    that the solvers of a proof may take, never more than usual.
    """
    passed = Judgement(Verdict.UNPROVED, "no validator decided")
    for stage in STAGES:
        judgement = stage(obligation, first, passed, min(seconds, _SECONDS))
        if judgement is None:
            continue
        emulated = (
            Verdict.ACCEPTED_EMULATED in (judgement.verdict, passed.verdict)
            or judgement.verdict is Verdict.ACCEPTED_PROVED
        )
        judgement = replace(judgement, states=judgement.states or passed.states, emulated=emulated)
        if policy == EMULATED or (judgement.verdict is not Verdict.ACCEPTED_EMULATED and not judgement.unreached):
            return judgement
        passed = judgement
    return replace(passed, verdict=Verdict.UNPROVED)


def unchanged(
    obligation: Obligation, first: Sequence[Counterexample], passed: Judgement, seconds: float
) -> Judgement | None:
    """The same instructions with the same goals."""
    same = _shape(obligation.source, obligation) == _shape(obligation.target, obligation)
    return Judgement(Verdict.UNCHANGED) if same else None


def _shape(program: Program, obligation: Obligation) -> tuple[object, ...]:
    return tuple((step.word, step.relocated, tuple(_symbols(program, obligation, step))) for step in program.steps)


def _symbols(program: Program, obligation: Obligation, step: Step) -> Iterator[object]:
    """What the operands mean beyond the word."""
    for operand in step.instruction.operands:
        inner = operand.offset if isinstance(operand, Memory) else operand
        if isinstance(inner, Symbol):
            yield inner if inner.specifier or inner.addend else exit_key(program, obligation.aliases, inner.name)


def eligible(
    obligation: Obligation, first: Sequence[Counterexample], passed: Judgement, seconds: float
) -> Judgement | None:
    """What no validator may judge: pinned instructions (CONSTRAINED UNPREDICTABLE forms are) and calls."""
    for program in (obligation.source, obligation.target):
        for step in program.steps:
            if step.effect.kind in (Kind.PINNED, Kind.CALL):
                return Judgement(
                    Verdict.UNPROVED, f"{step.instruction.mnemonic} must stay as it is, or is not understood"
                )
    return None


def unrun(obligation: Obligation) -> Judgement | None:
    """What the stages decide that run and prove nothing: a judgement where they do not let the target through."""
    passed = Judgement(Verdict.UNPROVED)
    found = unchanged(obligation, (), passed, 0.0) or eligible(obligation, (), passed, 0.0)
    reason = None if found is not None else lost(obligation)
    return Judgement(Verdict.UNPROVED, reason) if reason else found


def emulated(
    obligation: Obligation, first: Sequence[Counterexample], passed: Judgement, seconds: float
) -> Judgement | None:
    from .emulator.differential import emulate  # numpy and the emulator take 150 ms to import

    judgement = emulate(obligation, first=first)
    if judgement is None or not (judgement.verdict.accepted or judgement.unreached):
        return judgement
    reason = lost(obligation)  # no state shows it
    return replace(judgement, verdict=Verdict.UNPROVED, reason=reason, unreached=()) if reason else judgement


def proved(
    obligation: Obligation, first: Sequence[Counterexample], passed: Judgement, seconds: float
) -> Judgement | None:
    from .prover.equivalence import prove  # lifters and solvers take 300 ms to import

    judgement = prove(obligation, seconds=seconds, unreached=passed.unreached)
    if passed.unreached and judgement.verdict is Verdict.UNPROVED and not judgement.details:
        return replace(judgement, reason=f"{passed.reason}, and there is no proof that none can: {judgement.reason}")
    return judgement


STAGES: tuple[Stage, ...] = (unchanged, eligible, emulated, proved)
