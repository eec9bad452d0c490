"""The heart: windows of a module, proposals for them, verdicts, and which rewrites are kept.

It promises that every edit in its result was accepted by the validators under the policy, that
no two of them conflict, and that none made anything costlier. It changes no text and writes no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..analysis.bitcode_facts import read_facts
from ..analysis.unit_analysis import Analysed, surveyed
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..clock import Clock, TooLate
from ..propose.registry import asks_rules_first, make_backend
from ..propose.rules.proposer import by_rules
from ..settings import Settings
from ..translation_unit import Unit
from .check import Judge
from .conflicts import together
from .edits import Hunk
from .outcome import NotReached, Outcome, UnitReport
from .pace import first_look
from .search import Search

_READING = 1 / 4  # of the budget, for the text: what must be known before the first question takes four times as long
_CONFLICTS = 1 / 4  # of the budget, beyond the deadline
_FUNCTION = re.compile(r"^\t\.type\t[^\n]*,[@%]function$", re.M)
_INSTRUCTION = re.compile(r"^\t[a-z]", re.M)


@dataclass(frozen=True, slots=True)
class Optimized:
    """What was found out about a translation unit. `analysis` is None where the budget did not suffice for it."""

    report: UnitReport
    analysis: Analysed | None = None

    @property
    def edits(self) -> list[tuple[Window, tuple[Hunk, ...]]]:
        """What is to be spliced into the text: windows, and the changes to them that were accepted and are applied."""
        return [(outcome.window, outcome.chosen) for outcome in self.report.outcomes if outcome.applied]


def optimize_unit(
    text: str, bitcode: bytes | None, unit: Unit, settings: Settings, encoder: Encoder, clock: Clock
) -> Optimized:
    """The rewrites of one translation unit. Errors of any stage propagate: the driver answers them with clang's own
    object.
    """
    try:
        whole = surveyed(
            text,
            lambda: read_facts(bitcode, clock.check, initializes=unit.initializes),
            encoder,
            lambda name: settings.selects(unit.source, name),
            clock.share(_READING).check,
            clock.check,
        )
    except TooLate:
        return Optimized(_left_alone(text, unit, settings))
    checker = Judge(encoder, unit, settings.policy, clock.deadline)
    rules = by_rules if asks_rules_first(settings) else None
    search = Search(make_backend(settings), checker, encoder, settings.repair, clock, rules)
    first = first_look(whole, search.first, clock)
    found = search.deepen(first.outcomes)
    kept = together(found, first.analysed, encoder, Clock(clock.deadline + settings.budget * _CONFLICTS))
    outcomes = numbered(tuple(kept), settings.first, settings.last)
    analysis = first.analysed
    unseen = sum(len(block.instructions) for function in first.unreached for block in function.blocks)
    report = UnitReport(
        unit.source,
        settings.policy,
        analysis.instructions,
        analysis.instructions - sum(outcome.saved for outcome in outcomes if outcome.applied),
        analysis.regions,
        outcomes,
        analysis.left_alone,
        NotReached(len(first.unreached), unseen),
    )
    return Optimized(report, analysis)


def _left_alone(text: str, unit: Unit, settings: Settings) -> UnitReport:
    """The report on a unit that the budget is too small for, which is counted by the look of its lines."""
    seen = NotReached(len(_FUNCTION.findall(text)), len(_INSTRUCTION.findall(text)))
    return UnitReport(unit.source, settings.policy, seen.instructions, seen.instructions, {}, (), missed=seen)


def numbered(outcomes: Sequence[Outcome], first: int | None, last: int | None) -> tuple[Outcome, ...]:
    """Outcomes with their rewrites counted from 1 in the order of the text, first..last applied."""
    return tuple(_numbered(outcomes, first or 1, last))


def _numbered(outcomes: Sequence[Outcome], first: int, last: int | None) -> Iterator[Outcome]:
    count = 0
    for outcome in outcomes:
        if outcome.judgement.verdict.accepted:
            count += 1
            outcome = replace(outcome, number=count, applied=first <= count and (last is None or count <= last))
        yield outcome
