"""Where addresses come from: which input register or memory slot to change to move an access.

A guide for drawing states, by a walk over the program in its written order that ignores
branches and aliasing. A verdict relies on one thing only: `conditions` is empty for a
branch that always goes the same way, so that no state is missed there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from ....analysis.obligation import Access, Kind, Program, Step
from ....analysis.registers import NZCV, parts
from ....assembly.syntax import Immediate, Memory, Register, VectorRegister
from ..layout import sites


@dataclass(frozen=True, slots=True)
class Leaf:
    """An input that an address depends on, shifted left by `shift`.

    `register`: 0..30, 31 for sp, -1 for what is not followed; or, where it is None, `width` bytes at `offset` in what
    site number `site` loads.
    """

    register: int | None
    site: int = 0
    offset: int = 0
    width: int = 8
    shift: int = 0


_CONSTANT = ("constant",)  # the root of numbers: their offset is the number
_UNKNOWN = Leaf(-1)  # something that this walk does not follow


@dataclass(frozen=True, slots=True)
class Value:
    """`root` + `offset`; `leaves`: what it depends on, the likely pointer first.

    Equal roots and offsets are equal 64-bit values where both are `exact`.
    """

    root: object
    offset: int
    leaves: tuple[Leaf, ...]
    exact: bool = True

    def shifted(self, amount: int) -> tuple[Leaf, ...]:
        return tuple(
            Leaf(each.register, each.site, each.offset, each.width, each.shift + amount) for each in self.leaves
        )


_NO_INDEX = Value(None, 0, ())


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one site: its base as a Value with the displacement added, and the leaves of base and index."""

    base: Value
    bases: tuple[Leaf, ...]
    indices: tuple[Leaf, ...]


def origins(program: Program) -> tuple[Origin, ...]:
    """One a site, in order."""
    return _walked(_Same(program)).found


def conditions(program: Program) -> dict[int, tuple[Leaf, ...]]:
    """By conditional branch or select (a step): what decides it; nothing where it always goes the same way.

    That is where constants decide, a register is compared with itself, a carry is that of a
    logical instruction or of a comparison with zero, or the same comparison has decided an earlier branch.
    """
    return _walked(_Same(program)).conditions


class _Same:
    """A program as a key: the very same one."""

    __slots__ = ("program",)

    def __init__(self, program: Program):
        self.program = program

    def __hash__(self) -> int:
        return id(self.program)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.program is other.program


@lru_cache(maxsize=8)
def _walked(same: _Same) -> _Walk:
    """Both sides of an obligation are asked about again and again."""
    return _Walk(same.program)


def condition_of(step: Step) -> int | None:
    """The condition code (eq is 0, ...) that a step evaluates; None where it does not read the flags."""
    if not step.effect.reads & NZCV:
        return None
    if step.effect.kind is Kind.CONDITIONAL:
        return step.word & 15
    adds_carry = step.word & 0x1FE0FC00 == 0x1A000000
    return 2 if adds_carry else step.word >> 12 & 15


class _Walk:
    def __init__(self, program: Program):
        self._values: dict[int, Value] = {}
        self._memory: dict[tuple, Value] = {}
        self._sites = sites(program)
        self._flags: tuple[Leaf, ...] = (_UNKNOWN,)
        self._labels = frozenset(program.labels.values())
        self._comparison: tuple | None = None  # by what the flags are: equal where the flags are
        self._decided: set[tuple] = set()
        self._carry_known = False  # whatever the operands are
        self.conditions: dict[int, tuple[Leaf, ...]] = {}
        found: list[Origin] = []
        for n, step in enumerate(program.steps):
            for access in step.effect.accesses:
                base = self._value(31 if access.base == "sp" else int(access.base[1:]))
                index = self._value(int(access.index[1:])) if access.index else _NO_INDEX
                fixed = _fixed(access, index)
                away = base.offset + access.displacement + (fixed or 0)
                moved = replace(base, root=(base.root, access.index if fixed is None else None), offset=away)
                found.append(Origin(moved, base.leaves, index.shifted(access.shift)))
            self._step(n, step, len(found) - 1, found)
        self.found = tuple(found)

    def _value(self, n: int) -> Value:
        return self._values.get(n) or Value(("in", n), 0, (Leaf(n),))

    def _step(self, n: int, step: Step, site: int, found: list[Origin]) -> None:
        if step.effect.accesses:
            self._access(n, step, site, found[site])
            return
        operands = step.instruction.operands
        if n in self._labels:  # on another way here, what was written before may be something else
            self._decided.clear()
            self._values = {register: replace(value, exact=False) for register, value in self._values.items()}
        if step.effect.kind is Kind.CONDITIONAL:
            self.conditions[n] = (
                () if self._settled(step) else self._flags if step.effect.reads & NZCV else self._leaves(operands)
            )
            return
        if step.effect.reads & NZCV:
            self.conditions[n] = () if self._settled(step) else self._flags
        flags = self._compared(step) if step.effect.writes & NZCV else self._flags
        self._result(n, step)
        self._flags = flags

    def _settled(self, step: Step) -> bool:
        """Whether control came here only if the branch or select goes a certain way."""
        condition = condition_of(step)
        if condition is None:
            key = self._key(step.instruction.operands[:-1])
            what = key and ("bit" if step.word & 0x7E000000 == 0x36000000 else "zero", key)
        else:
            what = self._comparison and (self._comparison, condition >> 1)  # a condition and its opposite alike
            if (self._carry_known and condition >> 1 == 1) or condition >> 1 == 7:  # hs, lo; al, nv
                return True
        known = what in self._decided
        if what and step.effect.kind is Kind.CONDITIONAL:
            self._decided.add(what)
        return known

    def _key(self, operands: tuple) -> tuple | None:
        """Equal for operands that have equal values; None where that is not known."""
        found = []
        for each in operands:
            if isinstance(each, Immediate):
                found.append((each.value, each.modifier, each.amount))
            elif isinstance(each, Register) and each.name in ("wzr", "xzr"):
                found.append(each.name)
            elif isinstance(each, Register) and _number(each) is not None and self._value(_number(each)).exact:
                value = self._value(_number(each))
                found.append((value.root, value.offset, each.name[0] == "w", each.modifier, each.amount))
            else:
                return None
        return tuple(found)

    def _compared(self, step: Step) -> tuple[Leaf, ...]:
        """What new flags depend on; nothing where a register is compared with itself."""
        operands = step.instruction.operands
        key = self._key(operands) if step.instruction.mnemonic in ("cmp", "cmn", "tst") else None
        self._comparison = key and (step.instruction.mnemonic, key)
        values = operands[1:] if step.instruction.mnemonic in ("subs", "adds", "ands", "bics") else operands
        logical = step.instruction.mnemonic in ("tst", "ands", "bics")
        self._carry_known = logical or (
            step.instruction.mnemonic in ("cmp", "subs", "cmn", "adds") and values[1:] == (Immediate(0),)
        )
        if step.instruction.mnemonic in ("cmp", "subs") and len(values) == 2 and values[0] == values[1]:
            return ()
        found = (
            self._leaves(values)
            if not isinstance(values[0], VectorRegister) and values[0].name[0] in "wxs"
            else (_UNKNOWN,)
        )
        return found + (self._flags if step.effect.reads & NZCV else ())

    def _leaves(self, operands: tuple) -> tuple[Leaf, ...]:
        found = [
            leaf
            for each in operands
            if isinstance(each, Register) and _number(each) is not None
            for leaf in self._value(_number(each)).shifted(each.amount or 0)
        ]
        return tuple(dict.fromkeys(found))

    def _result(self, n: int, step: Step) -> None:
        operands = step.instruction.operands
        if not operands or not isinstance(operands[0], Register) or not step.effect.writes & parts(operands[0].name):
            return
        number = _number(operands[0])
        if number is None:
            return
        value = self._computed(n, step.instruction.mnemonic, operands)
        if step.effect.reads & NZCV:
            value = replace(value, leaves=value.leaves + self._flags)
        if any(map(_is_vector, operands[1:])):
            value = replace(value, leaves=(*value.leaves, _UNKNOWN))
        self._values[number] = value

    def _computed(self, n: int, mnemonic: str, operands: tuple) -> Value:
        inputs = [each for each in operands[1:] if isinstance(each, Register) and _number(each) is not None]
        amounts = [each.value for each in operands[1:] if isinstance(each, Immediate) and isinstance(each.value, int)]
        whole = all(each.name[0] == "x" or each.name == "sp" for each in inputs)
        if (
            inputs
            and whole
            and (mnemonic == "mov" or (mnemonic in ("add", "sub") and len(inputs) == 1 and len(amounts) == 1))
        ):
            value = self._value(_number(inputs[0]))
            amount = sum(amounts) << (getattr(operands[-1], "amount", None) or 0)
            return Value(
                value.root, value.offset + (-amount if mnemonic == "sub" else amount), value.leaves, value.exact
            )
        constant = self._constant(mnemonic, operands)
        if constant is not None:
            return Value(_CONSTANT, constant, (), exact=False)  # addresses need it, branches are judged without
        scale = amounts[0] if amounts and mnemonic in ("lsl", "ubfiz", "sbfiz") else 0
        leaves = [leaf for each in inputs for leaf in self._value(_number(each)).shifted((each.amount or 0) + scale)]
        return Value(("step", n), 0, tuple(dict.fromkeys(leaves))[:6])

    def _constant(self, mnemonic: str, operands: tuple) -> int | None:
        """The unsigned number that mov or movk makes; None where it is not known."""
        mask = 0xFFFFFFFFFFFFFFFF if operands[0].name[0] == "x" else 0xFFFFFFFF
        if mnemonic not in ("mov", "movk") or not isinstance(operands[1], Immediate):
            return None
        value, modifier, amount = operands[1].value, operands[1].modifier, operands[1].amount
        if mnemonic == "mov":
            return value & mask if modifier is None else None
        before = self._value(_number(operands[0]))
        shift = amount or 0
        return (before.offset & ~(0xFFFF << shift) | value << shift) & mask if before.root == _CONSTANT else None

    def _access(self, n: int, step: Step, site: int, origin: Origin) -> None:
        access = self._sites[site].access
        key = origin.base.root, origin.base.offset
        moved: list[Register] = []
        for operand in step.instruction.operands:
            if isinstance(operand, Memory):
                break
            if isinstance(operand, Register):
                moved.append(operand)
        for k, operand in enumerate(moved):
            slot = (key[0], key[1] + k * access.element, access.element)
            number = _number(operand)
            if access.store:
                self._memory[slot] = self._value(number) if number is not None else Value(("zero", n, k), 0, ())
            elif number is not None:
                loaded = Value(("load", n, k), 0, (Leaf(None, site, k * access.element, access.element),))
                stored = self._memory.get(slot)
                self._values[number] = (
                    replace(stored, leaves=stored.leaves + loaded.leaves, exact=False) if stored else loaded
                )
        self._write_back(n, step)

    def _write_back(self, n: int, step: Step) -> None:
        for operand in step.instruction.operands:
            if isinstance(operand, Memory) and operand.mode != "offset":
                number = _number(Register(operand.base))
                value = self._value(number)
                if isinstance(operand.offset, Immediate):
                    self._values[number] = replace(value, offset=value.offset + int(operand.offset.value))
                else:
                    self._values[number] = Value(("step", n), 0, value.leaves)


def _fixed(access: Access, index: Value) -> int | None:
    """What the index adds to the address, in bytes; 0 without one, None where it is not a known number."""
    if access.index is None:
        return 0
    if index.root != _CONSTANT:
        return None
    bits = 64 if access.index[0] == "x" else 32
    value = index.offset & (1 << bits) - 1
    signed = value - (value >> bits - 1 << bits) if access.extend != "uxtw" else value
    return signed << access.shift


def _is_vector(operand: object) -> bool:
    if isinstance(operand, Register):
        return operand.name[0] in "bhsdq" and operand.name != "sp"
    return isinstance(operand, VectorRegister)


def _number(operand: Register | VectorRegister) -> int | None:
    """0..31 (31: sp); None for the zero register and vectors."""
    name = {"sp": "x31", "wsp": "w31", "fp": "x29", "lr": "x30"}.get(operand.name, operand.name)
    return int(name[1:]) if name[0] in "wx" and name[1:].isdigit() else None
