"""Whether inline assembly may print the marks by which the text tells assembly from compiled code.

The compiler writes such assembly as it is, operands put in, and nothing in the text shows
whose line a mark was. It looks at the strings in the printed bitcode, and errs by saying yes.
"""

from __future__ import annotations

import re

_FIRST = re.compile(r"^[^\n]*?\basm ", re.MULTILINE)
_PLAIN = re.compile(r"(?://|#)(?:NO_)?APP|(?:Start|End) of file scope inline")
_STRING = re.compile(r'(\basm (?:\w+ )*)?"([^"\n]*)"')  # of all strings: what looks like assembly may stand in another
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})")
_OPERAND = re.compile(r"(\$\$|\$\{[^}]*\}|\$.?)")
_MARKS = ("//APP", "//NO_APP", "#APP", "#NO_APP")
_WORD = r"[\w.$@]*"  # what an operand may print unquoted


def writes_marks(bitcode: str) -> bool:
    """Of a module as LLVM prints it."""
    if any(_PLAIN.search(bitcode, each.end(), _line_end(bitcode, each.end())) for each in _FIRST.finditer(bitcode)):
        return True
    assembly = {text for before, text in _STRING.findall(bitcode) if before and "$" in text}
    strings = [_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) for text in assembly]
    return any(_may_be_mark(line.strip()) for each in strings for line in each.splitlines())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _may_be_mark(line: str) -> bool:
    """Whether some operands make the line a mark.

    One that is nothing but operands is none, for no name begins like that.
    """
    if line[:1] not in ("/", "#"):
        return False
    pattern = "".join(
        re.escape("$" if part == "$$" else part) if n % 2 == 0 or part == "$$" else _WORD
        for n, part in enumerate(_OPERAND.split(line))
    )
    return any(re.fullmatch(pattern, mark) for mark in _MARKS)
