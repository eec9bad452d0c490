"""Lists of byte strings as one, with a checksum, and the digest that all keys are made of.

Every compile that may come from the cache reads these, so it imports next to nothing. It promises nothing about
who wrote the data: `folder` looks at that.
"""

from __future__ import annotations

from _blake2 import blake2b  # `hashlib` brings OpenSSL: 3 ms
from collections.abc import Sequence

_MAGIC = b"peepcc cache 1\n"
_SIZE = 20  # bytes of a digest


def digest(parts: Sequence[bytes]) -> bytes:
    """20 bytes; two lists of strings that differ, be it only in where one ends, have two digests."""
    return blake2b(pack(parts), digest_size=_SIZE).digest()


def pack(parts: Sequence[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def unpack(data: bytes) -> list[bytes]:
    """Raises ValueError for what `pack` did not make."""
    parts, at = [], 0
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at : at + 8], "little")
        if end > len(data):
            raise ValueError("cut short")
        parts.append(data[at + 8 : end])
        at = end
    return parts


def sealed(parts: Sequence[bytes]) -> bytes:
    body = pack(parts)
    return _MAGIC + blake2b(body, digest_size=_SIZE).digest() + body


def opened(data: bytes) -> list[bytes] | None:
    """What was sealed; None where a byte of it is another."""
    start = len(_MAGIC) + _SIZE
    body = data[start:]
    if not data.startswith(_MAGIC) or blake2b(body, digest_size=_SIZE).digest() != data[len(_MAGIC) : start]:
        return None
    return unpack(body)
