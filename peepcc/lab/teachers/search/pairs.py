"""Two instructions that make a wanted value: all values that one makes, then one more on those, eight states at a
time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .single import Wanted, is_mask, single

_SIEVE = 8  # states in the first comparison
_MOST_FIRST = 1500
_MOST = 8


def double(
    wanted: Wanted, registers: Sequence[str], table: np.ndarray, to: str, scratch: str
) -> Iterator[tuple[str, str]]:
    """Pairs of lines: the first writes `scratch`, the second reads it and writes `to`.

    Both work in 64 bits, or both in 32.
    """
    found = 0
    for bits in (32, 64):
        full = np.uint64((1 << bits) - 1)
        letter = "x" if bits == 64 else "w"
        if bits == 32 and int(wanted.mask) >> 32 and int(wanted.values.max()) >> 32:
            continue
        rows = table & full
        lines, values = _first(wanted, [letter + name[1:] for name in registers], rows, full, bits)
        few = _second(wanted, values, rows, full, bits, _SIEVE)
        for first in few[_second(wanted, values[few], rows, full, bits, values.shape[1])][:_MOST]:
            middle = values[first]
            both = np.vstack([rows, middle[None]])
            for line in single(wanted, [*registers, scratch], both, to):
                if scratch[1:] in {part.strip(",")[1:] for part in line.split()[2:]}:
                    mnemonic, operands = lines[first]
                    yield f"{mnemonic} {letter}{scratch[1:]}, {operands}", line
                    found += 1
                    break
            if found >= _MOST:
                return


def _first(
    wanted: Wanted, names: Sequence[str], rows: np.ndarray, full: np.uint64, bits: int
) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Lines without their destination, and (lines, states) of what they make, each value once."""
    lines: list[tuple[str, str]] = []
    made: list[np.ndarray] = []
    numbers = [k for k in dict.fromkeys((1, 2, 3, 4, 8, 16, 32, *wanted.shifts)) if k < bits]
    for n, row in enumerate(rows):
        for k in numbers:
            lines += [
                ("lsl", f"{names[n]}, #{k}"),
                ("lsr", f"{names[n]}, #{k}"),
                ("add", f"{names[n]}, #{k}"),
                ("sub", f"{names[n]}, #{k}"),
            ]
            made += [row << np.uint64(k), row >> np.uint64(k), row + np.uint64(k), row - np.uint64(k)]
            if is_mask(k, bits):
                lines += [("and", f"{names[n]}, #{k}"), ("eor", f"{names[n]}, #{k}")]
                made += [row & np.uint64(k), row ^ np.uint64(k)]
        lines += [("mvn", names[n]), ("neg", names[n])]
        made += [~row, np.uint64(0) - row]
        for m, other in enumerate(rows):
            if n < m:
                lines += [(mnemonic, f"{names[n]}, {names[m]}") for mnemonic in ("add", "and", "orr", "eor", "mul")]
                made += [row + other, row & other, row | other, row ^ other, row * other]
            if n != m:
                lines += [("sub", f"{names[n]}, {names[m]}"), ("bic", f"{names[n]}, {names[m]}")]
                made += [row - other, row & ~other]
                lines += [("add", f"{names[n]}, {names[m]}, lsl #{k}") for k in numbers if k < 5]
                made += [row + (other << np.uint64(k)) for k in numbers if k < 5]
    values = np.array(made[:_MOST_FIRST]) & full
    _, kept = np.unique(values[:, :_SIEVE], axis=0, return_index=True)
    return [lines[n] for n in kept], values[kept]


def _second(
    wanted: Wanted, values: np.ndarray, rows: np.ndarray, full: np.uint64, bits: int, states: int
) -> np.ndarray:
    """Indices of first values from which, as far as so many states tell, one more instruction may get there."""
    few = slice(0, states)
    mask = wanted.mask & full
    goal, left, right = wanted.values[few], values[:, None, few], rows[None, :, few]
    hit = np.zeros(len(values), bool)
    for made in (
        left + right,
        left - right,
        right - left,
        left & right,
        left | right,
        left ^ right,
        left & ~right,
        right & ~left,
        left * right,
        *(right + (left << np.uint64(k)) for k in range(1, 5)),
    ):
        hit |= (((made ^ goal) & mask) == 0).all(-1).any(-1)
    alone = values[:, few]
    for missing in (goal - alone, alone - goal):
        missing = missing & mask
        hit |= (missing == missing[:, :1]).all(-1) & (missing[:, 0] < 4096)
    for k in dict.fromkeys((1, 2, 3, 8, 16, *wanted.shifts)):
        if k < bits:
            for made in (
                alone << np.uint64(k),
                alone >> np.uint64(k),
                (alone.view(np.int64) << np.int64(64 - bits) >> np.int64(64 - bits + k)).view(np.uint64),
            ):
                hit |= (((made ^ goal) & mask) == 0).all(-1)
    return np.flatnonzero(hit)
