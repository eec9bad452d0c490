"""Templates of flags and conditions: which instructions set the same ones, and which condition says the same.

After cmp a, b: eq is a = b, hs and hi are unsigned, ge and gt signed, mi is the sign of a - b, vs its overflow. After
a logic operation C and V are 0.
"""

from ...template import Template, Wrong

_R = ("w", "x")
_ALL = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split())
_SIGN = ("eq", "ne", "mi", "pl")  # hang on the result alone

TEMPLATES = (
    Template(
        "difference-and-compare",
        "subs leaves the difference, and the flags of cmp.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; cset w0, {c}; sub {r}3, {r}1, {r}2",
        "subs {r}3, {r}1, {r}2; cset w0, {c}",
        "w0 {r}3",
        (
            Wrong("the inverse condition", "subs {r}3, {r}1, {r}2; cset w0, {inv(c)}"),
            Wrong("operands swapped", "subs {r}3, {r}2, {r}1; cset w0, {c}"),
        ),
    ),
    Template(
        "compare-zero-after-difference",
        "Of a difference, N and Z hang on the result alone.",
        {"r": _R, "c": _SIGN},
        "sub {r}3, {r}1, {r}2; cmp {r}3, #0; cset w0, {c}",
        "subs {r}3, {r}1, {r}2; cset w0, {c}",
        "w0 {r}3",
        (
            Wrong(
                "signed order instead of the sign: overflow",
                "subs {r}3, {r}1, {r}2; cset w0, {'lt' if c == 'mi' else 'ge'}",
                when="c in ('mi', 'pl')",
            ),
            Wrong("the flags are live: C and V differ", live="w0 {r}3 nzcv"),
            Wrong("the sum", "adds {r}3, {r}1, {r}2; cset w0, {c}"),
        ),
    ),
    Template(
        "order-against-zero-of-difference",
        "Signed order against zero is not that of the operands, where the difference overflows.",
        {"r": _R, "c": ("lt", "ge")},
        "sub {r}3, {r}1, {r}2; cmp {r}3, #0; cset w0, {c}",
        "subs {r}3, {r}1, {r}2; cset w0, {'mi' if c == 'lt' else 'pl'}",
        "w0 {r}3",
        (
            Wrong("overflow forgotten", "subs {r}3, {r}1, {r}2; cset w0, {c}"),
            Wrong("greater for not less", "subs {r}3, {r}1, {r}2; cset w0, {'le' if c == 'lt' else 'gt'}"),
        ),
    ),
    Template(
        "compare-zero-after-sum",
        "Of a sum, N and Z hang on the result alone.",
        {"r": _R, "c": _SIGN, "o": ("{r}2", "#1", "#4095")},
        "add {r}3, {r}1, {o}; cmp {r}3, #0; cset w0, {c}",
        "adds {r}3, {r}1, {o}; cset w0, {c}",
        "w0 {r}3",
        (
            Wrong(
                "signed order instead of the sign: overflow",
                "adds {r}3, {r}1, {o}; cset w0, {'lt' if c == 'mi' else 'ge'}",
                when="c in ('mi', 'pl')",
            ),
            Wrong("C and V are live", live="w0 {r}3 nzcv"),
        ),
    ),
    Template(
        "compare-zero-after-logic",
        "ands and bics set N and Z of the result and clear C and V; "
        "cmp with 0 sets C and clears V: all agree but those on C.",
        {"r": _R, "c": ("eq", "ne", "mi", "pl", "ge", "lt", "gt", "le"), "op": (("and", "ands"), ("bic", "bics"))},
        "{op[0]} {r}3, {r}1, {r}2; cmp {r}3, #0; cset w0, {c}",
        "{op[1]} {r}3, {r}1, {r}2; cset w0, {c}",
        "w0 {r}3",
        (
            Wrong(
                "C after cmp with 0 is 1",
                "{op[1]} {r}3, {r}1, {r}2; cset w0, hi",
                "{op[0]} {r}3, {r}1, {r}2; cmp {r}3, #0; cset w0, hi",
            ),
            Wrong("the flags are live", live="w0 {r}3 nzcv"),
            Wrong("the inverse", "{op[1]} {r}3, {r}1, {r}2; cset w0, {inv(c)}"),
        ),
    ),
    Template(
        "test-for-compare-zero",
        "tst a, a sets N and Z as cmp a, #0 does; V is 0 with both.",
        {"r": _R, "c": ("eq", "ne", "mi", "pl", "ge", "lt", "gt", "le", "vs", "vc")},
        "cmp {r}1, #0; cset w0, {c}",
        "tst {r}1, {r}1; cset w0, {c}",
        "w0",
        (
            Wrong("higher needs C", "tst {r}1, {r}1; cset w0, hi", "cmp {r}1, #0; cset w0, hi"),
            Wrong("C is live", live="w0 nzcv"),
            Wrong(
                "the other width",
                "tst {'w' if r == 'x' else 'x'}1, {'w' if r == 'x' else 'x'}1; cset w0, {c}",
                when="c not in ('vs', 'vc')",
            ),
        ),
    ),
    Template(
        "test-of-mask",
        "and, then a comparison with 0, is tst.",
        {"r": _R, "c": ("eq", "ne", "ge", "lt"), "m": ("0x1", "0xff00", "0x80000000", "0x7ffffffe")},
        "and {r}9, {r}1, #{m}; cmp {r}9, #0; cset w0, {c}",
        "tst {r}1, #{m}; cset w0, {c}",
        "w0",
        (
            Wrong("the masked value is live", live="w0 {r}9"),
            Wrong("greater for not less", "tst {r}1, #{m}; cset w0, gt", when="c == 'ge'"),
            Wrong("compared, not tested", "mov {r}9, #{m}; cmp {r}1, {r}9; cset w0, {c}"),
        ),
    ),
    Template(
        "never-and-always",
        "After tst C and V are 0: vs, hs and hi never hold, and ge is pl.",
        {"r": _R, "c": (("vs", 0), ("vc", 1), ("hs", 0), ("lo", 1), ("hi", 0), ("ls", 1))},
        "tst {r}1, {r}2; cset w0, {c[0]}",
        "mov w0, #{c[1]}",
        "w0",
        (
            Wrong("always for never", "mov w0, #{1 - c[1]}"),
            Wrong("after cmp they may", source="cmp {r}1, {r}2; cset w0, {c[0]}"),
            Wrong("the flags are live", live="w0 nzcv"),
        ),
    ),
    Template(
        "negs-carry",
        "negs has C where the operand is 0, and V where it is the least number.",
        {"r": _R, "c": (("hs", "eq"), ("lo", "ne"), ("eq", "eq"), ("ne", "ne"))},
        "negs {r}3, {r}1; cset w0, {c[0]}",
        "neg {r}3, {r}1; cmp {r}1, #0; cset w0, {c[1]}",
        "w0 {r}3",
        (
            Wrong("the inverse", "neg {r}3, {r}1; cmp {r}1, #0; cset w0, {inv(c[1])}"),
            Wrong(
                "the result overwritten first",
                "neg {r}1, {r}1; mov {r}3, {r}1; cmp {r}1, #0; cset w0, {c[1]}; neg {r}3, {r}3",
            ),
            Wrong("the flags are live", live="w0 {r}3 nzcv"),
        ),
    ),
    Template(
        "carry-of-sum",
        "An unsigned sum wraps where it is below a summand.",
        {"r": _R, "x": (1, 2), "c": (("hs", "lo"), ("lo", "hs"))},
        "adds {r}3, {r}1, {r}2; cset w0, {c[0]}",
        "add {r}3, {r}1, {r}2; cmp {r}3, {r}{x}; cset w0, {c[1]}",
        "w0 {r}3",
        (
            Wrong(
                "equality counted as a carry, or not",
                "add {r}3, {r}1, {r}2; cmp {r}3, {r}{x}; cset w0, {'ls' if c[1] == 'lo' else 'hi'}",
            ),
            Wrong("overflow for carry", "adds {r}3, {r}1, {r}2; cset w0, {'vs' if c[0] == 'hs' else 'vc'}"),
            Wrong("signed order", "add {r}3, {r}1, {r}2; cmp {r}3, {r}{x}; cset w0, {'lt' if c[1] == 'lo' else 'ge'}"),
        ),
    ),
    Template(
        "overflow-of-sum",
        "A signed sum overflows where both summands have the sign that the sum has not.",
        {"r": _R, "op": ("adds", "subs")},
        "{op} {r}3, {r}1, {r}2; cset w0, vs",
        "{op[:3]} {r}3, {r}1, {r}2; eor {r}8, {r}1, {r}{3 if op == 'adds' else 2}; "
        "eor {r}9, {r}{2 if op == 'adds' else 1}, {r}3; and {r}9, {r}8, {r}9; lsr {r}0, {r}9, #{bits - 1}",
        "w0 {r}3",
        (
            Wrong("carry for overflow", "{op} {r}3, {r}1, {r}2; cset w0, hs"),
            Wrong(
                "one sign is enough",
                "{op[:3]} {r}3, {r}1, {r}2; eor {r}8, {r}1, {r}2; eor {r}9, {r}2, {r}3; orr {r}9, {r}8, {r}9; "
                "lsr {r}0, {r}9, #{bits - 1}",
            ),
        ),
    ),
    Template(
        "carry-added",
        "adc adds C, which cmp sets where a >= b.",
        {"r": _R, "x": (1, 3)},
        "cmp {r}1, {r}2; adc {r}0, {r}{x}, {r}zr",
        "cmp {r}1, {r}2; cinc {r}0, {r}{x}, hs",
        "{r}0",
        (
            Wrong("borrow for carry", "cmp {r}1, {r}2; cinc {r}0, {r}{x}, lo"),
            Wrong("equality forgotten", "cmp {r}1, {r}2; cinc {r}0, {r}{x}, hi"),
            Wrong("signed", "cmp {r}1, {r}2; cinc {r}0, {r}{x}, ge"),
        ),
    ),
    Template(
        "borrow-subtracted",
        "sbc takes off 1 - C: the borrow of cmp, where a < b.",
        {"r": _R, "t": (0, 1)},
        "cmp {r}1, {r}2; sbc {r}0, {r}3, {r}zr",
        "cmp {r}1, {r}2; csetm {r}9, lo; add {r}0, {r}{3 if t else 9}, {r}{9 if t else 3}",
        "{r}0",
        (
            Wrong("carry for borrow", "cmp {r}1, {r}2; csetm {r}9, hs; add {r}0, {r}3, {r}9"),
            Wrong("added", "cmp {r}1, {r}2; cset {r}9, lo; add {r}0, {r}3, {r}9"),
        ),
    ),
    Template(
        "borrow-in-all-bits",
        "ngc of zero is -(borrow): all bits set where a < b.",
        {"r": _R, "f": ("ngc {r}0, {r}zr", "sbc {r}0, {r}zr, {r}zr", "sbc {r}0, {r}5, {r}5")},
        "cmp {r}1, {r}2; csetm {r}0, lo",
        "cmp {r}1, {r}2; {f}",
        "{r}0",
        (
            Wrong("the inverse", source="cmp {r}1, {r}2; csetm {r}0, hs"),
            Wrong("equality counted in", source="cmp {r}1, {r}2; csetm {r}0, ls"),
            Wrong("signed", source="cmp {r}1, {r}2; csetm {r}0, lt"),
        ),
    ),
    Template(
        "carry-doubled",
        "adc of a register with itself shifts C in from below.",
        {"r": _R, "c": ("adc", "adcs")},
        "cmp {r}1, {r}2; cset {r}9, hs; orr {r}0, {r}9, {r}3, lsl #1",
        "cmp {r}1, {r}2; {c} {r}0, {r}3, {r}3",
        "{r}0",
        (
            Wrong("borrow shifted in", source="cmp {r}1, {r}2; cset {r}9, lo; orr {r}0, {r}9, {r}3, lsl #1"),
            Wrong("the flags of cmp are live", live="{r}0 nzcv", when="c == 'adcs'"),
        ),
    ),
    Template(
        "both-conditions",
        "ccmp compares only where the condition holds; else its flags make the last one fail: both hold.",
        {"r": _R, "c": _ALL, "k": _ALL},
        "cmp {r}1, {r}2; cset w8, {c}; cmp {r}3, {r}4; cset w9, {k}; and w0, w8, w9",
        "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{fails(k)}, {c}; cset w0, {k}",
        "w0",
        (
            Wrong("the flags make it hold", "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{holds(k)}, {c}; cset w0, {k}"),
            Wrong(
                "the first condition inverted", "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{fails(k)}, {inv(c)}; cset w0, {k}"
            ),
            Wrong(
                "either for both", source="cmp {r}1, {r}2; cset w8, {c}; cmp {r}3, {r}4; cset w9, {k}; orr w0, w8, w9"
            ),
            Wrong("the scratch registers are live", live="w0 w8"),
        ),
    ),
    Template(
        "either-condition",
        "The flags make the last condition hold where the first holds: one of them does.",
        {"r": _R, "c": _ALL, "k": _ALL},
        "cmp {r}1, {r}2; cset w8, {c}; cmp {r}3, #7; cset w9, {k}; orr w0, w8, w9",
        "cmp {r}1, {r}2; ccmp {r}3, #7, #{holds(k)}, {inv(c)}; cset w0, {k}",
        "w0",
        (
            Wrong("the flags make it fail", "cmp {r}1, {r}2; ccmp {r}3, #7, #{fails(k)}, {inv(c)}; cset w0, {k}"),
            Wrong("the condition not inverted", "cmp {r}1, {r}2; ccmp {r}3, #7, #{holds(k)}, {c}; cset w0, {k}"),
            Wrong(
                "ccmn for ccmp",
                "cmp {r}1, {r}2; ccmn {r}3, #7, #{holds(k)}, {inv(c)}; cset w0, {k}",
                when="k not in ('vs', 'vc')",
            ),
        ),
    ),
    Template(
        "both-with-negative",
        "ccmn compares with the negative.",
        {"r": _R, "c": ("eq", "lt", "hi", "vs"), "k": ("eq", "ne", "ge", "lo", "gt"), "n": (1, 31)},
        "cmp {r}1, {r}2; cset w8, {c}; cmn {r}3, #{n}; cset w9, {k}; and w0, w8, w9",
        "cmp {r}1, {r}2; ccmn {r}3, #{n}, #{fails(k)}, {c}; cset w0, {k}",
        "w0",
        (
            Wrong("ccmp for ccmn", "cmp {r}1, {r}2; ccmp {r}3, #{n}, #{fails(k)}, {c}; cset w0, {k}"),
            Wrong("off by one", "cmp {r}1, {r}2; ccmn {r}3, #{n - 1}, #{fails(k)}, {c}; cset w0, {k}"),
        ),
    ),
    Template(
        "flags-recomputed",
        "What changes no operand of a comparison in between leaves its flags to be used again.",
        {"r": _R, "c": _ALL, "k": _ALL},
        "cmp {r}1, {r}2; cset w3, {c}; cmp {r}1, {r}2; cset w4, {k}",
        "cmp {r}1, {r}2; cset w3, {c}; cset w4, {k}",
        "w3 w4 nzcv",
        (
            Wrong(
                "an operand changed in between",
                source="cmp {r}1, {r}2; cset w1, {c}; cmp {r}1, {r}2; cset w4, {k}",
                target="cmp {r}1, {r}2; cset w1, {c}; cset w4, {k}",
                live="w1 w4",
            ),
            Wrong("the flags clobbered in between", "cmp {r}1, {r}2; cset w3, {c}; cmp w3, #0; cset w4, {k}"),
        ),
    ),
    Template(
        "flags-dead",
        "Flags that nothing reads need not be set.",
        {"r": _R, "op": (("adds", "add"), ("subs", "sub"), ("ands", "and"), ("bics", "bic")), "d": (1, 3)},
        "{op[0]} {r}{d}, {r}1, {r}2",
        "{op[1]} {r}{d}, {r}1, {r}2",
        "{r}{d}",
        (
            Wrong("the flags are live", live="{r}{d} nzcv"),
            Wrong("another operation", "{'orr' if op[1] in ('and', 'bic') else 'and'} {r}{d}, {r}1, {r}2"),
        ),
    ),
)
