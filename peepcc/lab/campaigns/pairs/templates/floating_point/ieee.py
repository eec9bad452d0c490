"""Templates of identities that IEEE 754 gives, and of what only looks like one.

Exact operations, conversions that round once or not at all, comparisons with exchanged operands, masks.
"""

from ...template import Template, Wrong

_F = ("s", "d")
_WAYS = ("m", "p", "z", "n", "a")

TEMPLATES = (
    Template(
        "ieee-doubled",
        "a + a is 2a, exactly or infinite; of a NaN it is that NaN, quiet.",
        {"r": _F, "x": (0, 1)},
        "fadd {r}{x}, {r}1, {r}1",
        "fmov {r}9, #2.0; fmul {r}{x}, {r}1, {r}9",
        "{r}{x}",
        (
            Wrong("another factor", "fmov {r}9, #4.0; fmul {r}{x}, {r}1, {r}9"),
            Wrong("two numbers", source="fadd {r}{x}, {r}1, {r}2"),
            Wrong("a difference", source="fsub {r}{x}, {r}1, {r}1"),
            Wrong("the factor is live", live="{r}{x} {r}9"),
        ),
    ),
    Template(
        "ieee-quotient-by-power",
        "A quotient by a power of two is a product with its reciprocal: both are exact, or rounded alike.",
        {"r": _F, "n": ((2, 0.5), (4, 0.25), (8, 0.125), (0.5, 2))},
        "fmov {r}9, #{n[0]}; fdiv {r}0, {r}1, {r}9",
        "fmov {r}9, #{n[1]}; fmul {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong("the power itself", "fmov {r}9, #{n[0]}; fmul {r}0, {r}1, {r}9"),
            Wrong("divided the wrong way", source="fmov {r}9, #{n[0]}; fdiv {r}0, {r}9, {r}1"),
            Wrong("no power of two", source="fmov {r}9, #3.0; fdiv {r}0, {r}1, {r}9"),
        ),
    ),
    Template(
        "ieee-constant-exchanged",
        "Sums and products do not hang on the order where one operand is a number for certain.",
        {"r": _F, "f": ("fadd", "fmul"), "n": (1.0, 2.0, -0.5)},
        "fmov {r}9, #{n}; {f} {r}0, {r}9, {r}1",
        "fmov {r}9, #{n}; {f} {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong("two NaNs", "{f} {r}0, {r}1, {r}2", "{f} {r}0, {r}2, {r}1"),
            Wrong("a difference", source="fmov {r}9, #{n}; fsub {r}0, {r}9, {r}1"),
        ),
    ),
    Template(
        "ieee-times-one",
        "a * 1.0 and a / 1.0 are one; neither is a, whose NaN may be a signalling one.",
        {"r": _F, "x": (0, 1)},
        "fmov {r}9, #1.0; fdiv {r}{x}, {r}1, {r}9",
        "fmov {r}9, #1.0; fmul {r}{x}, {r}1, {r}9",
        "{r}{x}",
        (
            Wrong("left out", "fmov {r}{x}, {r}1", "fmov {r}9, #1.0; fdiv {r}{x}, {r}1, {r}9; fmov {r}{x}, {r}{x}"),
            Wrong("negated by -1.0, not of NaNs", "fneg {r}{x}, {r}1", "fmov {r}9, #-1.0; fmul {r}{x}, {r}1, {r}9"),
            Wrong("zero added: -0 becomes 0", "fmov {r}{x}, {r}1", "movi d9, #0; fadd {r}{x}, {r}1, {r}9"),
        ),
    ),
    Template(
        "ieee-rounded-then-integer",
        "What is integral converts the same in any way, so that the rounding is that of the conversion.",
        {"r": _F, "g": ("w", "x"), "s": ("s", "u"), "k": _WAYS, "j": ("z", "m")},
        "frint{k} {r}9, {r}1; fcvt{j}{s} {g}0, {r}9",
        "fcvt{k}{s} {g}0, {r}1",
        "x0",
        (
            Wrong("rounded another way", "fcvt{'p' if k != 'p' else 'm'}{s} {g}0, {r}1"),
            Wrong("the other signedness", "fcvt{k}{'u' if s == 's' else 's'} {g}0, {r}1"),
            Wrong("saturated at the other width", "fcvt{k}{s} {'x' if g == 'w' else 'w'}0, {r}1"),
            Wrong("the rounded one is live", live="x0 {r}9"),
        ),
    ),
    Template(
        "ieee-rounded-twice",
        "What is integral is not rounded again.",
        {"r": _F, "k": _WAYS, "j": _WAYS},
        "frint{k} {r}9, {r}1; frint{j} {r}0, {r}9",
        "frint{k} {r}0, {r}1",
        "{r}0",
        (
            Wrong("rounded the second way", "frint{j} {r}0, {r}1", when="j != k"),
            Wrong("not rounded", "fmov {r}0, {r}1"),
        ),
    ),
    Template(
        "ieee-from-extended",
        "A word extended by its signedness is the same number, whatever the width that is converted.",
        {"r": _F, "s": ("s", "u"), "x": (0, 1)},
        "{'sxtw x9, w1' if s == 's' else 'mov w9, w1'}; scvtf {r}{x}, x9",
        "{s}cvtf {r}{x}, w1",
        "{r}{x}",
        (
            Wrong("the other signedness", "{'u' if s == 's' else 's'}cvtf {r}{x}, w1"),
            Wrong("the whole register", "scvtf {r}{x}, x1"),
        ),
    ),
    Template(
        "ieee-there-and-back",
        "An integer that the format holds comes back from it.",
        {"k": (("s", "uxth w9, w1"), ("s", "sxth w9, w1"), ("d", "mov w9, w1"), ("d", "sxtb w9, w1"))},
        "{k[1]}; scvtf {k[0]}9, w9; fcvtzs w0, {k[0]}9",
        "{k[1]}; mov w0, w9",
        "x0",
        (
            Wrong("a word is more than a single holds", "mov w0, w1", "scvtf s9, w1; fcvtzs w0, s9"),
            Wrong(
                "unsigned: a negative one is 0",
                source="{k[1]}; scvtf {k[0]}9, w9; fcvtzu w0, {k[0]}9",
                when="'uxt' not in k[1]",
            ),
            Wrong("a doubleword is more than a double holds", "mov x0, x1", "scvtf d9, x1; fcvtzs x0, d9"),
        ),
    ),
    Template(
        "ieee-widened",
        "A single is a double as it is: its conversion to an integer is the same.",
        {"g": ("w", "x"), "s": ("s", "u"), "k": _WAYS},
        "fcvt d9, s1; fcvt{k}{s} {g}0, d9",
        "fcvt{k}{s} {g}0, s1",
        "x0",
        (
            Wrong("narrowed, which rounds", "fcvt{k}{s} {g}0, d1", "fcvt s9, d1; fcvt{k}{s} {g}0, s9"),
            Wrong("the other signedness", "fcvt{k}{'u' if s == 's' else 's'} {g}0, s1"),
        ),
    ),
    Template(
        "ieee-word-to-single",
        "A word is a double as it is, so that both ways to a single round once.",
        {"s": ("s", "u"), "x": (0, 1)},
        "{s}cvtf d9, w1; fcvt s{x}, d9",
        "{s}cvtf s{x}, w1",
        "s{x}",
        (
            Wrong("the other signedness", "{'u' if s == 's' else 's'}cvtf s{x}, w1"),
            Wrong("back to a double", "{s}cvtf d{x}, w1", "{s}cvtf s9, w1; fcvt d{x}, s9", live="d{x}"),
        ),
    ),
    Template(
        "ieee-compared-exchanged",
        "Exchanged operands exchange less and greater; unordered stays: mi is gt, ls is ge, lt is hi, le is pl.",
        {
            "r": _F,
            "c": (
                *(("mi", "gt"), ("gt", "mi"), ("ls", "ge"), ("ge", "ls"), ("lt", "hi"), ("hi", "lt")),
                *(("le", "pl"), ("pl", "le"), ("eq", "eq"), ("ne", "ne"), ("vs", "vs"), ("vc", "vc")),
            ),
        },
        "fcmp {r}1, {r}2; cset w0, {c[0]}",
        "fcmp {r}2, {r}1; cset w0, {c[1]}",
        "w0",
        (
            Wrong("not exchanged", "fcmp {r}2, {r}1; cset w0, {c[0]}", when="c[0] != c[1]"),
            Wrong(
                "NaNs otherwise",
                "fcmp {r}2, {r}1; cset w0, {or_nan(c[1])}",
                when="c[1] in ('gt', 'mi', 'ls', 'hi', 'lt', 'le')",
            ),
            Wrong("the flags are live", live="w0 nzcv"),
        ),
    ),
    Template(
        "ieee-mask-of-comparison",
        "A scalar comparison that leaves a mask leaves none where a NaN is compared.",
        {"r": (("s", "w"), ("d", "x")), "f": (("fcmge", "ge"), ("fcmgt", "gt"))},
        "fcmp {r[0]}1, {r[0]}2; csetm {r[1]}9, {f[1]}; fmov {r[0]}0, {r[1]}9",
        "{f[0]} {r[0]}0, {r[0]}1, {r[0]}2",
        "{r[0]}0",
        (
            Wrong(
                "NaNs counted in",
                source="fcmp {r[0]}1, {r[0]}2; csetm {r[1]}9, {'pl' if f[1] == 'ge' else 'hi'}; fmov {r[0]}0, {r[1]}9",
            ),
            Wrong("equality", "{'fcmgt' if f[1] == 'ge' else 'fcmge'} {r[0]}0, {r[0]}1, {r[0]}2"),
            Wrong("exchanged", "{f[0]} {r[0]}0, {r[0]}2, {r[0]}1"),
            Wrong("without signs", "{'facge' if f[1] == 'ge' else 'facgt'} {r[0]}0, {r[0]}1, {r[0]}2"),
        ),
    ),
    Template(
        "ieee-mask-of-magnitudes",
        "facge and facgt compare without the signs.",
        {"r": _F, "f": (("fcmge", "facge"), ("fcmgt", "facgt")), "x": (0, 1)},
        "fabs {r}8, {r}1; fabs {r}9, {r}2; {f[0]} {r}{x}, {r}8, {r}9",
        "{f[1]} {r}{x}, {r}1, {r}2",
        "{r}{x}",
        (
            Wrong("one of the signs", source="fabs {r}8, {r}1; {f[0]} {r}{x}, {r}8, {r}2"),
            Wrong("exchanged", "{f[1]} {r}{x}, {r}2, {r}1"),
            Wrong("equality", "{'facgt' if f[1] == 'facge' else 'facge'} {r}{x}, {r}1, {r}2"),
        ),
    ),
)
