"""Faults that are put into an object on purpose: each takes its bytes and gives damaged ones."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable

from elftools.elf.elffile import ELFFile

_SYMBOL_SIZE, _RELOCATION_SIZE = 24, 24


class Damaged:
    """An object under change, with the places of its sections, symbols and relocations in the file."""

    def __init__(self, data: bytes):
        self.bytes = bytearray(data)
        self.elf = ELFFile(io.BytesIO(data))
        self.symtab = self.elf.get_section_by_name(".symtab")

    def symbol_at(self, name: str) -> int:
        """The file offset of a symbol's entry."""
        index = next(n for n, each in enumerate(self.symtab.iter_symbols()) if each.name == name)
        return self.symtab["sh_offset"] + index * _SYMBOL_SIZE

    def code(self, name: str) -> tuple[int, int]:
        """(file offset, size) of a function's code."""
        symbol = self.symtab.get_symbol_by_name(name)[0]
        return self.elf.get_section(symbol["st_shndx"])["sh_offset"] + symbol["st_value"], symbol["st_size"]

    def relocation_at(self, section: str, function: str) -> int:
        """The file offset of the first relocation in a function."""
        symbol = self.symtab.get_symbol_by_name(function)[0]
        table = self.elf.get_section_by_name(f".rela{section}")
        first = range(symbol["st_value"], symbol["st_value"] + symbol["st_size"])
        index = next(n for n, each in enumerate(table.iter_relocations()) if each["r_offset"] in first)
        return table["sh_offset"] + index * _RELOCATION_SIZE

    def header_of(self, section: str) -> int:
        """The file offset of a section's header."""
        return self.elf["e_shoff"] + self.elf.get_section_index(section) * self.elf["e_shentsize"]

    def change(self, layout: str, at: int, by: Callable[[int], int]) -> bytes:
        struct.pack_into(layout, self.bytes, at, by(*struct.unpack_from(layout, self.bytes, at)))
        return bytes(self.bytes)

    def exchanged(self, one: int, other: int, size: int) -> bytes:
        """With `size` bytes at two places of the file exchanged."""
        first, second = self.bytes[one : one + size], self.bytes[other : other + size]
        self.bytes[one : one + size], self.bytes[other : other + size] = second, first
        return bytes(self.bytes)


def flip_bit(data: bytes, function: str, chance: random.Random) -> bytes:
    damaged = Damaged(data)
    start, size = damaged.code(function)
    bit = chance.randrange(size * 8)
    return damaged.change("<B", start + bit // 8, lambda byte: byte ^ 1 << bit % 8)


def drop_instruction(data: bytes, function: str, chance: random.Random) -> bytes:
    """The following ones move up, a nop fills the end."""
    damaged = Damaged(data)
    start, size = damaged.code(function)
    at = start + 4 * chance.randrange(size // 4)
    damaged.bytes[at : start + size] = damaged.bytes[at + 4 : start + size] + bytes.fromhex("1f2003d5")
    return bytes(damaged.bytes)


def swap_instructions(data: bytes, function: str, chance: random.Random) -> bytes:
    damaged = Damaged(data)
    start, size = damaged.code(function)
    at = start + 4 * chance.randrange(size // 4 - 1)
    first, second = damaged.bytes[at : at + 4], damaged.bytes[at + 4 : at + 8]
    damaged.bytes[at : at + 8] = second + first
    return bytes(damaged.bytes)


def move_symbol(data: bytes, symbol: str) -> bytes:
    damaged = Damaged(data)
    return damaged.change("<Q", damaged.symbol_at(symbol) + 8, lambda value: value + 4)


def shorten_symbol(data: bytes, symbol: str) -> bytes:
    damaged = Damaged(data)
    return damaged.change("<Q", damaged.symbol_at(symbol) + 16, lambda size: size - 4)


def empty_symbol(data: bytes, symbol: str) -> bytes:
    damaged = Damaged(data)
    return damaged.change("<Q", damaged.symbol_at(symbol) + 16, lambda size: 0)


def hide_symbol(data: bytes, symbol: str) -> bytes:
    """Default visibility becomes hidden."""
    damaged = Damaged(data)
    return damaged.change("<B", damaged.symbol_at(symbol) + 5, lambda other: other ^ 2)


def retype_symbol(data: bytes, symbol: str) -> bytes:
    """A function becomes an object."""
    damaged = Damaged(data)
    return damaged.change("<B", damaged.symbol_at(symbol) + 4, lambda info: info ^ 3)


def retype_section(data: bytes, section: str) -> bytes:
    """Code becomes a note."""
    damaged = Damaged(data)
    return damaged.change("<I", damaged.header_of(section) + 4, lambda kind: 7)


def number_nothing(data: bytes, symbol: str) -> bytes:
    """The symbol's section is one that the object does not have."""
    damaged = Damaged(data)
    return damaged.change("<H", damaged.symbol_at(symbol) + 6, lambda section: 0xFE00)


def rebind_symbol(data: bytes, symbol: str) -> bytes:
    """Local symbols become global ones and the other way round."""
    damaged = Damaged(data)
    return damaged.change("<B", damaged.symbol_at(symbol) + 4, lambda info: info ^ 1 << 4)


def swap_symbols(data: bytes, first: str, second: str) -> bytes:
    """Each takes the other's name."""
    damaged = Damaged(data)
    return damaged.exchanged(damaged.symbol_at(first), damaged.symbol_at(second), 4)


def swap_sections(data: bytes, first: str, second: str) -> bytes:
    """The two change their places in the file's order: their headers, names included."""
    damaged = Damaged(data)
    return damaged.exchanged(damaged.header_of(first), damaged.header_of(second), damaged.elf["e_shentsize"])


def swap_section_names(data: bytes, first: str, second: str) -> bytes:
    damaged = Damaged(data)
    return damaged.exchanged(damaged.header_of(first), damaged.header_of(second), 4)


def make_writable(data: bytes, section: str) -> bytes:
    damaged = Damaged(data)
    return damaged.change("<Q", damaged.header_of(section) + 8, lambda flags: flags ^ 1)


def change_relocation(data: bytes, section: str, function: str, part: str) -> bytes:
    """`part`: the offset, type, symbol or addend of the function's first relocation becomes another one."""
    damaged = Damaged(data)
    at = damaged.relocation_at(section, function)
    place, by = {
        "offset": (at, lambda value: value + 4),
        "type": (at + 8, lambda value: value ^ 1),
        "symbol": (at + 8, lambda value: value + (1 << 32)),
        "addend": (at + 16, lambda value: value + 4),
    }[part]
    return damaged.change("<Q", place, by)
