"""The sections, symbols and relocations of a relocatable AArch64 object, read from its bytes.

It reads what it is asked for and judges nothing. Raises ObjectError for bytes that are no such object.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import PeepccError

_SYMBOL = "<IBBHQQ"  # st_name, st_info, st_other, st_shndx, st_value, st_size
_RELOCATION = "<QQq"  # r_offset, r_info, r_addend
_EXTENDED_INDEX = 0xFFFF  # SHN_XINDEX


class ObjectError(PeepccError):
    """The bytes are no relocatable ELF object for AArch64, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Section:
    """`flags` is sh_flags, `kind` the name of sh_type."""

    name: str
    kind: str
    flags: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Symbol:
    """`section` is st_shndx: 0 where undefined. `value` is an offset in the section; the others are as in ELF."""

    name: str
    section: int
    value: int
    size: int
    binding: int
    kind: int
    visibility: int


@dataclass(frozen=True, slots=True)
class Relocation:
    """`symbol` is an index into the symbols."""

    kind: int
    symbol: int
    addend: int


@dataclass(frozen=True, slots=True)
class Object:
    """`relocations[s][offset]`: those at an offset of section s, in the order of the file."""

    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...]
    relocations: Mapping[int, Mapping[int, tuple[Relocation, ...]]]


def read_object(data: bytes) -> Object:
    """The object in `data`. Raises ObjectError."""
    from elftools.common.exceptions import ELFError  # only an object with rewrites is read back
    from elftools.construct import ConstructError
    from elftools.elf.elffile import ELFFile

    try:
        elf = ELFFile(io.BytesIO(data))
        if elf["e_machine"] != "EM_AARCH64" or elf["e_type"] != "ET_REL":
            raise ObjectError("not a relocatable object for AArch64")
        raw = list(elf.iter_sections())
        sections = tuple(Section(each.name, each.header.sh_type, each["sh_flags"], each.data()) for each in raw)
        symbols: tuple[Symbol, ...] = ()
        relocations: dict[int, dict[int, tuple[Relocation, ...]]] = {}
        for each in raw:
            if each["sh_type"] == "SHT_SYMTAB":
                symbols = tuple(_symbols(each.data(), raw[each["sh_link"]].data(), _extended(raw)))
            elif each["sh_type"] == "SHT_RELA":
                _add(relocations.setdefault(each["sh_info"], {}), each.data())
    except (
        ELFError,
        ConstructError,
        struct.error,
        ValueError,
        IndexError,
        zlib.error,
        MemoryError,
        OverflowError,
    ) as error:
        raise ObjectError(f"the object cannot be read: {error}") from error
    return Object(sections, symbols, relocations)


def _symbols(table: bytes, names: bytes, extended: tuple[int, ...]) -> Iterator[Symbol]:
    for n, (name, info, other, section, value, size) in enumerate(struct.iter_unpack(_SYMBOL, table)):
        text = names[name : names.index(b"\0", name)].decode(errors="surrogateescape")
        yield Symbol(
            text, extended[n] if section == _EXTENDED_INDEX else section, value, size, info >> 4, info & 15, other & 3
        )


def _extended(raw: Sequence[Any]) -> tuple[int, ...]:
    """The section of each symbol where an object has more sections than a symbol can name."""
    table = next((each.data() for each in raw if each["sh_type"] == "SHT_SYMTAB_SHNDX"), b"")
    return tuple(index for (index,) in struct.iter_unpack("<I", table))


def _add(found: dict[int, tuple[Relocation, ...]], table: bytes) -> None:
    for offset, info, addend in struct.iter_unpack(_RELOCATION, table):
        found[offset] = (*found.get(offset, ()), Relocation(info & 0xFFFFFFFF, info >> 32, addend))
