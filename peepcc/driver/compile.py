"""One compile job of ours: C to bitcode and assembly text, the rewrite, and the output file.

clang does every step but the rewrite. Where clang would print something that our way
cannot reproduce, Declined is raised; the caller answers that with clang's own run.
"""

from __future__ import annotations

import os
import pickle
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..assembly.quote import quoted
from ..clock import longest
from ..errors import PeepccError
from ..process import Completed, run
from ..readback.image import ObjectImage
from ..settings import Settings
from ..translation_unit import Unit
from .child import isolated
from .located import located
from .loss_messages import lines
from .plan import Declined, Job, checked
from .signals import Interrupted
from .streams.output import SideOutputs, check_output, deliver
from .streams.stdio import rewind
from .working_folder import held, name

# `-emit-llvm-uselists`: without it the order of uses is lost in the file, and with it some choices of
# the code generator. `-disable-llvm-passes`: they ran when the bitcode was made.
_TO_BITCODE = ("-emit-llvm-uselists",)
_FROM_BITCODE = ("-disable-llvm-passes",)
_INITIALIZES = ("-ftrivial-auto-var-init=zero", "-ftrivial-auto-var-init=pattern")
_BITCODE = b"BC\xc0\xde"
# The code generator takes these from the language options, which it has not where its input is bitcode.
_NOT_IN_BITCODE = ("-ffp-contract=fast", "-exception-model=")
_HALVES_DIFFER = "the two halves of the compile make another text than the whole"
# looked for from the first blank of a run only: clang writes runs as long as the user likes
_REMARK = re.compile(rb"(?<![ \t])[ \t]*//.*")


@dataclass(frozen=True, slots=True)
class Context:
    """What all jobs of one run share: clang's command line, a private folder, the settings."""

    command: tuple[str, ...]
    folder: str
    settings: Settings

    def file(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def run(self, argv: tuple[str, ...]) -> Completed:
        """Run with our standard input, from its start where it is held, and our folder for temporary files."""
        rewind()
        return run(argv, stdin=0, env={"TMPDIR": self.folder})


Said = list[tuple[int, bytes]]  # (descriptor, bytes): what the user is to see when all has gone well


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of a job beside its output.

    `image`: what an object made of the output must hold, where that is text with rewrites. `entry`: the unit's line
    of the report, which is true once the command has come to its end. `data`: the output. `complete`: the rewrite lost
    nothing, to the budget or a server, that another run might have.
    """

    said: Said
    image: ObjectImage | None
    entry: bytes
    data: bytes
    complete: bool


def compile_job(job: Job, context: Context) -> Compiled:
    """Make the job's output. Raises Declined, or the error of what is ours."""
    check_output(job.output)
    sides = SideOutputs(job.argv, job.output)
    context = replace(context, folder=tempfile.mkdtemp(dir=context.folder))  # no file of another job is taken for ours
    try:
        rewrites = context.settings.backend != "none"
        shown = rewrites and (context.settings.explain or context.settings.report)
        twin = located(job, context.run, context.file("located.s")) if shown else None
        text, bitcode, said = _to_text(job, context, SideOutputs(job.argv, job.output) if shown else sides)
        rewritten, image, printed, entry, complete = text, None, b"", b"", True
        if rewrites:
            rewritten, image, printed, entry, complete = _rewrite(text, bitcode, twin, job, context)
        if job.action == "-S":
            data = rewritten
        else:
            data = _compiled_on(job, context) if rewritten == text else _assembled(rewritten, image, job, context)
        if job.output == "-":
            said.append((1, data))
        else:
            deliver(data, job.output)
    except Interrupted:
        sides.remove_new()
        raise
    return Compiled([*said, (2, printed)], image if job.action == "-S" else None, entry, data, complete)


def unit_of(job: Job, command: Sequence[str]) -> Unit:
    """What the rewrite needs to know of the job."""
    cpu = (job.values("-target-cpu") or ("generic",))[-1]
    chosen = tuple(each for each in command[1:] if each.startswith(("-march=", "-mcpu=")))
    return Unit(
        clang=command[0],
        source=job.source,
        cpu=cpu,
        features=job.values("-target-feature"),
        optimise_size="-Os" in job.argv or "-Oz" in job.argv,
        target_flags=chosen or (() if cpu == "generic" else (f"-mcpu={cpu}",)),
        output=job.output,
        arguments=tuple(command[1:]),
        directory=name(),
        initializes=any(each.startswith(_INITIALIZES) for each in job.argv),
    )


def _to_text(job: Job, context: Context, sides: SideOutputs) -> tuple[bytes, bytes, Said]:
    """clang's assembly text, the bitcode that it came from, and what clang printed.

    The text is made from the bitcode where nobody can tell. A -S job shows comments that
    the detour changes: there the source is compiled once more, whole. So it is for the messages of
    a code generator that has something to say: the detour's would come apart from those of the front
    end, and some remarks are others where text is made and not an object. A record that both halves
    write is clang's: to hold it changes even the object.
    """
    bitcode_file, text_file = context.file("unit.bc"), context.file("unit.s")
    if job.action == "-S" and context.settings.backend == "none":  # nothing asks for facts
        whole = checked(context.run(job.turned("-S", text_file)), "clang -cc1")
        return _contents(text_file), b"", [(1, whole.stdout), (2, whole.stderr)]
    front = checked(context.run((*job.turned("-emit-llvm-bc", bitcode_file), *_TO_BITCODE)), "clang -cc1")
    bitcode = _contents(bitcode_file)
    if not bitcode.startswith(_BITCODE):
        raise Declined("the job makes something else")
    if job.action == "-S":
        context.run((*job.turned("-S", context.file("halves.s"), bitcode_file), *_FROM_BITCODE))
        whole = _check_halves(context.file("halves.s"), text_file, job, context)  # last: its records stay
        return _contents(text_file), bitcode, [(1, whole.stdout), (2, whole.stderr)]
    first, middle = sides.written(), sides.states()
    back = context.run((*job.turned("-S", text_file, bitcode_file), *_FROM_BITCODE))
    if first & sides.written(middle):
        raise Declined("both halves write a record")
    if any(each.startswith(_NOT_IN_BITCODE) for each in job.argv):
        _check_halves(text_file, context.file("whole.s"), job, context)
    if not (back.returncode or back.stdout or back.stderr):
        return _contents(text_file), bitcode, [(1, front.stdout), (2, front.stderr)]
    whole = checked(context.run(job.turned(job.action, context.file("whole.o"))), "clang -cc1")
    if back.returncode:
        raise Declined(_HALVES_DIFFER)
    return _contents(text_file), bitcode, [(1, whole.stdout), (2, whole.stderr)]


def _check_halves(halves: str, whole: str, job: Job, context: Context) -> Completed:
    """Compiles the source to the file `whole`. Raises Declined where that and `halves` differ in more than comments.

    They do where the source has changed between the two, or an option is not in the bitcode.
    """
    done = checked(context.run(job.turned("-S", whole)), "clang -cc1")
    if _bare(_contents(halves)) != _bare(_contents(whole)):
        raise Declined(_HALVES_DIFFER)
    return done


def _bare(text: bytes) -> list[bytes]:
    """Its lines without comments."""
    return [line for line in _REMARK.sub(b"", text).split(b"\n") if line]


def _rewrite(
    text: bytes, bitcode: bytes, twin: bytes | None, job: Job, context: Context
) -> tuple[bytes, ObjectImage | None, bytes, bytes, bool]:
    """The rewritten text, what its object must hold, what the rewrite prints, the unit's line of the report, and
    whether nothing was lost.

    `twin`: the text with a line table.
    """
    unit = replace(
        unit_of(job, context.command), located=None if twin is None else twin.decode(errors="surrogateescape")
    )

    def load() -> object:
        from . import rewrite  # brings every library there is

        return rewrite

    def work() -> bytes:
        from .rewrite import rewrite_unit

        made = rewrite_unit(text.decode(errors="surrogateescape"), bitcode, unit, settings)
        told = made.explanation.encode(errors="replace")
        return pickle.dumps((made.text.encode(errors="surrogateescape"), made.image, made.losses, told, made.entry))

    with held(unit.clang, context.settings) as (clang, settings):
        unit = replace(unit, clang=clang)
        answer, printed = isolated(work, context.folder, longest(context.settings.budget), load)
    rewritten, image, losses, told, entry = pickle.loads(answer)
    if rewritten != text and image is None:
        raise PeepccError("the rewritten text comes without what its object must hold")
    printed += told
    printed += "".join(f"{line}\n" for line in lines(losses, job.source, context.settings)).encode(errors="replace")
    return rewritten, image, printed, entry, not losses.any


def _compiled_on(job: Job, context: Context) -> bytes:
    """clang's own object. The untouched text would do, but for labels, section order and debug information."""
    object_file, bitcode_file = context.file("unit.o"), context.file("unit.bc")
    checked(context.run((*job.turned("-emit-obj", object_file, bitcode_file), *_FROM_BITCODE)), "clang -cc1")
    return _contents(object_file)


def _assembled(text: bytes, image: ObjectImage | None, job: Job, context: Context) -> bytes:
    """The object of a rewritten text, read back. Raises PeepccError where it is not what was judged."""
    from ..readback.compare import check_object  # needed only where something was rewritten

    if image is None:
        raise PeepccError("nothing says what the object of a rewritten text must hold")
    text_file, object_file = context.file("rewritten.s"), context.file("unit.o")
    with open(text_file, "wb") as file:
        file.write(quoted(text))
    argv = list(job.assembler)
    argv[-1], argv[argv.index("-o") + 1] = text_file, object_file
    done = context.run(tuple(argv))
    if done.returncode:  # it may warn of what clang's own text holds, too: what it made is read back
        raise PeepccError("the rewritten text does not assemble")
    data = _contents(object_file)
    check_object(data, image)
    return data


def _contents(path: str) -> bytes:
    """Raises Declined where the job had another action than the one that we asked for."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise Declined("the job makes something else") from None
