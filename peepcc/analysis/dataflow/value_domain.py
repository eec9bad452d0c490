"""What is known of the 64-bit value in one register, and what an instruction makes of it.

Sound and not complete: an instruction without a rule gives a value of which nothing is
known, but for the upper half, which every write of a w register clears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...assembly.syntax import Immediate, Instruction, Memory, Operand, Register, VectorRegister

MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Value:
    """`constant` or None; value < 2**zero; value is the sign extension of its low `sign` bits."""

    constant: int | None
    zero: int
    sign: int


def constant(value: int) -> Value:
    value &= MASK
    signed = value - (1 << 64) if value >> 63 else value
    return Value(value, value.bit_length(), (~signed if signed < 0 else signed).bit_length() + 1)


def bounded(zero: int, sign: int = 64) -> Value:
    """A value below 2**zero that is the sign extension of its low `sign` bits."""
    zero = max(zero, 0)
    return constant(0) if zero == 0 else Value(None, min(zero, 64), max(1, min(sign, zero + 1, 64)))


ANY = bounded(64)
WORD = bounded(32)


def either(left: Value, right: Value) -> Value:
    """What holds of a value that is one of the two."""
    if left == right:
        return left
    return bounded(max(left.zero, right.zero), max(left.sign, right.sign))


def both(left: Value, right: Value) -> Value:
    """What holds of a value of which both are true."""
    for each in (left, right):
        if each.constant is not None:
            return each
    return bounded(min(left.zero, right.zero), min(left.sign, right.sign))


def low(value: Value, bits: int) -> Value:
    """The low `bits` bits, zero-extended."""
    if value.constant is not None:
        return constant(value.constant & ((1 << bits) - 1))
    return value if value.zero <= bits else bounded(bits)


def sign_extended(value: Value, bits: int, width: int) -> Value:
    """The low `bits` bits sign-extended to `width`, zero-extended to 64."""
    if value.constant is not None:
        part = value.constant & ((1 << bits) - 1)
        return constant((part - (1 << bits) if part >> (bits - 1) else part) & ((1 << width) - 1))
    if value.zero < bits:
        return value
    return bounded(64, min(bits, value.sign)) if width == 64 else bounded(width)


def number(name: str) -> int | None:
    """N of x<N> or w<N>, N in 0..30; None for every other register."""
    name = {"lr": "x30", "fp": "x29"}.get(name, name)
    return int(name[1:]) if name[0] in "xw" and name[1:].isdigit() else None


Read = Callable[[int], Value]


def operand(item: Operand, width: int, read: Read) -> Value:
    """The value of a source operand of `width` bits, its shift or extend applied."""
    if isinstance(item, Immediate) and isinstance(item.value, int):
        shift = item.amount or 0
        return (
            constant((item.value << shift) & ((1 << width) - 1)) if item.modifier in (None, "lsl") else bounded(width)
        )
    if not isinstance(item, Register):
        return bounded(width)
    if item.name in ("xzr", "wzr"):
        value = constant(0)
    elif (n := number(item.name)) is None:
        return bounded(width)
    else:
        value = read(n)
    value = low(value, width if item.name[0] == "x" else 32)
    if item.modifier is None:
        return value
    amount = item.amount or 0
    if item.modifier in ("lsl", "lsr", "asr"):
        return _shift(item.modifier, value, amount, width)
    if item.modifier[:3] in ("uxt", "sxt"):
        bits = {"b": 8, "h": 16, "w": 32, "x": 64}[item.modifier[3]]
        part = low(value, bits) if item.modifier[0] == "u" else sign_extended(value, min(bits, width), width)
        return _shift("lsl", part, amount, width)
    return bounded(width)


def _shift(kind: str, value: Value, amount: int, width: int) -> Value:
    if value.constant is not None:
        source = value.constant
        if kind == "asr" and source >> (width - 1):
            source -= 1 << width
        return constant((source << amount if kind == "lsl" else source >> amount) & ((1 << width) - 1))
    if kind == "lsl":
        return bounded(min(width, value.zero + amount), value.sign + amount if width == 64 else 64)
    if kind == "lsr" or value.zero < width:
        return bounded(value.zero - amount)
    return bounded(64, value.sign - amount) if width == 64 else bounded(width)


def written(instruction: Instruction, read: Read) -> Mapping[int, Value]:
    """Register number -> value, for those of the registers written that have a rule.

    `read` gives what is known of x<n> before. Writeback and what has no rule are left out.
    """
    operands = instruction.operands
    if not operands or not isinstance(operands[0], Register):
        return {}
    base = next((item for item in operands if isinstance(item, Memory) and item.mode != "offset"), None)
    loaded = _LOADED.get(instruction.mnemonic)
    if loaded is not None:
        count = 2 if instruction.mnemonic in ("ldp", "ldnp", "ldpsw") else 1
        targets, by_width = operands[:count], loaded
    else:
        computed = _computed(operands[0], instruction, read)
        targets, by_width = operands[:1], (computed, computed)
    found = {}
    for target in targets:
        if not isinstance(target, Register):
            continue
        n = number(target.name)
        if n is not None and (base is None or base.base != f"x{n}"):
            found[n] = by_width[is_wide(target)]
    return found


def is_wide(register: Register) -> bool:
    return register.name[0] == "x" or register.name in ("lr", "fp")


# Mnemonic -> what a load leaves in (w<n>, x<n>).
_LOADED: dict[str, tuple[Value, Value]] = {
    **dict.fromkeys(("ldr", "ldur", "ldp", "ldnp"), (WORD, ANY)),
    **dict.fromkeys(("ldrb", "ldurb"), (bounded(8), ANY)),
    **dict.fromkeys(("ldrh", "ldurh"), (bounded(16), ANY)),
    **dict.fromkeys(("ldrsb", "ldursb"), (WORD, bounded(64, 8))),
    **dict.fromkeys(("ldrsh", "ldursh"), (WORD, bounded(64, 16))),
    **dict.fromkeys(("ldrsw", "ldursw", "ldpsw"), (ANY, bounded(64, 32))),
}


Rule = Callable[[Sequence[Operand], int, Read], Value | None]


def _computed(target: Register, instruction: Instruction, read: Read) -> Value:
    width = 64 if is_wide(target) else 32
    rest = instruction.operands[1:]
    if instruction.mnemonic == "movk":
        return _movk(target, rest[0], width, read) or bounded(width)
    rule = _RULES.get(instruction.mnemonic)
    value = rule(rest, width, read) if rule else None
    return bounded(width) if value is None else value


def _fold(compute: Callable[[int, int, int], int], bound: Callable[[Value, Value, int], Value] | None = None) -> Rule:
    """A rule for two sources: `compute` on constants, `bound` otherwise."""

    def rule(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
        if len(rest) != 2:
            return None
        left, right = operand(rest[0], width, read), operand(rest[1], width, read)
        if left.constant is not None and right.constant is not None:
            return constant(compute(left.constant, right.constant, width) & ((1 << width) - 1))
        return low(bound(left, right, width), width) if bound else None

    return rule


def _one(compute: Callable[[Value, int], Value | None]) -> Rule:
    def rule(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
        return compute(operand(rest[0], width, read), width) if len(rest) == 1 else None

    return rule


def _sign(left: Value, right: Value, width: int) -> int:
    return max(left.sign, right.sign) if width == 64 else 64


def _shifted(kind: str) -> Rule:
    def rule(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
        if len(rest) != 2:
            return None
        value, by = operand(rest[0], width, read), operand(rest[1], width, read)
        if by.constant is not None:
            return _shift(kind, value, by.constant % width, width)
        return bounded(value.zero) if kind == "lsr" else None

    return rule


def _field(signed: bool, insert: bool) -> Rule:
    """[us]bfx (lsb, width) and [us]bfiz."""

    def rule(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
        lsb, bits = (item.whole if isinstance(item, Immediate) else None for item in rest[1:3])
        if lsb is None or bits is None:
            return None
        value = operand(rest[0], width, read)
        if not insert:
            value = _shift("lsr", value, lsb, width)
        part = sign_extended(value, bits, width) if signed else low(value, bits)
        return _shift("lsl", part, lsb, width) if insert else part

    return rule


def _movk(target: Register, item: Operand, width: int, read: Read) -> Value | None:
    old = operand(target, width, read).constant
    if old is None or not isinstance(item, Immediate) or item.whole is None:
        return None
    shift = item.amount or 0
    return constant(old & ~(0xFFFF << shift) | item.whole << shift)


def _mov(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
    if isinstance(rest[0], VectorRegister):
        return None
    return operand(rest[0], width, read)


def _select(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
    return either(operand(rest[0], width, read), operand(rest[1], width, read))


def _lane(rest: Sequence[Operand], width: int, read: Read) -> Value | None:
    bits = {"b": 8, "h": 16, "s": 32}.get(getattr(rest[0], "arrangement", None) or "")
    return bounded(bits) if bits else None


def _count(value: Value, width: int) -> Value:
    return bounded(7 if width == 64 else 6)


_NOT = _one(lambda value, width: None if value.constant is None else constant(~value.constant & ((1 << width) - 1)))
_ADD = _fold(lambda a, b, width: a + b)
_SUBTRACT = _fold(lambda a, b, width: a - b)
_AND = _fold(lambda a, b, width: a & b, lambda a, b, width: bounded(min(a.zero, b.zero), _sign(a, b, width)))
_BIC = _fold(lambda a, b, width: a & ~b, lambda a, b, width: bounded(a.zero, _sign(a, b, width)))
_OR = _fold(lambda a, b, width: a | b, lambda a, b, width: bounded(max(a.zero, b.zero), _sign(a, b, width)))
_XOR = _fold(lambda a, b, width: a ^ b, lambda a, b, width: bounded(max(a.zero, b.zero), _sign(a, b, width)))

_RULES: dict[str, Callable[[Sequence[Operand], int, Read], Value | None]] = {
    "mov": _mov,
    "movz": _mov,
    "movn": _NOT,
    "mvn": _NOT,
    "neg": _one(
        lambda value, width: None if value.constant is None else constant(-value.constant & ((1 << width) - 1))
    ),
    "add": _ADD,
    "adds": _ADD,
    "sub": _SUBTRACT,
    "subs": _SUBTRACT,
    "and": _AND,
    "ands": _AND,
    "bic": _BIC,
    "bics": _BIC,
    "orr": _OR,
    "eor": _XOR,
    "mul": _fold(lambda a, b, width: a * b, lambda a, b, width: bounded(min(width, a.zero + b.zero))),
    "udiv": _fold(lambda a, b, width: a // b if b else 0, lambda a, b, width: bounded(a.zero)),
    "lsl": _shifted("lsl"),
    "lsr": _shifted("lsr"),
    "asr": _shifted("asr"),
    "ubfx": _field(signed=False, insert=False),
    "sbfx": _field(signed=True, insert=False),
    "ubfiz": _field(signed=False, insert=True),
    "sbfiz": _field(signed=True, insert=True),
    "uxtb": _one(lambda value, width: low(value, 8)),
    "uxth": _one(lambda value, width: low(value, 16)),
    "uxtw": _one(lambda value, width: low(value, 32)),
    "sxtb": _one(lambda value, width: sign_extended(value, 8, width)),
    "sxth": _one(lambda value, width: sign_extended(value, 16, width)),
    "sxtw": _one(lambda value, width: sign_extended(value, 32, width)),
    "clz": _one(_count),
    "cls": _one(_count),
    "cset": lambda rest, width, read: bounded(1),
    "csetm": lambda rest, width, read: bounded(width, 1 if width == 64 else 64),
    "csel": _select,
    "umov": _lane,
}
