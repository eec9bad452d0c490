"""`peeplab campaign NAME`: long attacks on the gate, seeded, that go on where they were killed.

Exit code 0: nothing wrong was found; 1: something was, and OUT/wrong tells what; 2: the
campaign cannot run.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from ...errors import PeepccError
from ...settings import OPTIONS, read_settings
from ..verify import newest_clang
from .runner import Campaign, Options, carry_out, progress
from .summary import put, summary, table, write

# name -> module, which has a Campaign `campaign`
CAMPAIGNS = {
    "mutants": "mutants",
    "pairs": "pairs.campaign",
    "programs": "programs",
    "torture": "torture",
    "abi": "abi.campaign",
    "hostile": "hostile.campaign",
    "hardening": "hardening.campaign",
}
LEVELS = ("-O0", "-O1", "-O2", "-Os")


def load(name: str) -> Campaign:
    return import_module(f".{CAMPAIGNS[name]}", __package__).campaign


@click.command("campaign")
@click.argument("name", type=click.Choice(list(CAMPAIGNS)))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results; what is there is not done again. Default: build/campaigns/NAME.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--count", type=int, help="Stop after so many. Default: the full size of the campaign.")
@click.option(
    "--minutes", default=600.0, show_default=True, help="Stop after this long; the same command goes on later."
)
@click.option("--policy", default=OPTIONS["policy"][1], show_default=True, help="What a rewrite must pass.")
@click.option(
    "--backend", "backends", multiple=True, help="Who proposes; several take turns. Default: the campaign's own choice."
)
@click.option(
    "--budget", type=float, help="Seconds for the rewrites of one translation unit. Default: the campaign's own."
)
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS), help="Only these; default: all.")
@click.option(
    "--sources",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Folders with C files, where the campaign takes some.",
)
@click.option("--workers", default=1, show_default=True)
@click.option(
    "--page",
    type=click.Path(exists=True, path_type=Path),
    help="A Markdown file that holds <!-- campaign NAME --> and <!-- end -->: the table goes between.",
)
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang to compare with. Default: the newest on PATH.")
def command(
    name: str,
    out: Path | None,
    seed: int,
    count: int | None,
    minutes: float,
    policy: str,
    backends: tuple[str, ...],
    budget: float | None,
    levels: tuple[str, ...],
    sources: tuple[Path, ...],
    workers: int,
    page: Path | None,
    clang: str | None,
) -> None:
    """Try to get something wrong through the gate."""
    campaign = load(name)
    if page and not campaign.page:
        raise click.UsageError(f"the campaign {name} makes no page")
    try:
        for backend in (*(each for each in backends if each not in campaign.backends), "none"):
            read_settings(
                [f"--peepcc-policy={policy}", f"--peepcc-backend={backend}"], os.environ
            )  # says what is wrong with them
        options = Options(
            (out or Path("build/campaigns") / name).resolve(),
            seed,
            count or campaign.size,
            minutes,
            policy,
            backends or campaign.backends,
            budget or campaign.budget,
            levels or LEVELS,
            tuple(source.resolve() for source in sources),
            workers,
            clang or newest_clang(),
            dict(os.environ),
        )
        result = carry_out(campaign, options, progress())
    except PeepccError as error:
        click.echo(f"peeplab campaign {name}: {error.reason}", err=True)
        sys.exit(2)
    told = summary(campaign, options, result)
    write(told, options.out)
    if page:
        put(page, name, campaign.page(result.counts))
    click.echo(table(told), nl=False)
    sys.exit(1 if result.wrong else 0)
