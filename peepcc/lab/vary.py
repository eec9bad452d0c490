"""`peeplab vary`: more of what a training set has little of, by varying what it has.

What the teachers found in optimised code is rare, so each such example is varied, and the
validators judge the rewrite anew. Where it still holds, that is an example; where it does
not, the teachers say what is right, often "unchanged": so a model sees what a rewrite hangs
on. Which examples these are follows from the set, the seed and the code alone.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Iterator, Sequence

import click

from ..assembly.encode import Encoder
from ..errors import PeepccError
from ..propose.canonical import training_pair
from .dataset_teach import Found, School
from .example import Example, from_json, key, read_examples, read_rows, to_json, write_rows
from .shards import TRAINING_FILES, is_rare
from .teachers import TEACHERS
from .varied import varied
from .verify import newest_clang

VARIED = "vary"
_CHEAP = ("rules",)
_SHARD = 64  # examples that are varied in one go
MODEL = "model"


@click.command()
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the training set, and of test.jsonl.gz, whose forms are left out.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write, best as train-varied.jsonl.gz.")
@click.option("--each", default=8, show_default=True, type=click.IntRange(min=1), help="Variations of an example, at most.")
@click.option("--contrast", default=0.3, show_default=True, type=click.FloatRange(0, 1), help="Share of those in which the rewrite no longer holds that the teachers are asked about.")
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(data: Path, out: Path, each: int, contrast: float, seed: int, workers: int, clang: str | None) -> None:
    """Vary the rare examples of a training set."""
    clang = clang or newest_clang()
    encoder = Encoder(clang)
    try:
        rows = [row for file in sorted(data.glob(TRAINING_FILES)) if file.name != out.name for row in read_rows(file) if row["teacher"]]
        rare = [row for row in rows if is_rare(row["teacher"], row["level"])]
        random.Random(seed).shuffle(rare)
        test = data / "test.jsonl.gz"
        tested = {key(example) for example in read_examples(test, encoder)} if test.exists() else set()
        shards = [(f"{seed} {at}", rare[at:at + _SHARD]) for at in range(0, len(rare), _SHARD)]
        found: dict[str, dict] = {}
        seen: Counter[str] = Counter()
        with get_context("spawn").Pool(workers) as pool:
            for done, (made, counts) in enumerate(pool.imap(partial(_shard, each=each, contrast=contrast, clang=clang), shards), 1):
                seen.update(counts)
                for name, row in made:
                    if name not in tested:
                        found.setdefault(name, row)
                click.echo(f"\r{done}/{len(shards)} shards, {len(found)} examples ", nl=False, err=True)
        click.echo(err=True)
        write_rows(out, found.values())
    except (PeepccError, OSError) as error:
        raise click.ClickException(getattr(error, "reason", str(error))) from None
    click.echo(f"{len(found)} examples: {dict(sorted(seen.items()))}")


def _shard(shard: tuple[str, Sequence[dict]], each: int, contrast: float, clang: str) -> tuple[list[tuple[str, dict]], Counter[str]]:
    seed, rows = shard
    encoder = Encoder(clang)
    rng = random.Random(seed)
    examples = [from_json(row, encoder) for row in rows]
    school = School({name: TEACHERS[name]() for name in TEACHERS if name != MODEL}, encoder, clang)
    near = [replace(one, target=school.nearer(one.window, Found(one.target, one.teacher, one.evidence)).target) for one in examples]
    made = list(_judged(near, each, contrast, school, encoder, rng))
    forms = {key(one) for one in examples}
    told = [one for one in made if key(one) not in forms and training_pair(one.window.request(), one.target) is not None]
    seen = Counter(one.teacher or "unchanged" for one in told)
    return [(key(one), to_json(one)) for one in told], seen


def _judged(examples: Sequence[Example], each: int, contrast: float, school: School, encoder: Encoder, rng: random.Random) -> Iterator[Example]:
    made = list(varied(examples, each, encoder, rng))
    offered = {n: (VARIED, target) for n, (_, _, target) in enumerate(made)}
    lost = []
    for (example, window, _), found in zip(made, school.best([window for _, window, _ in made], _CHEAP, offered)):
        if found.teacher:
            yield replace(example, window=window, target=found.target, teacher=VARIED, evidence=found.evidence)
        elif rng.random() < contrast:
            lost.append((example, window))
    for (example, window), found in zip(lost, school.best([window for _, window in lost])):
        yield replace(example, window=window, target=found.target, teacher=found.teacher and VARIED, evidence=found.evidence)
