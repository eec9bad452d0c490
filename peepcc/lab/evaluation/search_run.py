"""A backend asked about examples by the compiler's own search, and what that comes to, example by example.

The search is `optimize/search.py`, its verdicts those of a build under the policy `proved`. It does not promise
the figures of a build of the same windows: a build has a budget, and splices what it keeps into one text.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...clock import Clock
from ...errors import PeepccError
from ...optimize.edits import Hunk, edited, item_text
from ...optimize.outcome import Outcome
from ...optimize.search import Search
from ...propose.protocol import Backend, Failure, FailureKind, Reply
from ...propose.request import request_of
from .judge_pool import Bench
from .scoring import Judged

Tries = tuple[tuple[Reply, Judged], ...]
_PATIENCE = 12 * 3600.0  # seconds for one batch, so that a server that hangs is given up
_NO_WORDS = Failure(FailureKind.NOT_ASKED, "the model has no words for this window")


@dataclass(frozen=True, slots=True)
class _End:
    """Where the search ended for an example: the outcome of its whole window, and the accepted parts as one reply,
    where parts were accepted.
    """

    whole: Outcome
    joined: Reply | None
    asked: tuple[Reply, ...]

    @property
    def reply(self) -> Reply:
        """The reply that counts, with what all replies after the first cost together."""
        later = self.asked[1:]
        tokens, seconds = sum(reply.tokens for reply in later), sum(reply.seconds for reply in later)
        return replace(self.joined or self.whole.reply, tokens=tokens, seconds=seconds)


@dataclass(frozen=True)
class Searching:
    """`repair`: how many times a build would ask again after a refusal.

    0: only the first reply about an example counts.
    """

    identity: Mapping[str, object]
    together: int
    backend: Backend
    repair: int

    def tries(self, numbers: Sequence[int], bench: Bench) -> list[Tries]:
        """The first reply about each example and, where the search went on, what it ended with.

        Raises PeepccError where the backend answers nothing.
        """
        clock = Clock(time.monotonic() + _PATIENCE)
        search = Search(self.backend, bench, Encoder(bench.setting.clang), self.repair, clock)
        windows = [_counted(bench.examples[n].window) for n in numbers]
        first = [_answered(outcome) for outcome in search.first(windows)]
        _raise_where_nothing_answers(first)
        judged = bench.score(list(zip(numbers, first)))
        tries: list[Tries] = [((outcome.reply, each),) for outcome, each in zip(first, judged)]
        if self.repair:
            ends = [_end(*outcomes) for outcomes in _by_window(search.deepen(first), windows)]
            for k, last in _judged(numbers, ends, bench).items():
                tries[k] += ((ends[k].reply, last),)
        return tries


def _judged(numbers: Sequence[int], ends: Sequence[_End], bench: Bench) -> dict[int, Judged]:
    """Judgements of the ends that more than one reply led to, by their place. What joins parts is judged as one."""
    further = [k for k, end in enumerate(ends) if len(end.asked) > 1]
    joined = {k: reply for k in further if (reply := ends[k].joined)}
    whole = [k for k in further if k not in joined]
    judged = dict(zip(joined, bench.judge([(numbers[k], reply) for k, reply in joined.items()])))
    return judged | dict(zip(whole, bench.score([(numbers[k], ends[k].whole) for k in whole])))


def _counted(window: Window) -> Window:
    """The window with its items numbered as lines are, so that a part of it shows where it stands."""
    return replace(window, lines=tuple(range(len(window.items))))


def _answered(outcome: Outcome) -> Outcome:
    """The outcome, with a reply that says so where none came."""
    if outcome.reply is not None:
        return outcome
    reply = Reply(request_of(outcome.window).key, None, failure=_NO_WORDS)
    return replace(outcome, reply=reply, asked=(reply,))


def _raise_where_nothing_answers(outcomes: Sequence[Outcome]) -> None:
    failures = [outcome.reply.failure for outcome in outcomes]
    asked = [each for each in failures if each is None or each.kind is not FailureKind.NOT_ASKED]
    if asked and all(each is not None and each.kind is FailureKind.NO_ANSWER for each in asked):
        raise PeepccError(f"no answer: {asked[0].message}")


def _by_window(outcomes: Sequence[Outcome], windows: Sequence[Window]) -> Iterator[list[Outcome]]:
    """The outcomes of each window and its parts: a window's own come first, its parts' follow."""
    starts = [k for k, outcome in enumerate(outcomes) if any(outcome.window is window for window in windows)]
    for start, end in zip(starts, [*starts[1:], len(outcomes)]):
        yield [*outcomes[start:end]]


def _end(whole: Outcome, *parts: Outcome) -> _End:
    asked = tuple(reply for outcome in (whole, *parts) for reply in outcome.asked)
    chosen = tuple(hunk for outcome in parts for hunk in _moved(outcome, whole.window))
    if not chosen:
        return _End(whole, None, asked)
    lines = tuple(item_text(item) for item in edited(whole.window, chosen) if not isinstance(item, str))
    return _End(whole, Reply(request_of(whole.window).key, lines, model=asked[0].model), asked)


def _moved(outcome: Outcome, window: Window) -> Iterator[Hunk]:
    """The accepted hunks of a part, as hunks of the window."""
    before = sum(not isinstance(item, str) for item in window.items[: outcome.window.lines[0]])
    for hunk in outcome.chosen:
        yield replace(hunk, first=hunk.first + before, last=hunk.last + before)
