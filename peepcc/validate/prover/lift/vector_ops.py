"""What the lifter's vector operations mean, as terms.

Integer lanes are computed; floating-point lanes are the uninterpreted functions of the
scalar operations, so that a lane and a scalar that compute the same are the same term.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..symbolic.memory import Terms
from ..terms.float_identities import applied, compared
from ..terms.term import Term
from .scalar_ops import sign

Maker = Callable[..., Term | None]


def lanes(terms: Terms, name: str, args: tuple[Term, ...]) -> Term | None:
    """None for an operation that is not known."""
    for pattern, make in _TABLE:
        match = pattern.fullmatch(name)
        if match:
            return make(terms, args, *match.groups())
    return None


def split(t: Terms, term: Term, width: int) -> list[Term]:
    """The lanes, low one first."""
    return [t.extract(term, low + width - 1, low) for low in range(0, term.width, width)]


def join(t: Terms, parts: list[Term]) -> Term:
    """Low part first."""
    return t.concat(reversed(parts))


def _each(t: Terms, width: int, make: Callable[..., Term], *args: Term) -> Term:
    return join(t, [make(*parts) for parts in zip(*(split(t, arg, width) for arg in args))])


def _plain(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    make = {"Add": t.add, "Sub": t.minus, "Mul": t.mul}[name]
    return _each(t, int(size), make, *args)


def _less(t: Terms, sign: str) -> Callable[[Term, Term], Term]:
    return t.slt if sign == "S" else t.ult


def _extreme(t: Terms, args: tuple[Term, ...], name: str, size: str, sign: str) -> Term:
    less = _less(t, sign)

    def make(one: Term, two: Term) -> Term:
        return t.ite(less(one, two), *((two, one) if name == "Max" else (one, two)))

    return _each(t, int(size), make, *args)


def _mask(t: Terms, test: Term, width: int) -> Term:
    return t.ite(test, t.const(-1, width), t.const(0, width))


def _compared(t: Terms, args: tuple[Term, ...], name: str, size: str, sign: str | None) -> Term:
    def make(one: Term, two: Term) -> Term:
        return _mask(t, t.eq(one, two) if name == "EQ" else _less(t, sign or "S")(two, one), int(size))

    return _each(t, int(size), make, *args)


def _shifted_alike(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    width = int(size)
    shift = {"Shl": t.shl, "Shr": t.lshr, "Sar": t.ashr}[name]
    amount = t.zext(args[1], width) if width >= args[1].width else t.extract(args[1], width - 1, 0)
    return _each(t, width, lambda lane: shift(lane, amount), args[0])


def _shifted(t: Terms, args: tuple[Term, ...], rounding: str, size: str, sign: str) -> Term:
    """Left by the signed low byte of each lane, right where that is negative.

    Rounding adds half before a right shift.
    """
    width = int(size)
    wide = width + 2
    extend = t.sext if sign == "S" else t.zext

    def make(lane: Term, by: Term) -> Term:
        amount = t.sext(t.extract(by, 7, 0), max(wide, 9))
        value = extend(lane, max(wide, 9))
        back = t.negative(amount)
        if rounding:
            value_right = t.add(value, t.lshr(t.shl(t.const(1, value.width), back), t.const(1, value.width)))
        else:
            value_right = value
        right = (t.ashr if sign == "S" else t.lshr)(value_right, back)
        negative = t.extract(amount, amount.width - 1, amount.width - 1)
        if rounding:  # all bits and the half are shifted out
            right = t.ite(t.ult(t.const(width, value.width), back), t.const(0, value.width), right)
        return t.extract(t.ite(negative, right, t.shl(value, amount)), width - 1, 0)

    return _each(t, width, make, *args)


def _saturated(t: Terms, value: Term, width: int, sign: str) -> Term:
    """The signed `value` brought into the range of `width` bits, signed or not."""
    low, high = (-(1 << width - 1), (1 << width - 1) - 1) if sign == "S" else (0, (1 << width) - 1)
    least, most = t.const(low, value.width), t.const(high, value.width)
    return t.extract(t.ite(t.slt(value, least), least, t.ite(t.slt(most, value), most, value)), width - 1, 0)


def _saturating(t: Terms, args: tuple[Term, ...], name: str, size: str, sign: str) -> Term:
    width = int(size)
    extend = t.sext if sign == "S" else t.zext
    make = t.add if name == "Add" else t.minus
    return _each(
        t,
        width,
        lambda one, two: _saturated(t, make(extend(one, width + 2), extend(two, width + 2)), width, sign),
        *args,
    )


def _narrowed(t: Terms, args: tuple[Term, ...], size: str) -> Term:
    return join(t, [t.extract(lane, int(size) - 1, 0) for lane in split(t, args[0], 2 * int(size))])


def _narrowed_saturating(t: Terms, args: tuple[Term, ...], wide: str, source: str, size: str, sign: str) -> Term:
    extend = t.sext if source == "S" else t.zext
    return join(
        t, [_saturated(t, extend(lane, int(wide) + 1), int(size), sign) for lane in split(t, args[0], int(wide))]
    )


def _product(t: Terms, args: tuple[Term, ...], size: str, sign: str) -> Term:
    width = int(size)
    extend = t.sext if sign == "S" else t.zext
    return join(
        t,
        [
            t.mul(extend(one, 2 * width), extend(two, 2 * width))
            for one, two in zip(*(split(t, arg, width) for arg in args))
        ],
    )


def _interleaved(t: Terms, args: tuple[Term, ...], half: str, size: str) -> Term:
    one, two = (split(t, arg, int(size)) for arg in args)
    count = len(one) // 2
    chosen = range(count) if half == "LO" else range(count, 2 * count)
    return join(t, [lane for k in chosen for lane in (two[k], one[k])])


def _every_other(t: Terms, args: tuple[Term, ...], which: str, size: str) -> Term:
    one, two = (split(t, arg, int(size)) for arg in args)
    first = 0 if which == "Even" else 1
    return join(t, two[first::2] + one[first::2])


def _reversed(t: Terms, args: tuple[Term, ...], piece: str, container: str) -> Term:
    return join(
        t, [part for whole in split(t, args[0], int(container)) for part in reversed(split(t, whole, int(piece)))]
    )


def _absolute(t: Terms, args: tuple[Term, ...], size: str) -> Term:
    width = int(size)
    return _each(t, width, lambda lane: t.ite(t.extract(lane, width - 1, width - 1), t.negative(lane), lane), args[0])


def _ones(t: Terms, args: tuple[Term, ...]) -> Term:
    return _each(t, 8, lambda lane: t.lin(0, ((1, t.zext(bit, 8)) for bit in split(t, lane, 1)), 8), args[0])


def _leading(t: Terms, args: tuple[Term, ...], what: str, size: str) -> Term:
    width = int(size)
    if what == "z":
        return _each(t, width, t.clz, args[0])
    return _each(
        t, width, lambda lane: t.plus(t.clz(t.bitwise("xor", lane, t.ashr(lane, t.const(1, width)))), -1), args[0]
    )


def _slice(t: Terms, args: tuple[Term, ...]) -> Term | None:
    if args[2].op != "const" or args[2].data > 16:
        return None
    low = 8 * args[2].data
    return t.extract(t.concat(args[:2]), low + 127, low)


def _permuted(t: Terms, args: tuple[Term, ...]) -> Term:
    """Each byte of the second chooses, by its low four bits, a byte of the first."""
    table = split(t, args[0], 8)

    def choose(index: Term) -> Term:
        found = table
        for bit in range(4):
            way = t.extract(index, bit, bit)
            found = [t.ite(way, high, low) for low, high in zip(found[::2], found[1::2])]
        return found[0]

    return join(t, [choose(index) for index in split(t, args[1], 8)])


def _float(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    width = int(size)
    rounding = args[:1] if args[0].width == 32 else ()
    return _each(
        t, width, lambda *each: applied(t, f"{name}F{size}", (*rounding, *each), width), *args[len(rounding) :]
    )


def _float_compared(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    def make(one: Term, two: Term) -> Term:
        high, low = compared(t, int(size), one, two)
        equal, less = t.and_(high, t.not_(low)), t.and_(t.not_(high), low)
        return _mask(t, {"EQ": equal, "LT": less, "LE": t.or_(equal, less)}[name], int(size))

    return _each(t, int(size), make, *args)


def _float_sign(t: Terms, args: tuple[Term, ...], name: str, size: str) -> Term:
    return _each(t, int(size), lambda lane: sign(t, lane, name == "Neg"), args[0])


def _one_lane(t: Terms, args: tuple[Term, ...], size: str, index: str) -> Term:
    lane = split(t, args[0], int(size))[int(index)]
    return join(t, [lane] * (128 // int(size)))


_LANES = r"(8|16|32|64){}x(?:16|8|4|2)"
_MAKERS: tuple[tuple[str, Maker], ...] = (
    (r"(Add|Sub|Mul)" + _LANES.format(""), _plain),
    (r"(Max|Min)" + _LANES.format("([SU])"), _extreme),
    (r"Cmp(EQ|GT)" + _LANES.format("([SU]?)"), _compared),
    (r"(Shl|Shr|Sar)N" + _LANES.format(""), _shifted_alike),
    (r"(R?)[Ss]h" + _LANES.format("([SU])"), _shifted),
    (r"Q(Add|Sub)" + _LANES.format("([SU])"), _saturating),
    (r"NarrowUn(?:16|32|64)to(8|16|32)x(?:8|4|2)", _narrowed),
    (r"QNarrowUn(16|32|64)([SU])to(8|16|32)([SU])x(?:8|4|2)", _narrowed_saturating),
    (r"Mull(8|16|32)([SU])x(?:8|4|2)", _product),
    (r"Interleave(LO|HI)" + _LANES.format(""), _interleaved),
    (r"Cat(Even|Odd)Lanes" + _LANES.format(""), _every_other),
    (r"Reverse(1|8|16|32)sIn(8|16|32|64)_x(?:16|8|4|2)", _reversed),
    (r"Abs" + _LANES.format(""), _absolute),
    (r"Cnt8x16", _ones),
    (r"Cl(z|s)(8|16|32)x(?:16|8|4)", _leading),
    (r"SliceV128", _slice),
    (r"Perm8x16", _permuted),
    (r"(Add|Sub|Mul|Div|Sqrt|Fma|MaxNum|MinNum|Max|Min)(32|64)Fx(?:4|2)", _float),
    (r"Cmp(EQ|LT|LE)(32|64)Fx(?:4|2)", _float_compared),
    (r"(Neg|Abs)(32|64)Fx(?:4|2)", _float_sign),
    (r"OneLane(32|64)x(\d)", _one_lane),
)
_TABLE: tuple[tuple[re.Pattern[str], Maker], ...] = tuple((re.compile(pattern), make) for pattern, make in _MAKERS)
