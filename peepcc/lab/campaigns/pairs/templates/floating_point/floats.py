"""Templates of scalar floating-point operations, signs, conversions and moves of bits.

Right is only what IEEE 754 and Arm's definition give bit by bit, NaN payloads included.
"""

from ...template import Template, Wrong

_F = ("s", "d")

TEMPLATES = (
    Template(
        "float-absolute-by-bits",
        "fabs clears the top bit, of NaNs too.",
        {"r": (("s", "w", "0x7fffffff"), ("d", "x", "0x7fffffffffffffff")), "x": (0, 1)},
        "fmov {r[1]}9, {r[0]}1; and {r[1]}9, {r[1]}9, #{r[2]}; fmov {r[0]}{x}, {r[1]}9",
        "fabs {r[0]}{x}, {r[0]}1",
        "{r[0]}{x}",
        (
            Wrong("negated", "fneg {r[0]}{x}, {r[0]}1"),
            Wrong(
                "by comparison: -0 and NaNs keep their sign",
                "fneg {r[0]}9, {r[0]}1; fcmp {r[0]}1, #0.0; fcsel {r[0]}{x}, {r[0]}9, {r[0]}1, mi",
            ),
            Wrong("the general register is live", live="{r[0]}{x} {r[1]}9"),
        ),
    ),
    Template(
        "float-negative-by-bits",
        "fneg turns the top bit, of NaNs too.",
        {"r": (("s", "w", "0x80000000"), ("d", "x", "0x8000000000000000")), "x": (0, 1)},
        "fmov {r[1]}9, {r[0]}1; eor {r[1]}9, {r[1]}9, #{r[2]}; fmov {r[0]}{x}, {r[1]}9",
        "fneg {r[0]}{x}, {r[0]}1",
        "{r[0]}{x}",
        (
            Wrong("0 - a keeps the sign of 0 and of NaNs", "movi d9, #0; fsub {r[0]}{x}, {r[0]}9, {r[0]}1"),
            Wrong(
                "set, not turned",
                source="fmov {r[1]}9, {r[0]}1; orr {r[1]}9, {r[1]}9, #{r[2]}; fmov {r[0]}{x}, {r[1]}9",
            ),
        ),
    ),
    Template(
        "float-signs",
        "Signs may be taken off, turned and turned back.",
        {"r": _F, "f": (("fneg", "fneg", "fmov"), ("fabs", "fabs", "fabs"), ("fneg", "fabs", "fabs"))},
        "{f[0]} {r}9, {r}1; {f[1]} {r}0, {r}9",
        "{f[2]} {r}0, {r}1",
        "{r}0",
        (
            Wrong("sign otherwise", "{'fneg' if f[2] != 'fneg' else 'fabs'} {r}0, {r}1"),
            Wrong("the other order", source="fabs {r}9, {r}1; fneg {r}0, {r}9"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "float-product-negated",
        "fnmul negates the product, a NaN's sign too.",
        {"r": _F, "x": (0, 1)},
        "fmul {r}9, {r}1, {r}2; fneg {r}{x}, {r}9",
        "fnmul {r}{x}, {r}1, {r}2",
        "{r}{x}",
        (
            Wrong("a factor negated: not of NaNs", "fneg {r}9, {r}1; fmul {r}{x}, {r}9, {r}2"),
            Wrong("sign lost", "fmul {r}{x}, {r}1, {r}2"),
            Wrong("factors exchanged: another NaN", "fnmul {r}{x}, {r}2, {r}1"),
        ),
    ),
    Template(
        "float-difference",
        "fabd is the difference without its sign.",
        {"r": _F, "x": (0, 1)},
        "fsub {r}9, {r}1, {r}2; fabs {r}{x}, {r}9",
        "fabd {r}{x}, {r}1, {r}2",
        "{r}{x}",
        (
            Wrong("sign kept", "fsub {r}{x}, {r}1, {r}2"),
            Wrong("exchanged: another NaN", "fabd {r}{x}, {r}2, {r}1"),
            Wrong("of the operands", "fabs {r}8, {r}1; fabs {r}9, {r}2; fsub {r}{x}, {r}8, {r}9"),
        ),
    ),
    Template(
        "float-moved",
        "A copy that dies is its source.",
        {"r": _F, "f": ("fadd", "fsub", "fmul", "fdiv", "fmax", "fminnm")},
        "fmov {r}9, {r}1; {f} {r}0, {r}9, {r}2",
        "{f} {r}0, {r}1, {r}2",
        "{r}0",
        (
            Wrong("exchanged", "{f} {r}0, {r}2, {r}1"),
            Wrong("the copy is live", live="{r}0 {r}9"),
            Wrong(
                "another operation",
                "{'fmin' if f == 'fminnm' else 'fmaxnm' if f == 'fmax' else 'fadd' if f != 'fadd' else 'fsub'} "
                "{r}0, {r}1, {r}2",
            ),
        ),
    ),
    Template(
        "float-upper-part",
        "A scalar result clears what lies above it in its register.",
        {"r": _F, "f": ("fadd", "fmul", "fsub")},
        "{f} {r}9, {r}1, {r}2; mov v0.16b, v9.16b",
        "{f} {r}0, {r}1, {r}2",
        "q0",
        (
            Wrong("the upper part kept", "{f} {r}9, {r}1, {r}2; mov v0.{r}[0], v9.{r}[0]"),
            Wrong("exchanged: another NaN", "{f} {r}0, {r}2, {r}1"),
        ),
    ),
    Template(
        "float-fused",
        "fmadd rounds once: fmul and fadd are another thing; its forms differ in signs of exact operands.",
        {
            "r": _F,
            "f": (
                ("fneg {r}9, {r}1; fmadd {r}0, {r}9, {r}2, {r}3", "fmsub"),
                ("fneg {r}9, {r}3; fmadd {r}0, {r}1, {r}2, {r}9", "fnmsub"),
            ),
        },
        "{f[0]}",
        "{f[1]} {r}0, {r}1, {r}2, {r}3",
        "{r}0",
        (
            Wrong(
                "rounded twice",
                "fmul {r}9, {r}1, {r}2; {'fsub {r}0, {r}3, {r}9' if f[1] == 'fmsub' else 'fsub {r}0, {r}9, {r}3'}",
            ),
            Wrong("the other sign", "{'fnmsub' if f[1] == 'fmsub' else 'fmsub'} {r}0, {r}1, {r}2, {r}3"),
            Wrong("negated afterwards: zeros and NaNs", "fnmadd {r}0, {r}1, {r}2, {r}3"),
        ),
    ),
    Template(
        "float-order-of-operations",
        "Sums and products are kept as they stand; what is done beside them may move.",
        {"r": _F, "f": ("fadd", "fmul"), "g": ("fadd", "fmul", "fsub")},
        "{f} {r}8, {r}1, {r}2; {g} {r}9, {r}3, {r}4; fsub {r}0, {r}8, {r}9",
        "{g} {r}9, {r}3, {r}4; {f} {r}8, {r}1, {r}2; fsub {r}0, {r}8, {r}9",
        "{r}0",
        (
            Wrong(
                "associated otherwise",
                "{f} {r}9, {r}2, {r}3; {f} {r}0, {r}1, {r}9",
                "{f} {r}9, {r}1, {r}2; {f} {r}0, {r}9, {r}3",
            ),
            Wrong(
                "distributed",
                "fadd {r}9, {r}2, {r}3; fmul {r}0, {r}1, {r}9",
                "fmul {r}8, {r}1, {r}2; fmul {r}9, {r}1, {r}3; fadd {r}0, {r}8, {r}9",
            ),
            Wrong("the difference exchanged", "{g} {r}9, {r}3, {r}4; {f} {r}8, {r}1, {r}2; fsub {r}0, {r}9, {r}8"),
        ),
    ),
    Template(
        "float-bits-moved",
        "fmov between registers moves bits; both ways are a copy.",
        {"r": (("s", "w"), ("d", "x")), "x": (0, 1)},
        "fmov {r[1]}9, {r[0]}1; add {r[1]}9, {r[1]}9, #{x}; fmov {r[0]}0, {r[1]}9; fmov {r[1]}3, {r[0]}0",
        "fmov {r[1]}3, {r[0]}1; {'add ' + r[1] + '3, ' + r[1] + '3, #1; ' if x else ''}fmov {r[0]}0, {r[1]}3",
        "{r[0]}0 {r[1]}3",
        (
            Wrong(
                "converted",
                "fcvtzs {r[1]}3, {r[0]}1; {'add ' + r[1] + '3, ' + r[1] + '3, #1; ' if x else ''}fmov {r[0]}0, {r[1]}3",
            ),
            Wrong(
                "the other width",
                "fmov {'x' if r[1] == 'w' else 'w'}3, {'d' if r[1] == 'w' else 's'}1; "
                "{'add ' + r[1] + '3, ' + r[1] + '3, #1; ' if x else ''}fmov {r[0]}0, {r[1]}3",
                live="{r[0]}0 x3",
                when="not x",
            ),
        ),
    ),
    Template(
        "float-from-extended",
        "A zero-extended byte or halfword is a number of either signedness; "
        "a word is converted as its signedness says.",
        {"r": _F, "e": ("uxtb", "uxth")},
        "{e} w9, w1; scvtf {r}0, w9; {e} w8, w2",
        "{e} w8, w2; {e} w9, w1; scvtf {r}0, w9",
        "{r}0 w8",
        (
            Wrong("its sign", "{e} w8, w2; s{e[1:]} w9, w1; scvtf {r}0, w9"),
            Wrong("not extended", "{e} w8, w2; scvtf {r}0, w1"),
        ),
    ),
    Template(
        "float-from-known",
        "A number known not to be negative is converted by either.",
        {"r": _F, "n": (8, 23)},
        "mov w9, w1; scvtf {r}0, x9",
        "scvtf {r}0, x1",
        "{r}0",
        (
            Wrong("nothing is known", known=""),
            Wrong("known one bit too weakly", known="x1 zext 33"),
            Wrong("known to be sign-extended", known="x1 sext {n}"),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "float-to-integer",
        "What is converted toward zero is saturated at its width.",
        {"r": _F, "s": ("fcvtzs", "fcvtzu"), "x": (0, 1)},
        "fmov {r}9, {r}1; {s} w{x}, {r}9; mov w{x}, w{x}",
        "{s} w{x}, {r}1",
        "x{x}",
        (
            Wrong("the other signedness", "{'fcvtzu' if s == 'fcvtzs' else 'fcvtzs'} w{x}, {r}1"),
            Wrong("saturated at 64 bits", "{s} x{x}, {r}1"),
            Wrong("cut instead of saturated", "{s} x9, {r}1; mov w{x}, w9"),
        ),
    ),
    Template(
        "float-loaded",
        "A load of s or d loads bits.",
        {"r": (("s", "w"), ("d", "x")), "o": (0, 8, 16)},
        "ldr {r[1]}9, [x1, #{o}]; fmov {r[0]}0, {r[1]}9",
        "ldr {r[0]}0, [x1, #{o}]",
        "{r[0]}0",
        (
            Wrong("the other width", "ldr {'d' if r[0] == 's' else 's'}0, [x1, #{o}]", live="d0"),
            Wrong("converted", source="ldr {r[1]}9, [x1, #{o}]; scvtf {r[0]}0, {r[1]}9"),
            Wrong("the general register is live", live="{r[0]}0 {r[1]}9"),
        ),
    ),
    Template(
        "float-constant",
        "A constant of fmov is its bits.",
        {
            "r": (("s", "w", "0x3f800000", "0x40000000"), ("d", "x", "0x3ff0000000000000", "0x4000000000000000")),
            "f": ("fadd", "fmul", "fdiv"),
        },
        "mov {r[1]}9, #{r[2]}; fmov {r[0]}9, {r[1]}9; {f} {r[0]}0, {r[0]}1, {r[0]}9",
        "fmov {r[0]}9, #1.0; {f} {r[0]}0, {r[0]}1, {r[0]}9",
        "{r[0]}0",
        (
            Wrong(
                "another number", source="mov {r[1]}9, #{r[3]}; fmov {r[0]}9, {r[1]}9; {f} {r[0]}0, {r[0]}1, {r[0]}9"
            ),
            Wrong("left out: a signalling NaN stays one", "fmov {r[0]}0, {r[0]}1", when="f != 'fadd'"),
            Wrong("the number is live", live="{r[0]}0 {r[1]}9"),
        ),
    ),
)
