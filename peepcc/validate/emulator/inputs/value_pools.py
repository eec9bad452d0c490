"""Pools of interesting 64-bit values: corners of each width, what the code mentions, FP specials.

Everything here is seeded; nothing promises that a pool is complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

import numpy as np

from ....analysis.obligation import Program, Step
from ....assembly.syntax import Immediate, Memory, Register

_MASK = (1 << 64) - 1
_MOST_MENTIONED = 24
_FLOATS = (
    0.0,
    1.0,
    2.0,
    0.5,
    1.5,
    2.5,
    3.0,
    0.1,
    3.14159265,
    127.5,
    255.0,
    65535.0,
    8388608.5,
    16777217.0,
    2147483648.0,
    4294967296.0,
    4503599627370497.5,
    9007199254740993.0,
    9.223372036854775807e18,
    1.8446744073709552e19,
    1e30,
    1e-30,
)
_CORE = (
    0,
    1,
    2,
    -1,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0xFFFFFFFF80000000,
    (1 << 63) - 1,
    1 << 63,
    0xFFFFFFFF00000000,
)
_CORE_FLOATS = np.concatenate(
    [
        np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan], np.float64).view(np.uint64),
        np.array(
            [0x7FF0000000000001, 0xFFF8000000000123, 1, 0x7FEFFFFFFFFFFFFF], np.uint64
        ),  # signalling, quiet, least, largest
        np.array(
            [[0.0, 1.0], [-0.0, np.inf], [np.inf, -0.0], [1.0, np.nan], [np.nan, -np.inf], [-1.0, 0.0]], np.float32
        ).view(np.uint64)[:, 0],
        np.array([0x7F8000017F800001, 0x00000001FFC00123, 0x7F7FFFFF00000001, 0xFF7FFFFF80000000], np.uint64),
    ]
)


@dataclass(frozen=True)
class Pools:
    """uint64 arrays.

    `core`, `core_floats`: few, so that their pairs and triples come up too; `mentioned`: constants
    of the code (`factors`), and near them; `splats`: constants in each lane; `steps`: by which
    related values differ; `ties`: integers that a
    conversion rounds; `offsets`: of words in the window.
    """

    core: np.ndarray
    core_floats: np.ndarray
    corners: np.ndarray
    mentioned: np.ndarray
    splats: np.ndarray
    steps: np.ndarray
    factors: np.ndarray
    floats: np.ndarray
    ties: np.ndarray
    offsets: np.ndarray


def pools(rng: np.random.Generator, programs: Iterable[Program], size: int, floating: bool = True) -> Pools:
    """`size`: bytes of the window, or 0. Not `floating`: no floats are asked for, and few are there."""
    programs = tuple(programs)
    constants, shifts = constants_of(programs)
    mentioned, splats = _of_constants(tuple(constants), tuple(shifts))
    mentioned = np.concatenate([mentioned, _packed(rng, mentioned)])
    offsets = np.arange(0, max(size, 16), 8, dtype=np.uint64)
    return Pools(
        _array(_CORE),
        _CORE_FLOATS,
        _corner_array(),
        mentioned,
        splats,
        _steps(constants),
        _array(constants or [3, 10]),
        _floats(rng) if floating else _CORE_FLOATS,
        _integer_ties(rng) if floating else _CORE_FLOATS,
        offsets,
    )


@lru_cache(maxsize=256)
def _of_constants(constants: tuple[int, ...], shifts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """`mentioned` but for packed ones, and `splats`."""
    return _array(_near(constants, shifts) or [0]), _array(value * repeat for value, repeat in _splats(constants))


def _steps(constants: list[int]) -> np.ndarray:
    """Half of them 0, the others 1 or constants of the code, both signs."""
    others = [each & _MASK for value in (1, 1, 1, 2, *constants) for each in (value, -value)]
    return np.array([0] * len(others) + others, np.uint64)


def _array(values: Iterable[int]) -> np.ndarray:
    return np.array(sorted({value & _MASK for value in values}), np.uint64)


@cache
def _corner_array() -> np.ndarray:
    return _array(_corners())


def _corners() -> Iterable[int]:
    yield from (0, 1, 2, 3, -1, -2, -3, 10, 100, 1000)
    for bit in range(64):
        yield from (1 << bit, (1 << bit) - 1, (1 << bit) + 1, -(1 << bit), -(1 << bit) - 1)
    for byte in (0x01, 0x7F, 0x80, 0xFF, 0x55, 0xAA, 0x0F, 0xF0):
        yield byte * 0x0101010101010101
    for half in (0x0001, 0x7FFF, 0x8000, 0xFFFF, 0x00FF, 0xFF00):
        yield half * 0x0001000100010001
    for word in (0x00000001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x0000FFFF, 0xFFFF0000):
        yield from (word << 32, word << 32 | word)
    yield from (0x0123456789ABCDEF, 0xFEDCBA9876543210, 0x00FF00FF00FF00FF, 0xFFFFFFFF80000000, 0xFFFFFFFF7FFFFFFF)


def constants_of(programs: Iterable[Program]) -> tuple[list[int], list[int]]:
    """(constants, shift amounts) that occur; movz and movk on one register are folded."""
    constants: dict[int, None] = {}
    shifts: dict[int, None] = {}
    for program in programs:
        built: dict[str, int] = {}
        for step in program.steps:
            for value in _immediates(step):
                constants[value & _MASK] = None
                if 0 < value < 64:
                    shifts[value] = None
            value = _built(step, built)
            if value is not None:
                constants[value & _MASK] = None
            for operand in step.instruction.operands:
                if isinstance(operand, Register) and operand.amount:
                    shifts[operand.amount] = None
    large_first = (
        sorted(constants, key=lambda value: (value < 64, value)) if len(constants) > _MOST_MENTIONED else constants
    )
    return list(large_first)[:_MOST_MENTIONED], list(shifts)


def _immediates(step: Step) -> Iterable[int]:
    for operand in step.instruction.operands:
        if isinstance(operand, Memory):
            operand = operand.offset
        if isinstance(operand, Immediate) and isinstance(operand.value, int):
            yield operand.value << (operand.amount or 0) if operand.modifier != "msl" else operand.value


def _built(step: Step, built: dict[str, int]) -> int | None:
    """The value that a mov or a chain of movk has put into a register so far."""
    operands = step.instruction.operands
    if len(operands) != 2 or not isinstance(operands[0], Register) or not isinstance(operands[1], Immediate):
        return None
    value, name = operands[1].value, operands[0].name
    if not isinstance(value, int):
        return None
    shift = operands[1].amount or 0
    if step.instruction.mnemonic in ("mov", "movz"):
        built[name] = value << shift
    elif step.instruction.mnemonic == "movn":
        built[name] = ~(value << shift)
    elif step.instruction.mnemonic == "movk":
        built[name] = built.get(name, 0) & ~(0xFFFF << shift) | value << shift
    return built.get(name)


def _near(constants: tuple[int, ...], shifts: tuple[int, ...]) -> list[int]:
    found: list[int] = []
    for value in constants:
        low = value & 0xFFFFFFFF
        found += [
            value,
            value + 1,
            value - 1,
            -value,
            ~value,
            low,
            low - (1 << 32) if low >> 31 else low,
            low + 1,
            (low - 1) & 0xFFFFFFFF,
        ]
        if value < 64:
            found += [1 << value, (1 << value) - 1, (1 << value) + 1, ~(1 << value), -(1 << value)]
        for shift in shifts:
            found += [
                value << shift,
                value >> shift,
                (value << shift) - 1,
                (value << shift) + 1,
                (value << shift) & 0xFFFFFFFF,
            ]
    for value in constants[:12]:
        for limit in (1 << 31, 1 << 32, 1 << 63, 1 << 64):
            found += [limit // max(value, 1) * value + near for near in (-1, 0, -value, -value - 1)]
    for one, other in product(constants[:12], repeat=2):
        found += [one + other, one - other, one + other + 1, one - other - 1]
    return found


def _splats(constants: tuple[int, ...]) -> Iterable[tuple[int, int]]:
    """Constants of the code or their neighbours, and by what they are multiplied to fill 64 bits."""
    for constant in constants or [1]:
        for value in (constant - 1, constant, constant + 1):
            yield from (
                (value & 0xFF, 0x0101010101010101),
                (value & 0xFFFF, 0x0001000100010001),
                (value & 0xFFFFFFFF, 0x0000000100000001),
            )
            yield value & _MASK, 1


def _packed(rng: np.random.Generator, mentioned: np.ndarray) -> np.ndarray:
    """Words of constants: as eight bytes, four halves, two words each."""
    shape = (64, 8)
    drawn = mentioned[rng.integers(0, len(mentioned), shape)]
    bytes_ = drawn.astype(np.uint8).view(np.uint64).reshape(-1)
    halves = drawn[:, :4].astype(np.uint16).view(np.uint64).reshape(-1)
    words = drawn[:, :2].astype(np.uint32).view(np.uint64).reshape(-1)
    return np.concatenate([bytes_, halves, words])


def _floats(rng: np.random.Generator) -> np.ndarray:
    """Specials and plain numbers as lanes of 64, 32 and 16 bits."""
    lanes = []
    for kind, bits, fraction in ((np.float64, np.uint64, 52), (np.float32, np.uint32, 23), (np.float16, np.uint16, 10)):
        lanes.append(_lanes(rng, kind, bits, fraction))
    doubles, singles, halves = lanes
    doubles = np.concatenate([doubles, _ties(rng, 29), _ties(rng, 42)])
    packed = [
        doubles,
        rng.choice(singles, (512, 2)).view(np.uint64).reshape(-1),
        rng.choice(halves, (192, 4)).view(np.uint64).reshape(-1),
    ]
    low_only = rng.choice(singles, 64).astype(np.uint64)
    return np.concatenate([*packed, low_only])


def _ties(rng: np.random.Generator, dropped: int) -> np.ndarray:
    """Doubles half-way between two numbers of a narrower format, which has `dropped` bits less, or next to that."""
    values = rng.normal(size=96).view(np.uint64) >> np.uint64(dropped) << np.uint64(dropped) | np.uint64(
        1 << dropped - 1
    )
    away = rng.choice(np.array([0, 1, -1, 1 << 12, -(1 << 12), 1 << 28, -(1 << 28)]), 96).astype(np.uint64)
    return values + away


def _integer_ties(rng: np.random.Generator) -> np.ndarray:
    """Integers half-way between two floats, or next to that, of 25 to 64 bits, signed."""
    precision = rng.choice(np.array([24, 24, 53]), 256)
    shift = rng.integers(1, 65 - precision).astype(np.uint64)
    top = rng.integers(0, 1 << 63, 256, np.uint64) >> (64 - precision).astype(np.uint64) | np.uint64(1) << (
        precision - 1
    ).astype(np.uint64)
    away = rng.choice(np.array([0, 1, -1]), 256).astype(np.uint64)
    values = (top << shift | np.uint64(1) << shift - np.uint64(1)) + away
    return np.where(
        rng.integers(0, 2, 256) == 0,
        values,
        (values >> np.uint64(1)) * rng.choice(np.array([1, -1]), 256).astype(np.uint64),
    )


def _lanes(rng: np.random.Generator, kind: type, bits: type, fraction: int) -> np.ndarray:
    width = np.dtype(bits).itemsize * 8
    infinity = ((1 << width - 1 - fraction) - 1) << fraction
    quiet = infinity | 1 << fraction - 1
    sign = 1 << width - 1
    specials = [
        0,
        infinity,
        quiet,
        quiet | 1,
        quiet | 0x155,
        infinity | 1,
        infinity | 0x2A,
        infinity - 1,
        1,
        2,
        (1 << fraction) - 1,
        1 << fraction,
        (1 << fraction) + 1,
        sign - 1,
    ]
    with np.errstate(over="ignore"):
        plain = np.array(_FLOATS, kind).view(bits)
        near = rng.normal(size=192).astype(kind)
        scales = rng.choice(np.array([2.0**-20, 1.0, 2.0**10, 2.0**25, 2.0**50]), 192)
        near = np.concatenate([near, (near * scales).astype(kind)]).view(bits)
        whole = rng.integers(-200, 200, 64).astype(kind).view(bits)
        halves = (rng.integers(-200, 200, 64) / 2).astype(kind).view(bits)
    signed = np.array([each | s for each in specials for s in (0, sign)] * 3, bits)
    return np.concatenate([signed, plain, plain | bits(sign), near, whole, halves])
