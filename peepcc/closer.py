"""A closer look: where a reply about a window fell short, the window's halves are asked about by themselves, then theirs.

Models err more often in long windows, and one wrong line there can cost five right ones.
Of a window and its parts at most one side is kept: that which saves more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Iterator, Sequence

from .analysis.windows import LIMIT, Window
from .report.outcome import Outcome, saved
from .validate.verdict import Verdict

LIMITS = (LIMIT, LIMIT // 2, LIMIT // 4, LIMIT // 8)
_SHORT = (Verdict.REFUTED, Verdict.UNPROVED, Verdict.UNPARSED, Verdict.COSTLIER)

Look = Callable[[Sequence[Window]], Sequence[Outcome]]


def closer(windows: Callable[[int], Sequence[Window]], look: Look) -> Iterator[Outcome]:
    """The outcomes of all looks, in the order of the text; those of a window's parts follow its own.

    `windows(limit)`: the windows of at most `limit` instructions, those of half a limit
    inside those of the limit. `look` asks and judges. No two accepted outcomes overlap.
    """
    return _closer(windows, look, windows(LIMITS[0]))


def _closer(cut: Callable[[int], Sequence[Window]], look: Look, asked: Sequence[Window]) -> Iterator[Outcome]:
    outcomes = look(asked) if asked else ()
    whole: dict[int, int] = {}  # line -> first line of the window that is cut
    cuts: dict[int, set[int]] = {}  # limit -> lines of the windows that are cut to it
    for outcome in outcomes:
        lines, limit = outcome.window.lines, next((limit for limit in LIMITS if limit < len(outcome.window.source.steps)), None)
        if limit and _falls_short(outcome):
            whole.update(dict.fromkeys(lines, lines[0]))
            cuts.setdefault(limit, set()).update(lines)
    parts = [part for limit, lines in cuts.items() for part in cut(limit) if part.lines[0] in lines]
    found: dict[int, list[Outcome]] = {}
    for part in _closer(cut, look, parts) if parts else ():
        found.setdefault(whole[part.window.lines[0]], []).append(part)
    for outcome in outcomes:
        yield from _better(outcome, found.get(outcome.window.lines[0], []))


def _falls_short(outcome: Outcome) -> bool:
    """Something was proposed, and not all of it kept: not even if it was taken back; a server's errors are no proposals."""
    reply = outcome.reply
    proposed = reply is not None and (reply.lines is not None or (reply.error or "").startswith("unparsed"))
    taken_back = bool(outcome.refused) and not outcome.judgement.verdict.accepted
    return proposed and (outcome.left > 0 or taken_back or outcome.judgement.verdict in _SHORT)


def _better(whole: Outcome, parts: Sequence[Outcome]) -> Iterator[Outcome]:
    if saved([whole]) >= saved(parts):
        yield whole
        yield from (_given_up(part, "the window as a whole saves as much") for part in parts)
    else:
        yield _given_up(whole, "its parts save more")
        yield from parts


def _given_up(outcome: Outcome, why: str) -> Outcome:
    if not outcome.judgement.verdict.accepted:
        return outcome
    judgement = replace(outcome.judgement, verdict=Verdict.COSTLIER, reason="; ".join(filter(None, (why, outcome.judgement.reason))))
    return replace(outcome, judgement=judgement, chosen=(), before=None, after=None)
