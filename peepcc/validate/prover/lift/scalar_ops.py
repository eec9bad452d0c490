"""What the lifter's scalar operations mean, as terms.

Floating-point operations are uninterpreted functions of bit patterns, rounding mode first
where the operation has one: nothing is known of them but that equal arguments give equal
results, and the identities of `terms/float_identities.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..symbolic.memory import Terms
from ..terms.float_identities import applied, compared
from ..terms.term import Term
from .crypto_ops import function

Maker = Callable[..., Term]

_BITWISE = {"And": "and", "Or": "or", "Xor": "xor"}
_SHIFTS = {"Shl": "shl", "Shr": "lshr", "Sar": "ashr"}
_SCALAR = re.compile(r"(Add|Sub|Mul|And|Or|Xor|Not|Shl|Shr|Sar|CmpEQ|CmpNE|Clz)(8|16|32|64|V128)")
_COMPARE = re.compile(r"Cmp(LT|LE)(32|64)([US])")
_WIDER = re.compile(r"(1|8|16|32|64)([US])to(8|16|32|64|V128)")
_NARROWER = re.compile(r"(V?128|64|32|16)(HI)?to(64|32|16|8|1)")
_JOINED = re.compile(r"(64|32|16|8)HLto(V128|128|64|32|16)")
_CLEARED = re.compile(r"ZeroHI(\d+)ofV128")
_WIDE_PRODUCT = re.compile(r"Mull([US])(32|64)")
_QUOTIENT = re.compile(r"Div([US])(32|64)")
_FLOAT = re.compile(r"(Add|Sub|Mul|Div|Sqrt|Round|Fma|MaxNum|MinNum|Max|Min)F(16|32|64)(toInt)?(Away)?")
_CONVERT = re.compile(r"(F16|F32|F64|I32[US]|I64[US])to(F16|F32|F64|I32[US]|I64[US])(Away)?")
_SIGN = re.compile(r"(Neg|Abs)F(32|64)")
_SIZES = {"V128": 128}


def scalar(terms: Terms, name: str, args: tuple[Term, ...]) -> Term | None:
    """None for an operation that is not known."""
    for pattern, make in _TABLE:
        match = pattern.fullmatch(name)
        if match:
            return make(terms, args, *match.groups())
    return None


def _size(text: str) -> int:
    return _SIZES.get(text) or int(text.removeprefix("V"))


def _scalar(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    one, two = args[0], args[-1]
    if name in _BITWISE:
        return t.bitwise(_BITWISE[name], one, two)
    if name in _SHIFTS:
        shift: Callable[[Term, Term], Term] = getattr(t, _SHIFTS[name])
        return shift(one, t.zext(two, one.width))
    match name:
        case "Add":
            return t.add(one, two)
        case "Sub":
            return t.minus(one, two)
        case "Mul":
            return t.mul(one, two)
        case "Not":
            return t.not_(one)
        case "Clz":
            return t.clz(one)
        case "CmpEQ":
            return t.eq(one, two)
    return t.not_(t.eq(one, two))


def _compare(t: Terms, args: tuple[Term, ...], name: str, size: str, sign: str) -> Term:
    less = t.ult if sign == "U" else t.slt
    return less(*args) if name == "LT" else t.not_(less(args[1], args[0]))


def _wider(t: Terms, args: tuple[Term, ...], source: str, sign: str, size: str) -> Term:
    return t.zext(args[0], _size(size)) if sign == "U" else t.sext(args[0], _size(size))


def _narrower(t: Terms, args: tuple[Term, ...], source: str, high: str | None, size: str) -> Term:
    width, low = int(size), args[0].width - int(size) if high else 0
    return t.extract(args[0], low + width - 1, low)


def _cleared(t: Terms, args: tuple[Term, ...], size: str) -> Term:
    return t.zext(t.extract(args[0], 127 - int(size), 0), 128)


def _wide_product(t: Terms, args: tuple[Term, ...], sign: str, size: str) -> Term:
    extend = t.zext if sign == "U" else t.sext
    return t.mul(*(extend(arg, 2 * int(size)) for arg in args))


def _quotient(t: Terms, args: tuple[Term, ...], sign: str, size: str) -> Term:
    return t.divide("udiv" if sign == "U" else "sdiv", *args)


def _float(t: Terms, args: tuple[Term, ...], name: str, size: str, integral: str | None, away: str | None) -> Term:
    return applied(t, f"{name}F{size}{integral or ''}{away or ''}", args, int(size))


def _convert(t: Terms, args: tuple[Term, ...], source: str, result: str, away: str | None) -> Term:
    return applied(t, f"{source}to{result}{away or ''}", args, int(result.strip("FIUS")))


def sign(t: Terms, term: Term, negate: bool) -> Term:
    """The sign bit inverted, or cleared: neither depends on what the bits mean."""
    top = t.extract(term, term.width - 1, term.width - 1)
    return t.concat((t.not_(top) if negate else t.false, t.extract(term, term.width - 2, 0)))


def _sign(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    return sign(t, args[0], name == "Neg")


def _float_compare(t: Terms, args: tuple[Term, ...], size: str) -> Term:
    """The lifter's code of the four outcomes: 0x40 equal, 0x01 less, 0x00 greater, 0x45 unordered."""
    high, low = compared(t, int(size), *args)
    codes = [t.const(code, 32) for code in (0x00, 0x01, 0x40, 0x45)]
    return t.ite(high, t.ite(low, codes[3], codes[2]), t.ite(low, codes[1], codes[0]))


_TABLE: tuple[tuple[re.Pattern[str], Maker], ...] = (
    (_SCALAR, _scalar),
    (_COMPARE, _compare),
    (_WIDER, _wider),
    (_NARROWER, _narrower),
    (_JOINED, lambda t, args, *names: t.concat(args)),
    (_CLEARED, _cleared),
    (_WIDE_PRODUCT, _wide_product),
    (_QUOTIENT, _quotient),
    (re.compile(r"CmpF(32|64)"), _float_compare),
    (_SIGN, _sign),
    (_FLOAT, _float),
    (_CONVERT, _convert),
    (re.compile(r"Crypto_(\w+)"), lambda t, args, name: function(t, name, args)),
    (re.compile(r"Reinterp(?:F32asI32|F64asI64|I32asF32|I64asF64)"), lambda t, args: args[0]),
)
