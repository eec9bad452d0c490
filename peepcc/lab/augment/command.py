"""`peeplab vary`: more of what a training set has little of, by changing what it has.

What the slow teachers found in optimised code is rare, so each such example is varied, and
the validators judge the rewrite anew. Where it still holds, that is an example; where it does
not, the teachers say what is right, often "unchanged": so a model sees what a rewrite hangs
on. And windows in which nothing was found are mutated, and the teachers asked again: so it
sees rewrites that the set has none of, dead code among them. Which examples these are
follows from the set, the seed and the code alone.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import click

from ...assembly.encode import Encoder
from ...errors import PeepccError
from ...propose.model.language import training_pair
from ...propose.request import request_of
from ..dataset.label import Found, School
from ..dataset.shard import CHEAP
from ..example import Example, from_rows, key, read_examples, read_rows, to_json, write_rows
from ..teachers import MODEL, TEACHERS
from ..training.batches import TRAINING_FILES, is_held_out, is_rare
from ..verify import newest_clang
from ..worker_pool import each as on_cores
from .mutate import mutated
from .perturb import Changed
from .vary import varied

VARIED, MUTATED = "vary", "mutate"
_TOGETHER = 32  # examples that are changed in one go
_MUTANTS = 4  # of a window, at most
_SHORT = 8  # lines of a window that is mutated: longer ones take the teachers five times as long for as much
_EASY = 0.5  # share of the mutants that the cheap teachers improve that is kept: dead code, mostly

Rows = tuple[tuple[str, dict], ...]  # (form, example as JSON)


@dataclass(frozen=True, slots=True)
class _Shard:
    """`rows`: examples, as JSON, to be varied or mutated."""

    seed: str
    rows: tuple[dict, ...]
    mutate: bool


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training set, and of test.jsonl.gz, whose forms are left out.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, best as train-varied.jsonl.gz.",
)
@click.option(
    "--each", default=8, show_default=True, type=click.IntRange(min=1), help="Variations of an example, at most."
)
@click.option(
    "--mutate",
    default=12_000,
    show_default=True,
    type=click.IntRange(min=0),
    help=f"Short windows of optimised code in which nothing was found, at most, that {_MUTANTS} mutants "
    f"each are made of.",
)
@click.option(
    "--contrast",
    default=0.3,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Share that is taken of what then is to be left alone, so that a model learns when.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(
    data: Path, out: Path, each: int, mutate: int, contrast: float, seed: int, workers: int | None, clang: str | None
) -> None:
    """Vary the rare examples of a training set, and mutate windows in which nothing was found."""
    clang = clang or newest_clang()
    encoder, lost = Encoder(clang), 0
    try:
        rows = [row for file in sorted(data.glob(TRAINING_FILES)) if file.name != out.name for row in read_rows(file)]
        rare = [row for row in rows if is_rare(row["teacher"], row["level"]) and row["teacher"] not in CHEAP]
        same = [
            row
            for row in rows
            if not row["teacher"] and not row["level"].endswith("-O0") and len(row["lines"]) <= _SHORT
        ]
        for some in (rare, same):
            random.Random(seed).shuffle(some)
        test = data / "test.jsonl.gz"
        apart = {
            key(example)
            for example in chain(from_rows(rare, encoder), read_examples(test, encoder) if test.exists() else ())
        }
        shards = [*_shards(f"{seed}", rare, False), *_shards(f"{seed} mutants", same[:mutate], True)]
        made: dict[str, Rows] = {}
        for done, (shard, found) in enumerate(
            on_cores(
                partial(_made, each=each, contrast=contrast, clang=clang),
                shards,
                workers or os.cpu_count() or 1,
                lambda: False,
            ),
            1,
        ):
            made[shard.seed] = found or ()
            lost += found is None
            click.echo(
                f"\r{done}/{len(shards)} shards ({lost} lost), {sum(map(len, made.values()))} examples ",
                nl=False,
                err=True,
            )
        click.echo(err=True)
        distinct: dict[str, dict] = {}
        for name, row in chain.from_iterable(made[shard.seed] for shard in shards):
            if name not in apart:
                distinct.setdefault(name, row)
        write_rows(out, distinct.values())
    except (PeepccError, OSError) as error:
        raise click.ClickException(getattr(error, "reason", str(error))) from None
    click.echo(f"{len(distinct)} examples, {sum(not row['teacher'] for row in distinct.values())} of them unchanged")


def _shards(name: str, rows: Sequence[dict], mutate: bool) -> Iterator[_Shard]:
    return (_Shard(f"{name} {at}", tuple(rows[at : at + _TOGETHER]), mutate) for at in range(0, len(rows), _TOGETHER))


def _made(shard: _Shard, each: int, contrast: float, clang: str) -> Rows:
    encoder = Encoder(clang)
    examples = [
        one for one in from_rows(shard.rows, encoder) if not is_held_out(one)
    ]  # else what is held out would be learnt in disguise
    school = School({name: TEACHERS[name]() for name in TEACHERS if name != MODEL}, encoder, clang)
    rng = random.Random(shard.seed)
    if shard.mutate:
        made = _mutated(list(mutated(examples, _MUTANTS, encoder, rng)), contrast, school, rng)
    else:
        near = [
            replace(one, target=school.nearer(one.window, Found(one.target, one.teacher, one.evidence)).target)
            for one in examples
        ]
        made = _varied(list(varied(near, each, encoder, rng)), contrast, school, rng)
    return tuple(
        (key(one), to_json(one))
        for one in made
        if training_pair(request_of(one.window), one.target) is not None and not is_held_out(one)
    )


def _varied(made: Sequence[Changed], contrast: float, school: School, rng: random.Random) -> Iterator[Example]:
    """What holds; and some of what does not, with what is right instead."""
    lost = []
    for one, found in zip(
        made,
        school.best([each.window for each in made], CHEAP, {n: (VARIED, each.target) for n, each in enumerate(made)}),
    ):
        if found.teacher:
            yield _told(one, found, VARIED)
        elif rng.random() < contrast:
            lost.append(one)
    yield from (_told(one, found, VARIED) for one, found in zip(lost, school.best([each.window for each in lost])))


def _mutated(made: Sequence[Changed], contrast: float, school: School, rng: random.Random) -> Iterator[Example]:
    """What the teachers say; the slow ones are asked where the cheap ones see nothing."""
    left = []
    for one, found in zip(made, school.best([each.window for each in made], CHEAP)):
        if not found.teacher:
            left.append(one)
        elif rng.random() < _EASY:
            yield _told(one, found, MUTATED)
    for one, found in zip(left, school.best([each.window for each in left])):
        if found.teacher or rng.random() < contrast:
            yield _told(one, found, MUTATED)


def _told(one: Changed, found: Found, name: str) -> Example:
    return replace(
        one.example, window=one.window, target=found.target, teacher=found.teacher and name, evidence=found.evidence
    )
