"""Output files: whole or not at all, with the mode that clang gives them."""

from __future__ import annotations

import os
import select
import stat

from ..plan import Declined
from ..signals import shielded

_LONGEST_NAME = 255  # bytes: Linux's NAME_MAX
_DEVICES = ("/dev/", "/proc/")  # also where a link there leads to a regular file: to replace it would break the machine


def check_output(path: str) -> None:
    """Raises Declined where clang will have something to say about `path` as an output."""
    if path == "-" or (os.access(path, os.W_OK) and not os.path.isdir(path)):
        return
    folder, name = os.path.dirname(path) or ".", os.path.basename(path)
    if len(os.fsencode(name)) > _LONGEST_NAME:
        raise Declined(f"{path} cannot be written")
    if not path or os.path.lexists(path) or not os.access(folder, os.W_OK | os.X_OK) or not os.stat(folder).st_nlink:
        raise Declined(f"{path} cannot be written")


def deliver(data: bytes, path: str) -> None:
    """Put `data` at `path`. What is there and no regular file is written through."""
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode) and not path.startswith(_DEVICES)
    except FileNotFoundError:
        regular = True
    if not regular:
        with open(path, "wb", buffering=0) as file:
            write_all(file.fileno(), data)
        return
    beside = os.path.join(os.path.dirname(path), f"peepcc-{os.urandom(8).hex()}.tmp")
    with shielded():
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with open(handle, "wb", buffering=0):
                write_all(handle, data)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise


def write_all(descriptor: int, data: bytes) -> None:
    """Every byte, also where the other end takes few at a time or was opened not to block."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


class SideOutputs:
    """Files that a job names beside its main output: which of them came or changed.

    Found by looking at the disk before and after, so no flag needs to be known.
    """

    def __init__(self, argv: tuple[str, ...], output: str):
        named = {part for each in argv for part in (each, each.partition("=")[2]) if part and "\0" not in part}
        self._paths = tuple(sorted(path for path in named if not path.startswith("-") and path != output))
        self._before = self.states()

    def states(self) -> dict[str, tuple[int, int, int] | None]:
        """Identity, size and time of each named file; None where there is no file."""
        return {path: _state(path) for path in self._paths}

    def written(self, since: dict[str, tuple[int, int, int] | None] | None = None) -> set[str]:
        now = self.states()
        return {path for path, state in (since or self._before).items() if now[path] != state}

    def remove_new(self) -> None:
        """Remove what was not there before the job."""
        for path in self.written():
            if self._before[path] is None and os.path.isfile(path):
                os.unlink(path)


def _state(path: str) -> tuple[int, int, int] | None:
    """None for a folder, too: its time is that of any neighbour's last file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return None if stat.S_ISDIR(found.st_mode) else (found.st_ino, found.st_size, found.st_mtime_ns)
