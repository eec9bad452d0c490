"""What was kept is asked about again: one rewrite makes room for the next, and a model often mends one thing at a time.

A further reply is about the window as it was rewritten, and is judged against the window as
the compiler wrote it. Promises that a window is no worse off: only what saves more is taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Mapping, Sequence

from .analysis.steps import program
from .analysis.windows import Window
from .assembly.encode import Encoder
from .assembly.print import print_instruction
from .assembly.syntax import Instruction
from .hunks import edited
from .propose.protocol import Reply
from .repair import Judged
from .report.outcome import Outcome, saved
from .validate.verdict import Judgement, Verdict

Tried = Callable[[Sequence[Window], Judged], Sequence[Outcome]]


def further(outcomes: Sequence[Outcome], tried: Tried, judged: Judged, encoder: Encoder) -> tuple[Outcome, ...]:
    """The outcomes, those that saved something after as many further replies as save more.

    `tried` asks about windows and has the replies judged as it is told; `judged` makes
    outcomes of windows and replies by request key.
    """
    kept = list(outcomes)
    improved = [n for n, outcome in enumerate(kept) if outcome.saved]
    while improved:
        after = {n: rewritten(kept[n].window, edited(kept[n].window, kept[n].chosen), encoder) for n in improved}
        origin = {id(window): kept[n].window for n, window in after.items()}
        found = tried(tuple(after.values()), lambda windows, replies: _judged(windows, replies, origin, judged))
        improved = [n for n, outcome in zip(after, found) if saved([outcome]) > saved([kept[n]])]
        better = dict(zip(after, found))
        for n in improved:
            kept[n] = _joined(kept[n], better[n])
    return tuple(kept)


def rewritten(window: Window, items: Sequence[Instruction | str], encoder: Encoder) -> Window:
    """The window as a rewrite leaves it, to be asked about. It stands nowhere: all its lines are the first one's."""
    return replace(window, items=tuple(items), lines=(window.lines[0],) * len(items), source=program(items, encoder))


def _judged(windows: Sequence[Window], replies: Mapping[str, Reply], origin: Mapping[int, Window], judged: Judged) -> list[Outcome]:
    """Outcomes of the rewritten windows, their costs those of the windows that they came from and of the whole rewrite."""
    said = [replies.get(window.request().key) for window in windows]
    new = [reply is not None and reply.lines != _lines(window) for window, reply in zip(windows, said)]
    told = {origin[id(window)].request().key: reply for window, reply, differs in zip(windows, said, new) if differs}
    outcomes = judged([origin[id(window)] for window in windows], told)
    return [replace(outcome, window=window) if differs else Outcome(window, reply, Judgement(Verdict.UNCHANGED))
            for window, reply, differs, outcome in zip(windows, said, new, outcomes)]


def _lines(window: Window) -> tuple[str, ...]:
    return tuple(print_instruction(step.instruction) for step in window.source.steps)


def _joined(before: Outcome, after: Outcome) -> Outcome:
    """The later, of the window that the earlier is of."""
    return replace(after, window=before.window, left=before.left + after.left, refused=(*before.refused, *after.refused))
