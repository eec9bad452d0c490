"""The phases of a compiler run: plan, the jobs in their order, then what they had to say."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence

from ..errors import PeepccError
from ..readback.image import ObjectImage
from ..settings import Settings
from .build_session import is_first_of_build
from .cached.record import begin, finish
from .compile import Context, Said, compile_job
from .fallback import or_clang
from .plan import Declined, Job, Plan, checked, make_plan
from .signals import is_writable, temporary_folder
from .streams.output import write_all
from .streams.own_files import check_own_files
from .streams.read_once import includes_device, reads_once
from .streams.stdio import hold, open_missing

_EMULATED = b"peepcc: policy emulated: what the emulator accepts is kept without a proof (said once a build)\n"


def drive(command: Sequence[str], settings: Settings, key: bytes | None = None) -> int:
    """Carry out `command`, clang's full command line; the exit status, or clang took over.

    `key`: what the results are known by in the cache; None where they are not to be kept.
    """
    started = time.time_ns()
    open_missing()
    return or_clang(command, settings, lambda folder: _carry_out(tuple(command), settings, folder, key, started))


def _carry_out(command: tuple[str, ...], settings: Settings, folder: str, key: bytes | None, started: int) -> int:
    plan = make_plan(command, _terminal_flags(), folder if is_writable(temporary_folder()) else None)
    check_own_files(settings, plan.jobs)
    _check_inputs(plan)
    if any(job.argv[-1] == "-" for job in plan.jobs):
        hold()
    context = Context(command, folder, settings)
    said: Said = [(2, plan.warnings)]
    images: dict[str, ObjectImage] = {}  # by the text file that a later job of clang's assembles
    entries: list[tuple[str, bytes]] = []  # (source, line of the report)
    recording = begin(key, plan, folder, started)
    for job in plan.jobs:
        if not job.ours:
            said += _as_planned(job, context, images)
            continue
        compiled = compile_job(job, context)
        said += compiled.said
        if recording and compiled.complete and settings.cache:
            finish(recording, settings.cache, compiled.data, said, folder)
        if compiled.image is not None:
            images[job.output] = compiled.image
        if compiled.entry:
            entries.append((job.source, compiled.entry))
    if settings.policy == "emulated" and settings.backend != "none" and not settings.quiet and is_first_of_build():
        said.insert(0, (2, _EMULATED))
    said += _report(entries, settings)  # now that no job can fail any more, for then clang makes all of them anew
    for descriptor, data in said:
        write_all(descriptor, data)
    return 0


def _report(entries: Sequence[tuple[str, bytes]], settings: Settings) -> Said:
    """Adds the units to the report, and says which are not in it: their rewrites are kept."""
    if not entries or settings.report is None:
        return []
    from ..report.file import append  # needed only where a report is asked for

    failed: Said = []
    for source, entry in entries:
        try:
            append(settings.report, entry)
        except (PeepccError, OSError) as error:
            reason = error.reason if isinstance(error, PeepccError) else error.strerror
            text = f"peepcc: {settings.report}: {source} is not in the report: {reason}\n"
            failed.append((2, text.encode(errors="replace")))
    return failed


def _check_inputs(plan: Plan) -> None:
    """Raises Declined where a job would read what can be read only once, be it named by a configuration file or joined
    to its flag.
    """
    for job in plan.jobs:
        if reads_once(job.argv) or (job.ours and os.path.isfile(job.source) and includes_device(job.source)):
            raise Declined("an input can be read only once")


def _as_planned(job: Job, context: Context, images: Mapping[str, ObjectImage]) -> Said:
    """What a job of clang's own says. Whoever assembles a text of ours, the object is read back."""
    done = checked(context.run(job.argv), "a job of clang's own")
    for image in (images[each] for each in job.argv if each in images):
        from ..readback.compare import check_object  # needed only where something was rewritten

        with open(job.argv[job.argv.index("-o") + 1], "rb") as file:
            check_object(file.read(), image)
    return [(1, done.stdout), (2, done.stderr)]


def _terminal_flags() -> tuple[str, ...]:
    """What clang finds out itself when it prints to a terminal, and cannot through our pipe."""
    if not os.isatty(2):
        return ()
    return ("-fcolor-diagnostics", f"-fmessage-length={os.get_terminal_size(2).columns}")
