"""The syntax tree of one assembly module: what `parse` makes and every later stage reads.

Values only. It promises nothing about what an instruction does (`analysis.effects`)
or whether an assembler takes it (`assembly.encode`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Register:
    """A scalar register by its written name, lower case: x0, w3, wzr, sp, d7, q2, b1, h1, s1.

    `modifier` is the shift or extend written after it ("lsl", "sxtw", ...), `amount` its
    number (None where none is written, as in `sxtw`).
    """

    name: str
    modifier: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class VectorRegister:
    """A vector register: v3.4s, v3.s[1], v3.16b; `arrangement` without the dot."""

    name: str
    arrangement: str | None = None
    lane: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterList:
    """`{ v0.4s, v1.4s }[1]`, ranges written out."""

    registers: tuple[VectorRegister, ...]
    lane: int | None = None


@dataclass(frozen=True, slots=True)
class Immediate:
    """A number. `value` is an int, or a float for fmov and fcmp; `modifier` as in `#1, lsl #12`."""

    value: int | float
    modifier: str | None = None
    amount: int | None = None

    @property
    def whole(self) -> int | None:
        """The value where it is an int."""
        return self.value if isinstance(self.value, int) else None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol, label or constant expression: `specifier` is "lo12" of `:lo12:name`.

    `specifier` is "=" for a literal (`=name`, `=0x1234`); `name` is ".L1-.L2" for a
    difference, and keeps its quotes. `modifier` as in `:tprel_hi12:name, lsl #12`.
    """

    name: str
    addend: int = 0
    specifier: str | None = None
    modifier: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """`[base, offset]`; `mode` is "offset", "pre" (`!`) or "post" (`[base], offset`)."""

    base: str
    offset: Immediate | Register | Symbol | None = None
    mode: str = "offset"


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word that is no symbol: a condition (eq), barrier, prefetch or system register name."""

    text: str


Operand = Register | VectorRegister | RegisterList | Immediate | Symbol | Memory | Name


@dataclass(frozen=True, slots=True)
class Instruction:
    """`mnemonic` is lower case and holds the condition (`b.eq`); aliases stay as written."""

    mnemonic: str
    operands: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Directive:
    """`.name arguments`; `name` keeps its dot, `arguments` is the verbatim rest without comment."""

    name: str
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One source line. `text` is verbatim, newline included: joining all texts gives the file back.

    `readable` is False for a statement that the grammar does not know, for everything
    between #APP and #NO_APP, and for lines with several statements.
    """

    text: str
    labels: tuple[str, ...] = ()
    directive: Directive | None = None
    instruction: Instruction | None = None
    readable: bool = True

    @property
    def own_instruction(self) -> Instruction:
        """The instruction of a line that has one, as those of a block have. Raises ValueError where there is none."""
        if self.instruction is None:
            raise ValueError(f"no instruction on this line: {self.text!r}")
        return self.instruction


@dataclass(frozen=True, slots=True)
class Module:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A basic block: lines[first:last] of its module.

    `instructions` are line indices. `successors` and `predecessors` are block indices in
    the function. `leaves`: control may go out of the function (ret, tail call, unknown br).
    `entered`: control may come from where no edge shows it (function entry, landing pad,
    asm goto, an address that data or other code takes and no jump table explains).
    """

    index: int
    first: int
    last: int
    labels: tuple[str, ...]
    instructions: tuple[int, ...]
    successors: tuple[int, ...]
    predecessors: tuple[int, ...]
    leaves: bool
    entered: bool


@dataclass(frozen=True, slots=True)
class Function:
    """lines[first:last]; `opaque` names why control flow is not known (then nothing is rewritten).

    `local`: the labels on its lines that mean a place here and nothing else. A symbol at the same
    place is not among them, for a linker may let another definition take its place.
    """

    name: str
    first: int
    last: int
    blocks: tuple[Block, ...]
    opaque: str | None = None
    local: frozenset[str] = frozenset()
