"""Lifts a straight run of integer instructions to the text of one LLVM function.

Live-in registers are its parameters, live-out registers the fields of what it returns; a
closing conditional branch becomes one of two tail calls with the same arguments. What is
known at entry is a range on a parameter, or a constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ....analysis.obligation import Known, Step
from ....analysis.registers import Parts, w, x
from ....assembly.syntax import Instruction
from .. import instruction_text as c
from ..semantics import NotModelled, State

MOST = 8  # registers that AAPCS64 passes and returns
_CHEAP = 1 << 16  # constants that one mov makes


@dataclass(frozen=True, slots=True)
class Value:
    bits: int
    text: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """`text`: the module. `inputs`: registers by parameter. `results`: (register, bits) by field or argument."""

    text: str
    inputs: tuple[str, ...]
    results: tuple[tuple[str, int], ...]


class _Writer:
    """The algebra whose values are names in a function's text."""

    def __init__(self, volatile: bool):
        self.lines: list[str] = []
        self.places: dict[str, tuple[Value, int]] = {}  # name of base + constant -> (base, constant)
        self._volatile = " volatile" if volatile else ""

    def number(self, bits: int, value: int) -> Value:
        return Value(bits, str(value) if bits > 1 else ("true" if value & 1 else "false"))

    def bits(self, value: Value) -> int:
        return value.bits

    def binary(self, operation: str, left: Value, right: Value) -> Value:
        made = self._made(left.bits, f"{operation} i{left.bits} {left.text}, {right.text}")
        if operation in ("add", "sub") and right.text.isdigit() and left.bits == 64:
            base, moved = self.places.get(left.text, (left, 0))
            self.places[made.text] = base, moved + int(right.text) * (1 if operation == "add" else -1)
        return made

    def unary(self, operation: str, value: Value) -> Value:
        name = {"clz": "ctlz", "rbit": "bitreverse", "rev": "bswap"}[operation]
        last = ", i1 false" if operation == "clz" else ""
        return self._made(
            value.bits, f"call i{value.bits} @llvm.{name}.i{value.bits}(i{value.bits} {value.text}{last})"
        )

    def resized(self, value: Value, bits: int, signed: bool) -> Value:
        if bits == value.bits:
            return value
        name = "trunc" if bits < value.bits else "sext" if signed else "zext"
        return self._made(bits, f"{name} i{value.bits} {value.text} to i{bits}")

    def compare(self, predicate: str, left: Value, right: Value) -> Value:
        return self._made(1, f"icmp {predicate} i{left.bits} {left.text}, {right.text}")

    def choose(self, condition: Value, yes: Value, no: Value) -> Value:
        return self._made(yes.bits, f"select i1 {condition.text}, i{yes.bits} {yes.text}, i{yes.bits} {no.text}")

    def load(self, base: Value, offset: Value, size: int) -> Value:
        return self._made(8 * size, f"load{self._volatile} i{8 * size}, ptr {self._address(base, offset)}, align 1")

    def store(self, base: Value, offset: Value, value: Value) -> None:
        self.lines.append(
            f"store{self._volatile} i{value.bits} {value.text}, ptr {self._address(base, offset)}, align 1"
        )

    def _address(self, base: Value, offset: Value) -> str:
        root, moved = self.places.get(base.text, (base, 0))
        pointer = f"%p{root.text.lstrip('%')}"
        line = f"{pointer} = inttoptr i64 {root.text} to ptr"
        if line not in self.lines:
            self.lines.append(line)
        for amount in (str(moved % (1 << 64)), offset.text):
            if amount != "0":
                place = f"%g{len(self.lines)}"
                self.lines.append(f"{place} = getelementptr i8, ptr {pointer}, i64 {amount}")
                pointer = place
        return pointer

    def _made(self, bits: int, text: str) -> Value:
        name = f"%v{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return Value(bits, name)


@cache
def liftable(i: Instruction) -> bool:
    """Whether `lift` knows the instruction."""
    registers = {name: Value(64, f"%{name}") for name in ("sp", *(f"x{n}" for n in range(31)))}
    try:
        State(_Writer(False), registers, lambda condition: Value(1, "%flag")).run(i)
    except NotModelled:
        return False
    return True


def lift(steps: Sequence[Step], live_out: Parts, known: Known, closed: bool, volatile: bool) -> Lifted:
    """`live_out`: after the steps, on both ways where `closed`; no flags. Raises NotModelled."""
    writer = _Writer(volatile)
    read = _read(steps)
    same = {n: min(group & read) for group in known.equal for n in group & read}
    inputs = [f"x{n}" for n in sorted(read) if same.get(n, n) == n and not 0 <= known.constants.get(n, -1) < _CHEAP]
    if any("sp" in c.reads(step.instruction) for step in steps):
        inputs.append("sp")
    registers = {name: Value(64, f"%{name}") for name in inputs}
    for n in sorted(read):
        if 0 <= (value := known.constants.get(n, -1)) < _CHEAP:
            registers[f"x{n}"] = Value(64, str(value))
        elif f"x{n}" not in registers:
            registers[f"x{n}"] = registers[f"x{same[n]}"]
    state = State(writer, registers)
    body, branch = (steps[:-1], steps[-1]) if closed else (steps, None)
    for step in body:
        state.run(step.instruction)
    changed = {name for step in body for name in c.writes(step.instruction)}
    results = tuple(
        (f"x{n}", 64 if live_out & (x(n) ^ w(n)) else 32) for n in range(31) if live_out & x(n) and f"x{n}" in changed
    )
    if max(len(inputs), len(results)) > MOST:
        raise NotModelled("more registers than a call passes")
    values = [writer.resized(state.registers[name], bits, False) for name, bits in results]
    condition = state.taken(branch.instruction) if branch else None
    return Lifted(
        _module(writer.lines, [_parameter(name, known) for name in inputs], values, condition), tuple(inputs), results
    )


def _read(steps: Sequence[Step]) -> set[int]:
    """Numbers of the registers that are read before they are written."""
    found = written = 0
    for step in steps:
        found |= step.effect.reads & ~written
        written |= step.effect.writes
    return {n for n in range(31) if found & x(n)}


def _parameter(name: str, known: Known) -> str:
    n = int(name[1:]) if name != "sp" else -1
    if 0 < known.zero_extended.get(n, 64) < 63:
        return f"i64 range(i64 0, {1 << known.zero_extended[n]}) %{name}"
    if 0 < known.sign_extended.get(n, 64) < 63:
        half = 1 << known.sign_extended[n] - 1
        return f"i64 range(i64 {-half}, {half}) %{name}"
    return f"i64 %{name}"


def _module(lines: Sequence[str], parameters: Sequence[str], values: Sequence[Value], condition: Value | None) -> str:
    body = "\n".join(lines)
    given = ", ".join(f"i{value.bits} {value.text}" for value in values)
    types = ", ".join(f"i{value.bits}" for value in values)
    head = f'target triple = "aarch64-linux-gnu"\ndeclare void @fall({types})\ndeclare void @taken({types})\n'
    if condition is not None:
        ways = "".join(f"{way}:\n tail call void @{way}({given})\n ret void\n" for way in ("taken", "fall"))
        return (
            f"{head}define void @f({', '.join(parameters)}) nounwind {{\n{body}\n"
            f"br i1 {condition.text}, label %taken, label %fall\n{ways}}}\n"
        )
    if not values:
        return f"{head}define void @f({', '.join(parameters)}) nounwind {{\n{body}\nret void\n}}\n"
    fields, last = [], "undef"
    for n, value in enumerate(values):
        fields.append(f"%r{n} = insertvalue {{{types}}} {last}, i{value.bits} {value.text}, {n}")
        last = f"%r{n}"
    ending = "\n".join(fields)
    return (
        f"{head}define {{{types}}} @f({', '.join(parameters)}) nounwind {{\n{body}\n{ending}\n"
        f"ret {{{types}}} {last}\n}}\n"
    )
