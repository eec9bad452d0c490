"""Where an instruction word holds a distance that the assembler may fill in, and the relocation that it leaves else.

Source: Arm Architecture Reference Manual, C4.1 (branches, PC-relative addressing, load literal), and ELF for the
Arm 64-bit Architecture, table of static relocations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """`mask`: the bits of the distance, in units of `scale` bytes.

    `low`, `width`: its upper part; `below`: two more bits stand at 29 (adr).
    """

    mask: int
    low: int
    width: int
    scale: int
    relocation: int
    below: bool = False

    def distance(self, word: int) -> int:
        """The signed distance in bytes that `word` holds."""
        value = word >> self.low & (1 << self.width) - 1
        width = self.width
        if self.below:
            value, width = value << 2 | word >> 29 & 3, width + 2
        return (value - (value >> width - 1 << width)) * self.scale


_IMM19 = 0x00FFFFE0
# (bits that tell the form, their value, its field)
_FORMS = (
    (0xFC000000, 0x14000000, Field(0x03FFFFFF, 0, 26, 4, 282)),  # b: R_AARCH64_JUMP26
    (0xFC000000, 0x94000000, Field(0x03FFFFFF, 0, 26, 4, 283)),  # bl: R_AARCH64_CALL26
    (0xFF000000, 0x54000000, Field(_IMM19, 5, 19, 4, 280)),  # b.cond, bc.cond: R_AARCH64_CONDBR19
    (0x7E000000, 0x34000000, Field(_IMM19, 5, 19, 4, 280)),  # cbz, cbnz
    (0x7E000000, 0x36000000, Field(0x0007FFE0, 5, 14, 4, 279)),  # tbz, tbnz: R_AARCH64_TSTBR14
    (0x9F000000, 0x10000000, Field(0x60FFFFE0, 5, 19, 1, 274, True)),  # adr: R_AARCH64_ADR_PREL_LO21
    (0x3B000000, 0x18000000, Field(_IMM19, 5, 19, 4, 273)),  # ldr literal: R_AARCH64_LD_PREL_LO19
)


def field_of(word: int) -> Field | None:
    """The field of the distance in `word`; None where the form has none."""
    return next((field for mask, value, field in _FORMS if word & mask == value), None)
