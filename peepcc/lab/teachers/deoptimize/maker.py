"""The maker `deoptimise`: good windows made worse by inverse rewrites; the good one is what the worse one teaches.

It aims at code that compilers do write. That the good body stands for the worse one is
likely by construction and judged like everything else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....analysis.encoded import program
from ....analysis.registers import NZCV, Parts, union, x
from ....analysis.windows import LIMIT, Window
from ....assembly.encode import Encoder
from ....assembly.print import print_instruction
from ....assembly.syntax import Instruction
from ....propose.request import request_of
from .. import instruction_text as c
from ..task import Lesson, lesson
from .inverses import LOCAL
from .wide import WIDE

_BATCH = 256  # windows whose instructions clang encodes together
_EACH = 3  # worse windows of one
_MOST = 3  # inverse rewrites in one
_TRIES = 12
_SCRATCH = tuple(f"x{n}" for n in range(18))


class Deoptimise:
    def make(
        self, windows: Sequence[Window], encoder: Encoder, rng: random.Random
    ) -> Iterator[tuple[Window, tuple[str, ...]]]:
        """Up to three worse windows for each, no longer than what is asked about."""
        for start in range(0, len(windows), _BATCH):
            made = {
                (request_of(window), items): window
                for window in windows[start : start + _BATCH]
                for _ in range(_EACH)
                if (items := _worse(window, rng))
            }
            encoder.encode_instructions([item for _, items in made for item in items if isinstance(item, Instruction)])
            for (_, items), window in made.items():
                good = tuple(print_instruction(step.instruction) for step in window.source.steps)
                source = program(items, encoder)
                if source is not None and len(good) < len(source.steps) <= LIMIT:
                    yield replace(window, items=items, lines=tuple(range(len(items))), source=source), good


def _worse(window: Window, rng: random.Random) -> tuple[Instruction | str, ...] | None:
    """The items after one to three inverse rewrites at random places; None where none fits."""
    now: list[Instruction | str] = list(window.items)
    asked = lesson(request_of(window))
    elsewhere = union(window.live_out.values()) & ~window.mentioned
    wanted, done = rng.randint(1, _MOST), 0
    for _ in range(_TRIES):
        code = replace(asked, code=tuple(item for item in now if isinstance(item, Instruction)))
        if done == wanted or len(code.code) >= LIMIT:
            break
        n = rng.randrange(len(code.code))
        change = _changed(code, n, elsewhere, rng)
        if change is not None:
            first, last, new = change
            now = _spliced(now, first, last, new)
            done += 1
    return tuple(now) if done else None


def _changed(code: Lesson, n: int, elsewhere: Parts, rng: random.Random) -> tuple[int, int, list[Instruction]] | None:
    inverse = rng.choice((*LOCAL, *WIDE))
    if inverse in LOCAL:
        scratch = _free(code, n, n, elsewhere, rng)
        new = inverse(code.code[n], scratch) if scratch else None
        spoilt = (
            new
            and any("nzcv" in c.writes(i) for i in new)
            and "nzcv" not in c.writes(code.code[n])
            and (elsewhere & NZCV or "nzcv" in code.live(n))
        )
        return (n, n + 1, new) if new and not spoilt else None
    m = rng.randrange(n, min(n + 8, len(code.code)))
    scratch = _free(code, n, m, elsewhere, rng)
    new = inverse(code, n, m, scratch) if scratch else None
    return (n, m + 1, new) if new is not None else None


def _free(code: Lesson, first: int, last: int, elsewhere: Parts, rng: random.Random) -> str | None:
    """A register that holds nothing anybody wants before `first`, between, and after `last`."""
    busy: set[str] = {
        name for n in range(first, last + 1) for name in code.live(n) | c.reads(code.code[n]) | c.writes(code.code[n])
    }
    free = [
        name
        for name in _SCRATCH
        if name not in busy and name not in _before(code, first) and not elsewhere & x(int(name[1:]))
    ]
    used = [name for name in free if any(name in c.writes(i) for i in code.code)]
    return rng.choice(used if used and rng.random() < 0.6 else free) if free else None


def _before(code: Lesson, n: int) -> set[str]:
    return (
        code.live(n - 1)
        if n
        else c.before(code.code[0], code.live(0), {key: set(value) for key, value in code.live_at.items()})
    )


def _spliced(
    items: Sequence[Instruction | str], first: int, last: int, new: Sequence[Instruction]
) -> list[Instruction | str]:
    """Instructions first..last-1 (labels not counted) replaced; labels among them end up before the new ones."""
    made: list[Instruction | str] = []
    count = 0
    for item in items:
        if isinstance(item, str):
            made.append(item)
            continue
        if count == first:
            made.extend(new)
        if not first <= count < last:
            made.append(item)
        count += 1
    return made
