"""A proposal as edits of its window, so that each edit can be judged and kept by itself.

Promises that what is judged is what is spliced: both come from `edited`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..analysis.windows import Window
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction, Module


@dataclass(frozen=True, slots=True)
class Hunk:
    """Source instructions first..last-1 (counted without labels) give way to `lines`."""

    first: int
    last: int
    lines: tuple[Instruction, ...]


def hunks(window: Window, target: Sequence[Instruction]) -> tuple[Hunk, ...]:
    """The differences between a window and a proposal for it, in order; none where they are equal."""
    before = [print_instruction(item) for item in window.items if isinstance(item, Instruction)]
    after = [print_instruction(item) for item in target]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(Hunk(i1, i2, tuple(target[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")


def edited(window: Window, chosen: Sequence[Hunk]) -> tuple[Instruction | str, ...]:
    """The items of the window after `chosen` hunks.

    Labels keep their place between the source instructions around them; new instructions
    stand right before the first one that they replace.
    """
    return tuple(item for item, _, _ in _edited(window, chosen))


def _edited(window: Window, chosen: Sequence[Hunk]) -> Iterator[tuple[Instruction | str, int | None, bool]]:
    """(item, its module line, or for a new one the line it stands before, whether it is new)."""
    pending = sorted(chosen, key=lambda hunk: hunk.first)
    count = 0
    dropped_until = 0
    for item, line in zip(window.items, window.lines):
        if isinstance(item, str):
            yield item, line, False
            continue
        while pending and pending[0].first == count:
            hunk = pending.pop(0)
            yield from ((new, line, True) for new in hunk.lines)
            dropped_until = max(dropped_until, hunk.last)
        if count >= dropped_until:
            yield item, line, False
        count += 1
    for hunk in pending:
        yield from ((new, None, True) for new in hunk.lines)


def item_text(item: Instruction | str) -> str:
    """An instruction as it is printed, a label with its colon."""
    return f"{item}:" if isinstance(item, str) else print_instruction(item)


def spliced(module: Module, edits: Sequence[tuple[Window, Sequence[Hunk]]]) -> str:
    """The module's text with each window's chosen hunks in place; every other byte is kept."""
    texts: list[str] = [line.text for line in module.lines]
    for window, chosen in edits:
        items = list(_edited(window, chosen))
        for line in {*window.lines} - {line for _, line, new in items if not new}:
            texts[line] = ""
        for item, at, new in reversed(items):
            if new and at is not None:
                texts[at] = _text(item) + texts[at]
        texts[window.lines[-1]] += "".join(_text(item) for item, at, new in items if new and at is None)
    return "".join(texts)


def _text(item: Instruction | str) -> str:
    mnemonic, _, operands = item_text(item).partition(" ")
    return f"\t{mnemonic}\t{operands}\n" if operands else f"\t{mnemonic}\n"
