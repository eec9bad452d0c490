"""What is known of floating-point operations beyond their names: identities that IEEE 754 gives.

To a proof each operation is a function of bit patterns and rounding mode. The rules here
bring applications that are equal into one form. Each holds for every input, NaNs with their
payloads and infinities included, in every rounding mode, with FZ and DN of FPCR set or not;
flags that are raised may differ. `test_prove_identities` proves each again with a solver's
floating-point theory. What does not hold in some mode is not here: x * 1.0 is not x, as it
flushes and makes NaNs quiet, and x - y is not x + (-y), as the sign of a NaN differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..symbolic.memory import Terms
from .term import Term

Rule = Callable[[Terms, str, tuple[Term, ...], int], Term | None]

_FRACTION = {32: 23, 64: 52}
_BIAS = {32: 127, 64: 1023}
_EXACT = {32: 25, 64: 54}  # so many bits say a signed integer that the format holds as it is
_SCALE = 60  # integers times or by two to this are normal numbers
_TO_INTEGER = re.compile(r"F(32|64)toI(32|64)([SU])(?:Away)?")
_FROM_INTEGER = re.compile(r"I(32|64)([SU])toF(32|64)")
_ROUNDED = re.compile(r"RoundF(32|64)toInt(Away)?")


def applied(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term:
    """The function `name` of `args`, as simple as the rules make it."""
    for rule in RULES:
        found = rule(t, name, args, width)
        if found is not None:
            return found
    return t.uf(name, args, width)


def power_of_two(t: Term) -> int | None:
    """k, where the constant is the normal number 2**k."""
    if t.op != "const" or t.width not in _FRACTION:
        return None
    exponent, fraction = t.data >> _FRACTION[t.width], t.data & (1 << _FRACTION[t.width]) - 1
    return exponent - _BIAS[t.width] if not fraction and 0 < exponent < 2 * _BIAS[t.width] + 1 else None


def _is_number(t: Term) -> bool:
    """A constant that is no NaN."""
    if t.op != "const":
        return False
    magnitude, infinity = t.data & (1 << t.width - 1) - 1, 2 * _BIAS[t.width] + 1 << _FRACTION[t.width]
    return magnitude <= infinity


def _power(t: Terms, k: int, width: int) -> Term:
    return t.const(k + _BIAS[width] << _FRACTION[width], width)


def _rounding_then_integer(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """What is integral converts the same in any mode: frintm and fcvtzs are fcvtms."""
    match, inner = _TO_INTEGER.fullmatch(name), args[-1]
    rounded = inner.op == "uf" and _ROUNDED.fullmatch(inner.data)
    if not match or not rounded:
        return None
    return applied(t, name.removesuffix("Away") + (rounded[2] or ""), inner.args, width)


def _rounding_twice(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """What is integral is not rounded again."""
    inner = args[-1]
    return inner if _ROUNDED.fullmatch(name) and inner.op == "uf" and _ROUNDED.fullmatch(inner.data) else None


def _wider_then_integer(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """A single converts to an integer like the double that is equal to it."""
    inner = args[-1]
    if name.startswith("F64toI") and inner.op == "uf" and inner.data == "F32toF64":
        return applied(t, "F32" + name[3:], (*args[:-1], inner.args[-1]), width)
    return None


def _integer_then_integer(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """An integer that the format holds as it is comes back, where the result has room for it."""
    match, inner = _TO_INTEGER.fullmatch(name), args[-1]
    if not match or inner.op != "uf" or inner.data not in ("I64StoF32", "I64StoF64") or len(inner.args) != 1:
        return None
    number = inner.args[0]
    fits = t.zeros(number) >= 64 - width and t.zeros(number) if match[3] == "U" else t.signed_width(number) <= width
    return t.extract(number, width - 1, 0) if fits else None


def _from_integer(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """All integers as signed ones of 64 bits; without a rounding mode where the format holds them as they are."""
    match, number = _FROM_INTEGER.fullmatch(name), args[-1]
    if not match or (name.startswith("I64S") and len(args) == 1):
        return None
    wide = t.sext(number, 64) if match[2] == "S" else t.zext(number, 64)
    if match[2] == "U" and not t.zeros(wide):
        return None
    exact = t.signed_width(wide) <= _EXACT[width]
    if not exact and len(args) == 1:
        return None
    return t.uf(f"I64StoF{width}", (wide,) if exact else (args[0], wide), width)


def _double_then_single(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """A double that is an integer as it is rounds to a single like the integer itself."""
    inner = args[-1]
    if name == "F64toF32" and inner.op == "uf" and inner.data == "I64StoF64" and len(inner.args) == 1:
        return applied(t, "I64StoF32", (args[0], inner.args[0]), width)
    return None


def _sum_with_itself(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    if name.startswith("AddF") and len(args) == 3 and args[1] is args[2]:
        return applied(t, f"MulF{width}", (*args[:2], _power(t, 1, width)), width)
    return None


def _division(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """By a power of two is times its reciprocal, where both are normal numbers."""
    k = power_of_two(args[2]) if name.startswith("DivF") and len(args) == 3 else None
    if k is None or not -_BIAS[width] < -k <= _BIAS[width]:
        return None
    return applied(t, f"MulF{width}", (*args[:2], _power(t, -k, width)), width)


def _constant_last(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """Sums and products do not hang on the order where one of the two is a constant, no NaN."""
    if name[:4] in ("AddF", "MulF") and len(args) == 3 and _is_number(args[1]) and args[2].op != "const":
        return applied(t, name, (args[0], args[2], args[1]), width)
    return None


def _scaled_integer(t: Terms, name: str, args: tuple[Term, ...], width: int) -> Term | None:
    """A converted integer times a power of two is exact, whatever the rounding mode."""
    if not name.startswith("MulF") or len(args) != 3 or args[1].op != "uf" or not _FROM_INTEGER.fullmatch(args[1].data):
        return None
    k, nearest = power_of_two(args[2]), t.const(0, args[0].width)
    if k is None or abs(k) > _SCALE or args[0] is nearest:
        return None
    return t.uf(name, (nearest, *args[1:]), width)


RULES: tuple[Rule, ...] = (
    _rounding_then_integer,
    _rounding_twice,
    _wider_then_integer,
    _integer_then_integer,
    _from_integer,
    _double_then_single,
    _sum_with_itself,
    _division,
    _constant_last,
    _scaled_integer,
)


def compared(t: Terms, size: int, one: Term, two: Term) -> tuple[Term, Term]:
    """(high, low) bits of what a comparison finds: 2 equal, 1 less, 0 greater, 3 unordered.

    Swapped operands are the same question with less and greater swapped; what is compared with itself is
    equal or unordered.
    """
    swapped = one.number > two.number
    way = t.uf(f"CmpF{size}", (two, one) if swapped else (one, two), 2)
    high, low = t.extract(way, 1, 1), t.extract(way, 0, 0)
    if one is two:
        high = t.true
    return high, t.ite(high, low, t.not_(low)) if swapped else low
