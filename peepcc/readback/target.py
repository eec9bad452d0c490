"""Where the instructions of an object lead: distances and relocations against the symbols that they should name.

A label that the object keeps no symbol for, and that no function of the image holds, is taken to stand where the
first use of it leads, in the section that the text says; every further use must lead there, too.
"""

from __future__ import annotations

from ..errors import PeepccError
from .elf import Object, Relocation, Symbol
from .fields import Field, field_of
from .image import FunctionImage, ObjectImage, Word
from .layout import Placement

_LOCAL = 0  # STB_LOCAL
Place = tuple[int | str, int]  # (section index, or the name of an undefined or preemptible symbol; offset)


class WrongWord(PeepccError):
    """`reason` continues the function's name: `+0x8 branches to …`."""


class Resolver:
    """Knows the symbols of one object, and learns where its private labels stand."""

    def __init__(self, found: Object, image: ObjectImage, sections: tuple[int, ...]):
        self._found = found
        self._private = {label: sections[section] for label, section in image.private.items()}
        self._names = image.names
        self._learned: dict[str, Place] = {}
        self.symbols: dict[str, Symbol] = {each.name: each for each in found.symbols if each.name}

    def check(self, function: FunctionImage, placement: Placement, symbol: Symbol) -> None:
        """Raises WrongWord where one instruction of the layout leads elsewhere, or has a relocation too many."""
        relocations = self._found.relocations.get(symbol.section, {})
        data = self._found.sections[symbol.section].data
        learned = dict(self._learned)
        for offset, word in placement.words:
            there = relocations.get(offset, ())
            problem = self._problem(word, offset, data, there, placement, symbol.section, learned)
            if problem:
                raise WrongWord(f"+{offset - symbol.value:#x} {problem}")
        self._learned = learned

    def _problem(
        self,
        word: Word,
        offset: int,
        data: bytes,
        there: tuple[Relocation, ...],
        placement: Placement,
        section: int,
        learned: dict[str, Place],
    ) -> str | None:
        if not word.symbol:
            return f"has a relocation of type {there[0].kind}" if there else None
        wanted = self._wanted(word, offset, placement, section)
        field = field_of(word.word)
        kind = word.relocation or (field.relocation if field else 0)
        if len(there) > 1 or (there and there[0].kind != kind):
            return f"has a relocation of type {there[0].kind} instead of {kind}"
        if there:
            place = self._relocated(there[0])
        elif field is None or (wanted is not None and isinstance(wanted[0], str)):
            return f"has no relocation for {word.symbol}"
        else:
            place = (section, offset + self._distance(field, data, offset))
        if there and field and int.from_bytes(data[offset : offset + 4], "little") & field.mask:
            return "has a distance and a relocation"
        if wanted is None:
            wanted = self._learn(word, place, learned)
        return None if place == wanted else f"leads to {self._shown(place)} instead of {word.symbol}{word.addend:+d}"

    def _wanted(self, word: Word, offset: int, placement: Placement, section: int) -> Place | None:
        """Where the instruction should lead; None for a label that only its uses tell of."""
        if word.symbol == ".":
            return section, offset + word.addend
        symbol = self.symbols.get(word.symbol)
        if symbol is not None and (symbol.section == 0 or symbol.binding != _LOCAL):
            return symbol.name, word.addend
        if word.symbol in placement.labels:
            return section, placement.labels[word.symbol] + word.addend
        return None if symbol is None else (symbol.section, symbol.value + word.addend)

    def _learn(self, word: Word, place: Place, learned: dict[str, Place]) -> Place | None:
        """The place of a private label, which must be in the section that the text says."""
        assigned = word.symbol.startswith(".L") and word.symbol in self._names  # its section is not known
        if isinstance(place[0], str) or self._private.get(word.symbol, place[0] if assigned else None) != place[0]:
            return None
        start = learned.setdefault(word.symbol, (place[0], place[1] - word.addend))
        return start[0], start[1] + word.addend

    def _relocated(self, relocation: Relocation) -> Place:
        symbol = self._found.symbols[relocation.symbol]
        if symbol.section == 0 or symbol.binding != _LOCAL:
            return symbol.name, relocation.addend
        return symbol.section, symbol.value + relocation.addend

    def _distance(self, field: Field, data: bytes, offset: int) -> int:
        return field.distance(int.from_bytes(data[offset : offset + 4], "little"))

    def _shown(self, place: Place) -> str:
        where = place[0] if isinstance(place[0], str) else self._found.sections[place[0]].name
        return f"{where}+{place[1]:#x}"
