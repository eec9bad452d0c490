"""What the integer instructions of the campaign `pairs` do, by mnemonic."""

from __future__ import annotations

from collections.abc import Sequence

from ....assembly.syntax import Immediate, Operand
from .machine import Machine, Operation, extended, mask, name_of, shifted, signed, text_of, value, width


def added(one: int, two: int, carry: int, bits: int) -> tuple[int, tuple[int, int, int, int]]:
    """Arm's AddWithCarry: the sum, and N, Z, C, V."""
    total = (one & mask(bits)) + (two & mask(bits)) + carry
    result = total & mask(bits)
    overflow = signed(one, bits) + signed(two, bits) + carry != signed(result, bits)
    return result, (result >> bits - 1, int(result == 0), int(total != result), int(overflow))


def _sum(negated: bool, sets: bool, carried: bool, target: bool = True, unary: bool = False) -> Operation:
    """add, sub and all that are made of them; `unary` ones take the zero register first."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits = width(name_of(operands[0]))
        at = 1 if target else 0
        one = 0 if unary else m.get(name_of(operands[at])) & mask(bits)
        two = value(m, operands[at + (0 if unary else 1)], bits)
        carry = m.flags[2] if carried else int(negated)
        result, flags = added(one, ~two if negated else two, carry, bits)
        m.flags = flags if sets else m.flags
        if target:
            m.put(name_of(operands[0]), result)

    return operation


def _logic(function, sets: bool, target: bool = True) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits = width(name_of(operands[0]))
        at = 1 if target else 0
        result = function(m.get(name_of(operands[at])), value(m, operands[at + 1], bits)) & mask(bits)
        m.flags = (result >> bits - 1, int(result == 0), 0, 0) if sets else m.flags
        if target:
            m.put(name_of(operands[0]), result)

    return operation


def _one(function) -> Operation:
    """One source: `function` takes its value and the width."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits = width(name_of(operands[0]))
        m.put(name_of(operands[0]), function(value(m, operands[1], bits), bits))

    return operation


def _two(function) -> Operation:
    """Two sources, registers or immediates."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits = width(name_of(operands[0]))
        m.put(name_of(operands[0]), function(value(m, operands[1], bits), value(m, operands[2], bits), bits))

    return operation


def _movk(m: Machine, operands: Sequence[Operand]) -> None:
    name, part = name_of(operands[0]), operands[1]
    assert isinstance(part, Immediate)
    at = part.amount or 0
    m.put(name, m.get(name) & ~(0xFFFF << at) | int(part.value) << at)


def _field(signs: bool, inserted: bool) -> Operation:
    """ubfx, sbfx, ubfiz, sbfiz: `inserted` into zero."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        low, size = (int(each.value) for each in operands[2:4])
        held = m.get(name_of(operands[1])) >> (0 if inserted else low)
        found = signed(held, size) if signs else held & mask(size)
        m.put(name_of(operands[0]), found << (low if inserted else 0))

    return operation


def _insert(at_low: bool) -> Operation:
    """bfxil (`at_low`) and bfi."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        low, size = (int(each.value) for each in operands[2:4])
        name, held = name_of(operands[0]), m.get(name_of(operands[1]))
        put, moved = (0, held >> low) if at_low else (low, held)
        m.put(name, m.get(name) & ~(mask(size) << put) | (moved & mask(size)) << put)

    return operation


def _extr(m: Machine, operands: Sequence[Operand]) -> None:
    bits = width(name_of(operands[0]))
    both = m.get(name_of(operands[1])) << bits | m.get(name_of(operands[2]))
    m.put(name_of(operands[0]), both >> int(operands[3].value))


def _extend(kind: str) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        m.put(name_of(operands[0]), extended(m.get(name_of(operands[1])), kind))

    return operation


def _select(otherwise, alias: str = "") -> Operation:
    """csel and its like; `alias`: the form with one register (`one`) or none (`none`), "
    "where the condition is inverted."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits, sources = width(name_of(operands[0])), operands[1:-1]
        holds = m.holds(text_of(operands[-1]))
        if alias:
            source = value(m, sources[0], bits) if alias == "one" else 0
            result = otherwise(source, bits) if holds else source
        else:
            one, two = (value(m, each, bits) for each in sources)
            result = one if holds else otherwise(two, bits)
        m.put(name_of(operands[0]), result)

    return operation


def _conditional(negated: bool) -> Operation:
    """ccmp (`negated`) and ccmn."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits, given = width(name_of(operands[0])), int(operands[2].value)
        one, two = (value(m, each, bits) for each in operands[:2])
        if m.holds(text_of(operands[3])):
            m.flags = added(one, ~two if negated else two, int(negated), bits)[1]
        else:
            m.flags = tuple(given >> k & 1 for k in (3, 2, 1, 0))

    return operation


def _product(sign: int, accumulates: bool, signs: bool | None = None) -> Operation:
    """mul and its like; `signs` says how the 32-bit sources of the long ones are extended."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        one, two = (m.get(name_of(each)) for each in operands[1:3])
        if signs:
            one, two = signed(one, 32), signed(two, 32)
        m.put(name_of(operands[0]), (m.get(name_of(operands[3])) if accumulates else 0) + sign * one * two)

    return operation


def _high(signs: bool) -> Operation:
    return _two(lambda one, two, bits: (signed(one, 64) * signed(two, 64) if signs else one * two) >> 64)


def _divided(one: int, two: int) -> int:
    """Toward zero; 0 where the divisor is."""
    quotient = abs(one) // abs(two) if two else 0
    return -quotient if (one < 0) != (two < 0) else quotient


def _leading(held: int, bits: int) -> int:
    return bits - held.bit_length()


def _bytes(size: int):
    """Reverses the bytes of each `size` bytes (0: of all)."""

    def function(held: int, bits: int) -> int:
        unit = size or bits // 8
        groups = [held >> 8 * at & mask(8 * unit) for at in range(0, bits // 8, unit)]
        return sum(
            int.from_bytes(group.to_bytes(unit, "little"), "big") << 8 * unit * n for n, group in enumerate(groups)
        )

    return function


def _shift(kind: str) -> Operation:
    return _two(lambda one, two, bits: shifted(one, kind, two % bits, bits))


def _increased(held: int, bits: int) -> int:
    return held + 1


def _inverted(held: int, bits: int) -> int:
    return ~held


def _negated(held: int, bits: int) -> int:
    return -held


def _plain(held: int, bits: int) -> int:
    return held


def _register_or_number(m: Machine, operands: Sequence[Operand]) -> None:
    """mov between scalar registers, and of a number."""
    m.put(name_of(operands[0]), value(m, operands[1], width(name_of(operands[0]))))


OPERATIONS: dict[str, Operation] = {
    "add": _sum(False, False, False),
    "adds": _sum(False, True, False),
    "sub": _sum(True, False, False),
    "subs": _sum(True, True, False),
    "cmn": _sum(False, True, False, target=False),
    "cmp": _sum(True, True, False, target=False),
    "adc": _sum(False, False, True),
    "adcs": _sum(False, True, True),
    "sbc": _sum(True, False, True),
    "sbcs": _sum(True, True, True),
    "neg": _sum(True, False, False, unary=True),
    "negs": _sum(True, True, False, unary=True),
    "ngc": _sum(True, False, True, unary=True),
    "ngcs": _sum(True, True, True, unary=True),
    "and": _logic(int.__and__, False),
    "ands": _logic(int.__and__, True),
    "tst": _logic(int.__and__, True, target=False),
    "orr": _logic(int.__or__, False),
    "eor": _logic(int.__xor__, False),
    "bic": _logic(lambda a, b: a & ~b, False),
    "bics": _logic(lambda a, b: a & ~b, True),
    "orn": _logic(lambda a, b: a | ~b, False),
    "eon": _logic(lambda a, b: a ^ ~b, False),
    "mov": _register_or_number,
    "movz": _register_or_number,
    "movn": _one(_inverted),
    "mvn": _one(_inverted),
    "movk": _movk,
    **{kind: _shift(kind) for kind in ("lsl", "lsr", "asr", "ror")},
    "ubfx": _field(False, False),
    "sbfx": _field(True, False),
    "ubfiz": _field(False, True),
    "sbfiz": _field(True, True),
    "bfi": _insert(False),
    "bfxil": _insert(True),
    "extr": _extr,
    **{kind: _extend(kind) for kind in ("sxtb", "sxth", "sxtw", "uxtb", "uxth")},
    "clz": _one(_leading),
    "cls": _one(lambda held, bits: _leading((held ^ held << 1) & mask(bits) | 1, bits)),
    "rbit": _one(lambda held, bits: int(f"{held:0{bits}b}"[::-1], 2)),
    "rev": _one(_bytes(0)),
    "rev16": _one(_bytes(2)),
    "rev32": _one(_bytes(4)),
    "csel": _select(_plain),
    "csinc": _select(_increased),
    "csinv": _select(_inverted),
    "csneg": _select(_negated),
    "cset": _select(_increased, "none"),
    "csetm": _select(_inverted, "none"),
    "cinc": _select(_increased, "one"),
    "cinv": _select(_inverted, "one"),
    "cneg": _select(_negated, "one"),
    "ccmp": _conditional(True),
    "ccmn": _conditional(False),
    "mul": _product(1, False),
    "mneg": _product(-1, False),
    "madd": _product(1, True),
    "msub": _product(-1, True),
    "umull": _product(1, False, False),
    "smull": _product(1, False, True),
    "umaddl": _product(1, True, False),
    "smaddl": _product(1, True, True),
    "umnegl": _product(-1, False, False),
    "smnegl": _product(-1, False, True),
    "umsubl": _product(-1, True, False),
    "smsubl": _product(-1, True, True),
    "umulh": _high(False),
    "smulh": _high(True),
    "udiv": _two(lambda one, two, bits: _divided(one, two)),
    "sdiv": _two(lambda one, two, bits: _divided(signed(one, bits), signed(two, bits))),
}
