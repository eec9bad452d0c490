"""What the scalar floating-point instructions of the campaign `pairs` do.

Exact fractions, rounded once to nearest, ties to even. FPCR is 0: no flush to zero, no default NaN. Exception flags
are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt

from ....assembly.syntax import Immediate, Operand
from .machine import Machine, Operation, mask, name_of, signed, text_of, width


@dataclass(frozen=True)
class Format:
    bits: int
    precision: int  # of the fraction field

    @property
    def top(self) -> int:
        return mask(self.bits - 1 - self.precision)

    @property
    def bias(self) -> int:
        return self.top >> 1


SINGLE, DOUBLE = Format(32, 23), Format(64, 52)
FORMATS = {"s": SINGLE, "d": DOUBLE}


def is_nan(f: Format, bits: int) -> bool:
    return bits >> f.precision & f.top == f.top and bits & mask(f.precision) != 0


def is_inf(f: Format, bits: int) -> bool:
    return bits & mask(f.bits - 1) == f.top << f.precision


def sign(f: Format, bits: int) -> int:
    return bits >> f.bits - 1


def infinity(f: Format, negative: int) -> int:
    return negative << f.bits - 1 | f.top << f.precision


def default_nan(f: Format) -> int:
    return f.top << f.precision | 1 << f.precision - 1


def number(f: Format, bits: int) -> Fraction:
    """The value of what is finite."""
    exponent, low = bits >> f.precision & f.top, bits & mask(f.precision)
    scale = Fraction(2) ** (max(exponent, 1) - f.bias - f.precision)
    return (-1) ** sign(f, bits) * (low + (bool(exponent) << f.precision)) * scale


def rounded(f: Format, exact: Fraction, zero: int = 0) -> int:
    """The bits of what is nearest; `zero`: the sign of an exact zero."""
    if exact == 0:
        return zero << f.bits - 1
    negative, size = int(exact < 0), abs(exact)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent -= size < Fraction(2) ** exponent
    exponent = max(exponent, 1 - f.bias)
    units = round(size / Fraction(2) ** (exponent - f.precision))  # Python rounds a Fraction to even
    found = units + (exponent + f.bias - 1 << f.precision)  # a carry out of the fraction raises the exponent
    return negative << f.bits - 1 | min(found, f.top << f.precision)


def nan_of(f: Format, operands: Sequence[int]) -> int | None:
    """The NaN that comes of them: the first signalling one, else the first quiet one."""
    quiet = 1 << f.precision - 1
    found = [each for each in operands if is_nan(f, each)]
    return next((each | quiet for each in found if not each & quiet), found[0] if found else None)


def add(f: Format, one: int, two: int) -> int:
    found = nan_of(f, (one, two))
    if found is not None:
        return found
    if is_inf(f, one) or is_inf(f, two):
        return default_nan(f) if is_inf(f, one) and is_inf(f, two) and one != two else one if is_inf(f, one) else two
    return rounded(f, number(f, one) + number(f, two), sign(f, one) & sign(f, two))


def subtract(f: Format, one: int, two: int) -> int:
    found = nan_of(f, (one, two))
    return add(f, one, two ^ 1 << f.bits - 1) if found is None else found


def multiply(f: Format, one: int, two: int) -> int:
    found = nan_of(f, (one, two))
    if found is not None:
        return found
    negative = sign(f, one) ^ sign(f, two)
    if is_inf(f, one) or is_inf(f, two):
        zero = any(not is_inf(f, each) and number(f, each) == 0 for each in (one, two))
        return default_nan(f) if zero else infinity(f, negative)
    return rounded(f, number(f, one) * number(f, two), negative)


def divide(f: Format, one: int, two: int) -> int:
    found = nan_of(f, (one, two))
    if found is not None:
        return found
    negative = sign(f, one) ^ sign(f, two)
    if is_inf(f, one):
        return default_nan(f) if is_inf(f, two) else infinity(f, negative)
    if is_inf(f, two):
        return negative << f.bits - 1
    if number(f, two) == 0:
        return default_nan(f) if number(f, one) == 0 else infinity(f, negative)
    return rounded(f, number(f, one) / number(f, two), negative)


def root(f: Format, one: int) -> int:
    found = nan_of(f, (one,))
    if found is not None:
        return found
    if one & mask(f.bits - 1) == 0 or one == infinity(f, 0):
        return one
    if sign(f, one):
        return default_nan(f)
    held = number(f, one)
    scale = 2 * (2 * f.precision + f.bias)  # bits enough below the last: a root is no tie unless it is exact
    floor = isqrt(held.numerator * 4**scale // held.denominator)
    exact = Fraction(floor, 2**scale)
    return rounded(f, exact if exact * exact == held else exact + Fraction(1, 4 * 2**scale))


def fused(f: Format, addend: int, one: int, two: int) -> int:
    found = nan_of(f, (addend, one, two))
    invalid = {is_inf(f, one), is_inf(f, two)} == {True, False} and any(
        each & mask(f.bits - 1) == 0 for each in (one, two)
    )
    if found is not None:
        quiet = is_nan(f, addend) and addend >> f.precision - 1 & 1
        return default_nan(f) if quiet and invalid else found
    if invalid:
        return default_nan(f)
    negative = sign(f, one) ^ sign(f, two)
    if is_inf(f, one) or is_inf(f, two):
        return default_nan(f) if is_inf(f, addend) and sign(f, addend) != negative else infinity(f, negative)
    if is_inf(f, addend):
        return addend
    return rounded(f, number(f, one) * number(f, two) + number(f, addend), negative & sign(f, addend))


def compared(f: Format, one: int, two: int) -> tuple[int, int, int, int]:
    """N, Z, C, V of a comparison."""
    if is_nan(f, one) or is_nan(f, two):
        return 0, 0, 1, 1
    left, right = ordered(f, one), ordered(f, two)
    return (0, 1, 1, 0) if left == right else (1, 0, 0, 0) if left < right else (0, 0, 1, 0)


def ordered(f: Format, bits: int) -> int:
    """A number that orders all that are no NaN; both zeros are 0."""
    size = bits & mask(f.bits - 1)
    return -size if sign(f, bits) else size


def extreme(largest: bool, number_wins: bool) -> Callable[[Format, int, int], int]:
    """fmax and fmin, with (`number_wins`) the forms that prefer a number to a quiet NaN."""

    def function(f: Format, one: int, two: int) -> int:
        quiet = [is_nan(f, each) and bool(each >> f.precision - 1 & 1) for each in (one, two)]
        if number_wins and quiet[0] != quiet[1] and not is_nan(f, two if quiet[0] else one):
            return two if quiet[0] else one
        found = nan_of(f, (one, two))
        if found is not None:
            return found
        if ordered(f, one) == ordered(f, two):
            return one & two if largest else one | two
        return one if (ordered(f, one) > ordered(f, two)) == largest else two

    return function


def to_integer(f: Format, held: int, bits: int, signs: bool, way: str) -> int:
    """Rounded in a way, saturated; a NaN is 0."""
    low, high = (-(1 << bits - 1), mask(bits - 1)) if signs else (0, mask(bits))
    if is_nan(f, held):
        return 0
    if is_inf(f, held):
        return low if sign(f, held) else high
    return min(max(integral(number(f, held), way), low), high)


def integral(held: Fraction, way: str) -> int:
    """Rounded `m` down, `p` up, `z` toward zero, `n` to even, `a` away from zero where it is half way."""
    if way == "a":
        return floor(abs(held) + Fraction(1, 2)) * (-1 if held < 0 else 1)
    return {"m": floor, "p": ceil, "z": int, "n": round}[way](held)


def rounded_to_integral(way: str):
    def function(f: Format, held: int) -> int:
        found = nan_of(f, (held,))
        if found is not None or is_inf(f, held):
            return held if found is None else found
        return rounded(f, Fraction(integral(number(f, held), way)), sign(f, held))

    return function


def converted(source: Format, target: Format, held: int) -> int:
    if is_nan(source, held):
        low = held & mask(source.precision)
        moved = (
            low << target.precision - source.precision
            if target.bits > source.bits
            else low >> source.precision - target.precision
        )
        return sign(source, held) << target.bits - 1 | default_nan(target) | moved
    if is_inf(source, held):
        return infinity(target, sign(source, held))
    return rounded(target, number(source, held), sign(source, held))


def _format(operand: Operand) -> Format:
    return FORMATS[name_of(operand)[0]]


def _of(f: Format, m: Machine, operand: Operand) -> int:
    if isinstance(operand, Immediate):
        return rounded(f, Fraction(operand.value))
    return m.get(name_of(operand))


def _operation(function, negates: bool = False) -> Operation:
    """`function` takes the format and the sources; `negates`: the sign of the result is turned."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        f = _format(operands[0])
        found = function(f, *(_of(f, m, each) for each in operands[1:]))
        m.put(name_of(operands[0]), found ^ negates << f.bits - 1)

    return operation


def _fused(negative_product: bool, negative_addend: bool) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        f = _format(operands[0])
        one, two, addend = (m.get(name_of(each)) for each in operands[1:4])
        m.put(
            name_of(operands[0]),
            fused(f, addend ^ negative_addend << f.bits - 1, one ^ negative_product << f.bits - 1, two),
        )

    return operation


def _compare(m: Machine, operands: Sequence[Operand]) -> None:
    f = _format(operands[0])
    m.flags = compared(f, *(_of(f, m, each) for each in operands))


def _compare_if(m: Machine, operands: Sequence[Operand]) -> None:
    if m.holds(text_of(operands[3])):
        _compare(m, operands[:2])
    else:
        given = int(operands[2].value)
        m.flags = (given >> 3 & 1, given >> 2 & 1, given >> 1 & 1, given & 1)


def _select(m: Machine, operands: Sequence[Operand]) -> None:
    m.put(name_of(operands[0]), m.get(name_of(operands[1 if m.holds(text_of(operands[3])) else 2])))


def _move(m: Machine, operands: Sequence[Operand]) -> None:
    """fmov: the same bits, or a number."""
    name, source = name_of(operands[0]), operands[1]
    m.put(
        name,
        rounded(FORMATS[name[0]], Fraction(source.value)) if isinstance(source, Immediate) else m.get(name_of(source)),
    )


def _from_integer(signs: bool) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        held, bits = m.get(name_of(operands[1])), width(name_of(operands[1]))
        m.put(name_of(operands[0]), rounded(_format(operands[0]), Fraction(signed(held, bits) if signs else held)))

    return operation


def _to_integer(signs: bool, way: str) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        name, source = name_of(operands[0]), operands[1]
        m.put(name, to_integer(_format(source), m.get(name_of(source)), width(name), signs, way))

    return operation


def _mask(holds, absolute: bool) -> Operation:
    """Scalar comparisons that leave a mask; `holds` takes N and Z of a comparison that is not of NaNs."""

    def function(f: Format, one: int, two: int) -> int:
        if absolute:
            one, two = one & mask(f.bits - 1), two & mask(f.bits - 1)
        n, z, _, v = compared(f, one, two)
        return mask(f.bits) if not v and holds(n, z) else 0

    return _operation(function)


def _convert(m: Machine, operands: Sequence[Operand]) -> None:
    m.put(name_of(operands[0]), converted(_format(operands[1]), _format(operands[0]), m.get(name_of(operands[1]))))


_ORDERS = {"fcge": lambda n, z: not n, "fcgt": lambda n, z: not n and not z}
OPERATIONS: dict[str, Operation] = {
    "fadd": _operation(add),
    "fsub": _operation(subtract),
    "fmul": _operation(multiply),
    "fnmul": _operation(multiply, True),
    "fdiv": _operation(divide),
    "fsqrt": _operation(root),
    "fabs": _operation(lambda f, one: one & mask(f.bits - 1)),
    "fneg": _operation(lambda f, one: one ^ 1 << f.bits - 1),
    "fabd": _operation(lambda f, one, two: subtract(f, one, two) & mask(f.bits - 1)),
    "fmax": _operation(extreme(True, False)),
    "fmin": _operation(extreme(False, False)),
    "fmaxnm": _operation(extreme(True, True)),
    "fminnm": _operation(extreme(False, True)),
    "fmadd": _fused(False, False),
    "fmsub": _fused(True, False),
    "fnmadd": _fused(True, True),
    "fnmsub": _fused(False, True),
    "fcmp": _compare,
    "fcmpe": _compare,
    "fccmp": _compare_if,
    "fccmpe": _compare_if,
    "fcsel": _select,
    "fmov": _move,
    "fcvt": _convert,
    "scvtf": _from_integer(True),
    "ucvtf": _from_integer(False),
    **{f"fcvt{way}{sign}": _to_integer(sign == "s", way) for way in "mpzna" for sign in "su"},
    **{f"frint{way}": _operation(rounded_to_integral(way)) for way in "mpzna"},
    **{f"fac{name[2:]}": _mask(holds, True) for name, holds in _ORDERS.items()},
    **{f"fcm{name[2:]}": _mask(holds, False) for name, holds in _ORDERS.items()},
}
