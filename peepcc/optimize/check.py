"""From a reply to what of it is kept: syntax gate, hunks, cascade, cost.

Equal windows with equal replies are judged once, and what was proved is not proved again when
a further reply holds it; rare inputs that refuted one reply about a window are the first that
the next ones meet. A verdict that comes after the deadline is not waited for: the window stays as it was.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..analysis.encoded import program
from ..analysis.left_alone import erratum
from ..analysis.left_alone.barriers import region_of
from ..analysis.obligation import Obligation, Program
from ..analysis.registers import ALL, union, x
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction, Symbol
from ..propose.protocol import Failure, FailureKind, Reply
from ..propose.request import request_of
from ..propose.rules.engine import Rewrite
from ..propose.rules.proposer import reply_of
from ..translation_unit import Unit
from ..validate.pipeline import STRICT, judge
from ..validate.syntax_gate import Refused, check
from ..validate.verdict import Counterexample, Judgement, Verdict
from .by_rule import by_rule
from .cost import Cost, cheaper, costs, find_mca
from .edits import Hunk, edited, hunks
from .outcome import Outcome

_SPANS = {
    "tbz": 1 << 13,
    "tbnz": 1 << 13,
    "b": 1 << 25,
}  # instructions that a branch reaches over; all others reach _SPAN
_SPAN = 1 << 18
_SLACK = 64  # instructions' worth by which a rewrite of padded code may move a label away
_EXAMPLES = 8  # a window keeps so many inputs, the last that refuted something
_EASY = 16  # what the emulator finds within so many states, it finds again sooner than it reads an input
_HUNK_TRIALS = 6  # each trial is an emulation; past this, what a reply still holds is rarely worth it


@dataclass(frozen=True, slots=True)
class _Case:
    """A window and what was proposed for it: the instructions, or why there are none.

    `rules`: of the rule book, that made it.
    """

    window: Window
    reply: Reply | None
    target: tuple[Instruction, ...] | Judgement
    edits: tuple[Hunk, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """The part of a reply that was accepted, as indices of its hunks: those hold for every equal case."""

    judgement: Judgement
    chosen: tuple[int, ...] = ()
    before: Cost | None = None
    after: Cost | None = None


class Judge:
    """Judges replies for one translation unit."""

    def __init__(self, encoder: Encoder, unit: Unit, policy: str, deadline: float):
        self._encoder = encoder
        self._unit = unit
        self._policy = policy
        self._deadline = deadline
        self._examples: dict[object, deque[Counterexample]] = {}
        self._proved: dict[object, Judgement] = {}

    def outcomes(self, windows: Sequence[Window], replies: Mapping[str, Reply]) -> tuple[Outcome, ...]:
        """One outcome a window, in order."""
        return self._outcomes([_case(window, replies.get(request_of(window).key)) for window in windows])

    def ruled(self, windows: Sequence[Window], rewrites: Sequence[Rewrite | None]) -> tuple[Outcome, ...]:
        """One outcome a window, in order, of what the rule book makes of it: its rules are the evidence."""
        return self._outcomes([_ruled_case(*each) for each in zip(windows, rewrites, strict=True)])

    def _outcomes(self, cases: Sequence[_Case]) -> tuple[Outcome, ...]:
        self._encoder.encode_instructions(
            [each for case in cases if isinstance(case.target, tuple) for each in case.target]
        )
        names: list[object] = []
        distinct: dict[object, _Case] = {}
        kept: dict[object, _Kept] = {}
        for case in cases:
            name = self._name(case)
            names.append(name)
            if name not in kept:
                distinct[name], kept[name] = case, self._kept(case)
        kept = self._priced(distinct, kept)
        return tuple(
            Outcome(
                case.window,
                case.reply,
                result.judgement,
                tuple(case.edits[n] for n in result.chosen),
                result.before,
                result.after,
                len(case.edits) - len(result.chosen),
                asked=(case.reply,) if case.reply else (),
            )
            for case, name in zip(cases, names)
            for result in (kept[name],)
        )

    def _name(self, case: _Case) -> object:
        """Equal where two cases must get the same verdict."""
        if isinstance(case.target, Judgement) or case.rules or time.monotonic() > self._deadline:
            return id(case)  # the list of cases keeps it alive; what rules rest on is more than what is equal here
        target = program(case.target, self._encoder)
        return id(case) if target is None else _identity(case.window, case.target, target)

    def _kept(self, case: _Case) -> _Kept:
        edits = case.edits
        if isinstance(case.target, Judgement):
            return _Kept(case.target)
        if not edits:
            return _Kept(Judgement(Verdict.UNCHANGED))
        examples = self._examples.setdefault(_source(case.window), deque(maxlen=_EXAMPLES))
        whole = self._judged(case.window, edits, examples, case.rules)
        if whole.verdict.accepted:
            return _Kept(whole, tuple(range(len(edits))))
        if len(edits) == 1 or whole.verdict is Verdict.TOO_LATE:
            return _Kept(whole)
        chosen: tuple[int, ...] = ()
        accepted: Judgement | None = None
        for n in range(min(len(edits), _HUNK_TRIALS)):
            judgement = self._judged(case.window, [edits[m] for m in (*chosen, n)], examples)
            if judgement.verdict.accepted:
                chosen, accepted = (*chosen, n), judgement
        if accepted is None:
            return _Kept(whole)
        reason = f"{len(chosen)} of {len(edits)} hunks; the whole reply: {whole.verdict.value}"
        return _Kept(replace(accepted, reason=reason, counterexample=whole.counterexample, whole=whole), chosen)

    def _judged(
        self, window: Window, edits: Sequence[Hunk], examples: deque[Counterexample], rules: tuple[str, ...] = ()
    ) -> Judgement:
        """`examples` are the first inputs tried, and take what else refutes these edits.

        `rules`: of the rule book, where it made all of the edits.
        """
        left = self._deadline - time.monotonic()
        if left < 0:
            return Judgement(Verdict.TOO_LATE)
        items = edited(window, edits)
        target = program(items, self._encoder)
        if target is None:
            return Judgement(Verdict.UNPARSED, self._complaint(items))
        if len(target.steps) > len(window.source.steps):
            return Judgement(Verdict.COSTLIER, "more instructions")
        far = next((step.instruction for step in target.steps if _too_far(step.instruction, window)), None)
        if far is not None:
            return Judgement(Verdict.UNPARSED, f"may not reach its label: {print_instruction(far)}")
        region = next(filter(None, map(region_of, target.steps)), None)
        if region is None and window.erratum and any(map(erratum.accumulates, target.steps)):
            region = erratum.REGION
        if region is not None:
            return Judgement(Verdict.UNSAFE_REGION, f"the reply holds what belongs to the region {region}")
        obligation = window.obligation(target)
        ruled = by_rule(obligation, rules) if rules else None
        if ruled is not None and (self._policy != STRICT or not ruled.verdict.accepted):
            return ruled
        judgement = self._examined(obligation, _identity(window, items, target), examples, left)
        return judgement if ruled is None else replace(judgement, rules=rules)

    def _examined(
        self, obligation: Obligation, name: object, examples: deque[Counterexample], left: float
    ) -> Judgement:
        """What the validators say. `name`: equal where they must say the same. `left`: seconds."""
        if name in self._proved:
            return self._proved[name]
        judgement = judge(obligation, self._policy, first=tuple(examples), seconds=left)
        if judgement.verdict is Verdict.UNPROVED and time.monotonic() > self._deadline:
            return Judgement(Verdict.TOO_LATE)
        if judgement.verdict is Verdict.ACCEPTED_PROVED:
            self._proved[name] = judgement
        rare = judgement.emulated or judgement.states > _EASY
        if rare and judgement.counterexample is not None and judgement.counterexample not in examples:
            examples.append(judgement.counterexample)
        return judgement

    def _complaint(self, items: Sequence[Instruction | str]) -> str:
        """The first item that does not assemble, and what clang says of it."""
        instructions = [item for item in items if isinstance(item, Instruction)]
        bad = next(
            (
                each
                for each, encoding in zip(instructions, self._encoder.encode_instructions(instructions))
                if encoding is None
            ),
            None,
        )
        said = bad and self._encoder.complaint(bad)
        return (
            f"an instruction does not assemble: {print_instruction(bad)}{': ' if said else ''}{said}"
            if bad
            else "a label stands there twice"
        )

    def _priced(self, cases: Mapping[object, _Case], results: Mapping[object, _Kept]) -> dict[object, _Kept]:
        """The results with costs; what is not cheaper is given up. All in one go."""
        accepted = [name for name, kept in results.items() if kept.chosen]
        texts: list[tuple[list[str], list[str]]] = []
        for name in accepted:
            window, edits = cases[name].window, [cases[name].edits[n] for n in results[name].chosen]
            before = [print_instruction(step.instruction) for step in window.source.steps]
            items = (item for item in edited(window, edits) if isinstance(item, Instruction))
            texts.append((before, [print_instruction(item) for item in items]))
        found = costs(texts, self._unit.cpu, find_mca(self._unit.clang)) if texts else ()
        priced = dict(results)
        for name, (old, new) in zip(accepted, found):
            kept = results[name]
            if cheaper(old, new):
                priced[name] = replace(kept, before=old, after=new)
            else:
                priced[name] = _Kept(replace(kept.judgement, verdict=Verdict.COSTLIER, reason=f"{old} to {new}"))
        return priced


def _identity(window: Window, items: Sequence[Instruction | str], target: Program) -> object:
    """Equal where a window and `items` for it, which `target` is made of, must get the same verdict: labels numbered,
    only registers that either side mentions.
    """
    mentioned = window.mentioned | union(step.effect.reads | step.effect.writes for step in target.steps)
    number = _label_numbers(window, items)
    live = {number.get(window.aliases.get(key, key), key): parts & mentioned for key, parts in window.live_out.items()}
    aliases = {number[label]: number.get(key, key) for label, key in window.aliases.items() if label in number}
    return (
        tuple(_numbered(item, number) for item in window.items),
        tuple(_numbered(item, number) for item in items),
        tuple(sorted(live.items())),
        tuple(sorted(aliases.items())),
        _known(window, mentioned),
        window.ordered,
        window.erratum,
        _reach(window, number),
    )


def _source(window: Window) -> object:
    """Equal for windows that an input may tell the same about: source, labels numbered, live-outs and all that is known
    at entry.
    """
    number = _label_numbers(window, ())
    live = {
        number.get(window.aliases.get(key, key), key): parts & window.mentioned
        for key, parts in window.live_out.items()
    }
    return (
        tuple(_numbered(item, number) for item in window.items),
        tuple(sorted(live.items())),
        _known(window, ALL),
        window.ordered,
    )


def _reach(window: Window, number: Mapping[str, str]) -> tuple[object, ...]:
    """Which labels lie beyond which spans: all that a verdict hangs on of where they are."""
    spans = sorted({_SPAN, *_SPANS.values()})
    far = (
        (number[label], sum(lines + _SLACK >= span for span in spans))
        for label, lines in window.distance.items()
        if label in number
    )
    return tuple(sorted(each for each in far if each[1]))


def _too_far(i: Instruction, window: Window) -> bool:
    """A branch to a label that the window alone does not show to be out of its reach, and that none of the source
    reaches by no more.
    """
    label, span = _label(i), _SPANS.get(i.mnemonic, _SPAN)
    if label is None or window.distance.get(label, 0) + _SLACK < span:
        return False
    others = (step.instruction for step in window.source.steps if _label(step.instruction) == label)
    return all(_SPANS.get(each.mnemonic, _SPAN) > span for each in others)


def _label(i: Instruction) -> str | None:
    last = i.operands[-1] if i.operands else None
    return last.name if isinstance(last, Symbol) else None


def _label_numbers(window: Window, items: Sequence[Instruction | str]) -> dict[str, str]:
    """A name for each label by order of appearance, the same for equal cases; distinct labels stay distinct."""
    order = [item for item in window.items if isinstance(item, str)]
    for item in (
        *(step.instruction for step in window.source.steps),
        *(item for item in items if isinstance(item, Instruction)),
    ):
        order += [
            operand.name for operand in item.operands if isinstance(operand, Symbol) and operand.name in window.labels
        ]
    return {label: f".L{n}" for n, label in enumerate(dict.fromkeys(order))}


def _numbered(item: Instruction | str, number: Mapping[str, str]) -> Instruction | str:
    if isinstance(item, str):
        return number.get(item, item)
    operands = tuple(
        replace(operand, name=number.get(operand.name, operand.name)) if isinstance(operand, Symbol) else operand
        for operand in item.operands
    )
    return replace(item, operands=operands)


def _known(window: Window, mentioned: int) -> tuple[object, ...]:
    facts = window.known
    equal = (frozenset(n for n in group if mentioned & x(n)) for group in facts.equal)
    return (
        *(
            tuple(sorted((n, value) for n, value in each.items() if mentioned & x(n)))
            for each in (facts.constants, facts.zero_extended, facts.sign_extended)
        ),
        frozenset(group for group in equal if len(group) > 1),
    )


def _case(window: Window, reply: Reply | None) -> _Case:
    target = _instructions(window, reply)
    return _Case(window, reply, target, () if isinstance(target, Judgement) else hunks(window, target))


def _ruled_case(window: Window, rewrite: Rewrite | None) -> _Case:
    case = _case(window, reply_of(window, rewrite) if rewrite else None)
    return replace(case, rules=rewrite.rules) if rewrite else case


def _instructions(window: Window, reply: Reply | None) -> tuple[Instruction, ...] | Judgement:
    if reply is None:
        return Judgement(Verdict.UNCHANGED)
    if reply.lines is None:
        failure = reply.failure or Failure(FailureKind.NO_ANSWER)
        late = failure.kind is FailureKind.TOO_LATE
        return Judgement(Verdict.TOO_LATE if late else Verdict.UNPARSED, failure.message)
    source = [step.instruction for step in window.source.steps]
    if reply.lines == tuple(map(print_instruction, source)):
        return Judgement(Verdict.UNCHANGED)  # most replies, and nothing in them is new
    try:
        return check(reply.lines, source, window.labels)
    except Refused as refusal:
        return Judgement(Verdict.UNPARSED, refusal.reason)
