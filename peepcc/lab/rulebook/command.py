"""`peeplab rules`: prove the rules of the book again, all or a sample, and write the index of the book."""

from __future__ import annotations

import random
import time
from pathlib import Path

import click

from ...assembly.encode import Encoder
from ...propose.rules.book import BOOK, book_of, read_rules
from ...propose.rules.index import INDEX, written
from .prove import proved


@click.group("rules")
def command() -> None:
    """The rule book."""


@command.command("prove")
@click.option("--sample", type=click.IntRange(1), help="Prove so many rules, drawn at random; without it, all.")
@click.option("--seed", default=1, show_default=True, help="Of the draw, and of the values that instances have.")
@click.option("--book", type=click.Path(exists=True, path_type=Path), default=BOOK, help="Another book.")
@click.option("--only", help="The rules whose names contain this.")
@click.option("--clang", default="clang-19", show_default=True, help="Whose assembler encodes.")
def prove_rules(sample: int | None, seed: int, book: Path, only: str | None, clang: str) -> None:
    """Prove rules in general form; exit with 1 where one is not proved."""
    rules = [rule for rule in read_rules(book) if only is None or only in str(rule["id"])]
    if sample is not None and sample < len(rules):
        rules = random.Random(seed).sample(rules, sample)
    encoder, failed = Encoder(clang), 0
    for rule in rules:
        begun = time.monotonic()
        proof = proved(rule, encoder, seed)
        failed += proof.failure is not None
        said = f"not proved: {proof.failure}" if proof.failure else f"proved, {proof.instances} instances"
        click.echo(f"{proof.rule}: {said} ({time.monotonic() - begun:.1f} s)")
    click.echo(f"{len(rules) - failed} of {len(rules)} rules proved, seed {seed}")
    if failed:
        raise SystemExit(1)


@command.command("index")
def write_index() -> None:
    """Write the index of the packaged book anew; needed when the book has changed."""
    INDEX.write_text(written(book_of(read_rules(BOOK)).index), encoding="utf-8")
