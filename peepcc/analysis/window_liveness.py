"""What is live inside a window, and which registers die at each instruction: a rewrite may overwrite them after it, or
need not compute them.

It follows from the instructions and from what is live at the ways out. A model that reads
what dies need not work it out; nothing that is judged rests on that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..assembly.syntax import Symbol
from .obligation import FALL, INDIRECT, RETURN, Kind, Program, exit_key
from .registers import ALL, NONE, NZCV, Parts, q, union, x

_REGISTERS = (*((x(n), f"x{n}") for n in range(31)), *((q(n), f"d{n}") for n in range(32)), (NZCV, "nzcv"))
_LEAVING = {Kind.RETURN: RETURN, Kind.INDIRECT: INDIRECT}


def dying(source: Program, live_out: Mapping[str, Parts], aliases: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """For each step the registers ("x1", "d0", "nzcv") that it reads or writes and of which nothing is read after
    it.
    """
    return tuple(
        tuple(name for register, name in _REGISTERS if touched & register and not after & register)
        if touched & ~after
        else ()
        for touched, after in (
            (step.effect.reads | step.effect.writes, after)
            for step, (_, after) in zip(source.steps, live(source, live_out, aliases))
        )
    )


def live(source: Program, live_out: Mapping[str, Parts], aliases: Mapping[str, str]) -> tuple[tuple[Parts, Parts], ...]:
    """For each step what is live before and after it."""
    found: list[tuple[Parts, Parts]] = [(NONE, NONE)] * len(source.steps) + [(live_out.get(FALL, ALL), NONE)]
    for n, step in reversed(list(enumerate(source.steps))):
        after = union(live_at(way, n, live_out, found) for way in ways(source, n, aliases))
        found[n] = (after & ~step.effect.writes) | step.effect.reads, after
    return tuple(found[:-1])


def live_at(way: str | int, n: int, live_out: Mapping[str, Parts], inside: Sequence[tuple[Parts, Parts]]) -> Parts:
    """What is live where a way from step `n` leads: a way back may read all, as may one that `live_out` does not
    have.
    """
    return live_out.get(way, ALL) if isinstance(way, str) else inside[way][0] if way > n else ALL


def ways(source: Program, n: int, aliases: Mapping[str, str]) -> tuple[str | int, ...]:
    """Where control goes after step `n`: step indices, and keys of ways out."""
    step = source.steps[n]
    kind = step.effect.kind
    if kind in _LEAVING:
        return (_LEAVING[kind],)
    labels = (
        [each.name for each in step.instruction.operands if isinstance(each, Symbol)]
        if kind in (Kind.JUMP, Kind.CONDITIONAL)
        else []
    )
    return (*(() if kind is Kind.JUMP else (n + 1,)), *(exit_key(source, aliases, label) for label in labels))
