"""The validators in order, cheapest first: the first one that gives a judgement decides.

To add a stage is to add a function and a line. Nothing is accepted under the policy
"proved" until a stage proves it.
"""

from __future__ import annotations

from typing import Callable, Iterator

from ..analysis.obligation import Kind, Obligation, Program, Step, exit_key
from ..assembly.syntax import Memory, Symbol
from .verdict import Judgement, Verdict

EMULATED = "emulated"
PROVED = "proved"

Stage = Callable[[Obligation, str], Judgement | None]


def judge(obligation: Obligation, policy: str = EMULATED) -> Judgement:
    """`policy`: the evidence that an acceptance needs, EMULATED or PROVED."""
    for stage in STAGES:
        judgement = stage(obligation, policy)
        if judgement is not None:
            return judgement
    return Judgement(Verdict.UNPROVED, "no validator decided")


def unchanged(obligation: Obligation, policy: str) -> Judgement | None:
    """The same instructions with the same goals."""
    same = _shape(obligation.source, obligation) == _shape(obligation.target, obligation)
    return Judgement(Verdict.UNCHANGED) if same else None


def _shape(program: Program, obligation: Obligation) -> tuple:
    return tuple((step.word, step.relocated, tuple(_symbols(program, obligation, step))) for step in program.steps)


def _symbols(program: Program, obligation: Obligation, step: Step) -> Iterator[object]:
    """What the operands mean beyond the word."""
    for operand in step.instruction.operands:
        inner = operand.offset if isinstance(operand, Memory) else operand
        if isinstance(inner, Symbol):
            yield inner if inner.specifier or inner.addend else exit_key(program, obligation.aliases, inner.name)


def eligible(obligation: Obligation, policy: str) -> Judgement | None:
    """What no validator may judge: pinned instructions (CONSTRAINED UNPREDICTABLE forms are) and calls."""
    for program in (obligation.source, obligation.target):
        for step in program.steps:
            if step.effect.kind in (Kind.PINNED, Kind.CALL):
                return Judgement(Verdict.UNPROVED, f"{step.instruction.mnemonic} must stay as it is, or is not understood")
    return None


def emulated(obligation: Obligation, policy: str) -> Judgement | None:
    from .emulate import emulate  # numpy and the emulator take 150 ms to import

    judgement = emulate(obligation)
    return None if judgement.verdict.accepted and policy == PROVED else judgement


STAGES: tuple[Stage, ...] = (unchanged, eligible, emulated)
