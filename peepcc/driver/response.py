"""A command line with its response files opened, for the first look.

Quotes and backslashes are dropped, not understood: a name with a blank comes apart. clang
itself reads the files again, so that one that can be read only once is not opened here.
"""

from __future__ import annotations

import os
import stat

LONGEST = 1 << 16  # characters: clang prints each argument of its plan by itself, unbuffered, and twice as many as it was given


def words(argv) -> list[str] | None:
    """All arguments, those of a response file in its place; None where clang alone should read them, or they are too many."""
    found = []
    left = [LONGEST - sum(map(len, argv))]
    return found if left[0] >= 0 and all(_add(each, found, left) for each in argv) else None


def _add(word: str, found: list[str], left: list[int]) -> bool:
    if not word.startswith("@"):
        found.append(word)
        return True
    try:
        state = os.stat(word[1:])
        if not stat.S_ISREG(state.st_mode):
            return False
        left[0] -= state.st_size  # a file that names itself ends here, too
        if left[0] < 0:
            return False
        with open(word[1:], "rb") as file:
            text = os.fsdecode(file.read())
    except OSError:  # clang takes it for the name of a source
        found.append(word)
        return True
    inner = text.replace('"', "").replace("'", "").replace("\\", " ").split()
    return all(_add(each, found, left) for each in inner)
