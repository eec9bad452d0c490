"""How many bytes a data directive makes, where that can be told from its text alone."""

from __future__ import annotations

import re

from .syntax import Directive

_WIDTHS = {
    **dict.fromkeys((".byte", ".dc.b"), 1),
    **dict.fromkeys((".hword", ".2byte", ".short", ".half"), 2),
    **dict.fromkeys((".word", ".4byte", ".long", ".int", ".float", ".single", ".dc.l", ".inst"), 4),
    **dict.fromkeys((".xword", ".8byte", ".quad", ".dword", ".double"), 8),
    ".octa": 16,
}
_TERMINATORS = {".ascii": 0, ".asciz": 1, ".string": 1}
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(?:[0-7]{1,3}|x[0-9a-fA-F]+|.)", re.S)
_NUMBER = re.compile(r"(?:0x[0-9a-fA-F]+|[0-9]+)\Z")


def data_size(directive: Directive) -> int | None:
    """Its size in bytes; None for a directive of another kind, or a size that is an expression."""
    name, arguments = directive.name, directive.arguments
    if name in _WIDTHS:
        plain = '"' not in arguments and "'" not in arguments and arguments.strip()
        return _WIDTHS[name] * (arguments.count(",") + 1) if plain else None
    if name in _TERMINATORS:
        return _text_size(arguments, _TERMINATORS[name])
    if name in (".zero", ".space", ".skip"):
        size = arguments.partition(",")[0].strip()
        return int(size, 0) if _NUMBER.match(size) else None
    return None


def _text_size(arguments: str, terminator: int) -> int | None:
    strings = _STRING.findall(arguments)
    between = _STRING.sub("", arguments)
    if between.strip(", \t") or len(strings) != between.count(",") + 1:
        return None
    texts = (_ESCAPE.sub("?", each).encode(errors="surrogateescape") for each in strings)
    return sum(len(each) + terminator for each in texts)
