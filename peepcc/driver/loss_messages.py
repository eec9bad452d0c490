"""Work that a build loses is told: by the first unit that loses any, then when ten times as many have.

One process cannot know when its build ends, so that a line tells what was lost so far. A glob that matches
nothing is told at once only where nothing in the source's folder has such a name; else it may still come.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..optimize.losses import Losses
from ..settings import Settings
from .build_session import Tally, tally

_GROWN = 10
_WORD = re.compile(rb"[A-Za-z_]\w*")
_SOURCES = (".c", ".h", ".i", ".inc")
_MOST = 1 << 22  # bytes of sources that are looked through for the name of a function


def lines(losses: Losses, source: str, settings: Settings) -> Iterator[str]:
    """What there is to say now, each a line. Counts the losses to those of the build."""
    if settings.quiet or not (losses.any or settings.only or settings.skip):
        return
    with tally() as counts:
        if losses.late or losses.unreached:
            yield from _late(counts, losses, settings)
        if losses.unanswered:
            yield from _unanswered(counts, losses)
        if losses.disputed:
            yield _disputed(losses, source)
        for option in ("only", "skip"):
            if getattr(settings, option):
                yield from _unmatched(counts, option, option in losses.unmatched, source, settings)


def _late(counts: Tally, losses: Losses, settings: Settings) -> Iterator[str]:
    files, windows, rest = counts.add("late", 1, losses.late, losses.unreached)
    if counts.is_time("late", _GROWN):
        yield (
            f"peepcc: the budget of {settings.budget:g} seconds was not enough for {_files(files)}: "
            f"{windows:,} windows, and {rest:,} instructions that were not looked at, stay as clang "
            f"wrote them; PEEPCC_BUDGET sets it"
        )


def _unanswered(counts: Tally, losses: Losses) -> Iterator[str]:
    files, windows = counts.add("unanswered", 1, losses.unanswered)
    if counts.is_time("unanswered", _GROWN):
        yield (
            f"peepcc: the server gave no proposal for {windows:,} windows of {_files(files)}, "
            f"which stay as clang wrote them: {losses.reason}"
        )


def _disputed(losses: Losses, source: str) -> str:
    rules = ", ".join(dict.fromkeys(losses.rules))
    return (
        f"peepcc: {source}: {losses.disputed:,} rewrites that the rule book allows ({rules}) were "
        f"refuted by the emulator "
        f"or the proof, and are not in the object: one of them is wrong; please report it with what "
        f"PEEPCC_EXPLAIN=1 says"
    )


def _unmatched(counts: Tally, option: str, misses: bool, source: str, settings: Settings) -> Iterator[str]:
    if not misses:
        counts.settle(option)
        return
    (files,) = counts.add(option, 1)
    globs = getattr(settings, option)
    if files == 1 and _in_sight(globs, source):
        counts.hush(option)
    if counts.is_time(option, _GROWN):
        yield (
            f"peepcc: PEEPCC_{option.upper()}={','.join(globs)} has matched no file and no function yet, "
            f"after {_files(files)} of this build"
        )


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _in_sight(globs: tuple[str, ...], source: str) -> bool:
    """Whether a file in the source's folder has a name that matches, or holds a word that does."""
    left = _MOST
    try:
        with os.scandir(os.path.dirname(source) or ".") as entries:
            for entry in entries:
                if any(fnmatchcase(entry.name, glob.rpartition("/")[2]) for glob in globs):
                    return True
                if left > 0 and entry.name.endswith(_SOURCES) and entry.is_file():
                    with open(entry.path, "rb") as file:
                        data = file.read(left)
                    left -= len(data)
                    words = {word.decode() for word in _WORD.findall(data)}
                    if any(fnmatchcase(word, glob) for glob in globs for word in words):
                        return True
    except OSError:
        pass
    return False
