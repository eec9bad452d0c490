"""What the uninterpreted floating-point functions mean, for the test of instruction forms.

IEEE 754 on bit patterns with AArch64's rules for NaNs, by exact fractions; the modes that
FPCR adds (flush to zero, default NaN) are off. No proof rests on this file.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

_FORMATS = {16: (5, 10), 32: (8, 23), 64: (11, 52)}
_NEAREST, _DOWN, _UP, _ZERO, _AWAY = range(5)
_ARITHMETIC = re.compile(r"(Add|Sub|Mul|Div|Sqrt|Round|Fma|MaxNum|MinNum|Max|Min)F(16|32|64)(?:toInt)?(Away)?")
_CONVERSION = re.compile(r"(F16|F32|F64|I32S|I32U|I64S|I64U)to(F16|F32|F64|I32S|I32U|I64S|I64U)(Away)?")
_COMPARISON = re.compile(r"Cmp(EQ|LT|LE|)F(32|64)")


def interpret(name: str, args: tuple[int, ...], width: int) -> int:
    """The value of the function `name`. Raises KeyError for one that is not known."""
    if match := _COMPARISON.fullmatch(name):
        return _compare(match[1], *args, int(match[2]))
    if match := _CONVERSION.fullmatch(name):
        mode = _AWAY if match[3] else args[0] if len(args) == 2 else _NEAREST
        return _convert(match[1], match[2], args[-1], mode)
    match = _ARITHMETIC.fullmatch(name)
    if match is None:
        raise KeyError(name)
    operation, size = match[1], int(match[2])
    if operation in ("Max", "Min", "MaxNum", "MinNum"):
        return _extreme(operation, *args, size)
    mode = (
        _AWAY if match[3] else args[0] if operation != "Fma" else (_NEAREST, _UP, _DOWN, _ZERO)[args[0] >> 22 & 3]
    )  # FPCR as it is
    return _arithmetic(operation, args[1:], size, mode)


def _nan(bits: int, size: int) -> bool:
    exponent, fraction = _FORMATS[size]
    return bits >> fraction & (1 << exponent) - 1 == (1 << exponent) - 1 and bool(bits & (1 << fraction) - 1)


def _infinite(bits: int, size: int) -> bool:
    exponent, fraction = _FORMATS[size]
    return bits & (1 << size - 1) - 1 == (1 << exponent) - 1 << fraction


def _infinity(size: int, negative: int) -> int:
    exponent, fraction = _FORMATS[size]
    return (1 << exponent) - 1 << fraction | negative << size - 1


def _quiet(size: int) -> int:
    return 1 << _FORMATS[size][1] - 1


def _default(size: int) -> int:
    return _infinity(size, 0) | _quiet(size)


def _first_nan(args: tuple[int, ...], size: int) -> int | None:
    """Signalling ones first, made quiet."""
    nans = [arg for arg in args if _nan(arg, size)]
    chosen = next((arg for arg in nans if not arg & _quiet(size)), nans[0] if nans else None)
    return None if chosen is None else chosen | _quiet(size)


def _negative(bits: int, size: int) -> int:
    return bits >> size - 1


def _number(bits: int, size: int) -> Fraction:
    exponent, fraction = _FORMATS[size]
    bias, power, significand = (
        (1 << exponent - 1) - 1,
        bits >> fraction & (1 << exponent) - 1,
        bits & (1 << fraction) - 1,
    )
    if power:
        significand |= 1 << fraction
    value = Fraction(significand) * Fraction(2) ** (max(power, 1) - bias - fraction)
    return -value if _negative(bits, size) else value


def _integral(value: Fraction, mode: int) -> int:
    low = math.floor(value)
    rest = value - low
    if mode == _DOWN or not rest:
        return low
    if mode == _UP:
        return low + 1
    if mode == _ZERO:
        return low + (value < 0)
    if rest != Fraction(1, 2):
        return low + (rest > Fraction(1, 2))
    return low + (low & 1 if mode == _NEAREST else int(value > 0))


def _rounded(value: Fraction, size: int, mode: int, zero: int) -> int:
    """`zero`: the sign of an exact zero."""
    exponent, fraction = _FORMATS[size]
    if not value:
        return zero << size - 1
    negative, magnitude = int(value < 0), abs(value)
    bias = (1 << exponent - 1) - 1
    power = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    power -= magnitude < Fraction(2) ** power
    power = max(power, 1 - bias)
    unit = Fraction(2) ** (power - fraction)
    away = {_DOWN: _UP, _UP: _DOWN}.get(mode, mode) if negative else mode
    significand = _integral(magnitude / unit, away)
    if significand >> fraction + 1:
        significand, power = significand >> 1, power + 1
    if power > bias:
        largest = mode == _ZERO or mode == (_UP if negative else _DOWN)
        return _infinity(size, negative) - largest
    encoded = (power + bias - 1 << fraction) + significand
    return encoded | negative << size - 1


def _arithmetic(name: str, args: tuple[int, ...], size: int, mode: int) -> int:
    nan = _first_nan(args, size)
    infinite = [_infinite(arg, size) for arg in args]
    zero = [not arg << 1 & (1 << size) - 1 for arg in args]
    if (
        name == "Fma"
        and ((infinite[1] and zero[2]) or (zero[1] and infinite[2]))
        and (nan is None or (args[0] & _quiet(size) and _nan(args[0], size)))
    ):
        return _default(size)
    if nan is not None:
        return nan
    signs = [_negative(arg, size) for arg in args]
    if name == "Sub":
        signs[1] ^= 1
    if name in ("Add", "Sub"):
        if any(infinite):
            return (
                _default(size)
                if all(infinite) and signs[0] != signs[1]
                else _infinity(size, signs[0 if infinite[0] else 1])
            )
        one, two = (abs(_number(arg, size)) * (-1 if sign else 1) for arg, sign in zip(args, signs))
        return _rounded(one + two, size, mode, signs[0] if signs[0] == signs[1] else int(mode == _DOWN))
    if name == "Fma":
        return _fused(args, signs, infinite, size, mode)
    if name in ("Mul", "Div"):
        return _product(name, args, signs[0] ^ signs[1], infinite, zero, size, mode)
    if name == "Sqrt":
        return _root(args[0], signs[0], infinite[0], zero[0], size, mode)
    if infinite[0] or zero[0]:
        return args[0]
    return _rounded(Fraction(_integral(_number(args[0], size), mode)), size, mode, signs[0])


def _fused(args, signs, infinite, size: int, mode: int) -> int:
    product_sign = signs[1] ^ signs[2]
    if infinite[1] or infinite[2]:
        return _default(size) if infinite[0] and signs[0] != product_sign else _infinity(size, product_sign)
    if infinite[0]:
        return args[0]
    product = _number(args[1], size) * _number(args[2], size)
    addend = _number(args[0], size)
    return _rounded(
        product + addend,
        size,
        mode,
        signs[0] if not product and not addend and signs[0] == product_sign else int(mode == _DOWN),
    )


def _product(name: str, args, sign: int, infinite, zero, size: int, mode: int) -> int:
    if name == "Mul":
        if (infinite[0] and zero[1]) or (zero[0] and infinite[1]):
            return _default(size)
        return (
            _infinity(size, sign)
            if any(infinite)
            else _rounded(_number(args[0], size) * _number(args[1], size), size, mode, sign)
        )
    if all(infinite) or all(zero):
        return _default(size)
    if infinite[0] or zero[1]:
        return _infinity(size, sign)
    return (
        sign << size - 1 if infinite[1] else _rounded(_number(args[0], size) / _number(args[1], size), size, mode, sign)
    )


def _root(bits: int, sign: int, infinite: bool, zero: bool, size: int, mode: int) -> int:
    if zero or (infinite and not sign):
        return bits
    if sign:
        return _default(size)
    value = _number(bits, size)
    scale = 4**1200  # exact enough: the root's integer part has far more bits than the format
    whole = math.isqrt(value.numerator * scale // value.denominator)
    exact = whole * whole * value.denominator == value.numerator * scale
    return _rounded((Fraction(whole) + (0 if exact else Fraction(1, 3))) / 2**1200, size, mode, 0)


def _extreme(name: str, one: int, two: int, size: int) -> int:
    if name.endswith("Num"):
        quiet = [_nan(arg, size) and bool(arg & _quiet(size)) for arg in (one, two)]
        if quiet[0] and not _nan(two, size):
            return two
        if quiet[1] and not _nan(one, size):
            return one
    nan = _first_nan((one, two), size)
    if nan is not None:
        return nan
    keys = [(_order(arg, size), -_negative(arg, size)) for arg in (one, two)]
    return (one if keys[0] >= keys[1] else two) if name.startswith("Max") else (one if keys[0] <= keys[1] else two)


def _order(bits: int, size: int) -> Fraction:
    return (
        (Fraction(2) ** 2000 if not _negative(bits, size) else -(Fraction(2) ** 2000))
        if _infinite(bits, size)
        else _number(bits, size)
    )


def _compare(name: str, one: int, two: int, size: int) -> int:
    if _nan(one, size) or _nan(two, size):
        return 0 if name else 3
    left, right = _order(one, size), _order(two, size)
    if name:
        return int({"EQ": left == right, "LT": left < right, "LE": left <= right}[name])
    return 2 if left == right else 1 if left < right else 0


def _convert(source: str, result: str, bits: int, mode: int) -> int:
    size = int(result.strip("FIUS"))
    if source[0] == "I":
        width = int(source.strip("IUS"))
        value = bits - (bits >> width - 1 << width) if source[-1] == "S" else bits
        return _rounded(Fraction(value), size, mode, 0)
    width = int(source[1:])
    if result[0] == "F":
        if _nan(bits, width):
            return _nan_between(bits, width, size)
        return (
            _infinity(size, _negative(bits, width))
            if _infinite(bits, width)
            else _rounded(_number(bits, width), size, mode, _negative(bits, width))
        )
    if _nan(bits, width):
        return 0
    low, high = (-(1 << size - 1), (1 << size - 1) - 1) if result[-1] == "S" else (0, (1 << size) - 1)
    if _infinite(bits, width):
        return (low if _negative(bits, width) else high) & (1 << size) - 1
    return min(max(_integral(_number(bits, width), mode), low), high) & (1 << size) - 1


def _nan_between(bits: int, width: int, size: int) -> int:
    """The sign, quiet, and as much of the payload as there is room for, at the top."""
    source, target = _FORMATS[width][1], _FORMATS[size][1]
    payload = bits & (1 << source) - 1
    payload = payload << target - source if target >= source else payload >> source - target
    return _infinity(size, _negative(bits, width)) | payload | _quiet(size)
