"""The heart: windows of a module, proposals for them, verdicts, and the module with what was kept.

It promises that every change in the returned text was accepted by the cascade under the
policy and made nothing costlier; all else is byte for byte the input.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .. import report
from ..analysis.bitcode_facts import read_facts
from ..analysis.source_positions import positions
from ..analysis.unit_analysis import Analysed, surveyed
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..clock import Clock, TooLate
from ..propose.protocol import Backend, Reply, Request, unique
from ..propose.registry import make_backend
from ..readback.expect import expected
from ..readback.image import Rewritten
from ..report.losses import losses
from ..report.note import SECTION, assembly, note_of
from ..settings import Settings
from ..translation_unit import Unit
from .check import Judge
from .conflicts import together
from .edits import spliced
from .iterate import further
from .outcome import NotReached, Outcome, UnitReport
from .pace import FirstLook, first_look
from .repair import repaired
from .subdivide import closer

_READING = 1 / 4  # of the budget, for the text: what must be known before the first question takes four times as long
_ASKING = 1 / 2  # of the time left: judging needs its share
_TOGETHER = 1 / 4  # of the budget, beyond the deadline
_FUNCTION = re.compile(r"^\t\.type\t[^\n]*,[@%]function$", re.M)
_INSTRUCTION = re.compile(r"^\t[a-z]", re.M)


def rewrite_unit(text: str, bitcode: bytes | None, unit: Unit, settings: Settings) -> Rewritten:
    """The rewritten assembly text of one translation unit and what its object must hold; `text` itself where nothing was kept.

    Errors of any stage propagate: the driver answers them with clang's own object.
    """
    begun = time.monotonic()
    clock = Clock(begun + settings.budget)
    encoder = Encoder(unit.clang, unit.target_flags)
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
        told = _left_alone(text, unit, settings)
        report.publish(told, unit, settings, time.monotonic() - begun)
        return Rewritten(text, losses=losses(told, text, settings))
    first, outcomes = _looked(whole, encoder, unit, settings, clock)
    analysed, applied = first.analysed, [outcome for outcome in outcomes if outcome.applied]
    saved = sum(outcome.before.instructions - outcome.after.instructions for outcome in applied)
    unseen = sum(len(block.instructions) for function in first.unreached for block in function.blocks)
    counts, missed = (analysed.instructions, analysed.instructions - saved), NotReached(len(first.unreached), unseen)
    told = UnitReport(unit.source, settings.policy, *counts, analysed.regions, outcomes, analysed.left_alone, missed)
    if settings.explain or settings.report:
        told = replace(told, positions=positions(text, unit.located))
    report.publish(told, unit, settings, time.monotonic() - begun)
    note, lost = note_of(told), losses(told, text, settings)
    if note is None:
        return Rewritten(text, losses=lost)
    edits = [(outcome.window, outcome.chosen) for outcome in applied]
    image = expected(analysed, edits, encoder, SECTION)
    return Rewritten(spliced(analysed.module, edits) + assembly(note), image, lost)


def _looked(
    analysed: Analysed, encoder: Encoder, unit: Unit, settings: Settings, clock: Clock
) -> tuple[FirstLook, tuple[Outcome, ...]]:
    """What was reached, and the outcomes in the end: first answers, then what second tries and closer looks add."""
    backend = make_backend(settings)
    judge = Judge(encoder, unit, settings.policy, clock.deadline)

    def asked(windows: Sequence[Window]) -> Mapping[str, Reply]:
        return ask(windows, backend, clock.share(_ASKING).deadline)

    def look(windows: Sequence[Window]) -> Sequence[Outcome]:
        return judge.outcomes(windows, asked(windows))

    def mended(outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        again = repaired(outcomes, backend, judge.outcomes, settings.repair, clock.deadline)
        return again if settings.repair == 0 else further(again, asked, judge.outcomes, encoder, clock)

    first = first_look(analysed, look, clock)
    found = closer(mended(first.outcomes), lambda windows: mended(look(windows)), clock)
    kept = together(tuple(found), first.analysed, encoder, Clock(clock.deadline + settings.budget * _TOGETHER))
    return first, numbered(tuple(kept), settings.first, settings.last)


def _left_alone(text: str, unit: Unit, settings: Settings) -> UnitReport:
    """The report on a unit that the budget is too small for, which is counted by the look of its lines."""
    seen = NotReached(len(_FUNCTION.findall(text)), len(_INSTRUCTION.findall(text)))
    return UnitReport(unit.source, settings.policy, seen.instructions, seen.instructions, {}, (), missed=seen)


def ask(found: Iterable[Window], backend: Backend, deadline: float) -> dict[str, Reply]:
    """Replies by request key; each distinct request is asked once. What no reply came for in time is too late."""
    requests: Mapping[str, Request] = unique(window.request() for window in found)
    replies = {reply.key: reply for reply in backend.propose(tuple(requests.values()), deadline)}
    late = requests.keys() - replies.keys() if time.monotonic() >= deadline else ()
    return replies | {key: Reply(key, None, error="too-late") for key in late}


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
