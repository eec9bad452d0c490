"""What a compile read, and where it looked in vain: whether it would read the same again.

A header is found by trying folders one by one, so that each name that was found stands here with each folder that
may be tried: a file that appears earlier on the way is seen. Names that only a `__has_include` holds are among
them. Contents decide, never times. Every run that may come from the cache imports this.
"""

from __future__ import annotations

import os
import stat
from collections import namedtuple
from collections.abc import Iterable, Iterator

from .packed import digest, pack, unpack

# files: paths as clang spells them, the source first; folders: where headers are looked for; names: of headers
Inputs = namedtuple("Inputs", "files folders names")
_MOST = 1 << 28  # bytes of one file


def packed(inputs: Inputs) -> bytes:
    return pack([pack([os.fsencode(each) for each in part]) for part in inputs])


def unpacked(data: bytes) -> Inputs:
    """Raises ValueError for what `packed` did not make."""
    files, folders, names = ([os.fsdecode(each) for each in unpack(part)] for part in unpack(data))
    return Inputs(files, folders, names)


def state(inputs: Inputs) -> bytes | None:
    """A digest of all contents and of what is found by each name in each folder; None where a file cannot be read."""
    contents = [content(path) for path in inputs.files]
    if any(each is None for each in contents):
        return None
    return digest([packed(inputs), *(each or b"" for each in contents), *found(inputs.folders, inputs.names)])


def content(path: str) -> bytes | None:
    """A digest of a regular file; None for anything else."""
    data = text(path)
    return None if data is None else digest([data])


def text(path: str) -> bytes | None:
    """The contents of a regular file of a usual size; None for anything else."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            about = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(about.st_mode) and about.st_size < _MOST else None
    except OSError:
        return None


def found(folders: Iterable[str], names: Iterable[str]) -> Iterator[bytes]:
    """Each name that is there in a folder, with what it is; nothing for those that are not."""
    parts = [(name, name.partition("/")[0]) for name in names]
    for folder in folders:
        try:
            present = {*os.listdir(folder or "."), "", ".", ".."}
        except PermissionError:
            present = {first for _, first in parts}  # it may be searched all the same
        except OSError:
            continue
        for name, first in parts:
            if first in present:
                path = os.path.join(folder, name)
                try:
                    kind = stat.S_IFMT(os.stat(path).st_mode)
                except OSError:
                    continue
                yield os.fsencode(path) + b"\0%d%d" % (kind, os.access(path, os.R_OK))
