"""What the lifter gets wrong, told by the instruction word: the right statements in its place.

Every pattern here is one that differed from the emulator when the forms were tested.
"""

from __future__ import annotations

from .prove_lift import Lifted, Unproved, lift

# (mask, value): lifted as something else
_WRONG = (
    (0xFF000000, 0x1F000000),  # fmadd, fmsub, fnmadd, fnmsub: not fused
    (0xFF20FC00, 0x1E206800),  # fmaxnm
    (0xFF20FC00, 0x1E207800),  # fminnm
    (0xBF20FC00, 0x0E20C400),  # fmaxnm, fminnm vector: .. (size bit 23)
    (0x7F3FFC00, 0x1E240000),  # fcvtas
    (0x7F3FFC00, 0x1E250000),  # fcvtau
    (0xFF3FFC00, 0x1E264000),  # frinta
    (0x9F200C00, 0x0F000000),  # vector by element
    (0xBF20FC00, 0x0E20CC00),  # fmla, fmls vector
)


def lifted(word: int) -> Lifted:
    """As `lift`, put right."""
    if any(word & mask == value for mask, value in _WRONG):
        raise Unproved("the lifter is wrong there")
    return lift(word)
