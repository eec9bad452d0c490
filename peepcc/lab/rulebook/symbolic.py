"""A rule for all values of an immediate at once: the lifter's constants that vary become symbols.

An instruction is lifted for several values; where the lifted constants differ, each must be the value times a number
plus a number, for all values that are checked. What is not of that shape is not proved. The rest is the prover's own:
the same terms, rules of equality and solvers.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...analysis.obligation import FALL, Obligation, Step
from ...validate.prover.lift.corrections import lifted
from ...validate.prover.lift.vex import Lifted
from ...validate.prover.solvers.portfolio import satisfiable
from ...validate.prover.symbolic.differences import differences
from ...validate.prover.symbolic.entry import entry
from ...validate.prover.symbolic.memory import Terms
from ...validate.prover.symbolic.paths import Path
from ...validate.prover.symbolic.step import Entry, Run, State
from ...validate.prover.terms.term import Term, Unproved

_WIDTH = 64
_MASK = (1 << _WIDTH) - 1


@dataclass(frozen=True, slots=True)
class Varying:
    """One instruction for many values: `step` of one of them, its code with ("affine", factor, more, width) in it, and
    the expression, or name, whose value it is for."""

    step: Step
    code: Lifted
    text: str


def unified(steps: Sequence[Step], values: Sequence[int], text: str) -> Varying:
    """`steps`: the instruction for each of the values. Raises Unproved."""
    codes = [lifted(step.word) for step in steps]
    if len({step.effect.accesses for step in steps}) > 1:
        raise Unproved("an address that varies")
    if len({(step.effect.reads, step.effect.writes) for step in steps}) > 1:
        raise Unproved("registers that vary with the immediate")
    statements = _joined([code.statements for code in codes], values)
    guard = _joined([code.guard for code in codes], values)
    return Varying(steps[0], Lifted(statements, guard, codes[0].goal), text)


def _joined(parts: Sequence[object], values: Sequence[int]) -> object:
    first = parts[0]
    if all(each == first for each in parts):
        return first
    if not all(isinstance(each, tuple) and isinstance(first, tuple) and len(each) == len(first) for each in parts):
        raise Unproved("what is lifted varies with the immediate")
    if first[0] == "const" and all(each[0] == "const" and each[2] == first[2] for each in parts):
        return _affine([each[1] for each in parts], values, first[2])
    return tuple(_joined([each[n] for each in parts], values) for n in range(len(first)))


def _affine(constants: Sequence[int], values: Sequence[int], width: int) -> tuple:
    mask = (1 << width) - 1
    for factor in (1, -1, *(1 << n for n in range(1, 64))):
        more = (constants[0] - factor * values[0]) & mask
        if all((factor * value + more) & mask == constant for value, constant in zip(values, constants)):
            return "affine", factor, more, width
    raise Unproved("a constant that is no sum with the immediate")


class _Run(Run):
    """With the value of the immediate as a term."""

    def __init__(self, start: Entry, step: Step, state: State, value: Term | None):
        super().__init__(start, step, state)
        self._value = value

    def value(self, expression: tuple, registers: Mapping[str, Term] | None = None) -> Term:
        if expression[0] == "affine" and self._value is not None:
            _, factor, more, width = expression
            low = self._terms.extract(self._value, width - 1, 0) if width < _WIDTH else self._value
            return self._terms.lin(more, ((factor & (1 << width) - 1, low),), width)
        return super().value(expression, registers)


def differing(
    obligation: Obligation,
    sides: tuple[Sequence[Varying], Sequence[Varying]],
    numbers: Mapping[str, int],
    limits: Mapping[str, tuple[int, int]],
    where: Sequence[str],
    seconds: float,
) -> str | None:
    """None where both sides are equal for all values within `limits` that `where` allows; else why not.

    `obligation` is that of one instance, whose live-outs and known facts hold for all.
    `numbers`: the immediates that do not vary.
    """
    start = entry(obligation.known, obligation.aliases, havoc=False)
    terms = start.terms
    names = {name: terms.const(value, _WIDTH) for name, value in numbers.items()}
    names |= {name: terms.var(f"immediate {name}", _WIDTH) for name in limits}
    required = [_within(terms, names[name], *limit) for name, limit in limits.items()]
    required += [each for text in where if (each := _holds(terms, text, names)) is not None]
    ways = [_ways(start, side, names) for side in sides]
    for source in ways[0]:
        for target in ways[1]:
            found = list(differences(terms, obligation, source, target))
            if found:
                asked = (*source.conditions, *target.conditions, terms.or_(*(each.differs for each in found)))
                answer, _, _ = satisfiable((*required, *asked), (), time.monotonic() + seconds)
                if answer is not False:
                    return f"{'not equal' if answer else 'no answer in time'}: {found[0].name}"
    return None


def _ways(start: Entry, side: Sequence[Varying], names: Mapping[str, Term]) -> list[Path]:
    state = start.state
    for n, varying in enumerate(side):
        value = _term(start.terms, ast.parse(varying.text, mode="eval").body, names) if varying.text else None
        run = _Run(start, varying.step, state, value)
        state = run.run(varying.code)
        if varying.code.goal is not None:
            raise Unproved("a way out that varies")
        if varying.code.guard is not None:
            if n + 1 < len(side):
                raise Unproved("a branch inside")
            guard = run.value(varying.code.guard)
            label = varying.step.instruction.operands[-1].name
            ways = ((guard, label), (start.terms.not_(guard), FALL))
            return [Path((taken,), way, None, state) for taken, way in ways if taken is not start.terms.false]
    return [Path((), FALL, None, state)]


def _within(terms: Terms, value: Term, least: int, most: int) -> Term:
    offset = terms.plus(value, -least)
    return terms.not_(terms.ult(terms.const(most - least, _WIDTH), offset))


def _term(terms: Terms, node: ast.expr, names: Mapping[str, Term]) -> Term:
    """Raises Unproved for what is not arithmetic without a quotient."""
    match node:
        case ast.Constant(value=int() as value):
            return terms.const(value & _MASK, _WIDTH)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return terms.negative(_term(terms, inner, names))
        case ast.UnaryOp(op=ast.Invert(), operand=inner):
            return terms.not_(_term(terms, inner, names))
        case ast.BinOp(left=left, op=op, right=right):
            one, two = _term(terms, left, names), _term(terms, right, names)
            if isinstance(op, ast.Add):
                return terms.add(one, two)
            if isinstance(op, ast.Sub):
                return terms.minus(one, two)
            if isinstance(op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
                return terms.bitwise({"BitAnd": "and", "BitOr": "or", "BitXor": "xor"}[type(op).__name__], one, two)
            if isinstance(op, ast.LShift):
                return terms.shl(one, two)
            if isinstance(op, ast.RShift):
                return terms.lshr(one, two)
    raise Unproved("an expression that is no term")


def _holds(terms: Terms, text: str, names: Mapping[str, Term]) -> Term | None:
    """None for what is only about encodings, or not a term: to assume less proves more."""
    node = ast.parse(text, mode="eval").body
    try:
        match node:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                return terms.eq(_term(terms, left, names), _term(terms, right, names))
            case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]):
                return terms.not_(terms.eq(_term(terms, left, names), _term(terms, right, names)))
            case ast.Call(func=ast.Name(id="pow2" | "mask" as name), args=[inner]):
                value = _term(terms, inner, names)
                other = terms.plus(value, -1 if name == "pow2" else 1)
                alone = terms.eq(terms.bitwise("and", value, other), terms.const(0, _WIDTH))
                return terms.and_(alone, terms.not_(terms.eq(value, terms.const(0, _WIDTH))))
    except Unproved:
        return None
    return None
