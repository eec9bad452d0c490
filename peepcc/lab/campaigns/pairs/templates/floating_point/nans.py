"""Templates of floating-point comparisons and extremes, where NaNs make the difference."""

from ...template import Template, Wrong

_F = ("s", "d")
_ALL = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split())

TEMPLATES = (
    Template(
        "float-inverted",
        "The inverse condition of a comparison holds where the condition does not, for NaNs too.",
        {"r": _F, "c": _ALL},
        "fcmp {r}1, {r}2; fcsel {r}0, {r}3, {r}4, {c}",
        "fcmp {r}1, {r}2; fcsel {r}0, {r}4, {r}3, {inv(c)}",
        "{r}0 nzcv",
        (
            Wrong("operands not exchanged", "fcmp {r}1, {r}2; fcsel {r}0, {r}3, {r}4, {inv(c)}"),
            Wrong(
                "less is not not greater or equal of NaNs",
                "fcmp {r}1, {r}2; fcsel {r}0, {r}4, {r}3, "
                "{'pl' if c == 'lt' else 'ls' if c == 'gt' else 'lt' if c == 'ls' else 'ge'}",
                when="c in ('lt', 'gt', 'ls', 'mi')",
            ),
        ),
    ),
    Template(
        "float-conditions-by-carry",
        "Less is N without the others, so that mi is lo, and pl is hs.",
        {"r": _F, "c": (("mi", "lo"), ("pl", "hs"))},
        "fcmp {r}1, {r}2; cset w0, {c[0]}",
        "fcmp {r}1, {r}2; cset w0, {c[1]}",
        "w0",
        (
            Wrong("NaNs counted in, or out", "fcmp {r}1, {r}2; cset w0, {'lt' if c[0] == 'mi' else 'ge'}"),
            Wrong("equality", "fcmp {r}1, {r}2; cset w0, {'ls' if c[0] == 'mi' else 'hi'}"),
        ),
    ),
    Template(
        "float-less-of-nan",
        "After a comparison with a NaN less, less or equal and not equal hold in lt, le and ne, and not in mi and ls.",
        {"r": _F, "c": (("mi", "lt"), ("ls", "le"), ("gt", "hi"), ("ge", "pl"), ("ge", "hs"))},
        "fcmp {r}1, {r}2; cset w9, {c[0]}; cset w8, vc; and w0, w9, w8",
        "fcmp {r}1, {r}2; cset w9, {c[1]}; cset w8, vc; and w0, w8, w9",
        "w0",
        (
            Wrong("NaNs forgotten", "fcmp {r}1, {r}2; cset w0, {c[1]}", "fcmp {r}1, {r}2; cset w0, {c[0]}"),
            Wrong("NaNs counted in", "fcmp {r}1, {r}2; cset w9, {c[1]}; cset w8, vs; orr w0, w8, w9"),
        ),
    ),
    Template(
        "float-number-added",
        "A condition as a number adds as cinc, whatever it is of.",
        {"r": _F, "c": _ALL},
        "fcmp {r}1, {r}2; cset w9, {c}; add w0, w3, w9",
        "fcmp {r}1, {r}2; cinc w0, w3, {c}",
        "w0",
        (
            Wrong("the inverse", "fcmp {r}1, {r}2; cinc w0, w3, {inv(c)}"),
            Wrong(
                "another precision compared",
                "fcmp {'d' if r == 's' else 's'}1, {'d' if r == 's' else 's'}2; cinc w0, w3, {c}",
            ),
            Wrong(
                "the opposite of an order is not its inverse",
                "fcmp {r}2, {r}1; cinc w0, w3, {swap(c)}",
                when="c in ('hs', 'lo', 'hi', 'ls')",
            ),
        ),
    ),
    Template(
        "float-zero",
        "A comparison with 0.0 is one with a register that holds a zero of either sign.",
        {"r": _F, "c": ("eq", "mi", "gt", "vs", "hi", "le")},
        "movi d9, #0; fcmp {r}1, {r}9; cset w0, {c}",
        "fcmp {r}1, #0.0; cset w0, {c}",
        "w0 nzcv",
        (
            Wrong(
                "the bits compared",
                "fmov {'w' if r == 's' else 'x'}9, {r}1; cmp {'w' if r == 's' else 'x'}9, #0; cset w0, {c}",
                live="w0",
            ),
            Wrong("compared with itself", "fcmp {r}1, {r}1; cset w0, {c}", when="c != 'vs'"),
            Wrong("the zero is live", live="w0 {r}9"),
        ),
    ),
    Template(
        "float-is-nan",
        "Only a NaN is not equal to itself.",
        {"r": _F, "c": (("vs", "ne"), ("vc", "eq"), ("ne", "vs"), ("eq", "vc"))},
        "fcmp {r}1, {r}1; cset w0, {c[0]}",
        "fcmp {r}1, {r}1; cset w0, {c[1]}",
        "w0",
        (
            Wrong("never", "mov w0, #{1 if c[0] in ('vc', 'eq') else 0}"),
            Wrong("compared with another", source="fcmp {r}1, {r}2; cset w0, {c[0]}"),
            Wrong(
                "infinity counted in",
                "fabs {r}9, {r}1; fmov {'w' if r == 's' else 'x'}9, {r}9; "
                "mov {'w' if r == 's' else 'x'}8, #{'0x7f800000' if r == 's' else '0x7ff0000000000000'}; "
                "cmp {'w' if r == 's' else 'x'}9, {'w' if r == 's' else 'x'}8; "
                "cset w0, {'hs' if c[0] in ('vs', 'ne') else 'lo'}",
            ),
        ),
    ),
    Template(
        "float-is-nan-by-bits",
        "A NaN is what is above infinity, without its sign.",
        {"r": (("s", "w", "0x7f800000"), ("d", "x", "0x7ff0000000000000")), "c": (("vs", "hi"), ("vc", "ls"))},
        "fcmp {r[0]}1, {r[0]}1; cset w0, {c[0]}",
        "fabs {r[0]}9, {r[0]}1; fmov {r[1]}9, {r[0]}9; mov {r[1]}8, #{r[2]}; cmp {r[1]}9, {r[1]}8; cset w0, {c[1]}",
        "w0",
        (
            Wrong(
                "infinity counted in",
                "fabs {r[0]}9, {r[0]}1; fmov {r[1]}9, {r[0]}9; mov {r[1]}8, #{r[2]}; cmp {r[1]}9, {r[1]}8; "
                "cset w0, {'hs' if c[1] == 'hi' else 'lo'}",
            ),
            Wrong(
                "the sign counted in",
                "fmov {r[1]}9, {r[0]}1; mov {r[1]}8, #{r[2]}; cmp {r[1]}9, {r[1]}8; cset w0, {c[1]}",
            ),
        ),
    ),
    Template(
        "float-extreme-by-comparison",
        "fmax and fmin have their own rules for NaNs and zeros, so that no comparison makes them; "
        "but a copy or an exchange of the registers of a comparison does not matter.",
        {"r": _F, "k": (("mi", "fmin"), ("gt", "fmax"), ("le", "fmin"), ("ge", "fmax"))},
        "fmov {r}9, {r}1; fcmp {r}9, {r}2; fcsel {r}0, {r}9, {r}2, {k[0]}",
        "fcmp {r}1, {r}2; fcsel {r}0, {r}1, {r}2, {k[0]}",
        "{r}0",
        (
            Wrong("NaNs and zeros otherwise", "{k[1]} {r}0, {r}1, {r}2"),
            Wrong("a quiet NaN otherwise", "{k[1]}nm {r}0, {r}1, {r}2"),
            Wrong("exchanged", "fcmp {r}2, {r}1; fcsel {r}0, {r}2, {r}1, {k[0]}"),
        ),
    ),
    Template(
        "float-extremes",
        "fmaxnm differs from fmax in quiet NaNs.",
        {"r": _F, "f": ("fmax", "fmin", "fmaxnm", "fminnm")},
        "fmov {r}9, {r}1; {f} {r}8, {r}9, {r}2; fmov {r}0, {r}8",
        "{f} {r}0, {r}1, {r}2",
        "{r}0",
        (
            Wrong("a quiet NaN otherwise", "{f[:4] if 'nm' in f else f + 'nm'} {r}0, {r}1, {r}2"),
            Wrong("the other end", "{'fmin' if 'max' in f else 'fmax'}{'nm' if 'nm' in f else ''} {r}0, {r}1, {r}2"),
            Wrong("another of two NaNs", "{f} {r}0, {r}2, {r}1"),
        ),
    ),
    Template(
        "float-conditional-compare",
        "fccmp compares where the condition holds, as ccmp does.",
        {"r": _F, "c": ("eq", "mi", "gt", "vs", "ls"), "k": ("eq", "ne", "mi", "ge", "vc")},
        "fcmp {r}1, {r}2; cset w8, {c}; fcmp {r}3, {r}4; cset w9, {k}; and w0, w8, w9",
        "fcmp {r}1, {r}2; fccmp {r}3, {r}4, #{fails(k)}, {c}; cset w0, {k}",
        "w0",
        (
            Wrong("the flags make it hold", "fcmp {r}1, {r}2; fccmp {r}3, {r}4, #{holds(k)}, {c}; cset w0, {k}"),
            Wrong(
                "the first condition inverted", "fcmp {r}1, {r}2; fccmp {r}3, {r}4, #{fails(k)}, {inv(c)}; cset w0, {k}"
            ),
            Wrong(
                "NaNs: not less for greater or equal",
                "fcmp {r}1, {r}2; fccmp {r}3, {r}4, #{fails('pl')}, {c}; cset w0, pl",
                when="k == 'ge'",
            ),
        ),
    ),
    Template(
        "float-branch",
        "A branch on a condition of a comparison, made a number or not.",
        {"r": _F, "c": _ALL},
        "fcmp {r}1, {r}2; cset w9, {c}; cbnz w9, .LBB0_1",
        "fcmp {r}1, {r}2; b.{c} .LBB0_1",
        "x0",
        (
            Wrong("inverted", "fcmp {r}1, {r}2; b.{inv(c)} .LBB0_1"),
            Wrong(
                "NaNs otherwise",
                "fcmp {r}1, {r}2; b.{or_nan(c)} .LBB0_1",
                when="c in ('lt', 'mi', 'le', 'ls', 'gt', 'hi')",
            ),
            Wrong("another place", "fcmp {r}1, {r}2; b.{c} .LBB0_2"),
        ),
    ),
)
