"""The teacher `search`: shorter sequences by trying them, on vectors first and in the emulator before anything is said.

For each step it asks what single instruction (or, for long chains, which two) would make
the same value, or the same decision, without the temporaries that only this step reads.
Then a random walk looks for what no change of one place leads to (`search_walk`).
The same for the same window: what bounds it are numbers of candidates, not the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from ....analysis.encoded import program
from ....analysis.obligation import Kind
from ....analysis.registers import NZCV, Parts, w, x
from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....assembly.print import print_instruction
from ....assembly.syntax import Immediate, Instruction
from ....optimize.edits import edited, hunks
from ....propose.request import request_of
from ....validate.emulator.differential import emulate
from ....validate.verdict import Verdict
from .. import instruction_text as c
from ..rules.engine import dead_code, improved
from ..straight_line import live_before
from ..task import Lesson, instruction, lesson
from .flags import Change, branches, compares, standing
from .pairs import double
from .random_walk import MOST, Walk
from .single import Wanted, single
from .vector_eval import Moment, drawn, foreign_flags, moments

_LONGEST = 24  # steps
_ROUNDS = 3
_TRIED = 5  # candidates that are emulated in a round
_ENCODED = 16  # of which one is chosen
_STATES = 256
_MOST = 24  # candidates a step

Body = tuple[str, ...]


class Search:
    def teach(self, window: Window, encoder: Encoder) -> Iterator[Body]:
        """The best body first: what the walk made of what the rounds found, then what these found alone.

        Each round starts from the one before.
        """
        now, lines = enumerated(window, encoder)
        best = lines
        for _ in range(_ROUNDS):
            walked = _walked(now, encoder)
            if walked is None:
                break
            now, more = enumerated(walked[0], encoder)
            best = more or walked[1]
        yield from (body for body in dict.fromkeys((best, lines)) if body is not None)


def enumerated(window: Window, encoder: Encoder) -> tuple[Window, Body | None]:
    """The window as the rounds of enumeration make it, and its lines; itself and None where they find nothing."""
    now, lines = window, None
    for _ in range(_ROUNDS):
        better = _round(now, encoder)
        if better is None:
            break
        now, lines = better
    return now, lines


def _round(window: Window, encoder: Encoder) -> tuple[Window, Body] | None:
    """The first candidate, shortest first, that the emulator does not refute.

    A refutation joins the vectors and prunes the others.
    """
    seed = _seed(window)
    shown: list[dict[str, int]] = []
    tried: set[Body] = set()
    for _ in range(_TRIED if len(window.source.steps) <= _LONGEST else 0):
        candidates = [body for body in _candidates(window, seed, shown) if body not in tried][:_ENCODED]
        if not candidates:
            return None
        encoder.encode([line for body in candidates for line in body])
        body = next((body for body in candidates if all(encoder.encode(body))), None)
        if body is None:
            return None
        tried.add(body)
        found, inputs = _emulated(window, body, encoder)
        if found is not None:
            return found, body
        if inputs:
            shown.append(inputs)
    return None


def _walked(window: Window, encoder: Encoder) -> tuple[Window, Body] | None:
    """The first body of the walk that the emulator does not refute.

    A refutation makes a new walk, with what is left of the bound.
    """
    seed = _seed(window)
    shown: list[dict[str, int]] = []
    tried: set[Body] = set()
    left = MOST if len(window.source.steps) <= _LONGEST else 0
    for n in range(_TRIED):
        walk = Walk(window, seed + n, shown, left)
        body = next((body for body in walk.bodies() if body not in tried and all(encoder.encode(body))), None)
        if body is None:
            return None
        left -= walk.looked
        tried.add(body)
        found, inputs = _emulated(window, body, encoder)
        if found is not None:
            return found, body
        if inputs:
            shown.append(inputs)
    return None


def _seed(window: Window) -> int:
    return int(request_of(window).key[:12], 16)


def _emulated(window: Window, body: Body, encoder: Encoder) -> tuple[Window | None, dict[str, int] | None]:
    """The window with that body, None where the emulator did not accept it.

    The registers of a state that refutes it.
    """
    items = edited(window, hunks(window, [instruction(line) for line in body]))
    target = program(items, encoder)
    judgement = emulate(window.obligation(target), states=_STATES)
    if judgement.verdict.accepted:
        return replace(window, items=items, lines=tuple(range(len(items))), source=target), None
    refuted = judgement.verdict is Verdict.REFUTED and judgement.counterexample
    return None, _registers(judgement.counterexample.inputs) if refuted else None


def _registers(inputs: Mapping[str, str]) -> dict[str, int]:
    """Registers of a counterexample, of vectors the low half."""
    low = (1 << 64) - 1
    return {
        name if name == "sp" else c.name(name): int(value, 16) & low
        for name, value in inputs.items()
        if name == "sp" or name[0] in "xq"
    }


def _candidates(window: Window, seed: int, shown: Sequence[dict[str, int]]) -> list[Body]:
    """Bodies that the vectors cannot tell from the window, shortest first."""
    rng = np.random.default_rng(seed)
    found = moments(window, drawn(window, rng, shown), foreign_flags(rng))
    live = live_before(window)
    asked = lesson(request_of(window))
    steps = window.source.steps
    bodies: dict[Body, int] = {}
    for n in range(len(steps) - 1, -1, -1):
        if n >= len(found):
            continue
        for change in _changes(window, n, found, live, asked):
            made = _cleaned(asked.swapped(change.first, change.last, change.new), len(steps))
            if len(made) < len(steps):
                bodies.setdefault(tuple(print_instruction(i) for i in made), len(made))
    spoken = {step.instruction.mnemonic for step in steps}
    return sorted(
        bodies,
        key=lambda body: (bodies[body], sum(line.startswith(("ld", "st")) for line in body), _foreign(body, spoken)),
    )


def _foreign(body: Body, spoken: set[str]) -> int:
    """Lines with mnemonics that the window does not have: of equals, what says it in the window's words comes first."""
    return sum(line.split(" ")[0] not in spoken for line in body)


def _cleaned(changed: Lesson, longest: int) -> tuple[Instruction, ...]:
    """Without what nothing reads any more; where that is not shorter yet, as the rules make it."""
    changed = dead_code(changed) or changed
    return changed.code if len(changed.code) < longest else improved(changed).code


def _changes(window: Window, n: int, found: Sequence[Moment], live: Sequence[Parts], asked: Lesson) -> Iterator[Change]:
    """What may stand for steps that end with step n, or with those who read its flags."""
    steps, step = window.source.steps, window.source.steps[n]
    if step.effect.accesses and any(each.store for each in step.effect.accesses):
        return
    spare = _spare(window, n, live)
    readable = [name for name in found[n].registers if name[0] == "x" and name not in ("x18", "x29", "x30")]
    free = [[name for name in readable if name not in without] for without in spare]
    if step.effect.kind is Kind.CONDITIONAL:
        yield from branches(steps, n, found, free[-1] if free else readable)
    elif step.effect.writes & NZCV:
        yield from compares(window, n, found, free, _numbers(window))
    elif step.effect.kind is Kind.PLAIN and n + 1 < len(found):
        for lines in _values(window, n, found, live, asked, free if free or not step.effect.accesses else [readable]):
            yield Change(n, n + 1, tuple(instruction(line) for line in lines))


def _values(
    window: Window, n: int, found: Sequence[Moment], live: Sequence[Parts], asked: Lesson, free: Sequence[Sequence[str]]
) -> Iterator[Body]:
    """Lines that make the value of step n out of registers of one of `free`."""
    written = c.writes(window.source.steps[n].instruction)
    to = min(written, default="sp")
    if len(written) != 1 or to[0] != "x" or to == "x18":
        return
    need = live[n + 1] & x(int(to[1:]))
    here = found[n + 1].here
    mask = np.uint64(0xFFFFFFFFFFFFFFFF if need & ~w(int(to[1:])) else 0xFFFFFFFF)
    values = found[n + 1].registers[to][here]
    if to in found[n].registers and not ((found[n].registers[to][here] ^ values) & mask).any():
        yield ()
    conditions = {name: holds[here] for name, holds in standing(window.source.steps, n, found[n]).items()}
    wanted = Wanted(values, mask, _shifts(window), conditions)
    for names in free:
        if not names:
            continue
        table = np.array([found[n].registers[name][here] for name in names])
        yield from ((line,) for line in islice(single(wanted, names, table, to), _MOST))
        scratch = (
            to
            if to not in names
            else next((name for name in found[n].registers if name[0] == "x" and name not in names), None)
        )
        if scratch and _gain(asked, n, to) > 2:
            yield from double(wanted, names, table, to, scratch)


def _gain(asked: Lesson, n: int, to: str) -> int:
    """Instructions that would go if step n needed nothing."""
    bare = asked.swapped(n, n + 1, (instruction(f"mov {to}, #1"),))
    return len(bare.code) - len((dead_code(bare) or bare).code) + 1


def _spare(window: Window, n: int, live: Sequence[Parts]) -> list[tuple[str, ...]]:
    """Temporaries made in the window that step n is the last to read: each alone, then all."""
    steps = window.source.steps
    made = {name for step in steps[:n] for name in c.writes(step.instruction)}
    last = sorted(
        name
        for name in c.reads(steps[n].instruction) & made
        if name[0] == "x" and (not live[n + 1] & x(int(name[1:])) or name in c.writes(steps[n].instruction))
    )
    return [(name,) for name in last] + ([tuple(last)] if len(last) > 1 else [])


def _shifts(window: Window) -> tuple[int, ...]:
    """Small numbers of the code, as amounts."""
    found = set()
    for step in window.source.steps:
        for operand in step.instruction.operands:
            for value in (getattr(operand, "value", None), getattr(operand, "amount", None)):
                if isinstance(value, int) and 0 < value < 64:
                    found.add(value)
    return tuple(sorted(found))[:8]


def _numbers(window: Window) -> tuple[int, ...]:
    """Numbers of the code, their neighbours, and zero."""
    found = {0, 1}
    for step in window.source.steps:
        for operand in step.instruction.operands:
            if isinstance(operand, Immediate) and isinstance(operand.value, int):
                found |= {abs(operand.value) + k for k in (-1, 0, 1)}
    return tuple(sorted(found))[:12]
