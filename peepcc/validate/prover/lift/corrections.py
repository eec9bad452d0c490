"""What the lifter gets wrong, told by the instruction word: the right statements in its place.

Each pattern is one that differed from the emulator when forms were tested: fused
multiply-add lifted as two operations, fminnm and fmaxnm as fmin and fmax, and rounding to
nearest with ties away as with ties to even. What the lifter leaves to its helpers is in `crypto_ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from . import crypto_ops
from .vex import Expression, Lifted, lift

_MODE = ("get", "fpcr", 0, 32)

# (mask, value, from, to): operations whose name begins with `from` are others
_RENAMED = (
    (0xFF20FC00, 0x1E206800, "Max", "MaxNum"),  # fmaxnm
    (0xFF20FC00, 0x1E207800, "Min", "MinNum"),  # fminnm
    (0xBFA0FC00, 0x0E20C400, "Max", "MaxNum"),
    (0xBFA0FC00, 0x0EA0C400, "Min", "MinNum"),
)
# (mask, value, part of the name): these round ties away
_AWAY = (
    (0x7F3FFC00, 0x1E240000, "toI"),  # fcvtas
    (0x7F3FFC00, 0x1E250000, "toI"),  # fcvtau
    (0xFF3FFC00, 0x1E264000, "toInt"),  # frinta
    (0x9FBFFC00, 0x0E21C800, "toI"),  # fcvtas, fcvtau of vectors
    (0xDFBFFC00, 0x5E21C800, "toI"),  # and of one lane
    (0xBFBFFC00, 0x2E218800, "toInt"),  # frinta of vectors
)


@lru_cache(maxsize=1 << 14)
def _another_name(old: str, new: str, name: str) -> str:
    return new + name[len(old) :] if name.startswith(old) else name


def _away(part: str, name: str) -> str:
    return f"{name}Away" if part in name and name[0] in "FR" else name


def lifted(word: int) -> Lifted:
    """As `lift`, put right. Raises Unproved."""
    if word & 0xFF000000 == 0x1F000000:
        return _fused(word)
    if word & 0xBF20FC00 == 0x0E20CC00:
        return _fused_lanes(word, bool(word >> 23 & 1), None)
    if word & 0xAF80B400 == 0x0F801000 and word >> 22 & 3 != 1:
        return _fused_lanes(word, bool(word >> 14 & 1), _lane(word))
    found = crypto_ops.lifted(word) or lift(word)
    for mask, value, old, new in _RENAMED:
        if word & mask == value:
            return _renamed(found, partial(_another_name, old, new))
    for mask, value, part in _AWAY:
        if word & mask == value:
            return _renamed(found, partial(_away, part))
    return found


def _renamed(found: Lifted, name: Callable[[str], str]) -> Lifted:
    def walk(part: Any) -> Any:
        if isinstance(part, tuple):
            return ("op", name(part[1]), *map(walk, part[2:])) if part and part[0] == "op" else tuple(map(walk, part))
        return part

    return Lifted(walk(found.statements), found.guard, found.goal)


def _fused(word: int) -> Lifted:
    """fmadd, fmsub, fnmadd, fnmsub: the addend first, as for NaNs."""
    d: Expression
    n: Expression
    a: Expression
    m: Expression
    double = word >> 22 & 3
    if double > 1:
        return lift(0)  # half precision: not understood
    size = 64 if double else 32
    d, n, a, m = (("get", f"q{word >> low & 31}", 0, size) for low in (0, 5, 10, 16))
    negative_product, negative_addend = (word >> 15 ^ word >> 21) & 1, word >> 21 & 1
    n = ("op", f"NegF{size}", n) if negative_product else n
    a = ("op", f"NegF{size}", a) if negative_addend else a
    value = ("op", f"FmaF{size}", _MODE, a, n, m)
    return Lifted((("put", d[1], 0, 128, ("op", f"{size}UtoV128", value)),))


def _lane(word: int) -> tuple[int, int]:
    """(register, index) of the element of a multiplication by element."""
    high, low = word >> 11 & 1, word >> 21 & 1
    return word >> 16 & 31, high if word >> 22 & 1 else high << 1 | low


def _fused_lanes(word: int, subtract: bool, element: tuple[int, int] | None) -> Lifted:
    """fmla and fmls, of vectors and by element."""
    d: Expression
    n: Expression
    m: Expression
    size = 64 if word >> 22 & 1 else 32
    shape = f"{size}Fx{128 // size}"
    d, n, m = (("get", f"q{word >> low & 31}", 0, 128) for low in (0, 5, 16))
    if element is not None:
        m = ("op", f"OneLane{size}x{element[1]}", ("get", f"q{element[0]}", 0, 128))
    n = ("op", f"Neg{shape}", n) if subtract else n
    value: Expression = ("op", f"Fma{shape}", _MODE, d, n, m)
    scalar = element is not None and word >> 28 & 1
    if scalar:
        value = ("op", f"ZeroHI{128 - size}ofV128", value)
    elif not word >> 30 & 1:
        value = ("op", "ZeroHI64ofV128", value)
    return Lifted((("put", d[1], 0, 128, value),))
