"""NZCV as what computed it, so that a condition is a comparison and not four bits.

The lifter leaves an operation's number and operands; the numbers and conditions are those
of its ARM64 helper functions.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..terms.term import Term, Unproved
from .memory import Terms

_COPY = 0
_OPERATIONS = {
    1: ("add", 32),
    2: ("add", 64),
    3: ("sub", 32),
    4: ("sub", 64),
    5: ("adc", 32),
    6: ("adc", 64),
    7: ("sbc", 32),
    8: ("sbc", 64),
    9: ("logic", 32),
    10: ("logic", 64),
}


@dataclass(frozen=True, slots=True)
class Flags:
    """1-bit terms. `less`: N differs from V. `above`: C and not Z. `greater`: not `less` and not Z."""

    n: Term
    z: Term
    c: Term
    v: Term
    less: Term
    above: Term
    greater: Term

    @property
    def bits(self) -> tuple[Term, Term, Term, Term]:
        return self.n, self.z, self.c, self.v


def of_bits(terms: Terms, n: Term, z: Term, c: Term, v: Term) -> Flags:
    less = terms.bitwise("xor", n, v)
    return Flags(n, z, c, v, less, terms.and_(c, terms.not_(z)), terms.and_(terms.not_(less), terms.not_(z)))


def of_operation(terms: Terms, number: Term, one: Term, two: Term, three: Term) -> Flags:
    """The flags that the lifter's thunk stands for. Raises Unproved."""
    if number.op != "const":
        condition = _condition_of(number)
        if condition is None:
            raise Unproved("flags of an unknown operation")
        one_way, other = (
            of_operation(terms, *(_under(terms, condition, way, each) for each in (number, one, two, three)))
            for way in (True, False)
        )
        return Flags(*(terms.ite(condition, getattr(one_way, name), getattr(other, name)) for name in Flags.__slots__))
    if number.data == _COPY:
        return of_bits(terms, *(terms.extract(one, bit, bit) for bit in (31, 30, 29, 28)))
    if number.data not in _OPERATIONS:
        raise Unproved("flags of an unknown operation")
    operation, width = _OPERATIONS[number.data]
    one, two = terms.extract(one, width - 1, 0), terms.extract(two, width - 1, 0)
    if operation == "logic":
        none = terms.false
        return of_bits(
            terms, terms.extract(one, width - 1, width - 1), terms.eq(one, terms.const(0, width)), none, none
        )
    if operation == "sub":
        return _subtraction(terms, one, two)
    if operation == "add":
        if two.op == "const" and two.data not in (0, 1 << width - 1):
            return _subtraction(terms, one, terms.negative(two))
        return _addition(terms, one, two, terms.const(0, width))
    carry = terms.zext(terms.extract(three, 0, 0), width)
    return _addition(terms, one, two if operation == "adc" else terms.not_(two), carry)


def _condition_of(number: Term) -> Term | None:
    """The 1-bit term that decides which operation it was: a choice of two numbers, whose bits may have been put
    together.
    """
    if number.op == "ite":
        return number.args[0]
    parts = [arg for arg in number.args if arg.op != "const"]
    if number.op != "concat" or not parts:
        return None
    first = parts[0]
    return (first.args[0] if first.op == "not" else first) if first.width == 1 else _condition_of(first)


def _under(terms: Terms, condition: Term, way: bool, term: Term) -> Term:
    """The term where `condition` is known."""
    if term is condition:
        return terms.true if way else terms.false
    if term.op == "not":
        return terms.not_(_under(terms, condition, way, term.args[0]))
    if term.op == "ite" and term.args[0] is condition:
        return term.args[1] if way else term.args[2]
    if term.op == "ite":
        return terms.ite(term.args[0], *(_under(terms, condition, way, arg) for arg in term.args[1:]))
    if term.op == "concat":
        return terms.concat(_under(terms, condition, way, arg) for arg in term.args)
    if term.op == "lin":
        return terms.lin(
            term.data[0], zip(term.data[1], (_under(terms, condition, way, arg) for arg in term.args)), term.width
        )
    if term.op == "and" and term.width == 1:
        return terms.and_(*(_under(terms, condition, way, arg) for arg in term.args))
    return term


def _subtraction(terms: Terms, one: Term, two: Term) -> Flags:
    difference = terms.minus(one, two)
    negative = terms.extract(difference, one.width - 1, one.width - 1)
    less = terms.slt(one, two)
    return Flags(
        negative,
        terms.eq(one, two),
        terms.not_(terms.ult(one, two)),
        terms.bitwise("xor", negative, less),
        less,
        terms.ult(two, one),
        terms.slt(two, one),
    )


def _addition(terms: Terms, one: Term, two: Term, carry: Term) -> Flags:
    """With a carry that is 0 or 1."""
    width = one.width
    result = terms.lin(0, ((1, one), (1, two), (1, carry)), width)
    wide = terms.lin(0, ((1, terms.zext(each, width + 1)) for each in (one, two, carry)), width + 1)
    signs = [terms.extract(each, width - 1, width - 1) for each in (one, two, result)]
    overflow = terms.and_(
        terms.not_(terms.bitwise("xor", signs[0], signs[1])), terms.bitwise("xor", signs[0], signs[2])
    )
    return of_bits(
        terms, signs[2], terms.eq(result, terms.const(0, width)), terms.extract(wide, width, width), overflow
    )


def condition(terms: Terms, flags: Flags, number: int) -> Term:
    """The 1-bit value of condition 0 (eq) .. 15 (nv)."""
    even = (flags.z, flags.c, flags.n, flags.v, flags.above, terms.not_(flags.less), flags.greater, terms.true)[
        number >> 1
    ]
    return terms.not_(even) if number & 1 and number != 15 else even
