"""`peeplab vary`: more of what a training set has little of, by varying what it has.

What the teachers found in optimised code is rare, so each such example is varied, and the
validators judge the rewrite anew. Where it still holds, that is an example; where it does
not, the teachers say what is right, often "unchanged": so a model sees what a rewrite hangs
on. Which examples these are follows from the set, the seed and the code alone.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Iterator, Sequence

import click

from ..assembly.encode import Encoder
from ..errors import PeepccError
from ..propose.canonical import training_pair
from .cluster import each as on_cores
from .dataset_teach import Found, School
from .dataset_unit import CHEAP
from .example import Example, from_rows, key, read_examples, read_rows, to_json, write_rows
from .shards import TRAINING_FILES, is_held_out, is_rare
from .teachers import MODEL, TEACHERS
from .varied import varied
from .verify import newest_clang

VARIED = "vary"
_TOGETHER = 32  # examples that are varied in one go

Rows = tuple[tuple[str, dict], ...]  # (form, example as JSON)


@dataclass(frozen=True, slots=True)
class _Shard:
    """`rows`: examples, as JSON."""

    seed: str
    rows: tuple[dict, ...]


@click.command()
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the training set, and of test.jsonl.gz, whose forms are left out.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write, best as train-varied.jsonl.gz.")
@click.option("--each", default=8, show_default=True, type=click.IntRange(min=1), help="Variations of an example, at most.")
@click.option("--contrast", default=0.3, show_default=True, type=click.FloatRange(0, 1), help="Share of those in which the rewrite no longer holds that the teachers are asked about.")
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(data: Path, out: Path, each: int, contrast: float, seed: int, workers: int | None, clang: str | None) -> None:
    """Vary the rare examples of a training set."""
    clang = clang or newest_clang()
    encoder, lost = Encoder(clang), 0
    try:
        rows = [row for file in sorted(data.glob(TRAINING_FILES)) if file.name != out.name for row in read_rows(file) if row["teacher"]]
        rare = [row for row in rows if is_rare(row["teacher"], row["level"])]
        random.Random(seed).shuffle(rare)
        test = data / "test.jsonl.gz"
        apart = {key(example) for example in chain(from_rows(rare, encoder), read_examples(test, encoder) if test.exists() else ())}
        shards = [_Shard(f"{seed} {at}", tuple(rare[at:at + _TOGETHER])) for at in range(0, len(rare), _TOGETHER)]
        made: dict[str, Rows] = {}
        for done, (shard, rows) in enumerate(on_cores(partial(_made, each=each, contrast=contrast, clang=clang), shards, workers or os.cpu_count() or 1, lambda: False), 1):
            made[shard.seed] = rows or ()
            lost += rows is None
            click.echo(f"\r{done}/{len(shards)} shards ({lost} lost), {sum(map(len, made.values()))} examples ", nl=False, err=True)
        click.echo(err=True)
        found: dict[str, dict] = {}
        for name, row in chain.from_iterable(made[shard.seed] for shard in shards):
            if name not in apart:
                found.setdefault(name, row)
        write_rows(out, found.values())
    except (PeepccError, OSError) as error:
        raise click.ClickException(getattr(error, "reason", str(error))) from None
    click.echo(f"{len(found)} examples, {sum(not row['teacher'] for row in found.values())} of them unchanged")


def _made(shard: _Shard, each: int, contrast: float, clang: str) -> Rows:
    encoder = Encoder(clang)
    examples = [one for one in from_rows(shard.rows, encoder) if not is_held_out(one)]  # else what is held out would be learnt in disguise
    school = School({name: TEACHERS[name]() for name in TEACHERS if name != MODEL}, encoder, clang)
    near = [replace(one, target=school.nearer(one.window, Found(one.target, one.teacher, one.evidence)).target) for one in examples]
    made = _judged(near, each, contrast, school, encoder, random.Random(shard.seed))
    return tuple((key(one), to_json(one)) for one in made if training_pair(one.window.request(), one.target) is not None and not is_held_out(one))


def _judged(examples: Sequence[Example], each: int, contrast: float, school: School, encoder: Encoder, rng: random.Random) -> Iterator[Example]:
    made = list(varied(examples, each, encoder, rng))
    offered = {n: (VARIED, target) for n, (_, _, target) in enumerate(made)}
    lost = []
    for (example, window, _), found in zip(made, school.best([window for _, window, _ in made], CHEAP, offered)):
        if found.teacher:
            yield replace(example, window=window, target=found.target, teacher=VARIED, evidence=found.evidence)
        elif rng.random() < contrast:
            lost.append((example, window))
    for (example, window), found in zip(lost, school.best([window for _, window in lost])):
        yield replace(example, window=window, target=found.target, teacher=found.teacher and VARIED, evidence=found.evidence)
