"""The names of every outcome, each with its sentence: one place, so that reports and counters agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """Value: the counter's name. `sentence` is what a person reads."""

    UNCHANGED = "unchanged"
    ACCEPTED_PROVED = "accepted-proved"
    ACCEPTED_EMULATED = "accepted-emulated"
    REFUTED = "refuted"
    UNPROVED = "unproved"
    UNPARSED = "unparsed"
    UNSAFE_REGION = "unsafe-region"
    TOO_LATE = "too-late"
    COSTLIER = "costlier"

    @property
    def accepted(self) -> bool:
        return self in (Verdict.ACCEPTED_PROVED, Verdict.ACCEPTED_EMULATED)

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Verdict.UNCHANGED: "The proposal is the source again.",
    Verdict.ACCEPTED_PROVED: "Equal for all inputs, by proof, and cheaper.",
    Verdict.ACCEPTED_EMULATED: "Equal on every state that the emulator tried, and cheaper.",
    Verdict.REFUTED: "An input shows a difference.",
    Verdict.UNPROVED: "Neither a difference nor enough evidence of equality was found.",
    Verdict.UNPARSED: "The reply is not a list of instructions that may stand here.",
    Verdict.UNSAFE_REGION: "The window holds something that is never touched.",
    Verdict.TOO_LATE: "The budget was spent before a verdict.",
    Verdict.COSTLIER: "Not better in any of instructions, bytes and cycles, or worse in one.",
}


@dataclass(frozen=True, slots=True)
class Counterexample:
    """An input that tells source and target apart: register or `[address]` name -> value, all hex text.

    `outcomes` maps the name of each output that differs to (source's, target's).
    """

    inputs: Mapping[str, str]
    outcomes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Unreached:
    """A direction at step `step` of a side (0: the source) that no state of the emulator took.

    `kind` "branch": taken, where `wanted`, or not. "select": the condition `number` holds, or not.
    "lanes": of the result's first `number` words some bit is 1, or some is 0. `text` names it for people.
    """

    side: int
    step: int
    kind: str
    wanted: bool
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, why, and the evidence: states tried, and the counterexample where refuted.

    `emulated`: the emulator saw no difference, whatever was found after it. `whole`: what the
    reply got as a whole, where only some of its hunks were accepted. `unreached`: where nothing but these
    directions keeps the emulator from accepting. `rules`: of the rule book, whose general proofs are the evidence.
    """

    verdict: Verdict
    reason: str = ""
    states: int = 0
    counterexample: Counterexample | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    emulated: bool = False
    whole: Judgement | None = None
    unreached: tuple[Unreached, ...] = ()
    rules: tuple[str, ...] = ()
