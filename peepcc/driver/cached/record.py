"""What a compile read and made goes to the cache, if all of it is known and none of it changed meanwhile.

clang's preprocessor lists what it reads before the compile; contents are compared after it. It promises nothing about
two compiles that write the same side file at once.
"""

from __future__ import annotations

import os
import re
from collections import namedtuple
from collections.abc import Iterator
from contextlib import suppress

from ...errors import PeepccError
from ...process import run
from ...store.folder import Folder, open_folder
from ...store.inputs import Inputs, content, packed, state, text
from ...store.packed import digest, pack, sealed
from ..plan import Job, Plan
from ..streams.output import SideOutputs

_SEARCHED = ("-I", "-iquote", "-isystem", "-internal-isystem", "-internal-externc-isystem", "-idirafter", "-c-isystem")
_REFUSED = ("-include-pch", "-F", "-iframework", "-fmodules", "-iwithprefix", "-fprofile", "-include-pth", "-MG")
_DEPENDENCIES = ("-dependency-file", "-MT", "-header-include-file", "-serialize-diagnostic-file")
_SHAPES = 8  # sets of files that one command line is known with

_SPLICE = re.compile(rb"\\[ \t]*\r?\n")
_TIMES = re.compile(rb"__(?:DATE|TIME|TIMESTAMP)__|-Wdate-time|\?\?[/=]|[#:]\s*embed\b|__has_embed|__has_\s*##")
_UNLISTED = re.compile(rb"incbin|\.\s*inc(?:lude|bin)\b|[Pp]ragma\W{1,6}(?:GCC|clang)\s+(?:dependency|module|__debug)")
_HAS = re.compile(rb"__has_include(?:_next)?")
_ASKED = re.compile(rb'(?:_next)?\s*\(\s*(?:"([^"\n]+)"|<([^>\n]+)>)')
_DEFINED = re.compile(rb"(?:defined\s*\(?|ifdef|ifndef)\s*\Z")
_IN_TEXT = re.compile(rb"\.(?:incbin|include|macro|irpc?|altmacro)\b")

# inputs: what is read; contents: by file; started: the time before, in ns; sides: what the job may write
Recording = namedtuple("Recording", "key job inputs contents started sides")


def begin(key: bytes | None, plan: Plan, folder: str, started: int) -> Recording | None:
    """What is to be known before the compile; None where its results are not to be kept."""
    try:
        return None if key is None else _begin(key, plan, folder, started)
    except (OSError, PeepccError, ValueError):
        return None


def _begin(key: bytes, plan: Plan, folder: str, started: int) -> Recording | None:
    if len(plan.jobs) != 1 or not plan.jobs[0].ours or plan.jobs[0].output == "-":
        return None
    job = plan.jobs[0]
    if any(each.startswith(_REFUSED) for each in job.argv):
        return None
    files = _read_files(job, folder)
    if files is None:
        return None
    texts = {path: text(path) for path in files}
    asked = [_asked(data) for data in texts.values()]
    if any(each is None for each in asked):
        return None
    folders = _folders(job, files)
    names = {name for each in asked for name in each or ()} | _names(files, folders) | _forced(job)
    inputs = Inputs([*files, *_named(job, files)], folders, sorted(names))
    return Recording(key, job, inputs, _contents(inputs), started, SideOutputs(job.argv, job.output))


def finish(recording: Recording, path: str, data: bytes, said: list[tuple[int, bytes]], folder: str) -> None:
    """Keeps the output `data` and all else that was made, if nothing that was read has changed."""
    with suppress(OSError, ValueError):
        _finish(recording, path, data, said, folder)


def _finish(recording: Recording, path: str, data: bytes, said: list[tuple[int, bytes]], folder: str) -> None:
    job, written = recording.job, recording.sides.written()
    inputs = recording.inputs._replace(files=[each for each in recording.inputs.files if each not in written])
    if any(_changed(each, recording) for each in inputs.files) or not _is_listed(folder):
        return
    now, sides = state(inputs), {each: text(each) for each in sorted(written)}
    if now is None or now != recording_state(recording, inputs) or any(each is None for each in sides.values()):
        return
    names = [os.fsencode(each) for each in (job.output, *sides)]
    printed = [b"".join(words for number, words in said if number == wanted) for wanted in (1, 2)]
    result = [pack(names), data, pack([each or b"" for each in sides.values()]), pack(printed)]
    store = open_folder(path, create=True)
    if store is None:
        return
    try:
        store.write(digest([recording.key, now]).hex(), sealed(result))
        _know(store, recording.key, inputs)
    finally:
        store.close()


def recording_state(recording: Recording, inputs: Inputs) -> bytes | None:
    """The state of `inputs` again, where their contents are still those of before; None where they are not."""
    if any(content(each) != recording.contents[each] for each in inputs.files):
        return None
    return state(inputs)


def _know(store: Folder, key: bytes, inputs: Inputs) -> None:
    mine = packed(inputs)
    others = [each for each in store.read(key.hex()) or () if each != mine]
    store.write(key.hex(), sealed([mine, *others][:_SHAPES]))


def _read_files(job: Job, folder: str) -> list[str] | None:
    """Every file that the preprocessor reads, the source first; None where it has more to say than that."""
    listed = os.path.join(folder, "inputs.d")
    argv = list(job.turned("-Eonly", os.path.join(folder, "inputs.i")))
    for option in _DEPENDENCIES:
        while option in argv:
            del argv[argv.index(option) : argv.index(option) + 2]
    kept = [each for each in argv[1:] if each not in ("-w", "-MP", "-sys-header-deps")]
    more = ["-Wdate-time", "-Wsystem-headers", "-sys-header-deps", "-MT", "x", "-dependency-file", listed]
    done = run([argv[0], kept[0], *more, *kept[1:]], env={"TMPDIR": folder})
    if done.returncode or b"-Wdate-time" in done.stderr:
        return None
    data = text(listed)
    if data is None or not data.startswith(b"x:"):
        return None
    return _unescaped(data[2:])


def _unescaped(rule: bytes) -> list[str] | None:
    joined = rule.replace(b"\\\n", b" ")
    if b"\\" in joined or b"$" in joined or joined.count(b"\n") != 1:
        return None  # names that make's notation bends
    return list(dict.fromkeys(map(os.fsdecode, joined.split())))


def _asked(data: bytes | None) -> set[str] | None:
    """Names that the file asks for by `__has_include`; None where it holds what no list of files tells."""
    if data is None:
        return None
    joined = _SPLICE.sub(b"", data)
    if _TIMES.search(joined) or _UNLISTED.search(joined.replace(b'" "', b"").replace(b'""', b"")):
        return None
    names = set()
    for each in _HAS.finditer(joined):
        literal = _ASKED.match(joined, each.end())
        if literal:
            names.add(os.fsdecode(literal[1] or literal[2]))
        elif not _DEFINED.search(joined, max(0, each.start() - 40), each.start()):
            return None
    return names


def _folders(job: Job, files: list[str]) -> list[str]:
    found = {"": None}
    for each, after in zip(job.argv, job.argv[1:]):
        if each in _SEARCHED:
            found[after] = None
        elif each.startswith("-I"):
            found[each[2:]] = None
    found.update((os.path.dirname(path), None) for path in files)
    return list(found)


def _names(files: list[str], folders: list[str]) -> set[str]:
    """How each file is called from each folder that it lies in."""
    found: set[str] = set()
    for folder in {_bare(each) for each in folders}:
        start = f"{folder}/" if folder else ""
        found.update(path[len(start) :] for path in files if path.startswith(start))
    return found


def _bare(folder: str) -> str:
    while folder.startswith("./"):
        folder = folder[2:].lstrip("/")
    return "" if folder == "." else folder.rstrip("/")


def _forced(job: Job) -> set[str]:
    """Files that the command line includes, and what clang takes in their place."""
    named = [*job.values("-include"), *job.values("-imacros")]
    return {name + ending for name in named for ending in ("", ".pch", ".gch")}


def _named(job: Job, files: list[str]) -> Iterator[str]:
    """Other files that the arguments name."""
    words = {part for each in job.argv[1:] for part in (each, each.partition("=")[2], *each.split(",")) if part}
    known = {*files, job.output}
    for word in sorted(words - known):
        if not word.startswith("-") and "\0" not in word and os.path.isfile(word):
            yield word


def _contents(inputs: Inputs) -> dict[str, bytes | None]:
    return {path: content(path) for path in inputs.files}


def _changed(path: str, recording: Recording) -> bool:
    """Whether the file may have been written since the run began: then nobody knows what clang read."""
    try:
        found = os.stat(path)
    except OSError:
        return True
    return bool(max(found.st_mtime_ns, found.st_ctime_ns) >= recording.started)


def _is_listed(folder: str) -> bool:
    """Whether the assembly texts in the private folder are there and include no further file."""
    texts = [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if name.endswith(".s")]
    return bool(texts) and not any(_IN_TEXT.search(text(path) or b".include") for path in texts)
