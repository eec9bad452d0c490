"""A window as teachers that look at registers and not at text see it: what is live before each step, and straight runs.

It relies on windows being entered at the top only; like all of a teacher it may be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...analysis.obligation import FALL, INDIRECT, RETURN, Kind, Program, Step, exit_key
from ...analysis.registers import ALL, NONE, NZCV, Parts
from ...analysis.windows import Window


@dataclass(frozen=True, slots=True)
class Segment:
    """Steps first..last-1, the last one perhaps a conditional branch (`closed`)."""

    first: int
    last: int
    closed: bool


def live_before(window: Window, program: Program | None = None) -> list[Parts]:
    """What is live before each step of `program` (default: the window's), and after the last."""
    program = program or window.source
    count = len(program.steps)
    live = [NONE] * count + [window.live_out.get(FALL, ALL)]
    for n in range(count - 1, -1, -1):
        effect = program.steps[n].effect
        after = live[n + 1]
        if effect.kind is Kind.RETURN:
            after = window.live_out.get(RETURN, ALL)
        elif effect.kind is Kind.INDIRECT:
            after = window.live_out.get(INDIRECT, ALL)
        elif effect.kind in (Kind.JUMP, Kind.CONDITIONAL):
            there = at_label(window, program, live, program.steps[n])
            after = there if effect.kind is Kind.JUMP else after | there
        live[n] = (after & ~effect.writes) | effect.reads
    return live


def at_label(window: Window, program: Program, live: Sequence[Parts], branch: Step) -> Parts:
    """What is live where a branch to a label goes."""
    key = exit_key(program, window.aliases, branch.instruction.operands[-1].name)
    return live[key] if isinstance(key, int) else window.live_out.get(key, ALL)


def segments(window: Window, allowed: Callable[[Step], bool]) -> Iterator[Segment]:
    """The longest runs of `allowed` steps that no branch of the window enters and that read no flags of before.

    A conditional branch ends its run, as part of it where its flags are made there.
    """
    steps = window.source.steps
    entered = {
        window.source.labels.get(step.instruction.operands[-1].name)
        for step in steps
        if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL)
    }
    first, flags = 0, False
    for n, step in enumerate(steps):
        if n in entered and n > first:
            yield Segment(first, n, False)
            first, flags = n, False
        foreign = bool(step.effect.reads & NZCV) and not flags
        if step.effect.kind is Kind.CONDITIONAL and not foreign:
            yield Segment(first, n + 1, True)
            first, flags = n + 1, False
        elif foreign or step.effect.kind is not Kind.PLAIN or step.relocated or not allowed(step):
            if n > first:
                yield Segment(first, n, False)
            first, flags = n + 1, False
        else:
            flags = flags or bool(step.effect.writes & NZCV)
    if first < len(steps):
        yield Segment(first, len(steps), False)
