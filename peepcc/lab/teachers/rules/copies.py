"""Rules for what clang -O1 to -Os leaves: values made in one register and copied to another, and extensions nobody
needs.
"""

from __future__ import annotations

from dataclasses import replace

from ....assembly.syntax import Instruction, Register
from .. import instruction_text as c
from ..task import Lesson

_EXTENSIONS = ("sxtb", "sxth", "sxtw", "uxtb", "uxth")


def move_dropped(x: Lesson) -> Lesson | None:
    """`mov x0, x0`."""
    return next(
        (
            x.without(n)
            for n, i in enumerate(x.code)
            if i.mnemonic == "mov" and i.operands[0] == i.operands[1] and i.operands[0].name[0] == "x"
        ),
        None,
    )


def extension_unread(x: Lesson) -> Lesson | None:
    """`mov w8, w8` where nobody reads the upper half that it clears."""
    for n, i in enumerate(x.code):
        if i.mnemonic != "mov" or i.operands[0] != i.operands[1] or i.operands[0].name[0] != "w":
            continue
        r = c.name(i.operands[0].name)
        after = x.code[n + 1 :]
        last = next((m for m, later in enumerate(after) if r in c.writes(later)), len(after))
        read = any(
            r in c.reads_whole(later) or (r in c.reads(later) and later.mnemonic in c.KEEPERS)
            for later in after[: last + 1]
        )
        if not read and not (r in x.whole and (last == len(after) or any(map(c.is_branch, after[:last])))):
            return x.without(n)
    return None


def extension_folded(x: Lesson) -> Lesson | None:
    """`sxtw x8, w0; add x1, x2, x8` where the sum can extend itself."""
    for n, i in enumerate(x.code):
        if i.mnemonic not in _EXTENSIONS or len(i.operands) != 2:
            continue
        to, source = i.operands[0].name, i.operands[1].name
        m = next(
            (
                m
                for m in range(n + 1, len(x.code))
                if c.name(to) in c.reads(x.code[m]) or c.writes(x.code[m]) & {c.name(to), c.name(source)}
            ),
            None,
        )
        if m is None or c.name(to) in x.live(m) - c.writes(x.code[m]):
            continue
        later = x.code[m]
        last = later.operands[-1]
        fits = (
            later.mnemonic in ("add", "sub", "adds", "subs", "cmp", "cmn")
            and last == Register(to)
            and all(
                isinstance(o, Register) and o.name[0] == to[0] and o.name not in (to, "xzr", "wzr", "sp", "wsp")
                for o in later.operands[:-1][-1:]
            )
        )
        if (
            fits
            and (to[0] == "x" or i.mnemonic != "sxtw")
            and c.name(to) not in {c.name(o.name) for o in later.operands[-2:-1]}
        ):
            return x.swapped(m, m + 1, (replace(later, operands=(*later.operands[:-1], Register(source, i.mnemonic))),))
    return None


def _copies(x: Lesson):
    """(index of the value's maker, index of the copy) for copies that are the last to read a value made here."""
    for m, copy in enumerate(x.code):
        if copy.mnemonic != "mov" or len(copy.operands) != 2 or not all(isinstance(o, Register) for o in copy.operands):
            continue
        to, source = (c.name(o.name) for o in copy.operands)
        if to == source or "" in (to, source) or "sp" in (to, source) or source in x.live(m):
            continue
        n = next((n for n in range(m - 1, -1, -1) if source in c.writes(x.code[n])), None)
        if n is None or any(c.is_branch(i) for i in x.code[n:m]):
            continue
        maker = x.code[n]
        simple = (
            maker.operands
            and isinstance(maker.operands[0], Register)
            and c.writes(maker) - {"nzcv"} == {source}
            and maker.mnemonic not in c.KEEPERS
        )
        if simple and maker.operands[0].name[0] == copy.operands[1].name[0] and not c.is_store(maker):
            yield n, m


def made_in_place(x: Lesson) -> Lesson | None:
    """`lsr w8, w1, #3; mov w0, w8` makes it in w0 itself, and what reads w8 in between reads w0."""
    for n, m in _copies(x):
        to, source = (c.name(o.name) for o in x.code[m].operands)
        between = x.code[n + 1 : m]
        if any(to in c.reads(i) | c.writes(i) for i in between):
            continue
        wide = x.code[n].operands[0].name[0] == "x"
        changed = [c.renamed(i, source, to, True) if source in c.reads(i) else i for i in between]
        if any(i is None or source in c.reads(i) for i in changed):
            continue
        register = Register(("x" if wide else "w") + to[1:])
        return x.swapped(n, m + 1, (replace(x.code[n], operands=(register, *x.code[n].operands[1:])), *changed))
    return None


def made_late(x: Lesson) -> Lesson | None:
    """`add w9, w8, #1; str w8, [x0]; mov w8, w9` adds in w8 where the copy stood."""
    for n, m in _copies(x):
        maker, source = x.code[n], c.name(x.code[m].operands[1].name)
        between = x.code[n + 1 : m]
        if (
            c.is_load(maker)
            or "nzcv" in c.writes(maker)
            or any(source in c.reads(i) or c.writes(i) & c.reads(maker) for i in between)
        ):
            continue
        register = Register(maker.operands[0].name[0] + x.code[m].operands[0].name[1:])
        return x.swapped(n, m + 1, (*between, replace(maker, operands=(register, *maker.operands[1:]))))
    return None


def compared_twice(x: Lesson) -> Lesson | None:
    """A compare whose flags still stand."""
    standing: Instruction | None = None
    for n, i in enumerate(x.code):
        if i == standing and i.mnemonic in ("cmp", "cmn", "tst"):
            return x.without(n)
        if "nzcv" in c.writes(i):
            standing = i
        elif standing is not None and c.writes(i) & c.reads(standing):
            standing = None
    return None
