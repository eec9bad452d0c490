"""clang's text of a job once more, with a line table: only for who wants to be told where something is.

The job makes its other files (dependencies, records) again afterwards, so that they are as without this run.
"""

from __future__ import annotations

from collections.abc import Callable

from ..process import Completed
from .plan import Job

_KIND = "-debug-info-kind="
_TABLE = (f"{_KIND}line-tables-only", "-dwarf-version=5")


def located(job: Job, run: Callable[[tuple[str, ...]], Completed], file: str) -> bytes | None:
    """The text, which is in `file` too; None where the job itself has a line table, or none is to be had."""
    if any(each.startswith(_KIND) for each in job.argv):
        return None
    clang, mode, *rest = job.turned("-S", file)
    if run((clang, mode, *_TABLE, *rest)).returncode:
        return None
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except FileNotFoundError:
        return None
