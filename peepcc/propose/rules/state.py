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
from .comparison import Trace, same
from .shapes import COPY, Shape, shape
from .table import Table
from .values import Effects, Unknown, traced


@dataclass(frozen=True)
class Code:
    """`lines`: the instructions, `shapes` theirs. `table`: numbers of values, one for all sequences of a window.

    `parent`: what it was made from, if anything; the first `kept` lines are the same there.
    """

    window: Window
    effects: Effects
    table: Table
    lines: tuple[Instruction, ...]
    shapes: tuple[Shape | None, ...]
    parent: Code | None = None
    kept: int = 0

    @cached_property
    def trace(self) -> Trace | None:
        """None where values are not followed."""
        begun = None
        if self.parent is not None and self.parent.trace is not None:
            last = (
                min(len(self.lines), len(self.parent.lines)) - 1
            )  # the last of a sequence may count for another way out
            begun = (self.parent.trace, min(self.kept, last)) if last > 0 else None
        try:
            return traced(self.table, self.window, self.effects, self.lines, self.shapes, begun)
        except Unknown:
            return None

    @cached_property
    def live(self) -> tuple[Parts, ...]:
        """What is read after each instruction, whichever way control takes from there."""
        window = self.window
        now = window.live_out.get(FALL, ALL)
        found = []
        for n in range(len(self.lines) - 1, -1, -1):
            known = self.shapes[n]
            reads, writes = self.touched(n)
            if known is not None and known.kind == "branch":
                there = self.live_at_branch(self.lines[n])
                now = there if self.lines[n].mnemonic in ("b", "ret") else now | there
            found.append(now)
            now = now & ~writes | reads
        return tuple(reversed(found))

    @property
    def live_behind(self) -> Parts:
        """What is read where the window is left by its end; nothing where it ends with a jump or return."""
        last = self.lines[-1].mnemonic if self.lines else ""
        return NONE if last in ("b", "ret") else self.window.live_out.get(FALL, ALL)

    def left_behind(self, n: int, made: Parts) -> bool:
        """Whether what instruction n makes, and changes, is read where the window is left."""
        if self.trace is None:
            return True
        for m in range(n + 1, len(self.lines)):
            known = self.shapes[m]
            if known is not None and known.kind == "branch":
                if self.trace.changes(n, made & self.live_at_branch(self.lines[m])):
                    return True
                continue
            made &= ~self.touched(m)[1]
            if not made:
                return False
        return self.trace.changes(n, made & self.live_behind)

    def live_at_branch(self, i: Instruction) -> Parts:
        """What is read where a branch goes."""
        label = i.operands[-1] if i.operands else None
        if not isinstance(label, Symbol):
            return self.window.live_out.get(RETURN, ALL)
        return self.window.live_out.get(self.window.aliases.get(label.name, label.name), ALL)

    def touched(self, n: int) -> tuple[Parts, Parts]:
        """What instruction n reads and writes; all and nothing where that is not known."""
        known = self.shapes[n]
        if known is not None:
            return known.reads, known.writes
        effect = self.effects.get(self.lines[n])
        return (effect.reads, effect.writes) if effect is not None else (ALL, NONE)

    @cached_property
    def roles(self) -> int:
        """All roles that an instruction has."""
        found = 0
        for known in self.shapes:
            found |= COPY if known is None else known.roles  # fmov has no shape
        return found

    @cached_property
    def worth(self) -> tuple[int, int]:
        """What it costs: instructions, then accesses."""
        return len(self.lines), sum(known is not None and known.kind in ("load", "store") for known in self.shapes)

    def swapped(self, first: int, last: int, new: Sequence[Instruction]) -> Code:
        """With `new` for the instructions from `first` to before `last`."""
        lines = (*self.lines[:first], *new, *self.lines[last:])
        shapes = (*self.shapes[:first], *map(shape, new), *self.shapes[last:])
        return Code(self.window, self.effects, self.table, lines, shapes, self, first)

    def follows(self, other: Code) -> bool:
        """Whether `other` may stand for this, by its values alone."""
        return self.trace is not None and other.trace is not None and same(self.trace, other.trace)


def opened(window: Window) -> Code | None:
    """The window to work on; None where rules leave it alone.

    In code whose order of accesses counts nothing may be dropped that an access was computed from; where an address
    is the linker's, or a branch stays inside, nothing is followed.
    """
    source = window.source
    labels = source.labels
    if window.ordered or any(step.relocated for step in source.steps):
        return None
    steps = [step for n, step in enumerate(source.steps) if not (labels and _jumps_on(window, n))]
    lines = tuple(step.instruction for step in steps)
    shapes = tuple(map(shape, lines))
    effects = {step.instruction: step.effect for step, known in zip(steps, shapes) if known is None}
    code = Code(window, effects, Table(), lines, shapes)
    return code if code.trace is not None else None


def _jumps_on(window: Window, n: int) -> bool:
    """Whether instruction n only goes to the one behind it, inside."""
    i = window.source.steps[n].instruction
    label = i.operands[-1] if i.mnemonic == "b" else None
    return isinstance(label, Symbol) and label == Symbol(label.name) and window.source.labels.get(label.name) == n + 1
