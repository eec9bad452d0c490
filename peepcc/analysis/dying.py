"""Which registers die at each instruction of a window: a rewrite may overwrite them after it, or need not compute them.

It follows from the instructions and from what is live at the ways out. A model that reads
it need not work it out; nothing that is judged rests on it.
"""

from __future__ import annotations

from typing import Mapping

from ..assembly.syntax import Symbol
from .obligation import FALL, INDIRECT, RETURN, Kind, Program, Step, exit_key
from .registers import ALL, NONE, NZCV, Parts, q, x

_REGISTERS = (*((x(n), f"x{n}") for n in range(31)), *((q(n), f"d{n}") for n in range(32)), (NZCV, "nzcv"))
_LEAVING = {Kind.RETURN: RETURN, Kind.INDIRECT: INDIRECT}


def dying(source: Program, live_out: Mapping[str, Parts], aliases: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """For each step the registers ("x1", "d0", "nzcv") that it reads or writes and of which nothing is read after it.

    A way out that `live_out` does not have may read all, and so may a way back.
    """
    before: list[Parts] = [NONE] * len(source.steps) + [live_out.get(FALL, ALL)]
    found: list[tuple[str, ...]] = []

    def at(way: str | int, n: int) -> Parts:
        return live_out.get(way, ALL) if isinstance(way, str) else before[way] if way > n else ALL

    for n, step in reversed(list(enumerate(source.steps))):
        effect = step.effect
        after = NONE
        for way in _ways(source, n, step, aliases):
            after |= at(way, n)
        touched = effect.reads | effect.writes
        found.append(tuple(name for register, name in _REGISTERS if touched & register and not after & register) if touched & ~after else ())
        before[n] = (after & ~effect.writes) | effect.reads
    return tuple(reversed(found))


def _ways(source: Program, n: int, step: Step, aliases: Mapping[str, str]) -> list[str | int]:
    """Where control goes after step `n`: step indices, and keys of ways out."""
    kind = step.effect.kind
    if kind in _LEAVING:
        return [_LEAVING[kind]]
    ways: list[str | int] = [] if kind is Kind.JUMP else [n + 1]
    if kind in (Kind.JUMP, Kind.CONDITIONAL):
        ways += [exit_key(source, aliases, each.name) for each in step.instruction.operands if isinstance(each, Symbol)]
    return ways
