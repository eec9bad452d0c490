"""The few AArch64 instructions that the emulator's loop is made of, as 32-bit words.

Registers are numbers; 31 is sp where the instruction takes sp. Offsets are in bytes and
must be multiples of what is transferred; branch distances are in words.
"""

from __future__ import annotations

SP = 31
EXTENDS = {"uxtw": 2, "lsl": 3, "sxtw": 6, "sxtx": 7}


def add(d: int, n: int, amount: int) -> list[int]:
    """d = n + amount, |amount| < 2**24, in one or two instructions that leave the flags alone."""
    opcode, amount = (0x91000000, amount) if amount >= 0 else (0xD1000000, -amount)
    high, low = amount >> 12, amount & 0xFFF
    words = [opcode | 1 << 22 | high << 10 | n << 5 | d] if high else []
    if low or not high:
        words.append(opcode | low << 10 | (d if high else n) << 5 | d)
    return words


def add_extended(d: int, n: int, m: int, extend: str, shift: int) -> int:
    return 0x8B200000 | m << 16 | EXTENDS[extend] << 13 | shift << 10 | n << 5 | d


def sub(d: int, n: int, m: int) -> int:
    return 0xCB000000 | m << 16 | n << 5 | d


def clear_bits(d: int, low: int, count: int) -> int:
    return 0xB3400000 | (-low & 63) << 16 | count - 1 << 10 | SP << 5 | d


def lsr(d: int, n: int, amount: int) -> int:
    return 0xD340FC00 | amount << 16 | n << 5 | d


def cbnz(t: int, distance: int) -> int:
    return 0xB5000000 | (distance & 0x7FFFF) << 5 | t


def b(distance: int) -> int:
    return 0x14000000 | distance & 0x3FFFFFF


def load(t: int, n: int, offset: int) -> int:
    return 0xF9400000 | offset // 8 << 10 | n << 5 | t


def store(t: int, n: int, offset: int) -> int:
    return 0xF9000000 | offset // 8 << 10 | n << 5 | t


def load_q(t: int, n: int, offset: int) -> int:
    return 0x3DC00000 | offset // 16 << 10 | n << 5 | t


def store_q(t: int, n: int, offset: int) -> int:
    return 0x3D800000 | offset // 16 << 10 | n << 5 | t


def get_flags(t: int) -> int:
    return 0xD53B4200 | t


def set_flags(t: int) -> int:
    return 0xD51B4200 | t


def set_rounding(t: int) -> int:
    """All of FPCR."""
    return 0xD51B4400 | t


def constant(d: int, value: int) -> list[int]:
    """d = value, an unsigned 64-bit number."""
    words = [0xD2800000 | (value & 0xFFFF) << 5 | d]
    return words + [
        0xF2800000 | k << 21 | (value >> 16 * k & 0xFFFF) << 5 | d for k in (1, 2, 3) if value >> 16 * k & 0xFFFF
    ]


# (mask, value, width of the displacement, its lowest bit)
_BRANCHES = (
    (0xFC000000, 0x14000000, 26, 0),  # b
    (0xFF000010, 0x54000000, 19, 5),  # b.cond
    (0x7E000000, 0x34000000, 19, 5),  # cbz, cbnz
    (0x7E000000, 0x36000000, 14, 5),  # tbz, tbnz
)


def retarget(word: int, distance: int) -> int:
    """The direct branch `word` with another displacement. Raises ValueError for anything else."""
    for mask, value, width, low in _BRANCHES:
        if word & mask == value:
            field = (1 << width) - 1
            return word & ~(field << low) | (distance & field) << low
    raise ValueError("not a direct branch")
