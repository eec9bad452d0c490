"""Templates of facts known at entry: extended, constant and equal registers, "
"each with the same fact one bit too weak."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "known-zero-extension",
        "Where the upper half is known to be zero, clearing it does nothing.",
        {"n": (8, 16, 31, 32), "op": ("add", "sub", "eor")},
        "mov w9, w1; {op} x0, x2, x9",
        "{op} x0, x2, x1",
        "x0",
        (
            Wrong("known one bit too weakly", known="x1 zext 33", when="n == 32"),
            Wrong("nothing is known", known=""),
            Wrong("known to be sign-extended", known="x1 sext {n}"),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "known-sign-extension",
        "Where a register is known to be the sign extension of its low bits, extending does nothing.",
        {"n": (8, 16, 31, 32), "op": ("add", "sub", "eor")},
        "sxtw x9, w1; {op} x0, x2, x9",
        "{op} x0, x2, x1",
        "x0",
        (
            Wrong("known one bit too weakly", known="x1 sext 33", when="n == 32"),
            Wrong("known to be zero-extended from 32 bits", known="x1 zext 32"),
        ),
        known="x1 sext {n}",
    ),
    Template(
        "known-mask",
        "A mask that covers all bits that can be set does nothing.",
        {"r": _R, "n": (1, 7, 8, 16)},
        "and {r}9, {r}1, #{hex(2 ** n - 1)}; add {r}0, {r}2, {r}9",
        "add {r}0, {r}2, {r}1",
        "{r}0",
        (
            Wrong("known one bit too weakly", known="x1 zext {n + 1}"),
            Wrong(
                "the mask has one bit less",
                source="and {r}9, {r}1, #{hex(2 ** (n - 1) - 1)}; add {r}0, {r}2, {r}9",
                when="n > 1",
            ),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "known-constant",
        "A register that holds a known number is that number.",
        {"r": _R, "n": (0, 1, 42, 4095), "op": ("add", "sub")},
        "{op} {r}0, {r}2, {r}1",
        "{op} {r}0, {r}2, #{n}",
        "{r}0",
        (
            Wrong("known to be one more", known="x1 = {n + 1}"),
            Wrong("nothing is known", known=""),
            Wrong("the wrong way round", "neg {r}9, {r}2; add {r}0, {r}9, #{n}", when="op == 'add'"),
        ),
        known="x1 = {n}",
    ),
    Template(
        "known-equal",
        "Registers that are known to be equal may stand for each other.",
        {"r": _R, "op": ("add", "sub", "orr", "lsl")},
        "{op} {r}0, {r}3, {r}1",
        "{op} {r}0, {r}3, {r}2",
        "{r}0",
        (
            Wrong("nothing is known", known=""),
            Wrong(
                "changed before the use",
                source="add {r}1, {r}1, #1; {op} {r}0, {r}3, {r}1",
                known="x1 == x2",
                when="op != 'orr' or r == 'x'",
            ),
        ),
        known="x1 == x2",
    ),
    Template(
        "known-small-product",
        "A product of factors of n bits has 2n bits: what is above is zero.",
        {"n": (4, 8, 15)},
        "mul w9, w1, w2; and w0, w9, #{hex(2 ** (2 * n) - 1)}",
        "mul w0, w1, w2",
        "w0",
        (Wrong("known one bit too weakly", known="x1 zext {n + 1}; x2 zext {n + 1}"),),
        known="x1 zext {n}; x2 zext {n}",
    ),
    Template(
        "known-sum-of-words",
        "A sum of two numbers of n < 32 bits fits 32: the narrow and the wide sum are one.",
        {"n": (8, 16, 31)},
        "add w0, w1, w2",
        "add x0, x1, x2",
        "x0",
        (
            Wrong("known one bit too weakly", known="x1 zext 32; x2 zext 32"),
            Wrong("a difference may borrow", "sub x0, x1, x2", "sub w0, w1, w2"),
        ),
        known="x1 zext {n}; x2 zext {n}",
    ),
)
