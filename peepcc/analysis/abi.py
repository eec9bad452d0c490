"""Where AAPCS64, as LLVM implements it, puts the arguments and results of a function.

Works on shapes, not on LLVM's types, so that it can be read beside the standard. It
promises nothing about what lies on the stack, and answers None for whatever it is not
sure of: the caller then takes the widest answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .registers import NONE, Parts, d, q, s, w, x

_GENERAL: dict[str, Callable[[int], Parts]] = {"w": w, "x": x}
_VECTOR: dict[str, Callable[[int], Parts]] = {"s": s, "d": d, "q": q}
_REGISTERS = 8  # x0-x7 and v0-v7


@dataclass(frozen=True, slots=True)
class Shape:
    """One argument, or the whole result, as its scalar pieces in order.

    A piece is "w" (up to 32 bits), "x" (up to 64), "xx" (128 bits of integer), "s", "d" or
    "q". `together`: all pieces in registers or none (an array, as clang lowers homogeneous
    aggregates and pairs). `indirect`: the address of the result, which goes in x8.
    """

    pieces: tuple[str, ...]
    together: bool = False
    indirect: bool = False


def arguments(shapes: Sequence[Shape]) -> Parts | None:
    """The register parts that hold the arguments; None where a shape is not one that is known."""
    general = vector = 0
    found = NONE
    for shape in shapes:
        if shape.indirect:
            found |= x(8)
            continue
        if shape.together and (len(set(shape.pieces)) != 1 or shape.pieces[0] not in ("x", "s", "d", "q")):
            return None
        for group in [shape.pieces] if shape.together else [(piece,) for piece in shape.pieces]:
            piece, count = group[0], len(group)
            if piece in _VECTOR:
                if vector + count > _REGISTERS:  # nothing after it goes in registers either
                    vector = _REGISTERS
                    continue
                for _ in range(count):
                    found |= _VECTOR[piece](vector)
                    vector += 1
                continue
            if piece == "xx":
                piece, count, general = "x", 2, general + general % 2
            if general + count > _REGISTERS:
                general = _REGISTERS
                continue
            for _ in range(count):
                found |= _GENERAL[piece](general)
                general += 1
    return found


def results(shape: Shape) -> Parts | None:
    """The register parts that hold the result; None where it may be returned in memory."""
    general = vector = 0
    found = NONE
    for piece in shape.pieces:
        for single in ("x", "x") if piece == "xx" else (piece,):
            if single in _VECTOR:
                found |= _VECTOR[single](vector)
                vector += 1
            else:
                found |= _GENERAL[single](general)
                general += 1
    return found if general <= _REGISTERS and vector <= _REGISTERS else None


# Functions that the code generator calls on its own, so that no bitcode names them. They
# keep to the standard convention. The register parts that hold their arguments.
RUNTIME: dict[str, Parts] = {
    **dict.fromkeys(("memcpy", "memmove"), x(0) | x(1) | x(2)),
    "memset": x(0) | w(1) | x(2),
    "__stack_chk_fail": NONE,
    **dict.fromkeys(("__divti3", "__udivti3", "__modti3", "__umodti3"), x(0) | x(1) | x(2) | x(3)),
    **dict.fromkeys(("__addtf3", "__subtf3", "__multf3", "__divtf3"), q(0) | q(1)),
    **dict.fromkeys(("__eqtf2", "__netf2", "__lttf2", "__letf2", "__gttf2", "__getf2", "__unordtf2"), q(0) | q(1)),
    **dict.fromkeys(("__trunctfsf2", "__trunctfdf2"), q(0)),
    **dict.fromkeys(("__fixtfsi", "__fixtfdi", "__fixunstfsi", "__fixunstfdi"), q(0)),
    "__extendsftf2": s(0),
    "__extenddftf2": d(0),
    **dict.fromkeys(("__floatsitf", "__floatunsitf"), w(0)),
    **dict.fromkeys(("__floatditf", "__floatunditf"), x(0)),
}
