"""A closer look: where a reply about a window fell short, parts of the window are asked about by themselves, then
theirs.

Models err more often in long windows, and one wrong line there can cost five right ones.
Parts overlap, so that what belongs together stands in one of them. Of a window and its parts
those that save most are kept, no two of which overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..analysis.subwindow import part
from ..analysis.windows import LIMIT, Window
from ..clock import ALL_TIME, Clock
from ..validate.verdict import Verdict
from .outcome import Outcome, saved

SIZES = (LIMIT // 2, LIMIT // 4, LIMIT // 8)
_SHORT = (Verdict.REFUTED, Verdict.UNPROVED, Verdict.UNPARSED, Verdict.COSTLIER)

Look = Callable[[Sequence[Window]], Sequence[Outcome]]
Span = tuple[int, int]  # instructions first..last-1 of a window, counted without labels


def closer(looked: Sequence[Outcome], look: Look, clock: Clock = ALL_TIME) -> Iterator[Outcome]:
    """The outcomes of all looks, in the order of the text; those of a window's parts follow its own, the longer of two
    first.

    `looked` came of the windows, `look` asks about parts and judges; once the clock has stopped, no more are
    looked at. No two accepted outcomes overlap.
    """
    windows = [outcome.window for outcome in looked]
    found = [{(0, len(window.source.steps)): outcome} for window, outcome in zip(windows, looked)]
    for size in SIZES:
        if clock.over:
            break
        short = [[span for span, outcome in outcomes.items() if _falls_short(outcome)] for outcomes in found]
        new = [(n, span) for n, spans in enumerate(short) for span in parts(spans, size) if span not in found[n]]
        for (n, span), outcome in zip(new, look([part(windows[n], *span) for n, span in new]) if new else ()):
            found[n][span] = outcome
    for outcomes in found:
        kept = heaviest(
            {span: saved([outcome]) for span, outcome in outcomes.items() if outcome.judgement.verdict.accepted}
        )
        yield from (
            outcomes[span] if span in kept else _given_up(outcomes[span])
            for span in sorted(outcomes, key=lambda span: (span[0], -span[1]))
        )


def askable(window: Window) -> Iterator[Window]:
    """The window and every part of it that may be asked about."""
    spans = [(0, len(window.source.steps))]
    yield window
    for size in SIZES:
        new = [span for span in parts(spans, size) if span not in spans]
        yield from (part(window, *span) for span in new)
        spans += new


def parts(spans: Sequence[Span], size: int) -> list[Span]:
    """The parts of `size` instructions, each half a size after the last, of the spans that are longer, and no longer
    than two.
    """
    found = {
        (start, min(start + size, last))
        for first, last in spans
        if size < last - first <= 2 * size
        for start in range(first, last - size // 2, size // 2)
    }
    return sorted(found)


def heaviest(weights: Mapping[Span, tuple[int, float]]) -> frozenset[Span]:
    """Those of the spans that weigh most together, no two of which overlap; of equals the fewest."""
    best: list[tuple[tuple[int, float, int], frozenset[Span]]] = [((0, 0.0, 0), frozenset())]
    for end in range(1, max((last for _, last in weights), default=0) + 1):
        choices = [best[-1]]
        for span, (instructions, cycles) in weights.items():
            if span[1] == end:
                weight, before = best[span[0]]
                choices.append(((weight[0] + instructions, weight[1] + cycles, weight[2] - 1), before | {span}))
        best.append(max(choices, key=lambda choice: choice[0]))
    return best[-1][1]


def _falls_short(outcome: Outcome) -> bool:
    """Something was proposed, and not all of it kept: not even if it was taken back; a server's errors are no
    proposals.
    """
    reply = outcome.reply
    proposed = reply is not None and reply.proposes
    taken_back = bool(outcome.refused) and not outcome.judgement.verdict.accepted
    return proposed and (outcome.left > 0 or taken_back or outcome.judgement.verdict in _SHORT)


def _given_up(outcome: Outcome) -> Outcome:
    if not outcome.judgement.verdict.accepted:
        return outcome
    judgement = replace(
        outcome.judgement,
        verdict=Verdict.COSTLIER,
        reason="; ".join(filter(None, ("what overlaps it saves no less", outcome.judgement.reason))),
    )
    return replace(outcome, judgement=judgement, chosen=(), before=None, after=None)
