"""One trial of a replacement in the language of chain-of-code: an input that the window can run on, both run, and what
comes out differently.

The input is drawn so that accesses stay inside the memory there is. Windows that follow
pointers which they load cannot be shown; whoever asks gets nothing for them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...analysis.obligation import FALL
from ...assembly.encode import Encoder
from ...assembly.syntax import Memory, Register
from ...propose.request import request_of
from ..evaluation.chat.sandbox import MEMORY, WAYS, results
from ..example import Example
from ..teachers import instruction_text as c
from ..teachers.task import Lesson, instruction, lesson

_DRAWS = 4  # of inputs, until a wrong replacement shows
_MASK = (1 << 64) - 1
_TELLING = (0, 1, 5, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFF00000005, 1 << 63, _MASK)
_RUN = re.compile(r"^run \d+(?: \(window\))?: ", re.MULTILINE)
_VALUE = re.compile(r"([a-z]+\d*|m\[\d+\]) = (0[xb][0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class Trial:
    """`code`: a block for the sandbox, with its `result`.

    `apart`: names that differ in what is read later, or "the way out".
    """

    code: str
    result: str
    apart: tuple[str, ...]


def tried(example: Example, lines: Sequence[str], rng: random.Random, encoder: Encoder) -> Trial | None:
    """The first trial that tells the lines from the window, or the last of a few; None where no input could be run."""
    said = lesson(request_of(example.window))
    later = _read_later(example, said, lines)
    names = sorted({name for each in later.values() for name in each})
    shown = f"print {', '.join(names)}" if names else ""
    found = None
    for _ in range(_DRAWS):
        put = [f"{name} = {value}" for name, value in _inputs(example, said, rng).items()]
        code = "\n".join(filter(None, (*put, "run window", shown, "run", *lines, "end", shown)))
        result = results(code, example.window, encoder)
        runs = _RUN.split(result)[1:]
        if len(runs) != 2 or "error:" in result:
            continue
        found = Trial(code, result, tuple(_apart(*runs, later)))
        if found.apart:
            break
    return found


def _read_later(example: Example, said: Lesson, lines: Sequence[str]) -> dict[str, list[str]]:
    """By the way out, as the sandbox names it: what is live there and written by the window or the lines."""
    request = request_of(example.window)
    written = {name for i in (*said.code, *map(instruction, lines)) for name in c.writes(i)}
    ways = ((WAYS[FALL], request.live_out), *((WAYS.get(way, f"goes to {way}"), names) for way, names in request.exits))
    return {
        way: sorted(name for name in names if (name if name == "nzcv" else c.name(name)) in written)
        for way, names in ways
    }


def _inputs(example: Example, said: Lesson, rng: random.Random) -> dict[str, str]:
    """Values, as the language writes them, for what the window reads: pointers that keep out of each other's way, known
    facts as they are.
    """
    known = example.window.known
    read = _read_first(said)
    memory = [operand for i in said.code for operand in i.operands if isinstance(operand, Memory)]
    pointers = {c.name(each.base) for each in memory}
    indices = {c.name(each.offset.name) for each in memory if isinstance(each.offset, Register)}
    put: dict[str, str] = {}
    places = rng.sample(range(1, MEMORY // 512), min(len(read), MEMORY // 512 - 1))
    for name in sorted(read):
        number = int(name[1:]) if name[1:].isdecimal() else -1
        if number in known.constants and name[0] == "x":
            put[name] = f"{known.constants[number] & _MASK:#x}"
        elif name in pointers and places:
            put[name] = f"m + {512 * places.pop()}"
        elif name == "nzcv":
            put[name] = f"{rng.randrange(16):#06b}"
        elif name[0] == "v":
            put[f"q{number}"] = f"{rng.getrandbits(64):#x}"
        else:
            value = (
                rng.randrange(8)
                if name in indices
                else rng.choice((rng.choice(_TELLING), rng.getrandbits(64), rng.randrange(256)))
            )
            put[name] = f"{_as_known(value, known.zero_extended.get(number), known.sign_extended.get(number)):#x}"
    for group in known.equal:
        names = [f"x{n}" for n in sorted(group) if f"x{n}" in put]
        for name in names:
            put[name] = put[names[0]]
    return put


def _read_first(said: Lesson) -> set[str]:
    """What is read before it is written on the way down."""
    read: set[str] = set()
    written: set[str] = set()
    for i in said.code:
        read |= c.reads(i) - written
        written |= c.writes(i)
    return read - {""}


def _as_known(value: int, zero: int | None, sign: int | None) -> int:
    if zero is not None:
        return value & (1 << zero) - 1
    if sign is not None:
        low = value & (1 << sign) - 1
        return (low - (1 << sign) if low >> (sign - 1) else low) & _MASK
    return value


def _apart(one: str, other: str, later: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """In what two runs differ that is read later."""
    way, before, after = _way(one), dict(_VALUE.findall(one)), dict(_VALUE.findall(other))
    if way != _way(other):
        yield "the way out"
    else:
        stored = sorted(name for name in before.keys() | after.keys() if name.startswith("m["))
        yield from (name for name in (*later.get(way, ()), *stored) if before.get(name) != after.get(name))


def _way(run: str) -> str:
    """The last thing that the first line says."""
    return run.partition("\n")[0].rpartition("; ")[2]
