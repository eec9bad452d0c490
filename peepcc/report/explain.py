"""`--peepcc-explain`: each window, its proposal, the verdict and why, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import ndiff

from ..analysis.source_positions import Position, first_of
from ..assembly.syntax import Instruction
from ..optimize.edits import edited, item_text
from ..optimize.outcome import Outcome, UnitReport
from ..validate.verdict import Verdict


def explain(unit: UnitReport) -> str:
    """The whole unit as lines; every line ends in a newline."""
    return "".join(f"{line}\n" for line in _unit(unit))


def _unit(unit: UnitReport) -> Iterator[str]:
    yield f"peepcc: {unit.source}: {unit.instructions} instructions, {unit.instructions_after} after rewriting"
    proved, emulated = unit.applied
    rules = f" ({unit.by_rules} by the rule book)" if unit.by_rules else ""
    yield f"peepcc: policy {unit.policy}; rewrites applied: {proved} proved{rules}, {emulated} only emulated"
    for outcome in unit.outcomes:
        yield from _outcome(outcome, first_of(outcome.window.lines, unit.positions))
    yield from (f"peepcc: left alone: {function}: {why}" for function, why in sorted(unit.left_alone.items()))
    for region, count in sorted(unit.regions.items()):
        yield f"peepcc: left alone ({region}): {count} instructions"
    if unit.missed.functions:
        counts = f"{unit.missed.functions} functions, {unit.missed.instructions} instructions"
        yield f"peepcc: not reached before the budget was spent: {counts}"
    for each in unit.unproved:
        yield (
            f"peepcc: accepted by the emulator but not proved ({each.cause}): {each.windows} windows, "
            f"{each.instructions} instructions not saved"
        )
    for name, count in sorted(unit.counters.items()):
        yield f"peepcc: {name}: {count}"


def _outcome(outcome: Outcome, place: Position | None) -> Iterator[str]:
    window, judgement = outcome.window, outcome.judgement
    number = f" rewrite {outcome.number}" if outcome.number else ""
    applied = "" if outcome.applied or not outcome.number else " (not applied)"
    yield f"{f'{place}: ' if place else ''}{window.function}:{number}{applied} {judgement.verdict.value}"
    yield from (f"    {line}" for line in diff(outcome))
    told = outcome.reply or judgement.verdict is Verdict.TOO_LATE
    sentence = judgement.verdict.sentence if told else "Nothing was proposed."
    yield f"    {sentence}{' ' + judgement.reason if judgement.reason else ''}"
    for each in outcome.tried:
        why = f"{each.verdict}{': ' if each.reason else ''}{each.reason}"
        yield f"    refused before: {'; '.join(each.lines or ())[:400]} ({why})"
    if judgement.states:
        yield f"    states tried: {judgement.states}"
    if judgement.counterexample:
        shown = judgement.counterexample
        yield "    input: " + ", ".join(f"{name} = {value}" for name, value in shown.inputs.items())
        yield from (f"    {name}: source {pair[0]}, proposal {pair[1]}" for name, pair in shown.outcomes.items())
    if outcome.reply and outcome.reply.lines is None and outcome.reply.text:
        yield f"    reply: {outcome.reply.text[:400]!r}"


def diff(outcome: Outcome) -> Iterator[str]:
    """The window with `-` and `+` marks; for a reply that was not kept, the reply follows."""
    if outcome.chosen:
        yield from _marked(outcome.window.items, edited(outcome.window, outcome.chosen))
    else:  # to compare equal windows takes most of the time that thousands of them take
        yield from (f"  {item_text(item)}" for item in outcome.window.items)
    refused = outcome.judgement.verdict in (
        Verdict.REFUTED,
        Verdict.UNPROVED,
        Verdict.COSTLIER,
        Verdict.TOO_LATE,
        Verdict.UNPARSED,
    )
    if refused and outcome.reply and outcome.reply.lines is not None:
        yield "proposal:"
        yield from (f"  {line}" for line in outcome.reply.lines)


def _marked(before: Sequence[Instruction | str], after: Sequence[Instruction | str]) -> Iterator[str]:
    for line in ndiff([item_text(item) for item in before], [item_text(item) for item in after]):
        if not line.startswith("?"):
            yield line
