"""clang's own plan for a command line, and which of its jobs are ours.

The plan is what `clang -###` prints; no flag of clang is interpreted here but those of the
`-cc1` job itself. It promises nothing about a job that is not ours: that is run as planned.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..errors import PeepccError
from ..process import Completed, run, signal_name
from .passthrough import MORE_THAN_JOBS, asks_for_more
from .streams.response_files import bare

_JOB = re.compile(r'^ "(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*$', re.M | re.S)
_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_ESCAPE = re.compile(r"\\(.)", re.S)
_OTHER_CALLS = (
    "enable-ipra",
    "tailcallopt",
)  # calls that leave AAPCS64, and nothing in the text or the bitcode says so
_EMBEDS = "-fembed-"
_VALUED = ("-o", "-I", "--MD", "-MD")  # options of GNU's assembler with a word of their own
_READ_OTHERWISE = ("@", "-M", "--mri", "--alternate", "-EB", "-mbig-endian", "-mabi=ilp32", "-f")
_SPLIT = "-split-dwarf-output"
_CONFIGURED = re.compile(r"^Configuration file: (.*)$", re.M)
_COMMENT = re.compile(r"^\s*#.*", re.M)
_BANNER = re.compile(
    r"(?:.*clang version |Target: |Thread model: |InstalledDir: |Build config: |Configuration file: | \(in-process\)$)"
)


class Declined(PeepccError):
    """Not an error but a limit: what comes is clang's own. Why is told only where an explanation is asked for."""


class NothingOurs(Declined):
    """There is nothing to rewrite, and so nothing to tell."""


class Failed(Declined):
    """clang refuses one of its own jobs. The user hears why from clang's own run, or from us if that goes well."""


def checked(done: Completed, what: str) -> Completed:
    """`done` where it went well.

    Raises Failed, or PeepccError where a signal ended it: that says nothing of the job.
    """
    if done.returncode < 0:
        raise PeepccError(f"{what} was ended by {signal_name(-done.returncode)}")
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().partition("\n")[0]
        raise Failed(f"{what} ended with status {done.returncode}" + (f" ({said})" if said else ""))
    return done


@dataclass(frozen=True, slots=True)
class Job:
    """One command of the plan; `ours`: it compiles C to an AArch64 object or assembly file.

    `assembler` is clang's own `-cc1as` command for an object job of ours, to be given
    another input and output.
    """

    argv: tuple[str, ...]
    ours: bool = False
    assembler: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return self.argv[-1]

    @property
    def language(self) -> str:
        return self.argv[-2] if self.argv[-3:-2] == ("-x",) else ""

    @property
    def action(self) -> str:
        return self.argv[self._action]

    @property
    def output(self) -> str:
        return self.argv[self._output]

    @property
    def _action(self) -> int:
        return next(n for n, each in enumerate(self.argv) if _is_action(each))

    @property
    def _output(self) -> int:
        return max(n for n, each in enumerate(self.argv[:-3]) if each == "-o") + 1

    def turned(self, action: str, output: str, source: str | None = None) -> tuple[str, ...]:
        """The command with another action and output, and where given with bitcode as its source."""
        argv = list(self.argv)
        argv[self._action], argv[self._output] = action, output
        if source is not None:
            argv[-2:] = ["ir", source]
        return tuple(argv)

    def values(self, flag: str) -> tuple[str, ...]:
        """What follows each `flag` of the job."""
        return tuple(after for each, after in zip(self.argv, self.argv[1:]) if each == flag)


@dataclass(frozen=True, slots=True)
class Plan:
    """`warnings`: what the driver itself says, as clang prints it."""

    warnings: bytes
    jobs: tuple[Job, ...]


def make_plan(command: Sequence[str], first: Sequence[str], folder: str | None) -> Plan:
    """The plan of `command`, clang's full command line; its temporary files are in `folder`.

    None for a folder: clang's own cannot be written, and what needs temporary files is clang's to say.
    `first`: driver flags that the user's may undo. Raises Declined where nothing is ours.
    """
    jobs, warnings = _ask(command, first, folder)
    if folder is None and any(
        each in other.argv for job in jobs for each in job.values("-o") for other in jobs if other is not job
    ):
        raise Declined("clang may have to say that it cannot make temporary files")
    made = frozenset(job.output for job in jobs if _compiles(job, "-emit-llvm-bc", ("c", "cpp-output")))
    jobs = tuple(replace(job, ours=_is_ours(job, made)) for job in jobs)
    if not any(job.ours for job in jobs):
        raise NothingOurs("no job compiles C for AArch64")
    if any(each.startswith("-working-directory") for job in jobs for each in job.argv):
        raise Declined("the paths of the jobs are relative to another folder")
    if any("-###" in each for job in jobs for each in job.argv):
        raise Declined("the object records the command line")
    if any(each.startswith(_EMBEDS) for job in jobs if job.ours for each in job.argv):
        raise Declined("the object holds what the front end embeds, and would hold it once for each half")
    texts = frozenset(job.output for job in jobs if job.ours)
    if any(_reads_text_otherwise(job, texts) for job in jobs if not job.ours and texts & set(job.argv)):
        raise Declined("the assembler is given more than the text, or told to read it otherwise")
    if any(job.ours and job.action == "-emit-obj" for job in jobs):
        jobs = _with_assemblers(jobs, _ask(command, [*first, "-save-temps=obj"], folder)[0])
    return Plan(warnings, jobs)


def parse_jobs(text: str) -> tuple[Job, ...]:
    """The jobs that `clang -###` printed, in their order."""
    return tuple(
        Job(tuple(_ESCAPE.sub(r"\1", argument) for argument in _ARGUMENT.findall(line))) for line in _JOB.findall(text)
    )


def _ask(command: Sequence[str], first: Sequence[str], folder: str | None) -> tuple[tuple[Job, ...], bytes]:
    env = {} if folder is None else {"TMPDIR": folder}
    done = checked(run([command[0], "-###", *first, *command[1:]], stdin=0, env=env), "clang -###")
    if done.stdout:
        raise Declined("the driver itself answers")
    text = os.fsdecode(done.stderr)
    said = _without_banner(_JOB.sub("", text))
    if (first_job := _JOB.search(text)) and _without_banner(_JOB.sub("", text[first_job.start() :])):
        raise Declined("what clang says holds lines that look like jobs")
    if any(map(_asks_for_more, _CONFIGURED.findall(text))):
        raise Declined(MORE_THAN_JOBS)
    if any("response file" in line for line in said):
        raise Declined("the plan is too long to be printed")
    return parse_jobs(text), os.fsencode("".join(said))


def _without_banner(text: str) -> list[str]:
    return [line for line in text.splitlines(True) if line.strip() and not _BANNER.match(line)]


def _asks_for_more(configuration: str) -> bool:
    """Whether a configuration file does, or names others that might."""
    try:
        with open(configuration, "rb") as file:
            words = bare(_COMMENT.sub("", os.fsdecode(file.read())))
    except OSError:
        return True
    return any(word.startswith("@") or asks_for_more(word) for word in words)


def _is_action(argument: str) -> bool:
    return argument == "-S" or (argument.startswith("-emit-") and argument != "-emit-llvm-uselists")


def _compiles(job: Job, action: str, languages: tuple[str, ...]) -> bool:
    return (
        job.argv[1:2] == ("-cc1",)
        and job.language in languages
        and [each for each in job.argv if _is_action(each)] == [action]
        and "-o" in job.argv[:-3]
    )


def _is_ours(job: Job, made: frozenset[str]) -> bool:
    kept = job.source in made and _compiles(job, "-S", ("ir",))  # -save-temps
    if not kept and not any(_compiles(job, action, ("c", "cpp-output")) for action in ("-emit-obj", "-S")):
        return False
    triples = {
        *job.values("-triple"),
        *(each for each in job.argv if each.startswith("-triple=")),
    }  # of several, the last counts
    triple = triples.pop().split("-") if len(triples) == 1 else [""]
    elf = any(part.startswith(("linux", "none", "elf")) for part in triple[1:])
    usual = not any(
        each.lstrip("-").startswith((*_OTHER_CALLS, "@")) for each in job.values("-mllvm")
    )  # @: a file with more of them
    return triple[0] == "aarch64" and elf and job.values("-target-abi") == ("aapcs",) and usual


def _reads_text_otherwise(job: Job, texts: frozenset[str]) -> bool:
    """Of an assembler other than clang's own: a file before ours may define macros, and so may what an option names."""
    if job.argv[1:2] in (("-cc1as",), ("-cc1",)) or not os.path.basename(job.argv[0]).endswith("as"):
        return False
    files = [each for before, each in zip(job.argv, job.argv[1:]) if not each.startswith("-") and before not in _VALUED]
    return any(each not in texts for each in files) or any(each.startswith(_READ_OTHERWISE) for each in job.argv[1:])


def _with_assemblers(jobs: tuple[Job, ...], saving: tuple[Job, ...]) -> tuple[Job, ...]:
    """Each object job with the `-cc1as` command that clang itself would split off it."""
    makers = [
        n
        for n, job in enumerate(jobs)
        if job.argv[1:2] == ("-cc1as",) or (job.argv[1:2] == ("-cc1",) and "-emit-obj" in job.argv)
    ]
    assemblers = [job.argv for job in saving if job.argv[1:2] == ("-cc1as",)]
    if len(makers) != len(assemblers):
        raise Declined("clang splits these jobs in another way")
    found = list(jobs)
    for n, assembler in zip(makers, assemblers):
        if jobs[n].ours:
            found[n] = replace(jobs[n], assembler=_adapted(assembler, jobs[n]))
    return tuple(found)


def _adapted(assembler: tuple[str, ...], job: Job) -> tuple[str, ...]:
    """`assembler` for the text of a job that clang planned to do in one step."""
    argv = list(assembler)
    if _SPLIT in argv:  # saved temporary files have other names
        values = job.values(_SPLIT)
        if len(values) != 1:
            raise Declined(f"{_SPLIT} is not in both plans")
        argv[argv.index(_SPLIT) + 1] = values[0]
    return tuple(argv)
