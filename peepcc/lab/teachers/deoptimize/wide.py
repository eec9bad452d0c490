"""Inverse rewrites that see the code from instruction n to instruction m: a value made, copied, loaded or compared
again.

Each gives what may stand for that code, or None where it does not fit.
"""

from __future__ import annotations

from dataclasses import replace

from ....assembly.syntax import Instruction, Register
from .. import instruction_text as c
from ..task import Lesson
from .inverses import Code, are_plain, in_width, parsed


def read_by_copy(code: Lesson, n: int, m: int, scratch: str) -> Code | None:
    """A copy made before n is what m reads."""
    names = sorted(name for name in c.reads(code.code[m]) if name[0] == "x" and name not in ("x29", "x30"))
    if not names or code.code[m].mnemonic in c.KEEPERS:
        return None
    old = names[0]
    if any(old in c.writes(i) for i in code.code[n:m]):
        return None
    new = c.renamed(code.code[m], old, scratch, True)
    return [*parsed(f"mov {scratch}, {old}"), *code.code[n:m], new] if new is not None and new != code.code[m] else None


def loaded_again(code: Lesson, n: int, m: int, scratch: str) -> Code | None:
    """What n loads or stores is loaded again for m, which reads it."""
    where = c.place(code.code[n])
    if (
        not where
        or m <= n
        or code.ordered
        or code.code[n].mnemonic not in ("ldr", "str", "ldur", "stur")
        or code.code[m].mnemonic in c.KEEPERS
    ):
        return None
    held = code.code[n].operands[0]
    between = code.code[n + 1 : m]
    if (
        not are_plain(held)
        or c.name(held.name) not in c.reads(code.code[m])
        or any(c.is_store(i) or c.is_branch(i) for i in between)
    ):
        return None
    if any(
        c.writes(i) & {c.name(held.name), c.name(where.base)}
        for i in (*between, *((code.code[n],) if c.name(held.name) == c.name(where.base) else ()))
    ):
        return None
    new = c.renamed(code.code[m], c.name(held.name), scratch, held.name[0] == "x")
    if new is None or new == code.code[m]:
        return None
    load = Instruction(
        code.code[n].mnemonic.replace("st", "ld"), (Register(in_width(held, scratch)), code.code[n].operands[1])
    )
    return [code.code[n], *between, load, new]


def made_again(code: Lesson, n: int, m: int, scratch: str) -> Code | None:
    """The value that n makes is made a second time for m, which reads it."""
    i = code.code[n]
    if (
        m <= n
        or c.is_store(i)
        or c.is_load(i)
        or c.is_branch(i)
        or i.mnemonic in c.KEEPERS
        or "nzcv" in c.writes(i) | c.reads(i)
        or len(c.writes(i)) != 1
    ):
        return None
    to = next(iter(c.writes(i)))
    between = code.code[n + 1 : m]
    if (
        to[0] != "x"
        or to in c.reads(i)
        or to not in c.reads(code.code[m])
        or code.code[m].mnemonic in c.KEEPERS
        or not are_plain(i.operands[0])
    ):
        return None
    if any(c.is_branch(each) or c.writes(each) & (c.reads(i) | {to}) for each in between):
        return None
    new = c.renamed(code.code[m], to, scratch, True)
    if new is None or new == code.code[m]:
        return None
    return [i, *between, replace(i, operands=(Register(in_width(i.operands[0], scratch)), *i.operands[1:])), new]


def compared_again(code: Lesson, n: int, m: int, scratch: str) -> Code | None:
    """A compare said again before the next one who reads it."""
    i = code.code[n]
    if m <= n + 1 or i.mnemonic not in ("cmp", "cmn", "tst") or "nzcv" not in c.reads(code.code[m]):
        return None
    between = code.code[n + 1 : m]
    if any(c.is_branch(each) or c.writes(each) & (c.reads(i) | {"nzcv"}) for each in between):
        return None
    return [i, *between, i, code.code[m]]


WIDE = (read_by_copy, loaded_again, made_again, compared_again)
