"""From shards to the three sets: what is taken of many candidates, without doubles and without what both sides know.

Which rows are taken hangs on the shards' content and the seed, not on the order in which
shards were made. A canonical form that is in `test` is never in `train`: the test set
stays as its packages are, the training set gives way. `wild` is as it comes, doubles and all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..example import write_rows
from .shard import WILD, Unit

TRAIN, TEST = "train", "test"
SETS = (TRAIN, TEST, WILD)


@dataclass(frozen=True, slots=True)
class Size:
    """Pairs of a set, at most: those with a better body and those without."""

    improved: int
    same: int


@dataclass(frozen=True, slots=True)
class Row:
    """`rank`: a random number that hangs on the seed and the row. `example`: as JSON text."""

    rank: bytes
    key: str
    level: str
    improved: bool
    example: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows by set.

    `seen`: the units' counters added up; `doubled`: candidates dropped, by reason; `lost`: units that gave nothing, and
    why.
    """

    rows: Mapping[str, Sequence[Row]]
    seen: Mapping[str, int]
    doubled: Mapping[str, int]
    lost: Sequence[str]


def gather(
    shards: Iterable[tuple[Unit, Path]],
    seed: int,
    train: Size,
    test: Size,
    elsewhere: frozenset[str] = frozenset(),
    sets: Sequence[str] = SETS,
) -> Gathered:
    """The rows of each of `sets`, in the order in which they are written.

    `elsewhere`: forms of a test set that is not made here.
    """
    candidates: dict[str, list[Row]] = {name: [] for name in SETS}
    seen: Counter[str] = Counter()
    lost = []
    for unit, path in sorted(shards, key=lambda pair: pair[0].name):
        head, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        about = json.loads(head)
        seen.update(about["seen"])
        if about.get("lost"):
            lost.append(f"{unit.name}: {about['lost']}")
        for line in lines:
            row = json.loads(line)
            chosen = WILD if row["kind"] == WILD else TEST if unit.test else TRAIN
            candidates[chosen].append(_row(row, seed))
    doubled: Counter[str] = Counter()
    tested = _taken(candidates[TEST], test, set(), TEST, doubled)
    learnt = _taken(candidates[TRAIN], train, {row.key for row in tested} | elsewhere, TRAIN, doubled)
    rows = {TRAIN: learnt, TEST: tested, WILD: candidates[WILD]}
    return Gathered(
        {name: rows[name] for name in sets}, dict(sorted(seen.items())), dict(sorted(doubled.items())), lost
    )


def _row(row: dict, seed: int) -> Row:
    example = json.dumps(row["example"], separators=(",", ":"))
    rank = hashlib.sha256(f"{seed} {example}".encode()).digest()
    return Row(rank, row["key"], row["example"]["level"], bool(row["example"]["teacher"]), example)


def _taken(candidates: Sequence[Row], size: Size, elsewhere: set[str], name: str, doubled: Counter[str]) -> list[Row]:
    """One row of each form, by rank; of those with a better body first what is no -O0, which is easy to have."""
    distinct: dict[str, Row] = {}
    for row in sorted(candidates, key=lambda row: row.rank):
        if row.key in elsewhere:
            doubled[f"{name}: in the test set"] += 1
        elif row.key in distinct:
            doubled[f"{name}: the same form again"] += 1
        else:
            distinct[row.key] = row
    improved = sorted(
        (row for row in distinct.values() if row.improved), key=lambda row: (row.level.endswith("-O0"), row.rank)
    )
    same = [row for row in distinct.values() if not row.improved]
    doubled[f"{name}: more than wanted"] += max(len(improved) - size.improved, 0) + max(len(same) - size.same, 0)
    return sorted(improved[: size.improved] + same[: size.same], key=lambda row: row.rank)


def write_sets(gathered: Gathered, out: Path) -> dict[str, Path]:
    """A file for each set."""
    paths = {name: out / f"{name}.jsonl.gz" for name in gathered.rows}
    for name, path in paths.items():
        write_rows(path, _values(gathered.rows[name]))
    return paths


def _values(rows: Iterable[Row]) -> Iterator[dict]:
    return (json.loads(row.example) for row in rows)
