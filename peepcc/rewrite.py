"""The heart: windows of a module, proposals for them, verdicts, and the module with what was kept.

It promises that every change in the returned text was accepted by the cascade under the
policy and made nothing costlier; all else is byte for byte the input.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Iterable, Iterator, Mapping, Sequence

from . import report
from .analysis.facts import read_facts
from .analysis.known import known
from .analysis.liveness import liveness
from .analysis.obligation import Step
from .analysis.regions import region_of
from .analysis.steps import steps
from .analysis.windows import Window, windows
from .assembly.blocks import functions
from .assembly.encode import Encoder
from .assembly.parse import parse_module
from .assembly.syntax import Module
from .driver.unit import Unit
from .hunks import spliced
from .judge import Judge
from .propose.backends import make_backend
from .propose.protocol import Backend, Reply, Request, unique
from .report.outcome import Outcome, UnitReport
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Analysed:
    module: Module
    windows: tuple[Window, ...]
    instructions: int
    regions: Mapping[str, int]


def rewrite_unit(text: str, bitcode: bytes | None, unit: Unit, settings: Settings) -> str:
    """The rewritten assembly text of one translation unit; `text` itself where nothing was kept.

    Errors of any stage propagate: the driver answers them with clang's own object.
    """
    deadline = time.monotonic() + settings.budget
    encoder = Encoder(unit.clang, unit.target_flags)
    analysed = analyse(text, bitcode, encoder, lambda name: settings.selects(unit.source, name))
    replies = ask(analysed.windows, make_backend(settings), deadline)
    judge = Judge(encoder, unit, settings.policy, deadline)
    outcomes = numbered(judge.outcomes(analysed.windows, replies), settings.first, settings.last)
    applied = [outcome for outcome in outcomes if outcome.applied]
    saved = sum(outcome.before.instructions - outcome.after.instructions for outcome in applied)
    report.publish(UnitReport(unit.source, analysed.instructions, analysed.instructions - saved, analysed.regions, outcomes), settings)
    return spliced(analysed.module, [(outcome.window, outcome.chosen) for outcome in applied]) if applied else text


def analyse(text: str, bitcode: bytes | None, encoder: Encoder, selects=lambda name: True) -> Analysed:
    """Windows of every function whose name `selects` accepts."""
    module = parse_module(text)
    facts = read_facts(bitcode)
    places = [n for n, line in enumerate(module.lines) if line.instruction is not None and line.readable]
    encoded = steps([module.lines[n].instruction for n in places], encoder)
    at: dict[int, Step] = {n: step for n, step in zip(places, encoded) if step is not None}
    found: list[Window] = []
    for function in functions(module):
        if selects(function.name):
            live = liveness(module, function, at, facts)
            found.extend(windows(module, function, at, live, known(module, function, at, facts), facts))
    regions = Counter(name for n in places if (name := region_of(at.get(n))))
    return Analysed(module, tuple(found), len(places), regions)


def ask(found: Iterable[Window], backend: Backend, deadline: float) -> dict[str, Reply]:
    """Replies by request key; each distinct request is asked once."""
    requests: Mapping[str, Request] = unique(window.request() for window in found)
    return {reply.key: reply for reply in backend.propose(tuple(requests.values()), deadline)}


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
