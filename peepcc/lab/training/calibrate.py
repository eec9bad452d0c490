"""`peeplab calibrate`: measures how sure the own model may be of a reply, and writes it beside its weights.

Asked are windows that `train` held out; right is what the validators accept as it is. From that
comes the probability that belongs to a score.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
import numpy as np

from ...assembly.encode import Encoder
from ...optimize.check import Judge
from ...optimize.outcome import Outcome
from ...propose.model.confidence import FILE, Confidence
from ...propose.model.embedded import Embedded
from ...propose.protocol import Reply
from ...propose.request import request_of
from ...translation_unit import Unit
from ...validate.pipeline import PROVED
from ..example import Example, read_examples
from ..verify import newest_clang
from .batches import TRAINING_FILES, is_held_out
from .model import MODELS

_TOGETHER = 512
_ROUNDS = 50
_BINS = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """One reply that would change its window, and whether it was accepted as it is."""

    score: float
    right: bool


@click.command()
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MODELS / "default")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training set.",
)
@click.option("--count", default=3000, show_default=True, type=click.IntRange(min=10), help="Windows to ask about.")
@click.option("--seed", default=1, show_default=True)
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(model: Path, data: Path, count: int, seed: int, clang: str | None) -> None:
    """Measure how sure MODEL (the folder that export made) is when it is right."""
    clang = clang or newest_clang()
    encoder = Encoder(clang)
    held = [
        each for file in sorted(data.glob(TRAINING_FILES)) for each in read_examples(file, encoder) if is_held_out(each)
    ]
    random.Random(seed).shuffle(held)
    folder = model / "ct2"
    seen = list(_seen(held[:count], folder, encoder, clang))
    if not 0 < sum(each.right for each in seen) < len(seen):
        raise click.ClickException(f"{len(seen)} replies, all right or all wrong: nothing can be told from them")
    found = fitted(seen)
    told = {
        "offset": found.offset,
        "slope": found.slope,
        "windows": len(held[:count]),
        "replies": len(seen),
        **quality(found, seen),
    }
    (folder / FILE).write_text(
        json.dumps({name: round(value, 4) for name, value in told.items()}, indent=1) + "\n", encoding="utf-8"
    )
    click.echo(json.dumps(told))


def _seen(examples: Sequence[Example], folder: Path, encoder: Encoder, clang: str) -> Iterator[Seen]:
    backend = Embedded(folder)
    judge = Judge(encoder, Unit(clang, "", optimise_size=False), PROVED, math.inf)
    rest = iter(examples)
    while some := list(islice(rest, _TOGETHER)):
        windows = [each.window for each in some]
        replies = {
            reply.key: reply
            for reply in backend.propose([request_of(window) for window in windows], time.monotonic() + 3600)
        }
        yield from (
            Seen(reply.score, _right(outcome))
            for outcome in judge.outcomes(windows, replies)
            if (reply := outcome.reply) is not None and _changes(outcome, reply)
        )


def _changes(outcome: Outcome, reply: Reply) -> bool:
    return reply.score is not None and reply.lines != tuple(
        line for line in request_of(outcome.window).lines if not line.endswith(":")
    )


def _right(outcome: Outcome) -> bool:
    return outcome.judgement.verdict.accepted and not outcome.left


def fitted(seen: Sequence[Seen]) -> Confidence:
    """The likeliest logistic function, by Newton's method."""
    scores, right = np.array([each.score for each in seen]), np.array([each.right for each in seen], dtype=float)
    inputs = np.stack([np.ones_like(scores), scores], axis=1)
    weights = np.zeros(2)
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ weights, -60, 60)))
        curve = inputs.T @ (inputs * (likely * (1 - likely))[:, None]) + 1e-6 * np.eye(2)
        weights = weights + np.linalg.solve(curve, inputs.T @ (right - likely) - 1e-6 * weights)
    return Confidence(float(weights[0]), float(weights[1]))


def quality(sure: Confidence, seen: Sequence[Seen]) -> dict[str, float]:
    """The share of replies that are right, and the expected calibration error over ten equal bins of confidence."""
    confidence, right = (
        np.array([sure.of(each.score) for each in seen]),
        np.array([each.right for each in seen], dtype=float),
    )
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    error = sum(abs(confidence[bins == n].sum() - right[bins == n].sum()) for n in range(_BINS)) / len(seen)
    return {"right": float(right.mean()), "calibration error": float(error)}
