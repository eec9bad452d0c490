"""What an object must hold, as values: the words, labels and gaps of each function, and every section and symbol.

Values only, made by `expect` in the process that rewrites and checked by `compare` in the one that assembles.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from ..optimize.losses import Losses

# The letters of `.section NAME,"flags"` and ELF's bits for them.
SECTION_FLAGS = MappingProxyType(
    {
        "w": 0x1,
        "a": 0x2,
        "x": 0x4,
        "M": 0x10,
        "S": 0x20,
        "o": 0x80,
        "G": 0x200,
        "T": 0x400,
        "R": 0x200000,
        "e": 0x80000000,
    }
)


@dataclass(frozen=True, slots=True)
class Word:
    """One instruction of four bytes.

    `word` is what the assembler made of it at address 0. `relocation` is the ELF type that it left there, 0 for none.
    `symbol` plus `addend` is what the instruction refers to; empty where the word says everything.
    """

    word: int
    relocation: int = 0
    symbol: str = ""
    addend: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A label stands here."""

    label: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Padding up to a multiple of `size` bytes, none where more than `most` bytes would be needed."""

    size: int
    most: int

    def padding(self, offset: int) -> int:
        """How many bytes of padding stand at `offset` of a section that is aligned as much."""
        needed = -offset % self.size
        return needed if needed <= self.most else 0


@dataclass(frozen=True, slots=True)
class Data:
    """`size` bytes that are no instructions."""

    size: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that nobody analyzed, and whose number the text does not tell: inline assembly, pseudo instructions.

    `elsewhere`: other sections may have got some, too.
    """

    elsewhere: bool = False


Item = Word | Mark | Alignment | Data | Gap


@dataclass(frozen=True, slots=True)
class FunctionImage:
    """A run of code that begins at the symbol `name`; `whole`: it is as long as the symbol says."""

    name: str
    items: tuple[Item, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class SectionImage:
    """`flags` as ELF has them; None where the text does not state them."""

    name: str
    flags: int | None


@dataclass(frozen=True, slots=True)
class SymbolImage:
    """`section` is an index into the sections of the image. `binding` is ELF's: 0 local, 1 global, 2 weak.

    `offset` in its section; None behind a gap. `visibility`: 0 default, 1 internal, 2 hidden, 3 protected.
    """

    name: str
    section: int
    offset: int | None
    binding: int
    visibility: int
    function: bool


@dataclass(frozen=True, slots=True)
class ObjectImage:
    """`sections` in the order in which the text names them.

    `symbols` and the rewritten `functions` are in the order of the text. `private`: the section of each label that
    the symbol table does not keep. `names`: all symbols and sections that inline assembly and directives may define.
    """

    sections: tuple[SectionImage, ...]
    symbols: tuple[SymbolImage, ...]
    private: dict[str, int]
    functions: tuple[FunctionImage, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text of a translation unit after the rewrite; `image` is None where nothing was rewritten.

    `losses`, `explanation` and `entry`, the line of the report, are the driver's to tell once the object stands.
    """

    text: str
    image: ObjectImage | None = None
    losses: Losses = Losses()
    explanation: str = ""
    entry: bytes = b""
