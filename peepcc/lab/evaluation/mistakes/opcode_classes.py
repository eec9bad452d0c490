"""Opcode classes and length classes: by what a report is broken down."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ....analysis.obligation import Kind, Step
from ....analysis.registers import q, union

_VECTORS = union(q(n) for n in range(32))
LENGTHS = ((1, 2), (3, 4), (5, 8), (9, 16), (17, 256))
# The first pattern that fits names the class of what is neither memory, branch nor vector.
_SCALAR = (
    ("compare and select", r"cmp|cmn|tst|ccmp|ccmn|csel|csinc|csinv|csneg|cset|csetm|cinc|cinv|cneg"),
    ("multiply and divide", r"[su]?m(ul|add|sub|neg)[lh]?|[su]mulh|[su]m(add|sub|neg|ul)l|[su]div"),
    ("shift and bit field", r"lslv?|lsrv?|asrv?|rorv?|[su]?bf\w*|extr|[su]xt[bhwl]|rev\w*|rbit|cl[zs]|cnt"),
    ("logic", r"ands?|orr|eor|eon|orn|bics?|mvn"),
    ("move", r"mov[zkn]?|adrp?|nop"),
    ("arithmetic", r".*"),
)


def opcode_class(step: Step) -> str:
    """One of: load, store, branch, vector and float, and the names in the table above."""
    accesses = step.effect.accesses
    if accesses:
        return "store" if any(access.store for access in accesses) else "load"
    if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL, Kind.RETURN, Kind.INDIRECT, Kind.CALL):
        return "branch"
    if (step.effect.reads | step.effect.writes) & _VECTORS:
        return "vector and float"
    return next(name for name, pattern in _SCALAR if re.fullmatch(pattern, step.instruction.mnemonic))


def opcode_classes(steps: Iterable[Step]) -> tuple[str, ...]:
    """The classes that occur, each once, sorted: a block counts in each of them."""
    return tuple(sorted({opcode_class(step) for step in steps}))


def length_class(length: int) -> str:
    """Of a block of `length` instructions: "3-4"; "17+" from 17 on."""
    low, high = next((each for each in LENGTHS if each[0] <= length <= each[1]), LENGTHS[-1])
    return f"{low}-{high}" if high <= 16 else f"{low}+"
