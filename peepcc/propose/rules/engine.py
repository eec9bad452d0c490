"""Rules applied to a window until none fires: the rewrite, and which rules made it.

Every step is allowed by itself, under what is live and known of the window: a step of data flow by its values, a
rule of the book by its general proof and its preconditions. So the whole is. It promises no best result, only that
it saves instructions, or accesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...analysis.windows import Window
from ...assembly.syntax import Instruction
from .book import Book
from .dataflow import KINDS
from .matching import uses
from .state import Code, opened

_STEPS = 64
_PREPARING = ("held-elsewhere", "address-folded", "sum-rebased")  # they save nothing, and may make others possible
_REBASING = ("address-folded", "sum-rebased")  # of these, those that read another register than before
_PREPARED = 8  # so many of them are followed up
_AHEAD = 4  # so many steps that save nothing are tried for one that does


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`lines`: what the rules make of a window. `rules`: their names, in order of use."""

    lines: tuple[Instruction, ...]
    rules: tuple[str, ...]


def rewrite(window: Window, book: Book) -> Rewrite | None:
    """None where the rules find nothing better."""
    source = tuple(step.instruction for step in window.source.steps)
    now = opened(window)
    if now is None:
        return None
    begun = len(source), now.worth[1]
    used = ["jump-to-next"] * (len(source) - len(now.lines))
    for _ in range(_STEPS):
        found = _better(now, book, _AHEAD)
        if found is None:
            break
        names, now = found
        used += names
    return Rewrite(now.lines, tuple(used)) if now.worth < begun else None


def _better(code: Code, book: Book, ahead: int) -> tuple[list[str], Code] | None:
    """Rules, and what they make that is worth more: one, or a few that save nothing before one that does."""
    worth = code.worth
    preparing: list[tuple[str, Code]] = []
    for name, other in _candidates(code, book):
        if other.worth < worth:
            return [name], other
        if ahead and len(other.lines) == len(code.lines):
            preparing.append((name, other))
    seen = {code.lines} if preparing else set()
    for name, other in preparing[:_PREPARED]:
        names = [name]
        for _ in range(ahead):
            seen.add(other.lines)
            step = _gain(other, book, name, seen)
            if step is None:
                break
            names.append(step[0])
            other = step[1]
            if other.worth < worth:
                return names, other
    return None


def _gain(code: Code, book: Book, again: str, seen: set[tuple[Instruction, ...]]) -> tuple[str, Code] | None:
    """A step that saves something; else the same rule once more, elsewhere."""
    if again in _REBASING and not _frees(code):
        more = (other for other in KINDS[again](code) if other.lines not in seen and code.follows(other))
        return next(((again, other) for other in more), None)
    worth, same = code.worth, None
    for name, other in _candidates(code, book, [name for name in _REBASING if name != again]):
        if other.worth < worth:
            return name, other
        if same is None and name == again and other.lines not in seen and len(other.lines) == len(code.lines):
            same = name, other
    return same


def _frees(code: Code) -> bool:
    """Whether what the line that was changed last read before is dead by now, so that what made it may go."""
    at, before = code.kept, code.parent
    old, new = before.shapes[at] if before is not None else None, code.shapes[at]
    return old is None or new is None or (at > 0 and bool(old.reads & ~new.reads & ~code.live[at - 1]))


def _candidates(code: Code, book: Book, without: Sequence[str] = ()) -> Iterator[tuple[str, Code]]:
    """All that a rule allows, each checked."""
    for name, kind in KINDS.items():
        for other in kind(code) if name not in without else ():
            if (len(other.lines) < len(code.lines) or name in _PREPARING) and code.follows(other):
                yield name, other
    yield from uses(code, book)
