"""Register parts as bit sets, and what AAPCS64 says of them.

A set of parts is an int, so that dataflow is `&`, `|` and `~`. FPCR and FPSR are not
parts: whatever reads or writes them by name is pinned.
"""

from __future__ import annotations

from collections.abc import Iterable

Parts = int

NONE: Parts = 0
SP: Parts = 1 << 62
NZCV: Parts = 1 << 63
ALL: Parts = (1 << 160) - 1


def w(n: int) -> Parts:
    """Bits 0-31 of x<n>, n in 0..30."""
    return 1 << (2 * n)


def x(n: int) -> Parts:
    """All 64 bits of x<n>, n in 0..30."""
    return 3 << (2 * n)


def s(n: int) -> Parts:
    """Bits 0-31 of v<n>."""
    return 1 << (64 + 3 * n)


def d(n: int) -> Parts:
    """Bits 0-63 of v<n>."""
    return 3 << (64 + 3 * n)


def q(n: int) -> Parts:
    """All 128 bits of v<n>."""
    return 7 << (64 + 3 * n)


def parts(name: str) -> Parts:
    """The parts that a register name stands for; the zero registers stand for none.

    b<n>, h<n> and s<n> are one part (bits 0-31), v<n> and q<n> all three. Raises KeyError.
    """
    return _BY_NAME[name]


_BY_NAME: dict[str, Parts] = {"sp": SP, "wsp": SP, "xzr": NONE, "wzr": NONE, "nzcv": NZCV}
for _n in range(31):
    _BY_NAME[f"w{_n}"], _BY_NAME[f"x{_n}"] = w(_n), x(_n)
_BY_NAME["fp"], _BY_NAME["lr"] = x(29), x(30)
for _n in range(32):
    _BY_NAME |= {f"{c}{_n}": s(_n) for c in "bhs"} | {f"d{_n}": d(_n), f"q{_n}": q(_n), f"v{_n}": q(_n)}


def union(sets: Iterable[Parts]) -> Parts:
    result = NONE
    for each in sets:
        result |= each
    return result


def names(value: Parts) -> tuple[str, ...]:
    """The shortest list of register names that covers `value`: w0/x0, s0/d0/q0, sp, nzcv."""
    found = []
    for n in range(31):
        if value & x(n):
            found.append(f"x{n}" if value & (x(n) ^ w(n)) else f"w{n}")
    for n in range(32):
        part = (value & q(n)) >> (64 + 3 * n)
        if part:
            found.append(f"{'s' if part == 1 else 'd' if part < 4 else 'q'}{n}")
    return (*found, *(["sp"] if value & SP else []), *(["nzcv"] if value & NZCV else []))


CALLEE_SAVED: Parts = union(x(n) for n in range(19, 30)) | union(d(n) for n in range(8, 16)) | SP
PLATFORM: Parts = x(18)
VECTORS: Parts = union(q(n) for n in range(32))
ARGUMENTS: Parts = union(x(n) for n in range(9)) | union(q(n) for n in range(8))
RESULTS: Parts = union(x(n) for n in range(8)) | union(q(n) for n in range(8))
CALL_CLOBBERED: Parts = ALL & ~(CALLEE_SAVED | PLATFORM)
ALWAYS_LIVE_AT_EXIT: Parts = CALLEE_SAVED | PLATFORM
