"""What inline assembly may do to control flow, read from its raw text.

It understands no instruction there: it looks for words that could branch, labels and
directives, and says `unknown` where that is not enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .hazards import CLOSES, OPENS
from .labels import REGION_MARK, WORD
from .syntax import Line

_DIRECT = re.compile(r"(?<![\w.$])(?:b|b\.?[a-z]{2}|bc\.[a-z]{2}|cb[a-z]+|tbn?z)(?=[ \t;\r\n]|\Z)", re.I)
_INDIRECT = re.compile(
    r"(?<![\w.$])(?:br|br[ab]{1,2}z?|e?ret[a-z]*|\.inst|\.(?:[248]?byte|h?word|long|int|xword|quad))(?=[ \t;\r\n]|\Z)",
    re.I,
)
_DEFINED = re.compile(r'(?:^|;)[ \t]*([A-Za-z_.$][\w.$]*|"[^"\n]*"|[0-9]+)[ \t]*:', re.M)
_NUMERIC = re.compile(r"(?<![\w.$])([0-9]+)[fb](?![\w.$])")
_PUSH = re.compile(r"(?<![\w.$])\.pushsection(?![\w.$])", re.I)
_POP = re.compile(r"(?<![\w.$])\.popsection(?![\w.$])", re.I)
_SWITCH = re.compile(r"(?<![\w.$])\.(?:section|text|data|bss|subsection)(?![\w.$])", re.I)
_BACK = re.compile(r"(?<![\w.$])\.previous(?![\w.$])", re.I)


@dataclass(frozen=True, slots=True)
class Region:
    """lines[..:last]. `names`: every word in it.

    `branches`: some word is a branch; `indirect`: one whose target no word tells, or raw
    words of code; `defines`: it has labels that others could reach.
    """

    last: int
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
        tuple(dict.fromkeys(WORD.findall(text))),
        _DIRECT.search(text) is not None or _INDIRECT.search(text) is not None,
        _INDIRECT.search(text) is not None,
        any(not label.isdigit() for label in defined),
        _unknown(text, defined),
    )


def _closes(line: Line) -> bool:
    mark = REGION_MARK.match(line.text)
    return bool(mark and mark[1])


def _unknown(text: str, defined: set[str]) -> str | None:
    if any(number not in defined for number in _NUMERIC.findall(text)):
        return "inline assembly that names a numeric label outside itself"
    if len(OPENS.findall(text)) != len(CLOSES.findall(text)):
        return "inline assembly with an open .if, .macro or .rept"
    if len(_PUSH.findall(text)) != len(_POP.findall(text)):
        return "inline assembly that leaves another section"
    if not _PUSH.search(text) and len(_SWITCH.findall(text)) != len(_BACK.findall(text)):
        return "inline assembly that leaves another section"
    return None
