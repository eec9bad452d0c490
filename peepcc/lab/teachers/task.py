"""A window as a teacher sees it: instructions, and what is read and known around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ...assembly.parse import parse_instruction
from ...assembly.syntax import Instruction
from ...propose.protocol import Request
from . import instruction_text as c


@dataclass(frozen=True, slots=True)
class Lesson:
    """The instructions of a window and what it is judged by; internal labels are dropped: `inside` names them."""

    code: tuple[Instruction, ...]
    fall: frozenset[str]
    inside: Mapping[str, int]  # label -> index of the instruction after it in the source
    live_at: Mapping[str, frozenset[str]]
    live_fall: frozenset[str]
    constants: Mapping[str, int]
    zero_extended: Mapping[str, int]
    equal: frozenset[tuple[str, str]]
    ordered: bool
    whole: frozenset[str]  # registers of which somebody outside may read all 64 bits

    def live(self, n: int) -> set[str]:
        return c.live_after(self.code, n, self.live_at, set(self.live_fall))

    def without(self, n: int) -> Lesson:
        return self.swapped(n, n + 1, ())

    def swapped(self, first: int, last: int, new: Sequence[Instruction]) -> Lesson:
        return replace(self, code=(*self.code[:first], *new, *self.code[last:]))


def lesson(request: Request) -> Lesson:
    code: list[Instruction] = []
    inside: dict[str, int] = {}
    for line in request.lines:
        if line.endswith(":"):
            inside[line[:-1]] = len(code)
        else:
            code.append(instruction(line))
    facts = {kind: {a: b for k, a, b in request.known if k == kind} for kind in ("const", "zext")}
    return Lesson(
        tuple(code),
        frozenset(request.fall),
        inside,
        _live_at(request),
        _plain_names(request.live_out),
        facts["const"],
        facts["zext"],
        frozenset((a, str(b)) for k, a, b in request.known if k == "equal"),
        request.ordered,
        frozenset(
            n for names in (request.live_out, *(names for _, names in request.exits)) for n in names if n[0] == "x"
        ),
    )


@lru_cache(1 << 16)  # lines repeat
def instruction(line: str) -> Instruction:
    return parse_instruction(line)


def _plain_names(names: Sequence[str]) -> frozenset[str]:
    return frozenset(n if n in ("nzcv", "sp") else c.name(n) for n in names)


def _live_at(request: Request) -> dict[str, frozenset[str]]:
    return {key: _plain_names(names) for key, names in request.exits} | dict.fromkeys(
        request.fall, _plain_names(request.live_out)
    )
