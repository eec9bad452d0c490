"""Rules applied to a window until none fires: the rewrite, and which rules made it.

Every step is allowed by itself, under what is live and known of the window: a step of data flow by its values, a
rule of the book by its general proof and its preconditions. So the whole is. It promises no best result, only that
it saves instructions, or accesses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...analysis.windows import Window
from ...assembly.syntax import Instruction
from .book import Book
from .dataflow import KINDS
from .matching import uses
from .shapes import shape
from .state import Code, opened

_STEPS = 64
_PREPARING = ("held-elsewhere", "address-folded", "sum-rebased")  # they save nothing, and may make others possible
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
    used = ["jump-to-next"] * (len(source) - len(now.lines))
    for _ in range(_STEPS):
        found = _better(now, book, _AHEAD)
        if found is None:
            break
        names, now = found
        used += names
    return Rewrite(now.lines, tuple(used)) if _worth(now.lines) < _worth(source) else None


def _better(code: Code, book: Book, ahead: int) -> tuple[list[str], Code] | None:
    """Rules, and what they make that is worth more: one, or a few that save nothing before one that does."""
    worth = _worth(code.lines)
    preparing: list[tuple[str, Code]] = []
    for name, other in _candidates(code, book):
        if _worth(other.lines) < worth:
            return [name], other
        if ahead and len(other.lines) == len(code.lines):
            preparing.append((name, other))
    seen = {code.lines}
    for name, other in preparing:
        names = [name]
        for _ in range(ahead):
            seen.add(other.lines)
            step = _gain(other, book, name, seen)
            if step is None:
                break
            names.append(step[0])
            other = step[1]
            if _worth(other.lines) < worth:
                return names, other
    return None


def _gain(code: Code, book: Book, again: str, seen: set[tuple[Instruction, ...]]) -> tuple[str, Code] | None:
    """A step that saves something; else the same rule once more, elsewhere."""
    worth, same = _worth(code.lines), None
    for name, other in _candidates(code, book):
        if _worth(other.lines) < worth:
            return name, other
        if same is None and name == again and other.lines not in seen and len(other.lines) == len(code.lines):
            same = name, other
    return same


def _candidates(code: Code, book: Book) -> Iterator[tuple[str, Code]]:
    """All that a rule allows, each checked."""
    for name, kind in KINDS.items():
        for other in kind(code):
            if (len(other.lines) < len(code.lines) or name in _PREPARING) and code.follows(other):
                yield name, other
    yield from uses(code, book)


def _worth(code: tuple[Instruction, ...]) -> tuple[int, int]:
    """Instructions, then accesses."""
    return len(code), sum((known := shape(i)) is not None and known.kind in ("load", "store") for i in code)
