"""Instruction words from the very assembler that makes the object, many lines in one run.

A line that is not one instruction of four bytes has no word. Symbols are not resolved:
a branch to a label has displacement 0, every other use of a symbol is `relocated`.
"""

from __future__ import annotations

import io
import re
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from elftools.elf.elffile import ELFFile

from ..process import run
from .branches import Flow, flow
from .parse import Unreadable, parse_instruction
from .print import print_instruction
from .syntax import Instruction, Memory, Operand, Symbol

_ROUNDS = 4  # parse errors hide layout errors, which hide relocation errors
_ERROR = re.compile(rb"^<stdin>:(\d+):\d+: error: (.*)", re.M)
_EXTERNAL = "peepcc_external"
_HERE = "peepcc_here"
_MARK = "peepcc_at_"


@dataclass(frozen=True, slots=True)
class Encoding:
    """`word`: the 32 bits as assembled; `relocation`: the ELF type of the relocation that completes it, 0 for none."""

    word: int
    relocation: int = 0

    @property
    def relocated(self) -> bool:
        """Whether the word alone does not say what it does."""
        return self.relocation != 0


class Encoder:
    """Encodes for one `clang` and one set of target flags, and remembers what it encoded."""

    def __init__(self, clang: str, target_flags: Sequence[str] = ()):
        self.command = (clang, "--target=aarch64-linux-gnu", *target_flags)  # that every run begins with
        self._argv = (*self.command, "-c", "-x", "assembler", "-")
        self._known: dict[str, Encoding | None] = {}
        self._errors: dict[str, str] = {}

    def encode(self, lines: Sequence[str]) -> tuple[Encoding | None, ...]:
        """One entry a line; None: not exactly one instruction of four bytes, or refused.

        Raises what `process.run` raises, and OSError where no temporary file can be made.
        """
        read = {line: _read(line) for line in dict.fromkeys(lines)}
        return self._encoded([read[line] for line in lines])

    def encode_instructions(self, instructions: Sequence[Instruction]) -> tuple[Encoding | None, ...]:
        """The same for what is parsed already."""
        return self._encoded(instructions)

    def complaint(self, instruction: Instruction) -> str:
        """What clang said against an instruction that was given to `encode_instructions`.

        Empty where it said nothing.
        """
        return self._errors.get(_statement(instruction) or "", "")

    def _encoded(self, instructions: Sequence[Instruction | None]) -> tuple[Encoding | None, ...]:
        distinct = {each: _statement(each) if each else None for each in dict.fromkeys(instructions)}
        new = [each for each in dict.fromkeys(distinct.values()) if each is not None and each not in self._known]
        if new:
            self._known |= self._assemble(new)
        return tuple(
            None if (each := distinct[instruction]) is None else self._known[each] for instruction in instructions
        )

    def _assemble(self, statements: list[str]) -> dict[str, Encoding | None]:
        result: dict[str, Encoding | None] = dict.fromkeys(statements)
        for _ in range(_ROUNDS):
            data, failed = self._run(statements)
            if data is not None:
                return result | _words(data, statements)
            if not failed:
                break
            self._errors |= {statements[n]: said for n, said in failed.items() if n < len(statements)}
            statements = [each for n, each in enumerate(statements) if n not in failed]
            if not statements:
                break
        return result

    def _run(self, statements: list[str]) -> tuple[bytes | None, dict[int, str]]:
        """The object, or None and what clang says in errors, by the indices of the statements."""
        marked = (f"{_MARK}{n}:{each.replace(_HERE, f'{_MARK}{n}')}\n" for n, each in enumerate(statements))
        source = f"{''.join(marked)}{_MARK}{len(statements)}:\n"
        with tempfile.TemporaryDirectory(prefix="peepcc-") as folder:
            path = Path(folder, "words.o")
            done = run((*self._argv, "-o", str(path)), stdin=source.encode())
            if done.returncode == 0:
                return path.read_bytes(), {}
        return None, {
            int(line) - 1: said.decode(errors="replace") for line, said in reversed(_ERROR.findall(done.stderr))
        }


def _read(line: str) -> Instruction | None:
    try:
        return parse_instruction(line)
    except Unreadable:
        return None


def _statement(instruction: Instruction) -> str | None:
    """What stands for the instruction in the assembler's input; those that differ in symbols only share it."""
    branch = flow(instruction) in (Flow.JUMP, Flow.CONDITIONAL, Flow.CALL)
    operands = tuple(_neutral(operand, branch) for operand in instruction.operands)
    plain = tuple(operand for operand in operands if operand is not None)
    return print_instruction(Instruction(instruction.mnemonic, plain)) if len(plain) == len(operands) else None


def _neutral(operand: Operand, branch: bool) -> Operand | None:
    """The operand with its symbol replaced by one that every run has; None: a literal or difference."""
    if isinstance(operand, Memory) and isinstance(operand.offset, Symbol):
        offset = _neutral(operand.offset, False)
        return replace(operand, offset=offset) if isinstance(offset, Symbol) else None
    if not isinstance(operand, Symbol):
        return operand
    if operand.specifier == "=" or ("-" in operand.name and not operand.name.startswith('"')):
        return None
    here = branch and operand.specifier is None
    return replace(operand, name=_HERE if here else _EXTERNAL, addend=0)


def _content(elf: ELFFile, name: str) -> bytes:
    section = elf.get_section_by_name(name)
    return bytes(section.data()) if section else b""


def _words(data: bytes, statements: list[str]) -> dict[str, Encoding | None]:
    """Words by the marks around each statement."""
    elf = ELFFile(io.BytesIO(data))
    text, names, table, relocations = (_content(elf, name) for name in (".text", ".strtab", ".symtab", ".rela.text"))
    moved = {offset: info & 0xFFFFFFFF for offset, info, _ in struct.iter_unpack("<QQq", relocations)}
    at = [0] * (len(statements) + 1)
    for name, _, _, _, value, _ in struct.iter_unpack("<IBBHQQ", table):
        if names.startswith(_MARK.encode(), name):
            at[int(names[name + len(_MARK) : names.index(b"\0", name)])] = value
    return {
        each: Encoding(int.from_bytes(text[at[n] : at[n] + 4], "little"), moved.get(at[n], 0))
        if at[n + 1] - at[n] == 4
        else None
        for n, each in enumerate(statements)
    }
