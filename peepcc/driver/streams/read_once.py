"""Inputs that can be read only once: pipes, sockets, terminals, and whatever else is no file on a disk.

A compile of ours reads its inputs more than once, and an error makes clang read them again.
So a command line that names such an input is clang's, in one run, before anything was read.
Every run that may be ours comes through here, so it imports next to nothing. It promises
nothing about a pipe that is only named inside a header or inside a file that an option names.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False  # a type checker takes it for True; nothing is imported that a pass-through does not need
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NULL = os.makedev(1, 3)  # /dev/null says the same each time
_DIRECTIVES = (b"include", b"embed", b"import")


def reads_once(words: Iterable[str]) -> bool:
    """Whether an argument, or a part of one, names what can be read only once. Outputs by `-o` are no inputs."""
    after = ""
    for word in words:
        if after != "-o" and not word.startswith(("-o", "-D", "-U")) and any(map(_is_stream, _paths(word))):
            return True
        after = word
    return False


def includes_device(source: str) -> bool:
    """Whether a line of the file itself includes something from /dev or /proc.

    Raises OSError where there is no file.
    """
    with open(source, "rb") as file:
        text = file.read()
    if b"/dev/" not in text and b"/proc/" not in text:
        return False
    lines = (line.replace(b" ", b"").replace(b"\t", b"") for line in text.split(b"\n"))
    return any(
        line.startswith(b"#") and line[1:].startswith(_DIRECTIVES) and (b"/dev/" in line or b"/proc/" in line)
        for line in lines
    )


def _paths(word: str) -> Iterator[str]:
    """What may be a path: the word, what follows `@`, `=` or a comma in it, and from the first slash on (-I/path)."""
    if not word.startswith("-"):
        yield word[1:] if word.startswith("@") else word
        return
    for part in word.split(","):
        yield part.rpartition("=")[2]
        yield part[part.find("/") :] if "/" in part else ""


def _is_stream(path: str) -> bool:
    if not path or path.startswith("-"):
        return False
    try:
        found = os.stat(path)
    except OSError:
        return False
    if stat.S_ISCHR(found.st_mode):
        return found.st_rdev != _NULL
    return not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))
