"""A second opinion on integer instructions: Ghidra's p-code, by pypcode, must say the same as the first lifter.

One instruction at a time, on all inputs: what both make of registers, flags, memory and the
way out is compared term by term, and by a solver where the terms differ. The one importer
of pypcode. No opinion on vectors and floating point, where p-code is known to be wrong,
and on what is in `_KNOWN_WRONG`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

import pypcode

from ....analysis.obligation import Kind, Known, Step
from ....analysis.registers import q, union
from ..solvers.bitwuzla import Bitwuzla
from ..symbolic.entry import entry
from ..symbolic.memory import Terms
from ..symbolic.step import Entry, Run
from ..terms.term import Term, Unproved
from .vex import Lifted, far

_ADDRESS = 0x100000
_SECONDS = 0.05
_VECTORS = union(q(n) for n in range(32))

# (mask, value): p-code sign-extends to 64 bits where the register is w, loads the second of a pair wrongly, or
# takes N and Z of zero where the result is dropped.
_KNOWN_WRONG = (
    (0xFFC00000, 0x39C00000),
    (0xFFC00000, 0x79C00000),  # ldrsb w, ldrsh w: unsigned offset
    (0xFFE00000, 0x38C00000),
    (0xFFE00000, 0x78C00000),  # unscaled, pre, post
    (0xFFE00C00, 0x38E00800),
    (0xFFE00C00, 0x78E00800),  # register offset
    (0xFE400000, 0x68400000),  # ldpsw
    (0xFFE0FC1F, 0x7A00001F),  # sbcs wzr, ngcs wzr
)

_FLAGS = ("ng", "zr", "cy", "ov")

AGREE, NO_OPINION, DISAGREE = "agree", "no opinion", "disagree"


def opinion(step: Step, first: Lifted) -> str:
    """AGREE, NO_OPINION or DISAGREE on what `first` says of the step."""
    return _opinion(step.word, _Question(step, first))


@dataclass(frozen=True, slots=True)
class _Question:
    """Compared by the word, which is all that the answer depends on."""

    step: Step = field(compare=False)
    first: Lifted = field(compare=False)


@lru_cache(maxsize=1 << 14)
def _opinion(word: int, question: _Question) -> str:
    step, first = question.step, question.first
    effect = step.effect
    if (
        step.relocated
        or (effect.reads | effect.writes) & _VECTORS
        or effect.kind in (Kind.PINNED, Kind.CALL, Kind.JUMP)
    ):
        return NO_OPINION
    if any(word & mask == value for mask, value in _KNOWN_WRONG):
        return NO_OPINION
    try:
        return _compared(step, first)
    except Unproved:
        return NO_OPINION


def _compared(step: Step, first: Lifted) -> str:
    start = entry(Known(), {}, havoc=False)
    terms = start.terms
    run = Run(start, step, start.state)
    after = run.run(first)
    guard = run.value(first.guard) if first.guard is not None else terms.false
    goal = run.value(first.goal) if first.goal is not None else None
    second = _Machine(start).run(step.word)
    pairs = [(after.registers[name], second.registers[name]) for name in after.registers if name[0] != "q"]
    pairs += zip(after.flags.bits, second.flags)
    pairs.append((guard, second.guard))
    if (goal is None) != (second.goal is None):
        return DISAGREE
    if goal is not None:
        pairs.append((goal, second.goal))
    differs = [terms.not_(terms.eq(one, two)) for one, two in pairs if one is not two]
    if after.memory is not second.memory:
        one, two = after.memory, second.memory
        if one.op != "group" or two.op != "group" or one.data != two.data or one.args[:2] != two.args[:2]:
            return DISAGREE
        differs += [
            terms.true if a.width != b.width else terms.not_(terms.eq(a, b)) for a, b in zip(one.args[2:], two.args[2:])
        ]
    some = terms.or_(*differs)
    if some is terms.false:
        return AGREE
    answer = Bitwuzla((some,)).check(_SECONDS)
    return AGREE if answer is False else NO_OPINION if answer is None else DISAGREE


class _After:
    """What p-code leaves: registers as in a State, four flags, memory, the guard of a branch and where an indirect one
    goes.
    """

    def __init__(
        self, registers: Mapping[str, Term], flags: tuple[Term, ...], memory: Term, guard: Term, goal: Term | None
    ):
        self.registers, self.flags, self.memory, self.guard, self.goal = registers, flags, memory, guard, goal


@cache
def _context() -> pypcode.Context:
    return pypcode.Context("AARCH64:LE:64:v8A")


@cache
def _places() -> dict[str, int]:
    """Offset in the register space of what is compared."""
    return {name.lower(): node.offset for name, node in _context().registers.items()}


@cache
def _registers() -> tuple[tuple[str, int], ...]:
    """The 64-bit registers that are followed, with their offsets."""
    return tuple((name, _places()[name]) for name in (*(f"x{n}" for n in range(31)), "sp", "xzr"))


class _Machine:
    """Runs the p-code of one instruction. Branches inside it go forward only; both ways are run and joined."""

    def __init__(self, start: Entry):
        self._terms: Terms = start.terms
        self._start = start

    def run(self, word: int) -> _After:
        branch = far(word)
        try:
            ops = _context().translate(branch.to_bytes(4, "little"), _ADDRESS, 0, 4).ops
        except pypcode.LowlevelError as error:
            raise Unproved("p-code does not know it") from error
        return self._walk(ops, 0, {}, self._start.state.memory)

    def _at_entry(self, offset: int, size: int) -> Term:
        """What a register that was not written yet holds."""
        terms, state = self._terms, self._start.state
        for name, start in _registers():
            if start <= offset and offset + size <= start + 8:
                value = terms.const(0, 64) if name == "xzr" else state.registers[name]
                return terms.extract(value, 8 * (offset - start + size) - 1, 8 * (offset - start))
        flags = {_places()[name]: bit for name, bit in zip(_FLAGS, state.flags.bits)}
        if size == 1 and offset in flags:
            return terms.zext(flags[offset], 8)
        raise Unproved("p-code reads a register that is not followed")

    def _put(self, bytes_: dict, space: str, offset: int, value: Term) -> None:
        for k in range(value.width // 8):
            bytes_[space, offset + k] = self._terms.extract(value, 8 * k + 7, 8 * k)

    def _get(self, bytes_: dict, node) -> Term:
        return (
            self._terms.const(node.offset, 8 * node.size)
            if node.space.name == "const"
            else self._held(bytes_, node.space.name, node.offset, node.size)
        )

    def _held(self, bytes_: dict, space: str, offset: int, size: int) -> Term:
        places = [(space, offset + k) for k in range(size)]
        written = [place in bytes_ for place in places]
        if not any(written) and space == "register":
            return self._at_entry(offset, size)
        if space != "register" and not all(written):
            raise Unproved("p-code reads what it has not written")
        return self._terms.concat(
            [
                bytes_[place] if done else self._at_entry(place[1], 1)
                for place, done in reversed([*zip(places, written)])
            ]
        )

    def _walk(self, ops, at: int, bytes_: dict, memory: Term) -> _After:
        terms = self._terms
        while at < len(ops):
            op = ops[at]
            name = op.opcode.name
            if name == "IMARK":
                pass
            elif name in ("BRANCH", "CBRANCH"):
                return self._branch(ops, at, bytes_, memory)
            elif name in ("RETURN", "BRANCHIND"):
                return self._after(bytes_, memory, terms.false, self._get(bytes_, op.inputs[0]))
            elif name == "STORE":
                memory = terms.store(memory, self._get(bytes_, op.inputs[1]), self._get(bytes_, op.inputs[2]))
            elif name == "LOAD":
                self._put(
                    bytes_,
                    op.output.space.name,
                    op.output.offset,
                    terms.load(memory, self._get(bytes_, op.inputs[1]), 8 * op.output.size),
                )
            else:
                value = self._value(name, [self._get(bytes_, node) for node in op.inputs], 8 * op.output.size)
                self._put(bytes_, op.output.space.name, op.output.offset, value)
            at += 1
        return self._after(bytes_, memory, terms.false, None)

    def _branch(self, ops, at: int, bytes_: dict, memory: Term) -> _After:
        op = ops[at]
        to = op.inputs[0]
        terms = self._terms
        taken = terms.true if op.opcode.name == "BRANCH" else terms.extract(self._get(bytes_, op.inputs[1]), 0, 0)
        if to.space.name == "const":
            if to.offset >= 1 << 31 or to.offset == 0:
                raise Unproved("p-code loops")
            there = self._walk(ops, at + to.offset, dict(bytes_), memory)
        elif to.offset == _ADDRESS + 4:
            there = self._after(bytes_, memory, terms.false, None)
        elif to.offset == _ADDRESS + 8:
            there = self._after(bytes_, memory, terms.true, None)
        else:
            raise Unproved("p-code goes elsewhere")
        if taken is terms.true:
            return there
        return self._joined(taken, there, self._walk(ops, at + 1, dict(bytes_), memory))

    def _joined(self, taken: Term, one: _After, two: _After) -> _After:
        if one.memory is not two.memory or one.goal is not two.goal:
            raise Unproved("p-code stores on one way only")
        ite = self._terms.ite
        registers = {name: ite(taken, value, two.registers[name]) for name, value in one.registers.items()}
        flags = tuple(ite(taken, *each) for each in zip(one.flags, two.flags))
        return _After(registers, flags, one.memory, ite(taken, one.guard, two.guard), one.goal)

    def _after(self, bytes_: dict, memory: Term, guard: Term, goal: Term | None) -> _After:
        registers = {name: self._held(bytes_, "register", start, 8) for name, start in _registers() if name != "xzr"}
        flags = tuple(self._terms.extract(self._held(bytes_, "register", _places()[name], 1), 0, 0) for name in _FLAGS)
        return _After(registers, flags, memory, guard, goal)

    def _value(self, name: str, args: list[Term], width: int) -> Term:
        maker = _MAKERS.get(name)
        if maker is None:
            raise Unproved(f"p-code operation {name}")
        result = maker(self._terms, width, *args)
        if result.width != width:
            result = (
                self._terms.zext(result, width) if result.width < width else self._terms.extract(result, width - 1, 0)
            )
        return result


def _carry(t: Terms, width: int, one: Term, two: Term) -> Term:
    wide = one.width + 1
    return t.extract(t.add(t.zext(one, wide), t.zext(two, wide)), one.width, one.width)


def _signed_carry(t: Terms, width: int, one: Term, two: Term) -> Term:
    signs = [t.extract(each, each.width - 1, each.width - 1) for each in (one, two, t.add(one, two))]
    return t.and_(t.not_(t.bitwise("xor", signs[0], signs[1])), t.bitwise("xor", signs[0], signs[2]))


def _signed_borrow(t: Terms, width: int, one: Term, two: Term) -> Term:
    """The sign of the difference is not that of the comparison."""
    return t.bitwise("xor", t.extract(t.minus(one, two), one.width - 1, one.width - 1), t.slt(one, two))


def _shift(name: str) -> Callable[..., Term]:
    """Amounts of another width; as many bits or more leave nothing, or the sign."""

    def make(t: Terms, width: int, one: Term, two: Term) -> Term:
        if two.width > one.width:
            large = t.not_(t.ult(two, t.const(one.width, two.width)))
            amount = t.ite(large, t.const(one.width, one.width), t.extract(two, one.width - 1, 0))
        else:
            amount = t.zext(two, one.width)
        return getattr(t, name)(one, amount)

    return make


def _bit(term: Terms, value: Term) -> Term:
    return term.extract(value, 0, 0)


_MAKERS: dict[str, Callable[..., Term]] = {
    "COPY": lambda t, w, a: a,
    "INT_ZEXT": lambda t, w, a: t.zext(a, w),
    "INT_SEXT": lambda t, w, a: t.sext(a, w),
    "INT_ADD": lambda t, w, a, b: t.add(a, b),
    "INT_SUB": lambda t, w, a, b: t.minus(a, b),
    "INT_MULT": lambda t, w, a, b: t.mul(a, b),
    "INT_AND": lambda t, w, a, b: t.bitwise("and", a, b),
    "INT_OR": lambda t, w, a, b: t.bitwise("or", a, b),
    "INT_XOR": lambda t, w, a, b: t.bitwise("xor", a, b),
    "INT_NEGATE": lambda t, w, a: t.not_(a),
    "INT_2COMP": lambda t, w, a: t.negative(a),
    "INT_LEFT": _shift("shl"),
    "INT_RIGHT": _shift("lshr"),
    "INT_SRIGHT": _shift("ashr"),
    "INT_EQUAL": lambda t, w, a, b: t.eq(a, b),
    "INT_NOTEQUAL": lambda t, w, a, b: t.not_(t.eq(a, b)),
    "INT_LESS": lambda t, w, a, b: t.ult(a, b),
    "INT_LESSEQUAL": lambda t, w, a, b: t.not_(t.ult(b, a)),
    "INT_SLESS": lambda t, w, a, b: t.slt(a, b),
    "INT_SLESSEQUAL": lambda t, w, a, b: t.not_(t.slt(b, a)),
    "INT_CARRY": _carry,
    "INT_SCARRY": _signed_carry,
    "INT_SBORROW": _signed_borrow,
    "INT_DIV": lambda t, w, a, b: t.make("udiv", (a, b), w),
    "INT_SDIV": lambda t, w, a, b: t.make("sdiv", (a, b), w),
    "BOOL_NEGATE": lambda t, w, a: t.not_(_bit(t, a)),
    "BOOL_AND": lambda t, w, a, b: t.and_(_bit(t, a), _bit(t, b)),
    "BOOL_OR": lambda t, w, a, b: t.or_(_bit(t, a), _bit(t, b)),
    "BOOL_XOR": lambda t, w, a, b: t.bitwise("xor", _bit(t, a), _bit(t, b)),
    "SUBPIECE": lambda t, w, a, b: t.extract(a, min(a.width, 8 * b.data + w) - 1, 8 * b.data),
    "PIECE": lambda t, w, a, b: t.concat((a, b)),
    "LZCOUNT": lambda t, w, a: t.clz(a),
}
