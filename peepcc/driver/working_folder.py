"""The folder that the compiler runs in, for work that needs one which is there.

It may have been removed, or its path may be longer than a system call takes. clang compiles there all the same;
libraries that ask for its name end the process. So the work goes on elsewhere, and what the user named from
there is found by way of a descriptor.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..settings import Settings

_LONGEST = 4096  # bytes: Linux's PATH_MAX, with the zero behind the path


def name() -> str:
    """Its path, empty where it has none."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def leave(folder: str) -> None:
    """Goes to `folder` where libraries could not work in the one that we are in."""
    if not _is_usable():
        os.chdir(folder)


@contextmanager
def held(clang: str, settings: Settings) -> Iterator[tuple[str, Settings]]:
    """`clang` and the settings with paths that stay right, as long as this process is within, for one that leaves."""
    if _is_usable():
        yield clang, settings
        return
    descriptor = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    here = f"/proc/{os.getpid()}/fd/{descriptor}"
    try:
        kind, colon, file = settings.backend.partition(":")
        folder = settings.model if kind == "embedded" or not settings.url else None
        yield (
            os.path.join(here, clang) if "/" in clang else clang,
            settings.replaced(
                backend=kind + colon + (os.path.join(here, file) if file else ""),
                model=os.path.join(here, folder) if folder else settings.model,
            ),
        )
    finally:
        os.close(descriptor)


def _is_usable() -> bool:
    return 0 < len(os.fsencode(name())) < _LONGEST
