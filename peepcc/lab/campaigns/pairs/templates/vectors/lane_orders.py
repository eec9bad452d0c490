"""Templates of lanes that move: single ones, orders, widths, sums across."""

from ...template import Template, Wrong

TEMPLATES = (
    Template(
        "lane-moved",
        "A lane moved by a general register, and from lane to lane.",
        {"l": (("b", 15), ("h", 7), ("s", 3)), "n": (0, 1, 3), "m": (0, 2)},
        "umov w9, v1.{l[0]}[{n}]; mov v0.{l[0]}[{m}], w9",
        "mov v0.{l[0]}[{m}], v1.{l[0]}[{n}]",
        "q0",
        (
            Wrong("the lane beside it", "mov v0.{l[0]}[{m}], v1.{l[0]}[{n ^ 1}]"),
            Wrong("to the lane beside it", "mov v0.{l[0]}[{m ^ 1}], v1.{l[0]}[{n}]"),
            Wrong("the general register is live", live="q0 w9"),
        ),
    ),
    Template(
        "lane-duplicated",
        "A lane by a general register into all lanes.",
        {
            "l": (("b", "16b", "8b"), ("h", "8h", "4h"), ("s", "4s", "2s"), ("b", "8b", "16b"), ("s", "2s", "4s")),
            "n": (0, 1, 3),
        },
        "umov w9, v1.{l[0]}[{n}]; dup v0.{l[1]}, w9",
        "dup v0.{l[1]}, v1.{l[0]}[{n}]",
        "q0",
        (
            Wrong("the lane beside it", "dup v0.{l[1]}, v1.{l[0]}[{n ^ 1}]"),
            Wrong(
                "more or fewer lanes",
                "dup v0.{l[2]}, v1.{l[0]}[{n}]",
            ),
        ),
    ),
    Template(
        "lane-sign-read",
        "smov extends the sign of a lane.",
        {"l": (("b", "sxtb"), ("h", "sxth")), "n": (0, 1, 7), "r": ("w", "x")},
        "umov w9, v1.{l[0]}[{n}]; {l[1]} {r}0, w9",
        "smov {r}0, v1.{l[0]}[{n}]",
        "x0",
        (
            Wrong("zeros for the sign", "umov w0, v1.{l[0]}[{n}]"),
            Wrong("the lane beside it", "smov {r}0, v1.{l[0]}[{n ^ 1}]"),
            Wrong("of the word only", "smov w0, v1.{l[0]}[{n}]", when="r == 'x'"),
        ),
    ),
    Template(
        "lane-order",
        "Two registers interleaved, or taken apart; on doublewords zip, uzp and trn are one.",
        {"f": (("zip1", "uzp1"), ("uzp1", "trn1"), ("zip2", "uzp2"), ("trn2", "zip2")), "x": (0, 1)},
        "{f[0]} v{x}.2d, v1.2d, v2.2d",
        "{f[1]} v{x}.2d, v1.2d, v2.2d",
        "q{x}",
        (
            Wrong("of words they are not", "{f[1]} v{x}.4s, v1.4s, v2.4s", "{f[0]} v{x}.4s, v1.4s, v2.4s"),
            Wrong("exchanged", "{f[1]} v{x}.2d, v2.2d, v1.2d"),
            Wrong("the other half", "{f[1][:3]}{'2' if f[1][3] == '1' else '1'} v{x}.2d, v1.2d, v2.2d"),
        ),
    ),
    Template(
        "lane-window",
        "ext by the half is the middle of both: the upper half of one, the lower of the other.",
        {"x": (0, 3)},
        "ext v{x}.16b, v1.16b, v2.16b, #8",
        "mov v9.d[0], v1.d[1]; mov v9.d[1], v2.d[0]; mov v{x}.16b, v9.16b",
        "q{x}",
        (
            Wrong("exchanged", "mov v9.d[0], v2.d[1]; mov v9.d[1], v1.d[0]; mov v{x}.16b, v9.16b"),
            Wrong("another place", "ext v{x}.16b, v1.16b, v2.16b, #7"),
            Wrong("both lower halves", "mov v9.d[0], v1.d[0]; mov v9.d[1], v2.d[0]; mov v{x}.16b, v9.16b"),
        ),
    ),
    Template(
        "lane-rotated",
        "ext of a register with itself rotates it; twice by half, back.",
        {"n": (1, 4, 8, 12)},
        "ext v9.16b, v1.16b, v1.16b, #{n}; ext v0.16b, v9.16b, v9.16b, #{16 - n}",
        "mov v0.16b, v1.16b",
        "q0",
        (
            Wrong("not all the way", source="ext v9.16b, v1.16b, v1.16b, #{n}; ext v0.16b, v9.16b, v9.16b, #{15 - n}"),
            Wrong("the rotated one is live", live="q0 q9"),
        ),
    ),
    Template(
        "lane-widened",
        "ushll by 0 is zero extension: interleaving with zeros, and the like.",
        {"a": (("8b", "16b", "8h"), ("4h", "8h", "4s"), ("2s", "4s", "2d")), "s": ("u", "s")},
        "{s}shll v9.{a[2]}, v1.{a[0]}, #0; shl v0.{a[2]}, v9.{a[2]}, #3",
        "{s}shll v0.{a[2]}, v1.{a[0]}, #3",
        "q0",
        (
            Wrong("the other extension", "{'s' if s == 'u' else 'u'}shll v0.{a[2]}, v1.{a[0]}, #3"),
            Wrong("the upper half", "{s}shll2 v0.{a[2]}, v1.{a[1]}, #3"),
            Wrong("shifted before it was widened", "shl v9.{a[0]}, v1.{a[0]}, #3; {s}shll v0.{a[2]}, v9.{a[0]}, #0"),
        ),
    ),
    Template(
        "lane-zip-with-zeros",
        "Interleaving with zeros is zero extension.",
        {"a": (("16b", "8b", "8h"), ("8h", "4h", "4s"), ("4s", "2s", "2d"))},
        "movi v9.2d, #0; zip1 v0.{a[0]}, v1.{a[0]}, v9.{a[0]}",
        "ushll v0.{a[2]}, v1.{a[1]}, #0",
        "q0",
        (
            Wrong("its sign", "sshll v0.{a[2]}, v1.{a[1]}, #0"),
            Wrong("the upper half", "ushll2 v0.{a[2]}, v1.{a[0]}, #0"),
            Wrong("zeros below", source="movi v9.2d, #0; zip1 v0.{a[0]}, v9.{a[0]}, v1.{a[0]}"),
        ),
    ),
    Template(
        "lane-narrowed",
        "xtn takes the low part of each lane, as uzp1 does of narrower lanes; it clears the upper half.",
        {"a": (("8h", "8b", "16b"), ("4s", "4h", "8h"), ("2d", "2s", "4s"))},
        "movi v9.2d, #0; uzp1 v0.{a[2]}, v1.{a[2]}, v9.{a[2]}",
        "xtn v0.{a[1]}, v1.{a[0]}",
        "q0",
        (
            Wrong("the high parts", source="movi v9.2d, #0; uzp2 v0.{a[2]}, v1.{a[2]}, v9.{a[2]}"),
            Wrong("the upper half repeated", source="uzp1 v0.{a[2]}, v1.{a[2]}, v1.{a[2]}"),
            Wrong("the zeros are live", live="q0 q9"),
        ),
    ),
    Template(
        "lane-sum-across",
        "The sum of two doublewords, by addp or by moving one down.",
        {"x": (0, 1)},
        "ext v9.16b, v1.16b, v1.16b, #8; add d{x}, d9, d1",
        "addp d{x}, v1.2d",
        "q{x}",
        (
            Wrong("one of them twice", source="add d{x}, d1, d1"),
            Wrong("words", "addp v{x}.4s, v1.4s, v1.4s"),
            Wrong("both lanes", "ext v9.16b, v1.16b, v1.16b, #8; add v{x}.2d, v9.2d, v1.2d"),
        ),
    ),
    Template(
        "lane-sum-across-words",
        "The sum of all words does not hang on their order.",
        {"x": (0, 1)},
        "addp v9.4s, v1.4s, v1.4s; addp v9.4s, v9.4s, v9.4s; mov w{x}, v9.s[0]",
        "addv s9, v1.4s; fmov w{x}, s9",
        "x{x}",
        (
            Wrong("of halfwords", "addv h9, v1.8h; fmov w{x}, s9"),
            Wrong("half of them", source="addp v9.4s, v1.4s, v1.4s; mov w{x}, v9.s[0]"),
            Wrong("widened", "uaddlv d9, v1.4s; fmov x{x}, d9"),
        ),
    ),
    Template(
        "lane-bytes-reversed",
        "Byte orders within halfwords, words and doublewords; two of them make a third.",
        {
            "f": (
                ("rev64", "4h", "rev64", "8b", "rev16"),
                ("rev32", "8h", "rev32", "16b", "rev16"),
                ("rev64", "4s", "rev64", "16b", "rev32"),
            )
        },
        "{f[0]} v9.{f[1]}, v1.{f[1]}; {f[2]} v0.{f[3]}, v9.{f[3]}",
        "{f[4]} v0.{f[3]}, v1.{f[3]}",
        "q0",
        (
            Wrong("the other order", "{'rev16' if f[4] == 'rev32' else 'rev32'} v0.{f[3]}, v1.{f[3]}"),
            Wrong("once only", source="{f[2]} v0.{f[3]}, v1.{f[3]}"),
        ),
    ),
    Template(
        "lane-upper-half-dead",
        "Of a result whose upper half is dead, that of the narrower form does.",
        {"a": (("16b", "8b"), ("8h", "4h"), ("4s", "2s")), "f": ("add", "sub", "mul", "smax", "cmhi", "uqadd")},
        "{f} v0.{a[0]}, v1.{a[0]}, v2.{a[0]}",
        "{f} v0.{a[1]}, v1.{a[1]}, v2.{a[1]}",
        "d0",
        (
            Wrong("the upper half is live", live="q0"),
            Wrong("operands swapped", "{f} v0.{a[1]}, v2.{a[1]}, v1.{a[1]}", when="f in ('sub', 'cmhi')"),
        ),
    ),
)
