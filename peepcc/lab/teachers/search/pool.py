"""Every instruction that might stand at one place, with what each makes of the registers there, as one array.

The numbers are those of the code and what pairs of them make. Whether the assembler takes
a line is not promised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod

import numpy as np

from ....assembly.syntax import Immediate, Instruction, Name, Operand, Register
from ..instruction_text import INVERSE
from .single import is_mask
from .vector_eval import signed

_PAIRS: tuple[tuple[str, Callable], ...] = (
    ("add", np.add),
    ("sub", np.subtract),
    ("and", np.bitwise_and),
    ("orr", np.bitwise_or),
    ("eor", np.bitwise_xor),
    ("bic", lambda a, b: a & ~b),
    ("orn", lambda a, b: a | ~b),
    ("eon", lambda a, b: ~(a ^ b)),
    ("mul", np.multiply),
)
_SHIFTED = 5  # of these, so many also with the second operand shifted
_EXTENDED = (
    ("uxtb", 8, False),
    ("uxth", 16, False),
    ("uxtw", 32, False),
    ("sxtb", 8, True),
    ("sxth", 16, True),
    ("sxtw", 32, True),
)

Group = tuple[
    np.ndarray, Callable[..., tuple[str, tuple[Operand, ...]]]
]  # what the lines make (..., n), the line at an index


@dataclass(frozen=True, slots=True)
class Words:
    """What instructions are made of: registers ("x8"), numbers to add or compare with, masks, amounts, (low bit, width)
    of fields, conditions.

    `products`: whether multiplications that add are worth a try.
    """

    registers: tuple[str, ...]
    numbers: tuple[int, ...]
    masks: tuple[int, ...]
    amounts: tuple[int, ...]
    fields: tuple[tuple[int, int], ...]
    conditions: tuple[str, ...]
    products: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """`values` (lines, n): what each line makes; `at(line)` is (mnemonic, operands after the destination)."""

    values: np.ndarray
    _groups: tuple[tuple[Callable[..., tuple[str, tuple[Operand, ...]]], tuple[int, ...]], ...]
    _starts: tuple[int, ...]

    def at(self, line: int) -> tuple[str, tuple[Operand, ...]]:
        n = bisect_right(self._starts, line) - 1
        said, shape = self._groups[n]
        return said(*map(int, np.unravel_index(line - self._starts[n], shape)))


def pool(words: Words, rows: np.ndarray, bits: int, holds: dict[str, np.ndarray]) -> Pool:
    """`rows` (registers, n): the values of `words.registers`.

    `holds`: those of `words.conditions` that are known here.
    """
    full = np.uint64((1 << bits) - 1)
    rows = rows & full
    letter = "x" if bits == 64 else "w"
    names = [Register(letter + name[1:]) for name in words.registers]
    groups = [each for maker in (_pairs, _numbers, _bits, _moves) for each in maker(words, rows, full, bits, names)]
    groups += _selects(rows, full, names, letter, holds)
    if words.products:
        groups += _products(rows, bits, names)
    return _pooled(groups, rows.shape[1], full)


def inserts(words: Words, rows: np.ndarray, bits: int, kept: np.ndarray) -> Pool:
    """Those that put a field into what the destination holds, `kept` (n,)."""
    full = np.uint64((1 << bits) - 1)
    letter = "x" if bits == 64 else "w"
    return _pooled(
        list(
            _inserts(words, rows & full, bits, [Register(letter + name[1:]) for name in words.registers], kept & full)
        ),
        rows.shape[1],
        full,
    )


def _pooled(groups: Sequence[Group], tests: int, full: np.uint64) -> Pool:
    values = np.concatenate([np.zeros((0, tests), np.uint64), *(made.reshape(-1, tests) for made, _ in groups)]) & full
    shapes = [made.shape[:-1] for made, _ in groups]
    starts = [0, *accumulate(map(prod, shapes))][:-1]
    return Pool(values, tuple((said, shape) for (_, said), shape in zip(groups, shapes)), tuple(starts))


def _pairs(words: Words, rows: np.ndarray, full: np.uint64, bits: int, names: Sequence[Register]) -> Iterator[Group]:
    """Two registers, the second one perhaps shifted or extended."""
    left, right = rows[:, None], rows[None]
    for mnemonic, function in _PAIRS:
        yield function(left, right), lambda n, m, mnemonic=mnemonic: (mnemonic, (names[n], names[m]))
    by = right & np.uint64(bits - 1)
    for mnemonic, made in (("lsl", left << by), ("lsr", left >> by)):
        yield made, lambda n, m, mnemonic=mnemonic: (mnemonic, (names[n], names[m]))
    moved = [(("lsl", k), rows << np.uint64(k) & full) for k in words.amounts] + [
        (("lsr", k), rows >> np.uint64(k)) for k in words.amounts
    ]
    moved += [(("asr", k), (signed(rows, bits) >> np.int64(k)).view(np.uint64) & full) for k in words.amounts]
    if moved:
        second = np.array([each for _, each in moved])
        for mnemonic, function in _PAIRS[:_SHIFTED]:
            yield (
                function(left[:, None], second[None]),
                lambda n, k, m, mnemonic=mnemonic: (mnemonic, (names[n], Register(names[m].name, *moved[k][0]))),
            )
    extended = [(name, _extended(rows, wide, is_signed)) for name, wide, is_signed in _EXTENDED if wide < bits]
    second = np.array([each for _, each in extended])
    for mnemonic, function in _PAIRS[:2]:
        yield (
            function(left[:, None], second[None]),
            lambda n, k, m, mnemonic=mnemonic: (
                mnemonic,
                (names[n], Register("w" + names[m].name[1:], extended[k][0])),
            ),
        )


def _extended(rows: np.ndarray, wide: int, is_signed: bool) -> np.ndarray:
    low = rows & np.uint64((1 << wide) - 1)
    return signed(low, wide).view(np.uint64) if is_signed else low


def _numbers(words: Words, rows: np.ndarray, full: np.uint64, bits: int, names: Sequence[Register]) -> Iterator[Group]:
    """A register and a number, or a number."""
    small = [k for k in words.numbers if 0 < k < 4096]
    if small:
        column = np.array(small, np.uint64)[:, None]
        for mnemonic, function in _PAIRS[:2]:
            yield (
                function(rows[:, None], column),
                lambda n, k, mnemonic=mnemonic: (mnemonic, (names[n], Immediate(small[k]))),
            )
    masks = [k for k in words.masks if is_mask(k, bits)]
    if masks:
        column = np.array(masks, np.uint64)[:, None]
        for mnemonic, function in (_PAIRS[2], _PAIRS[3], _PAIRS[4]):
            yield (
                function(rows[:, None], column),
                lambda n, k, mnemonic=mnemonic: (mnemonic, (names[n], Immediate(masks[k]))),
            )
    loads = [k for k in words.numbers if 0 <= k < 1 << 16]
    yield (
        np.broadcast_to(np.array(loads, np.uint64)[:, None], (len(loads), rows.shape[1])),
        lambda k: ("mov", (Immediate(loads[k]),)),
    )


def _bits(words: Words, rows: np.ndarray, full: np.uint64, bits: int, names: Sequence[Register]) -> Iterator[Group]:
    """Shifts by a number, and fields."""
    amounts = words.amounts
    if amounts:
        by = np.array(amounts, np.uint64)[:, None]
        each = rows[:, None]
        right = np.broadcast_to(each, (len(rows), len(amounts), rows.shape[1]))
        shifted = (
            ("lsl", each << by),
            ("lsr", each >> by),
            ("asr", (signed(right, bits) >> by.astype(np.int64)).view(np.uint64)),
            ("ror", each >> by | each << np.uint64(bits) - by),
        )
        for mnemonic, made in shifted:
            yield made, lambda n, k, mnemonic=mnemonic: (mnemonic, (names[n], Immediate(amounts[k])))
    fields = [(low, wide) for low, wide in words.fields if low + wide < bits]
    if fields:
        low = np.array([low for low, _ in fields], np.uint64)[:, None]
        mask = np.array([(1 << wide) - 1 for _, wide in fields], np.uint64)[:, None]
        top = np.array([64 - wide for _, wide in fields], np.int64)[:, None]
        field = rows[:, None] >> low & mask
        for mnemonic, made in (
            ("ubfx", field),
            ("sbfx", (field.view(np.int64) << top >> top).view(np.uint64)),
            ("ubfiz", (rows[:, None] & mask) << low),
        ):
            yield made, lambda n, k, mnemonic=mnemonic: (mnemonic, (names[n], *map(Immediate, fields[k])))


def _inserts(words: Words, rows: np.ndarray, bits: int, names: Sequence[Register], kept: np.ndarray) -> Iterator[Group]:
    """Fields put into the destination."""
    fields = [(low, wide) for low, wide in words.fields if low + wide <= bits]
    if fields:
        low = np.array([low for low, _ in fields], np.uint64)[:, None]
        mask = np.array([(1 << wide) - 1 for _, wide in fields], np.uint64)[:, None]
        for mnemonic, made in (
            ("bfi", kept & ~(mask << low) | (rows[:, None] & mask) << low),
            ("bfxil", kept & ~mask | rows[:, None] >> low & mask),
        ):
            yield made, lambda n, k, mnemonic=mnemonic: (mnemonic, (names[n], *map(Immediate, fields[k])))


def _moves(words: Words, rows: np.ndarray, full: np.uint64, bits: int, names: Sequence[Register]) -> Iterator[Group]:
    yield rows, lambda n: ("mov", (names[n],))
    yield ~rows, lambda n: ("mvn", (names[n],))
    yield np.uint64(0) - rows, lambda n: ("neg", (names[n],))
    for name, wide, is_signed in _EXTENDED:
        if wide < bits and (is_signed or wide < 32):
            yield _extended(rows, wide, is_signed), lambda n, name=name: (name, (Register("w" + names[n].name[1:]),))


def _selects(
    rows: np.ndarray, full: np.uint64, names: Sequence[Register], letter: str, holds: dict[str, np.ndarray]
) -> Iterator[Group]:
    """Zero stands in for every register's other side: cset and its kind are said as such."""
    zero = Register(letter + "zr")
    named = [*names, zero]
    rows = np.vstack([rows, np.zeros((1, rows.shape[1]), np.uint64)])
    for condition, yes in holds.items():
        for mnemonic, right in (
            ("csel", rows),
            ("csinc", rows + np.uint64(1)),
            ("csinv", ~rows),
            ("csneg", np.uint64(0) - rows),
        ):
            made = np.where(yes, rows[:, None], right[None])
            yield (
                made,
                lambda n, m, mnemonic=mnemonic, condition=condition: _select(mnemonic, named[n], named[m], condition),
            )


def _select(mnemonic: str, yes: Register, no: Register, condition: str) -> tuple[str, tuple[Operand, ...]]:
    """As clang says it."""
    if yes != no or mnemonic == "csel":
        return mnemonic, (yes, no, Name(condition))
    short = {"csinc": "cset", "csinv": "csetm"} if yes.name.endswith("zr") else {}
    if mnemonic in short:
        return short[mnemonic], (Name(INVERSE[condition]),)
    return {"csinc": "cinc", "csinv": "cinv", "csneg": "cneg"}[mnemonic], (yes, Name(INVERSE[condition]))


def _products(rows: np.ndarray, bits: int, names: Sequence[Register]) -> Iterator[Group]:
    left, right, more = rows[:, None, None], rows[None, :, None], rows[None, None]
    product = left * right
    for mnemonic, made in (("madd", more + product), ("msub", more - product)):
        yield made, lambda n, m, k, mnemonic=mnemonic: (mnemonic, (names[n], names[m], names[k]))
    if bits == 64:
        low = rows & np.uint64(0xFFFFFFFF)
        long = signed(low, 32).view(np.uint64)
        for mnemonic, each in (("umull", low), ("smull", long)):
            yield (
                each[:, None] * each[None],
                lambda n, m, mnemonic=mnemonic: (
                    mnemonic,
                    (Register("w" + names[n].name[1:]), Register("w" + names[m].name[1:])),
                ),
            )


def compares(words: Words, rows: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray, Callable[[int], Instruction]]:
    """(left, right) of subtractions (lines, n) that `cmp` makes flags of, and the line of each."""
    full = np.uint64((1 << bits) - 1)
    rows = rows & full
    letter = "x" if bits == 64 else "w"
    names = [Register(letter + name[1:]) for name in words.registers]
    numbers = [k for k in words.numbers if 0 <= k < 4096]
    right = np.vstack([rows, np.broadcast_to(np.array(numbers, np.uint64)[:, None], (len(numbers), rows.shape[1]))])
    shape = (len(rows), len(right), rows.shape[1])
    others = [*names, *map(Immediate, numbers)]
    left, right = (np.broadcast_to(each, shape).reshape(-1, rows.shape[1]) for each in (rows[:, None], right[None]))
    return left, right, lambda line: Instruction("cmp", (names[line // len(others)], others[line % len(others)]))
