"""The files that the user names for peepcc alone: the report, and the replies that are kept or given again.

Where a job of the same command reads or writes one of them, too, either would destroy the other. It promises
nothing about headers, nor about what the linker or a plugin names in an argument of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...report.place import real
from ...settings import Settings, UsageError
from ..plan import Job

_WRITTEN = ("-file", "-output")  # how clang's names of options for files that it writes end, but for -o


def check_own_files(settings: Settings, jobs: Iterable[Job]) -> None:
    """Raises UsageError where a file of ours has another use in this command."""
    named = {"the report": settings.report, "the replies": settings.backend.partition(":")[2]}
    ours = {what: file for what, file in named.items() if file}
    if not ours:
        return
    places = {real(file): (what, file) for what, file in ours.items()}
    if len(places) < len(ours):
        raise UsageError(
            f"{settings.report} is named for the report and for the replies; name another file for one of them"
        )
    for argument in {each for job in jobs for each in _files(job)}:
        what, file = places.get(real(argument), (None, None))
        if what is not None:
            raise UsageError(
                f"{file} is named for {what}, and the compiler reads or writes that file, too; name another one"
            )


def _files(job: Job) -> Iterator[str]:
    """Its main input and what it writes: not every word, since a macro or a processor may be called as a file is."""
    yield job.source
    for before, each in zip(job.argv, job.argv[1:]):
        if before == "-o" or before.endswith(_WRITTEN):
            yield each
