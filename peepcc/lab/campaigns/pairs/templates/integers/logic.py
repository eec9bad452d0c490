"""Templates of and, or, exclusive or and complement, and what they have to do with sums."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "or-of-disjoint",
        "Where no bit is set in both, or, exclusive or and sum are one.",
        {"r": _R, "n": (4, 8, 16, 31), "op": ("add", "eor")},
        "lsl {r}9, {r}1, #{n}; and {r}8, {r}2, #{hex(2 ** n - 1)}; orr {r}0, {r}9, {r}8",
        "lsl {r}9, {r}1, #{n}; and {r}8, {r}2, #{hex(2 ** n - 1)}; {op} {r}0, {r}9, {r}8",
        "{r}0",
        (
            Wrong(
                "the parts overlap by one bit",
                "lsl {r}9, {r}1, #{n}; and {r}8, {r}2, #{hex(2 ** (n + 1) - 1)}; {op} {r}0, {r}9, {r}8",
                "lsl {r}9, {r}1, #{n}; and {r}8, {r}2, #{hex(2 ** (n + 1) - 1)}; orr {r}0, {r}9, {r}8",
                when="n < 31",
            ),
        ),
    ),
    Template(
        "sum-by-parts",
        "a + b is (a ^ b) + 2(a & b), and (a | b) + (a & b): what carries, and what does not.",
        {"r": _R, "f": ("eor", "orr")},
        "{f} {r}8, {r}1, {r}2; and {r}9, {r}1, {r}2; add {r}0, {r}8, {r}9{', lsl #1' if f == 'eor' else ''}",
        "add {r}0, {r}1, {r}2",
        "{r}0",
        (
            Wrong(
                "the carries not moved, or moved",
                source="{f} {r}8, {r}1, {r}2; and {r}9, {r}1, {r}2; "
                "add {r}0, {r}8, {r}9{', lsl #1' if f == 'orr' else ''}",
            ),
            Wrong("or for sum", "orr {r}0, {r}1, {r}2"),
        ),
    ),
    Template(
        "difference-of-or-and-and",
        "(a | b) - (a & b) is a ^ b: the bits that only one has.",
        {"r": _R, "x": (1, 2)},
        "orr {r}8, {r}1, {r}2; and {r}9, {r}1, {r}2; sub {r}0, {r}8, {r}9",
        "eor {r}0, {r}{x}, {r}{3 - x}",
        "{r}0",
        (Wrong("difference for exclusive or", "sub {r}0, {r}1, {r}2"),),
    ),
    Template(
        "and-not",
        "a & ~b is a - (a & b), (a | b) ^ b and (a | b) - b.",
        {
            "r": _R,
            "f": (("and", "sub {r}0, {r}1, {r}9"), ("orr", "eor {r}0, {r}9, {r}2"), ("orr", "sub {r}0, {r}9, {r}2")),
        },
        "{f[0]} {r}9, {r}1, {r}2; {f[1]}",
        "bic {r}0, {r}1, {r}2",
        "{r}0",
        (Wrong("operands swapped", "bic {r}0, {r}2, {r}1"), Wrong("orn for bic", "orn {r}0, {r}1, {r}2")),
    ),
    Template(
        "complement-into-logic",
        "bic, orn and eon complement their last operand.",
        {"r": _R, "op": (("and", "bic"), ("orr", "orn"), ("eor", "eon")), "s": (0, 1, 31)},
        "mvn {r}9, {r}1, lsl #{s}; {op[0]} {r}0, {r}2, {r}9",
        "{op[1]} {r}0, {r}2, {r}1, lsl #{s}",
        "{r}0",
        (
            Wrong("complement lost", "{op[0]} {r}0, {r}2, {r}1, lsl #{s}"),
            Wrong(
                "the other operand complemented",
                "lsl {r}9, {r}1, #{s}; {op[1]} {r}0, {r}9, {r}2",
                when="op[0] != 'eor'",
            ),
        ),
    ),
    Template(
        "de-morgan",
        "~a & ~b is ~(a | b), and ~a | ~b is ~(a & b).",
        {"r": _R, "op": (("and", "orr"), ("orr", "and"))},
        "mvn {r}8, {r}1; mvn {r}9, {r}2; {op[0]} {r}0, {r}8, {r}9",
        "{op[1]} {r}9, {r}1, {r}2; mvn {r}0, {r}9",
        "{r}0",
        (
            Wrong("the operation not exchanged", "{op[0]} {r}9, {r}1, {r}2; mvn {r}0, {r}9"),
            Wrong("negative for complement", "{op[1]} {r}9, {r}1, {r}2; neg {r}0, {r}9"),
        ),
    ),
    Template(
        "common-term",
        "(a & c) | (b & c) is (a | b) & c, for | and ^ alike.",
        {"r": _R, "op": ("orr", "eor")},
        "and {r}8, {r}1, {r}3; and {r}9, {r}2, {r}3; {op} {r}0, {r}8, {r}9",
        "{op} {r}9, {r}1, {r}2; and {r}0, {r}9, {r}3",
        "{r}0",
        (
            Wrong("the wrong term taken out", "{op} {r}9, {r}1, {r}3; and {r}0, {r}9, {r}2"),
            Wrong("the other operation", "{'eor' if op == 'orr' else 'orr'} {r}9, {r}1, {r}2; and {r}0, {r}9, {r}3"),
        ),
    ),
    Template(
        "select-by-mask",
        "(a ^ b) & m ^ b takes a where m has a bit, else b.",
        {"r": _R, "t": (1, 2)},
        "eor {r}9, {r}1, {r}2; and {r}9, {r}9, {r}3; eor {r}0, {r}9, {r}2",
        "and {r}8, {r}1, {r}3; bic {r}9, {r}2, {r}3; orr {r}0, {r}{8 if t == 1 else 9}, {r}{9 if t == 1 else 8}",
        "{r}0",
        (Wrong("taken the wrong way", "and {r}8, {r}2, {r}3; bic {r}9, {r}1, {r}3; orr {r}0, {r}8, {r}9"),),
    ),
    Template(
        "swap-by-exclusive-or",
        "Three exclusive ors exchange two registers.",
        {"r": _R},
        "eor {r}1, {r}1, {r}2; eor {r}2, {r}1, {r}2; eor {r}1, {r}1, {r}2",
        "mov {r}9, {r}1; mov {r}1, {r}2; mov {r}2, {r}9",
        "{r}1 {r}2",
        (
            Wrong("exchanged in part", "mov {r}1, {r}2; mov {r}2, {r}1"),
            Wrong("the scratch register is live", live="{r}1 {r}2 {r}9"),
        ),
    ),
    Template(
        "average",
        "The floor of the mean without overflow: (a & b) + ((a ^ b) >> 1), logical for unsigned numbers.",
        {"s": ("lsr", "asr")},
        "{'mov w8, w1' if s == 'lsr' else 'sxtw x8, w1'}; {'mov w9, w2' if s == 'lsr' else 'sxtw x9, w2'}; "
        "add x8, x8, x9; lsr x0, x8, #1",
        "and w8, w1, w2; eor w9, w1, w2; add w0, w8, w9, {s} #1",
        "w0",
        (
            Wrong("the carry out is lost", "add w9, w1, w2; {s} w0, w9, #1"),
            Wrong(
                "the other signedness",
                "and w8, w1, w2; eor w9, w1, w2; add w0, w8, w9, {'lsr' if s == 'asr' else 'asr'} #1",
            ),
            Wrong("rounded up", "orr w8, w1, w2; eor w9, w1, w2; sub w0, w8, w9, {s} #1"),
        ),
    ),
    Template(
        "absolute-value",
        "|a| is (a ^ s) - s, where s is the sign in all bits; the least number stays.",
        {"r": _R, "d": (0, 1)},
        "asr {r}9, {r}1, #{bits - 1}; eor {r}8, {r}1, {r}9; sub {r}{d}, {r}8, {r}9",
        "cmp {r}1, #0; cneg {r}{d}, {r}1, mi",
        "{r}{d}",
        (
            Wrong("flags are live", live="{r}{d} nzcv"),
            Wrong(
                "zeros for the sign", source="lsr {r}9, {r}1, #{bits - 1}; eor {r}8, {r}1, {r}9; sub {r}{d}, {r}8, {r}9"
            ),
            Wrong("negative for positive", "cmp {r}1, #0; cneg {r}{d}, {r}1, pl"),
        ),
    ),
    Template(
        "lowest-bit",
        "a & -a is a & (~a + 1) is a ^ (a & (a - 1)): the lowest bit set.",
        {"r": _R, "f": ("eor", "sub")},
        "neg {r}9, {r}1; and {r}0, {r}1, {r}9",
        "sub {r}9, {r}1, #1; and {r}9, {r}1, {r}9; {f} {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong("all but the lowest bit", "sub {r}9, {r}1, #1; and {r}0, {r}1, {r}9"),
            Wrong("the bits below it too", "sub {r}9, {r}1, #1; eor {r}0, {r}1, {r}9"),
        ),
    ),
    Template(
        "through-movk",
        "movz and movk build a number from halfwords.",
        {"r": _R, "a": (1, 0x8000, 0xFFFF), "b": (1, 0x7FFF, 0xFFFF)},
        "mov {r}9, #{a}; movk {r}9, #{b}, lsl #16; and {r}0, {r}1, {r}9",
        "mov {r}8, #{a}; mov {r}9, #{b << 16}; orr {r}9, {r}8, {r}9; and {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong(
                "the halves exchanged",
                "mov {r}8, #{b}; mov {r}9, #{a << 16}; orr {r}9, {r}8, {r}9; and {r}0, {r}1, {r}9",
                when="a != b",
            ),
            Wrong("the number is live elsewhere", live="{r}0 {r}8"),
        ),
    ),
)
