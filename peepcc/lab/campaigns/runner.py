"""What all campaigns share: items in a fixed order, one record each in JSONL shards, and going on after a kill.

A record is kept when its line is whole. Every run writes a shard of its own, so that a
line that a kill cut short is nobody's. It promises that no item is counted twice.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

import click

from ... import __version__
from ...driver.child import describe
from ...errors import PeepccError
from ...process import run
from .fork_server import die_with

PROPOSERS = ("mutator", "embedded")  # mostly wrong and mostly right, in turn
_FIXED = ("seed", "policy", "backends", "budget", "levels", "sources")  # what makes the results of a folder comparable


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a run; `environ` is read by settings alone."""

    out: Path
    seed: int
    count: int
    minutes: float
    policy: str
    backends: tuple[str, ...]
    budget: float
    levels: tuple[str, ...]
    sources: tuple[Path, ...]
    workers: int
    clang: str
    environ: Mapping[str, str] = field(repr=False)

    @property
    def fixed(self) -> dict[str, object]:
        return json.loads(
            json.dumps({name: value for name, value in asdict(self).items() if name in _FIXED}, default=str)
        )


class Item(NamedTuple):
    """`key` names the item in the records; equal keys mean equal work."""

    key: str
    work: tuple


class Record(NamedTuple):
    """`counts`: what was done, by name. `wrong`: a sentence for each thing that must not be.

    `distinct`: what counts once in all items together: digest -> names that it counts for.
    """

    counts: Mapping[str, int]
    wrong: tuple[str, ...] = ()
    distinct: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Campaign:
    """`unit`: the count that `size` and --count are about. `items` may be without end; `run` treats one.

    `budget`: seconds for the rewrites of a translation unit. `tools`: programs whose
    versions the summary tells; `libraries` likewise. `page`: Markdown from the counts, for a page of docs.
    """

    name: str
    unit: str
    size: int
    items: Callable[[Options], Iterator[Item]]
    run: Callable[[Item, Options], Record]
    backends: tuple[str, ...]
    budget: float = 5.0
    tools: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ("unicorn", "capstone", "llvmlite")
    page: Callable[[Mapping[str, int]], str] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All records of a folder, summed up. `seconds`: of work, over all runs and workers.

    `commits`: how many items were done by which state of peepcc. `ended`: no item is left.
    """

    counts: Mapping[str, int]
    wrong: tuple[str, ...]
    items: int
    seconds: float
    commits: Mapping[str, int]
    ended: bool


class Shards:
    """The records of a results folder. Raises PeepccError where the folder holds those of other choices."""

    def __init__(self, options: Options, name: str):
        self._folder = options.out
        self._folder.mkdir(parents=True, exist_ok=True)
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.done: set[str] = set()
        self.commits: Counter[str] = Counter()
        self._seen: set[str] = set()
        self.seconds = 0.0
        about = self._folder / "campaign.json"
        mine = {"campaign": name, **options.fixed}
        if about.exists() and json.loads(about.read_text()) != mine:
            raise PeepccError(f"{self._folder} holds the results of other choices: {about.read_text().strip()}")
        about.write_text(json.dumps(mine) + "\n")
        for shard in sorted(self._folder.glob("shard-*.jsonl")):
            for line in shard.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    self._take(json.loads(line))
        self._file: TextIO | None = None

    def add(self, key: str, record: Record, seconds: float, commit: str) -> None:
        line = {
            "key": key,
            "commit": commit,
            "counts": dict(record.counts),
            "wrong": list(record.wrong),
            "distinct": dict(record.distinct),
            "seconds": round(seconds, 2),
        }
        if self._file is None:
            number = len(list(self._folder.glob("shard-*.jsonl")))
            self._file = (self._folder / f"shard-{number:04}.jsonl").open("x")
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        self._take(line)

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _take(self, line: dict) -> None:
        if line["key"] not in self.done:
            self.done.add(line["key"])
            self.commits[line["commit"]] += 1
            self.counts.update(line["counts"])
            for digest, names in line["distinct"].items():
                self.counts.update(("seen before",) if digest in self._seen else names)
                self._seen.add(digest)
            self.wrong += line["wrong"]
            self.seconds += line["seconds"]


Show = Callable[[str], None]


def carry_out(campaign: Campaign, options: Options, show: Show) -> Result:
    """Runs items that have no record yet, until there are `count` of the unit, the time is over or none is left."""
    shards, commit = Shards(options, campaign.name), state()
    started, before = time.monotonic(), shards.counts[campaign.unit]
    stop = started + 60 * options.minutes
    items = (item for item in campaign.items(options) if item.key not in shards.done)
    pool = _pool(options.workers)
    running: dict[Future, Item] = {}
    ended = False
    try:
        while True:
            while (
                len(running) < options.workers
                and shards.counts[campaign.unit] < options.count
                and time.monotonic() < stop
            ):
                item = next(items, None)
                if item is None:
                    ended = True
                    break
                running[pool.submit(_timed, campaign.run, item, options)] = item
            if not running:
                break
            broken = False
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                item = running.pop(future)
                try:
                    record, seconds = future.result()
                except BrokenProcessPool:  # a native library ended a worker, and the pool with it
                    broken, record, seconds = True, Record({"worker died": 1}), 0.0
                shards.add(item.key, record, seconds, commit)
            if broken:
                pool.shutdown(cancel_futures=True)
                pool = _pool(options.workers)
            show(_progress(campaign, options, shards, before, time.monotonic() - started))
    finally:
        pool.shutdown(cancel_futures=True)
        shards.close()
    return Result(
        dict(sorted(shards.counts.items())),
        tuple(shards.wrong),
        len(shards.done),
        shards.seconds,
        dict(shards.commits),
        ended,
    )


def _pool(workers: int) -> ProcessPoolExecutor:
    """Workers that end with this process, whatever ends it: else they would wait for work for ever."""
    return ProcessPoolExecutor(workers, initializer=die_with, initargs=(os.getpid(),))


def state() -> str:
    """The commit of this checkout, with a + where it was changed; the version where there is none."""
    here = Path(__file__)
    try:
        ours = run(("git", "-C", str(here.parent), "ls-files", "--error-unmatch", here.name)).returncode == 0
        found = (
            run(("git", "-C", str(here.parent), "describe", "--always", "--abbrev=12", "--dirty=+"))
            .stdout.decode()
            .strip()
            if ours
            else ""
        )
    except OSError:
        found = ""
    return found or f"version {__version__}"


def _timed(work: Callable[[Item, Options], Record], item: Item, options: Options) -> tuple[Record, float]:
    """The record, and the seconds it took. An error is something wrong: no item may end in one."""
    started = time.monotonic()
    try:
        record = work(item, options)
    except Exception as error:
        record = Record({}, (f"{item.key}: {describe(error)}",))
    return record, time.monotonic() - started


def _progress(campaign: Campaign, options: Options, shards: Shards, before: int, seconds: float) -> str:
    """How far, how long it still takes (no longer than it may), and what is wrong."""
    count = shards.counts[campaign.unit]
    rate = (count - before) / seconds
    left = (
        min((options.count - count) / rate, 60 * options.minutes - seconds) if rate else 60 * options.minutes - seconds
    )
    ends = time.strftime("%H:%M", time.localtime(time.time() + max(left, 0)))
    return (
        f"{count}/{options.count} {campaign.unit}, {len(shards.wrong)} wrong, {max(left, 0) / 60:.0f} min "
        f"left, ends at {ends}"
    )


def progress() -> Show:
    """Shows on stderr: in place on a terminal, else a line a minute."""
    terminal, last = sys.stderr.isatty(), [0.0]

    def show(text: str) -> None:
        if terminal or time.monotonic() - last[0] > 60:
            last[0] = time.monotonic()
            click.echo(f"\r{text} " if terminal else text, err=True, nl=not terminal)

    return show
