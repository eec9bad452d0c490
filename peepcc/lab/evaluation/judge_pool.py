"""The examples of a run and the processes that judge replies to them: each distinct (example, reply) is judged once.

Every process has the examples (it is a fork, or reads the file by itself), so that only
numbers and replies go between them. A native library that ends a process costs that one judgement and no other.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...assembly.encode import Encoder
from ...propose.protocol import Reply
from ...propose.request import request_of
from ..example import Example, read_examples, to_json
from ..teachers import TEACHERS
from .chat.sandbox import results
from .scoring import Judged, Status, judge_all

_TOGETHER = 32  # cases of one job: they share runs of clang and llvm-mca
_NOT_ITS_OWN = ("target", "teacher", "evidence", "package", "level")

Case = tuple[int, Reply]
_Name = tuple[str, bool]  # of a case, and whether what is wrong is classified


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
        self._known: dict[_Name, Judged] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def knows(self, number: int, reply: Reply, judged: Judged) -> None:
        """A judgement of an earlier run."""
        self._known[self._identity(number, reply), True] = judged

    def judge(self, cases: Sequence[Case], classify: bool = True) -> list[Judged]:
        """One judgement a case, in order. `classify`: see `judge_all`."""
        names = [(self._identity(*case), classify) for case in cases]
        new = {name: case for name, case in zip(names, cases) if name not in self._known}
        for jobs in _jobs([(name, self.examples[case[0]], case) for name, case in new.items()]):
            found = self._map(
                _judged, [(self.setting, tuple(case for _, case in job), classify) for job in jobs], _undecided
            )
            for job, judged in zip(jobs, found):
                self._known |= {name: each for (name, _), each in zip(job, judged)}
                self._known |= {
                    (name, True): each for ((name, _), _), each in zip(job, judged) if each.status is not Status.REFUTED
                }
        return [self._known[name] for name in names]

    def teach(self, numbers: Sequence[int], teacher: str) -> list[Reply]:
        """What a teacher makes of the examples' windows."""
        jobs = [tuple(numbers[at : at + _TOGETHER]) for at in range(0, len(numbers), _TOGETHER)]

        def lost(number: int) -> Reply:
            return Reply(request_of(self.examples[number].window).key, None, error="the teacher's process died")

        return [
            reply
            for replies in self._map(_taught, [(self.setting, job, teacher) for job in jobs], lost)
            for reply in replies
        ]

    def run(self, programs: Sequence[tuple[int, str]]) -> list[str]:
        """What each program of a model about an example shows: hostile code is run where it can end no more than its process."""
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
            None if reply.lines is not None else reply.error,
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._workers, multiprocessing.get_context("fork"))
        for future in [pool.submit(_opened_by_worker, self.setting) for _ in range(self._workers)]:
            future.result()
        return pool

    def _map(self, work: Callable, jobs: Sequence[tuple], lost: Callable) -> list:
        """The results in order. Where a process dies, the jobs that are left are done one case at a time; `lost`: the result of one that dies again."""
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
    return Judged(Status.UNDECIDED, case[1].lines, "the process that judged it died")


def _jobs(cases: Iterable[tuple[_Name, Example, Case]]) -> Iterator[list[list[tuple[_Name, Case]]]]:
    """Jobs to run at once; no job has two cases of one request."""
    rounds: list[dict[str, tuple[_Name, Case]]] = []
    for name, example, case in cases:
        key = request_of(example.window).key
        fitting = next((each for each in rounds if key not in each), None)
        if fitting is None:
            rounds.append(fitting := {})
        fitting[key] = (name, case)
    for each in rounds:
        found = list(each.values())
        yield [found[at : at + _TOGETHER] for at in range(0, len(found), _TOGETHER)]


@cache
def _opened(setting: Setting) -> tuple[tuple[Example, ...], Encoder]:
    encoder = Encoder(setting.clang)
    return tuple(read_examples(Path(setting.file), encoder)), encoder


def _opened_by_worker(setting: Setting) -> int:
    return len(_opened(setting)[0])


def _judged(setting: Setting, cases: Sequence[Case], classify: bool) -> list[Judged]:
    examples, encoder = _opened(setting)
    return judge_all(
        [(examples[number], reply) for number, reply in cases], encoder, setting.clang, setting.seed, classify
    )


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
