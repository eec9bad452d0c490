"""The search for better code of windows: propose, check, repair, iterate, subdivide.

The steps are files of their own; this one is their order, for the compiler and for
`peeplab evaluate`. It knows neither the model nor the validators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..clock import ALL_TIME, Clock
from ..propose.protocol import Backend, Failure, FailureKind, Reply, unique
from ..propose.request import request_of
from ..propose.rules.engine import Rewrite
from .iterate import further
from .outcome import Outcome, with_history
from .repair import repaired
from .subdivide import closer

_ASKING = 1 / 2  # of the time left: checking needs its share
_LEAST = 3  # instructions in a window that the backend is asked about: in shorter ones rules leave nothing that pays

# One rewrite or None a window, in order; the second argument raises TooLate once there is no more time.
Rules = Callable[[Sequence[Window], Callable[[], None]], Sequence[Rewrite | None]]


class Checker(Protocol):
    """Says what of replies may be kept: one outcome a window, in order; a window without a reply stays as it is."""

    def outcomes(self, windows: Sequence[Window], replies: Mapping[str, Reply]) -> tuple[Outcome, ...]: ...

    def ruled(self, windows: Sequence[Window], rewrites: Sequence[Rewrite | None]) -> tuple[Outcome, ...]: ...


@dataclass(frozen=True, slots=True)
class Search:
    """What may be asked about a window, and what of the answers is kept.

    Asks: the rule book, if there is one, about each window, and the backend about those that it leaves and that are
    no shorter than pays: once about each distinct window; again, at most `attempts` times, about a reply that was
    refused or that leaves the window alone and is not sure (None: as often as the backend is good for, 0: nothing but
    the first reply is asked for); about what an accepted rewrite of the backend's left, as long as that saves more;
    and all of this about overlapping parts of a window where something was proposed and not all of it was kept.

    Keeps: of the replies about a window the one that saves most, the later of equals where neither
    saves; of a window and its parts those that save most together. What was accepted is given up only for
    what saves more, so that no step leaves a window worse than the one before.

    Is deterministic: equal windows, replies and verdicts give equal outcomes, unless the clock cuts them short.

    Stops: where no step has anything to ask, and the rounds are bounded: attempts by their number, iteration by
    what a window can save, parts by their sizes. After the deadline nothing new is asked, and what is
    running is not waited for.
    """

    backend: Backend
    checker: Checker
    encoder: Encoder
    attempts: int | None = None
    clock: Clock = ALL_TIME
    rules: Rules | None = None

    def run(self, windows: Sequence[Window]) -> tuple[Outcome, ...]:
        """The outcomes of the windows and of their parts, in the order of the text."""
        return self.deepen(self.first(windows))

    def first(self, windows: Sequence[Window]) -> tuple[Outcome, ...]:
        """One outcome a window: of what the rule book makes of it or, where none of that is kept, the first reply."""
        tried = self._ruled(windows)
        left = [n for n in range(len(windows)) if n not in tried or not tried[n].judgement.verdict.accepted]
        rest = [windows[n] for n in left]
        found = dict(tried)
        least = 0 if self.rules is None else _LEAST
        replies = self._propose(window for window in rest if len(window.source.steps) >= least)
        for n, outcome in zip(left, self.checker.outcomes(rest, replies)):
            found[n] = with_history(outcome, tried[n], outcome) if n in tried else outcome
        return tuple(found[n] for n in range(len(windows)))

    def _ruled(self, windows: Sequence[Window]) -> dict[int, Outcome]:
        """The outcomes of the rule book's rewrites, by the number of the window."""
        if self.rules is None:
            return {}
        made = {n: each for n, each in enumerate(self.rules(windows, self.clock.check)) if each is not None}
        return dict(zip(made, self.checker.ruled([windows[n] for n in made], list(made.values()))))

    def deepen(self, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        """The outcomes of first replies after all further steps; those of a window's parts follow its own."""
        improved = self._improve(outcomes)
        return tuple(closer(improved, lambda parts: self._improve(self.first(parts)), self.clock))

    def _improve(self, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        check, deadline = self.checker.outcomes, self.clock.deadline
        mended = repaired(outcomes, self.backend, check, self.attempts, deadline)
        return mended if self.attempts == 0 else further(mended, self._propose, check, self.encoder, self.clock)

    def _propose(self, windows: Iterable[Window]) -> dict[str, Reply]:
        """Replies by request key; each distinct request is asked once. What no reply came for in time is too late."""
        requests = unique(request_of(window) for window in windows)
        deadline = self.clock.share(_ASKING)
        replies = {reply.key: reply for reply in self.backend.propose(tuple(requests.values()), deadline.deadline)}
        late = requests.keys() - replies.keys() if deadline.over else ()
        return replies | {key: Reply(key, None, failure=Failure(FailureKind.TOO_LATE)) for key in late}
