"""A body that a teacher found, brought nearer to its window: what says the same in fewer changed lines is easier to
learn.

Teachers order lines and name registers as they like. Results get the registers that the
window has them in, and changed lines that nothing hangs on are left as they were. It
promises that `holds` was true of what it returns, or that this is what it was given; not
that nothing nearer would hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from ..teachers import instruction_text as c
from ..teachers.task import instruction

Lines = tuple[str, ...]
_REGISTER = re.compile(r"\b([wxbhsdq])(\d+)\b")
_TRIES = 60  # bodies that are judged, at most


class _Edit(NamedTuple):
    """Source line `at` gives way to `new`; with `before`, `new` comes in front of it and it stays."""

    at: int
    new: Lines
    before: bool = False


def nearest(source: Lines, target: Lines, holds: Callable[[Lines], bool]) -> Lines:
    """A body no longer than `target`, with no more edits of `source`."""
    tries = iter(range(_TRIES))

    def better(body: Lines) -> bool:
        return len(body) <= len(target) and body != source and next(tries, None) is not None and holds(body)

    now = target
    for step in (_renamed, _left_out):
        while found := next(
            (body for body in step(source, now) if _distance(source, body) < _distance(source, now) and better(body)),
            None,
        ):
            now = found
    return now


def _distance(source: Lines, body: Lines) -> int:
    return sum(max(1, len(edit.new)) for edit in _edits(source, body))


def _edits(source: Lines, body: Lines) -> tuple[_Edit, ...]:
    found: list[_Edit] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, source, body, autojunk=False).get_opcodes():
        if tag != "equal":
            both = min(i2 - i1, j2 - j1)
            found += [_Edit(i1 + n, (body[j1 + n],)) for n in range(both)]
            found += [_Edit(n, ()) for n in range(i1 + both, i2)]
            found += [_Edit(i2, (line,), True) for line in body[j1 + both : j2]]
    return tuple(found)


def _applied(source: Lines, edits: Sequence[_Edit]) -> Lines:
    made: list[str] = []
    for n in range(len(source) + 1):
        made += [line for edit in edits if edit.at == n and edit.before for line in edit.new]
        instead = [edit.new for edit in edits if edit.at == n and not edit.before]
        made += instead[0] if instead else source[n : n + 1]
    return tuple(made)


def _left_out(source: Lines, body: Lines) -> Iterator[Lines]:
    """Without one or two edits: two where a line has only moved."""
    edits = _edits(source, body)
    for count in (2, 1):
        for gone in combinations(edits, count):
            yield _applied(source, [edit for edit in edits if edit not in gone])


def _renamed(source: Lines, body: Lines) -> Iterator[Lines]:
    """With one result in the register of a source line that is otherwise alike."""
    for n, line in enumerate(body):
        here = c.writes(instruction(line)) - {"nzcv", "sp", ""}
        if line in source or len(here) != 1:
            continue
        for other in dict.fromkeys(source):
            there = c.writes(instruction(other)) - {"nzcv", "sp", ""}
            if len(there) == 1 and there != here and _shape(other) == _shape(line):
                yield _swapped(body, n, *here, *there)


def _shape(line: str) -> str:
    return _REGISTER.sub(r"\1", line)


def _swapped(body: Lines, first: int, old: str, new: str) -> Lines:
    """What line `first` writes is in `new` instead of `old`, up to where `old` is written anew."""
    made = list(body)
    made[first] = _named(body[first], old, new, 0, 1)
    for n in range(first + 1, len(body)):
        item = instruction(body[n])
        anew = old in c.writes(item) and item.mnemonic not in c.KEEPERS
        made[n] = _named(body[n], old, new, 1 if anew else 0)
        if anew:
            break
    return tuple(made)


def _named(line: str, old: str, new: str, first: int, last: int | None = None) -> str:
    """The line with `new` for `old` in operands first..last-1."""
    head, *operands = line.split(", ")
    mnemonic, _, head = head.partition(" ")
    pattern = re.compile(rf"\b({'[wx]' if old[0] == 'x' else '[vbhsdq]'}){old[1:]}\b")
    operands = [head, *operands]
    operands[first:last] = [pattern.sub(rf"\g<1>{new[1:]}", each) for each in operands[first:last]]
    return f"{mnemonic} {', '.join(operands)}"
