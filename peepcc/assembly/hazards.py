"""Why the text of a module may mean something else than it seems to, as data: to add a reason is to add a line.

Where another assembler than clang's own reads the text, inline assembly stays in it as it was
written, and what it says holds for the compiler's lines, too: a macro with an instruction's
name, another name of a register, an architecture. Names that are no operand and no mnemonic
of any line here (`.set`, `.equ`, macros that are spelled like no instruction) are let be.
Directives count in any case of letters, as the assemblers read them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .branches import CONDITIONS
from .labels import REGION_MARK, WORD
from .syntax import Line, Module

OPENS = re.compile(r"(?<![\w.$])\.(?:if\w*|macro|rept?|irpc?|irepc?)(?![\w.$])", re.I)
CLOSES = re.compile(r"(?<![\w.$])\.(?:endif|endm|endmacro|endr)(?![\w.$])", re.I)
_MACRO = re.compile(r"(?<![\w.$])\.macro(?![\w.$])[ \t]*([^\s,;]*)", re.I)
_NO_INSTRUCTION = re.compile(r"(?=.*_)[A-Za-z_$][\w$]*\Z")  # no mnemonic has an underscore
_PLAIN = re.compile(r"[\w.$]+\Z")
_ALIAS = re.compile(r"([^\s;:]+)[ \t]+\.req(?![\w.$])", re.I)
_FOREIGN = re.compile(r"(?<![\w.$])\.(?:include|altmacro|end|mri)(?![\w.$])", re.I)
_ARCHITECTURE = re.compile(
    r"(?<![\w.$])\.(?:(?:arch|cpu)(?![\w.$])|arch_extension(?![\w.$])[ \t]*(?:\+?no|[^\w\s]))", re.I
)
# A statement's first word has a macro's argument.
_HEAD = re.compile(r"(?:^|;)[ \t]*(?:[\w.$]+:[ \t]*)*[^\s;\"]*\\", re.M)
_BROKEN = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[nr]|012|015)")
_QUOTES = re.compile(r'\\.|"')
_LINE_COMMENT = re.compile(r"//.*")
_DIRECTIVES = re.compile(
    r"\.(?:if\w*|else\w*|endif|macro|endm|endmacro|rept?|irpc?|irepc?|endr|include|altmacro|end|mri|arch|cpu|arch_extension)",
    re.I,
)
_WORDS = CONDITIONS | frozenset("lsl lsr asr ror msl uxtb uxth uxtw uxtx sxtb sxth sxtw sxtx mul vl".split())
_REGISTER = re.compile(r"(?:[xwbhsdqvzp][0-9]+|[xw]zr|w?sp|fp|lr|ip[01]|pc|nzcv|fpcr|fpsr)(?:\..*)?\Z")


@dataclass(frozen=True, slots=True)
class _Text:
    """`foreign`: what is not the compiler's, in order; `parts`: each run of it.

    `words` and `mnemonics`: those of the compiler's instructions, lower case.
    """

    foreign: str
    parts: tuple[str, ...]
    words: frozenset[str]
    mnemonics: frozenset[str]


def hazard(module: Module) -> str | None:
    """The first reason that holds; None where the lines mean what they seem to."""
    if any(
        line.directive and line.directive.name == ".file" and _BROKEN.search(line.directive.arguments)
        for line in module.lines
    ):
        return "a file name with a line break, which the comments after .loc repeat as it is"
    if _marks_out_of_order(module):
        return "marks around inline assembly that do not go in pairs"
    parts = _parts(module)
    if not parts:
        return None
    instructions = [line for line in module.lines if line.readable and line.instruction]
    words = frozenset(word.lower() for line in instructions for word in WORD.findall(line.text))
    text = _Text("".join(parts), parts, words, frozenset(line.own_instruction.mnemonic for line in instructions))
    return next((f"inline assembly {reason}" for reason, holds in RULES.items() if holds(text)), None)


def _foreign_directive(text: _Text) -> bool:
    return _FOREIGN.search(text.foreign) is not None


def _is_open(text: _Text) -> bool:
    return len(OPENS.findall(text.foreign)) != len(CLOSES.findall(text.foreign))


def _uses_macros_of_other_parts(text: _Text) -> bool:
    macros = _macros(text.foreign)
    return bool(macros) and any((macros - _macros(part)) & _words(part) for part in text.parts)


def _macro_may_be_instruction(text: _Text) -> bool:
    return any(name in text.mnemonics or not _NO_INSTRUCTION.match(name) for name in _macros(text.foreign))


def _alias_may_be_operand(text: _Text) -> bool:
    names = {name.lower() for name in _ALIAS.findall(text.foreign)}
    return any(
        not _PLAIN.match(name) or name in text.words or name in _WORDS or _REGISTER.match(name) for name in names
    )


def _architecture(text: _Text) -> bool:
    return _ARCHITECTURE.search(text.foreign) is not None


def _head_from_argument(text: _Text) -> bool:
    return _HEAD.search(text.foreign) is not None


def _open_comment_or_string(text: _Text) -> bool:
    lines = text.foreign.splitlines()
    return any(_QUOTES.sub(lambda match: '"' if match[0] == '"' else "", line).count('"') % 2 for line in lines) or any(
        "/*" in (bare := _LINE_COMMENT.sub("", part)) and bare.rfind("/*") > bare.rfind("*/") for part in text.parts
    )


# what it does -> whether it does: to add a reason is to add a line
RULES: Mapping[str, Callable[[_Text], bool]] = {
    "with .include, .altmacro, .mri or .end": _foreign_directive,
    "with an open .if, .macro or .rept": _is_open,
    "with an open comment or string": _open_comment_or_string,
    "that uses a macro of other inline assembly": _uses_macros_of_other_parts,
    "that defines a macro with what may be an instruction's name": _macro_may_be_instruction,
    "that makes instructions of a macro's arguments": _head_from_argument,
    "that gives a register a name which instructions of the file may hold": _alias_may_be_operand,
    "that sets another architecture": _architecture,
}


def _parts(module: Module) -> tuple[str, ...]:
    """The text of each run of lines that are not readable, or hold a directive that no compiler writes."""
    after = module.lines[1:]  # gcc begins a text with the architecture that it compiles for
    runs = itertools.groupby(after, key=_is_foreign)
    return tuple("".join(line.text for line in lines) for foreign, lines in runs if foreign)


def _is_foreign(line: Line) -> bool:
    directive = line.directive
    return not line.readable or (
        directive is not None and bool(_DIRECTIVES.fullmatch(directive.name) or _ALIAS.match(line.text.strip()))
    )


def _marks_out_of_order(module: Module) -> bool:
    inside = False
    for line in module.lines:
        mark = REGION_MARK.match(line.text) if "APP" in line.text else None
        if mark and bool(mark[1]) is not inside:
            return True
        inside = (mark is not None and not mark[1]) or (mark is None and inside)
    return inside


def _macros(text: str) -> set[str]:
    return {name.lower() for name in _MACRO.findall(text)}


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}
