"""The folder of a cache: private, bounded, and never trusted further than its checksums.

Entries are written beside and renamed, so that a reader sees a whole one or none, also over NFS, and no lock is
needed. Whatever goes wrong (no room, no permission, somebody else's folder) means that nothing is found or kept.
It promises no order of eviction but by the last use of each entry, in each of 16 subfolders by itself.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time

from .packed import opened

MOST = 2 << 30  # bytes of all entries
_PARTS = 16  # subfolders, by the first digit of a name
_KEPT = 0.8  # of a subfolder's share that is left when it was full
_STALE = 3600  # seconds until an unfinished entry counts as left behind
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Objects that peepcc made; safe to remove.\n"
_UNFINISHED = "new-"


class Folder:
    """An open cache. `close` it."""

    def __init__(self, descriptor: int, most: int = MOST):
        self._descriptor = descriptor
        self._share = most // _PARTS

    def close(self) -> None:
        os.close(self._descriptor)

    def read(self, name: str) -> list[bytes] | None:
        """The parts of the entry, which now counts as used; None where there is no whole one of ours."""
        try:
            part = self._part(name)
        except OSError:
            return None
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=part)
            with open(file, "rb") as entry:
                found = os.fstat(file)
                if not (stat.S_ISREG(found.st_mode) and _is_ours(found)):
                    return None
                parts = opened(entry.read())
                if parts is not None:
                    os.utime(file)
                return parts
        except (OSError, ValueError):
            return None
        finally:
            os.close(part)

    def write(self, name: str, data: bytes) -> None:
        """Keeps the sealed `data`, if it can be kept."""
        if len(data) > self._share:
            return
        try:
            part = self._part(name, create=True)
        except OSError:
            return
        beside = _UNFINISHED + os.urandom(8).hex()
        try:
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=part)
            try:
                with open(file, "wb") as entry:
                    entry.write(data)
                os.rename(beside, name, src_dir_fd=part, dst_dir_fd=part)
            except BaseException:
                os.unlink(beside, dir_fd=part)
                raise
            self._evict(part)
        except OSError:
            pass
        finally:
            os.close(part)

    def _part(self, name: str, create: bool = False) -> int:
        try:
            return _checked(os.open(name[0], _FOLDER, dir_fd=self._descriptor))
        except FileNotFoundError:
            if not create:
                raise
        with contextlib.suppress(FileExistsError):  # another compile was faster
            os.mkdir(name[0], 0o700, dir_fd=self._descriptor)
        return _checked(os.open(name[0], _FOLDER, dir_fd=self._descriptor))

    def _evict(self, part: int) -> None:
        entries, now = [], time.time()
        for name in os.listdir(part):
            try:
                found = os.stat(name, dir_fd=part, follow_symlinks=False)
            except FileNotFoundError:
                continue
            if not name.startswith(_UNFINISHED):
                entries.append((found.st_mtime_ns, name, found.st_size))
            elif found.st_mtime < now - _STALE:
                _unlink(name, part)
        total = sum(size for _, _, size in entries)
        if total <= self._share:
            return
        for _, name, size in sorted(entries):
            if total <= self._share * _KEPT:
                break
            _unlink(name, part)
            total -= size


_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_folder(path: str, create: bool = False) -> Folder | None:
    """None where there is none, or another user could write to it."""
    try:
        real = os.path.realpath(path)
        if create and not os.path.isdir(real):
            os.makedirs(os.path.dirname(real), 0o700, exist_ok=True)
            os.mkdir(real, 0o700)
        descriptor = _checked(os.open(real, _FOLDER))
    except OSError:
        return None
    if create:
        try:
            tag = os.open(_TAG, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=descriptor)
            with open(tag, "wb") as file:
                file.write(_TAG_TEXT)
        except OSError:
            pass  # there is one, or the first entry will not be kept either
    return Folder(descriptor)


def _checked(descriptor: int) -> int:
    if not _is_ours(os.fstat(descriptor)):
        os.close(descriptor)
        raise PermissionError("others can write there")
    return descriptor


def _is_ours(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _unlink(name: str, part: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=part)
