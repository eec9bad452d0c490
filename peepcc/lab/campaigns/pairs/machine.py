"""A small AArch64 over Python integers, written from Arm's definitions alone: it shares no code with the judge.

It runs the instructions of the campaign `pairs` and no others (an unknown one is a KeyError), takes every address
as mapped, and knows nothing of faults, exceptions or time. What it is for: to show that a wrong pair is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ....assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, Symbol, VectorRegister

FALL = ""
WIDTHS = {"w": 32, "x": 64, "b": 8, "h": 16, "s": 32, "d": 64, "q": 128, "v": 128}
_ODD = 0x9E3779B97F4A7C15


class Accessed(NamedTuple):
    """`value` of a store; 0 for a load. `element`: the bytes that are accessed at once."""

    address: int
    size: int
    element: int
    store: bool
    value: int


@dataclass
class Machine:
    """`fill`: what memory holds before it is written, a pattern or (None) bytes that hang on `seed` and address."""

    x: list[int]
    v: list[int]
    sp: int
    flags: tuple[int, int, int, int]  # N, Z, C, V
    seed: int = 0
    fill: int | None = None
    memory: dict[int, int] = field(default_factory=dict)
    log: list[Accessed] = field(default_factory=list)

    def copy(self) -> Machine:
        return Machine(list(self.x), list(self.v), self.sp, self.flags, self.seed, self.fill, dict(self.memory), [])

    def get(self, name: str) -> int:
        """The value of a register by its written name."""
        if name in ("xzr", "wzr"):
            return 0
        if name in ("sp", "wsp"):
            return self.sp & mask(64 if name == "sp" else 32)
        bank = self.x if name[0] in "wx" else self.v
        return bank[int(name[1:])] & mask(WIDTHS[name[0]])

    def put(self, name: str, value: int) -> None:
        """Writes a whole register: what lies above the written width becomes zero."""
        if name in ("xzr", "wzr"):
            return
        value &= mask(width(name))
        if name in ("sp", "wsp"):
            self.sp = value
        else:
            (self.x if name[0] in "wx" else self.v)[int(name[1:])] = value

    def byte(self, address: int) -> int:
        if address not in self.memory:
            spread = (address * _ODD ^ self.seed * 0xD1B54A32D192ED03) & mask(64)
            return (spread ^ spread >> 29) >> 17 & 0xFF if self.fill is None else self.fill >> 8 * (address % 8) & 0xFF
        return self.memory[address]

    def load(self, address: int, size: int, element: int = 0) -> int:
        self.log.append(Accessed(address, size, element or size, False, 0))
        return sum(self.byte(address + k & mask(64)) << 8 * k for k in range(size))

    def store(self, address: int, size: int, value: int, element: int = 0) -> None:
        self.log.append(Accessed(address, size, element or size, True, value & mask(8 * size)))
        for k in range(size):
            self.memory[address + k & mask(64)] = value >> 8 * k & 0xFF

    def holds(self, condition: str) -> bool:
        n, z, c, v = self.flags
        found = {
            "eq": z,
            "hs": c,
            "cs": c,
            "mi": n,
            "vs": v,
            "hi": c and not z,
            "ge": n == v,
            "gt": n == v and not z,
            "al": True,
        }
        opposite = {"ne": "eq", "lo": "hs", "cc": "hs", "pl": "mi", "vc": "vs", "ls": "hi", "lt": "ge", "le": "gt"}
        return not found[opposite[condition]] if condition in opposite else bool(found[condition])


Operation = Callable[[Machine, Sequence[Operand]], None]


def mask(bits: int) -> int:
    return (1 << bits) - 1


def width(name: str) -> int:
    return {"sp": 64, "wsp": 32}.get(name) or WIDTHS[name[0]]


def signed(value: int, bits: int) -> int:
    value &= mask(bits)
    return value - (1 << bits) if value >> bits - 1 else value


def shifted(value: int, kind: str, amount: int, bits: int) -> int:
    value &= mask(bits)
    if kind == "lsl":
        return value << amount & mask(bits)
    if kind == "lsr":
        return value >> amount
    if kind == "asr":
        return signed(value, bits) >> amount & mask(bits)
    return (value >> amount | value << bits - amount) & mask(bits)  # ror


def extended(value: int, kind: str) -> int:
    """`uxtb` and its like: a 64-bit value."""
    bits = {"b": 8, "h": 16, "w": 32, "x": 64}[kind[3]]
    return (signed(value, bits) if kind[0] == "s" else value) & mask(bits if kind[0] == "u" else 64)


def value(m: Machine, operand: Operand, bits: int) -> int:
    """The value of a register, shifted or extended as written, or of an immediate."""
    if isinstance(operand, Immediate):
        return int(operand.value) << (operand.amount or 0) & mask(bits)
    assert isinstance(operand, Register)
    held, kind, amount = m.get(operand.name), operand.modifier, operand.amount or 0
    if kind is None:
        return held & mask(bits)
    if kind in ("lsl", "lsr", "asr", "ror"):
        return shifted(held, kind, amount, bits)
    return extended(held, kind) << amount & mask(bits)


def address(m: Machine, memory: Memory, after: Operand | None = None) -> int:
    """The address accessed; writes the base back where the mode says so."""
    base, offset = m.get(memory.base), memory.offset if memory.offset is not None else after
    if isinstance(offset, Register):
        kind = "lsl" if offset.modifier in (None, "lsl") else offset.modifier
        step = (m.get(offset.name) if kind == "lsl" else extended(m.get(offset.name), kind)) << (offset.amount or 0)
    else:
        step = int(offset.value) if isinstance(offset, Immediate) else 0
    if memory.mode != "offset":
        m.put(memory.base, base + step)
    return (base if memory.mode == "post" else base + step) & mask(64)


def run(m: Machine, items: Sequence[Instruction | str], operations: Mapping[str, Operation]) -> str:
    """Runs a program on `m`; the exit: "" after the last line, "ret", or the label that it left for."""
    at = 0
    while at < len(items):
        step = items[at]
        at += 1
        if isinstance(step, str):
            continue
        taken = branch(m, step)
        if taken is None:
            operations[step.mnemonic](m, step.operands)
        elif taken:
            if taken not in items:
                return taken
            at = items.index(taken)
    return FALL


def branch(m: Machine, step: Instruction) -> str | None:
    """Where a branch goes, "" where it goes on; None: not a branch."""
    name, operands = step.mnemonic, step.operands
    if name == "ret":
        return "ret"
    if name == "b":
        going = True
    elif name.startswith("b."):
        going = m.holds(name[2:])
    elif name in ("cbz", "cbnz"):
        going = (m.get(operands[0].name) == 0) == (name == "cbz")
    elif name in ("tbz", "tbnz"):
        going = (m.get(operands[0].name) >> int(operands[1].value) & 1 == 0) == (name == "tbz")
    else:
        return None
    label = operands[-1]
    assert isinstance(label, Symbol)
    return label.name if going else ""


def text_of(operand: Operand) -> str:
    """The word of a condition."""
    assert isinstance(operand, (Name, Symbol))
    return operand.text if isinstance(operand, Name) else operand.name


def name_of(operand: Operand) -> str:
    assert isinstance(operand, (Register, VectorRegister))
    return operand.name
