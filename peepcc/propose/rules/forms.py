"""What an instruction looks like but for its registers, numbers and conditions, and which of them stand in it.

A line of a pattern has a form as well (`index.py`). Where the forms differ, or registers that a pattern wants equal
do, or a number that it names, nothing matches; where they do not, `template.matches` decides. So a form leaves a rule
out and lets none in.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, Symbol

_SYNONYMS = {"cs": "hs", "cc": "lo"}


def form_of(i: Instruction) -> tuple[str, str, tuple[int, ...], tuple[object, ...]]:
    """The form, that with its numbers and conditions, the numbers of general registers, the numbers and conditions.

    Both are in order from left to right.
    """
    registers: list[int] = []
    values: list[object] = []
    mnemonic = i.mnemonic
    if mnemonic.startswith("b."):
        values.append(condition(mnemonic[2:]))
        mnemonic = "b."
    parts = [_of_operand(each, registers, values) for each in i.operands]
    form = "|".join((mnemonic, *parts))
    return form, filled(form, values) if values else form, tuple(registers), tuple(values)


def _of_operand(operand: Operand, registers: list[int], values: list[object]) -> str:
    if isinstance(operand, Register):
        name = _register(operand.name, registers)
        if operand.amount is not None:
            values.append(operand.amount)
        return name + shifted(operand.modifier, operand.amount is not None)
    if isinstance(operand, Immediate):
        values.append(operand.value)
        return number(operand.modifier)
    if isinstance(operand, Memory):
        base, offset = _register(operand.base, registers), operand.offset
        inner = _of_operand(Immediate(0) if offset is None else offset, registers, values)
        return f"[{operand.mode} {base} {inner}]"
    if isinstance(operand, Symbol):
        return "@"
    if isinstance(operand, Name):
        values.append(condition(operand.text))
        return "?"
    return "-"


def _register(name: str, registers: list[int]) -> str:
    if name[0] in "wx" and name[1:].isdigit():
        registers.append(int(name[1:]))
        return name[0]
    return name


def shifted(modifier: str | None, counted: bool) -> str:
    """The part of a form behind a register; `counted`: whether the shift or extension has a number."""
    return "" if modifier is None else f" {modifier}{' #' if counted else ''}"


def number(modifier: str | None) -> str:
    """The part of a form that is a number; how far it is shifted is no part of it."""
    return "#" if modifier is None else f"# {modifier}"


def filled(form: str, values: Sequence[object]) -> str:
    """The form with all its numbers and conditions."""
    return f"{form} {','.join(map(str, values))}"


def condition(text: str) -> str:
    """The name of a condition that rules use."""
    return _SYNONYMS.get(text, text)
