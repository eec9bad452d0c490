"""Which loads and entry registers each register was computed from, by three readings of what carries a dependency.

The architecture says that data passed from register to register orders a later access, and that a condition
which picks between values orders less. How much flags carry as data (`adc`) is told by few. So a target must
keep what the source depends on under every reading, and then keeps it under whichever one a processor follows.
It looks at registers alone, on one way without joins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..analysis.obligation import Access, Step
from ..analysis.registers import NZCV, Parts, parts
from ..assembly.print import print_operand
from ..assembly.syntax import Memory, Operand, Register, RegisterList, VectorRegister

BITS = 160  # of Parts; the origins of loads come behind those of entry registers, and choices behind these
_CHOICES = BITS + 2 * 16 * 64  # a window has at most 16 instructions, and one at most 64 elements
# The first part of the register that a part is of.
_WHOLE = tuple(bit & ~1 if bit < 62 else bit - (bit - 64) % 3 if bit >= 64 else bit for bit in range(BITS))
_FLAGS = NZCV.bit_length() - 1
_REGISTER = re.compile(r"\b(?:[wx](?:[12]?[0-9]|30)|[bhsdqv](?:[12]?[0-9]|3[01])|w?sp|fp|lr)\b")
_MERGING = ("movk", "bfi", "bfc", "bfm", "bfxil")
_SELECT, _SELECT_FLOAT = (0x1FE00000, 0x1A800000), (0xFF200C00, 0x1E200C00)
_COMPARE, _COMPARE_FLOAT = (0x1FE00000, 0x1A400000), (0xFF200C00, 0x1E200400)
_ALWAYS = 14  # conditions from here on


@dataclass(frozen=True, slots=True)
class Reading:
    """`flags`: they carry what they were computed from. `conditions`: a result comes from the flags that picked it."""

    flags: bool
    conditions: bool


READINGS = (Reading(False, False), Reading(True, False), Reading(True, True))


@dataclass(frozen=True, slots=True)
class Trace:
    """Origins as bits: of the address and stored value of each element, in order, and of each part after each step."""

    accesses: tuple[tuple[int, int], ...]
    states: tuple[Sequence[int], ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Numbers for values and choices, shared by both sides: equal numbers are equally computed."""

    _numbers: dict[object, int] = field(default_factory=dict)
    _choices: dict[tuple[int, int], int] = field(default_factory=dict)
    _chosen: dict[int, int] = field(default_factory=dict)

    def number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def choice(self, condition: int, flags: int, then: int, otherwise: int) -> int:
        """What a register comes from that is one of two by a condition: some origins only where it holds."""
        if condition >= _ALWAYS:
            return then
        found = then & otherwise
        for origins, holding in ((then & ~otherwise, condition), (otherwise & ~then, condition ^ 1)):
            for bit in bits(origins):
                key = (bit, self.number(("condition", holding, flags)))
                new = self._choices.setdefault(key, _CHOICES + len(self._choices))
                self._chosen[new] = bit
                found |= 1 << new
        return found

    def keeps(self, before: int, after: int) -> bool:
        """Whether `after` has all of `before`; what came from somewhere by a condition may come from it anyway."""
        return all(any(after >> each & 1 for each in self._within(bit)) for bit in bits(before & ~after))

    def _within(self, bit: int) -> Iterator[int]:
        yield bit
        while bit in self._chosen:
            bit = self._chosen[bit]
            yield bit


def trace(steps: Iterable[Step], reading: Reading, values: Values) -> Trace:
    """Of a program without joins, from its entry."""
    walk = _Walk(reading, values)
    states = [walk.state()]
    for step in steps:
        walk.take(step)
        states.append(walk.state())
    return Trace(tuple(walk.accesses), tuple(states))


class _Walk:
    """The state behind each step in turn: origins by part, and value numbers."""

    def __init__(self, reading: Reading, values: Values):
        self.accesses: list[tuple[int, int]] = []
        self._reading, self._values = reading, values
        self._origins = [1 << _WHOLE[bit] for bit in range(BITS)]
        self._numbers = [values.number(("entry", _WHOLE[bit])) for bit in range(BITS)]
        if not reading.flags:
            self._origins[_FLAGS] = 0

    def state(self) -> tuple[int, ...]:
        return tuple(self._origins)

    def take(self, step: Step) -> None:
        effect, address = step.effect, _address(step.effect.accesses)
        addresses, first = self._of(address), len(self.accesses)
        stored = self._of(effect.reads & ~address | _operands(step) & effect.reads)
        loaded = 0
        for access in effect.accesses:
            for _ in range(max(1, access.size // access.element)):
                loaded |= 0 if access.store else 1 << (BITS + len(self.accesses))
                self.accesses.append((addresses, stored if access.store else 0))
        made = loaded | self._of(effect.reads & ~address) if loaded else self._made(step)
        back, by = _written_back(step)
        moved, number = addresses | self._of(by), self._number(step, first)
        for bit in bits(effect.writes):
            self._origins[bit] = moved if back >> bit & 1 else made
            if bit == _FLAGS and not self._reading.flags:
                self._origins[bit] = 0
            self._numbers[bit] = number(bit)

    def _of(self, read: Parts) -> int:
        found = 0
        for bit in bits(read):
            found |= self._origins[bit]
        return found

    def _made(self, step: Step) -> int:
        """Of a result that was not loaded."""
        word, reads = step.word, step.effect.reads
        if self._reading.conditions or not reads & NZCV:
            return self._of(reads)
        condition, flags = word >> 12 & 15, self._numbers[_FLAGS]
        if _is(word, _SELECT) or _is(word, _SELECT_FLOAT):
            then, otherwise = (self._field(word, at, _is(word, _SELECT_FLOAT)) for at in (5, 16))
            return self._values.choice(condition, flags, then, otherwise)
        if _is(word, _COMPARE) or _is(word, _COMPARE_FLOAT):
            return self._values.choice(condition, flags, self._of(reads & ~NZCV), 0)
        return self._of(reads)

    def _field(self, word: int, at: int, vector: bool) -> int:
        """Of the register in a field of a select; what it holds above the width of the select does not count."""
        n = word >> at & 31
        if vector:
            return self._of(parts(f"{'d' if word >> 22 & 3 == 1 else 's'}{n}"))
        return 0 if n == 31 else self._of(parts(f"{'x' if word >> 31 else 'w'}{n}"))

    def _number(self, step: Step, first: int) -> Callable[[int], int]:
        """The number of the value in each part that the step writes: by what it does and by the numbers it reads."""
        instruction, effect = step.instruction, step.effect
        registers = [each for operand in instruction.operands for each in _registers(operand)]
        if instruction.mnemonic == "mov" and [each[0] for each in registers] == ["x", "x"] and parts(registers[1]):
            copied = self._numbers[next(bits(parts(registers[1])))]
            return lambda bit: copied
        merges = instruction.mnemonic in _MERGING or (registers and registers[0][0] == "v")
        made = bool(registers) and not merges and bool(effect.writes & parts(registers[0]))
        texts = [self._text(operand) for operand in instruction.operands[made:]]
        flags = self._numbers[_FLAGS] if effect.reads & NZCV else None
        key = self._values.number((instruction.mnemonic, *texts, flags, first if effect.accesses else None))
        places = {next(bits(parts(name))): n for n, name in reversed([*enumerate(registers)]) if parts(name)}
        return lambda bit: self._values.number((key, places.get(_WHOLE[bit], "flags")))

    def _text(self, operand: Operand) -> str:
        """As printed, with the number of each register's value for its own."""

        def numbered(found: re.Match[str]) -> str:
            name = found[0]
            bit = next(bits(parts(name)))
            return f"{name[0]}<{self._numbers[bit]}>"

        return _REGISTER.sub(numbered, print_operand(operand))


def bits(value: int) -> Iterator[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


def _is(word: int, pattern: tuple[int, int]) -> bool:
    return word & pattern[0] == pattern[1]


def _registers(operand: Operand) -> Iterator[str]:
    if isinstance(operand, (Register, VectorRegister)):
        yield operand.name
    elif isinstance(operand, RegisterList):
        yield from (each.name for each in operand.registers)
    elif isinstance(operand, Memory):
        yield operand.base
        if isinstance(operand.offset, Register):
            yield operand.offset.name


def _operands(step: Step) -> Parts:
    """Registers that are no part of an address."""
    found = 0
    for each in step.instruction.operands:
        found |= parts(each.name) if isinstance(each, Register) else 0
    return found


def _written_back(step: Step) -> tuple[Parts, Parts]:
    """The base that holds an address afterwards, and nothing that was loaded; and the register that is added to it."""
    memory = [each for each in step.instruction.operands if isinstance(each, Memory) and each.mode != "offset"]
    if not memory:
        return 0, 0
    offset = memory[0].offset
    return parts(memory[0].base), parts(offset.name) if isinstance(offset, Register) else 0


def _address(accesses: Sequence[Access]) -> Parts:
    found = 0
    for access in accesses:
        found |= parts(access.base) | (parts(access.index) if access.index else 0)
    return found
