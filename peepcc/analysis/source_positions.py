"""Where a window is in the C source, by the line table that clang writes with the code.

Without -g there is none in the text that is rewritten: there a second text of the same compile tells,
whose line table is all that it has more. A function whose code differs between the two has no positions;
neither has what clang says belongs to no line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FILE = re.compile(r'\t\.file\t(\d+) ((?:"(?:[^"\\]|\\.)*" ?){1,2})')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_LOC = re.compile(r"\t\.loc\t(\d+) (\d+)(?: (\d+))?")
_TYPE = re.compile(r"\t\.type\t(.+),[@%]function$")
_INSTRUCTION = re.compile(r"\t[a-z]")
_COMMENT = re.compile(r"[ \t]*//.*")


@dataclass(frozen=True, slots=True)
class Position:
    """`column` is 0 where only the line is known."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class _Instruction:
    """`at`: its line in the text, from 0."""

    at: int
    text: str
    position: Position | None


def positions(text: str, located: str | None) -> Mapping[int, Position]:
    """By line of `text`, from 0, for its instructions. `located`: the same with a line table, where `text` has none."""
    own = _functions(text)
    if located is None:
        return {each.at: each.position for code in own.values() for each in code if each.position}
    found: dict[int, Position] = {}
    for name, other in _functions(located).items():
        code = own.get(name, [])
        if [each.text for each in code] == [each.text for each in other]:
            found |= {each.at: twin.position for each, twin in zip(code, other) if twin.position}
    return found


def first_of(lines: Iterable[int], found: Mapping[int, Position]) -> Position | None:
    """The first position of these lines that tells a column, or else the first: a function begins without one."""
    known = [found[line] for line in lines if line in found]
    return next((each for each in known if each.column), known[0] if known else None)


def _functions(text: str) -> dict[str, list[_Instruction]]:
    """The instructions of each function. A name that comes twice has none."""
    functions: dict[str, list[_Instruction]] = {}
    twice = set()
    typed, name, here = set(), None, None
    files: dict[str, str] = {}
    for at, line in enumerate(text.split("\n")):
        if line[:1] != "\t":
            label = line.partition(":")[0]
            if label in typed and name is None:
                name, here = label, None
                twice |= {name} & functions.keys()
                functions[name] = []
            elif label.startswith(".Lfunc_end"):
                name = None
        elif match := _TYPE.match(line):
            typed.add(match[1])
        elif match := _FILE.match(line):
            files[match[1]] = _path(match[2])
        elif match := _LOC.match(line):
            known = match[1] in files and match[2] != "0"
            here = Position(files[match[1]], int(match[2]), int(match[3] or 0)) if known else None
        elif name is not None and _INSTRUCTION.match(line):
            functions[name].append(_Instruction(at, _COMMENT.sub("", line), here))
    return {name: code for name, code in functions.items() if name not in twice}


def _path(strings: str) -> str:
    """The name of a file of the line table; one in the folder where the compiler runs is named from there."""
    *folder, name = [_ESCAPE.sub(_character, each) for each in _STRING.findall(strings)]
    return name if folder == [os.getcwd()] else os.path.join(*folder, name)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 8)) if match[1].isdecimal() and len(match[1]) == 3 else match[1]
