"""The language of chain-of-code, read: a list of commands, or what is wrong with the text.

    x0 = m + 16             before a run
    m[16] = 0x1122          8 bytes of memory
    run window
    run / lines / end
    print x0, m[16]         after a run

It promises sizes that cannot hurt; whether instructions may run is for `sandbox`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .expressions import Wrong

MOST_COMMANDS = 64
MOST_RUNS = 16
MOST_LINES = 64  # of all runs together
_LONGEST_LINE = 200
_LONGEST_TEXT = 8192
_FENCE = re.compile(r"```[ \t]*run[ \t]*\n(.*?)(?:\n[ \t]*)?```", re.DOTALL)
_SET = re.compile(r"([a-z]\w*)\s*=(?!=)\s*(.+)", re.I)
_STORE = re.compile(r"m\s*\[(.+)\]\s*=(?!=)\s*(.+)", re.I)
_COMMENT = re.compile(r"\s*//.*$")  # behind an instruction; in an expression // divides


@dataclass(frozen=True, slots=True)
class Set:
    """`name` gets the value of an expression before the runs that follow."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Store:
    """8 bytes of memory at an offset get a value; both are expressions."""

    offset: str
    value: str


@dataclass(frozen=True, slots=True)
class Run:
    """`lines` None: the window itself."""

    lines: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Print:
    expressions: tuple[str, ...]


Command = Set | Store | Run | Print


def snippets(reply: str) -> tuple[str, ...]:
    """The texts of a reply's ```run blocks."""
    return tuple(_FENCE.findall(reply))


def without_snippets(reply: str) -> str:
    return _FENCE.sub("", reply)


def read(text: str) -> tuple[Command, ...]:
    """The commands in order. Raises Wrong."""
    if len(text) > _LONGEST_TEXT:
        raise Wrong(f"a block of code is at most {_LONGEST_TEXT} characters")
    found: list[Command] = []
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith(("//", "#"))]
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        if not line:
            continue
        if len(line) > _LONGEST_LINE:
            raise Wrong(f"a line is at most {_LONGEST_LINE} characters")
        if line == "run":
            end = next((n for n in range(at, len(lines)) if lines[n] == "end"), None)
            if end is None:
                raise Wrong("a run that has no end")
            found.append(Run(tuple(filter(None, (_COMMENT.sub("", each) for each in lines[at:end])))))
            at = end + 1
        else:
            found.append(_command(line))
    return _checked(found)


def _command(line: str) -> Command:
    if line == "run window":
        return Run(None)
    if line.startswith("print "):
        return Print(tuple(each.strip() for each in line[6:].split(",") if each.strip()))
    if match := _STORE.fullmatch(line):
        return Store(match[1], match[2])
    if match := _SET.fullmatch(line):
        return Set(match[1].lower(), match[2])
    raise Wrong(
        f"not a command: {line[:60]}; commands are NAME = VALUE, m[OFFSET] = VALUE, run window, run "
        f"... end, print VALUE, ..."
    )


def _checked(commands: Sequence[Command]) -> tuple[Command, ...]:
    runs = [command for command in commands if isinstance(command, Run)]
    if (
        len(commands) > MOST_COMMANDS
        or len(runs) > MOST_RUNS
        or sum(len(each.lines or ()) for each in runs) > MOST_LINES
    ):
        raise Wrong(
            f"a block has at most {MOST_COMMANDS} commands, {MOST_RUNS} runs and {MOST_LINES} instruction lines"
        )
    return tuple(commands)
