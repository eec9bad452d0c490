"""Loads and stores, read off the instruction word: registers, and the addresses touched.

The encoding of loads and stores is regular, so the bits say more reliably than a
disassembler's tables what is accessed. It promises nothing about ordered, exclusive,
atomic, unprivileged, literal, tagged and prefetching forms: those are None, as is every
encoding that the architecture leaves unallocated or calls CONSTRAINED UNPREDICTABLE.
"""

from __future__ import annotations

from dataclasses import dataclass

from .obligation import Access
from .registers import NONE, SP, Parts, d, q, s, union, w, x


@dataclass(frozen=True, slots=True)
class Transfer:
    """A load or store of general or vector registers and its one contiguous access."""

    reads: Parts
    writes: Parts
    access: Access


def transfer(word: int) -> Transfer | None:
    """What the load or store `word` does, or None where this file does not promise it."""
    if word & 0x3A000000 == 0x28000000:
        return _pair(word)
    if word & 0x3A000000 == 0x38000000:
        return _single(word)
    if word & 0xBFBF0000 == 0x0C000000 or word & 0xBFA00000 == 0x0C800000:
        return _structures(word)
    if word & 0xBF9F0000 == 0x0D000000 or word & 0xBF800000 == 0x0D800000:
        return _lane(word)
    return None


def _field(word: int, high: int, low: int) -> int:
    return word >> low & (1 << high - low + 1) - 1


def _signed(value: int, width: int) -> int:
    return value - (value >> width - 1 << width)


def _base(n: int) -> tuple[str, Parts]:
    return ("sp", SP) if n == 31 else (f"x{n}", x(n))


def _general(n: int, size: int) -> Parts:
    return NONE if n == 31 else x(n) if size == 8 else w(n)


def _vector(n: int, size: int) -> Parts:
    return q(n) if size == 16 else d(n) if size == 8 else s(n)


def _pair(word: int) -> Transfer | None:
    opc, vector, mode, load = _field(word, 31, 30), _field(word, 26, 26), _field(word, 24, 23), _field(word, 22, 22)
    first, second, n = _field(word, 4, 0), _field(word, 14, 10), _field(word, 9, 5)
    signed = not vector and opc == 1
    if opc == 3 or (signed and (not load or mode == 0)):  # unallocated, and stgp (memory tagging)
        return None
    size = 4 << opc if vector else 8 if opc == 2 else 4
    if load and first == second:
        return None
    writeback = mode in (1, 3)
    if writeback and not vector and n != 31 and n in (first, second):
        return None
    displacement = 0 if mode == 1 else _signed(_field(word, 21, 15), 7) * size
    base, address = _base(n)
    if load:
        values, written = NONE, union(q(r) if vector else _general(r, 8) for r in (first, second))
    else:
        values, written = union(_vector(r, size) if vector else _general(r, size) for r in (first, second)), NONE
    access = Access(base, None, "lsl", 0, displacement, 2 * size, size, not load)
    return Transfer(values | address, written | (address if writeback else NONE), access)


_EXTENDS = {2: "uxtw", 3: "lsl", 6: "sxtw", 7: "sxtx"}


def _single(word: int) -> Transfer | None:
    scale, vector, opc = _field(word, 31, 30), _field(word, 26, 26), _field(word, 23, 22)
    t, n, form = _field(word, 4, 0), _field(word, 9, 5), _field(word, 11, 10)
    if vector:
        if opc > 1:
            if scale:
                return None
            scale = 4
        load = opc & 1
    else:
        if (opc == 3 and scale > 1) or (opc == 2 and scale == 3):  # unallocated, prfm
            return None
        load = opc != 0
    size, index, extend, shift, displacement, writeback = 1 << scale, None, "lsl", 0, 0, False
    base, address = _base(n)
    if _field(word, 24, 24):
        displacement = _field(word, 21, 10) * size
    elif not _field(word, 21, 21):
        if form == 2:  # ldtr, sttr: unprivileged
            return None
        writeback = form != 0
        displacement = 0 if form == 1 else _signed(_field(word, 20, 12), 9)
    elif form == 2 and _field(word, 15, 13) in _EXTENDS:
        m = _field(word, 20, 16)
        if m != 31:  # a zero index leaves the base
            extend = _EXTENDS[_field(word, 15, 13)]
            narrow = extend.endswith("w")
            index, shift = f"{'w' if narrow else 'x'}{m}", scale * _field(word, 12, 12)
            address |= w(m) if narrow else x(m)
    else:  # atomics, pointer authentication
        return None
    if writeback and not vector and n == t != 31:
        return None
    if load:
        values, written = NONE, q(t) if vector else _general(t, 8)
    else:
        values, written = _vector(t, size) if vector else _general(t, size), NONE
    access = Access(base, index, extend, shift, displacement, size, size, not load)
    return Transfer(values | address, written | (_base(n)[1] if writeback else NONE), access)


# opcode -> (registers, interleaved)
_STRUCTURES = {0: (4, True), 2: (4, False), 4: (3, True), 6: (3, False), 7: (1, False), 8: (2, True), 10: (2, False)}


def _structures(word: int) -> Transfer | None:
    wide, scale = _field(word, 30, 30), _field(word, 11, 10)
    count, interleaved = _STRUCTURES.get(_field(word, 15, 12), (0, False))
    if not count or (interleaved and scale == 3 and not wide):
        return None
    size = 16 if wide else 8
    names = [(_field(word, 4, 0) + k) % 32 for k in range(count)]
    kept = union(_vector(r, size) for r in names)
    return _vector_memory(word, kept if not _field(word, 22, 22) else NONE, names, count * size, 1 << scale)


def _lane(word: int) -> Transfer | None:
    wide, load, kind, some, size = (_field(word, *f) for f in ((30, 30), (22, 22), (15, 14), (12, 12), (11, 10)))
    count = (_field(word, 13, 13) << 1 | _field(word, 21, 21)) + 1
    names = [(_field(word, 4, 0) + k) % 32 for k in range(count)]
    if kind == 3:
        if not load or some:
            return None
        return _vector_memory(word, NONE, names, count << size, 1 << size)
    scale, position = kind, wide << 3 | some << 2 | size
    if kind == 2 and size == 1 and not some:
        scale = 3
    elif size & (1 << kind) - 1:
        return None
    index, width = position >> scale, 1 << scale
    used = lane_keeps(index, width) if load else lane_holds(index, width)
    return _vector_memory(word, union(_shift(used, r) for r in names), names, count * width, width)


_BYTES = ((1, 0, 4), (2, 4, 8), (4, 8, 16))  # part of a vector register: bit, first byte, byte after it


def lane_holds(index: int, width: int) -> int:
    """The parts (bits: 1 S, 2 rest of D, 4 rest of Q) that lane `index` of `width` bytes touches."""
    first, after = index * width, index * width + width
    return sum(bit for bit, low, high in _BYTES if first < high and after > low)


def lane_keeps(index: int, width: int) -> int:
    """The parts of which something survives a write to that lane."""
    first, after = index * width, index * width + width
    return sum(bit for bit, low, high in _BYTES if not (first <= low and high <= after))


def _shift(bits: int, n: int) -> Parts:
    return bits << 64 + 3 * n


def _vector_memory(word: int, values: Parts, names: list[int], size: int, element: int) -> Transfer:
    load, post, m = _field(word, 22, 22), _field(word, 23, 23), _field(word, 20, 16)
    base, address = _base(_field(word, 9, 5))
    reads, writes = values | address, union(q(r) for r in names) if load else NONE
    if post:
        writes |= address
        reads |= NONE if m == 31 else x(m)
    return Transfer(reads, writes, Access(base, None, "lsl", 0, 0, size, element, not load))
