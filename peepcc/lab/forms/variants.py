"""Other instructions of the same form, for the survey: a lifter may be right for one register or immediate and wrong
for another.

Registers, lanes, immediates, shift amounts and conditions are drawn; the form stays.
Whether an assembler takes the result is not promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from ...assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, RegisterList, VectorRegister
from ...validate.prover.form_allowlist import CONDITIONS, form

_KEPT = frozenset({"sp", "wsp", "xzr", "wzr"})
_AGAIN = 0.25  # of the registers are one that the instruction names already
_NUMBERS = (
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    12,
    15,
    16,
    24,
    31,
    32,
    47,
    48,
    63,
    64,
    127,
    128,
    240,
    255,
    256,
    504,
    4095,
    65535,
    -1,
    -8,
    -16,
    -256,
)
_MASKS = (
    0x55,
    0x3C,
    0xFF00,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0x0F0F0F0F,
    0x8000000000000000,
    0xFFFFFFFF00000000,
    0x00FF00FF00FF00FF,
)
_FLOATS = (0.0, 1.0, -1.0, 0.5, 2.0, -3.5, 0.125, 31.0)


def variants(instruction: Instruction, rng: Random) -> Iterator[Instruction]:
    """Without end; each has the form of `instruction`, and some are equal to it."""
    mine = form(instruction)
    while True:
        numbers: list[int] = []
        made = replace(instruction, operands=tuple(_drawn(operand, rng, numbers) for operand in instruction.operands))
        yield made if form(made) == mine else instruction


def _drawn(operand: Operand, rng: Random, numbers: list[int]) -> Operand:
    match operand:
        case Register():
            return replace(operand, name=_register(operand.name, rng, numbers), amount=_amount(operand.amount, rng))
        case VectorRegister():
            return replace(operand, name=_register(operand.name, rng, numbers), lane=_lane(operand.lane, rng))
        case RegisterList():
            first = _number(rng, numbers, 32)
            registers = tuple(replace(each, name=f"v{(first + k) % 32}") for k, each in enumerate(operand.registers))
            return replace(operand, registers=registers, lane=_lane(operand.lane, rng))
        case Immediate():
            return replace(operand, value=_value(operand.value, rng), amount=_amount(operand.amount, rng))
        case Memory():
            offset = operand.offset if operand.offset is None else _drawn(operand.offset, rng, numbers)
            return replace(operand, base=_register(operand.base, rng, numbers), offset=offset)
        case Name() if operand.text in CONDITIONS:
            return Name(rng.choice(sorted(CONDITIONS)))
    return operand


def _register(name: str, rng: Random, numbers: list[int]) -> str:
    return (
        name if name in _KEPT else f"{name.rstrip('0123456789')}{_number(rng, numbers, 31 if name[0] in 'xw' else 32)}"
    )


def _number(rng: Random, numbers: list[int], count: int) -> int:
    earlier = [each for each in numbers if each < count]
    numbers.append(rng.choice(earlier) if earlier and rng.random() < _AGAIN else rng.randrange(count))
    return numbers[-1]


def _value(value: int | float, rng: Random) -> int | float:
    if isinstance(value, float):
        return rng.choice(_FLOATS)
    return rng.choice((value, rng.choice(_NUMBERS), rng.choice(_NUMBERS), rng.choice(_MASKS), rng.randrange(64)))


def _amount(amount: int | None, rng: Random) -> int | None:
    return None if amount is None else rng.choice((amount, rng.randrange(5), rng.randrange(64), 12, 16, 32, 48))


def _lane(lane: int | None, rng: Random) -> int | None:
    return None if lane is None else rng.randrange(16)
