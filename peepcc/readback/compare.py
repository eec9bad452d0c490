"""Compares an assembled object with what it must hold, and names the first difference.

The object passes only if its sections, symbols and functions are those of the image, in order, and every
instruction of a function with a rewrite is the word that was judged or analyzed, with its branches,
addresses and relocations going where the image says. Bytes in a gap (inline assembly, data) are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PeepccError
from .elf import Object, Symbol, read_object
from .image import SECTION_FLAGS, FunctionImage, ObjectImage
from .layout import Unplaceable, placements
from .target import Resolver, WrongWord

_MOST_PLACEMENTS = 1000  # of a function with gaps; past this it counts as different
_TABLES = frozenset((".strtab", ".symtab", ".shstrtab", ".symtab_shndx", ".llvm_addrsig", ".group"))
# What directives make that name no section, and what an assembler always makes.
_IMPLIED = frozenset(".comment .eh_frame .debug_frame .text .data .bss .note.gnu.property .ARM.attributes".split())
_SPLIT = ".dwo"  # sections of debug information that may be in a file of their own (-gsplit-dwarf)
_LINE_TABLES = (".debug_", ".zdebug_")
_FLAGS = sum(SECTION_FLAGS.values())
_EXECUTABLE = SECTION_FLAGS["x"]
_UNDEFINED, _SECTION, _FILE = 0, 3, 4  # SHN_UNDEF, STT_SECTION, STT_FILE
_CODE = (2, 10)  # STT_FUNC, STT_GNU_IFUNC
_PROGBITS = "SHT_PROGBITS"
_FIRST_RESERVED = 0xFF00  # SHN_LORESERVE: absolute and common symbols


class Mismatch(PeepccError):
    """The object is not what was judged; `reason` names the function and offset, or the section or symbol."""

    def __init__(self, difference: str):
        super().__init__(f"the assembled object is not what was judged: {difference}")


def check_object(data: bytes, image: ObjectImage) -> None:
    """Raises Mismatch, or ObjectError where `data` is no object."""
    found = read_object(data)
    try:
        sections = _sections(found, image)
        _symbols(found, image, sections)
        resolver = Resolver(found, image, sections)
        for function in image.functions:
            _function(found, function, resolver)
    except IndexError as error:  # a symbol or section that the object does not have
        raise Mismatch("a number of a section or symbol is out of range") from error


def _sections(found: Object, image: ObjectImage) -> tuple[int, ...]:
    """For each section of the image its index in the object."""
    there = [(n, each) for n, each in enumerate(found.sections) if n and not _is_table(each.name)]
    position = 0
    result: list[int] = []
    for wanted in image.sections:
        start = 0 if wanted.name in (".text", ".data", ".bss") else position
        free = (n for n in range(start, len(there)) if there[n][0] not in result)
        place = next((n for n in free if there[n][1].name == wanted.name), None)
        if place is None and wanted.name.endswith(_SPLIT):
            result.append(_UNDEFINED)  # no symbol is there
            continue
        if place is None:
            raise Mismatch(f"section {wanted.name} is missing, or stands in another place")
        index, section = there[place]
        if wanted.flags is not None and (wanted.flags ^ section.flags) & _FLAGS:
            raise Mismatch(f"section {wanted.name} has flags {section.flags:#x} instead of {wanted.flags:#x}")
        if section.flags & _EXECUTABLE and section.kind != _PROGBITS:
            raise Mismatch(f"section {wanted.name} holds code and is of type {section.kind}")
        result.append(index)
        position = max(position, place + 1)
    others = (each.name for n, each in there if n not in result and each.name not in image.names)
    extra = next((name for name in others if name not in _IMPLIED and not name.startswith(_LINE_TABLES)), None)
    if extra is not None:
        raise Mismatch(f"section {extra} is not in the text")
    return tuple(result)


def _is_table(name: str) -> bool:
    return name in _TABLES or name.startswith(".rela")


def _symbols(found: Object, image: ObjectImage, sections: Sequence[int]) -> None:
    """Each symbol once, in its section and with its binding; functions of a section in the order of the text."""
    defined: dict[str, list[Symbol]] = {}
    for each in found.symbols:
        if each.section != _UNDEFINED and each.section < _FIRST_RESERVED and each.kind not in (_SECTION, _FILE):
            defined.setdefault(each.name, []).append(each)
    reached: dict[int, tuple[int, str]] = {}
    for wanted in image.symbols:
        matches = defined.get(wanted.name, [])
        if len(matches) != 1:
            raise Mismatch(f"symbol {wanted.name} is defined {len(matches)} times")
        symbol = matches[0]
        said = (sections[wanted.section], wanted.binding, wanted.visibility)
        if (symbol.section, symbol.binding, symbol.visibility) != said:
            raise Mismatch(f"symbol {wanted.name} has another section, binding or visibility than the text says")
        if wanted.offset not in (None, symbol.value):
            raise Mismatch(f"symbol {wanted.name} stands at {symbol.value:#x} instead of {wanted.offset:#x}")
        offset, before = reached.get(wanted.section, (0, ""))
        if wanted.function:
            if symbol.value < offset:
                raise Mismatch(f"symbol {wanted.name} stands inside or before {before}, which it follows in the text")
            reached[wanted.section] = (symbol.value + symbol.size, wanted.name)
    names = {each.name for each in image.symbols} | image.private.keys() | image.names
    extra = next((name for name in defined if name not in names and not name.startswith("$")), None)
    if extra is not None:
        raise Mismatch(f"symbol {extra} is not in the text")


def _function(found: Object, function: FunctionImage, resolver: Resolver) -> None:
    symbol = resolver.symbols[function.name]
    data = found.sections[symbol.section].data
    end = symbol.value + symbol.size if function.whole else None
    if function.whole and symbol.kind not in _CODE:
        raise Mismatch(f"symbol {function.name} is no function")
    first: PeepccError | None = None
    tried = 0
    try:
        for tried, placement in enumerate(placements(function.items, data, symbol.value, end), 1):
            try:
                resolver.check(function, placement, symbol)
                return
            except WrongWord as wrong:
                first = first or wrong
            if tried == _MOST_PLACEMENTS:
                break
    except Unplaceable as wrong:
        first = first or wrong
    reason = first.reason if first else "its length is another one"
    raise Mismatch(f"{function.name}{reason}")
