"""Runs a window on a few dozen states at once, as numpy vectors: the fast, rough evaluator that `search` prunes with.

What it does not model gets values that depend on the instruction and on what it reads, so
that equal computations stay equal. It can be wrong; candidates are emulated afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from ....analysis.obligation import Kind, Known, Step
from ....analysis.registers import names
from ....analysis.windows import Window
from ....assembly.print import print_instruction
from ....assembly.syntax import Immediate, Instruction, Register
from .. import instruction_text as c
from ..semantics import NotModelled, State

TESTS = 40
GIVEN = 8  # states that are known to have mattered, at most
_ONES = 0xFFFFFFFFFFFFFFFF
_REGISTER = re.compile(r"\b[xwbhsdqv]\d+")
_FEW = 6  # states that must still fall through a branch for what follows to be looked at


@dataclass(frozen=True, slots=True)
class Vector:
    """`bits` wide values, one a state, as uint64."""

    bits: int
    array: np.ndarray


@dataclass(frozen=True, slots=True)
class Moment:
    """Before a step: registers by `code.name`, flags, and which states are still on the way here."""

    registers: dict[str, np.ndarray]
    flags: object
    here: np.ndarray


class Vectors:
    """The algebra of test vectors, with memory as a function of the address and the stores so far.

    `brought`: numbers that every second load brings (then what loads of other widths bring from there is another
    matter).
    """

    def __init__(self, tests: int = TESTS, brought: np.ndarray | None = None):
        self.tests = tests
        self.brought = brought
        self.stores: list[tuple[np.ndarray, int, np.ndarray]] = []

    def number(self, bits: int, value: int) -> Vector:
        return Vector(bits, np.full(self.tests, value, np.uint64))

    def bits(self, value: Vector) -> int:
        return value.bits

    def binary(self, operation: str, left: Vector, right: Vector) -> Vector:
        if left.bits > 64:
            raise NotModelled("more than 64 bits")
        a, b = left.array, right.array
        if operation == "ashr":
            made = (signed(a, left.bits) >> b.astype(np.int64)).view(np.uint64)
        else:
            made = _BINARY[operation](a, b)
        return Vector(left.bits, made & np.uint64((1 << left.bits) - 1))

    def unary(self, operation: str, value: Vector) -> Vector:
        raise NotModelled(operation)

    def resized(self, value: Vector, bits: int, is_signed: bool) -> Vector:
        if bits > 64:
            raise NotModelled("more than 64 bits")
        array = signed(value.array, value.bits).view(np.uint64) if is_signed and bits > value.bits else value.array
        return Vector(bits, array & np.uint64((1 << bits) - 1))

    def compare(self, predicate: str, left: Vector, right: Vector) -> Vector:
        a, b = left.array, right.array
        if predicate[0] == "s":
            a, b = signed(a, left.bits), signed(b, left.bits)
        return Vector(
            1, _COMPARE[predicate.lstrip("su") if predicate not in ("eq", "ne") else predicate](a, b).astype(np.uint64)
        )

    def choose(self, condition: Vector, yes: Vector, no: Vector) -> Vector:
        return Vector(yes.bits, np.where(condition.array != 0, yes.array, no.array))

    def load(self, base: Vector, offset: Vector, size: int) -> Vector:
        address = base.array + offset.array
        value = np.zeros(self.tests, np.uint64)
        stored_to = np.zeros(self.tests, bool)
        for byte in range(size):
            at = address + np.uint64(byte)
            found = mixed(at, 0x5EED) & np.uint64(0xFF)
            for place, wide, stored in self.stores:
                inside = at - place
                hit = inside < np.uint64(wide)
                stored_to = stored_to | hit
                found = np.where(
                    hit, stored >> np.where(hit, inside, np.uint64(0)) * np.uint64(8) & np.uint64(0xFF), found
                )
            value |= found << np.uint64(8 * byte)
        if self.brought is not None:
            chosen = mixed(address, 0xB2)
            number = self.brought[chosen >> np.uint64(8) & np.uint64(0xFFFF)] & np.uint64((1 << min(8 * size, 64)) - 1)
            value = np.where((chosen & np.uint64(1) != 0) & ~stored_to, number, value)
        return Vector(8 * size, value)

    def store(self, base: Vector, offset: Vector, value: Vector) -> None:
        self.stores.append((base.array + offset.array, value.bits // 8, value.array))


_BINARY = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "shl": np.left_shift,
    "lshr": np.right_shift,
}
_COMPARE = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}


def signed(array: np.ndarray, bits: int) -> np.ndarray:
    """The values as int64."""
    shift = np.int64(64 - bits)
    return array.view(np.int64) << shift >> shift


def mixed(array: np.ndarray, salt: int) -> np.ndarray:
    """A hash of each value."""
    value = (array ^ np.uint64(salt * 0x9E3779B97F4A7C15 & _ONES)) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ value >> np.uint64(31)) * np.uint64(0x94D049BB133111EB)
    return value ^ value >> np.uint64(29)


def moments(window: Window, registers: dict[str, np.ndarray], flags: object) -> list[Moment]:
    """Before each step and after the last, as far as enough states fall through.

    Then only branches and returns can be missing.
    """
    return run_on(window, registers, flags)[0]


def run_on(
    window: Window, registers: dict[str, np.ndarray], flags: object, few: int = _FEW, brought: np.ndarray | None = None
) -> tuple[list[Moment], list[tuple[np.ndarray, int, np.ndarray]]]:
    """The moments, and the stores as (address, bytes, value).

    `few`: states that must still be on the way; `brought`: as in `Vectors`.
    """
    algebra = Vectors(len(next(iter(registers.values()))), brought)
    state = State(algebra, {name: Vector(64, array) for name, array in registers.items()}, flags)
    here = np.ones(algebra.tests, bool)
    found: list[Moment] = []
    for step in window.source.steps:
        found.append(_moment(state, here))
        kind = step.effect.kind
        if kind is Kind.CONDITIONAL:
            try:
                here = here & (state.taken(step.instruction).array == 0)
            except NotModelled:
                return found, algebra.stores
            if here.sum() < few:
                return found, algebra.stores
        elif kind is not Kind.PLAIN:
            return found, algebra.stores
        else:
            run(state, step)
    return [*found, _moment(state, here)], algebra.stores


def state_at(moment: Moment) -> State:
    """The state to go on from."""
    return State(
        Vectors(len(moment.here)), {name: Vector(64, array) for name, array in moment.registers.items()}, moment.flags
    )


def _moment(state: State, here: np.ndarray) -> Moment:
    return Moment({name: value.array for name, value in state.registers.items()}, state.flags, here)


def run(state: State, step: Step) -> None:
    """One step; what is not modelled becomes a hash of what it is and of what it reads."""
    before, flags = dict(state.registers), state.flags
    i = step.instruction
    if (
        i.mnemonic == "fmov"
        and len(i.operands) == 2
        and all(isinstance(o, Register) and o.name[0] in "wxsd" for o in i.operands)
    ):
        to, source = (c.name(o.name) for o in i.operands)
        bits = 8 * min(c.width(o.name) for o in i.operands)
        moved = state.registers[source].array if source else np.zeros(state.algebra.tests, np.uint64)
        state.registers[to] = Vector(64, moved & np.uint64((1 << bits) - 1))
        return
    try:
        state.run(i)
    except NotModelled:
        state.registers.clear()
        state.registers.update(before)
        total = np.full(state.algebra.tests, crc32(_REGISTER.sub("", print_instruction(i)).encode()), np.uint64)
        for name in sorted(c.reads(i) & before.keys()):
            total = mixed(total + before[name].array, 1)
        for n, name in enumerate(sorted(c.writes(i) - {"nzcv"})):
            state.registers[name] = Vector(64, mixed(total, n + 2))
        state.flags = _flags(mixed(total, 0)) if "nzcv" in c.writes(i) else flags


def foreign_flags(rng: np.random.Generator, tests: int = TESTS) -> Callable[[str], Vector]:
    """Flags from before the window."""
    return _flags(rng.integers(0, 16, tests, np.uint64))


def _flags(bits: np.ndarray) -> Callable[[str], Vector]:
    """The conditions of N, Z, C, V in the low bits."""
    n, z, carry, v = (bits >> np.uint64(k) & np.uint64(1) != 0 for k in range(4))
    n = n & ~z
    yes = {"eq": z, "hs": carry, "mi": n, "vs": v, "hi": carry & ~z, "ge": n == v, "gt": (n == v) & ~z}

    def holds(condition: str) -> Vector:
        held = yes[condition] if condition in yes else ~yes[c.INVERSE[condition]]
        return Vector(1, held.astype(np.uint64))

    return holds


def drawn(
    window: Window, rng: np.random.Generator, shown: Sequence[dict[str, int]], tests: int = TESTS
) -> dict[str, np.ndarray]:
    """Values of every register that the window mentions: wide, small, near its constants, or like pointers that may
    meet.
    """
    mentioned = {c.name(name) for name in names(window.mentioned) if name != "nzcv"} | {"sp"}
    constants = numbers(window)
    found: dict[str, np.ndarray] = {}
    for name in sorted(mentioned):
        wide = rng.integers(0, 1 << 64, tests, np.uint64)
        near = constants[rng.integers(0, len(constants), tests)] + rng.integers(-1, 2, tests).astype(np.uint64)
        pointer = np.uint64(0x7F0000) + np.uint64(8) * rng.integers(0, 6, tests).astype(np.uint64)
        kind = rng.integers(0, 8, tests)
        value = np.select(
            [kind < 2, kind < 5, kind == 5, kind == 6],
            [wide, near, wide >> np.uint64(56), wide | np.uint64(_ONES << 8 & _ONES)],
            pointer,
        )
        found[name] = np.where(rng.integers(0, 4, tests) == 0, value & np.uint64(0xFFFFFFFF), value)
    for name in found:  # equal or neighbouring values, that compares may go either way
        other = found[sorted(found)[rng.integers(0, len(found))]] + rng.integers(-1, 2, tests).astype(np.uint64)
        found[name] = np.where(rng.integers(0, 5, tests) == 0, other, found[name])
    for at, values in enumerate(shown[-GIVEN:]):
        for name, value in values.items():
            if name in found:
                found[name][at] = value
    _satisfy(found, window.known)
    return found


def _satisfy(found: dict[str, np.ndarray], known: Known) -> None:
    for n, bits in known.zero_extended.items():
        if f"x{n}" in found:
            found[f"x{n}"] &= np.uint64((1 << bits) - 1)
    for n, bits in known.sign_extended.items():
        if f"x{n}" in found:
            found[f"x{n}"] = signed(found[f"x{n}"], bits).view(np.uint64)
    for n, value in known.constants.items():
        if f"x{n}" in found:
            found[f"x{n}"][:] = value
    for group in known.equal:
        first, *rest = [f"x{n}" for n in sorted(group) if f"x{n}" in found] or [""]
        for other in rest:
            found[other] = found[first].copy()


def numbers(window: Window) -> np.ndarray:
    """Constants of the code, and a few of every code, in order."""
    found = {0, 1, 2, 0xFF, 0x7FFFFFFF, 0x80000000, _ONES}
    for step in window.source.steps:
        for operand in _immediates(step.instruction):
            found |= {int(operand.value) % (1 << 64), int(operand.value) % (1 << 32)}
    return np.array(sorted(found), np.uint64)


def _immediates(i: Instruction) -> list[Immediate]:
    return [each for each in i.operands if isinstance(each, Immediate) and isinstance(each.value, int)]
