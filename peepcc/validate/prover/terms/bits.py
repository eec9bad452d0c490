"""Normal forms of bits: what is cut out, put together, masked, or chosen.

Everything that moves bits without computing becomes a concatenation of pieces of terms, so
that shifts, masks, extensions and bit-field instructions that do the same are one term.
Every rule is an identity on all values; tests evaluate both sides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from .term import Table, Term

_MOST_PIECES = 9  # a mask with more runs stays a mask


def cuts(term: Term) -> set[int]:
    """The bit positions where the pieces of a term meet."""
    if term.op != "concat":
        return set()
    found, at = set(), 0
    for arg in reversed(term.args[1:]):
        at += arg.width
        found.add(at)
    return found


def runs(value: int, width: int) -> set[int]:
    """Where the bits of `value` change."""
    change = (value ^ value >> 1) & (1 << width - 1) - 1
    found = set()
    while change:
        low = change & -change
        found.add(low.bit_length())
        change ^= low
    return found


class Bits(Table):
    """Terms that move bits. `lin`, `eq` and the like come from `arithmetic`, `load` from `symbolic/memory`."""

    def zext(self, term: Term, width: int) -> Term:
        return self.concat((self.const(0, width - term.width), term)) if width > term.width else term

    def sext(self, term: Term, width: int) -> Term:
        if width == term.width:
            return term
        if term.width == 1:
            return self.ite(term, self.const(-1, width), self.const(0, width))
        if term.op == "const":
            return self.const(term.data - (term.data >> term.width - 1 << term.width), width)
        if term.op == "sext":
            return self.sext(term.args[0], width)
        if term.op == "concat" and term.args[0].op == "const" and not term.args[0].data >> term.args[0].width - 1:
            return self.zext(term, width)
        return self.make("sext", (term,), width)

    def extract(self, term: Term, high: int, low: int) -> Term:
        """Bits low..high, both included."""
        if high - low + 1 == term.width:
            return term
        key = (term.number, high, low)
        found = self.extracts.get(key)
        if found is None:
            found = self.extracts[key] = self._extract(term, high, low)
        return found

    def _extract(self, term: Term, high: int, low: int) -> Term:
        width = high - low + 1
        op, args = term.op, term.args
        if op == "const":
            return self.const(term.data >> low, width)
        if op == "extract":
            return self.extract(args[0], high + term.data, low + term.data)
        if op == "concat":
            return self._cut(term, high, low)
        if op in ("and", "or", "xor"):
            parts = [self.extract(arg, high, low) for arg in args]
            result = parts[0]
            for part in parts[1:]:
                result = self.bitwise(op, result, part)
            return result
        if op == "not":
            return self.not_(self.extract(args[0], high, low))
        if op == "ite":
            return self.ite(args[0], self.extract(args[1], high, low), self.extract(args[2], high, low))
        if op == "sext":
            inner = args[0].width
            if high < inner:
                return self.extract(args[0], high, low)
            return self.sext(self.extract(args[0], inner - 1, min(low, inner - 1)), width)
        if op in ("lin", "mul") and high < term.width - 1:
            return self.extract(self._truncated(term, high + 1), high, low)
        if op == "load" and (low >= 8 or high // 8 < term.width // 8 - 1):
            first, size = low // 8, 8 * (high // 8 - low // 8 + 1)
            return self.extract(self.load(args[0], self.plus(args[1], first), size), high - 8 * first, low - 8 * first)
        return self.make("extract", (term,), width, low)

    def _truncated(self, term: Term, width: int) -> Term:
        """The low bits of a sum or product are the sum or product of the low bits."""
        parts = [self.extract(arg, width - 1, 0) for arg in term.args]
        if term.op == "lin":
            return self.lin(term.data[0], zip(term.data[1], parts), width)
        result = parts[0]
        for part in parts[1:]:
            result = self.mul(result, part)
        return result

    def _cut(self, term: Term, high: int, low: int) -> Term:
        parts, top = [], term.width
        for arg in term.args:
            bottom = top - arg.width
            if bottom <= high and top > low:
                parts.append(self.extract(arg, min(high, top - 1) - bottom, max(low, bottom) - bottom))
            top = bottom
        return self.concat(parts)

    def concat(self, parts: Iterable[Term]) -> Term:
        """High part first."""
        flat: list[Term] = []
        for part in parts:
            for each in part.args if part.op == "concat" else (part,):
                while flat and (joined := self._joined(flat[-1], each)) is not None:
                    each = joined
                    flat.pop()
                flat.append(each)
        if len(flat) == 1:
            return flat[0]
        return self.make("concat", tuple(flat), sum(each.width for each in flat))

    def _joined(self, high: Term, low: Term) -> Term | None:
        """One term for two neighbours, where that is one."""
        width = high.width + low.width
        if high.op == low.op == "const":
            return self.const(high.data << low.width | low.data, width)
        if high.op == "extract":
            whole = high.args[0]
            if low.op == "extract" and low.args[0] is whole and low.data + low.width == high.data:
                return self.extract(whole, high.data + high.width - 1, low.data)
            if high.data == low.width and low.width < whole.width and self.extract(whole, low.width - 1, 0) is low:
                return self.extract(whole, high.data + high.width - 1, 0)
        if high.op == "ite" and self._filled(high):
            if low.op == "ite" and low.args[0] is high.args[0] and self._filled(low):
                return self.make("ite", (high.args[0], self.const(-1, width), self.const(0, width)), width)
            if self.extract(low, low.width - 1, low.width - 1) is high.args[0]:
                return self.sext(low, width)
            inner = self._joined(high.args[0], low)
            return inner and self.sext(inner, width)
        if high.op == "sext":
            inner = self._joined(high.args[0], low)
            return inner and self.sext(inner, width)
        if (
            high.op == low.op == "load"
            and high.args[0] is low.args[0]
            and self.plus(low.args[1], low.width // 8) is high.args[1]
        ):
            return self.make("load", low.args, width)
        return None

    def _filled(self, choice: Term) -> bool:
        """All ones, or zero."""
        return (
            choice.args[1].op == choice.args[2].op == "const"
            and not choice.args[2].data
            and choice.args[1].data == (1 << choice.width) - 1
        )

    def not_(self, term: Term) -> Term:
        match term.op:
            case "const":
                return self.const(~term.data, term.width)
            case "not":
                return term.args[0]
            case "concat":
                return self.concat(self.not_(arg) for arg in term.args)
            case "lin":
                return self.lin(-1, ((-1, term),), term.width)
        return self.make("not", (term,), term.width)

    def bitwise(self, op: str, one: Term, two: Term) -> Term:
        """and, or, xor."""
        width = one.width
        if one.op == two.op == "const":
            return self.const(
                one.data & two.data if op == "and" else one.data | two.data if op == "or" else one.data ^ two.data,
                width,
            )
        places = cuts(one) | cuts(two)
        for each in (one, two):
            if each.op == "const":
                places |= runs(each.data, width)
        if places and len(places) < _MOST_PIECES:
            return self._piecewise(
                places,
                width,
                lambda high, low: self.bitwise(op, self.extract(one, high, low), self.extract(two, high, low)),
            )
        return self._flat(op, (one, two), width)

    def _piecewise(self, places: set[int], width: int, make) -> Term:
        bounds = [0, *sorted(places), width]
        return self.concat([make(after - 1, first) for first, after in itertools.pairwise(bounds)][::-1])

    def _flat(self, op: str, operands: tuple[Term, ...], width: int) -> Term:
        ones = (1 << width) - 1
        constant = ones if op == "and" else 0
        found: dict[int, Term] = {}
        inverted = False
        for operand in operands:
            for each in operand.args if operand.op == op else (operand,):
                if op == "xor" and each.op == "not":
                    inverted, each = not inverted, each.args[0]
                    if each.op == "xor":
                        for arg in each.args:
                            constant = self._gather(op, arg, constant, found)
                        continue
                constant = self._gather(op, each, constant, found)
        if inverted:
            constant ^= ones
        if op == "xor":
            return self._exclusive(found, constant, width)
        dominant = 0 if op == "and" else ones
        if constant == dominant or any(each.op == "not" and each.args[0].number in found for each in found.values()):
            return self.const(dominant, width)
        args = [found[n] for n in sorted(found)]
        if constant != ones - dominant:
            args.append(self.const(constant, width))
        return (
            self.const(constant, width)
            if not args
            else args[0]
            if len(args) == 1
            else self.make(op, tuple(args), width)
        )

    def _gather(self, op: str, each: Term, constant: int, found: dict[int, Term]) -> int:
        """The constant with `each` taken in, or `each` put into `found`."""
        if each.op == "const":
            return constant & each.data if op == "and" else constant | each.data if op == "or" else constant ^ each.data
        if op == "xor" and each.number in found:
            del found[each.number]
        else:
            found[each.number] = each
        return constant

    def _exclusive(self, found: dict[int, Term], constant: int, width: int) -> Term:
        args = [found[n] for n in sorted(found)]
        inverted = constant == (1 << width) - 1
        if constant and not inverted:
            args.append(self.const(constant, width))
        if not args:
            return self.const(constant, width)
        result = args[0] if len(args) == 1 else self.make("xor", tuple(args), width)
        return self.not_(result) if inverted else result

    def and_(self, *terms: Term) -> Term:
        result = self.true
        for term in terms:
            result = self.bitwise("and", result, term)
        return result

    def or_(self, *terms: Term) -> Term:
        result = self.false
        for term in terms:
            result = self.bitwise("or", result, term)
        return result

    def ite(self, condition: Term, one: Term, two: Term) -> Term:
        """`one` where the 1-bit `condition` is 1."""
        if condition.op == "not":
            condition, one, two = condition.args[0], two, one
        if condition.op == "const":
            return one if condition.data else two
        if one.op == "ite" and one.args[0] is condition:
            one = one.args[1]
        if two.op == "ite" and two.args[0] is condition:
            two = two.args[2]
        if one is two:
            return one
        if one.width == 1:
            return self._choice(condition, one, two)
        places = cuts(one) | cuts(two)
        for each in (one, two):
            if each.op == "const":
                places |= runs(each.data, each.width)
        if places and len(places) < _MOST_PIECES and self._shares(places, one, two):
            return self._piecewise(
                places,
                one.width,
                lambda high, low: self.ite(condition, self.extract(one, high, low), self.extract(two, high, low)),
            )
        if one.op == two.op == "const":
            return self.make("ite", (condition, one, two), one.width)
        step = self.minus(one, two)
        if step.op == "const" and step.data == 1:
            return self.add(two, self.zext(condition, one.width))
        if step.op == "const" and step.data == (1 << one.width) - 1:
            return self.add(one, self.zext(self.not_(condition), one.width))
        return self.make("ite", (condition, one, two), one.width)

    def _shares(self, places: set[int], one: Term, two: Term) -> bool:
        """Some piece is the same on both sides."""
        bounds = [0, *sorted(places), one.width]
        return any(
            self.extract(one, after - 1, first) is self.extract(two, after - 1, first)
            for first, after in itertools.pairwise(bounds)
        )

    def _choice(self, condition: Term, one: Term, two: Term) -> Term:
        if one.op == "const":
            return self.or_(condition, two) if one.data else self.and_(self.not_(condition), two)
        if two.op == "const":
            return self.or_(self.not_(condition), one) if two.data else self.and_(condition, one)
        return self.make("ite", (condition, one, two), 1)
