"""Templates of quotients, overflow of products, and numbers of two registers."""

from ...template import Template, Wrong

_R = ("w", "x")
_SIGNED = ("u", "s")

TEMPLATES = (
    Template(
        "quotient-by-power",
        "An unsigned quotient by 2^n is a shift right by n.",
        {"r": _R, "n": (0, 1, 3, 16, 31)},
        "mov {r}9, #{hex(1 << n)}; udiv {r}0, {r}1, {r}9",
        "lsr {r}0, {r}1, #{n}",
        "{r}0",
        (
            Wrong("signed", source="mov {r}9, #{hex(1 << n)}; sdiv {r}0, {r}1, {r}9", when="n"),
            Wrong("off by one", "lsr {r}0, {r}1, #{n + 1 if n < 31 else 30}"),
            Wrong("the sign drawn in", "asr {r}0, {r}1, #{n}", when="n"),
        ),
    ),
    Template(
        "signed-quotient-by-power",
        "A signed quotient rounds toward zero: 2^n - 1 is added first where the number is negative.",
        {"r": _R, "n": (1, 2, 4, 12)},
        "mov {r}9, #{hex(1 << n)}; sdiv {r}0, {r}1, {r}9",
        "asr {r}9, {r}1, #{bits - 1}; add {r}9, {r}1, {r}9, lsr #{bits - n}; asr {r}0, {r}9, #{n}",
        "{r}0",
        (
            Wrong("rounded down", "asr {r}0, {r}1, #{n}"),
            Wrong(
                "added too much",
                "asr {r}9, {r}1, #{bits - 1}; add {r}9, {r}1, {r}9, lsr #{bits - n - 1}; asr {r}0, {r}9, #{n}",
            ),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "signed-quotient-by-selection",
        "The same with csel.",
        {"r": _R, "n": (1, 3, 8)},
        "mov {r}9, #{hex(1 << n)}; sdiv {r}0, {r}1, {r}9",
        "add {r}9, {r}1, #{2 ** n - 1}; cmp {r}1, #0; csel {r}9, {r}9, {r}1, lt; asr {r}0, {r}9, #{n}",
        "{r}0",
        (
            Wrong(
                "zero and below for below",
                "add {r}9, {r}1, #{2 ** n}; cmp {r}1, #0; csel {r}9, {r}9, {r}1, lt; asr {r}0, {r}9, #{n}",
            ),
            Wrong(
                "the wrong one adjusted",
                "add {r}9, {r}1, #{2 ** n - 1}; cmp {r}1, #0; csel {r}9, {r}9, {r}1, ge; asr {r}0, {r}9, #{n}",
            ),
            Wrong("the flags are live", live="{r}0 nzcv"),
        ),
    ),
    Template(
        "quotient-of-known",
        "Of numbers known not to be negative the signed quotient is the unsigned one.",
        {"r": _R, "n": (8, 16, 31)},
        "sdiv {r}0, {r}1, {r}2",
        "udiv {r}0, {r}1, {r}2",
        "{r}0",
        (
            Wrong("one may be negative", known="x1 zext {n}"),
            Wrong("known one bit too weakly", known="x1 zext {bits}; x2 zext {n}"),
        ),
        known="x1 zext {n}; x2 zext {n}",
    ),
    Template(
        "wide-quotient-of-words",
        "The unsigned quotient of zero-extended words is that of the words.",
        {"n": (8, 16, 32)},
        "udiv x0, x1, x2",
        "udiv w0, w1, w2",
        "x0",
        (
            Wrong("known one bit too weakly", known="x1 zext 33; x2 zext {n}"),
            Wrong("signed", "sdiv w0, w1, w2", when="n == 32"),
        ),
        known="x1 zext {n}; x2 zext {n}",
    ),
    Template(
        "remainder",
        "a - (a / b)b is the remainder; a where b is 0.",
        {"r": _R, "s": _SIGNED},
        "{s}div {r}8, {r}1, {r}2; mul {r}9, {r}8, {r}2; sub {r}0, {r}1, {r}9",
        "{s}div {r}8, {r}1, {r}2; msub {r}0, {r}8, {r}2, {r}1",
        "{r}0",
        (
            Wrong(
                "the other signedness", "{'s' if s == 'u' else 'u'}div {r}8, {r}1, {r}2; msub {r}0, {r}8, {r}2, {r}1"
            ),
            Wrong("the quotient times the number", "{s}div {r}8, {r}1, {r}2; msub {r}0, {r}8, {r}1, {r}2"),
            Wrong(
                "0 where the divisor is 0",
                "{s}div {r}8, {r}1, {r}2; msub {r}0, {r}8, {r}2, {r}1; cmp {r}2, #0; csel {r}0, {r}zr, {r}0, eq",
            ),
        ),
    ),
    Template(
        "remainder-by-power",
        "An unsigned remainder by 2^n is the low n bits.",
        {"r": _R, "n": (1, 3, 8, 16)},
        "mov {r}9, #{hex(1 << n)}; udiv {r}8, {r}1, {r}9; msub {r}0, {r}8, {r}9, {r}1",
        "and {r}0, {r}1, #{hex((1 << n) - 1)}",
        "{r}0",
        (
            Wrong("one bit too many", "and {r}0, {r}1, #{hex((1 << n + 1) - 1)}"),
            Wrong("signed", source="mov {r}9, #{hex(1 << n)}; sdiv {r}8, {r}1, {r}9; msub {r}0, {r}8, {r}9, {r}1"),
        ),
    ),
    Template(
        "signed-remainder-by-power",
        "A signed remainder by 2^n: the low bits of |a| with the sign of a.",
        {"r": _R, "n": (1, 2, 5)},
        "mov {r}9, #{hex(1 << n)}; sdiv {r}8, {r}1, {r}9; msub {r}0, {r}8, {r}9, {r}1",
        "cmp {r}1, #0; cneg {r}9, {r}1, lt; and {r}9, {r}9, #{hex((1 << n) - 1)}; cneg {r}0, {r}9, lt",
        "{r}0",
        (
            Wrong("sign lost", "cmp {r}1, #0; cneg {r}9, {r}1, lt; and {r}0, {r}9, #{hex((1 << n) - 1)}"),
            Wrong("never negative", "and {r}0, {r}1, #{hex((1 << n) - 1)}"),
        ),
    ),
    Template(
        "quotient-by-itself",
        "a / 1 is a; 0 / a is 0, for a = 0 too.",
        {
            "r": _R,
            "s": _SIGNED,
            "k": (
                ("mov {r}9, #1; {s}div {r}0, {r}1, {r}9", "mov {r}0, {r}1"),
                ("{s}div {r}0, {r}zr, {r}1", "mov {r}0, {r}zr"),
            ),
        },
        "{k[0]}",
        "{k[1]}",
        "{r}0",
        (Wrong("by itself is not always 1", "mov {r}0, #1", "{s}div {r}0, {r}1, {r}1"),),
    ),
    Template(
        "quotient-by-minus-one",
        "A signed quotient by -1 is the negative, of the least number itself.",
        {"r": _R, "x": (0, 1)},
        "mov {r}9, #-1; sdiv {r}{x}, {r}1, {r}9",
        "neg {r}{x}, {r}1",
        "{r}{x}",
        (
            Wrong("unsigned", source="mov {r}9, #-1; udiv {r}{x}, {r}1, {r}9"),
            Wrong("complement for negative", "mvn {r}{x}, {r}1"),
        ),
    ),
    Template(
        "sum-of-two-registers",
        "adds and adcs add numbers of two registers; C goes on as 0 or 1.",
        {"f": ("cset", "cinc"), "x": (3, 4)},
        "adds x0, x0, x2; adc x1, x{x}, x1",
        "add x0, x0, x2; cmp x0, x2; {'cset x9, lo; add x9, x9, x{x}' if f == 'cset' else 'cinc x9, x{x}, lo'}; "
        "add x1, x1, x9",
        "x0 x1",
        (
            Wrong(
                "carry counted where the sum is equal", "add x0, x0, x2; cmp x0, x2; cinc x9, x{x}, ls; add x1, x1, x9"
            ),
            Wrong("carry lost", "add x0, x0, x2; add x1, x1, x{x}"),
            Wrong("borrow for carry", "adds x0, x0, x2; sbc x1, x{x}, x1"),
        ),
    ),
    Template(
        "difference-of-two-registers",
        "subs and sbc subtract; not-C is the borrow.",
        {"f": ("csetm", "cset")},
        "subs x0, x0, x2; sbc x1, x1, x3",
        "cmp x0, x2; sub x0, x0, x2; sub x1, x1, x3; "
        "{'csetm x9, lo; add x1, x1, x9' if f == 'csetm' else 'cset x9, lo; sub x1, x1, x9'}",
        "x0 x1",
        (
            Wrong("borrow lost", "sub x0, x0, x2; sub x1, x1, x3"),
            Wrong(
                "compared after the change", "sub x0, x0, x2; cmp x0, x2; sub x1, x1, x3; csetm x9, lo; add x1, x1, x9"
            ),
            Wrong("carry for borrow", "cmp x0, x2; sub x0, x0, x2; sub x1, x1, x3; cset x9, hs; sub x1, x1, x9"),
        ),
    ),
    Template(
        "sum-commutes-over-carry",
        "adds and adcs do not hang on the order of their operands, in any flag.",
        {"f": ("adcs", "adc"), "c": ("hs", "vs", "mi", "eq")},
        "adds x0, x1, x2; adcs x3, x4, x5; cset w6, {c}",
        "adds x0, x2, x1; adcs x3, x5, x4; cset w6, {c}",
        "x0 x3 w6",
        (
            Wrong("carry taken from the other sum", "adds x3, x5, x4; adcs x0, x2, x1; cset w6, {c}"),
            Wrong("carry not taken", "adds x0, x2, x1; adds x3, x5, x4; cset w6, {c}"),
        ),
    ),
    Template(
        "order-of-two-registers",
        "cmp and sbcs set the flags of a comparison of numbers of two registers; Z is that of the upper ones alone.",
        {"c": ("hs", "lo", "ge", "lt")},
        "cmp x0, x2; sbcs x9, x1, x3; cset w5, {c}",
        "cmp x0, x2; cset w8, {'hs' if c in ('hs', 'ge') else 'lo'}; cmp x1, x3; "
        "cset w9, {'hi' if c == 'hs' else 'lo' if c == 'lo' else 'gt' if c == 'ge' else 'lt'}; csel w5, w8, w9, eq",
        "w5",
        (
            Wrong(
                "the lower ones compared signed",
                "cmp x0, x2; cset w8, {'ge' if c in ('hs', 'ge') else 'lt'}; cmp x1, x3; "
                "cset w9, {'hi' if c == 'hs' else 'lo' if c == 'lo' else 'gt' if c == 'ge' else 'lt'}; "
                "csel w5, w8, w9, eq",
            ),
            Wrong("equality of the upper ones alone", "cmp x1, x3; cset w5, {c}"),
        ),
    ),
    Template(
        "equality-of-two-registers",
        "Two are equal where no bit of either differs; ccmp goes on where the first is equal.",
        {"c": ("eq", "ne")},
        "cmp x0, x2; ccmp x1, x3, #0, eq; cset w5, {c}",
        "eor x8, x0, x2; eor x9, x1, x3; orr x9, x8, x9; cmp x9, #0; cset w5, {c}",
        "w5",
        (
            Wrong("compared by sbcs: Z is of the upper ones alone", "cmp x0, x2; sbcs x9, x1, x3; cset w5, {c}"),
            Wrong("and for or", "eor x8, x0, x2; eor x9, x1, x3; and x9, x8, x9; cmp x9, #0; cset w5, {c}"),
            Wrong("the flags make it equal", source="cmp x0, x2; ccmp x1, x3, #4, eq; cset w5, {c}"),
        ),
    ),
    Template(
        "shift-of-two-registers",
        "A shift of a number of two registers moves bits from one into the other.",
        {"n": (1, 7, 31, 63), "s": ("lsr", "asr")},
        "extr x8, x1, x0, #{n}; {s} x9, x1, #{n}; mov x0, x8; mov x1, x9",
        "lsr x8, x0, #{n}; orr x0, x8, x1, lsl #{64 - n}; {s} x1, x1, #{n}",
        "x0 x1",
        (
            Wrong(
                "the upper one shifted first",
                "{s} x9, x1, #{n}; lsr x8, x0, #{n}; orr x0, x8, x9, lsl #{64 - n}; mov x1, x9",
            ),
            Wrong("nothing moved", "lsr x0, x0, #{n}; {s} x1, x1, #{n}"),
        ),
    ),
    Template(
        "negative-of-two-registers",
        "negs and ngc negate: the upper one is complemented, and negated where the lower one is 0.",
        {"t": (0,)},
        "negs x0, x0; ngc x1, x1",
        "cmp x0, #0; neg x0, x0; mvn x1, x1; cinc x1, x1, eq",
        "x0 x1",
        (
            Wrong("both negated", "neg x0, x0; neg x1, x1"),
            Wrong("both complemented", "neg x0, x0; mvn x1, x1"),
            Wrong("the inverse", "cmp x0, #0; neg x0, x0; mvn x1, x1; cinc x1, x1, ne"),
        ),
    ),
    Template(
        "product-halves",
        "mul is the low half of a product, of signed numbers too.",
        {"s": _SIGNED, "d": (0, 1)},
        "mul x8, x1, x2; {s}mulh x9, x1, x2; mov x{d}, x8; mov x3, x9",
        "{s}mulh x3, x1, x2; mul x{d}, x1, x2",
        "x{d} x3",
        (
            Wrong("a factor overwritten first", "mul x1, x1, x2; {s}mulh x3, x1, x2; mov x{d}, x1", when="d == 0"),
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}mulh x3, x1, x2; mul x{d}, x1, x2"),
            Wrong("the halves exchanged", "{s}mulh x{d}, x1, x2; mul x3, x1, x2", when="d == 0"),
        ),
    ),
    Template(
        "product-overflow",
        "A product of words fits 32 bits where the upper half is 0.",
        {"c": ("eq", "ne")},
        "umull x9, w1, w2; lsr x9, x9, #32; cmp x9, #0; cset w0, {c}",
        "umull x9, w1, w2; cmp xzr, x9, lsr #32; cset w0, {c}",
        "w0",
        (
            Wrong("off by one bit", "umull x9, w1, w2; cmp xzr, x9, lsr #31; cset w0, {c}"),
            Wrong("signed", "smull x9, w1, w2; cmp xzr, x9, lsr #32; cset w0, {c}"),
            Wrong("V and C are live", live="w0 nzcv"),
        ),
    ),
    Template(
        "signed-product-overflow",
        "A signed product fits 32 bits where extending its low half gives it back.",
        {"c": ("eq", "ne")},
        "smull x9, w1, w2; sxtw x8, w9; cmp x9, x8; cset w0, {c}",
        "smull x9, w1, w2; cmp x9, w9, sxtw; cset w0, {c}",
        "w0 nzcv",
        (
            Wrong("zeros for the sign", "smull x9, w1, w2; cmp x9, w9, uxtw; cset w0, {c}"),
            Wrong("unsigned product", "umull x9, w1, w2; cmp x9, w9, sxtw; cset w0, {c}"),
        ),
    ),
)
