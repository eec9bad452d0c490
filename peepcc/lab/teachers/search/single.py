"""All single instructions that make a wanted value out of given registers, found by vectors and not by text.

Many numbers are solved for and not tried: the constant that is missing to a sum, the mask
that an `and` would need. Whether the assembler takes an operand is not promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..instruction_text import INVERSE
from .vector_eval import signed

_PAIRS: tuple[tuple[str, Callable, bool], ...] = (  # mnemonic, function, whether the operands' order says nothing
    ("add", np.add, True),
    ("sub", np.subtract, False),
    ("and", np.bitwise_and, True),
    ("orr", np.bitwise_or, True),
    ("eor", np.bitwise_xor, True),
    ("bic", lambda a, b: a & ~b, False),
    ("orn", lambda a, b: a | ~b, False),
    ("eon", lambda a, b: ~(a ^ b), True),
    ("mul", np.multiply, True),
)
_SHIFTED = ("add", "sub", "and", "orr", "eor")
_EXTENDED = (
    ("uxtb", 8, False),
    ("uxth", 16, False),
    ("uxtw", 32, False),
    ("sxtb", 8, True),
    ("sxth", 16, True),
    ("sxtw", 32, True),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`values` (n,) of uint64, of which `mask` is read; `shifts`: amounts that the code has.

    `conditions`: name -> bool (n,).
    """

    values: np.ndarray
    mask: np.uint64
    shifts: tuple[int, ...]
    conditions: dict[str, np.ndarray]

    def equal(self, made: np.ndarray) -> np.ndarray:
        """Which rows of (..., n) are the wanted values."""
        return (((made ^ self.values) & self.mask) == 0).all(-1)


def single(wanted: Wanted, registers: Sequence[str], table: np.ndarray, to: str) -> Iterator[str]:
    """Lines that write register `to` ("x8"): moves first, then the others.

    `table` (registers, n) holds the values of `registers`.
    """
    sizes = (64, 32) if not int(wanted.values.max()) >> 32 or not int(wanted.mask) >> 32 else (64,)
    for bits in reversed(sizes):
        letter = "x" if bits == 64 else "w"
        names = [letter + name[1:] for name in registers]
        here = table if bits == 64 else table & np.uint64(0xFFFFFFFF)
        full = np.uint64((1 << bits) - 1)
        target = letter + to[1:]
        for maker in (_moves, _solved, _fields, _pairs, _shifts, _selects):
            yield from (f"{line[0]} {target}, {line[1]}" for line in maker(wanted, names, here, full, bits))


def _moves(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    for n in np.flatnonzero(wanted.equal(table & full)):
        yield "mov", names[n]
    if (wanted.values == wanted.values[0]).all() and int(wanted.values[0]) < 1 << 16:
        yield "mov", f"#{int(wanted.values[0])}"
    for n in np.flatnonzero(wanted.equal(~table & full)):
        yield "mvn", names[n]
    for n in np.flatnonzero(wanted.equal((np.uint64(0) - table) & full)):
        yield "neg", names[n]
    for name, wide, is_signed in _EXTENDED:
        low = table & np.uint64((1 << wide) - 1)
        made = signed(low, wide).view(np.uint64) & full if is_signed else low
        if wide < bits and (is_signed or wide < 32):
            for n in np.flatnonzero(wanted.equal(made)):
                yield name, f"w{names[n][1:]}"


def _solved(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    """Register and number, the number from what is missing."""
    for mnemonic, missing in (("add", wanted.values - table), ("sub", table - wanted.values)):
        missing = missing & full & (wanted.mask if int(wanted.mask) < int(full) else full)
        for n in np.flatnonzero((missing == missing[:, :1]).all(-1) & (missing[:, 0] < 4096) & (missing[:, 0] > 0)):
            yield mnemonic, f"{names[n]}, #{int(missing[n, 0])}"
    used = wanted.values & wanted.mask & full
    some, every = int(np.bitwise_or.reduce(used)), int(np.bitwise_and.reduce(used))
    for number in dict.fromkeys((some, (1 << some.bit_length()) - 1)):
        if is_mask(number, bits):
            for n in np.flatnonzero(wanted.equal(table & np.uint64(number))):
                yield "and", f"{names[n]}, #{number}"
    if is_mask(every, bits):
        for n in np.flatnonzero(wanted.equal(table | np.uint64(every))):
            yield "orr", f"{names[n]}, #{every}"
    differs = (wanted.values ^ table) & full
    for n in np.flatnonzero((differs == differs[:, :1]).all(-1)):
        if is_mask(int(differs[n, 0]), bits):
            yield "eor", f"{names[n]}, #{int(differs[n, 0])}"


def _fields(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    """Bit fields and shifts by a number; the widths are those of the wanted values."""
    used = wanted.values & wanted.mask & full
    some = int(np.bitwise_or.reduce(used))
    wide = max(some.bit_length(), 1)
    low = (some & -some).bit_length() - 1 if some else 0
    amounts = np.arange(1, bits, dtype=np.uint64)[:, None]
    rows = table[:, None]
    right = rows >> amounts
    long = signed(rows, bits)
    for mnemonic, made in (
        ("lsl", rows << amounts & full),
        ("lsr", right),
        ("asr", (long >> amounts.astype(np.int64)).view(np.uint64) & full),
    ):
        for n, k in np.argwhere(wanted.equal(made)):
            yield mnemonic, f"{names[n]}, #{k + 1}"
    for n, k in np.argwhere(wanted.equal(right & np.uint64((1 << wide) - 1))):
        if k + 1 + wide < bits:
            yield "ubfx", f"{names[n]}, #{k + 1}, #{wide}"
    if 0 < low < wide < bits:
        for n in np.flatnonzero(wanted.equal((table & np.uint64((1 << wide - low) - 1)) << np.uint64(low))):
            yield "ubfiz", f"{names[n]}, #{low}, #{wide - low}"
    whole = signed(used, min(int(wanted.mask).bit_length(), bits))
    wide = int((whole ^ whole >> np.int64(63)).max()).bit_length() + 1
    if wide < bits:
        for n, k in np.argwhere(wanted.equal(signed(right & np.uint64((1 << wide) - 1), wide).view(np.uint64) & full)):
            if k + 1 + wide < bits:
                yield "sbfx", f"{names[n]}, #{k + 1}, #{wide}"


def _pairs(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    left, right = table[:, None], table[None]
    for mnemonic, function, symmetric in _PAIRS:
        for n, m in np.argwhere(wanted.equal(function(left, right) & full)):
            if n != m and (not symmetric or n < m):
                yield mnemonic, f"{names[n]}, {names[m]}"
    by = right & np.uint64(bits - 1)
    moved = (
        ("lsl", left << by & full),
        ("lsr", left >> by),
        (
            "asr",
            (signed(np.broadcast_to(left, (len(table), *table.shape)), bits) >> by.astype(np.int64)).view(np.uint64)
            & full,
        ),
    )
    for mnemonic, made in moved:
        for n, m in np.argwhere(wanted.equal(made)):
            yield mnemonic, f"{names[n]}, {names[m]}"
    if bits == 64:
        low = table & np.uint64(0xFFFFFFFF)
        long = signed(low, 32).view(np.uint64)
        for mnemonic, each in (("umull", low), ("smull", long)):
            for n, m in np.argwhere(wanted.equal(each[:, None] * each[None])):
                if n <= m:
                    yield mnemonic, f"w{names[n][1:]}, w{names[m][1:]}"


def _shifts(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    """Two registers, the second one shifted or extended."""
    functions = {mnemonic: function for mnemonic, function, _ in _PAIRS}
    left = [k for k in dict.fromkeys((1, 2, 3, 4, *wanted.shifts)) if k < bits]
    right = [k for k in wanted.shifts if k < bits]
    moved = [(f"lsl #{k}", table << np.uint64(k) & full) for k in left] + [
        (f"lsr #{k}", table >> np.uint64(k)) for k in right
    ]
    moved += [(f"asr #{k}", (signed(table, bits) >> np.int64(k)).view(np.uint64) & full) for k in right]
    second = np.concatenate([rows for _, rows in moved])
    for mnemonic in _SHIFTED:
        for n, m in np.argwhere(wanted.equal(functions[mnemonic](table[:, None], second[None]) & full)):
            yield mnemonic, f"{names[n]}, {names[m % len(names)]}, {moved[m // len(names)][0]}"
    for name, wide, is_signed in _EXTENDED:
        low = table & np.uint64((1 << wide) - 1)
        extended = signed(low, wide).view(np.uint64) & full if is_signed else low
        if wide < bits:
            for mnemonic in ("add", "sub"):
                for n, m in np.argwhere(wanted.equal(functions[mnemonic](table[:, None], extended[None]) & full)):
                    yield mnemonic, f"{names[n]}, w{names[m][1:]}, {name}"


def _selects(
    wanted: Wanted, names: Sequence[str], table: np.ndarray, full: np.uint64, bits: int
) -> Iterator[tuple[str, str]]:
    if not wanted.conditions:
        return
    zero = "wzr" if bits == 32 else "xzr"
    rows = np.vstack([table, np.zeros((1, table.shape[1]), np.uint64)])
    named = [*names, zero]
    for condition, yes in wanted.conditions.items():
        for mnemonic, right in (
            ("csel", rows),
            ("csinc", rows + np.uint64(1)),
            ("csinv", ~rows),
            ("csneg", np.uint64(0) - rows),
        ):
            for n, m in np.argwhere(wanted.equal(np.where(yes, rows[:, None], (right & full)[None]))):
                yield _as_clang_says(mnemonic, named[n], named[m], condition)


def _as_clang_says(mnemonic: str, yes: str, no: str, condition: str) -> tuple[str, str]:
    if yes != no or mnemonic == "csel":
        return mnemonic, f"{yes}, {no}, {condition}"
    if yes in ("wzr", "xzr") and mnemonic != "csneg":
        return {"csinc": "cset", "csinv": "csetm"}[mnemonic], INVERSE[condition]
    return {"csinc": "cinc", "csinv": "cinv", "csneg": "cneg"}[mnemonic], f"{yes}, {INVERSE[condition]}"


def is_mask(value: int, bits: int) -> bool:
    """Whether a logical instruction of so many bits can hold the number."""
    if not 0 < value < (1 << bits) - 1:
        return False
    size = bits
    while size > 2:
        half = size // 2
        if (value ^ value >> half) & ((1 << half) - 1):
            break
        size, value = half, value & ((1 << half) - 1)
    lowest = value & -value
    turned = value + lowest
    return turned & turned - 1 == 0 or _rotated_run(value, size)


def _rotated_run(value: int, size: int) -> bool:
    """Ones that reach over the end: the zeros are one run."""
    zeros = ~value & ((1 << size) - 1)
    turned = zeros + (zeros & -zeros)
    return turned & turned - 1 == 0
