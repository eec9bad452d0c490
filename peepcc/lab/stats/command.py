"""`peeplab stats`: what peepcc did to objects and archives, and what reports of builds add up to."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ...errors import PeepccError
from ...report.file import units
from ...report.place import begins_report
from .elf_notes import read_notes
from .totals import NotesSum, ReportsSum, sum_notes, sum_reports, told


@click.command("stats")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """Sum up FILES: what is in objects and archives (by their notes; a link leaves them out), and in files of
    --peepcc-report.

    A file that is named in two ways, as an object and in an archive, counts twice.
    """
    found, reports = [], []
    for path in files:
        try:
            if _is_report(path):
                reports.append(units(path))
            else:
                found.append(read_notes(path))
        except (PeepccError, OSError, ValueError) as error:
            reason = error.reason if isinstance(error, PeepccError) else str(error)
            raise click.ClickException(reason if str(path) in reason else f"{path}: {reason}") from None
    sums: list[NotesSum | ReportsSum] = ([sum_notes(found)] if found else []) + (
        [sum_reports(reports)] if reports else []
    )
    if as_json:
        click.echo(json.dumps({each.name: each.value() for each in sums}, indent=1))
    else:
        click.echo("\n".join(line for each in sums for line in told(each)))


def _is_report(path: Path) -> bool:
    with path.open("rb") as file:
        return begins_report(file.read(64))
