"""The heart: windows of a module, proposals for them, verdicts, and the module with what was kept.

It promises that every change in the returned text was accepted by the cascade under the
policy and made nothing costlier; all else is byte for byte the input.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Iterable, Iterator, Mapping, Sequence

from . import report
from .analysis.translation_unit import analyse
from .analysis.windows import Window
from .assembly.encode import Encoder
from .closer import closer
from .driver.unit import Unit
from .further import further
from .hunks import spliced
from .judge import Judge
from .propose.backends import make_backend
from .propose.protocol import Backend, Reply, Request, unique
from .repair import repaired
from .report.note import assembly, note_of
from .report.outcome import Outcome, UnitReport
from .settings import Settings
from .together import together


def rewrite_unit(text: str, bitcode: bytes | None, unit: Unit, settings: Settings) -> str:
    """The rewritten assembly text of one translation unit; `text` itself where nothing was kept.

    Errors of any stage propagate: the driver answers them with clang's own object.
    """
    started = time.monotonic()
    deadline = started + settings.budget
    encoder = Encoder(unit.clang, unit.target_flags)
    analysed = analyse(text, bitcode, encoder, lambda name: settings.selects(unit.source, name))
    backend = make_backend(settings)
    judge = Judge(encoder, unit, settings.policy, deadline)

    def asked(windows: Sequence[Window]) -> Mapping[str, Reply]:
        now = time.monotonic()
        return ask(windows, backend, now + (deadline - now) / 2)  # judging needs its share

    def look(windows: Sequence[Window]) -> Sequence[Outcome]:
        outcomes = repaired(judge.outcomes(windows, asked(windows)), backend, judge.outcomes, settings.repair, deadline)
        return outcomes if settings.repair == 0 else further(outcomes, asked, judge.outcomes, encoder)

    kept = together(tuple(closer(analysed.windows(), look)), analysed, encoder)
    outcomes = numbered(tuple(kept), settings.first, settings.last)
    applied = [outcome for outcome in outcomes if outcome.applied]
    saved = sum(outcome.before.instructions - outcome.after.instructions for outcome in applied)
    counts = analysed.instructions, analysed.instructions - saved
    told = UnitReport(unit.source, settings.policy, *counts, analysed.regions, outcomes, analysed.left_alone)
    report.publish(told, settings)
    note = note_of(told)
    return spliced(analysed.module, [(outcome.window, outcome.chosen) for outcome in applied]) + assembly(note) if note else text


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
