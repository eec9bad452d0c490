"""Checksums, AES, SHA and polynomial products, which the lifter leaves to helpers of its own: their words as terms.

CRC-32 is computed bit by bit, one byte after another, so that a word is its four bytes. The others are uninterpreted
functions of bit patterns, of which little more than equal results for equal arguments is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..symbolic.memory import Terms
from ..terms.term import Term
from .vex import Expression, Lifted

_CHECKSUM = re.compile(r"arm64g_calc_crc32(c?)([bhwx])")
_POLYNOMIALS = {"": 0xEDB88320, "c": 0x82F63B78}
_WIDTHS = {"b": 8, "h": 16, "w": 32, "x": 64}

# (mask, value, function, whether the destination is read, how many low bits of the first and second source)
_WORDS = (
    *(
        (0xFFFFFC00, 0x4E284800 + (n << 12), name, reads, (128,))
        for n, (name, reads) in enumerate((("aese", True), ("aesd", True), ("aesmc", False), ("aesimc", False)))
    ),
    *(
        (0xFFE0FC00, 0x5E000000 + (n << 12), name, True, (32 if n < 3 else 128, 128))
        for n, name in enumerate(("sha1c", "sha1p", "sha1m", "sha1su0", "sha256h", "sha256h2", "sha256su1"))
    ),
    (0xFFFFFC00, 0x5E280800, "sha1h", False, (32,)),
    (0xFFFFFC00, 0x5E281800, "sha1su1", True, (128,)),
    (0xFFFFFC00, 0x5E282800, "sha256su0", True, (128,)),
)
_PRODUCT = (0xBFE0FC00, 0x0EE0E000)  # pmull, pmull2 of doublewords


def lifted(word: int) -> Lifted | None:
    """The statements of a word; None where it is none of these."""
    first, second = word >> 5 & 31, word >> 16 & 31
    if word & _PRODUCT[0] == _PRODUCT[1]:
        low = 64 * (word >> 30 & 1)
        return _put(word, ("op", "Crypto_pmull", *(("get", f"q{n}", low, 64) for n in (first, second))))
    for mask, value, name, reads, widths in _WORDS:
        if word & mask == value:
            sources: list[Expression] = [("get", f"q{n}", 0, width) for n, width in zip((first, second), widths)]
            if reads:
                sources.insert(0, ("get", f"q{word & 31}", 0, 128))
            if name in ("aese", "aesd"):
                sources = [("op", "XorV128", *sources)]
            return _put(word, ("op", f"Crypto_{name}", *sources))
    return None


def _put(word: int, value: Expression) -> Lifted:
    return Lifted((("put", f"q{word & 31}", 0, 128, value),))


def function(t: Terms, name: str, args: Sequence[Term]) -> Term:
    """What `Crypto_name` makes. A polynomial product does not hang on the order."""
    if name == "pmull":
        args = sorted(args, key=lambda each: each.number)
    if name == "sha1h":
        return t.zext(t.uf(name, args, 32), 128)
    return t.uf(name, args, 128)


def checksum(t: Terms, call: str, args: Sequence[Term]) -> Term | None:
    """The lifter's call for CRC-32 as terms, 64 bits; None for another call."""
    match = _CHECKSUM.fullmatch(call)
    if not match:
        return None
    width, polynomial = _WIDTHS[match[2]], t.const(_POLYNOMIALS[match[1]], 32)
    found = t.extract(args[0], 31, 0)
    for low in range(0, width, 8):
        found = t.bitwise("xor", found, t.zext(t.extract(args[1], low + 7, low), 32))
        for _ in range(8):
            odd = t.ite(t.extract(found, 0, 0), polynomial, t.const(0, 32))
            found = t.bitwise("xor", t.lshr(found, t.const(1, 32)), odd)
    return t.zext(found, 64)
