"""Templates of vectors: operations lane by lane, comparisons as masks."""

from ...template import Template, Wrong

_INT = ("8b", "16b", "4h", "8h", "2s", "4s")

TEMPLATES = (
    Template(
        "lane-mask-selects",
        "bsl takes its second source where the mask has a bit: and, bic, or.",
        {"a": ("8b", "16b"), "x": (1, 2)},
        "and v8.{a}, v1.{a}, v0.{a}; bic v9.{a}, v2.{a}, v0.{a}; "
        "orr v0.{a}, v{8 if x == 1 else 9}.{a}, v{9 if x == 1 else 8}.{a}",
        "bsl v0.{a}, v1.{a}, v2.{a}",
        "q0",
        (
            Wrong("the wrong way", "bsl v0.{a}, v2.{a}, v1.{a}"),
            Wrong("another one of the three forms", "bit v0.{a}, v1.{a}, v2.{a}"),
            Wrong("the scratch registers are live", live="q0 q9"),
            Wrong(
                "half of the register",
                "bsl v0.{'8b' if a == '16b' else '16b'}, v1.{'8b' if a == '16b' else '16b'}, "
                "v2.{'8b' if a == '16b' else '16b'}",
            ),
        ),
    ),
    Template(
        "lane-select-by-comparison",
        "A maximum is what a comparison selects; equal lanes are equal.",
        {"a": _INT, "k": (("cmgt", "smax"), ("cmhi", "umax"), ("cmge", "smax"), ("cmhs", "umax"))},
        "{k[0]} v9.{a}, v1.{a}, v2.{a}; "
        "bsl v9.{'16b' if a in ('16b', '8h', '4s') else '8b'}, v1.{'16b' if a in ('16b', '8h', '4s') else '8b'}, "
        "v2.{'16b' if a in ('16b', '8h', '4s') else '8b'}; mov v0.16b, v9.16b",
        "{k[1]} v0.{a}, v1.{a}, v2.{a}",
        "q0",
        (
            Wrong("minimum for maximum", "{k[1][0]}min v0.{a}, v1.{a}, v2.{a}"),
            Wrong("the other signedness", "{'u' if k[1][0] == 's' else 's'}max v0.{a}, v1.{a}, v2.{a}"),
            Wrong("the mask is live", live="q0 q9"),
        ),
    ),
    Template(
        "lane-comparison-exchanged",
        "Exchanged operands exchange greater and less; equality stays.",
        {"a": (*_INT, "2d"), "k": (("cmgt", "cmge"), ("cmhi", "cmhs"))},
        "{k[0]} v9.{a}, v1.{a}, v2.{a}; "
        "mvn v0.{'16b' if a in ('16b', '8h', '4s', '2d') else '8b'}, "
        "v9.{'16b' if a in ('16b', '8h', '4s', '2d') else '8b'}",
        "{k[1]} v0.{a}, v2.{a}, v1.{a}",
        "q0",
        (
            Wrong("equality forgotten", "{k[0]} v0.{a}, v2.{a}, v1.{a}"),
            Wrong("not exchanged", "{k[1]} v0.{a}, v1.{a}, v2.{a}"),
            Wrong("the other signedness", "{'cmhs' if k[1] == 'cmge' else 'cmge'} v0.{a}, v2.{a}, v1.{a}"),
        ),
    ),
    Template(
        "lane-compared-with-zero",
        "A comparison with zero is one with a register of zeros.",
        {"a": (*_INT, "2d"), "k": ("cmeq", "cmgt", "cmge")},
        "movi v9.2d, #0; {k} v0.{a}, v1.{a}, v9.{a}",
        "{k} v0.{a}, v1.{a}, #0",
        "q0",
        (
            Wrong("the other way", "{'cmlt' if k == 'cmgt' else 'cmle' if k == 'cmge' else 'cmgt'} v0.{a}, v1.{a}, #0"),
            Wrong(
                "lanes of another width",
                "{k} v0.{'16b' if a != '16b' else '8h'}, v1.{'16b' if a != '16b' else '8h'}, #0",
            ),
            Wrong("the zeros are live", live="q0 q9"),
        ),
    ),
    Template(
        "lane-sign-mask",
        "A lane below zero, as a mask, is its sign in all bits.",
        {"a": (("8b", 8), ("16b", 8), ("4h", 16), ("8h", 16), ("2s", 32), ("4s", 32), ("2d", 64))},
        "cmlt v0.{a[0]}, v1.{a[0]}, #0",
        "sshr v0.{a[0]}, v1.{a[0]}, #{a[1] - 1}",
        "q0",
        (
            Wrong("one bit", "ushr v0.{a[0]}, v1.{a[0]}, #{a[1] - 1}"),
            Wrong("off by one", "sshr v0.{a[0]}, v1.{a[0]}, #{a[1] - 2}"),
            Wrong("zero counted in", source="cmle v0.{a[0]}, v1.{a[0]}, #0"),
        ),
    ),
    Template(
        "lane-shift-and-add",
        "usra and ssra add what was shifted.",
        {"a": (("8b", 8), ("8h", 16), ("2s", 32), ("4s", 32), ("2d", 64)), "s": ("u", "s"), "n": (1, 7)},
        "{s}shr v9.{a[0]}, v1.{a[0]}, #{n}; add v0.{a[0]}, v0.{a[0]}, v9.{a[0]}",
        "{s}sra v0.{a[0]}, v1.{a[0]}, #{n}",
        "q0",
        (
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}sra v0.{a[0]}, v1.{a[0]}, #{n}"),
            Wrong("off by one", "{s}sra v0.{a[0]}, v1.{a[0]}, #{n + 1}", when="s == 'u' or n + 1 < a[1]"),
            Wrong("not added", "{s}shr v0.{a[0]}, v1.{a[0]}, #{n}"),
            Wrong("the shifted one is live", live="q0 q9"),
        ),
    ),
    Template(
        "lane-shift-and-insert",
        "sli and sri keep the bits that no shifted one reaches.",
        {"a": (("8b", 8), ("8h", 16), ("4s", 32)), "n": (1, 4, 7)},
        "shl v8.{a[0]}, v1.{a[0]}, #{n}; shl v9.{a[0]}, v0.{a[0]}, #{a[1] - n}; "
        "ushr v9.{a[0]}, v9.{a[0]}, #{a[1] - n}; "
        "orr v0.{'16b' if a[0] != '8b' else '8b'}, v8.{'16b' if a[0] != '8b' else '8b'}, "
        "v9.{'16b' if a[0] != '8b' else '8b'}",
        "sli v0.{a[0]}, v1.{a[0]}, #{n}",
        "q0",
        (
            Wrong("off by one", "sli v0.{a[0]}, v1.{a[0]}, #{n - 1}"),
            Wrong("from the other end", "sri v0.{a[0]}, v1.{a[0]}, #{n}"),
            Wrong("nothing kept", "shl v0.{a[0]}, v1.{a[0]}, #{n}"),
        ),
    ),
    Template(
        "lane-product-and-sum",
        "mla and mls add and take off products of lanes.",
        {"a": _INT, "f": (("add", "mla"), ("sub", "mls"))},
        "mul v9.{a}, v1.{a}, v2.{a}; {f[0]} v0.{a}, v0.{a}, v9.{a}",
        "{f[1]} v0.{a}, v1.{a}, v2.{a}",
        "q0",
        (
            Wrong("added for subtracted, or the reverse", "{'mls' if f[1] == 'mla' else 'mla'} v0.{a}, v1.{a}, v2.{a}"),
            Wrong("the product is live", live="q0 q9"),
            Wrong("from the product", source="mul v9.{a}, v1.{a}, v2.{a}; sub v0.{a}, v9.{a}, v0.{a}"),
        ),
    ),
    Template(
        "lane-negated-sum",
        "a + -b is a - b in each lane.",
        {"a": (*_INT, "2d"), "x": (0, 1)},
        "neg v9.{a}, v1.{a}; add v{x}.{a}, v2.{a}, v9.{a}",
        "sub v{x}.{a}, v2.{a}, v1.{a}",
        "q{x}",
        (
            Wrong("operands swapped", "sub v{x}.{a}, v1.{a}, v2.{a}"),
            Wrong(
                "carries over lanes",
                "sub v{x}.{'2d' if a != '2d' else '4s'}, v2.{'2d' if a != '2d' else '4s'}, "
                "v1.{'2d' if a != '2d' else '4s'}",
            ),
            Wrong("complement for negative", source="mvn v9.16b, v1.16b; add v{x}.{a}, v2.{a}, v9.{a}"),
        ),
    ),
    Template(
        "lane-complement",
        "bic and orn complement their last operand.",
        {"a": ("8b", "16b"), "f": (("and", "bic"), ("orr", "orn"))},
        "mvn v9.{a}, v1.{a}; {f[0]} v0.{a}, v2.{a}, v9.{a}",
        "{f[1]} v0.{a}, v2.{a}, v1.{a}",
        "q0",
        (
            Wrong("the other operand", "{f[1]} v0.{a}, v1.{a}, v2.{a}"),
            Wrong("not complemented", "{f[0]} v0.{a}, v2.{a}, v1.{a}"),
            Wrong(
                "half of the register",
                "{f[1]} v0.{'8b' if a == '16b' else '16b'}, v2.{'8b' if a == '16b' else '16b'}, "
                "v1.{'8b' if a == '16b' else '16b'}",
            ),
        ),
    ),
    Template(
        "lane-absolute-difference",
        "|a - b| is the greater less the lesser.",
        {"a": _INT, "s": ("u", "s")},
        "{s}max v8.{a}, v1.{a}, v2.{a}; {s}min v9.{a}, v1.{a}, v2.{a}; sub v0.{a}, v8.{a}, v9.{a}",
        "{s}abd v0.{a}, v1.{a}, v2.{a}",
        "q0",
        (
            Wrong("the other signedness", "{'s' if s == 'u' else 'u'}abd v0.{a}, v1.{a}, v2.{a}"),
            Wrong("of the difference", "sub v9.{a}, v1.{a}, v2.{a}; abs v0.{a}, v9.{a}"),
        ),
    ),
    Template(
        "lane-halving-sum",
        "uhadd halves the whole sum: (a & b) + ((a ^ b) >> 1).",
        {"a": (("8b", 8), ("16b", 8), ("8h", 16), ("4s", 32))},
        "and v8.16b, v1.16b, v2.16b; eor v9.16b, v1.16b, v2.16b; ushr v9.{a[0]}, v9.{a[0]}, #1; "
        "add v0.{a[0]}, v8.{a[0]}, v9.{a[0]}",
        "uhadd v0.{a[0]}, v1.{a[0]}, v2.{a[0]}",
        "q0",
        (
            Wrong("rounded", "urhadd v0.{a[0]}, v1.{a[0]}, v2.{a[0]}"),
            Wrong("the carry lost", "add v9.{a[0]}, v1.{a[0]}, v2.{a[0]}; ushr v0.{a[0]}, v9.{a[0]}, #1"),
        ),
    ),
    Template(
        "lane-saturating-difference",
        "uqsub is 0 where b is greater: the maximum less b.",
        {"a": _INT, "x": (0, 1)},
        "umax v9.{a}, v1.{a}, v2.{a}; sub v{x}.{a}, v9.{a}, v2.{a}",
        "uqsub v{x}.{a}, v1.{a}, v2.{a}",
        "q{x}",
        (
            Wrong("wraps", "sub v{x}.{a}, v1.{a}, v2.{a}"),
            Wrong("exchanged", "uqsub v{x}.{a}, v2.{a}, v1.{a}"),
            Wrong("signed", source="smax v9.{a}, v1.{a}, v2.{a}; sub v{x}.{a}, v9.{a}, v2.{a}"),
        ),
    ),
    Template(
        "lane-long-sum",
        "uaddl widens, then adds.",
        {"a": (("8b", "8h"), ("4h", "4s"), ("2s", "2d")), "s": ("u", "s")},
        "{s}shll v8.{a[1]}, v1.{a[0]}, #0; {s}shll v9.{a[1]}, v2.{a[0]}, #0; add v0.{a[1]}, v8.{a[1]}, v9.{a[1]}",
        "{s}addl v0.{a[1]}, v1.{a[0]}, v2.{a[0]}",
        "q0",
        (
            Wrong(
                "added before it was widened", "add v9.{a[0]}, v1.{a[0]}, v2.{a[0]}; {s}shll v0.{a[1]}, v9.{a[0]}, #0"
            ),
            Wrong("the other extension", "{'s' if s == 'u' else 'u'}addl v0.{a[1]}, v1.{a[0]}, v2.{a[0]}"),
        ),
    ),
    Template(
        "lane-long-product",
        "umull widens, then multiplies.",
        {"a": (("8b", "8h"), ("4h", "4s")), "s": ("u", "s")},
        "{s}shll v8.{a[1]}, v1.{a[0]}, #0; {s}shll v9.{a[1]}, v2.{a[0]}, #0; mul v0.{a[1]}, v8.{a[1]}, v9.{a[1]}",
        "{s}mull v0.{a[1]}, v1.{a[0]}, v2.{a[0]}",
        "q0",
        (
            Wrong("the product cut", "mul v9.{a[0]}, v1.{a[0]}, v2.{a[0]}; {s}shll v0.{a[1]}, v9.{a[0]}, #0"),
            Wrong("the other extension", "{'s' if s == 'u' else 'u'}mull v0.{a[1]}, v1.{a[0]}, v2.{a[0]}"),
        ),
    ),
    Template(
        "lane-doubled",
        "a + a is a shifted left by one.",
        {"a": (*_INT, "2d"), "x": (0, 1)},
        "add v{x}.{a}, v1.{a}, v1.{a}",
        "shl v{x}.{a}, v1.{a}, #1",
        "q{x}",
        (
            Wrong("shifted twice", "shl v{x}.{a}, v1.{a}, #2"),
            Wrong("carries over lanes", "shl v{x}.{'2d' if a != '2d' else '4s'}, v1.{'2d' if a != '2d' else '4s'}, #1"),
            Wrong("shifted right", "ushr v{x}.{a}, v1.{a}, #1"),
        ),
    ),
    Template(
        "lane-tested",
        "cmtst is the inverse of a comparison of the and with zero.",
        {"a": (*_INT, "2d")},
        "and v9.16b, v1.16b, v2.16b; cmeq v9.{a}, v9.{a}, #0; "
        "mvn v0.{'16b' if a in ('16b', '8h', '4s', '2d') else '8b'}, "
        "v9.{'16b' if a in ('16b', '8h', '4s', '2d') else '8b'}",
        "cmtst v0.{a}, v1.{a}, v2.{a}",
        "q0",
        (
            Wrong("compared, not tested", "cmeq v0.{a}, v1.{a}, v2.{a}"),
            Wrong("not inverted", source="and v9.16b, v1.16b, v2.16b; cmeq v0.{a}, v9.{a}, #0"),
        ),
    ),
)
