"""Which build this run is part of, so that what concerns the whole build is said once.

A build is a process group: a shell with job control starts one for each command, and what
a script starts stays in the script's. A tool that gives each of its commands a group of
its own (ninja) counts with the group that it is in. What cannot be told counts as the first
run of its build: better said twice than never.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import time
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .signals import temporary_folder

_STAMP = re.compile(r"(\d+)-(\d+)(?:\.lost)?")  # group and start of its leader
_PATIENCE = 1.0  # seconds that the tally of a build is waited for: others hold it for some milliseconds
_AGAIN = 0.005  # seconds between two looks
_LONGEST = 1 << 16  # bytes of a tally


class _Process(namedtuple("_Process", "parent group session foreground start")):
    """A process by /proc: numbers of its parent, its group, its session, the group in the foreground, and its start."""

    __slots__ = ()

    parent: int
    group: int
    session: int
    foreground: int
    start: int


class Tally:
    """What was lost in a build so far, by kind: counts, the first of which is of files, and what was said of them."""

    def __init__(self, known: object):
        self.known: dict[str, list[int]] = {}
        if isinstance(known, dict):
            lists = {kind: each for kind, each in known.items() if isinstance(each, list)}
            self.known = {kind: each for kind, each in lists.items() if len(each) > 1 and _counts(each)}

    def add(self, kind: str, *counts: int) -> list[int]:
        """The counts of the kind, with these."""
        said, *before = self.known.get(kind, [0])
        after = [old + new for old, new in zip(before or [0] * len(counts), counts)]
        self.known[kind] = [said, *after]
        return after

    def is_time(self, kind: str, grown: int) -> bool:
        """Whether nothing was said of the kind, or there is `grown` times as much; then it counts as said."""
        said, files = self.known[kind][:2]
        if said < 0 or files < max(1, said * grown):
            return False
        self.known[kind][0] = files
        return True

    def hush(self, kind: str) -> None:
        """As if it were said already."""
        self.known[kind][0] = self.known[kind][1]

    def settle(self, kind: str) -> None:
        """Nothing is to be said of the kind any more."""
        self.known[kind] = [-1, 0]


@contextmanager
def tally() -> Iterator[Tally]:
    """The tally of this build, for this process alone until it is left.

    Only a line on stderr hangs on it: it is an empty one where none can be kept or had soon, and lost where it cannot
    be written.
    """
    file = None
    with suppress(OSError):
        file = _opened()
    if file is None:
        yield Tally(None)
        return
    try:
        found = Tally(_known(file))
        yield found
        with suppress(OSError):
            os.ftruncate(file, 0)
            os.pwrite(file, json.dumps(found.known).encode(), 0)
    finally:
        os.close(file)


def _opened() -> int | None:
    """A descriptor of the tally's file, which is locked; None where none can be. Raises OSError."""
    name = _name()
    if name is None:
        return None
    folder = _folder()
    try:
        file = os.open(f"{name}.lost", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with suppress(OSError):
            _sweep(folder, name)
    finally:
        os.close(folder)
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except OSError as error:
            if not isinstance(error, BlockingIOError) or time.monotonic() > limit:
                os.close(file)
                return None
        time.sleep(_AGAIN)


def _known(file: int) -> object:
    try:
        return json.loads(os.pread(file, _LONGEST, 0))
    except (OSError, ValueError, RecursionError):
        return None


def _counts(values: list[object]) -> bool:
    return all(type(each) is int for each in values)


def _name() -> str | None:
    """What tells this build from all others; None where it cannot be told."""
    group = _build(os.getpid())
    if group is None:
        return None
    leader = _process(group)
    return f"{group}-{leader.start if leader else 0}"


def is_first_of_build() -> bool:
    """Whether no other run of this build was told so. Leaves a stamp; those of builds that have ended go."""
    name = _name()
    if name is None:
        return True
    try:
        folder = _folder()
    except OSError:
        return True
    try:
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder))
        _sweep(folder, name)
    except FileExistsError:
        return False
    except OSError:
        pass
    finally:
        os.close(folder)
    return True


def _build(pid: int) -> int | None:
    me = _process(pid)
    if me is None or me.group == 0:  # the group's leader is outside what we can see
        return None
    leader = _process(me.group)
    single = me.group == pid or (me.group == me.parent and _runs_one_command(me.parent))
    if leader is None or not single or me.group == me.foreground:
        return me.group
    above = _process(leader.parent)
    if above is None or not above.group or above.session != me.session:
        return me.group
    return above.group


def _runs_one_command(pid: int) -> bool:
    """Whether the process is a `sh -c`."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read(4096).split(b"\0")[1:2] == [b"-c"]
    except OSError:
        return False


def _process(pid: int) -> _Process | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
    except OSError:
        return None
    return _Process(*map(int, (*fields[1:4], fields[5], fields[19])))


def _folder() -> int:
    """A descriptor of our own folder, which nobody else can write. Raises OSError where there is none."""
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR") or temporary_folder(), f"peepcc-{os.geteuid()}")
    with suppress(FileExistsError):
        os.mkdir(path, 0o700)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    found = os.fstat(folder)
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        os.close(folder)
        raise PermissionError(f"{path} is not ours alone")
    return folder


def _sweep(folder: int, mine: str) -> None:
    for name in os.listdir(folder):
        match = _STAMP.fullmatch(name)
        if match and name not in (mine, f"{mine}.lost") and not _lives(int(match[1]), int(match[2])):
            with suppress(FileNotFoundError):  # another build sweeps, too
                os.unlink(name, dir_fd=folder)


def _lives(group: int, start: int) -> bool:
    leader = _process(group)
    if leader is not None:  # else no new process has that number while the group lives
        return leader.start == start
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
