"""A command line with its response files opened, for the first look.

Quotes and backslashes are dropped, not understood: a name with a blank comes apart. clang
itself reads the files again, so that one that can be read only once is not opened here.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False  # a type checker takes it for True; nothing is imported that a pass-through does not need
if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = (
    1 << 16
)  # characters: clang prints each argument of its plan by itself, unbuffered, and twice as many as it was given


def words(argv: Sequence[str]) -> list[str] | None:
    """All arguments, those of a response file in its place.

    None where clang alone should read them, or they are too many.
    """
    found = []
    left = LONGEST - sum(map(len, argv))
    waiting = list(reversed(argv))
    while waiting:
        if left < 0:  # a file that names itself ends here, too
            return None
        word = waiting.pop()
        if not word.startswith("@"):
            found.append(word)
            continue
        try:
            state = os.stat(word[1:])
            if not stat.S_ISREG(state.st_mode):
                return None
            left -= state.st_size
            if left >= 0:
                with open(word[1:], "rb") as file:
                    waiting += reversed(bare(os.fsdecode(file.read())))
        except OSError:  # clang takes it for the name of a source
            found.append(word)
    return found if left >= 0 else None


def bare(text: str) -> list[str]:
    return text.replace('"', "").replace("'", "").replace("\\", " ").split()
