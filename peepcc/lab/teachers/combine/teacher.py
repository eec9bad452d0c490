"""The teacher `combine`: block to LLVM IR, LLVM's combining passes, AArch64 code back onto the block's registers.

It is what LLVM would do with the block as a function of its own: deterministic, blind for
floating point, and judged like any other proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....analysis.obligation import Known
from ....analysis.registers import NZCV, PLATFORM, Parts, names, union, x
from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....assembly.print import print_instruction
from ....assembly.syntax import Instruction
from .. import instruction_text as c
from ..semantics import NotModelled
from ..straight_line import Segment, at_label, live_before, segments
from .lift import lift, liftable
from .lower import lower
from .registers import placed


class Combine:
    """LLVM's combiner on each straight run of a window, those kept that got shorter or access memory less often:
    together, then alone.
    """

    def teach(self, window: Window, encoder: Encoder) -> Iterator[tuple[str, ...]]:
        live = live_before(window)
        found = [
            (segment, code) for segment in _cut(window, live) if (code := _better(window, segment, live)) is not None
        ]
        for chosen in (found, *([each] for each in found if len(found) > 1)):
            if chosen:
                yield _with(window, chosen)


def _with(window: Window, chosen: Sequence[tuple[Segment, list[Instruction]]]) -> tuple[str, ...]:
    """The body with the code for those segments, which are in order."""
    body: list[Instruction] = []
    done = 0
    for segment, code in chosen:
        body += [step.instruction for step in window.source.steps[done : segment.first]] + code
        done = segment.last
    return tuple(print_instruction(i) for i in (*body, *(step.instruction for step in window.source.steps[done:])))


def _cut(window: Window, live: list[Parts]) -> Iterator[Segment]:
    """Segments that leave no flags: where flags are live after one, those who make them are left out."""
    steps = window.source.steps
    for segment in segments(window, lambda step: liftable(step.instruction)):
        end = segment.last
        while (
            end > segment.first
            and live[end] & NZCV
            and any(step.effect.writes & NZCV for step in steps[segment.first : end])
        ):
            end = max(n for n in range(segment.first, end) if steps[n].effect.writes & NZCV)
        if end == segment.last:
            yield segment
        elif not segment.closed:
            last = max(n for n in range(segment.last) if steps[n].effect.writes & NZCV)
            yield Segment(segment.first, end, False)
            yield Segment(last + 1, segment.last, False)


def _better(window: Window, segment: Segment, live: list[Parts]) -> list[Instruction] | None:
    steps = window.source.steps[segment.first : segment.last]
    if len(steps) < 2 and not any(step.effect.reads for step in steps):
        return None
    after = live[segment.last]
    if segment.closed:
        after |= at_label(window, window.source, live, steps[-1])
    try:
        lifted = lift(steps, after, window.known if not segment.first else Known(), segment.closed, window.ordered)
        lowered = lower(lifted.text)
    except (NotModelled, RuntimeError):
        return None
    if lowered is None:
        return None
    written = union(step.effect.writes for step in steps)
    kept = frozenset(f"x{n}" for n in range(31) if after & x(n) and not written & x(n))
    label = steps[-1].instruction.operands[-1].name if segment.closed else None
    code = placed(lifted, lowered, label, kept, _pool(window))
    flags = after & NZCV and code and any("nzcv" in c.writes(i) for i in code)
    return (
        code if code is not None and not flags and _worth(code) < _worth([step.instruction for step in steps]) else None
    )


def _pool(window: Window) -> list[str]:
    """Registers that the window mentions: those of its language."""
    mentioned = [name for name in names(window.mentioned & ~PLATFORM) if name[0] in "xw"]
    return [f"x{name[1:]}" for name in mentioned if name[1:] not in ("29", "30")]


def _worth(code: list[Instruction]) -> tuple[int, int]:
    return len(code), sum(c.is_load(i) or c.is_store(i) for i in code)
