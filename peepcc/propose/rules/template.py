"""Patterns and replacements of rules as values: read from text, matched with instructions, and built into instructions.

In an operand `rA` is register variable A of the rule's width, `wA` and `xA` are A of 32 and 64 bits; `#k` is the
immediate variable k, `#{k + 1}` an expression, `#4` itself; `?c` a condition variable, `?!c` its inverse; `@L` a
label. What is built here is what is proved: nothing else makes a rule's instructions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, Symbol
from .expression import Malformed, compiled
from .shapes import INVERSE

_REGISTER = re.compile(r"([wxr])([A-Z]\d?)")
_FIXED = {"wzr": "wzr", "xzr": "xzr", "rzr": "", "sp": "sp"}
_MODIFIERS = frozenset("lsl lsr asr ror sxtb sxth sxtw sxtx uxtb uxth uxtw uxtx".split())
_POWER = re.compile(r"\(?1 << ([a-z]\d?)\)?( - 1)?")  # such an expression binds its variable
_CONDITION = re.compile(r"\?(!?)([a-z]\d?)")


@dataclass(slots=True)
class Binding:
    """What the variables stand for: registers by number, immediates, conditions, labels."""

    registers: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Binding:
        return Binding(dict(self.registers), dict(self.numbers), dict(self.conditions), dict(self.labels))


@dataclass(frozen=True, slots=True)
class Number:
    """An immediate: a variable's name, or an expression."""

    name: str
    text: str

    def value(self, binding: Binding) -> int:
        return binding.numbers[self.name] if self.name else compiled(self.text)(binding.numbers)

    def matches(self, value: object, binding: Binding) -> bool:
        if not isinstance(value, int):
            return False
        if self.name and self.name not in binding.numbers:
            binding.numbers[self.name] = value
            return True
        power = _POWER.fullmatch(self.text)
        if power is not None and power[1] not in binding.numbers:
            one = value + 1 if power[2] else value
            if one <= 0 or one & (one - 1):
                return False
            binding.numbers[power[1]] = one.bit_length() - 1
            return True
        return self.value(binding) == value


@dataclass(frozen=True, slots=True)
class Slot:
    """One operand. `kind`: "register" (`letter`, `name`), "fixed" (`name`), "number", "condition", "label" or "memory".

    `modifier` and `amount` belong to a register or number; `inner` are the base and offset of an address.
    """

    kind: str
    name: str = ""
    letter: str = ""
    number: Number | None = None
    modifier: str | None = None
    amount: Number | None = None
    inner: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction; `condition`: that of `b.?c`."""

    mnemonic: str
    slots: tuple[Slot, ...]
    condition: Slot | None = None

    def names(self) -> frozenset[str]:
        """Names of its register variables."""
        every = [each for slot in self.slots for each in (slot, *slot.inner)]
        return frozenset(each.name for each in every if each.kind == "register")


def line_of(text: str, width: int) -> Line:
    """Raises Malformed. `width`: 32 or 64, of `r`."""
    mnemonic, _, rest = text.strip().partition(" ")
    condition = None
    if mnemonic.startswith("b.?"):
        mnemonic, condition = "b.", _slot(mnemonic[2:], width)
    return Line(mnemonic, _slots(rest, width), condition)


def _slots(text: str, width: int) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for part in _split(text):
        word, _, amount = part.partition(" ")
        if word in _MODIFIERS and slots and slots[-1].kind in ("register", "number", "fixed"):
            last = slots.pop()
            by = _number(amount.strip()) if amount.strip() else None
            slots.append(Slot(last.kind, last.name, last.letter, last.number, word, by))
        elif slots and slots[-1].kind == "memory" and part.startswith("#"):
            slots.append(Slot("memory", "post", inner=(*slots.pop().inner, _slot(part, width))))
        else:
            slots.append(_slot(part, width))
    return tuple(slots)


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r",(?![^\[]*\])(?![^{]*\})", text) if part.strip()]


def _number(text: str) -> Number:
    body = text.removeprefix("#").strip()
    if re.fullmatch(r"[a-z]\d?", body):
        return Number(body, body)
    inner = body[1:-1] if body.startswith("{") and body.endswith("}") else body
    compiled(inner)
    return Number("", inner)


def _slot(text: str, width: int) -> Slot:
    if match := _REGISTER.fullmatch(text):
        letter = ("w" if width == 32 else "x") if match[1] == "r" else match[1]
        return Slot("register", match[2], letter)
    if text in _FIXED:
        return Slot("fixed", _FIXED[text] or ("wzr" if width == 32 else "xzr"))
    if text.startswith("#"):
        return Slot("number", number=_number(text))
    if match := _CONDITION.fullmatch(text):
        return Slot("condition", match[2], match[1])
    if text in INVERSE:
        return Slot("condition", text, "=")
    if text.startswith("@"):
        return Slot("label", text[1:])
    if text.startswith("[") and text.endswith("]"):
        return Slot("memory", inner=_slots(text[1:-1], width))
    raise Malformed(f"not an operand of a rule: {text}")


def matches(line: Line, i: Instruction, binding: Binding) -> bool:
    """Whether the instruction is of the form; `binding` takes what its variables stand for."""
    if line.condition is not None:
        if not i.mnemonic.startswith("b.") or not _match_condition(line.condition, i.mnemonic[2:], binding):
            return False
    elif line.mnemonic != i.mnemonic:
        return False
    return len(line.slots) == len(i.operands) and all(
        _match(slot, operand, binding) for slot, operand in zip(line.slots, i.operands)
    )


def _match(slot: Slot, operand: Operand, binding: Binding) -> bool:
    match operand:
        case Register():
            return _match_register(slot, operand, binding)
        case Immediate():
            if slot.kind != "number" or slot.number is None or operand.modifier != slot.modifier:
                return False
            if not slot.number.matches(operand.value, binding):
                return False
            return slot.amount is None or slot.amount.matches(operand.amount, binding)
        case Name():
            return slot.kind == "condition" and _match_condition(slot, operand.text, binding)
        case Symbol():
            plain = slot.kind == "label" and operand == Symbol(operand.name)
            return plain and binding.labels.setdefault(slot.name, operand.name) == operand.name
        case Memory():
            offset = operand.offset if operand.offset is not None or len(slot.inner) < 2 else Immediate(0)
            inner = (Register(operand.base), *(() if offset is None else (offset,)))
            fits = slot.kind == "memory" and operand.mode == (slot.name or "offset") and len(inner) == len(slot.inner)
            return fits and all(_match(each, other, binding) for each, other in zip(slot.inner, inner))
    return False


def _match_register(slot: Slot, operand: Register, binding: Binding) -> bool:
    name = operand.name
    if operand.modifier != slot.modifier:
        return False
    if slot.amount is not None:
        if not slot.amount.matches(operand.amount, binding):
            return False
    elif operand.amount is not None:
        return False
    if slot.kind == "fixed":
        return name == slot.name
    if slot.kind != "register" or name[0] != slot.letter or not name[1:].isdigit():
        return False
    number = int(name[1:])
    return binding.registers.setdefault(slot.name, number) == number


def _match_condition(slot: Slot, text: str, binding: Binding) -> bool:
    text = {"cs": "hs", "cc": "lo"}.get(text, text)
    if slot.letter == "=":
        return slot.name == text
    if text not in INVERSE:
        return False
    wanted = INVERSE[text] if slot.letter == "!" else text
    return binding.conditions.setdefault(slot.name, wanted) == wanted


def built(line: Line, binding: Binding) -> Instruction:
    """The instruction under a binding of all variables."""
    mnemonic = line.mnemonic if line.condition is None else f"b.{_condition(line.condition, binding)}"
    return Instruction(mnemonic, tuple(_operand(slot, binding) for slot in line.slots))


def _operand(slot: Slot, binding: Binding) -> Operand:
    amount = slot.amount.value(binding) if slot.amount is not None else None
    if slot.kind == "register":
        return Register(f"{slot.letter}{binding.registers[slot.name]}", slot.modifier, amount)
    if slot.kind == "fixed":
        return Register(slot.name, slot.modifier, amount)
    if slot.kind == "number" and slot.number is not None:
        return Immediate(slot.number.value(binding), slot.modifier, amount)
    if slot.kind == "condition":
        return Name(_condition(slot, binding))
    if slot.kind == "label":
        return Symbol(binding.labels[slot.name])
    inner = [_operand(each, binding) for each in slot.inner]
    base, offset = inner[0], inner[1] if len(inner) > 1 else None
    if isinstance(offset, Immediate) and offset.value == 0 and not slot.name:
        offset = None
    if not isinstance(base, Register) or not isinstance(offset, (Register, Immediate, type(None))):
        raise Malformed("an address of a rule is a register and an offset")
    return Memory(base.name, offset, slot.name or "offset")


def _condition(slot: Slot, binding: Binding) -> str:
    if slot.letter == "=":
        return slot.name
    found = binding.conditions[slot.name]
    return INVERSE[found] if slot.letter == "!" else found
