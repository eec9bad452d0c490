"""Functions and basic blocks: where control may go and where it may come in.

An edge too many is allowed, a missing one never. Where that cannot be promised,
`Function.opaque` says why and the function has no blocks. Calls of functions with
unusual register rules that the text shows (outlined code, TLS descriptors, variant PCS)
make a function opaque too, for later stages believe AAPCS64 at calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..clock import unhurried
from .branches import Flow, flow, target
from .hazards import hazard
from .inline_asm import Region, read_region
from .labels import DATA, REGION_MARK, How, Mention, Survey, is_local, survey, symbols
from .syntax import Block, Directive, Function, Instruction, Line, Module, Operand, Symbol

_FUNCTION_TYPE = re.compile(r"(.+?)[ \t]*,[ \t]*[@%](?:function|gnu_indirect_function)\Z")
_FUNCTION_END = re.compile(r"\.Lfunc_end[0-9]+\Z")
_UNUSUAL = re.compile(
    r"OUTLINED_FUNCTION_|__llvm_slsblr_thunk_|__call_indirect_|__hwasan_|__arm_sme_|__arm_tpidr2_|__tlsdesc|__xray_"
)
_CONTROLLING = frozenset(
    ".if .ifdef .ifndef .ifc .ifnc .ifeq .ifne .else .elseif .endif .macro .endm .rept .irp .irpc .endr .include"
    " .altmacro .noaltmacro .purgem .tlsdesccall .reloc .inst .org".split()
)
_ALIGNING = frozenset(".p2align .balign .align".split())
_LANDING = ".gcc_except_table"


class _Opaque(Exception):
    """Control flow is not known; the message says why."""


def functions(module: Module, check: Callable[[], None] = unhurried) -> tuple[Function, ...]:
    """The functions of a module in file order; a cold part inside another's lines is part of that one."""
    seen = survey(module)
    danger = hazard(module)
    variants = {
        line.directive.arguments for line in module.lines if line.directive and line.directive.name == ".variant_pcs"
    }
    result = []
    for name, first, last in _extents(module):
        check()
        try:
            if danger:
                raise _Opaque(danger)
            if _UNUSUAL.match(name) or name in variants:
                raise _Opaque("a function with its own register rules")
            if last is None:
                raise _Opaque("no end of the function is marked")
            blocks, why = _Cutter(module, seen, variants, first, last).blocks(), None
        except _Opaque as reason:
            blocks, why = (), str(reason)
        last = first + 1 if last is None else last
        local = frozenset(
            label for line in module.lines[first:last] for label in line.labels if is_local(label, seen.declared)
        )
        result.append(Function(name, first, last, blocks, why, local))
    return tuple(result)


def _extents(module: Module) -> list[tuple[str, int, int | None]]:
    """(name, first line, line after the last or None) of each function that is in no other."""
    names = set()
    for line in module.lines:
        if line.directive and line.directive.name == ".type":
            match = _FUNCTION_TYPE.match(line.directive.arguments)
            if match:
                names.add(match[1])
    result: list[tuple[str, int, int | None]] = []
    name, first = None, 0
    for n, line in enumerate(module.lines):
        if name is None:
            starts = [label for label in line.labels if label in names]
            if starts:
                name, first = starts[0], n
        elif _ends(line, name):
            result.append((name, first, n))
            name = None
    if name is not None:
        result.append((name, first, None))
    return result


def _ends(line: Line, name: str) -> bool:
    if any(_FUNCTION_END.match(label) for label in line.labels):
        return True
    directive = line.directive
    return bool(directive and directive.name == ".size" and directive.arguments.split(",")[0].strip() == name)


@dataclass(slots=True)
class _Piece:
    """A block in the making."""

    first: int
    section: str
    labels: list[str] = field(default_factory=list)
    instructions: list[int] = field(default_factory=list)
    started: bool = False  # holds code, so that a label after it begins another
    targets: list[str] = field(default_factory=list)
    falls: bool = True
    leaves: bool = False
    entered: bool = False
    indirect: bool = False
    calls: bool = False


class _Cutter:
    """Cuts one function. Pieces first, then the edges between them."""

    def __init__(self, module: Module, seen: Survey, variants: set[str], first: int, last: int):
        self._lines, self._seen, self._variants = module.lines, seen, variants
        self._first, self._last = first, last
        self._pieces: list[_Piece] = []
        self._open: _Piece | None = None
        self._next = first  # where a piece begins that no label begins
        self._asm_entered = False
        own = range(first, last)
        self._labels = {label for n in own for label in self._lines[n].labels}
        self._code = {seen.sections[n] for n in own if self._lines[n].instruction or not self._lines[n].readable}
        coded = (each for n in own if (each := self._lines[n].instruction))
        mentioned = {name for each in coded for name in symbols(each)}
        self._tables = {
            name: table for name, table in seen.tables.items() if name in mentioned and table.targets <= self._labels
        }
        self._bases = {base for table in self._tables.values() for base in table.bases}
        self._targets = {label for table in self._tables.values() for label in table.targets}
        self._landing = {label for label in self._labels if self._mentioned_in(label, _LANDING)}
        self._taken = {label for label in self._labels if self._is_taken(label)}

    def blocks(self) -> tuple[Block, ...]:
        n = self._first
        while n < self._last:
            line = self._lines[n]
            if (self._open and self._open.section != self._seen.sections[n]) or not self._in_code(n):
                self._close(n)
            mark = REGION_MARK.match(line.text)
            if (mark and not mark[1]) or not line.readable:
                n = self._region(n)
                continue
            self._line(n, line)
            n += 1
        self._close(self._last)
        return self._edges()

    # ---- which labels control may come in by

    def _in_code(self, n: int) -> bool:
        return self._seen.sections[n] in self._code

    def _mentions(self, label: str) -> list[Mention]:
        return self._seen.mentions.get(label, [])

    def _mentioned_in(self, label: str, section: str) -> bool:
        return any(
            each.how is How.DATA and self._seen.sections[each.line].startswith(section)
            for each in self._mentions(label)
        )

    def _is_taken(self, label: str) -> bool:
        """Control may come to the label on a way that no edge of this function shows."""
        if not is_local(label, self._seen.declared):
            return True
        return any(not self._explained(label, each) for each in self._mentions(label))

    def _explained(self, label: str, mention: Mention) -> bool:
        here = self._first <= mention.line < self._last
        if mention.how is How.TABLE:
            return mention.table in self._tables
        if mention.how is How.CODE:
            return here and label in self._bases
        return mention.how is How.BRANCH and here

    def _leads(self, label: str) -> bool:
        return label in self._taken or label in self._targets or bool(self._mentions(label))

    # ---- pieces

    def _begin(self, n: int) -> _Piece:
        if self._open is None:
            entered = not self._pieces or self._asm_entered
            self._open = _Piece(n, self._seen.sections[n], entered=entered)
            self._asm_entered = False
            self._pieces.append(self._open)
        return self._open

    def _close(self, after: int) -> None:
        self._open = None
        self._next = after

    def _line(self, n: int, line: Line) -> None:
        if line.labels and self._in_code(n):
            self._label(n, line)
        if line.directive:
            self._directive(n, line.directive)
        if line.instruction:
            self._instruction(n, line.instruction)

    def _label(self, n: int, line: Line) -> None:
        if any(label[0].isdigit() for label in line.labels):
            raise _Opaque("a numeric label")
        if any(label in self._seen.tables for label in line.labels):
            return
        if n == self._first or any(map(self._leads, line.labels)):
            if self._open and self._open.started:
                self._close(n)
            piece = self._begin(n)
            piece.labels += line.labels
        elif self._open and not self._open.started:
            self._open.labels += line.labels

    def _directive(self, n: int, directive: Directive) -> None:
        name = directive.name
        if name in _CONTROLLING:
            raise _Opaque(f"{name} in the function")
        if name in _ALIGNING and any(map(str.strip, directive.arguments.split(",")[1:2])):
            raise _Opaque("an alignment filled with a given value")
        if name in DATA and self._in_code(n) and self._open:
            raise _Opaque("data among the instructions")

    def _instruction(self, n: int, instruction: Instruction) -> None:
        piece = self._begin(self._next)
        piece.instructions.append(n)
        piece.started = True
        if any(_UNUSUAL.match(name) or name in self._variants for name in symbols(instruction)):
            raise _Opaque(f"use of a function with its own register rules: {symbols(instruction)[0]}")
        kind = flow(instruction)
        if kind is Flow.NEXT:
            return
        if kind is Flow.CALL:
            piece.calls = True
            if self._landing:
                self._close(n + 1)
            return
        if kind in (Flow.JUMP, Flow.CONDITIONAL):
            label = target(instruction)
            if label is None:
                raise _Opaque(f"a branch to no plain label: {self._lines[n].text.strip()}")
            piece.targets.append(label)
        piece.indirect = kind is Flow.INDIRECT
        piece.leaves |= kind in (Flow.RETURN, Flow.TRAP)
        piece.falls = kind in (Flow.CONDITIONAL, Flow.TRAP)
        self._close(n + 1)

    def _region(self, n: int) -> int:
        """Takes in inline assembly or an unreadable line; returns the line after it."""
        region: Region = read_region(self._lines, n, self._last)
        if region.unknown:
            raise _Opaque(region.unknown)
        piece = self._begin(self._next)
        if self._lines[n].labels and not piece.started:
            piece.labels += self._lines[n].labels
        piece.started = True
        named = [name for name in region.names if name in self._labels]
        piece.targets += named
        piece.leaves |= region.branches
        piece.indirect |= region.indirect
        if named or region.branches or region.defines:
            self._close(region.last)
        self._asm_entered |= region.defines
        return region.last

    # ---- edges

    def _edges(self) -> tuple[Block, ...]:
        pieces = self._pieces
        at = {label: n for n, piece in enumerate(pieces) for label in piece.labels}
        taken = {n for n, piece in enumerate(pieces) if piece.entered or self._taken & set(piece.labels)}
        landing = {at[label] for label in self._landing if label in at}
        successors: list[set[int]] = []
        for n, piece in enumerate(pieces):
            found = self._named(piece, at)
            if piece.indirect:
                found |= self._indirect(n, at, taken)
            if piece.falls:
                after = next((m for m in range(n + 1, len(pieces)) if pieces[m].section == piece.section), None)
                piece.leaves |= after is None
                found |= set() if after is None else {after}
            if piece.calls:
                found |= landing
            successors.append(found)
        predecessors: list[list[int]] = [[] for _ in pieces]
        for n, found in enumerate(successors):
            for m in found:
                predecessors[m].append(n)
        ends = [piece.first for piece in pieces[1:]] + [self._last]
        return tuple(
            Block(
                n,
                piece.first,
                ends[n],
                tuple(piece.labels),
                tuple(piece.instructions),
                tuple(sorted(successors[n])),
                tuple(predecessors[n]),
                piece.leaves,
                n in taken,
            )
            for n, piece in enumerate(pieces)
        )

    def _named(self, piece: _Piece, at: dict[str, int]) -> set[int]:
        found = set()
        for label in piece.targets:
            if label in at:
                found.add(at[label])
                piece.leaves |= not is_local(
                    label, self._seen.declared
                )  # a linker may put another function of that name there
            elif label in self._labels or (label.startswith(".L") and label not in self._seen.defined):
                raise _Opaque(f"a branch to a label that no block begins with: {label}")
            else:
                piece.leaves = True
        return found

    def _indirect(self, n: int, at: dict[str, int], taken: set[int]) -> set[int]:
        """Every jump table of the function and every address that is taken; out, unless it reads as a table's."""
        piece = self._pieces[n]
        by_table = bool(self._tables) and self._dispatches(piece)
        addresses = {m for m in taken if m or self._is_mentioned(m)}
        if not by_table or any(addresses):
            piece.leaves = True
        missing = [label for label in self._targets if label not in at]
        if missing:
            raise _Opaque(f"a jump table's label that no block begins with: {missing[0]}")
        return {at[label] for label in self._targets} | addresses

    def _is_mentioned(self, n: int) -> bool:
        return any(self._mentions(label) for label in self._pieces[n].labels)

    def _dispatches(self, piece: _Piece) -> bool:
        """The last instruction branches to a sum with a jump table's base, which this block made."""
        *before, last = [self._lines[n].own_instruction for n in piece.instructions]
        if last.mnemonic != "br":
            return False
        at, made = _maker(before, last.operands[0])
        if made is None or made.mnemonic != "add" or len(made.operands) != 3:
            return False
        _, base = _maker(before[:at], made.operands[1])
        if base is None or not isinstance(base.operands[-1], Symbol):
            return False
        name = base.operands[-1].name
        return name in (self._bases if base.mnemonic == "adr" else self._tables) and base.mnemonic in ("adr", "add")


def _maker(before: list[Instruction], register: Operand) -> tuple[int, Instruction | None]:
    """The instruction that last wrote `register`, with its index; None where that is not plain to see."""
    for at in range(len(before) - 1, -1, -1):
        instruction = before[at]
        if flow(instruction) is not Flow.NEXT:
            break
        if instruction.operands[:1] == (register,):
            return at, instruction
        if register in instruction.operands and instruction.mnemonic.startswith("ld"):
            break
    return 0, None
