"""`peeplab train`: makes the own model from pairs, on a processor, in a given time.

A small Llama that reads a prompt of `propose.canonical` and writes the reply. The rate
falls to zero as the minutes run out, so a run that is given more minutes with `--resume`
goes on from where it was; with `--from` it starts from the weights of an earlier model.
Two runs are alike, not equal: the schedule is by the clock.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from ...assembly.encode import Encoder
from ...errors import PeepccError
from ..verify import newest_clang
from .batches import Batch, Pairs, batches, make_batch, read_pairs
from .data_parallel import Team, together
from .model import DEFAULT, SHAPES, Known, Optimiser, make_model, narrow, read_model

WARM = 0.02  # share of the time in which the rate rises
PROMPT_WEIGHT = 0.1  # of the loss on prompt tokens: what code looks like is worth learning too
# of the prompt tokens have a loss, drawn anew each step and weighing more: the vocabulary's probabilities take time
PROMPT_SHARE = 0.2
TOKENS = 2000  # in a batch: at this size more steps beat larger ones
HELD_PAIRS = 400
LOG_SECONDS, SAVE_SECONDS, HELD_SECONDS = 10, 180, 180
PEAK_AGAIN = 0.5  # of the rates, in a run that starts from a model: at the whole ones it unlearns much first
CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training set: train.jsonl.gz, and more in train-*.jsonl.gz.",
)
@click.option(
    "--minutes",
    required=True,
    type=click.FloatRange(min=0, min_open=True),
    help="How long to train, earlier parts of a resumed run included.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the checkpoint and log.jsonl.",
)
@click.option(
    "--shape",
    default=DEFAULT,
    show_default=True,
    type=click.Choice(tuple(SHAPES)),
    help='How large a model; "tenth" has a tenth of the weights.',
)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(min=1),
    help="Processes of one thread each; a step learns a batch of each.",
)
@click.option(
    "--fast",
    is_flag=True,
    help="Compile the step (needs a C++ compiler), multiply in bfloat16: twice as fast on a processor with AMX.",
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option(
    "--from",
    "start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A model of ours (what export made) to start from, in its shape. Default: random weights.",
)
def command(
    data: Path,
    minutes: float,
    out: Path,
    shape: str,
    seed: int,
    workers: int,
    fast: bool,
    resume: bool,
    start: Path | None,
) -> None:
    """Train the own model on pairs."""
    if resume and start:
        raise click.UsageError("--resume goes on from a checkpoint, --from starts anew: one of them")
    pairs, held = read_pairs(data, Encoder(newest_clang()))
    if not len(pairs):
        raise click.UsageError(f"no pairs in {data}")
    click.echo(
        f"{len(pairs)} pairs ({len(pairs.ids)} tokens, {int(pairs.unchanged.sum())} unchanged), "
        f"{len(held)} held out, {pairs.dropped} dropped"
    )
    try:
        final = train(pairs, held, minutes * 60, out, shape, seed, workers, fast, resume, start)
    except PeepccError as error:
        raise click.ClickException(error.reason) from None
    click.echo(json.dumps(final))


def train(
    pairs: Pairs,
    held: Pairs,
    seconds: float,
    out: Path,
    shape: str = DEFAULT,
    seed: int = 1,
    workers: int = 1,
    fast: bool = False,
    resume: bool = False,
    start: Path | None = None,
) -> dict:
    """Trains, leaves `checkpoint.pt` and `log.jsonl` in `out`, and returns the last held-out figures.

    `start`: a model of ours, whose weights and shape are taken. Raises PeepccError where it is none.
    """
    out.mkdir(parents=True, exist_ok=True)
    together(workers, _work, pairs, held, seconds, out, shape, seed, fast, resume, read_model(start) if start else None)
    return json.loads((out / LOG).read_text(encoding="utf-8").splitlines()[-1])


def _work(
    team: Team,
    pairs: Pairs,
    held: Pairs,
    seconds: float,
    out: Path,
    shape: str,
    seed: int,
    fast: bool,
    resume: bool,
    known: Known | None,
) -> None:
    """What each worker does; the first one also measures, logs and saves."""
    import torch

    torch.manual_seed(seed)
    saved = torch.load(out / CHECKPOINT, weights_only=True) if resume else None
    shape = saved["shape"] if saved else known.shape if known else shape
    model = make_model(shape).train()
    if known:
        model.load_state_dict(known.weights)
    if fast:
        narrow(model)
    loss_of = torch.compile(_loss, dynamic=True) if fast else _loss
    optimiser = Optimiser(model)
    run = {"seconds": 0.0, "step": 0, "epoch": 0}
    if saved:
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        run = saved["run"]
    peak = saved["peak"] if saved else PEAK_AGAIN if known else 1.0
    first = team.rank == 0
    log = _Log(out / LOG, append=resume) if first else None
    begun = time.monotonic() - run["seconds"]
    saved_at = held_at = logged_at = run["seconds"]
    count, losses = 0, []
    for epoch, batch in islice(_endless(pairs, seed, run["epoch"]), team.rank, None, team.size):
        share = run["seconds"] / seconds
        if share >= 1:
            break
        loss = loss_of(model, *summands(batch, np.random.default_rng((seed, run["step"], team.rank))))
        loss.backward()
        run = {"seconds": team.share(model, time.monotonic() - begun), "step": run["step"] + 1, "epoch": epoch}
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step(peak * min(share / WARM if share < WARM else 1.0, 1 - share))
        if not first:
            continue
        losses.append(float(loss.detach()))
        count += int((batch.labels >= 0).sum())
        if run["seconds"] - logged_at >= LOG_SECONDS:
            log.write(**run, loss=_mean(losses), tokens_per_second=team.size * count / (run["seconds"] - logged_at))
            count, losses, logged_at = 0, [], run["seconds"]
        if run["seconds"] - held_at >= HELD_SECONDS:
            log.write(**run, **evaluate(model, held))
            held_at = run["seconds"]
        if run["seconds"] - saved_at >= SAVE_SECONDS:
            _save(out / CHECKPOINT, model, optimiser, {"shape": shape, "peak": peak, "run": run})
            saved_at = run["seconds"]
    if first:
        _save(out / CHECKPOINT, model, optimiser, {"shape": shape, "peak": peak, "run": run})
        log.write(**run, loss=_mean(losses), **evaluate(model, held))


def evaluate(model, held: Pairs, limit: int = HELD_PAIRS) -> dict[str, float]:
    """Loss on replies, and the share of replies that greedy decoding would write exactly.

    No text is generated: greedy decoding writes the reply if and only if each of its tokens
    is the likeliest one after those before it. Empty where nothing is held out.
    """
    import torch

    chosen = np.random.default_rng(0).permutation(len(held))[:limit]
    if not len(chosen):
        return {}
    chosen = chosen[np.argsort(held.lengths[chosen], kind="stable")]
    loss, count, exact = 0.0, 0, np.zeros(len(held), dtype=bool)
    model.eval()
    with torch.no_grad():
        for part in np.array_split(chosen, math.ceil(len(chosen) / 40)):
            batch = make_batch(held, part)
            reply = torch.from_numpy(batch.reply)
            logits, labels = model(input_ids=torch.from_numpy(batch.ids)).logits, torch.from_numpy(batch.labels)
            loss += float(torch.nn.functional.cross_entropy(logits[reply], labels[reply], reduction="sum"))
            count += int(reply.sum())
            exact[part] = ((logits.argmax(-1) == labels) | ~reply).all(1).numpy()
    model.train()
    same = held.unchanged[chosen]
    shares = {
        "held_exact": exact[chosen],
        "held_exact_changed": exact[chosen][~same],
        "held_exact_unchanged": exact[chosen][same],
    }
    return {"held_loss": loss / count, **{name: float(part.mean()) for name, part in shares.items() if len(part)}}


class Summands(NamedTuple):
    """What a step's loss is made of.

    `ids`: [rows, words]. `places`: in the flattened ids, those of the tokens whose next one counts; `labels`,
    `weights`: one each.
    """

    ids: Any
    places: Any
    labels: Any
    weights: Any


def summands(batch: Batch, rng: np.random.Generator) -> Summands:
    import torch

    counts = (batch.labels >= 0) & (batch.reply | (rng.random(batch.reply.shape) < PROMPT_SHARE))
    weights = np.where(batch.reply, 1.0, PROMPT_WEIGHT / PROMPT_SHARE).astype(np.float32)
    return Summands(*map(torch.from_numpy, (batch.ids, np.flatnonzero(counts), batch.labels[counts], weights[counts])))


def _loss(model, ids, places, labels, weights):
    """The weighted mean loss. Right padding needs no mask: attention looks left only."""
    import torch

    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
    each = torch.nn.functional.cross_entropy(model.lm_head(hidden.flatten(0, 1)[places]), labels, reduction="none")
    return (each * weights).sum() / weights.sum()


def _endless(pairs: Pairs, seed: int, first: int) -> Iterator[tuple[int, Batch]]:
    epoch = first
    while True:
        for batch in batches(pairs, TOKENS, np.random.default_rng((seed, epoch))):
            yield epoch, batch
        epoch += 1


def _save(file: Path, model, optimiser: Optimiser, rest: dict) -> None:
    """Whole or not at all: a killed run can be resumed."""
    import torch

    partial = file.with_suffix(".partial")
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), **rest}, partial)
    os.replace(partial, file)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


class _Log:
    """One JSON object a line."""

    def __init__(self, file: Path, append: bool):
        self.file = file
        if not append:
            file.write_text("")

    def write(self, **values) -> None:
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(rounded) + "\n")
