"""Rules of constants and shifts that fold into the instruction that reads them."""

from __future__ import annotations

from dataclasses import replace

from ....assembly.syntax import Immediate, Instruction, Memory, Register
from .. import instruction_text as c
from ..task import Lesson


def constant_folded(x: Lesson) -> Lesson | None:
    """A small constant in a register that an add, sub or compare can hold itself."""
    for n, i in enumerate(x.code):
        if i.mnemonic != "mov" or not isinstance(i.operands[1], Immediate) or not 0 <= i.operands[1].value < 4096:
            continue
        r, value = c.name(i.operands[0].name), i.operands[1]
        for m in range(n + 1, len(x.code)):
            later = x.code[m]
            last = later.operands[-1] if later.operands else None
            foldable = later.mnemonic in ("add", "sub", "adds", "subs", "cmp", "cmn")
            plain = all(not isinstance(o, Register) or o.name not in ("wzr", "xzr") for o in later.operands)
            same = isinstance(last, Register) and last.modifier is None and c.name(last.name) == r
            if foldable and same and plain:
                folded = replace(later, operands=(*later.operands[:-1], Immediate(int(value.value))))
                return x.swapped(m, m + 1, (folded,))
            if r in c.writes(later):
                break
    return None


def offset_folded(x: Lesson) -> Lesson | None:
    """`add x8, x9, #16; ldr w0, [x8]` addresses [x9, #16] itself."""
    for n, i in enumerate(x.code):
        if (
            i.mnemonic not in ("add", "sub")
            or len(i.operands) != 3
            or i.operands[0].name[0] != "x"
            or not isinstance(i.operands[2], Immediate)
            or i.operands[2].modifier
        ):
            continue
        to, source, value = (
            i.operands[0].name,
            i.operands[1].name,
            int(i.operands[2].value) * (1 if i.mnemonic == "add" else -1),
        )
        for m in range(n + 1, len(x.code)):
            later = x.code[m]
            there = c.place(later)
            if there and there.base == to and c.name(to) != c.name(source) and there.offset + value >= 0:
                total = there.offset + value
                if (
                    total % there.size == 0
                    and total < 4096 * there.size
                    and not later.mnemonic.startswith(("ldur", "stur"))
                ):
                    return x.swapped(
                        m,
                        m + 1,
                        (
                            replace(
                                later, operands=(later.operands[0], Memory(source, Immediate(total) if total else None))
                            ),
                        ),
                    )
            if c.writes(later) & {c.name(to), c.name(source)}:
                break
    return None


def multiply_folded(x: Lesson) -> Lesson | None:
    """`mul` whose only reader adds or subtracts it: madd, msub; a shift whose reader can shift itself."""
    for n, i in enumerate(x.code):
        shift = i.mnemonic in ("lsl", "lsr", "asr") and len(i.operands) == 3 and isinstance(i.operands[2], Immediate)
        if not (shift or i.mnemonic == "mul"):
            continue
        r = i.operands[0].name
        for m in range(n + 1, len(x.code)):
            later = x.code[m]
            if c.name(r) in c.reads(later):
                new = _folded(i, later, shift)
                if new and (c.name(r) in c.writes(later) or c.name(r) not in x.live(m)):
                    stays = () if c.name(r) in c.reads(i) else (i,)  # made in place: what it was made of is read again
                    return x.swapped(n, m + 1, (*stays, *x.code[n + 1 : m], new))
                break
            if c.writes(later) & (c.writes(i) | c.reads(i)):
                break
    return None


def _folded(i: Instruction, later: Instruction, shift: bool) -> Instruction | None:
    if later.mnemonic not in ("add", "sub", "and", "orr", "eor") or len(later.operands) != 3:
        return None
    to, left, right = later.operands
    if not isinstance(right, Register) or right.modifier or not isinstance(left, Register):
        return None
    r = i.operands[0].name
    if left.name == r and right.name != r and later.mnemonic != "sub":
        left, right = right, left
    if right.name != r or left.name == r or "sp" in (to.name, left.name):
        return None
    if shift:
        return Instruction(
            later.mnemonic, (to, left, Register(i.operands[1].name, i.mnemonic, int(i.operands[2].value)))
        )
    kind = {"add": "madd", "sub": "msub"}.get(later.mnemonic)
    return Instruction(kind, (to, i.operands[1], i.operands[2], left)) if kind else None
