"""Runs one instruction on a state of terms.

What the lifter says is checked against what the decoder of `analysis.effects` says: the
registers written, and the bytes accessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....analysis.obligation import Access, Step
from ....analysis.registers import NZCV, parts
from ..lift import crypto_ops
from ..lift.operations import operation
from ..lift.vex import Expression, Lifted
from ..terms.term import Term, Unproved, signed
from . import flags as flag_terms
from .flags import Flags
from .memory import Terms


@dataclass(frozen=True, slots=True)
class Executed:
    """An access that was made.

    `stack`: sp, where the access is through it; `below`: 1 where it lies below sp; `value`: what was stored.
    """

    access: Access
    address: Term
    stack: Term | None
    below: Term
    value: Term | None


@dataclass(frozen=True, slots=True)
class State:
    """`registers`: x<n> and sp 64 bits, q<n> 128.

    `highest`: how far above its value at entry sp was, bytes, at least 0.
    """

    registers: Mapping[str, Term]
    flags: Flags
    memory: Term
    accesses: tuple[Executed, ...] = ()
    highest: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What both programs start from."""

    terms: Terms
    state: State
    aliases: Mapping[str, str]
    havoc: bool  # every load gives a value of its own, numbered by its place in the trace


class Run:
    """One instruction on one state."""

    def __init__(self, start: Entry, step: Step, state: State):
        self._start, self._terms, self._step, self._state = start, start.terms, step, state
        self._temporaries: dict[int, Term] = {}
        self._touched: list[tuple[Term, int, bool]] = []
        self._memory = state.memory

    def run(self, code: Lifted) -> State:
        registers, thunk = dict(self._state.registers), {}
        for statement in code.statements:
            if statement[0] == "tmp":
                self._temporaries[statement[1]] = self.value(statement[2], registers)
            elif statement[0] == "put":
                _, name, low, _width, expression = statement
                value = self.value(expression, registers)
                if not self._step.effect.writes & (NZCV if name.startswith("cc_") else parts(name)):
                    raise Unproved("the lifter and the decoder disagree")
                if name.startswith("cc_"):
                    thunk[name] = value
                else:
                    registers[name] = self._inserted(registers[name], low, value)
            else:
                address, value = (self.value(each, registers) for each in statement[1:])
                self._touched.append((address, value.width // 8, True))
                self._memory = self._terms.store(self._memory, address, value)
        flags = self._state.flags
        if thunk:
            if len(thunk) != 4:
                raise Unproved("flags of an unknown operation")
            flags = flag_terms.of_operation(
                self._terms, *(thunk[name] for name in ("cc_op", "cc_dep1", "cc_dep2", "cc_ndep"))
            )
        accesses = self._state.accesses + self._executed(registers)
        return State(registers, flags, self._memory, accesses, max(self._state.highest, self._raised(registers)))

    def _inserted(self, old: Term, low: int, value: Term) -> Term:
        terms, high = self._terms, low + value.width
        parts = [terms.extract(old, old.width - 1, high)] if high < old.width else []
        parts.append(value)
        return terms.concat([*parts, terms.extract(old, low - 1, 0)] if low else parts)

    def value(self, expression: Expression, registers: Mapping[str, Term] | None = None) -> Term:
        terms = self._terms
        match expression:
            case ("const", value, width):
                return terms.const(value, width)
            case ("tmp", number):
                return self._temporaries[number]
            case ("get", name, low, width):
                return self._register(name, low, width, self._state.registers if registers is None else registers)
            case ("ite", condition, one, two):
                return terms.ite(*(self.value(each, registers) for each in (condition, one, two)))
            case ("load", address, width):
                return self._load(self.value(address, registers), width)
            case ("op", name, *args):
                return operation(terms, name, tuple(self.value(arg, registers) for arg in args))
            case ("call", name, *args):
                return self._call(name, [self.value(arg, registers) for arg in args])
        raise Unproved("the lifter and the decoder disagree")

    def _register(self, name: str, low: int, width: int, registers: Mapping[str, Term]) -> Term:
        if name in ("cc_op", "cc_dep1", "cc_dep2", "cc_ndep"):
            return self._terms.const(0, width)  # `_call` knows the flags
        if name in ("fpcr", "qcflag"):
            return self._terms.extract(self._terms.var(name, 128), low + width - 1, low)
        return self._terms.extract(registers[name], low + width - 1, low)

    def _load(self, address: Term, width: int) -> Term:
        if self._start.havoc:
            place = f"{len(self._state.accesses)}.{len(self._touched)}"
            self._touched.append((address, width // 8, False))
            return self._terms.var(f"load {place} of {width}", width)
        self._touched.append((address, width // 8, False))
        return self._terms.load(self._memory, address, width)

    def _call(self, name: str, args: list[Term]) -> Term:
        flags, terms = self._state.flags, self._terms
        if (
            name == "arm64g_calculate_condition"
            and args[0].op == "const"
            and args[0].data & 15 == 0
            and args[0].data < 256
        ):
            return terms.zext(flag_terms.condition(terms, flags, args[0].data >> 4), 64)
        if name == "arm64g_calculate_flag_c":
            return terms.zext(flags.c, 64)
        checksum = crypto_ops.checksum(terms, name, args)
        if checksum is not None:
            return checksum
        raise Unproved(f"lifter call {name}")

    def _executed(self, registers: Mapping[str, Term]) -> tuple[Executed, ...]:
        """The accesses, as the decoder has them; the lifter must touch the same bytes."""
        accesses = self._step.effect.accesses
        found = []
        for access in accesses:
            base = self._state.registers[access.base]
            address = self._terms.plus(base, access.displacement)
            if access.index is not None:
                address = self._terms.add(address, self._index(access))
            stack = base if access.base == "sp" and access.index is None else None
            found.append(
                Executed(
                    access,
                    address,
                    stack,
                    self._below(access, address, registers),
                    self._terms.load(self._memory, address, 8 * access.size) if access.store else None,
                )
            )
        self._agree(found)
        return tuple(found)

    def _index(self, access: Access) -> Term:
        terms = self._terms
        if access.index is None:
            raise ValueError("an access without an index register")
        index = self._state.registers["x" + access.index[1:]]
        if access.extend in ("uxtw", "sxtw"):
            index = (terms.zext if access.extend == "uxtw" else terms.sext)(terms.extract(index, 31, 0), 64)
        return terms.shl(index, terms.const(access.shift, 64))

    def _raised(self, registers: Mapping[str, Term]) -> int:
        """How far sp is above its value at entry."""
        distance = self._terms.minus(registers["sp"], self._start.state.registers["sp"])
        if distance.op != "const":
            raise Unproved("sp moves by what is not constant")
        return signed(distance.data, 64)

    def _below(self, access: Access, address: Term, registers: Mapping[str, Term]) -> Term:
        """1 where it lies below sp, and is by sp or was above sp at entry.

        Of an access that moves sp, the lower one counts.
        """
        terms, before = self._terms, self._state.registers
        stack = min(before["sp"], registers["sp"], key=lambda sp: self._raised({"sp": sp}))
        distance = terms.minus(address, stack)
        if distance.op == "const":
            return terms.true if distance.data >> 63 else terms.false
        if terms.minus(before[access.base], stack).op == "const":
            return terms.ult(address, stack)
        if self._raised({"sp": stack}) <= 0:
            return terms.false
        return terms.and_(
            terms.ult(address, stack), terms.ult(self._start.state.registers["sp"], terms.plus(address, access.size))
        )

    def _agree(self, found: list[Executed]) -> None:
        distances: list[int] = []
        for address, size, store in self._touched:
            if len(found) != 1 or store != found[0].access.store:
                raise Unproved("the lifter and the decoder disagree")
            distance = self._terms.minus(address, found[0].address)
            if distance.op != "const":
                raise Unproved("the lifter and the decoder disagree")
            distances += range(distance.data, distance.data + size)
        whole = list(range(found[0].access.size)) if found else []
        missing = set(whole) - set(distances)
        if len(distances) + len(missing) != len(whole) or (
            missing and found[0].access.store
        ):  # what is loaded for no register is not lifted
            raise Unproved("the lifter and the decoder disagree")
