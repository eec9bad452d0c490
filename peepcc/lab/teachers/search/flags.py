"""Decisions made otherwise: a compare that another compare, an earlier result's own flags, or the branch itself can
stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....analysis.obligation import Step
from ....analysis.registers import NZCV
from ....analysis.windows import Window
from ....assembly.syntax import Immediate, Instruction, Name, Register
from .. import instruction_text as c
from ..semantics import NotModelled
from .single import is_mask
from .vector_eval import Moment, signed, state_at

_CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "hi", "ls", "ge", "lt", "gt", "le")
_SETTING = {"add": "adds", "sub": "subs", "and": "ands", "bic": "bics"}
_RARE = 1  # a decision that fewer states make tells nothing
_MOST = 8


@dataclass(frozen=True, slots=True)
class Change:
    """`new` for the steps first..last-1."""

    first: int
    last: int
    new: tuple[Instruction, ...]


def standing(steps: Sequence[Step], n: int, moment: Moment) -> dict[str, np.ndarray]:
    """The conditions of the flags as they stand before step n, each over all states; none where they were not set
    here.
    """
    if not any(step.effect.writes & NZCV for step in steps[:n]):
        return {}
    state = state_at(moment)
    found = {}
    for condition in _CONDITIONS:
        try:
            found[condition] = state.holds(condition).array != 0
        except NotModelled:
            continue
    return found


def branches(steps: Sequence[Step], n: int, found: Sequence[Moment], allowed: Sequence[str]) -> Iterator[Change]:
    """The conditional branch n on flags that stand, or on a register of `allowed`, for one on what had to be made."""
    i, here = steps[n].instruction, found[n].here
    try:
        taken = state_at(found[n]).taken(i).array[here] != 0
    except NotModelled:
        return
    label = i.operands[-1]
    if not i.mnemonic.startswith("b."):
        for condition, holds in standing(steps, n, found[n]).items():
            if (holds[here] == taken).all():
                yield Change(n, n + 1, (Instruction(f"b.{condition}", (label,)),))
    if min(taken.sum(), (~taken).sum()) < _RARE:
        return
    for name in allowed:
        values = found[n].registers[name][here]
        for letter, mask in (("w", 0xFFFFFFFF), ("x", 0xFFFFFFFFFFFFFFFF)):
            zero = (values & np.uint64(mask)) == 0
            for mnemonic, yes in (("cbz", zero), ("cbnz", ~zero)):
                if (yes == taken).all():
                    yield Change(n, n + 1, (Instruction(mnemonic, (Register(letter + name[1:]), label)),))
        bits = values[None] >> np.arange(64, dtype=np.uint64)[:, None] & np.uint64(1) != 0
        for mnemonic, yes in (("tbnz", bits), ("tbz", ~bits)):
            for k in np.flatnonzero((yes == taken).all(-1))[:1]:
                yield Change(
                    n,
                    n + 1,
                    (Instruction(mnemonic, (Register(("w" if k < 32 else "x") + name[1:]), Immediate(int(k)), label)),),
                )


def compares(
    window: Window, n: int, found: Sequence[Moment], allowed: Sequence[Sequence[str]], numbers: Sequence[int]
) -> Iterator[Change]:
    """Other flags for all who read those that the compare n makes.

    `allowed`: sets of registers that a new compare may read.
    """
    steps = window.source.steps
    readers = _readers(window, n)
    if steps[n].instruction.mnemonic not in c.COMPARES or not readers or readers[-1] >= len(found):
        return
    asked = []
    for k in readers:
        condition = _condition(steps[k].instruction)
        try:
            asked.append((k, state_at(found[k]).holds(condition).array[found[k].here] != 0, found[k].here, condition))
        except (NotModelled, TypeError):
            return
    before = standing(steps, n, found[n])
    yield from _answered(steps, n, n + 1, (), asked, {name: values[None] for name, values in before.items()}, [()])
    for m in range(n - 1, -1, -1):
        i = steps[m].instruction
        if (
            i.mnemonic in _SETTING
            and len(i.operands) == 3
            and i.operands[0].name[0] in "wx"
            and "sp" not in i.operands[0].name
        ):
            state = state_at(found[m])
            setting = replace(i, mnemonic=_SETTING[i.mnemonic])
            try:
                state.run(setting)
            except NotModelled:
                break
            after = standing(steps[: n + 1], n + 1, replace(found[m], flags=state.flags))
            middle = (setting, *(step.instruction for step in steps[m + 1 : n]))
            yield from _answered(
                steps, m, n + 1, middle, asked, {name: values[None] for name, values in after.items()}, [()]
            )
        if (steps[m].effect.writes | steps[m].effect.reads) & NZCV:
            break
    if any(min(yes.sum(), (~yes).sum()) >= _RARE for _, yes, _, _ in asked):
        for names in allowed:
            for conditions, lines in _new_compares(names, found[n].registers, numbers):
                yield from _answered(steps, n, n + 1, None, asked, conditions, lines)


def _readers(window: Window, n: int) -> list[int]:
    """Who reads the flags of step n; nobody where some way out of the window may."""
    steps = window.source.steps
    if any(live & NZCV for live in window.live_out.values()):
        return []
    found = []
    for k in range(n + 1, len(steps)):
        if steps[k].effect.reads & NZCV:
            found.append(k)
        if steps[k].effect.writes & NZCV:
            break
    return found


def _condition(i: Instruction) -> str | None:
    if i.mnemonic.startswith("b."):
        return i.mnemonic[2:]
    return next((each.text for each in i.operands if isinstance(each, Name)), None)


def _with_condition(i: Instruction, condition: str) -> Instruction:
    if i.mnemonic.startswith("b."):
        return replace(i, mnemonic=f"b.{condition}")
    return replace(i, operands=tuple(Name(condition) if isinstance(each, Name) else each for each in i.operands))


def _answered(
    steps: Sequence[Step],
    first: int,
    last: int,
    middle: tuple[Instruction, ...] | None,
    asked: Sequence[tuple],
    conditions: dict[str, np.ndarray],
    lines: Sequence[tuple[Instruction, ...]],
) -> Iterator[Change]:
    """Changes for each of `lines` (rows of the conditions) whose flags give every reader a condition that says the
    same.
    """
    answers: list[list[str | None]] = [[] for _ in lines]
    for _, yes, here, own in asked:
        rows = [None] * len(lines)
        for condition in (own, *(each for each in conditions if each != own)):
            if condition in conditions:
                for row in np.flatnonzero((conditions[condition][:, here] == yes).all(-1)):
                    rows[row] = rows[row] or condition
        for row, condition in enumerate(rows):
            answers[row].append(condition)
    good = [row for row, each in enumerate(answers) if None not in each][:_MOST]
    for row in good:
        new = list(lines[row] if middle is None else middle)
        at = last
        for (k, *_), condition in zip(asked, answers[row]):
            new += [step.instruction for step in steps[at:k]] + [_with_condition(steps[k].instruction, condition)]
            at = k + 1
        yield Change(first, at, tuple(new))


def _new_compares(
    names: Sequence[str], registers: dict[str, np.ndarray], numbers: Sequence[int]
) -> Iterator[tuple[dict[str, np.ndarray], list[tuple[Instruction, ...]]]]:
    """(conditions by row, the compare of each row): of two registers, of a register and a number, of bits."""
    for letter, bits in (("w", 32), ("x", 64)):
        mask = np.uint64((1 << bits) - 1)
        rows = {name: registers[name] & mask for name in names}
        left, right, lines = [], [], []
        for name, values in rows.items():
            for other, others in rows.items():
                if other != name:
                    left, right = [*left, values], [*right, others]
                    lines.append((Instruction("cmp", (Register(letter + name[1:]), Register(letter + other[1:]))),))
            for number in numbers:
                if 0 <= number < 4096:
                    left, right = [*left, values], [*right, np.full_like(values, number)]
                    lines.append((Instruction("cmp", (Register(letter + name[1:]), Immediate(number))),))
        if left:
            yield _of_difference(np.array(left), np.array(right), bits), lines
        bitwise = [(name, number) for name in rows for number in numbers if is_mask(number, bits)]
        if bitwise:
            made = np.array([rows[name] & np.uint64(number) for name, number in bitwise])
            sign = signed(made, bits)
            yield (
                {"eq": made == 0, "ne": made != 0, "mi": sign < 0, "pl": sign >= 0},
                [(Instruction("tst", (Register(letter + name[1:]), Immediate(number))),) for name, number in bitwise],
            )


def _of_difference(left: np.ndarray, right: np.ndarray, bits: int) -> dict[str, np.ndarray]:
    a, b = signed(left, bits), signed(right, bits)
    sign = signed(left - right, bits)
    return {
        "eq": left == right,
        "ne": left != right,
        "hs": left >= right,
        "lo": left < right,
        "hi": left > right,
        "ls": left <= right,
        "ge": a >= b,
        "lt": a < b,
        "gt": a > b,
        "le": a <= b,
        "mi": sign < 0,
        "pl": sign >= 0,
    }
