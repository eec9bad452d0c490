"""`peeplab evaluate`: how good a model is at what peepcc asks of it, measured on a file of examples.

Everything is kept in OUT: judged.jsonl (a run that was killed goes on), transcript.jsonl
(what a chat model said), report.json, report.md and report.html.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ...errors import PeepccError
from ...propose.server.backend import is_own
from ...settings import read_settings
from ..verify import newest_clang
from . import answerers
from .answerers import Answerer
from .chat.prompt import DIRECT, MODES, used
from .chat.transcript import Kept, Server
from .journal import Journal, Row
from .judge_pool import Bench, Setting
from .metrics import scored
from .report.html import page
from .report.markdown import markdown
from .summary import check, read, summary, versions

_PACKAGED = Path(__file__).parents[2] / "models" / "default"


@click.command("evaluate")
@click.argument("examples", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the results; what is there is not done again.",
)
@click.option(
    "--model",
    help="The model's name at --url; without --url the folder of an embedded one. Default: the one that "
    "comes with peepcc.",
)
@click.option("--url", help="An OpenAI-compatible server; its key comes from PEEPCC_API_KEY only.")
@click.option("--teacher", help="A teacher answers, by its name in the register.")
@click.option(
    "--replies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replies made elsewhere: JSON lines.",
)
@click.option(
    "--transcript",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What a chat model said in an earlier run answers, and no server.",
)
@click.option("--mode", type=click.Choice(MODES), default=DIRECT, show_default=True, help="How a chat model is asked.")
@click.option(
    "--repair",
    default=0,
    show_default=True,
    type=click.IntRange(0, 10),
    help="Tries after a refusal: of a chat model with what was wrong, of an embedded one its next best answers.",
)
@click.option("--count", type=click.IntRange(1), help="So many examples, drawn by the seed. Default: all.")
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="report.json of another run: a row beside this one's.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=os.cpu_count() or 1, help="Processes that judge. Default: one a core.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(
    examples: Path,
    out: Path,
    model: str | None,
    url: str | None,
    teacher: str | None,
    replies: Path | None,
    transcript: Path | None,
    mode: str,
    repair: int,
    count: int | None,
    beside: tuple[Path, ...],
    seed: int,
    workers: int,
    clang: str | None,
) -> None:
    """Measure a model on EXAMPLES, a JSONL or JSONL.GZ file that `peeplab dataset` made.

    Exit code: 0 a report was written, 2 it could not be.
    """
    try:
        others = [read(file) for file in beside]
        clang = clang or newest_clang()
        out.mkdir(parents=True, exist_ok=True)
        who = _who(model, url, teacher, replies, transcript, mode, repair, out, seed, workers)
        with Bench(Setting(str(examples), clang, seed), workers) as bench:
            chosen = _chosen(len(bench.examples), count, seed)
            about = {
                "command": _command_line(),
                "seed": seed,
                "versions": versions(clang),
                "model": dict(who.identity),
                "examples": {
                    "file": examples.name,
                    "sha256": _digest(examples),
                    "count": len(chosen),
                    "of": len(bench.examples),
                },
                "mode": mode,
                "repair": repair,
                "prompts": list(used(mode, repair)) if who.identity.get("language") == "chat" else [],
            }
            rows = _rows(chosen, who, bench, out, about)
            told = summary([scored(bench.examples[n], rows[n]) for n in chosen], {**about, "complete": True}, seed)
        _write(check(told), others, out)
    except PeepccError as error:
        click.echo(f"peeplab evaluate: {error.reason}", err=True)
        sys.exit(2)
    click.echo(markdown(told, others, short=True), nl=False)


def _who(
    model: str | None,
    url: str | None,
    teacher: str | None,
    replies: Path | None,
    transcript: Path | None,
    mode: str,
    repair: int,
    out: Path,
    seed: int,
    workers: int,
) -> Answerer:
    """Raises PeepccError where the options name none or several, or ask for what it cannot do."""
    named = [
        name
        for name, value in (
            ("--url", url),
            ("--teacher", teacher),
            ("--replies", replies),
            ("--transcript", transcript),
        )
        if value
    ]
    if len(named) > 1:
        raise PeepccError(f"{' and '.join(named)} exclude each other")
    if named and named[0] in ("--teacher", "--replies") and model:
        raise PeepccError(f"--model means nothing with {named[0]}")
    if url and not model:
        raise PeepccError("--url needs --model NAME, the model's name at the server")
    url = url and url.partition("?")[0]  # what follows is not sent, and may be a secret
    chats = bool(transcript) or (bool(url) and not (is_own(model) and mode == DIRECT and not repair))
    if not chats and (mode != DIRECT or (repair and named)):
        raise PeepccError(f"{mode} with --repair {repair} needs a model to talk to: --url or --transcript")
    if transcript:
        return answerers.chat_server(None, model or transcript.name, Kept(transcript, None), mode, repair)
    if url:
        key = read_settings((), os.environ)[0].api_key
        if not chats:
            return answerers.own_server(url, model, key, seed)
        return answerers.chat_server(
            url, model, Kept(out / "transcript.jsonl", Server(url, model, key, seed)), mode, repair
        )
    if teacher:
        return answerers.of_teacher(teacher)
    return (
        answerers.of_file(replies)
        if replies
        else answerers.embedded(Path(model) if model else _PACKAGED, workers, repair)
    )


def _chosen(of: int, count: int | None, seed: int) -> list[int]:
    numbers = list(range(of))
    if count is not None and count < of:
        numbers = sorted(random.Random(seed).sample(numbers, count))
    return numbers


def _rows(chosen: Sequence[int], who: Answerer, bench: Bench, out: Path, about: Mapping) -> dict[int, Row]:
    """A row an example; those of the journal are not made again."""
    same = {name: about[name] for name in ("model", "examples", "mode", "repair", "prompts", "seed")}
    journal = Journal(out / "judged.jsonl", same)
    try:
        for number, row in journal.rows.items():
            for reply, judged in row.tries:
                bench.knows(number, reply, judged)
        todo = [number for number in chosen if number not in journal.rows]
        started = time.monotonic()
        for at in range(0, len(todo), who.together):
            some = todo[at : at + who.together]
            journal.add([Row(number, tries) for number, tries in zip(some, who.tries(some, bench))])
            done = at + len(some)
            left = (time.monotonic() - started) / done * (len(todo) - done)
            click.echo(f"{len(journal.rows)}/{len(chosen)} examples, {left / 60:.0f} min left", err=True)
        return journal.rows
    finally:
        journal.close()


def _command_line() -> str:
    """As it was called, folders by their last part, addresses without what a secret may be in."""
    words = [
        word.partition("?")[0] if "://" in word else Path(word).name if "/" in word else word for word in sys.argv[1:]
    ]
    return " ".join(["peeplab", *words]) if words and words[0] == "evaluate" else "peeplab evaluate"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _write(told: Mapping, others: Sequence[Mapping], out: Path) -> None:
    (out / "report.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(markdown(told, others), encoding="utf-8")
    (out / "report.html").write_text(page(told, others), encoding="utf-8")
