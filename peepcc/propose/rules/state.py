"""A window while rules work on it: its instructions, what is live after each, and its values; one check for every step.

`follows` is the check: whatever moves, renames, drops or forwards, it counts only if the values of the sequence before
and after agree (`values.same`). What is not followed there stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ...analysis.obligation import FALL, RETURN
from ...analysis.registers import ALL, NONE, Parts
from ...analysis.windows import Window
from ...assembly.syntax import Instruction, Symbol
from .shapes import shape
from .values import Effects, Table, Trace, Unknown, same, traced


@dataclass(frozen=True)
class Code:
    """`lines`: the instructions. `table`: numbers of values, the same for every sequence of one window."""

    window: Window
    effects: Effects
    table: Table
    lines: tuple[Instruction, ...]

    @cached_property
    def trace(self) -> Trace | None:
        """None where values are not followed."""
        try:
            return traced(self.table, self.window, self.effects, self.lines)
        except Unknown:
            return None

    @cached_property
    def live(self) -> tuple[Parts, ...]:
        """What is read after each instruction, whichever way control takes from there."""
        window = self.window
        now = window.live_out.get(FALL, ALL)
        found = []
        for i in reversed(self.lines):
            reads, writes = self.touched(i)
            label = i.operands[-1] if i.operands else None
            if i.mnemonic == "ret":
                now = window.live_out.get(RETURN, ALL)
            elif isinstance(label, Symbol) and (known := shape(i)) is not None and known.kind == "branch":
                there = self.live_at_branch(i)
                now = there if i.mnemonic == "b" else now | there
            found.append(now)
            now = now & ~writes | reads
        return tuple(reversed(found))

    @property
    def live_behind(self) -> Parts:
        """What is read where the window is left by its end; nothing where it ends with a jump or return."""
        last = self.lines[-1].mnemonic if self.lines else ""
        return NONE if last in ("b", "ret") else self.window.live_out.get(FALL, ALL)

    def live_at_branch(self, i: Instruction) -> Parts:
        """What is read where a branch goes."""
        label = i.operands[-1] if i.operands else None
        if not isinstance(label, Symbol):
            return self.window.live_out.get(RETURN, ALL)
        return self.window.live_out.get(self.window.aliases.get(label.name, label.name), ALL)

    def touched(self, i: Instruction) -> tuple[Parts, Parts]:
        """What it reads and writes; all and nothing where that is not known."""
        known = shape(i)
        if known is not None:
            return known.reads, known.writes
        effect = self.effects.get(i)
        return (effect.reads, effect.writes) if effect is not None else (ALL, NONE)

    def with_lines(self, lines: Sequence[Instruction]) -> Code:
        return Code(self.window, self.effects, self.table, tuple(lines))

    def swapped(self, first: int, last: int, new: Sequence[Instruction]) -> Code:
        return self.with_lines((*self.lines[:first], *new, *self.lines[last:]))

    def follows(self, other: Code) -> bool:
        """Whether `other` may stand for this, by its values alone."""
        return self.trace is not None and other.trace is not None and same(self.trace, other.trace)


def opened(window: Window) -> Code | None:
    """The window to work on; None where rules leave it alone.

    In code whose order of accesses counts nothing may be dropped that an access was computed from; where an address
    is the linker's, or a branch stays inside, nothing is followed.
    """
    source = window.source
    if window.ordered or any(step.relocated for step in source.steps):
        return None
    lines = tuple(step.instruction for n, step in enumerate(source.steps) if not _jumps_on(window, n))
    code = Code(window, {step.instruction: step.effect for step in source.steps}, Table(), lines)
    return code if code.trace is not None else None


def _jumps_on(window: Window, n: int) -> bool:
    """Whether instruction n only goes to the one behind it, inside."""
    i = window.source.steps[n].instruction
    label = i.operands[-1] if i.mnemonic == "b" else None
    return isinstance(label, Symbol) and label == Symbol(label.name) and window.source.labels.get(label.name) == n + 1
