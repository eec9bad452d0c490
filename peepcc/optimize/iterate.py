"""What was kept is asked about again: one rewrite makes room for the next, and a model often mends one thing at a time.

A further reply is about the window as it was rewritten, and is judged against the window as
the compiler wrote it. Promises that a window is no worse off: only what saves more is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..analysis.encoded import must_assemble
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction
from ..clock import ALL_TIME, Clock
from ..propose.protocol import Reply
from ..propose.request import request_of
from .edits import edited
from .outcome import Outcome, saved, with_history
from .repair import Judged

Asked = Callable[[Sequence[Window]], Mapping[str, Reply]]


def further(
    outcomes: Sequence[Outcome], asked: Asked, judged: Judged, encoder: Encoder, clock: Clock = ALL_TIME
) -> tuple[Outcome, ...]:
    """The outcomes, those that saved something after as many further replies as save more.

    `asked` gives replies by request key, `judged` makes outcomes of windows and such replies.
    A refused reply is not mended here: in code that was rewritten already that costs much and gains little. What the
    rule book made is not asked about: it has been applied until nothing of it fits.
    """
    kept = list(outcomes)
    improved = [n for n, outcome in enumerate(kept) if outcome.saved and not outcome.judgement.rules]
    while improved and not clock.over:
        after = [rewritten(kept[n].window, edited(kept[n].window, kept[n].chosen), encoder) for n in improved]
        replies = asked(after)
        new: dict[int, Reply] = {}
        for n, window in zip(improved, after):
            reply = replies.get(request_of(window).key)
            if reply is not None and reply.lines in (None, _lines(window)):
                kept[n] = replace(kept[n], asked=(*kept[n].asked, reply))
            elif reply is not None:
                new[n] = reply
        found = judged(
            [kept[n].window for n in new], {request_of(kept[n].window).key: reply for n, reply in new.items()}
        )
        improved = []
        for n, outcome in zip(new, found):
            before = kept[n]
            if saved([outcome]) > saved([before]):
                outcome = replace(outcome, left=before.left + outcome.left, refused=before.refused)
                kept[n] = with_history(outcome, before, outcome)
                improved.append(n)
            else:
                kept[n] = with_history(before, before, outcome)
    return tuple(kept)


def rewritten(window: Window, items: Sequence[Instruction | str], encoder: Encoder) -> Window:
    """The window as a rewrite leaves it, to be asked about. It stands nowhere: all its lines are the first one's."""
    return replace(
        window, items=tuple(items), lines=(window.lines[0],) * len(items), source=must_assemble(items, encoder)
    )


def _lines(window: Window) -> tuple[str, ...]:
    return tuple(print_instruction(step.instruction) for step in window.source.steps)
