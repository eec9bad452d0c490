"""In code whose order of accesses counts, what an access depends on: no proposal may drop it.

Hardware orders a load before the access whose address, or stored value, was computed from it, and
programs rely on that behind relaxed and volatile loads. A register that is known to be equal, or
a value that was stored before, computes the same and breaks the order; so does a select by flags
in the place of what was computed from the loaded register. Each access, and each register that is
live at a way out, must depend on all loads and entry registers that it depends on in the source,
and in the same way (`origins.py`). It looks at registers alone: dependencies through memory are accesses again.
Control dependencies are not kept: which of two ways is gone is for branches to say, not for this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..analysis.obligation import FALL, INDIRECT, RETURN, Kind, Obligation, Program, Step, exit_key
from ..assembly.syntax import Symbol
from .origins import READINGS, Trace, Values, bits, trace

_WHERE = "in code whose order of accesses counts"
_LEAVING = {Kind.RETURN: RETURN, Kind.INDIRECT: INDIRECT}


def lost(obligation: Obligation) -> str | None:
    """What the target no longer depends on, as a reason; None where it does, or order does not count."""
    if not obligation.ordered:
        return None
    if any(_jumps_inside(program, obligation) for program in (obligation.source, obligation.target)):
        return f"a branch inside the window hides what depends on which load, {_WHERE}"
    values = Values()
    both = [
        (trace(obligation.source.steps, reading, values), trace(obligation.target.steps, reading, values))
        for reading in READINGS
    ]
    if len(both[-1][0].accesses) != len(both[-1][1].accesses):
        return None  # the trace decides
    constant = [not stored for _, stored in both[-1][1].accesses]  # it depends on nothing, as in C
    for source, target in both:
        for before, after, free in zip(source.accesses, target.accesses, constant):
            if not (values.keeps(before[0], after[0]) and (free or values.keeps(before[1], after[1]))):
                return f"an access no longer depends on all that its address and value were computed from, {_WHERE}"
        if not all(values.keeps(before, after) for before, after in _at_ways_out(obligation, source, target)):
            return f"a register no longer depends on the load that it came from, {_WHERE}"
    return None


def _at_ways_out(obligation: Obligation, source: Trace, target: Trace) -> Iterator[tuple[int, int]]:
    """The origins of each live part, in the source and in the target, on each pair of ways to one place."""
    ways = _exits(obligation.source, obligation, source)
    for key, after in _exits(obligation.target, obligation, target):
        for other, before in ways:
            if key == other:
                yield from ((before[bit], after[bit]) for bit in bits(obligation.live_at(key)))


def _exits(program: Program, obligation: Obligation, found: Trace) -> list[tuple[str, Sequence[int]]]:
    """The state at each way out, under its key."""
    ways = [
        (key, state) for step, state in zip(program.steps, found.states[1:]) for key in _ways(program, obligation, step)
    ]
    if not program.steps or program.steps[-1].effect.kind not in (*_LEAVING, Kind.JUMP):
        ways.append((FALL, found.states[-1]))
    return ways


def _ways(program: Program, obligation: Obligation, step: Step) -> Iterator[str]:
    kind = step.effect.kind
    if kind in _LEAVING:
        yield _LEAVING[kind]
    if kind in (Kind.JUMP, Kind.CONDITIONAL):
        for operand in step.instruction.operands:
            if isinstance(operand, Symbol):
                key = exit_key(program, obligation.aliases, operand.name)
                if key == len(program.steps) or isinstance(key, str):
                    yield key if isinstance(key, str) else FALL


def _jumps_inside(program: Program, obligation: Obligation) -> bool:
    """Whether a branch goes to a place inside that is not right behind it anyway."""
    keys = (
        (n, exit_key(program, obligation.aliases, operand.name))
        for n, step in enumerate(program.steps)
        if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL)
        for operand in step.instruction.operands
        if isinstance(operand, Symbol)
    )
    return any(isinstance(key, int) and key not in (n + 1, len(program.steps)) for n, key in keys)
