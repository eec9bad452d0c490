"""Small changes that might make a wrong reply right, each with the name of the mistake that it would undo.

The mistake is named by what mends it: if another immediate makes the reply right, then the
immediate was wrong. All that it knows are the reply and its source; which change really
mends is for the emulator to say. Changes are tried in the order of `_KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from ....assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, Symbol, VectorRegister
from ...teachers import instruction_text as c
from .names import Mistake

MOST = 120
_CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le")
_FLAGS = {"add": "adds", "sub": "subs", "and": "ands", "bic": "bics", "adc": "adcs", "sbc": "sbcs", "neg": "negs"}
_FLAGS |= {with_flags: without for without, with_flags in _FLAGS.items()}
_WIDTHS = (
    ("sxtw", "uxtw", "sxth", "uxth", "sxtb", "uxtb"),
    ("ldrb", "ldrsb"),
    ("ldrh", "ldrsh"),
    ("ldurb", "ldursb"),
    ("ldurh", "ldursh"),
    ("ldr", "ldrsw"),
    ("ldur", "ldursw"),
    ("ubfx", "sbfx"),
    ("ubfiz", "sbfiz"),
    ("umull", "smull"),
    ("umulh", "smulh"),
    ("udiv", "sdiv"),
    ("umaddl", "smaddl"),
    ("scvtf", "ucvtf"),
    ("fcvtzs", "fcvtzu"),
    ("asr", "lsr"),
)
_SIZES = (
    ("ldrb", "ldrh", "ldr"),
    ("ldurb", "ldurh", "ldur"),
    ("strb", "strh", "str"),
    ("sturb", "sturh", "stur"),
    ("ldrsb", "ldrsh", "ldrsw"),
)
_OPERATIONS = (
    ("add", "sub"),
    ("adds", "subs"),
    ("and", "orr", "eor", "bic", "orn", "eon"),
    ("lsl", "lsr", "asr", "ror"),
    ("madd", "msub"),
    ("mul", "mneg"),
    ("csel", "csinc", "csinv", "csneg"),
    ("cset", "csetm"),
    ("cinc", "cinv", "cneg"),
    ("cmp", "cmn", "tst"),
    ("neg", "mvn", "mov"),
    ("fadd", "fsub"),
    ("fmul", "fdiv", "fnmul"),
    ("fmadd", "fmsub", "fnmadd", "fnmsub"),
    ("rev", "rev16", "rbit"),
    ("bfi", "bfxil"),
    ("ubfx", "ubfiz"),
    ("sbfx", "sbfiz"),
    ("clz", "cls"),
)
_EXTENDS = ("lsl", "uxtw", "sxtw")
_MOVED = re.compile(r"([wxbhsdqv])(\d+)")


class Mend(NamedTuple):
    """`target`: the reply after the change."""

    mistake: Mistake
    target: tuple[Instruction, ...]


def mends(source: Sequence[Instruction], target: Sequence[Instruction], labels: Sequence[str]) -> tuple[Mend, ...]:
    """At most MOST changes of one thing each: first an operand or mnemonic of what is not the source's, then whole
    lines.
    """
    matcher = SequenceMatcher(None, source, target, autojunk=False)
    new = [n for tag, _, _, first, last in matcher.get_opcodes() if tag != "equal" for n in range(first, last)]
    swaps = (
        Mend(mistake, (*target[:n], other, *target[n + 1 :]))
        for kind in _KINDS
        for n in new
        for mistake, other in kind(target[n], source, target, labels)
    )
    lines = list(_lines(source, target, matcher))[:MOST]
    return (*islice(swaps, MOST - len(lines)), *lines)


Found = Iterator[tuple[Mistake, Instruction]]


def _flags(i: Instruction, source, target, labels) -> Found:
    if i.mnemonic in _FLAGS:
        yield Mistake.FLAGS, replace(i, mnemonic=_FLAGS[i.mnemonic])


def _condition(i: Instruction, source, target, labels) -> Found:
    flipped = {"cbz": "cbnz", "cbnz": "cbz", "tbz": "tbnz", "tbnz": "tbz"}.get(i.mnemonic)
    if flipped:
        yield Mistake.CONDITION, replace(i, mnemonic=flipped)
    if i.mnemonic.startswith("b."):
        yield from (
            (Mistake.CONDITION, replace(i, mnemonic=f"b.{other}"))
            for other in _CONDITIONS
            if i.mnemonic != f"b.{other}"
        )
    for n, operand in enumerate(i.operands):
        if isinstance(operand, Name) and operand.text in _CONDITIONS:
            yield from ((Mistake.CONDITION, _with(i, n, Name(other))) for other in _CONDITIONS if other != operand.text)


def _width(i: Instruction, source, target, labels) -> Found:
    memory = c.is_load(i) or c.is_store(i)
    for group in _WIDTHS:
        if i.mnemonic in group:
            yield from ((Mistake.WIDTH, replace(i, mnemonic=other)) for other in group if other != i.mnemonic)
    for group in _SIZES:
        if i.mnemonic in group:
            yield from (
                (Mistake.MEMORY_SIZE, other) for name in group if name != i.mnemonic for other in _resized(i, name)
            )
    whole = replace(i, operands=tuple(_other_width(operand) for operand in i.operands))
    if whole != i:
        yield (Mistake.MEMORY_SIZE if memory else Mistake.WIDTH), whole
    for n, operand in enumerate(i.operands):
        if _other_width(operand) != operand and not memory:
            yield Mistake.WIDTH, _with(i, n, _other_width(operand))
        inner = operand.offset if isinstance(operand, Memory) else operand
        if isinstance(inner, Register) and (
            inner.modifier in (*_EXTENDS, "uxtb", "uxth", "sxtb", "sxth") or isinstance(operand, Memory)
        ):
            kind = Mistake.MEMORY_ADDRESS if isinstance(operand, Memory) else Mistake.WIDTH
            for name in _EXTENDS:
                other = Register(
                    ("x" if name == "lsl" else "w") + inner.name[1:],
                    name if name != "lsl" or inner.amount else None,
                    inner.amount,
                )
                if other != inner:
                    yield kind, _with(i, n, replace(operand, offset=other) if isinstance(operand, Memory) else other)


def _resized(i: Instruction, name: str) -> Iterator[Instruction]:
    """The access with another size: `ldr` by the width of its register, bytes and halves into w registers."""
    first, *rest = i.operands
    if isinstance(first, Register) and first.name[0] in "wx":
        letters = "wx" if name in ("ldr", "str", "ldur", "stur") or name.startswith("ldrs") else "w"
        yield from (Instruction(name, (replace(first, name=letter + first.name[1:]), *rest)) for letter in letters)


def _other_width(operand: Operand) -> Operand:
    if isinstance(operand, Register) and operand.name not in ("sp", "wsp"):
        swapped = {"w": "x", "x": "w", "s": "d", "d": "s"}.get(operand.name[0])
        return replace(operand, name=swapped + operand.name[1:]) if swapped else operand
    return operand


def _immediate(i: Instruction, source, target, labels) -> Found:
    values = {each.value for line in (*source, *target) for each in _immediates(line) if isinstance(each.value, int)}
    for n, operand in enumerate(i.operands):
        inner = operand.offset if isinstance(operand, Memory) else operand
        kind = Mistake.MEMORY_ADDRESS if isinstance(operand, Memory) else Mistake.IMMEDIATE
        if isinstance(inner, Immediate) and isinstance(inner.value, int):
            near = {inner.value + step for step in (-16, -8, -4, -2, -1, 1, 2, 4, 8, 16)} | {
                -inner.value,
                ~inner.value,
                2 * inner.value,
                inner.value // 2,
            }
            sums = {one + other for one in values for other in values if len(values) < 6}
            for value in sorted(
                (values | near | sums) - {inner.value},
                key=lambda value: (value not in values, abs(value - inner.value)),
            ):
                other = replace(inner, value=value)
                yield kind, _with(i, n, replace(operand, offset=other) if isinstance(operand, Memory) else other)
        elif isinstance(operand, Memory) and inner is None:
            yield from (
                (Mistake.MEMORY_ADDRESS, _with(i, n, replace(operand, offset=Immediate(value))))
                for value in sorted(values | {4, 8})
                if value
            )
        amount = getattr(inner, "amount", None)
        if amount is not None:
            for other in (
                amount - 1,
                amount + 1,
                *sorted(value for value in values if 0 <= value < 64 and value != amount),
            ):
                changed = replace(inner, amount=other)
                yield kind, _with(i, n, replace(operand, offset=changed) if isinstance(operand, Memory) else changed)


def _immediates(i: Instruction) -> Iterator[Immediate]:
    inner = (each.offset if isinstance(each, Memory) else each for each in i.operands)
    yield from (each for each in inner if isinstance(each, Immediate))


def _register(i: Instruction, source, target, labels) -> Found:
    numbers: dict[str, dict[str, None]] = {"x": {}, "v": {}}
    for line in (*source, *target):
        for kind, number in _MOVED.findall(" ".join(_register_names(line))):
            numbers["x" if kind in "wx" else "v"][number] = None
    for n, operand in enumerate(i.operands):
        if isinstance(operand, (Register, VectorRegister)):
            kind = Mistake.MEMORY_VALUE if c.is_store(i) else Mistake.REGISTER
            yield from ((kind, _with(i, n, replace(operand, name=name))) for name in _others(operand.name, numbers))
        elif isinstance(operand, Memory):
            for name in _others(operand.base, numbers):
                yield Mistake.MEMORY_ADDRESS, _with(i, n, replace(operand, base=name))
            if isinstance(operand.offset, Register):
                for name in _others(operand.offset.name, numbers):
                    yield (
                        Mistake.MEMORY_ADDRESS,
                        _with(i, n, replace(operand, offset=replace(operand.offset, name=name))),
                    )


def _register_names(i: Instruction) -> Iterator[str]:
    for operand in i.operands:
        if isinstance(operand, Memory):
            yield operand.base
            operand = operand.offset
        if isinstance(operand, (Register, VectorRegister)):
            yield operand.name


def _others(name: str, numbers: dict[str, dict[str, None]]) -> Iterator[str]:
    """The registers of the same bank and width that occur, and the zero register."""
    letter = "x" if name in ("sp", "xzr") else name[0]
    bank = "x" if letter in "wx" else "v"
    yield from (f"{letter}{number}" for number in numbers[bank] if f"{letter}{number}" != name)
    if bank == "x" and not name.endswith("zr") and name != "sp":
        yield f"{letter}zr"


def _label(i: Instruction, source, target, labels) -> Found:
    if i.operands and c.is_branch(i) and isinstance(i.operands[-1], Symbol):
        last = i.operands[-1]
        yield from (
            (Mistake.CONTROL, _with(i, len(i.operands) - 1, replace(last, name=label)))
            for label in sorted(labels)
            if label != last.name
        )


def _operation(i: Instruction, source, target, labels) -> Found:
    for group in _OPERATIONS:
        if i.mnemonic in group:
            yield from ((Mistake.OPERATION, replace(i, mnemonic=other)) for other in group if other != i.mnemonic)
    if (
        len(i.operands) == 3
        and i.operands[1] != i.operands[2]
        and all(isinstance(each, Register) and each.modifier is None for each in i.operands)
    ):
        yield Mistake.REGISTER, replace(i, operands=(i.operands[0], i.operands[2], i.operands[1]))


_KINDS = (_flags, _condition, _width, _immediate, _register, _label, _operation)


def _lines(source: Sequence[Instruction], target: Sequence[Instruction], matcher: SequenceMatcher) -> Iterator[Mend]:
    """A line of the source put back, or one that is not the source's taken out."""
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for n in range(i1, i2):
            yield from (
                Mend(lost(source[n : n + 1]), (*target[:at], source[n], *target[at:])) for at in dict.fromkeys((j1, j2))
            )
        for n in range(j1, j2):
            yield Mend(_added(target[n]), (*target[:n], *target[n + 1 :]))


def lost(lines: Sequence[Instruction]) -> Mistake:
    """What is wrong with a reply in which these lines of the source are missing."""
    if any(map(c.is_branch, lines)):
        return Mistake.CONTROL
    if any(map(c.is_store, lines)):
        return Mistake.MEMORY_MISSING
    return Mistake.FLAGS if all(i.mnemonic in c.COMPARES for i in lines) else Mistake.LIVE_OUT


def _added(i: Instruction) -> Mistake:
    if c.is_branch(i):
        return Mistake.CONTROL
    if c.is_store(i) or c.is_load(i):
        return Mistake.MEMORY_EXTRA
    return Mistake.FLAGS if i.mnemonic in c.FLAG_SETTERS else Mistake.LIVE_OUT


def _with(i: Instruction, n: int, operand: Operand) -> Instruction:
    return replace(i, operands=(*i.operands[:n], operand, *i.operands[n + 1 :]))
