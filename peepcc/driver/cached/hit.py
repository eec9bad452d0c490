"""An earlier compile's results in the place of a compile, where nothing has changed.

It imports next to nothing and starts no process. Where anything about the outputs is unusual it does nothing, and
the compile takes its way.
"""

from __future__ import annotations

import os
import stat
from _signal import SIG_BLOCK, SIG_SETMASK, pthread_sigmask  # type: ignore[import-not-found]  # as in __main__

from ...store.folder import Folder, open_folder
from ...store.inputs import state, unpacked
from ...store.packed import digest, unpack

_SIGNALS = (*range(1, 32), *range(34, 65))  # the two between are glibc's own


def answer(path: str, key: bytes) -> int | None:
    """The exit status where the results were in the cache at `path`, and are now where they belong; else None."""
    folder = open_folder(path)
    if folder is None:
        return None
    try:
        result = _result(folder, key)
    finally:
        folder.close()
    if result is None:
        return None
    main, *sides = unpack(result[0])
    path, data = os.fsdecode(main), result[1]
    files = [(os.fsdecode(name), content) for name, content in zip(sides, unpack(result[2]))]
    if not all(map(_is_usual, (path, *(name for name, _ in files)))):
        return None
    try:
        for name, content in files:  # clang writes these in place
            with open(name, "wb", buffering=0) as file:
                _write(file.fileno(), content)
        _deliver(path, data)
    except OSError:  # clang says what is wrong
        return None
    try:
        for number, words in zip((1, 2), unpack(result[3])):
            _write(number, words)
    except BrokenPipeError:
        return os.EX_IOERR
    return 0


def _result(folder: Folder, key: bytes) -> list[bytes] | None:
    for packed in folder.read(key.hex()) or ():
        found = state(unpacked(packed))
        result = None if found is None else folder.read(digest([key, found]).hex())
        if result is not None:
            return result
    return None


def _is_usual(path: str) -> bool:
    """Whether a file there can be written as any other."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode) or not os.access(path, os.W_OK):
            return False
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return os.access(os.path.dirname(path) or ".", os.W_OK | os.X_OK)


def _deliver(path: str, data: bytes) -> None:
    """The file, whole or not at all."""
    beside = os.path.join(os.path.dirname(path), f"peepcc-{os.urandom(8).hex()}.tmp")
    before = pthread_sigmask(SIG_BLOCK, _SIGNALS)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with open(handle, "wb", buffering=0):
                _write(handle, data)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            from select import select  # a descriptor that somebody opened not to block: rare

            select([], [descriptor], [])
