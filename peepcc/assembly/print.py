"""Writes modules and instructions as text: untouched lines verbatim, new instructions in one canonical form."""

from __future__ import annotations

from .syntax import (
    Immediate,
    Instruction,
    Memory,
    Module,
    Name,
    Operand,
    Register,
    RegisterList,
    Symbol,
    VectorRegister,
)


def print_module(module: Module) -> str:
    return "".join(line.text for line in module.lines)


def print_instruction(instruction: Instruction) -> str:
    """One instruction without indent or newline, operands as in `ldr x0, [x1, x2, lsl #3]`."""
    if not instruction.operands:
        return instruction.mnemonic
    return f"{instruction.mnemonic} {', '.join(map(print_operand, instruction.operands))}"


def print_operand(operand: Operand) -> str:
    match operand:
        case Register(name):
            return name + _modifier(operand)
        case Immediate(value):
            return f"#{value}" + _modifier(operand)
        case Symbol():
            return _symbol(operand) + _modifier(operand)
        case VectorRegister():
            return _vector(operand) + _lane(operand.lane)
        case RegisterList(registers, lane):
            return f"{{ {', '.join(map(_vector, registers))} }}" + _lane(lane)
        case Memory():
            return _memory(operand)
        case Name(text):
            return text
    raise TypeError(f"not an operand: {operand!r}")


def _modifier(operand: Register | Immediate | Symbol) -> str:
    if operand.modifier is None:
        return ""
    amount = "" if operand.amount is None else f" #{operand.amount}"
    return f", {operand.modifier}{amount}"


def _symbol(symbol: Symbol) -> str:
    addend = f"{symbol.addend:+d}" if symbol.addend else ""
    if symbol.specifier == "=":
        return f"={symbol.name}{addend}"
    specifier = f":{symbol.specifier}:" if symbol.specifier else ""
    return f"{specifier}{symbol.name}{addend}"


def _vector(register: VectorRegister) -> str:
    return register.name if register.arrangement is None else f"{register.name}.{register.arrangement}"


def _lane(lane: int | None) -> str:
    return "" if lane is None else f"[{lane}]"


def _memory(memory: Memory) -> str:
    if memory.offset is None:
        return f"[{memory.base}]{'!' if memory.mode == 'pre' else ''}"
    offset = print_operand(memory.offset)
    if memory.mode == "post":
        return f"[{memory.base}], {offset}"
    return f"[{memory.base}, {offset}]{'!' if memory.mode == 'pre' else ''}"
