"""`peeplab selftrain`: the model's own validated replies become targets, where they are cheaper than the teachers'.

One round of rejection-sampled self-training: several replies are drawn for each window, the
validators judge those that may save more than the present target, and the next training set
is the old one with the better targets in it. `peeplab train` on that makes the next model,
and `peeplab evaluate` tells what the round was worth.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...errors import PeepccError
from ...propose.model.embedded import Embedded
from ...propose.protocol import unique
from ...propose.request import request_of
from ..dataset.label import School
from ..example import Example, read_examples, write_examples
from ..teachers import MODEL
from ..verify import newest_clang
from .batches import TRAINING_FILES
from .model import own_folder

_TOGETHER = 512  # windows whose replies are judged in one go

Body = tuple[str, ...]


@click.command()
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training set.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the next one, and of selftrain.json.",
)
@click.option(
    "--count",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Windows to ask about, drawn by the seed.",
)
@click.option("--replies", default=8, show_default=True, type=click.IntRange(min=1), help="Replies to draw for each.")
@click.option("--temperature", default=1.0, show_default=True, type=click.FloatRange(min=0, min_open=True))
@click.option("--seed", default=1, show_default=True)
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(
    model: Path, data: Path, out: Path, count: int, replies: int, temperature: float, seed: int, clang: str | None
) -> None:
    """Ask the own MODEL (what export made) about its training set, and keep what is right and cheaper."""
    clang = clang or newest_clang()
    encoder = Encoder(clang)
    try:
        sets = {file.name: list(read_examples(file, encoder)) for file in sorted(data.glob(TRAINING_FILES))}
        places = [(name, n) for name, examples in sets.items() for n in range(len(examples))]
        chosen = random.Random(seed).sample(places, min(count, len(places)))
        drawing = _Drawing(model, replies, temperature, seed)
        round_ = _Round(drawing, encoder, clang)
        for at in range(0, len(chosen), _TOGETHER):
            some = chosen[at : at + _TOGETHER]
            for (name, n), example in zip(some, round_.improved([sets[name][n] for name, n in some])):
                sets[name][n] = example
            click.echo(
                f"\r{at + len(some)}/{len(chosen)} windows, "
                f"{round_.told['windows with a better target']} with a better target ",
                nl=False,
                err=True,
            )
        click.echo(err=True)
        out.mkdir(parents=True, exist_ok=True)
        for name, examples in sets.items():
            write_examples(out / name, examples)
    except (PeepccError, OSError) as error:
        raise click.ClickException(getattr(error, "reason", str(error))) from None
    told = {"model": model.name, "seed": seed, "replies a window": replies, "temperature": temperature, **round_.told}
    (out / "selftrain.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(told))


class _Round:
    """`told`: what came of it, in numbers.

    Savings are those of the targets, in instructions, over the windows that were asked about.
    """

    def __init__(self, drawing: _Drawing, encoder: Encoder, clang: str):
        self._drawing = drawing
        self._encoder = encoder
        self._clang = clang
        self.told = Counter(
            dict.fromkeys(
                ("windows", "windows with a better target", "of them unchanged before", "saved before", "saved after"),
                0,
            )
        )

    def improved(self, examples: Sequence[Example]) -> list[Example]:
        """The examples, in order, those with a better target changed."""
        bodies = self._drawing.bodies([each.window for each in examples])
        worth = [
            [body for body in said if len(body) <= len(example.target) and body not in (example.source, example.target)]
            for example, said in zip(examples, bodies)
        ]
        asked = [n for n, each in enumerate(worth) if each]
        teachers = {
            f"{MODEL} {k}": _Said({request_of(examples[n].window).key: worth[n][k] for n in asked if k < len(worth[n])})
            for k in range(max(map(len, worth), default=0))
        }
        offered = {
            place: (examples[n].teacher, examples[n].target) for place, n in enumerate(asked) if examples[n].improved
        }
        school = School(teachers, self._encoder, self._clang)
        result = list(examples)
        for n, found in zip(asked, school.best([examples[n].window for n in asked], offered=offered)):
            if found.teacher in teachers:
                result[n] = replace(examples[n], target=found.target, teacher=MODEL, evidence=found.evidence)
        self._count(examples, result)
        self.told.update(
            {
                f"replies: {why.partition(': ')[2]}": count
                for why, count in school.refused.items()
                if why.partition(":")[0] in teachers
            }
        )
        return result

    def _count(self, before: Sequence[Example], after: Sequence[Example]) -> None:
        better = [one for one, two in zip(before, after) if one is not two]
        self.told.update(
            {
                "windows": len(before),
                "windows with a better target": len(better),
                "of them unchanged before": sum(not each.improved for each in better),
                "saved before": sum(len(each.source) - len(each.target) for each in before),
                "saved after": sum(len(each.source) - len(each.target) for each in after),
            }
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """A teacher that says one thing about each window."""

    bodies: Mapping[str, Body]

    def teach(self, window: Window, encoder: Encoder) -> Iterator[Body]:
        body = self.bodies.get(request_of(window).key)
        if body is not None:
            yield body


class _Drawing:
    """Draws replies from a model that `export` made. Raises PeepccError where the folder holds none."""

    def __init__(self, folder: Path, replies: int, temperature: float, seed: int):
        own_folder(folder)
        self._folder = folder / "ct2"
        self._replies = replies
        self._temperature = temperature
        self._seeds = random.Random(seed)

    def bodies(self, windows: Sequence[Window]) -> list[list[Body]]:
        """The distinct readable replies for each window, in order; none where the language has no words for it."""
        requests = [request_of(window) for window in windows]
        found: dict[str, dict[Body, None]] = {request.key: {} for request in requests}
        model = Embedded(self._folder)  # a new one draws by its own seed
        for reply in model.draw(
            tuple(unique(requests).values()), self._replies, self._temperature, self._seeds.getrandbits(31)
        ):
            if reply.lines is not None:
                found[reply.key][reply.lines] = None
        return [list(found[request.key]) for request in requests]
