"""What the uninterpreted functions of `lift/crypto_ops.py` are, for the test of instruction forms.

AES, SHA and polynomial products on numbers, as FIPS 197 and 180-4 have them. No proof rests on this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

_ONES = (1 << 32) - 1


def interpret(name: str, args: tuple[int, ...], width: int) -> int:
    """The value of a function. Raises KeyError for one that is not known."""
    if name == "pmull":
        return _carryless(*args)
    if name in ("aese", "aesd", "aesmc", "aesimc"):
        return int.from_bytes(_aes(name, args[0].to_bytes(16, "little")), "little")
    if name == "sha1h":
        return _left(args[0], 30)
    if name in _SHA:
        return _joined(_SHA[name](*(_split(arg) for arg in args)))
    raise KeyError(name)


def _carryless(one: int, two: int) -> int:
    found = 0
    for bit in range(64):
        found ^= one << bit if two >> bit & 1 else 0
    return found


def _times(one: int, two: int) -> int:
    """In the field of AES."""
    found = 0
    while two:
        found ^= one if two & 1 else 0
        one = one << 1 ^ (0x11B if one & 0x80 else 0)
        two >>= 1
    return found


@cache
def _boxes() -> tuple[bytes, bytes]:
    inverses = [next((b for b in range(256) if _times(a, b) == 1), 0) for a in range(256)]
    box = bytes(a ^ _turned(a, 1) ^ _turned(a, 2) ^ _turned(a, 3) ^ _turned(a, 4) ^ 0x63 for a in inverses)
    return box, bytes(box.index(n) for n in range(256))


def _turned(byte: int, by: int) -> int:
    return (byte << by | byte >> 8 - by) & 0xFF


def _aes(name: str, state: bytes) -> bytes:
    """Byte r + 4c is row r of column c."""
    if name in ("aese", "aesd"):
        sign, box = (1, _boxes()[0]) if name == "aese" else (-1, _boxes()[1])
        return bytes(box[state[n % 4 + 4 * ((n // 4 + sign * (n % 4)) % 4)]] for n in range(16))
    factors = (2, 3, 1, 1) if name == "aesmc" else (14, 11, 13, 9)
    found = bytearray(16)
    for n in range(16):
        for row in range(4):
            found[n] ^= _times(state[n // 4 * 4 + row], factors[(row - n) % 4])
    return bytes(found)


def _split(value: int) -> list[int]:
    return [value >> 32 * n & _ONES for n in range(4)]


def _joined(words: Sequence[int]) -> int:
    return sum(word << 32 * n for n, word in enumerate(words))


def _left(value: int, by: int) -> int:
    return (value << by | value >> 32 - by) & _ONES


def _mixed(value: int, one: int, two: int, three: int, shifted: bool) -> int:
    """Right rotations by the first two, and by the third or shifted by it."""
    return _left(value, 32 - one) ^ _left(value, 32 - two) ^ (value >> three if shifted else _left(value, 32 - three))


def _choose(x: int, y: int, z: int) -> int:
    return x & y ^ ~x & z & _ONES


def _majority(x: int, y: int, z: int) -> int:
    return x & y ^ x & z ^ y & z


def _sha1(mix):
    def rounds(state: list[int], e: list[int], words: list[int]) -> list[int]:
        a, b, c, d = state
        y = e[0]
        for word in words:
            y = y + _left(a, 5) + mix(b, c, d) + word & _ONES
            a, b, c, d, y = y, a, _left(b, 30), c, d
        return [a, b, c, d]

    return rounds


def _sha256(x: list[int], y: list[int], words: list[int]) -> tuple[list[int], list[int]]:
    x, y = list(x), list(y)
    for word in words:
        t = y[3] + _mixed(y[0], 6, 11, 25, False) + _choose(*y[:3]) + word & _ONES
        last = t + _mixed(x[0], 2, 13, 22, False) + _majority(*x[:3]) & _ONES
        x, y = [last, *x[:3]], [x[3] + t & _ONES, *y[:3]]
    return x, y


def _sha1su0(d: list[int], n: list[int], m: list[int]) -> list[int]:
    return [a ^ b ^ c for a, b, c in zip([d[2], d[3], n[0], n[1]], d, m)]


def _sha1su1(d: list[int], n: list[int]) -> list[int]:
    t = [a ^ b for a, b in zip(d, [n[1], n[2], n[3], 0])]
    return [_left(t[0], 1), _left(t[1], 1), _left(t[2], 1), _left(t[3], 1) ^ _left(t[0], 2)]


def _sha256su0(d: list[int], n: list[int]) -> list[int]:
    return [a + _mixed(b, 7, 18, 3, True) & _ONES for a, b in zip(d, [d[1], d[2], d[3], n[0]])]


def _sha256su1(d: list[int], n: list[int], m: list[int]) -> list[int]:
    added, found = [n[1], n[2], n[3], m[0]], [m[2], m[3]]
    for e in range(4):
        found.append(_mixed(found[e], 17, 19, 10, True) + d[e] + added[e] & _ONES)
    return found[2:]


_SHA = {
    "sha1c": _sha1(_choose),
    "sha1p": _sha1(lambda x, y, z: x ^ y ^ z),
    "sha1m": _sha1(_majority),
    "sha256h": lambda d, n, m: _sha256(d, n, m)[0],
    "sha256h2": lambda d, n, m: _sha256(n, d, m)[1],
    "sha1su0": _sha1su0,
    "sha1su1": _sha1su1,
    "sha256su0": _sha256su0,
    "sha256su1": _sha256su1,
}
