"""What inline assembly may do to control flow, read from its raw text.

It understands no instruction there: it looks for words that could branch, labels and
directives, and says `unknown` where that is not enough.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .labels import REGION_MARK, WORD
from .syntax import Line, Module

_DIRECT = re.compile(r"(?<![\w.$])(?:b|b\.?[a-z]{2}|bc\.[a-z]{2}|cb[a-z]+|tbn?z)(?=[ \t;\r\n]|\Z)", re.I)
_INDIRECT = re.compile(
    r"(?<![\w.$])(?:br|br[ab]{1,2}z?|e?ret[a-z]*|\.inst|\.(?:[248]?byte|h?word|long|int|xword|quad))(?=[ \t;\r\n]|\Z)",
    re.I,
)
_DEFINED = re.compile(r'(?:^|;)[ \t]*([A-Za-z_.$][\w.$]*|"[^"\n]*"|[0-9]+)[ \t]*:', re.M)
_NUMERIC = re.compile(r"(?<![\w.$])([0-9]+)[fb](?![\w.$])")
_OPENS = re.compile(r"(?<![\w.$])\.(?:if\w*|macro|rept|irpc?)(?![\w.$])")
_CLOSES = re.compile(r"(?<![\w.$])\.(?:endif|endm|endmacro|endr)(?![\w.$])")
_MACRO = re.compile(r"(?<![\w.$])\.macro[ \t]+([\w.$]+)")
_FOREIGN = re.compile(r"(?<![\w.$])\.(?:include|altmacro|end)(?![\w.$])")
_PUSH = re.compile(r"(?<![\w.$])\.pushsection(?![\w.$])")
_POP = re.compile(r"(?<![\w.$])\.popsection(?![\w.$])")
_SWITCH = re.compile(r"(?<![\w.$])\.(?:section|text|data|bss|subsection)(?![\w.$])")
_BROKEN = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[nr]|012|015)")
_BACK = re.compile(r"(?<![\w.$])\.previous(?![\w.$])")


@dataclass(frozen=True, slots=True)
class Region:
    """lines[..:last]. `names`: every word in it.

    `branches`: some word is a branch; `indirect`: one whose target no word tells, or raw
    words of code; `defines`: it has labels that others could reach.
    """

    last: int
    empty: bool
    names: tuple[str, ...]
    branches: bool
    indirect: bool
    defines: bool
    unknown: str | None


def read_region(lines: tuple[Line, ...], first: int, end: int) -> Region:
    """The region that begins on line `first`: from #APP to #NO_APP, or one unreadable line."""
    mark = REGION_MARK.match(lines[first].text)
    last = first + 1
    if mark and not mark[1]:
        while last < end and not _closes(lines[last]):
            last += 1
    text = "".join(line.text for line in lines[first:last] if not line.readable)
    defined = set(_DEFINED.findall(text))
    return Region(
        last,
        not text.strip(),
        tuple(dict.fromkeys(WORD.findall(text))),
        _DIRECT.search(text) is not None or _INDIRECT.search(text) is not None,
        _INDIRECT.search(text) is not None,
        any(not label.isdigit() for label in defined),
        _unknown(text, defined),
    )


def hazard(module: Module) -> str | None:
    """Why lines could mean something else than they seem to, mostly for inline assembly; None where they cannot."""
    if any(line.directive and line.directive.name == ".file" and _BROKEN.search(line.directive.arguments) for line in module.lines):
        return "a file name with a line break, which the comments after .loc repeat as it is"
    text = "".join(line.text for line in module.lines if not line.readable)
    if _FOREIGN.search(text):
        return "inline assembly with .include, .altmacro or .end"
    if len(_OPENS.findall(text)) != len(_CLOSES.findall(text)):
        return "inline assembly with an open .if, .macro or .rept"
    macros = {name.lower() for name in _MACRO.findall(text)}
    if macros and any((macros - set(_MACRO.findall(part.lower()))) & _words(part) for part in _parts(module)):
        return "inline assembly that uses a macro of other inline assembly"
    if macros and any(line.instruction and line.instruction.mnemonic in macros for line in module.lines):
        return "inline assembly that defines a macro with an instruction's name"
    return None


def _parts(module: Module) -> list[str]:
    """The text of each run of unreadable lines."""
    runs = itertools.groupby(module.lines, key=lambda line: line.readable)
    return ["".join(line.text for line in lines) for readable, lines in runs if not readable]


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def _closes(line: Line) -> bool:
    mark = REGION_MARK.match(line.text)
    return bool(mark and mark[1])


def _unknown(text: str, defined: set[str]) -> str | None:
    if any(number not in defined for number in _NUMERIC.findall(text)):
        return "inline assembly that names a numeric label outside itself"
    if len(_OPENS.findall(text)) != len(_CLOSES.findall(text)):
        return "inline assembly with an open .if, .macro or .rept"
    if len(_PUSH.findall(text)) != len(_POP.findall(text)):
        return "inline assembly that leaves another section"
    if not _PUSH.search(text) and len(_SWITCH.findall(text)) != len(_BACK.findall(text)):
        return "inline assembly that leaves another section"
    return None
