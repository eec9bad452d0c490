"""Refused replies go back to the model, with what was wrong, and it may try again; so where it left a window alone and
is not sure.

Promises that a window is no worse off: what was kept of an earlier reply is given up only
for what saves more. A backend that cannot repair is asked nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..analysis.windows import Window
from ..propose.protocol import Backend, Repair, Repairer, Reply
from ..propose.request import request_of
from ..validate.verdict import Judgement, Verdict
from .outcome import Outcome, refusal, saved, with_history

Judged = Callable[[Sequence[Window], Mapping[str, Reply]], Sequence[Outcome]]


def repaired(
    outcomes: Sequence[Outcome], backend: Backend, judged: Judged, times: int | None, deadline: float
) -> tuple[Outcome, ...]:
    """The outcomes, those of refused or unsure replies after at most `times` further tries each, None: as many as the
    backend is good for.

    `judged` makes outcomes of windows and replies by request key. `deadline` is in
    `time.monotonic()` seconds; asking takes at most half of what is left at each turn.
    """
    kept, last = list(outcomes), dict(enumerate(outcomes))
    if not isinstance(backend, Repairer):
        return tuple(kept)
    for _ in range(backend.usual if times is None else times):
        now = time.monotonic()
        repairs = {n: repair for n, outcome in last.items() if (repair := _repair(outcome)) is not None}
        if not repairs or now >= deadline:
            break
        asked = {repair.key: repair for repair in repairs.values()}
        replies = {
            reply.key: reply
            for reply in backend.repair(tuple(asked.values()), now + (deadline - now) / 2)
            if _proposes(reply)
        }
        repairs = {n: repair for n, repair in repairs.items() if repair.key in replies}
        again = judged(
            [last[n].window for n in repairs], {repair.request.key: replies[repair.key] for repair in repairs.values()}
        )
        last = {n: replace(outcome, refused=repair.refused) for (n, repair), outcome in zip(repairs.items(), again)}
        for n, outcome in last.items():
            kept[n] = with_history(_better(kept[n], outcome), kept[n], outcome)
    return tuple(kept)


def _better(before: Outcome, after: Outcome) -> Outcome:
    """What saves more; the later where neither saves, unless time was up or the model had left the window alone at
    first.
    """
    if before.judgement.verdict is Verdict.UNCHANGED and not after.judgement.verdict.accepted and _is_unsure(before):
        return before
    if saved([before]) > saved([after]) or after.judgement.verdict is Verdict.TOO_LATE:
        return replace(before, refused=after.refused)
    return after


def _repair(outcome: Outcome) -> Repair | None:
    """None where there is nothing to say to the model: all was kept, or nothing shows that it erred."""
    reply, judgement = outcome.reply, outcome.judgement.whole or outcome.judgement
    if reply is None or not _proposes(reply) or not (_tells(judgement) or _is_unsure(outcome)):
        return None
    return Repair(request_of(outcome.window), (*outcome.refused, refusal(outcome)))


def _proposes(reply: Reply) -> bool:
    """A server's errors are no proposals."""
    return reply.proposes and (reply.lines is not None or bool(reply.text))


def _is_unsure(outcome: Outcome) -> bool:
    return outcome.judgement.verdict is Verdict.UNCHANGED and outcome.reply is not None and outcome.reply.unsure


def _tells(judgement: Judgement) -> bool:
    """Whether the verdict is about the reply: what the validators do not understand, or disagree on, no model can
    mend.
    """
    if judgement.verdict is Verdict.UNPROVED:
        return judgement.emulated and not judgement.details
    return judgement.verdict in (Verdict.REFUTED, Verdict.UNPARSED, Verdict.UNSAFE_REGION)
