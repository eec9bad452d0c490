"""Templates of products: narrow, long and high ones, with sums and with constants."""

from ...template import Template, Wrong

_R = ("w", "x")
_SIGNED = ("u", "s")

TEMPLATES = (
    Template(
        "product-into-sum",
        "madd and msub add a product to, or take it from, a register.",
        {"r": _R, "f": (("add", "madd"), ("sub", "msub"))},
        "mul {r}9, {r}1, {r}2; {f[0]} {r}0, {r}3, {r}9",
        "{f[1]} {r}0, {r}1, {r}2, {r}3",
        "{r}0",
        (
            Wrong(
                "added for subtracted, or the reverse", "{'msub' if f[1] == 'madd' else 'madd'} {r}0, {r}1, {r}2, {r}3"
            ),
            Wrong("another addend", "{f[1]} {r}0, {r}3, {r}2, {r}1"),
            Wrong("the product is live", live="{r}0 {r}9"),
            Wrong("from the product", source="mul {r}9, {r}1, {r}2; sub {r}0, {r}9, {r}3"),
        ),
    ),
    Template(
        "product-negated",
        "-(ab) is (-a)b is a(-b).",
        {
            "r": _R,
            "f": (
                "neg {r}9, {r}1; mul {r}0, {r}9, {r}2",
                "neg {r}9, {r}2; mul {r}0, {r}1, {r}9",
                "mul {r}9, {r}1, {r}2; neg {r}0, {r}9",
            ),
        },
        "{f}",
        "mneg {r}0, {r}1, {r}2",
        "{r}0",
        (
            Wrong("sign lost", "mul {r}0, {r}1, {r}2"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
            Wrong("complement for negative", source="mvn {r}9, {r}1; mul {r}0, {r}9, {r}2"),
        ),
    ),
    Template(
        "product-with-power",
        "A product with 2^n is a shift left by n.",
        {"r": _R, "n": (1, 3, 16, 31)},
        "mov {r}9, #{hex(1 << n)}; mul {r}0, {r}1, {r}9",
        "lsl {r}0, {r}1, #{n}",
        "{r}0",
        (
            Wrong("off by one", "lsl {r}0, {r}1, #{n - 1}"),
            Wrong(
                "one more than the power",
                source="mov {r}9, #{hex((1 << n) + 1)}; mul {r}0, {r}1, {r}9",
                when="n < 16 and n > 1",
            ),
            Wrong("the factor is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "product-near-power",
        "a(2^n + 1) is (a << n) + a; a(2^n - 1) is (a << n) - a.",
        {"r": _R, "n": (1, 2, 3, 7), "d": (1, -1), "x": (0, 1)},
        "mov {r}9, #{2 ** n + d}; mul {r}{x}, {r}1, {r}9",
        "{'add {r}{x}, {r}1, {r}1, lsl #{n}' if d > 0 else 'lsl {r}9, {r}1, #{n}; sub {r}{x}, {r}9, {r}1'}",
        "{r}{x}",
        (
            Wrong(
                "one too many or too few",
                "{'add {r}{x}, {r}1, {r}1, lsl #{n}' if d < 0 else 'lsl {r}9, {r}1, #{n}; sub {r}{x}, {r}9, {r}1'}",
            ),
            Wrong("subtracted the wrong way", "sub {r}{x}, {r}1, {r}1, lsl #{n}"),
        ),
    ),
    Template(
        "product-in-two-steps",
        "Factors multiply: 2^n times 2^m + 1.",
        {"r": _R, "n": (1, 2, 4), "m": (1, 2, 3)},
        "mov {r}9, #{2 ** n * (2 ** m + 1)}; mul {r}0, {r}1, {r}9",
        "add {r}9, {r}1, {r}1, lsl #{m}; lsl {r}0, {r}9, #{n}",
        "{r}0",
        (
            Wrong("the steps exchanged in part", "lsl {r}9, {r}1, #{n}; add {r}0, {r}1, {r}9, lsl #{m}"),
            Wrong("off by one in a shift", "add {r}9, {r}1, {r}1, lsl #{m}; lsl {r}0, {r}9, #{n - 1}"),
        ),
    ),
    Template(
        "products-of-one-factor",
        "ab + ac is a(b + c), modulo the width.",
        {"r": _R, "f": ("add", "sub")},
        "mul {r}8, {r}1, {r}2; mul {r}9, {r}1, {r}3; {f} {r}0, {r}8, {r}9",
        "{f} {r}9, {r}2, {r}3; mul {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong("the wrong factor", "{f} {r}9, {r}1, {r}3; mul {r}0, {r}2, {r}9"),
            Wrong("the sign", "{f} {r}9, {r}3, {r}2; mul {r}0, {r}1, {r}9", when="f == 'sub'"),
        ),
    ),
    Template(
        "square-less-one",
        "(a + 1)(a - 1) is aa - 1.",
        {"r": _R, "n": (1, 2)},
        "add {r}8, {r}1, #{n}; sub {r}9, {r}1, #{n}; mul {r}0, {r}8, {r}9",
        "mul {r}9, {r}1, {r}1; sub {r}0, {r}9, #{n * n}",
        "{r}0",
        (
            Wrong("added", "mul {r}9, {r}1, {r}1; add {r}0, {r}9, #{n * n}"),
            Wrong("not squared", "mul {r}9, {r}1, {r}1; sub {r}0, {r}9, #{n}", when="n > 1"),
        ),
    ),
    Template(
        "long-product",
        "The product of two extended words is umull or smull.",
        {"s": _SIGNED, "x": (0, 1)},
        "{'mov w8, w1' if s == 'u' else 'sxtw x8, w1'}; {'mov w9, w2' if s == 'u' else 'sxtw x9, w2'}; "
        "mul x{x}, x8, x9",
        "{s}mull x{x}, w1, w2",
        "x{x}",
        (
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}mull x{x}, w1, w2"),
            Wrong("of the words", "mul w{x}, w1, w2"),
            Wrong("one not extended", "{'mov w8, w1' if s == 'u' else 'sxtw x8, w1'}; mul x{x}, x8, x2"),
        ),
    ),
    Template(
        "long-product-into-sum",
        "umaddl and smsubl and their like add the long product.",
        {"s": _SIGNED, "f": (("add", "maddl"), ("sub", "msubl"))},
        "{s}mull x9, w1, w2; {f[0]} x0, x3, x9",
        "{s}{f[1]} x0, w1, w2, x3",
        "x0",
        (
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}{f[1]} x0, w1, w2, x3"),
            Wrong("the sum in 32 bits", source="{s}mull x9, w1, w2; {f[0]} w0, w3, w9"),
            Wrong("the product in 32 bits", source="mul w9, w1, w2; {f[0]} x0, x3, x9"),
        ),
    ),
    Template(
        "long-product-negated",
        "The negative of a long product is umnegl or smnegl.",
        {"s": _SIGNED},
        "{s}mull x9, w1, w2; neg x0, x9",
        "{s}mnegl x0, w1, w2",
        "x0",
        (
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}mnegl x0, w1, w2"),
            Wrong("of the words", "mneg w0, w1, w2"),
        ),
    ),
    Template(
        "low-half-of-long",
        "The low half of a long product is the product of the words, whichever signedness.",
        {"s": _SIGNED},
        "{s}mull x0, w1, w2",
        "mul w0, w1, w2",
        "w0",
        (Wrong("the upper half is live", live="x0"),),
    ),
    Template(
        "long-of-known",
        "Of words known to be extended the wide product is the long one.",
        {"s": _SIGNED, "n": (8, 31, 32)},
        "mul x0, x1, x2",
        "{s}mull x0, w1, w2",
        "x0",
        (
            Wrong(
                "known one bit too weakly",
                known="x1 {'zext' if s == 'u' else 'sext'} 33; x2 {'zext' if s == 'u' else 'sext'} {n}",
            ),
            Wrong(
                "the other extension",
                known="x1 {'sext' if s == 'u' else 'zext'} 32; x2 {'sext' if s == 'u' else 'zext'} 32",
            ),
        ),
        known="x1 {'zext' if s == 'u' else 'sext'} {n}; x2 {'zext' if s == 'u' else 'sext'} {n}",
    ),
    Template(
        "high-half-of-long",
        "Zero-extended, the product of two words has its high half in bits 32 to 63; "
        "shifted one of 64 bits, umulh sees it.",
        {"n": (32, 40, 48)},
        "umull x9, w1, w2; lsr x0, x9, #{n}",
        "mov w8, w2; mov w9, w1; lsl x9, x9, #{64 - n}; umulh x0, x9, x8",
        "x0",
        (
            Wrong("not zero-extended", "lsl x9, x1, #{64 - n}; umulh x0, x9, x2"),
            Wrong("signed", "mov w8, w2; mov w9, w1; lsl x9, x9, #{64 - n}; smulh x0, x9, x8", when="n == 32"),
            Wrong("off by one in the shift", source="umull x9, w1, w2; lsr x0, x9, #{n - 1}"),
        ),
    ),
    Template(
        "high-half-with-power",
        "The high half of a product with 2^n is a shift right by 64 - n.",
        {"s": _SIGNED, "n": (1, 8, 32, 62)},
        "mov x9, #{hex(1 << n)}; {s}mulh x0, x1, x9",
        "{'lsr' if s == 'u' else 'asr'} x0, x1, #{64 - n}",
        "x0",
        (
            Wrong("off by one", "{'lsr' if s == 'u' else 'asr'} x0, x1, #{63 - n}"),
            Wrong("the other signedness", "{'asr' if s == 'u' else 'lsr'} x0, x1, #{64 - n}"),
            Wrong("the factor is live", live="x0 x9"),
        ),
    ),
    Template(
        "signed-high-from-unsigned",
        "smulh is umulh less b where a is negative and less a where b is.",
        {"t": (0,)},
        "smulh x0, x1, x2",
        "umulh x9, x1, x2; and x8, x2, x1, asr #63; sub x9, x9, x8; and x8, x1, x2, asr #63; sub x0, x9, x8",
        "x0",
        (
            Wrong("one sign only", "umulh x9, x1, x2; and x8, x2, x1, asr #63; sub x0, x9, x8"),
            Wrong(
                "added",
                "umulh x9, x1, x2; and x8, x2, x1, asr #63; add x9, x9, x8; and x8, x1, x2, asr #63; add x0, x9, x8",
            ),
        ),
    ),
)
