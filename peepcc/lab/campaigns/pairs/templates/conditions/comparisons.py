"""Templates of comparisons: borders, ranges, exchanged and negated operands, widths and signedness."""

from ...template import Template, Wrong

_R = ("w", "x")
_ALL = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split())
_ORDER = ("hs", "lo", "hi", "ls", "ge", "lt", "gt", "le")

TEMPLATES = (
    Template(
        "compared-with-zero-unsigned",
        "No number is below 0, and all are at least 0.",
        {"r": _R, "c": (("lo", 0), ("hs", 1))},
        "cmp {r}1, #0; cset w0, {c[0]}",
        "mov w0, #{c[1]}",
        "w0",
        (
            Wrong("with or without equality", source="cmp {r}1, #0; cset w0, {'ls' if c[0] == 'lo' else 'hi'}"),
            Wrong("signed", source="cmp {r}1, #0; cset w0, {'lt' if c[0] == 'lo' else 'ge'}"),
        ),
    ),
    Template(
        "operands-exchanged",
        "Exchanged operands exchange less and greater.",
        {"r": _R, "c": ("eq", "ne", *_ORDER)},
        "cmp {r}1, {r}2; cset w0, {c}",
        "cmp {r}2, {r}1; cset w0, {swap(c)}",
        "w0",
        (
            Wrong("not exchanged", "cmp {r}2, {r}1; cset w0, {c}", when="c not in ('eq', 'ne')"),
            Wrong("the inverse", "cmp {r}2, {r}1; cset w0, {inv(c)}", when="c not in ('eq', 'ne')"),
            Wrong("the flags are live", live="w0 nzcv"),
            Wrong(
                "the sign of the difference is not the order",
                "cmp {r}2, {r}1; cset w0, {'mi' if swap(c) == 'lt' else 'pl'}",
                when="c in ('gt', 'le')",
            ),
        ),
    ),
    Template(
        "border-signed",
        "a < n is a <= n - 1 unless n is the least number.",
        {"r": _R, "c": ("lt", "ge"), "n": (1, 2, 128, 4095)},
        "cmp {r}1, #{n}; cset w0, {c}",
        "cmp {r}1, #{n - 1}; cset w0, {'le' if c == 'lt' else 'gt'}",
        "w0",
        (
            Wrong("equality forgotten", "cmp {r}1, #{n - 1}; cset w0, {c}"),
            Wrong("equality twice", "cmp {r}1, #{n}; cset w0, {'le' if c == 'lt' else 'gt'}"),
            Wrong("unsigned", "cmp {r}1, #{n - 1}; cset w0, {'ls' if c == 'lt' else 'hi'}"),
        ),
    ),
    Template(
        "border-unsigned",
        "a < n is a <= n - 1 unless n is 0.",
        {"r": _R, "c": ("lo", "hs"), "n": (1, 2, 128, 4095)},
        "cmp {r}1, #{n}; cset w0, {c}",
        "cmp {r}1, #{n - 1}; cset w0, {'ls' if c == 'lo' else 'hi'}",
        "w0",
        (
            Wrong("equality forgotten", "cmp {r}1, #{n - 1}; cset w0, {c}"),
            Wrong("off by one", "cmp {r}1, #{n}; cset w0, {'ls' if c == 'lo' else 'hi'}"),
            Wrong("signed", "cmp {r}1, #{n - 1}; cset w0, {'le' if c == 'lo' else 'gt'}"),
        ),
    ),
    Template(
        "below-one-is-zero",
        "Below 1 is 0; at least 1 is not 0.",
        {"r": _R, "c": (("lo", "eq"), ("hs", "ne"))},
        "cmp {r}1, #1; cset w0, {c[0]}",
        "cmp {r}1, #0; cset w0, {c[1]}",
        "w0",
        (
            Wrong("signed", source="cmp {r}1, #1; cset w0, {'lt' if c[0] == 'lo' else 'ge'}"),
            Wrong("compared with 1", "cmp {r}1, #1; cset w0, {c[1]}"),
        ),
    ),
    Template(
        "compare-negative",
        "cmp with -n is cmn with n, in all flags, for n that are neither 0 nor the least number.",
        {"r": _R, "n": (1, 2, 255, 4095), "c": _ALL},
        "mov {r}9, #-{n}; cmp {r}1, {r}9; cset w0, {c}",
        "cmn {r}1, #{n}; cset w0, {c}",
        "w0 nzcv",
        (
            Wrong("the wrong sign", "cmp {r}1, #{n}; cset w0, {c}"),
            Wrong("off by one", "cmn {r}1, #{n - 1}; cset w0, {c}", when="n > 1"),
            Wrong("the constant is live", live="w0 nzcv {r}9"),
        ),
    ),
    Template(
        "compare-negated",
        "a = -b says that a + b is 0; the order of the two is another thing where b is 0 or the least number.",
        {"r": _R, "c": ("eq", "ne")},
        "neg {r}9, {r}2; cmp {r}1, {r}9; cset w0, {c}",
        "cmn {r}1, {r}2; cset w0, {c}",
        "w0",
        (
            Wrong(
                "C differs where b is 0",
                "cmn {r}1, {r}2; cset w0, {'lo' if c == 'eq' else 'hs'}",
                "neg {r}9, {r}2; cmp {r}1, {r}9; cset w0, {'lo' if c == 'eq' else 'hs'}",
            ),
            Wrong(
                "V differs where b is the least number",
                "cmn {r}1, {r}2; cset w0, {'lt' if c == 'eq' else 'ge'}",
                "neg {r}9, {r}2; cmp {r}1, {r}9; cset w0, {'lt' if c == 'eq' else 'ge'}",
            ),
            Wrong("the flags are live", live="w0 nzcv"),
        ),
    ),
    Template(
        "range-by-difference",
        "lo <= a < lo + n is a - lo < n, unsigned: what is below lo wraps to above.",
        {"r": _R, "lo": (1, 48, 65), "n": (1, 10, 26)},
        "cmp {r}1, #{lo}; cset w8, hs; cmp {r}1, #{lo + n}; cset w9, lo; and w0, w8, w9",
        "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; cset w0, lo",
        "w0",
        (
            Wrong("one too many", "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; cset w0, ls"),
            Wrong("signed", "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; cset w0, lt"),
            Wrong("off by one in the start", "sub {r}9, {r}1, #{lo - 1}; cmp {r}9, #{n}; cset w0, lo"),
        ),
    ),
    Template(
        "two-values",
        "a = n or a = n + 1 is a - n <= 1; if n is even, a with its low bit cleared is n.",
        {"r": _R, "n": (2, 16, 254)},
        "cmp {r}1, #{n}; cset w8, eq; cmp {r}1, #{n + 1}; cset w9, eq; orr w0, w8, w9",
        "and {r}9, {r}1, #{hex((1 << bits) - 2)}; cmp {r}9, #{n}; cset w0, eq",
        "w0",
        (
            Wrong("the next even number", "and {r}9, {r}1, #{hex((1 << bits) - 2)}; cmp {r}9, #{n + 2}; cset w0, eq"),
            Wrong("two bits cleared", "and {r}9, {r}1, #{hex((1 << bits) - 4)}; cmp {r}9, #{n & ~3}; cset w0, eq"),
        ),
    ),
    Template(
        "equal-by-difference",
        "a = b where a - b, a ^ b and the like are 0.",
        {"r": _R, "f": ("sub", "eor"), "c": ("eq", "ne")},
        "{f} {r}9, {r}1, {r}2; cmp {r}9, #0; cset w0, {c}",
        "cmp {r}1, {r}2; cset w0, {c}",
        "w0",
        (
            Wrong(
                "order by difference",
                "cmp {r}1, {r}2; cset w0, {'lt' if c == 'eq' else 'ge'}",
                "{f} {r}9, {r}1, {r}2; cmp {r}9, #0; cset w0, {'lt' if c == 'eq' else 'ge'}",
            ),
            Wrong("the difference is live", live="w0 {r}9"),
        ),
    ),
    Template(
        "extension-into-compare",
        "An extended operand of cmp or cmn is extended first.",
        {"e": ("sxtb", "sxth", "uxtb", "uxth"), "op": ("cmp", "cmn"), "c": ("lt", "hi", "vs")},
        "{e} w9, w2; {op} w1, w9; cset w0, {c}",
        "{op} w1, w2, {e}; cset w0, {c}",
        "w0 nzcv",
        (
            Wrong("the other extension", "{op} w1, w2, {'u' if e[0] == 's' else 's'}{e[1:]}; cset w0, {c}"),
            Wrong("not extended", "{op} w1, w2; cset w0, {c}"),
            Wrong("operands swapped", "{op} w2, w1, {e}; cset w0, {c}"),
        ),
    ),
    Template(
        "shift-into-compare",
        "A shifted operand of cmp, cmn or tst is shifted first.",
        {"r": _R, "s": ("lsl", "lsr", "asr"), "op": ("cmp", "cmn", "tst"), "c": ("eq", "ge", "hi"), "n": (1, 31)},
        "{s} {r}9, {r}2, #{n}; {op} {r}1, {r}9; cset w0, {c}",
        "{op} {r}1, {r}2, {s} #{n}; cset w0, {c}",
        "w0 nzcv",
        (
            Wrong("another kind of shift", "{op} {r}1, {r}2, {'lsr' if s != 'lsr' else 'asr'} #{n}; cset w0, {c}"),
            Wrong("the scratch register is live", live="w0 nzcv {r}9"),
        ),
    ),
    Template(
        "narrow-compare-of-extended",
        "Of zero-extended words the unsigned order is that of the words; of sign-extended ones the signed order is.",
        {
            "k": (("zext", ("hs", "lo", "hi", "ls", "eq")), ("sext", ("ge", "lt", "gt", "le", "ne"))),
            "i": (0, 1, 2, 3, 4),
        },
        "cmp x1, x2; cset w0, {k[1][i]}",
        "cmp w1, w2; cset w0, {k[1][i]}",
        "w0",
        (
            Wrong("known one bit too weakly", known="x1 {k[0]} 33; x2 {k[0]} 33"),
            Wrong("one operand is not known", known="x1 {k[0]} 32"),
            Wrong(
                "the order of the other signedness",
                "cmp w1, w2; cset w0, {'lt' if k[0] == 'zext' else 'lo'}",
                "cmp x1, x2; cset w0, {'lt' if k[0] == 'zext' else 'gt'}",
            ),
        ),
        known="x1 {k[0]} 32; x2 {k[0]} 32",
    ),
    Template(
        "signed-of-positive",
        "For numbers whose top bit is known to be 0, signed and unsigned order are one.",
        {"r": _R, "n": (8, 31), "c": (("lt", "lo"), ("ge", "hs"), ("gt", "hi"), ("le", "ls"))},
        "cmp {r}1, {r}2; cset w0, {c[0]}",
        "cmp {r}1, {r}2; cset w0, {c[1]}",
        "w0",
        (
            Wrong("one operand may be negative", known="x1 zext {n}"),
            Wrong("known one bit too weakly", known="x1 zext 32; x2 zext 32", when="r == 'w'"),
        ),
        known="x1 zext {n}; x2 zext {n}",
    ),
)
