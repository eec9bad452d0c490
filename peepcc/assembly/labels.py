"""Who mentions which label of a module: what decides where control may come in.

Mentions in debug sections, line tables and CFI are left out, for control never follows them.
Everything else that names a label counts, whether or not it is understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from .branches import Flow, flow
from .syntax import Instruction, Line, Memory, Module, Symbol

WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_.$][A-Za-z0-9_.$]*')
REGION_MARK = re.compile(r"[ \t]*(?://|#)(NO_)?APP[ \t\r]*\n?\Z")
OPENING_MARK = re.compile(
    r"[ \t]*(?://|#)APP[ \t\r]*\n?\Z"
)  # inline assembly of which no line may follow is still some
DATA = frozenset(
    ".byte .hword .2byte .short .half .word .4byte .long .int .xword .8byte .quad .dword .octa .uleb128 .sleb128"
    " .ascii .asciz .string .zero .space .skip .fill .org .incbin .float .double .single .inst .inst.n "
    ".dc.b .dc.l".split()
)
_HARMLESS = frozenset(
    ".loc .file .size .type .globl .global .weak .hidden .protected .internal .local .ident .section .p2align"
    " .align .balign .addrsig .addrsig_sym .comm .lcomm .variant_pcs .tlsdesccall .text .data .bss .arch .cpu".split()
)
_DECLARING = frozenset(
    (
        ".globl .global .weak .hidden .protected .internal .local .type .comm .lcomm .symver .weakref "
        ".weak_reference .set .equ .equiv ="
    ).split()
)
_DECLARED = re.compile(
    r"(?<![\w.$])\.(?:globa?l|weak\w*|hidden|protected|internal|local|type|l?comm|symver|set|equ|equiv)(?![\w.$])"
)
_DEBUG = (".debug_", ".zdebug_", ".gnu.debuglto_")
_ALLOCATED = re.compile(r'[^,]*,[ \t]*"[^"]*a')  # flags of a section that a running program sees
_TABLE = re.compile(r"\.LJTI[0-9]+_[0-9]+\Z|\.L[0-9]+\Z")
_L = r"\.L[A-Za-z0-9_.$]+"
_ENTRY = re.compile(rf"\(?({_L})(?:[ \t]*-[ \t]*({_L}))?\)?(?:[ \t]*(?:>>[ \t]*2|/[ \t]*4))?\Z")


class How(Enum):
    BRANCH = "branch"
    CODE = "code"  # an instruction that takes the address
    DATA = "data"
    TABLE = "table"  # an entry of a jump table
    OPAQUE = "opaque"  # inline assembly, or a line that is not readable


@dataclass(frozen=True, slots=True)
class Mention:
    line: int
    how: How
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A jump table: the labels that it may send control to, and those that it counts from."""

    targets: frozenset[str]
    bases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Survey:
    """`sections[i]` is the section of line i; `defined` and `mentions` go by label.

    `declared`: names that some directive makes more than a place in the text, as `.globl` does;
    another file may define them, too.
    """

    sections: tuple[str, ...]
    defined: dict[str, int]
    declared: frozenset[str]
    mentions: dict[str, list[Mention]]
    tables: dict[str, Table]


def survey(module: Module) -> Survey:
    defined = {label: n for n, line in enumerate(module.lines) for label in line.labels}
    sections = tuple(map(_first, section_statements(module)))
    mentions: dict[str, list[Mention]] = {}
    tables: dict[str, Table] = {}
    table = None
    for n, line in enumerate(module.lines):
        if line.labels:
            table = next((each for each in line.labels if _TABLE.match(each)), None)
            if line.directive or line.instruction or not line.readable:
                table = None
            if table:
                found = _table(module.lines, n)
                tables |= {table: found} if found else {}
                table = table if found else None
        elif line.instruction or not line.readable or (line.directive and line.directive.name not in DATA):
            table = None
        how, words = _named(line, sections[n], table is not None)
        for word in words:
            if word in defined:
                mentions.setdefault(word, []).append(Mention(n, how, table if how is How.TABLE else None))
    return Survey(
        sections, defined, frozenset(name for line in module.lines for name in _declared(line)), mentions, tables
    )


def is_local(label: str, declared: Collection[str]) -> bool:
    """Whether a branch to the label goes to this very place, whatever is linked with it."""
    return label.startswith(".L") and label not in declared


def symbols(instruction: Instruction) -> list[str]:
    """The names in an instruction's operands; both of a difference."""
    found: list[str] = []
    for operand in instruction.operands:
        named = operand.offset if isinstance(operand, Memory) else operand
        if isinstance(named, Symbol):
            found += WORD.findall(named.name)
    return found


def _named(line: Line, section: str, table: bool) -> tuple[How, list[str]]:
    if not line.readable:
        return How.OPAQUE, WORD.findall(line.text)
    if line.instruction:
        moves = flow(line.instruction) in (Flow.JUMP, Flow.CONDITIONAL)
        return How.BRANCH if moves else How.CODE, symbols(line.instruction)
    directive = line.directive
    if directive is None or directive.name in _HARMLESS or directive.name.startswith(".cfi_"):
        return How.DATA, []
    if section.startswith(_DEBUG):
        return How.DATA, []
    return How.TABLE if table else How.DATA, WORD.findall(directive.arguments)


def _declared(line: Line) -> list[str]:
    if not line.readable:
        return WORD.findall(line.text) if _DECLARED.search(line.text) else []
    return WORD.findall(line.directive.arguments) if line.directive and line.directive.name in _DECLARING else []


def _table(lines: tuple[Line, ...], at: int) -> Table | None:
    """The jump table whose label is on line `at`; None where one entry is something else."""
    targets, bases = set(), set()
    for line in lines[at + 1 :]:
        if line.labels or line.directive is None or line.directive.name not in DATA:
            break
        for argument in line.directive.arguments.split(","):
            entry = _ENTRY.match(argument.strip())
            if entry is None:
                return None
            targets.add(entry[1])
            if entry[2]:
                bases.add(entry[2])
    return Table(frozenset(targets), frozenset(bases)) if targets else None


def section_statements(module: Module) -> tuple[str, ...]:
    """What names the section of each line: `.text`, or all that stands behind `.section`.

    A line that switches is already in the new one.
    """
    current, previous, stack, result = ".text", ".text", [], []
    for line in module.lines:
        directive = line.directive
        if directive is not None:
            name = directive.name
            if name in (".text", ".data", ".bss"):
                current, previous = f"{name} {directive.arguments}".strip(), current
            elif name == ".section":
                current, previous = directive.arguments, current
            elif name == ".pushsection":
                stack.append((current, previous))
                current, previous = directive.arguments, current
            elif name == ".popsection" and stack:
                current, previous = stack.pop()
            elif name == ".previous":
                current, previous = previous, current
            elif name == ".subsection":
                current, previous = f"{current} {directive.arguments}", current
        result.append(current)
    return tuple(result)


def _first(arguments: str) -> str:
    """The name of a section; one that only bears the name of debug information is called otherwise."""
    name = arguments.split(",")[0].strip().strip('"')
    return f"allocated {name}" if name.startswith(_DEBUG) and _ALLOCATED.match(arguments) else name
