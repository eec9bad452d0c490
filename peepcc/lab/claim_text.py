"""Reads what the assembler takes as instructions: for `peeplab verify`, whose inputs people write.

Lines of tested forms in the spelling that compilers print are read as builds read them. All
else clang's assembler prints anew first, in that spelling: expressions are numbers then,
numeric labels have names, comments are gone. A directive that could change which
instructions there are, or what one of them means, is refused by name. Each instruction that is judged must
have the word that clang gave the one in the text. What is read here never goes
into a build: the syntax gate for proposals is another, and knows none of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..analysis.encoded import program
from ..analysis.obligation import Program
from ..assembly.encode import Encoder
from ..assembly.parse import Unreadable, parse_instruction
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction, Memory, Symbol
from ..driver.plan import parse_jobs
from ..errors import PeepccError
from ..process import run
from ..validate.prover.form_allowlist import form, forms

_QUOTED = r"\"(?:\\[^\n]|[^\"\\\n])*\"|'(?:\\[^\n]|[^\\\n])'"
_SPACE = re.compile(rf"{_QUOTED}|//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*", re.S | re.M)
_STATEMENT = re.compile(rf"(?:{_QUOTED}|[^;\n\"])+")
_LABEL = re.compile(r'\s*([A-Za-z_.$][\w.$]*|[0-9]+|"[^"\n]*")\s*:')
_DIRECTIVE = re.compile(r"\.[A-Za-z_][\w.]*")
_ASSIGNMENT = re.compile(r'([A-Za-z_.$][\w.$]*|"[^"\n]*")\s*=(?!=)\s*(.*)')
_RENAMING = re.compile(r"[\w.$]+\s+(\.req)\b", re.I)
_ERROR = re.compile(r"^<stdin>:(\d+):\d+: error: (.*)", re.M)
_ENCODING = re.compile(r"// encoding: \[([^\]]*)\]")
_ASSIGNED = re.compile(r'(?:\.set\s+)?([\w.$"]+)\s*[,=]\s*(.*)')

# Directives without effect on the instructions; the first ones are left out before clang sees them.
_IGNORED = re.compile(
    r"\.(?:cfi_\w+|loc|file|ident|addrsig|addrsig_sym|globl|global|local|weak|hidden|protected"
    r"|internal|type|size|variant_pcs)\Z"
)
_CONSTANTS = (".set", ".equ", ".equiv")
_DATA = re.compile(
    r"\.(?:byte|2byte|4byte|8byte|hword|half|short|word|xword|long|int|quad|octa|float|double|single"
    r"|ascii|asciz|string\d*|zero|space|skip|fill|inst|inst\.[nw]|incbin|[us]leb128|ltorg|pool|comm"
    r"|lcomm|value|dc\.\w+|ds\.\w+|dcb\.\w+)\Z"
)
_ALIGNMENT = re.compile(r"\.(?:align|p2align\w?|balign\w?|org|bundle_\w+)\Z")
_MACROS = re.compile(
    r"\.(?:macro|endm|endmacro|altmacro|noaltmacro|purgem|rept|rep|irp|irpc|endr|if\w*"
    r"|else\w*|endif|include|exitm)\Z"
)
_MEANING = re.compile(r"\.(?:arch|cpu|arch_extension|req|unreq|tlsdesccall)\Z")
_REFUSED = (
    (_DATA, "puts data among the instructions"),
    (_ALIGNMENT, "leaves room among the instructions"),
    (_MACROS, "makes other instructions of the text"),
    (_MEANING, "changes what instructions mean"),
)


class Unverifiable(PeepccError):
    """The question cannot be put to the validators."""


def read_program(text: str, encoder: Encoder, name: str = "program") -> Program:
    """Instructions and labels. Raises Unverifiable, with `name` and what of it is not one or the other."""
    items = _plain(text)
    if items is not None:
        return _program(items, encoder, name)
    printed = _printed(_without_directives(text, name), encoder, name)
    found = _program(_items(printed, name), encoder, name)
    if not _same_words(found, printed):
        raise Unverifiable(f"{name}: clang prints other instructions than it assembles")
    return found


def _program(items: list[Instruction | str], encoder: Encoder, name: str) -> Program:
    found = program(items, encoder)
    if found is None:
        for item in items:
            if isinstance(item, Instruction) and program([item], encoder) is None:
                said = encoder.complaint(item)
                why = f" ({said})" if said else ""
                raise Unverifiable(f"{name}: does not assemble to one instruction: {print_instruction(item)}{why}")
        raise Unverifiable(f"{name}: a label is defined twice")
    return found


def _same_words(found: Program, printed: str) -> bool:
    """Whether each word is that of the text, but for the bits that hang on a symbol: clang writes letters for these."""
    encodings = [each.split(",") for each in _ENCODING.findall(printed)]
    expected = ["".join(_bits(byte) for byte in reversed(each)) for each in encodings]
    words = [f"{step.word:032b}" for step in found.steps]
    return len(expected) == len(words) and all(
        len(bits) == 32 and all(bit in (there, "?") for bit, there in zip(bits, word))
        for bits, word in zip(expected, words)
    )


def _bits(byte: str) -> str:
    """`0x5b`, `0bAAA00111`, `A` or `0x10'A'`: the last two hang on a symbol as a whole."""
    if re.fullmatch("0x[0-9a-f]{2}", byte):
        return f"{int(byte, 16):08b}"
    return re.sub("[A-Z]", "?", byte[2:]) if byte.startswith("0b") else 8 * "?"


def _plain(text: str) -> list[Instruction | str] | None:
    """The items, where each line is a label, an instruction of a tested form, or both; else None."""
    items: list[Instruction | str] = []
    for line in text.splitlines():
        line = line.partition("//")[0].strip()
        while match := _LABEL.match(line):
            if match[1][0] in '"0123456789':
                return None
            items.append(match[1])
            line = line[match.end() :].strip()
        if line:
            try:
                items.append(parse_instruction(line))
            except Unreadable:
                return None
            if form(items[-1]) not in forms().tested or "." in _symbols(items[-1]):
                return None
    return items


def _without_directives(text: str, name: str) -> str:
    """The same lines without comments and what has no effect. Raises Unverifiable for directives that have one."""
    blank = _without_comments(text)
    if '"' in re.sub(_QUOTED, "", blank):
        raise Unverifiable(f"{name}: a quotation mark without its other one")
    lines = []
    for number, line in enumerate(blank.split("\n"), 1):
        kept = []
        for statement in _STATEMENT.findall(line):
            labels, statement = _labels(statement)
            reason = _refusal(statement)
            if reason:
                raise Unverifiable(f"{name}, line {number}: not an instruction: {reason}")
            kept.append(labels + ("" if _directive(statement) and _IGNORED.match(_directive(statement)) else statement))
        lines.append(";".join(kept))
    if ".Ltmp" in text:
        raise Unverifiable(f"{name}: names that begin with .Ltmp are those that the assembler gives")
    return "\n".join(lines) + "\n"


def _without_comments(text: str) -> str:
    """Each is a blank, and as many line ends as it had."""
    return _SPACE.sub(lambda found: found[0] if found[0][0] in "\"'" else " " + "\n" * found[0].count("\n"), text)


def _labels(statement: str) -> tuple[str, str]:
    at = 0
    while match := _LABEL.match(statement, at):
        at = match.end()
    return statement[:at], statement[at:].strip()


def _directive(statement: str) -> str:
    """Its name in lower case where it is one."""
    match = _DIRECTIVE.match(statement)
    return match[0].lower() if match and not _ASSIGNMENT.match(statement) else ""


def _refusal(statement: str) -> str:
    """Why a statement is not taken; empty where it may be."""
    renaming = _RENAMING.match(statement)
    directive = renaming[1].lower() if renaming else _directive(statement)
    assigned = _ASSIGNMENT.match(statement)
    if assigned and assigned[1] == ".":
        return "an assignment to . leaves room among the instructions"
    if not directive or _IGNORED.match(directive) or directive in _CONSTANTS or statement == ".text":
        return ""
    for pattern, what in _REFUSED:
        if pattern.match(directive):
            return f"{directive} {what}"
    return f"{directive} may change which instructions there are"


def _printed(text: str, encoder: Encoder, name: str) -> str:
    """As clang's assembler prints it. Raises Unverifiable with what clang says."""
    planned = run((*encoder.command, "-###", "-c", "-x", "assembler", "-", "-o", "-")).stderr.decode(errors="replace")
    jobs = [job.argv for job in parse_jobs(planned) if "-cc1as" in job.argv and "obj" in job.argv]
    if len(jobs) != 1:
        raise Unverifiable(f"{encoder.command[0]} does not say how it assembles")
    argv = [*("asm" if each == "obj" else each for each in jobs[0]), "-show-encoding"]
    done = run(argv, stdin=text.encode())
    if done.returncode:
        found = _ERROR.search(done.stderr.decode(errors="replace"))
        if found is None:
            raise Unverifiable(f"{name} does not assemble: {done.stderr.decode(errors='replace').strip()}")
        line = text.split("\n")[int(found[1]) - 1].strip()
        raise Unverifiable(f"{name}, line {found[1]}: not an instruction, as it does not assemble: {line}: {found[2]}")
    return done.stdout.decode(errors="replace")


def _items(printed: str, name: str) -> list[Instruction | str]:
    """What clang printed, read as builds read it. Raises Unverifiable for anything else."""
    items: list[Instruction | str] = []
    assigned: set[str] = set()
    for line in printed.splitlines():
        line = _without_comments(line).strip()
        if match := _LABEL.fullmatch(line):
            items.append(match[1])
        elif line.startswith(".set") or _ASSIGNMENT.match(line):
            assigned.add(_ASSIGNED.match(line)[1])
        elif line and line != ".text":
            try:
                items.append(parse_instruction(line))
            except Unreadable as error:
                raise Unverifiable(f"{name}: not an instruction that is understood: {line}") from error
    used = {name for item in items for name in ((item,) if isinstance(item, str) else _symbols(item))}
    if assigned & used:
        raise Unverifiable(f"{name}: {min(assigned & used)} stands for another address")
    return items


def _symbols(instruction: Instruction) -> Iterator[str]:
    for operand in instruction.operands:
        inner = operand.offset if isinstance(operand, Memory) else operand
        if isinstance(inner, Symbol):
            yield from (inner.name, *inner.name.split("-"))
