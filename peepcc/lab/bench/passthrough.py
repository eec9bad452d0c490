"""`peeplab bench passthrough`: what peepcc adds to a command that is clang's alone, measured side by side."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from ...errors import PeepccError
from ...process import run

COMMANDS = (("--version",), ("-E", "-x", "c", "/dev/null"))


@click.command()
@click.option("--runs", default=30, show_default=True, help="Pairs of runs a command.")
@click.option("--clang", default="clang-19", show_default=True)
def command(runs: int, clang: str) -> None:
    """Milliseconds over clang itself, median of pairs run in turn."""
    peepcc = Path(sys.executable).with_name("peepcc")
    if not peepcc.exists():
        raise PeepccError(f"no {peepcc}: install peepcc into this environment")
    for arguments in COMMANDS:
        pairs = [
            (_milliseconds((clang, "--target=aarch64-linux-gnu", *arguments)), _milliseconds((str(peepcc), *arguments)))
            for _ in range(runs)
        ]
        mine, theirs = statistics.median(pair[1] for pair in pairs), statistics.median(pair[0] for pair in pairs)
        over = statistics.median(b - a for a, b in pairs)
        click.echo(f"peepcc {' '.join(arguments)}: {mine:.1f} ms, clang {theirs:.1f} ms, over clang {over:.1f} ms")


def _milliseconds(argv: Sequence[str]) -> float:
    started = time.perf_counter()
    run(("env", "-u", "PEEPCC_OFF", *argv))  # else peepcc would not even look
    return 1000 * (time.perf_counter() - started)
