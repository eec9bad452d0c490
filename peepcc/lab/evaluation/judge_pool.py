"""The examples of a run and the processes that judge replies to them: each distinct (example, reply) is judged once.

Every process has the examples: it is a fork, or reads the file by itself. A native library that ends a process
costs that one judgement and no other.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import MappingProxyType

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...optimize.outcome import Outcome
from ...propose.protocol import Failure, FailureKind, Reply
from ...propose.request import request_of
from ...propose.schema import dumped_failure
from ...validate.verdict import Judgement, Verdict
from ..example import Example, read_examples, to_json
from ..teachers import TEACHERS
from .chat.sandbox import results
from .scoring import Judged, Status, judge_all, outcomes_of, score_all

_TOGETHER = 32  # cases of one job: they share runs of clang and llvm-mca
_NOT_ITS_OWN = ("target", "teacher", "evidence", "package", "level")

_DIED = "the process that judged it died"

Case = tuple[int, Reply]
Answered = tuple[Window, Reply | None]


def _view(content: dict) -> MappingProxyType:
    return MappingProxyType(content)


ForkingPickler.register(MappingProxyType, lambda view: (_view, (dict(view),)))  # windows hold some


@dataclass(frozen=True, slots=True)
class Setting:
    """What every process knows."""

    file: str
    clang: str
    seed: int


class Bench:
    """Not for two threads at once. Close it, or use it as a context."""

    def __init__(self, setting: Setting, workers: int):
        """Raises NoExample and OSError where the file holds no examples."""
        self.setting = setting
        self._workers = max(1, workers)
        self.examples: tuple[Example, ...] = _opened(setting)[0]
        self._pool = self._started()  # the processes have the examples too; and before anything starts threads
        self._known: dict[str, Judged] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def knows(self, number: int, reply: Reply, judged: Judged) -> None:
        """A judgement of an earlier run."""
        self._known[self._identity(number, reply)] = judged

    def judge(self, cases: Sequence[Case]) -> list[Judged]:
        """One judgement a case, in order."""
        names = [self._identity(*case) for case in cases]
        new = {name: case for name, case in zip(names, cases) if name not in self._known}
        for jobs in _jobs([(name, self.examples[case[0]], case) for name, case in new.items()]):
            found = self._map(_judged, [(self.setting, tuple(case for _, case in job)) for job in jobs], _undecided)
            for job, judged in zip(jobs, found):
                self._known |= {name: each for (name, _), each in zip(job, judged)}
        return [self._known[name] for name in names]

    def outcomes(self, windows: Sequence[Window], replies: Mapping[str, Reply]) -> tuple[Outcome, ...]:
        """What a build would keep of the replies, by request key: one outcome a window, in order.

        The windows may be parts of the examples' own.
        """
        cases = [(window, replies.get(request_of(window).key)) for window in windows]
        found = self._map(_kept, [(self.setting, job) for job in _some(cases)], _unjudged)
        flat = [outcome for some in found for outcome in some]
        return tuple(replace(outcome, window=window) for window, outcome in zip(windows, flat))

    def score(self, cases: Sequence[tuple[int, Outcome]]) -> list[Judged]:
        """Judgements of what was made of the replies about the examples' own windows, in order."""
        found = self._map(
            _scored,
            [(self.setting, job) for job in _some(cases)],
            lambda case: Judged(Status.UNDECIDED, case[1].reply.lines, _DIED),
        )
        return [judged for some in found for judged in some]

    def teach(self, numbers: Sequence[int], teacher: str) -> list[Reply]:
        """What a teacher makes of the examples' windows."""

        def lost(number: int) -> Reply:
            return Reply(
                request_of(self.examples[number].window).key,
                None,
                failure=Failure(FailureKind.NO_ANSWER, "the teacher's process died"),
            )

        return [
            reply
            for replies in self._map(_taught, [(self.setting, job, teacher) for job in _some(numbers)], lost)
            for reply in replies
        ]

    def run(self, programs: Sequence[tuple[int, str]]) -> list[str]:
        """What each program of a model about an example shows: hostile code is run where it can end no more than its
        process.
        """
        jobs = [(self.setting, (each,)) for each in programs]
        return [
            shown
            for job in self._map(_ran, jobs, lambda program: "error: this ended the process that ran it")
            for shown in job
        ]

    def _identity(self, number: int, reply: Reply) -> str:
        example = {name: value for name, value in to_json(self.examples[number]).items() if name not in _NOT_ITS_OWN}
        told = [
            example,
            list(self.examples[number].target),
            reply.lines,
            dumped_failure(reply.failure),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._workers, multiprocessing.get_context("fork"))
        for future in [pool.submit(_opened_by_worker, self.setting) for _ in range(self._workers)]:
            future.result()
        return pool

    def _map(self, work: Callable, jobs: Sequence[tuple], lost: Callable) -> list:
        """The results in order.

        Where a process dies, the jobs that are left are done one case at a time; `lost`: the result of one that dies
        again.
        """
        futures: list[Future] = [self._pool.submit(work, *job) for job in jobs]
        results: list = []
        try:
            for future in futures:
                results.append(future.result())
            return results
        except BrokenProcessPool:
            self._pool = self._started()
        for setting, cases, *rest in jobs[len(results) :]:
            results.append([self._alone(work, setting, case, rest, lost) for case in cases])
        return results

    def _alone(self, work: Callable, setting: Setting, case, rest: list, lost: Callable):
        try:
            return self._pool.submit(work, setting, (case,), *rest).result()[0]
        except BrokenProcessPool:
            self._pool = self._started()
            return lost(case)


def _undecided(case: Case) -> Judged:
    return Judged(Status.UNDECIDED, case[1].lines, _DIED)


def _unjudged(case: Answered) -> Outcome:
    return Outcome(*case, Judgement(Verdict.UNPROVED, _DIED), asked=tuple(filter(None, case[1:])))


def _some(cases: Sequence) -> list[tuple]:
    """The cases, so many a job."""
    return [tuple(cases[at : at + _TOGETHER]) for at in range(0, len(cases), _TOGETHER)]


def _jobs(cases: Iterable[tuple[str, Example, Case]]) -> Iterator[list[tuple[tuple[str, Case], ...]]]:
    """Jobs to run at once; no job has two cases of one request."""
    rounds: list[dict[str, tuple[str, Case]]] = []
    for name, example, case in cases:
        key = request_of(example.window).key
        fitting = next((each for each in rounds if key not in each), None)
        if fitting is None:
            rounds.append(fitting := {})
        fitting[key] = (name, case)
    for each in rounds:
        yield _some(list(each.values()))


@cache
def _opened(setting: Setting) -> tuple[tuple[Example, ...], Encoder]:
    encoder = Encoder(setting.clang)
    return tuple(read_examples(Path(setting.file), encoder)), encoder


def _opened_by_worker(setting: Setting) -> int:
    return len(_opened(setting)[0])


def _judged(setting: Setting, cases: Sequence[Case]) -> list[Judged]:
    examples, encoder = _opened(setting)
    return judge_all([(examples[number], reply) for number, reply in cases], encoder, setting.clang, setting.seed)


def _kept(setting: Setting, cases: Sequence[Answered]) -> tuple[Outcome, ...]:
    _, encoder = _opened(setting)
    replies = {request_of(window).key: reply for window, reply in cases if reply is not None}
    return outcomes_of([window for window, _ in cases], replies, encoder, setting.clang)


def _scored(setting: Setting, cases: Sequence[tuple[int, Outcome]]) -> list[Judged]:
    examples, encoder = _opened(setting)
    return score_all([(examples[number], outcome) for number, outcome in cases], encoder, setting.clang, setting.seed)


def _ran(setting: Setting, programs: Sequence[tuple[int, str]]) -> list[str]:
    examples, encoder = _opened(setting)
    return [results(text, examples[number].window, encoder) for number, text in programs]


def _taught(setting: Setting, numbers: Sequence[int], teacher: str) -> list[Reply]:
    examples, encoder = _opened(setting)
    found = []
    for number in numbers:
        example, started = examples[number], time.monotonic()
        lines = next(_teacher(teacher).teach(example.window, encoder), example.source)
        found.append(
            Reply(request_of(example.window).key, tuple(lines), model=teacher, seconds=time.monotonic() - started)
        )
    return found


@cache
def _teacher(name: str):
    return TEACHERS[name]()
