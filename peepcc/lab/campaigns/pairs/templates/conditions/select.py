"""Templates of conditional selection: what folds into csel, csinc, csinv and csneg and their aliases."""

from ...template import Template, Wrong

_R = ("w", "x")
_ALL = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split())

TEMPLATES = (
    Template(
        "inverted",
        "The inverse condition selects from exchanged operands.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; csel {r}0, {r}3, {r}4, {c}",
        "cmp {r}1, {r}2; csel {r}0, {r}4, {r}3, {inv(c)}",
        "{r}0 nzcv",
        (
            Wrong("operands not exchanged", "cmp {r}1, {r}2; csel {r}0, {r}3, {r}4, {inv(c)}"),
            Wrong("condition not inverted", "cmp {r}1, {r}2; csel {r}0, {r}4, {r}3, {c}"),
            Wrong(
                "the flags are live and clobbered",
                "cmp {r}2, {r}1; csel {r}0, {r}3, {r}4, {swap(c)}",
                when="c not in ('mi', 'pl', 'vs', 'vc')",
            ),
        ),
    ),
    Template(
        "number-added",
        "Adding 1 where a condition holds is cinc.",
        {"r": _R, "c": _ALL, "t": (0, 1)},
        "cmp {r}1, {r}2; cset {r}9, {c}; add {r}0, {r}{3 if t else 9}, {r}{9 if t else 3}",
        "cmp {r}1, {r}2; cinc {r}0, {r}3, {c}",
        "{r}0",
        (
            Wrong("the inverse condition", "cmp {r}1, {r}2; cinc {r}0, {r}3, {inv(c)}"),
            Wrong("the number is live", live="{r}0 {r}9"),
            Wrong("the complement", "cmp {r}1, {r}2; cinv {r}0, {r}3, {c}"),
        ),
    ),
    Template(
        "number-subtracted",
        "Subtracting 1 where a condition holds is adding all bits set.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; cset {r}9, {c}; sub {r}0, {r}3, {r}9",
        "cmp {r}1, {r}2; csetm {r}9, {c}; add {r}0, {r}3, {r}9",
        "{r}0",
        (
            Wrong("added", "cmp {r}1, {r}2; cinc {r}0, {r}3, {c}"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "number-multiplied",
        "A product with 0 or 1 is the other factor or 0; so is an and with none or all bits.",
        {"r": _R, "c": _ALL, "f": (("cset", "mul"), ("csetm", "and"), ("csetm", "mneg"))},
        "cmp {r}1, {r}2; {f[0]} {r}9, {c}; {f[1]} {r}0, {r}3, {r}9",
        "cmp {r}1, {r}2; csel {r}0, {r}3, {r}zr, {c}",
        "{r}0",
        (
            Wrong("the inverse condition", "cmp {r}1, {r}2; csel {r}0, {r}3, {r}zr, {inv(c)}"),
            Wrong("one for zero", "cmp {r}1, {r}2; csinc {r}0, {r}3, {r}zr, {c}"),
        ),
    ),
    Template(
        "mask-ored",
        "An or with all bits set is all bits set: csinv from zero.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; csetm {r}9, {c}; orr {r}0, {r}3, {r}9",
        "cmp {r}1, {r}2; csinv {r}0, {r}3, {r}zr, {inv(c)}",
        "{r}0",
        (
            Wrong("the condition not inverted", "cmp {r}1, {r}2; csinv {r}0, {r}3, {r}zr, {c}"),
            Wrong("one for all bits", "cmp {r}1, {r}2; csinc {r}0, {r}3, {r}zr, {inv(c)}"),
        ),
    ),
    Template(
        "mask-exclusive",
        "An exclusive or with all bits set is the complement; less the mask it is the negative.",
        {"r": _R, "c": _ALL, "n": (0, 1)},
        "cmp {r}1, {r}2; csetm {r}9, {c}; eor {r}0, {r}3, {r}9{'; sub {r}0, {r}0, {r}9' if n else ''}",
        "cmp {r}1, {r}2; {'cneg' if n else 'cinv'} {r}0, {r}3, {c}",
        "{r}0",
        (
            Wrong("the inverse condition", "cmp {r}1, {r}2; {'cneg' if n else 'cinv'} {r}0, {r}3, {inv(c)}"),
            Wrong(
                "negative for complement, or the reverse", "cmp {r}1, {r}2; {'cinv' if n else 'cneg'} {r}0, {r}3, {c}"
            ),
        ),
    ),
    Template(
        "operation-then-select",
        "csinc, csinv and csneg select a register or another plus one, complemented or negated.",
        {
            "r": _R,
            "c": _ALL,
            "f": (("add {r}9, {r}4, #1", "csinc"), ("mvn {r}9, {r}4", "csinv"), ("neg {r}9, {r}4", "csneg")),
        },
        "cmp {r}1, {r}2; {f[0]}; csel {r}0, {r}3, {r}9, {c}",
        "cmp {r}1, {r}2; {f[1]} {r}0, {r}3, {r}4, {c}",
        "{r}0",
        (
            Wrong("the other one changed", "cmp {r}1, {r}2; {f[1]} {r}0, {r}4, {r}3, {c}"),
            Wrong("the inverse condition", "cmp {r}1, {r}2; {f[1]} {r}0, {r}3, {r}4, {inv(c)}"),
            Wrong("another change", "cmp {r}1, {r}2; {'csneg' if f[1] == 'csinv' else 'csinv'} {r}0, {r}3, {r}4, {c}"),
            Wrong("the changed one is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "number-tested-again",
        "A comparison of 0 or 1 with 0 finds the condition again.",
        {"r": _R, "c": _ALL, "k": ("ne", "eq")},
        "cmp {r}1, {r}2; cset w9, {c}; cmp w9, #0; csel {r}0, {r}3, {r}4, {k}",
        "cmp {r}1, {r}2; csel {r}0, {r}3, {r}4, {c if k == 'ne' else inv(c)}",
        "{r}0",
        (
            Wrong("the inverse condition", "cmp {r}1, {r}2; csel {r}0, {r}3, {r}4, {inv(c) if k == 'ne' else c}"),
            Wrong("the flags are live", live="{r}0 nzcv"),
        ),
    ),
    Template(
        "number-inverted",
        "1 less 0 or 1, or its exclusive or with 1, is that of the inverse condition.",
        {"r": _R, "c": _ALL, "f": ("eor {r}0, {r}9, #1", "mov {r}8, #1; sub {r}0, {r}8, {r}9")},
        "cmp {r}1, {r}2; cset {r}9, {c}; {f}",
        "cmp {r}1, {r}2; cset {r}0, {inv(c)}",
        "{r}0",
        (
            Wrong("not inverted", "cmp {r}1, {r}2; cset {r}0, {c}"),
            Wrong("all bits", "cmp {r}1, {r}2; csetm {r}0, {inv(c)}"),
        ),
    ),
    Template(
        "number-negated",
        "The negative of 0 or 1 is no bits or all.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; cset {r}9, {c}; neg {r}0, {r}9",
        "cmp {r}1, {r}2; csetm {r}0, {c}",
        "{r}0",
        (
            Wrong("the inverse", "cmp {r}1, {r}2; csetm {r}0, {inv(c)}"),
            Wrong("of the word only", "cmp {r}1, {r}2; csetm w0, {c}", when="r == 'x'"),
            Wrong("complement for negative", source="cmp {r}1, {r}2; cset {r}9, {c}; mvn {r}0, {r}9"),
        ),
    ),
    Template(
        "number-shifted",
        "0 or 1, shifted and or-ed into what has no such bit, is added.",
        {"r": _R, "c": _ALL, "n": (1, 4, 31)},
        "cmp {r}1, {r}2; cset {r}9, {c}; lsl {r}8, {r}3, #{n}; orr {r}0, {r}8, {r}9",
        "cmp {r}1, {r}2; lsl {r}8, {r}3, #{n}; cinc {r}0, {r}8, {c}",
        "{r}0",
        (
            Wrong("shifted afterwards", "cmp {r}1, {r}2; cinc {r}8, {r}3, {c}; lsl {r}0, {r}8, #{n}"),
            Wrong(
                "the bit may be set",
                "cmp {r}1, {r}2; cinc {r}0, {r}3, {c}",
                "cmp {r}1, {r}2; cset {r}9, {c}; orr {r}0, {r}3, {r}9",
            ),
        ),
    ),
    Template(
        "word-number-is-wide",
        "cset of a w register clears the upper half, so that it is cset of the x register; csetm is not.",
        {"c": _ALL},
        "cmp w1, w2; cset w0, {c}",
        "cmp w1, w2; cset x0, {c}",
        "x0",
        (
            Wrong("all bits of the word or of all", "cmp w1, w2; csetm x0, {c}", "cmp w1, w2; csetm w0, {c}"),
            Wrong("compared wide", "cmp x1, x2; cset x0, {c}"),
        ),
    ),
    Template(
        "selected-twice",
        "Under one condition a second selection sees what the first one took.",
        {"r": _R, "c": _ALL, "s": ("csel", "csinc", "csinv", "csneg")},
        "cmp {r}1, {r}2; csel {r}9, {r}3, {r}4, {c}; {s} {r}0, {r}9, {r}5, {c}",
        "cmp {r}1, {r}2; {s} {r}0, {r}3, {r}5, {c}",
        "{r}0",
        (
            Wrong("the other one", "cmp {r}1, {r}2; {s} {r}0, {r}4, {r}5, {c}"),
            Wrong(
                "under the inverse condition",
                source="cmp {r}1, {r}2; csel {r}9, {r}3, {r}4, {c}; {s} {r}0, {r}9, {r}5, {inv(c)}",
            ),
        ),
    ),
    Template(
        "equal-is-the-other",
        "Where a = b is what decides, a and b are one value.",
        {"r": _R, "c": ("eq", "ne")},
        "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, {c}",
        "mov {r}0, {r}{2 if c == 'eq' else 1}",
        "{r}0",
        (
            Wrong("the other one", "mov {r}0, {r}{1 if c == 'eq' else 2}"),
            Wrong("the flags are live", live="{r}0 nzcv"),
            Wrong("equal low halves are not equal", source="cmp w1, w2; csel x0, x1, x2, {c}", when="r == 'x'"),
        ),
    ),
    Template(
        "selected-sum",
        "Adding to what is selected is selecting between sums; with one operand 0 csel does it.",
        {"r": _R, "c": _ALL, "op": ("add", "sub", "orr", "eor")},
        "cmp {r}1, {r}2; csel {r}9, {r}3, {r}zr, {c}; {op} {r}0, {r}4, {r}9",
        "cmp {r}1, {r}2; {op} {r}9, {r}4, {r}3; csel {r}0, {r}9, {r}4, {c}",
        "{r}0",
        (
            Wrong("the other one", "cmp {r}1, {r}2; {op} {r}9, {r}4, {r}3; csel {r}0, {r}4, {r}9, {c}"),
            Wrong("zero for the operand", "cmp {r}1, {r}2; {op} {r}9, {r}4, {r}3; csel {r}0, {r}9, {r}zr, {c}"),
            Wrong(
                "zero is not neutral",
                "cmp {r}1, {r}2; and {r}9, {r}4, {r}3; csel {r}0, {r}9, {r}4, {c}",
                "cmp {r}1, {r}2; csel {r}9, {r}3, {r}zr, {c}; and {r}0, {r}4, {r}9",
            ),
        ),
    ),
    Template(
        "known-comparison",
        "Of numbers known to be small a comparison with a larger one is decided.",
        {"r": _R, "n": (4, 8, 11), "c": (("lo", 1), ("hs", 0), ("lt", 1), ("ge", 0), ("gt", 0), ("eq", 0))},
        "cmp {r}1, #{2 ** n}; csel {r}0, {r}2, {r}3, {c[0]}",
        "mov {r}0, {r}{2 if c[1] else 3}",
        "{r}0",
        (
            Wrong("known one bit too weakly", known="x1 zext {n + 1}"),
            Wrong(
                "the number is too small by one",
                source="cmp {r}1, #{2 ** n - 1}; csel {r}0, {r}2, {r}3, {c[0]}",
                when="c[0] != 'gt'",
            ),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "minus-one-or-zero-known",
        "Known to be 0 or 1, a number is its own condition.",
        {"r": _R, "k": ("ne", "eq")},
        "cmp {r}1, #0; cset {r}0, {k}",
        "{'mov {r}0, {r}1' if k == 'ne' else 'eor {r}0, {r}1, #1'}",
        "{r}0",
        (
            Wrong("known one bit too weakly", known="x1 zext 2"),
            Wrong("inverted", "{'mov {r}0, {r}1' if k == 'eq' else 'eor {r}0, {r}1, #1'}"),
            Wrong("known by its sign: 0 or -1", known="x1 sext 1"),
        ),
        known="x1 zext 1",
    ),
)
