"""The rule book as one who proposes: what it makes of windows, with the rules that made it as the evidence.

It is given windows, not requests, and answers for each: what rules rest on is more than a request tells, as what is
known of registers that the window does not mention. Only windows that agree in all of it are looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...analysis.windows import Window
from ...assembly.print import print_instruction
from ...clock import TooLate, unhurried
from ..protocol import Reply
from ..request import request_of
from .book import packaged
from .engine import Rewrite, rewrite


def by_rules(windows: Sequence[Window], check: Callable[[], None] = unhurried) -> tuple[Rewrite | None, ...]:
    """One entry a window, in order: None where the rules find nothing better, or once `check` has raised TooLate."""
    book = packaged()
    made: dict[object, Rewrite | None] = {}
    found: list[Rewrite | None] = []
    try:
        for window in windows:
            check()
            rests = rests_on(window)
            if rests not in made:
                made[rests] = rewrite(window, book)
            found.append(made[rests])
    except TooLate:
        pass
    return (*found, *[None] * (len(windows) - len(found)))


def reply_of(window: Window, rewrite: Rewrite) -> Reply:
    """The rewrite as a backend would reply it about the window."""
    texts = tuple(map(print_instruction, rewrite.lines))
    return Reply(request_of(window).key, texts, "\n".join(texts))


def rests_on(window: Window) -> object:
    """All of a window that rules may rest on: where it is equal, they make the same, and it is as right."""
    known = window.known
    return (
        window.items,
        tuple((step.word, step.relocated) for step in window.source.steps),
        tuple(sorted(window.live_out.items())),
        tuple(sorted(window.aliases.items())),
        *(tuple(sorted(each.items())) for each in (known.constants, known.zero_extended, known.sign_extended)),
        frozenset(known.equal),
        window.ordered,
    )
