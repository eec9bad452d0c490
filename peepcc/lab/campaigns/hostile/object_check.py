"""What an object has that clang's own has not, beyond other plain instructions in its code and the note of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection

from ....analysis.effects import effect
from ....analysis.obligation import Kind
from ....report.note import SECTION
from ...stats.elf_notes import Unknown, notes

_MOVES = (
    ".eh_frame",
    ".rela",
    ".symtab",
    ".strtab",
    ".shstrtab",
    ".debug",
    ".llvm_addrsig",
)  # hold addresses or sizes of code
_EXCLUDE = 0x80000000  # SHF_EXCLUDE: a link leaves the section out
_WATCHED = (Kind.PINNED, Kind.CALL, Kind.INDIRECT)


def escapes(clangs: Path, found: Path) -> Iterator[str]:
    """A sentence for each: sections, symbols, relocations, data, and instructions that no proposal may hold."""
    with clangs.open("rb") as one, found.open("rb") as other:
        before, after = ELFFile(one), ELFFile(other)
        for what, look in (("sections", _sections), ("symbols", _symbols), ("data", _data)):
            more = look(after) ^ look(before)
            if more:
                yield f"{what} differ: {sorted(map(str, more))[:3]}"
        for what, count in (("relocations", _relocations), ("watched instructions", _watched)):
            more = count(after) - count(before)
            if more:
                yield f"more {what}: {sorted(map(str, more))[:3]}"


def _sections(elf: ELFFile) -> set[tuple[str, int, str]]:
    return {
        (section.name, section["sh_flags"], section["sh_type"])
        for section in elf.iter_sections()
        if not _is_our_note(section)
    }


def _is_our_note(section) -> bool:
    """One note that reads as such, and nothing else."""
    try:
        return section.name == SECTION and section["sh_flags"] == _EXCLUDE and len(list(notes(section))) == 1
    except Unknown:
        return False


def _symbols(elf: ELFFile) -> set[tuple[str, str, str]]:
    table = [section for section in elf.iter_sections() if isinstance(section, SymbolTableSection)]
    ours = {
        number for number, section in enumerate(elf.iter_sections()) if _is_our_note(section)
    }  # the assembler marks data in it by $d
    named = [symbol for section in table for symbol in section.iter_symbols() if symbol["st_shndx"] not in ours]
    return {
        (symbol.name, symbol["st_info"]["bind"], symbol["st_info"]["type"])
        for symbol in named
        if symbol["st_info"]["type"] != "STT_FILE"
    }


def _data(elf: ELFFile) -> set[tuple[str, bytes]]:
    """Sections without code that have no addresses of code."""
    return {
        (section.name, section.data())
        for section in elf.iter_sections()
        if not _is_code(section) and not section.name.startswith(_MOVES) and section["sh_type"] == "SHT_PROGBITS"
    }


def _relocations(elf: ELFFile) -> Counter[tuple[str, int, str, int]]:
    found: Counter[tuple[str, int, str, int]] = Counter()
    for section in elf.iter_sections():
        if isinstance(section, RelocationSection) and _is_code(elf.get_section(section["sh_info"])):
            table = elf.get_section(section["sh_link"])
            for each in section.iter_relocations():
                found[
                    section.name, each["r_info_type"], table.get_symbol(each["r_info_sym"]).name, each["r_addend"]
                ] += 1
    return found


def _watched(elf: ELFFile) -> Counter[str]:
    """Words whose effect no validator judges; relocated ones differ by their place and are counted by kind."""
    words = [
        section.data()[n : n + 4]
        for section in elf.iter_sections()
        if _is_code(section)
        for n in range(0, section["sh_size"], 4)
    ]
    kinds = ((word, effect(int.from_bytes(word, "little")).kind) for word in words)
    return Counter(
        kind.value if kind is Kind.CALL else f"{kind.value} {word.hex()}" for word, kind in kinds if kind in _WATCHED
    )


def _is_code(section) -> bool:
    return bool(section["sh_flags"] & SH_FLAGS.SHF_EXECINSTR)
