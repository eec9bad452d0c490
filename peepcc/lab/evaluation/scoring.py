"""What one reply is worth: its status, what the compiler would keep of it, and where it is wrong, how.

What is kept is what `Judge` keeps in a build, under the policy `proved`. Equality is judged
whether or not the reply is cheaper. Equal replies for equal examples get equal judgements.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum

from ...analysis.encoded import program
from ...analysis.left_alone.barriers import region_of
from ...analysis.obligation import Obligation
from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...optimize.check import Judge
from ...optimize.cost import cycles, find_mca
from ...optimize.edits import edited, hunks, item_text
from ...optimize.outcome import Outcome
from ...propose.protocol import Reply
from ...propose.request import request_of
from ...translation_unit import Unit
from ...validate.emulator.differential import emulate
from ...validate.pipeline import PROVED, judge
from ...validate.syntax_gate import RefusalKind, Refused, check
from ...validate.verdict import Counterexample, Judgement, Verdict
from ..example import Example
from .feedback import assembler_says, shown
from .mistakes.frequency import Frequency, frequency
from .mistakes.names import Mark, Mistake, mark
from .mistakes.taxonomy import mistake

_MENDED_STATES = 192  # the emulator's first round


class Status(Enum):
    """How far a reply got. Each has exactly one."""

    NONE = "no answer"
    UNPARSED = "does not parse"
    UNASSEMBLED = "does not assemble"
    FORBIDDEN = "forbidden"
    COPY = "unchanged"
    PROVED = "proved"
    EMULATED = "emulated"  # no difference in the emulator, and no proof
    REFUTED = "refuted"
    UNDECIDED = "undecided"  # no difference shown, and not enough evidence of equality

    @property
    def syntactic(self) -> bool:
        return self not in (Status.NONE, Status.UNPARSED, Status.UNASSEMBLED)

    @property
    def agrees(self) -> bool:
        """No difference in the emulator: the IO accuracy."""
        return self in (Status.COPY, Status.PROVED, Status.EMULATED)


@dataclass(frozen=True, slots=True)
class Saved:
    """By the sequence against the source; cycles by llvm-mca, 0 where it gives none."""

    instructions: int = 0
    bytes: int = 0
    cycles: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """`complaint`: what a model is told that may try again, "" where there is nothing to complain about.

    `lines`: as they are printed, None where they could not be read. `kept`: what the compiler
    would keep of the reply, `body`: the window's lines with that, () where it keeps nothing. `share`: of random inputs,
    those that show the difference.
    """

    status: Status
    lines: tuple[str, ...] | None = None
    reason: str = ""
    complaint: str = ""
    kept: Saved = Saved()
    target: Saved = Saved()
    mistake: Mistake | None = None
    mark: Mark | None = None
    share: float | None = None
    outputs: tuple[str, ...] = ()
    body: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            **asdict(self),
            "status": self.status.value,
            "mistake": self.mistake and self.mistake.value,
            "mark": self.mark and self.mark.value,
        }


def from_json(value: Mapping) -> Judged:
    """What `to_json` made."""
    lines = value["lines"]
    return Judged(
        **{
            **value,
            "status": Status(value["status"]),
            "lines": None if lines is None else tuple(lines),
            "kept": Saved(**value["kept"]),
            "target": Saved(**value["target"]),
            "mistake": value["mistake"] and Mistake(value["mistake"]),
            "mark": value["mark"] and Mark(value["mark"]),
            "outputs": tuple(value["outputs"]),
            "body": tuple(value["body"]),
        }
    )


def judge_all(cases: Sequence[tuple[Example, Reply]], encoder: Encoder, clang: str, seed: int) -> list[Judged]:
    """One judgement a case, in order. Each case's request must occur once only."""
    windows = [example.window for example, _ in cases]
    replies = {request_of(example.window).key: reply for example, reply in cases}
    outcomes = outcomes_of(windows, replies, encoder, clang)
    return score_all([(example, outcome) for (example, _), outcome in zip(cases, outcomes)], encoder, clang, seed)


def outcomes_of(
    windows: Sequence[Window], replies: Mapping[str, Reply], encoder: Encoder, clang: str
) -> tuple[Outcome, ...]:
    """What a build under the policy `proved` keeps of the replies, by request key: one outcome a window, in order."""
    return Judge(encoder, Unit(clang, "", optimise_size=False), PROVED, math.inf).outcomes(windows, replies)


def score_all(cases: Sequence[tuple[Example, Outcome]], encoder: Encoder, clang: str, seed: int) -> list[Judged]:
    """What the outcomes of the examples' windows are worth, each of which has a reply; in order."""
    targets = _targets([example for example, _ in cases], clang)
    return [
        replace(_judged(example, outcome, encoder, seed), kept=_kept(outcome), body=_body(outcome), target=target)
        for (example, outcome), target in zip(cases, targets)
    ]


def _targets(examples: Sequence[Example], clang: str) -> list[Saved]:
    """What the teachers' targets save."""
    better = {n: example for n, example in enumerate(examples) if example.target != example.source}
    times = (
        cycles(
            [text for example in better.values() for text in (example.source, example.target)], None, find_mca(clang)
        )
        if better
        else ()
    )
    saved = {
        n: _saved(len(example.source), len(example.target), *times[2 * k : 2 * k + 2])
        for k, (n, example) in enumerate(better.items())
    }
    return [saved.get(n, Saved()) for n in range(len(examples))]


def _saved(before: int, after: int, one: float | None, two: float | None) -> Saved:
    return Saved(before - after, 4 * (before - after), 0.0 if one is None or two is None else one - two)


def _kept(outcome: Outcome) -> Saved:
    before, after = outcome.before, outcome.after
    return _saved(before.instructions, after.instructions, before.cycles, after.cycles) if before and after else Saved()


def _body(outcome: Outcome) -> tuple[str, ...]:
    return tuple(map(item_text, edited(outcome.window, outcome.chosen))) if outcome.chosen else ()


def _judged(example: Example, outcome: Outcome, encoder: Encoder, seed: int) -> Judged:
    window, reply, usable = example.window, outcome.reply, outcome.before is not None
    if reply.lines is None:
        reason = reply.failure.message if reply.failure else ""
        status = Status.UNPARSED if reply.proposes else Status.NONE
        found = Judged(status, None, reason, shown(reason or "no answer"))
        return _mistaken(found, Mistake.PARSE, None, usable) if reply.proposes else found
    try:
        target = check(reply.lines, [step.instruction for step in window.source.steps], window.labels)
    except Refused as refusal:
        status, what = _OF_REFUSAL[refusal.kind]
        return _mistaken(Judged(status, None, refusal.reason, shown(refusal.reason)), what, None, usable)
    lines = tuple(map(print_instruction, target))
    after = program(edited(window, hunks(window, target)), encoder)
    if after is None:
        said = f"an instruction does not assemble: {assembler_says(target, encoder)}"
        return _mistaken(Judged(Status.UNASSEMBLED, lines, said, shown(said)), Mistake.ASSEMBLE, None, usable)
    if lines == example.source:
        return Judged(Status.COPY, lines)
    region = next(filter(None, map(region_of, after.steps)), None)
    if region is not None:
        reason = f"the reply holds what belongs to the region {region}"
        return _mistaken(Judged(Status.FORBIDDEN, lines, reason, shown(reason)), Mistake.FORBIDDEN, None, usable)
    judgement = _equality(window.obligation(after), outcome)
    found = Judged(_status(judgement), lines, judgement.reason)
    if found.status is Status.REFUTED:
        found = replace(found, complaint=shown("it does not do the same", judgement.counterexample))
        return _classified(found, example, target, after, judgement, encoder, usable, seed)
    if found.status in (Status.EMULATED, Status.UNDECIDED):
        return replace(found, complaint=shown(f"no proof that it is the same: {judgement.reason}"))
    longer = len(lines) > len(example.source) or outcome.judgement.verdict is Verdict.COSTLIER
    return replace(
        found,
        complaint=shown("it does the same, and is not cheaper") if longer and found.status is Status.PROVED else "",
    )


_OF_REFUSAL = {
    RefusalKind.UNREADABLE: (Status.UNPARSED, Mistake.PARSE),
    RefusalKind.FORBIDDEN: (Status.FORBIDDEN, Mistake.FORBIDDEN),
    RefusalKind.SYMBOL: (Status.FORBIDDEN, Mistake.CONTROL),
}
_STATUS = {Verdict.UNCHANGED: Status.COPY, Verdict.ACCEPTED_PROVED: Status.PROVED, Verdict.REFUTED: Status.REFUTED}


def _equality(obligation: Obligation, outcome: Outcome) -> Judgement:
    """The judgement of the whole reply, whatever it costs."""
    whole = outcome.judgement.whole or outcome.judgement
    return judge(obligation, PROVED) if whole.verdict is Verdict.COSTLIER else whole


def _status(judgement: Judgement) -> Status:
    if judgement.verdict is Verdict.UNPROVED and judgement.emulated:
        return Status.EMULATED
    return _STATUS.get(judgement.verdict, Status.UNDECIDED)


def _classified(
    found: Judged,
    example: Example,
    target: Sequence[Instruction],
    after,
    judgement: Judgement,
    encoder: Encoder,
    usable: bool,
    seed: int,
) -> Judged:
    obligation = example.window.obligation(after)
    often = frequency(obligation, seed)
    outputs = _outputs(often, judgement.counterexample)
    what = mistake(example.window, target, after, outputs, _mended, encoder)
    return _mistaken(replace(found, outputs=outputs), what, often.share, usable)


def _outputs(often: Frequency, example: Counterexample | None) -> tuple[str, ...]:
    """Names of what differs, most often first; those of the counterexample where no random state differs."""
    names = often.names or dict.fromkeys(example.outcomes if example else (), 1)
    return tuple(sorted(names, key=lambda name: (-names[name], name)))


def _mended(obligation: Obligation) -> bool:
    """A few states refute most changes.

    What they do not must be proved, or pass all states where nothing can be proved.
    """
    if not emulate(obligation, states=_MENDED_STATES).verdict.accepted:
        return False
    judgement = judge(obligation, PROVED)
    return (
        judgement.verdict.accepted
        or judgement.verdict is Verdict.UNCHANGED
        or (judgement.verdict is Verdict.UNPROVED and judgement.emulated)
    )


def _mistaken(found: Judged, what: Mistake, share: float | None, usable: bool) -> Judged:
    return replace(found, mistake=what, share=share, mark=mark(share, usable))
