"""Rules of stores and pairs: stores that nothing reads, neighbors that are one access, zero from the zero register."""

from __future__ import annotations

from dataclasses import replace

from ....assembly.syntax import Immediate, Instruction, Memory, Register
from .. import instruction_text as c
from ..task import Lesson


def dead_store(x: Lesson) -> Lesson | None:
    """A store that the next access to its bytes overwrites."""
    if x.ordered:
        return None
    for n, i in enumerate(x.code):
        where = c.place(i)
        if not where or not c.is_store(i):
            continue
        for later in x.code[n + 1 :]:
            there = c.place(later)
            if c.is_branch(later) or c.name(where.base) in c.writes(later):
                break
            if (c.is_load(later) or c.is_store(later)) and (there is None or there.base != where.base):
                break
            if (
                there
                and c.is_store(later)
                and there.offset <= where.offset
                and there.offset + there.size >= where.offset + where.size
            ):
                return x.without(n)
            if there and there.overlaps(where):
                break
    return None


def paired(x: Lesson) -> Lesson | None:
    """Two neighbouring loads or stores of neighbouring slots."""
    if x.ordered:
        return None
    for n, (i, j) in enumerate(zip(x.code, x.code[1:])):
        if (
            i.mnemonic not in ("ldr", "str", "ldur", "stur")
            or i.mnemonic[:2] != j.mnemonic[:2]
            or j.mnemonic not in ("ldr", "str", "ldur", "stur")
        ):
            continue
        a, b = c.place(i), c.place(j)
        if not a or not b or a.base != b.base or a.size != b.size or a.size not in (4, 8, 16):
            continue
        first, second = i.operands[0].name, j.operands[0].name
        if first[0] != second[0] or abs(a.offset - b.offset) != a.size or min(a.offset, b.offset) % a.size:
            continue
        low = min(a.offset, b.offset)
        if not -64 * a.size <= low <= 63 * a.size or (
            c.is_load(i) and (first == second or c.name(first) == c.name(a.base))
        ):
            continue
        order = (first, second) if a.offset < b.offset else (second, first)
        memory = Memory(a.base, Immediate(low) if low else None)
        return x.swapped(
            n, n + 2, (Instruction("ldp" if c.is_load(i) else "stp", (Register(order[0]), Register(order[1]), memory)),)
        )
    return None


def zero_stored(x: Lesson) -> Lesson | None:
    """`mov w8, #0; str w8, [...]` stores the zero register."""
    for n, i in enumerate(x.code):
        if i.mnemonic == "mov" and isinstance(i.operands[1], Immediate) and i.operands[1].value == 0:
            r = c.name(i.operands[0].name)
            for m in range(n + 1, len(x.code)):
                later = x.code[m]
                if (
                    c.is_store(later)
                    and isinstance(later.operands[0], Register)
                    and c.name(later.operands[0].name) == r
                    and c.place(later)
                ):
                    zero = "wzr" if later.operands[0].name[0] == "w" else "xzr"
                    if later.operands[1].base != later.operands[0].name:
                        return x.swapped(m, m + 1, (replace(later, operands=(Register(zero), *later.operands[1:])),))
                if r in c.writes(later):
                    break
    return None
