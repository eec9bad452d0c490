"""Normal forms of sums, products, shifts, divisions and comparisons.

A sum is a constant and coefficients of distinct terms, so that additions, negations,
shifts by constants and multiplications by constants that do the same are one term, and
two addresses are compared by subtraction. Constants of comparisons stand on the right.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from .bits import Bits, cuts
from .term import Term, signed


class Arithmetic(Bits):
    """Terms that compute."""

    def lin(self, constant: int, parts: Iterable[tuple[int, Term]], width: int) -> Term:
        """constant + the sum of coefficient * term."""
        sums: dict[int, list] = {}
        todo = list(parts)
        while todo:
            factor, term = todo.pop()
            if term.op == "const":
                constant += factor * term.data
            elif term.op == "lin":
                constant += factor * term.data[0]
                todo += [(factor * k, arg) for k, arg in zip(term.data[1], term.args)]
            elif term.op == "not":
                constant -= factor
                todo.append((-factor, term.args[0]))
            elif term.op == "concat" and term.args[-1].op == "const" and not term.args[-1].data:
                todo.append((factor << term.args[-1].width, self._unshifted(term)))
            else:
                sums.setdefault(term.number, [0, term])[0] += factor
        mask = (1 << width) - 1
        if width == 1:
            return self._parity(constant, [term for factor, term in sums.values() if factor & 1])
        kept = [(factor & mask, term) for factor, term in (sums[n] for n in sorted(sums)) if factor & mask]
        constant &= mask
        if not kept:
            return self.const(constant, width)
        chosen = self._chosen(constant, kept, width)
        if chosen is not None:
            return chosen
        if len(kept) == 1:
            factor, term = kept[0]
            if not constant and factor & factor - 1 == 0:
                shift = factor.bit_length() - 1
                return self.concat((self.extract(term, width - 1 - shift, 0), self.const(0, shift))) if shift else term
            if constant == factor == mask:
                return self.not_(term)
        return self.make("lin", tuple(term for _, term in kept), width, (constant, tuple(factor for factor, _ in kept)))

    def _chosen(self, constant: int, kept: list[tuple[int, Term]], width: int) -> Term | None:
        """The choice of two sums, where one arm of a choice cancels another summand, or two choices have one condition.

        Not where there are choices on several conditions: each would double the term.
        """
        choices = [(factor, term) for factor, term in kept if term.op == "ite"]
        if not choices or len(kept) < 2 or any(term.args[0] is not choices[0][1].args[0] for _, term in choices):
            return None
        summands = {(-factor & (1 << width) - 1, term.number) for factor, term in kept}
        cancels = any((factor, arm.number) in summands for factor, term in choices for arm in term.args[1:])
        if len(choices) == 1 and not cancels:
            return None
        rest = [each for each in kept if each not in choices]
        sums = ([*rest, *((factor, term.args[n]) for factor, term in choices)] for n in (1, 2))
        return self.ite(choices[0][1].args[0], *(self.lin(constant, parts, width) for parts in sums))

    def _parity(self, constant: int, terms: list[Term]) -> Term:
        result = self.const(constant, 1)
        for term in terms:
            result = self.bitwise("xor", result, term)
        return result

    def _unshifted(self, term: Term) -> Term:
        """For a concatenation that ends in zeros, what was shifted left to get it."""
        rest = self.concat(term.args[:-1])
        if rest.op == "extract" and not rest.data and rest.args[0].width == term.width:
            return rest.args[0]
        return self.zext(rest, term.width)

    def add(self, one: Term, two: Term) -> Term:
        return self.lin(0, ((1, one), (1, two)), one.width)

    def minus(self, one: Term, two: Term) -> Term:
        return self.lin(0, ((1, one), (-1, two)), one.width)

    def plus(self, term: Term, constant: int) -> Term:
        return self.lin(constant, ((1, term),), term.width) if constant else term

    def negative(self, term: Term) -> Term:
        return self.lin(0, ((-1, term),), term.width)

    def mul(self, one: Term, two: Term) -> Term:
        width = one.width
        if width == 1:
            return self.bitwise("and", one, two)
        for factor, term in ((one, two), (two, one)):
            if factor.op == "const":
                return self.lin(0, ((factor.data, term),), width)
        args = [arg for each in (one, two) for arg in (each.args if each.op == "mul" else (each,))]
        return self.make("mul", tuple(sorted(args, key=lambda each: each.number)), width)

    def shl(self, term: Term, amount: Term) -> Term:
        if amount.op == "const":
            return (
                self.lin(0, ((1 << amount.data, term),), term.width)
                if amount.data < term.width
                else self.const(0, term.width)
            )
        return self._shift("shl", term, amount)

    def lshr(self, term: Term, amount: Term) -> Term:
        if amount.op == "const":
            width, by = term.width, amount.data
            return self.zext(self.extract(term, width - 1, by), width) if by < width else self.const(0, width)
        return self._shift("lshr", term, amount)

    def ashr(self, term: Term, amount: Term) -> Term:
        if amount.op == "const":
            width = term.width
            return self.sext(self.extract(term, width - 1, min(amount.data, width - 1)), width)
        return self._shift("ashr", term, amount)

    def _shift(self, op: str, term: Term, amount: Term) -> Term:
        zero = term.op == "const" and not term.data
        return term if zero else self.make(op, (term, amount), term.width)

    def divide(self, op: str, one: Term, two: Term) -> Term:
        """udiv, sdiv as AArch64 has them: by zero is 0."""
        width = one.width
        zero = self.const(0, width)
        spare = min(self.zeros(one), self.zeros(two))
        if 0 < spare < width:  # neither is negative, and the quotient is no wider than they are
            low = (self.extract(each, width - 1 - spare, 0) for each in (one, two))
            return self.zext(self.divide("udiv", *low), width)
        if two.op == "const" and two.data:
            if one.op == "const":
                return self.const(_quotient(op, one.data, two.data, width), width)
            if op == "udiv" and two.data & two.data - 1 == 0:
                return self.lshr(one, self.const(two.data.bit_length() - 1, width))
        return self.ite(self.eq(two, zero), zero, self.make(op, (one, two), width))

    def eq(self, one: Term, two: Term) -> Term:
        if one is two:
            return self.true
        width = one.width
        if width == 1:
            return self.not_(self.bitwise("xor", one, two))
        if one.op == "const":
            one, two = two, one
        pieces = self._equal_pieces(one, two)
        if pieces is not None:
            return pieces
        difference = self.minus(one, two)
        if difference.op == "const":
            return self.false if difference.data else self.true
        return self._is_zero(difference)

    def _equal_pieces(self, one: Term, two: Term) -> Term | None:
        if one.op == "sext" and two.op == "const":
            inner = one.args[0]
            low = self.const(two.data, inner.width)
            return self.eq(inner, low) if self.sext(low, one.width) is two else self.false
        if one.op == two.op == "sext" and one.args[0].width == two.args[0].width:
            return self.eq(one.args[0], two.args[0])
        if one.op == "ite" and two.op == "const" and (one.args[1].op == "const" or one.args[2].op == "const"):
            return self.ite(one.args[0], self.eq(one.args[1], two), self.eq(one.args[2], two))
        if (one.op == "concat" and two.op in ("const", "concat")) or (two.op == "concat" and one.op == "const"):
            bounds = [0, *sorted(cuts(one) | cuts(two)), one.width]
            return self.and_(
                *(
                    self.eq(self.extract(one, after - 1, first), self.extract(two, after - 1, first))
                    for first, after in itertools.pairwise(bounds)
                )
            )
        return None

    def _is_zero(self, difference: Term) -> Term:
        """In one form for a difference and its negation."""
        width = difference.width
        if difference.op != "lin":
            if difference.op == "concat":
                return self.and_(*(self.eq(arg, self.const(0, arg.width)) for arg in difference.args))
            if difference.op == "not":
                return self.eq(difference.args[0], self.const(-1, width))
            if difference.op in ("sext", "ite"):
                found = self._equal_pieces(difference, self.const(0, width))
                if found is not None:
                    return found
            return self.make("eq", (difference, self.const(0, width)), 1)
        _constant, factors = difference.data
        if factors[0] >> width - 1:
            return (
                self._is_zero(self.negative(difference)) if factors[0] != 1 << width - 1 else self._raw_zero(difference)
            )
        return self._raw_zero(difference)

    def _raw_zero(self, difference: Term) -> Term:
        width = difference.width
        constant, factors = difference.data
        if not constant and len(factors) == 2 and factors == (1, (1 << width) - 1):
            return self.make("eq", difference.args, 1)
        rest = self.lin(0, zip(factors, difference.args), width)
        if rest.op in ("concat", "sext", "ite"):
            found = self._equal_pieces(rest, self.const(-constant, width))
            if found is not None:
                return found
        return self.make("eq", (rest, self.const(-constant, width)), 1)

    def ult(self, one: Term, two: Term) -> Term:
        width = one.width
        if one is two:
            return self.false
        if one.op == "const":
            if two.op == "const":
                return self.true if one.data < two.data else self.false
            return (
                self.false
                if one.data == (1 << width) - 1
                else self.not_(self.ult(two, self.const(one.data + 1, width)))
            )
        spare = min(self.zeros(one), self.zeros(two))
        if spare:
            return self.ult(self.extract(one, width - 1 - spare, 0), self.extract(two, width - 1 - spare, 0))
        if two.op == "const":
            if two.data >> width - self.zeros(one):
                return self.true
            if two.data & two.data - 1 == 0:
                low = two.data.bit_length() - 1
                return (
                    self.eq(self.extract(one, width - 1, low), self.const(0, width - low)) if two.data else self.false
                )
            if two.data == (1 << width) - 1:
                return self.not_(self.eq(one, two))
        return self.make("ult", (one, two), 1)

    def slt(self, one: Term, two: Term) -> Term:
        width = one.width
        if one is two:
            return self.false
        if width == 1:
            return self.and_(one, self.not_(two))
        if one.op == "const":
            if two.op == "const":
                return self.true if signed(one.data, width) < signed(two.data, width) else self.false
            return (
                self.false
                if one.data == (1 << width - 1) - 1
                else self.not_(self.slt(two, self.const(one.data + 1, width)))
            )
        if self.zeros(one) and self.zeros(two):
            return self.ult(one, two)
        if two.op == "const":
            if not two.data:
                return self.extract(one, width - 1, width - 1)
            if two.data == 1 << width - 1:
                return self.false
        inner = [self.signed_width(each) for each in (one, two)]
        if min(inner) < width:
            spare = width - max(inner)
            if spare:
                return self.slt(self.extract(one, width - 1 - spare, 0), self.extract(two, width - 1 - spare, 0))
        return self.make("slt", (one, two), 1)

    def zeros(self, term: Term) -> int:
        """How many top bits are zero in any case."""
        if term.op == "const":
            return term.width - term.data.bit_length()
        if term.op == "concat" and term.args[0].op == "const":
            return self.zeros(term.args[0])
        return 0

    def signed_width(self, term: Term) -> int:
        """How many low bits say the signed value."""
        if term.op == "sext":
            return term.args[0].width
        if term.op == "const":
            value = signed(term.data, term.width)
            return (value if value >= 0 else ~value).bit_length() + 1
        return min(term.width, term.width - self.zeros(term) + 1)

    def clz(self, term: Term) -> Term:
        return (
            self.const(term.width - term.data.bit_length(), term.width)
            if term.op == "const"
            else self.make("clz", (term,), term.width)
        )


def _quotient(op: str, one: int, two: int, width: int) -> int:
    if op == "udiv":
        return one // two
    a, b = signed(one, width), signed(two, width)
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
