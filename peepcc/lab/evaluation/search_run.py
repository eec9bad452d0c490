"""A back-end that has more than one answer to a window, asked as a build asks it.

In a build that is: so many times again where a reply is refused, or "unchanged" and unsure
(`repair.py`); about what was kept, as long as that saves more (`further.py`); and all this
about parts of the window, where that falls short (`closer.py`). A build judges a part by
itself, here each reply is judged as one about the whole example.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...analysis.subwindow import part
from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...errors import PeepccError
from ...optimize.iterate import rewritten
from ...optimize.subdivide import SIZES, Span, heaviest, parts
from ...propose.protocol import Backend, Refusal, Repair, Repairer, Reply, Request, unique
from ...propose.request import request_of
from ..example import items_of
from .judge_pool import Bench
from .scoring import Judged, Status

Tries = tuple[tuple[Reply, Judged], ...]
_PATIENCE = 6 * 3600.0  # seconds for one batch of a back-end
_NO_WORDS = "no answer: the model has no words for this window"


@dataclass(frozen=True, slots=True)
class _View:
    """Instructions first..last-1 of an example, which `window` holds, maybe rewritten. A reply about them leaves the others as they are."""

    number: int
    span: Span
    window: Window

    def whole(self, reply: Reply, source: Sequence[str]) -> Reply:
        first, last = self.span
        return reply if reply.lines is None else replace(reply, lines=(*source[:first], *reply.lines, *source[last:]))

    def rewritten(self, lines: Sequence[str], source: Sequence[str], encoder: Encoder) -> _View | None:
        """The view of what `lines` make of the example. None where nothing is left of it, or more than it was rewritten."""
        first, last = self.span
        places = [place for place, line in enumerate(lines) if not line.endswith(":")]
        plain, behind = [lines[place] for place in places], len(places) - (len(source) - last)
        if first >= behind or plain[:first] != [*source[:first]] or plain[behind:] != [*source[last:]]:
            return None
        items = items_of(lines[places[first] if first else 0 : None if last == len(source) else places[behind - 1] + 1])
        encoder.encode_instructions([item for item in items if not isinstance(item, str)])
        return replace(self, window=rewritten(self.window, items, encoder))


@dataclass(frozen=True)
class Retrying:
    """`repair`: how many times it is asked again; 0: it is asked once and about nothing else."""

    identity: Mapping[str, object]
    together: int
    backend: Repairer
    repair: int

    def tries(self, numbers: Sequence[int], bench: Bench) -> list[Tries]:
        encoder = Encoder(bench.setting.clang)
        views = [_View(n, (0, len(bench.examples[n].source)), bench.examples[n].window) for n in numbers]
        found = [{view.span: tries} for view, tries in zip(views, self._looked(views, bench, encoder, classify=True))]
        for size in SIZES if self.repair else ():
            short = [[span for span, tries in each.items() if _falls_short(tries)] for each in found]
            cut = [(k, span) for k, spans in enumerate(short) for span in parts(spans, size) if span not in found[k]]
            closer = [replace(views[k], span=span, window=part(views[k].window, *span)) for k, span in cut]
            for (k, span), tries in zip(cut, self._looked(closer, bench, encoder) if cut else ()):
                found[k][span] = tries
        return _concluded(views, found, bench)

    def _looked(self, views: Sequence[_View], bench: Bench, encoder: Encoder, classify: bool = False) -> list[Tries]:
        """All tries about each view."""
        tries = self._asked(views, bench, self.repair, classify)
        running = list(range(len(views))) if self.repair else []
        seen = [(0.0, 0.0)] * len(views)
        while running:
            bodies = {
                k: best.body
                for k in running
                if (best := _best(tries[k])[1]).kept.instructions and _saved(best) > seen[k]
            }
            after = {
                k: view
                for k, lines in bodies.items()
                if (view := views[k].rewritten(lines, bench.examples[views[k].number].source, encoder))
            }
            seen = [_saved(_best(each)[1]) for each in tries]
            for k, more in zip(after, self._asked(list(after.values()), bench, 0) if after else ()):
                tries[k] += more
            running = list(after)
        return tries

    def _asked(self, views: Sequence[_View], bench: Bench, repair: int, classify: bool = False) -> list[Tries]:
        """The tries about each view, judged as replies about its example. Reports classify the last one, which is often the first."""
        requests = [request_of(view.window) for view in views]
        said = [[reply] for reply in first_replies(self.backend, requests)]
        tries = [[each] for each in _judged(views, [reply for (reply,) in said], bench, classify)]
        running = list(range(len(views)))
        for _ in range(repair):
            repairs = {
                k: Repair(requests[k], tuple(map(_refusal, said[k], [judged for _, judged in tries[k]])))
                for k in running
                if _goes_on(*tries[k][-1])
            }
            found = {
                reply.key: reply for reply in self.backend.repair(list(repairs.values()), time.monotonic() + _PATIENCE)
            }
            running = [k for k, repair in repairs.items() if repair.key in found]
            for k in running:
                said[k].append(found[repairs[k].key])
            for k, each in zip(running, _judged([views[k] for k in running], [said[k][-1] for k in running], bench)):
                tries[k].append(each)
        return [tuple(each) for each in tries]


def _judged(
    views: Sequence[_View], replies: Sequence[Reply], bench: Bench, classify: bool = False
) -> list[tuple[Reply, Judged]]:
    whole = [view.whole(reply, bench.examples[view.number].source) for view, reply in zip(views, replies)]
    return list(zip(whole, bench.judge([(view.number, reply) for view, reply in zip(views, whole)], classify)))


def first_replies(backend: Backend, requests: Sequence[Request]) -> list[Reply]:
    """One reply a request, in order. Raises PeepccError where the back-end answers nothing."""
    found = {
        reply.key: reply for reply in backend.propose(tuple(unique(requests).values()), time.monotonic() + _PATIENCE)
    }
    failed = [
        reply.error
        for reply in found.values()
        if reply.lines is None and reply.error and not reply.error.startswith(("unparsed", "not asked"))
    ]
    if failed and len(failed) == len(found):
        raise PeepccError(f"no answer: {failed[0]}")
    return [found.get(request.key) or Reply(request.key, None, error=_NO_WORDS) for request in requests]


def _goes_on(reply: Reply, judged: Judged) -> bool:
    return reply.unsure or (bool(judged.complaint) and _proposes(reply))


def _proposes(reply: Reply) -> bool:
    return reply.lines is not None or (reply.error or "").startswith("unparsed")


def _falls_short(tries: Tries) -> bool:
    """Not all of what was proposed was kept, or nothing of it was any good."""
    reply, judged = _best(tries)
    return (bool(judged.complaint) and _proposes(reply)) or (len(tries) > 1 and not any(_saved(judged)))


def _refusal(reply: Reply, judged: Judged) -> Refusal:
    return Refusal(reply.lines, reply.text, judged.status.value, judged.complaint)


def _best(tries: Sequence[tuple[Reply, Judged]]) -> tuple[Reply, Judged]:
    return max(tries, key=_worth)


def _together(whole: _View, found: Mapping[Span, Tries], source: Sequence[str]) -> Reply | None:
    """The example with the parts that save most together; None where the whole saves as much."""
    best = {span: _best(tries)[1] for span, tries in found.items()}
    kept = heaviest({span: _saved(judged) for span, judged in best.items() if any(_saved(judged))})
    if not kept or whole.span in kept:
        return None
    lines, end = [], 0
    for first, last in sorted(kept):
        plain = [line for line in best[first, last].body if not line.endswith(":")]
        lines += [*source[end:first], *plain[first : len(plain) - (len(source) - last)]]
        end = last
    return Reply(request_of(whole.window).key, (*lines, *source[end:]), model=found[whole.span][0][0].model)


def _with_costs(whole: _View, found: Mapping[Span, Tries]) -> Tries:
    """The tries about the whole, the last of which cost all that was asked about parts besides."""
    *others, (reply, judged) = found[whole.span]
    asked = [each for span, tries in found.items() if span != whole.span for each, _ in tries]
    cost = replace(
        reply,
        tokens=reply.tokens + sum(each.tokens for each in asked),
        seconds=reply.seconds + sum(each.seconds for each in asked),
    )
    return (*others, (cost, judged))


def _concluded(views: Sequence[_View], found: Sequence[Mapping[Span, Tries]], bench: Bench) -> list[Tries]:
    """The tries about each example, the last of which is what counts and is classified."""
    together = {
        k: reply
        for k, (view, each) in enumerate(zip(views, found))
        if (reply := _together(view, each, bench.examples[view.number].source))
    }
    judged = dict(zip(together, bench.judge([(views[k].number, reply) for k, reply in together.items()])))
    more = [[(together[k], judged[k])] if k in together else [] for k in range(len(views))]
    settled = [_settled([*_with_costs(view, each), *last]) for view, each, last in zip(views, found, more)]
    classified = bench.judge([(view.number, tries[-1][0]) for view, tries in zip(views, settled)])
    return [(*tries[:-1], (tries[-1][0], last)) for tries, last in zip(settled, classified)]


def _settled(tries: Sequence[tuple[Reply, Judged]]) -> Tries:
    """What saves most counts, as in a build; a window that was left alone at first stays so where nothing is saved."""
    reply, judged = _best(tries)
    counts = [] if _worth((reply, judged)) == _worth(tries[-1]) else [(replace(reply, tokens=0, seconds=0.0), judged)]
    return (*tries, *counts)


def _saved(judged: Judged) -> tuple[float, float]:
    return judged.kept.instructions, judged.kept.cycles


def _worth(tried: tuple[Reply, Judged]) -> tuple[float, float, bool]:
    kept, status = tried[1].kept, tried[1].status
    return kept.instructions, kept.cycles, status is Status.COPY or (status.agrees and kept.instructions > 0)
