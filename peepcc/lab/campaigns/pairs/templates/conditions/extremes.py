"""Templates of minima, maxima, signs and differences without sign."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "minimum-or-maximum",
        "Where both are equal it does not matter which is taken.",
        {"r": _R, "c": (("lt", "le"), ("gt", "ge"), ("lo", "ls"), ("hi", "hs"))},
        "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, {c[0]}",
        "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, {c[1]}",
        "{r}0",
        (
            Wrong("minimum for maximum, or the reverse", "cmp {r}1, {r}2; csel {r}0, {r}2, {r}1, {c[1]}"),
            Wrong(
                "the other signedness",
                "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, "
                "{'lo' if c[0] == 'lt' else 'hi' if c[0] == 'gt' else 'lt' if c[0] == 'lo' else 'gt'}",
            ),
            Wrong(
                "the sign of the difference",
                "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, {'mi' if c[0] == 'lt' else 'pl'}",
                when="c[0] in ('lt', 'gt')",
            ),
        ),
    ),
    Template(
        "minimum-exchanged",
        "A minimum does not hang on the order of its operands.",
        {"r": _R, "c": ("lt", "gt", "lo", "hi", "le", "hs")},
        "cmp {r}1, {r}2; csel {r}0, {r}1, {r}2, {c}",
        "cmp {r}2, {r}1; csel {r}0, {r}2, {r}1, {c}",
        "{r}0",
        (
            Wrong("exchanged in the selection only", "cmp {r}1, {r}2; csel {r}0, {r}2, {r}1, {c}"),
            Wrong("exchanged in the comparison only", "cmp {r}2, {r}1; csel {r}0, {r}1, {r}2, {c}"),
            Wrong("the flags are live", live="{r}0 nzcv"),
        ),
    ),
    Template(
        "positive-part",
        "max(a, 0) has no bit where the sign is set; the sign in all bits is an arithmetic shift.",
        {"r": _R, "c": ("gt", "ge", "pl")},
        "cmp {r}1, #0; csel {r}0, {r}1, {r}zr, {c}",
        "bic {r}0, {r}1, {r}1, asr #{bits - 1}",
        "{r}0",
        (
            Wrong("the negative part", "and {r}0, {r}1, {r}1, asr #{bits - 1}"),
            Wrong("one bit for all", "bic {r}0, {r}1, {r}1, lsr #{bits - 1}"),
            Wrong("the flags are live", live="{r}0 nzcv"),
        ),
    ),
    Template(
        "negative-part",
        "min(a, 0) keeps the bits where the sign is set.",
        {"r": _R, "c": ("lt", "le", "mi")},
        "cmp {r}1, #0; csel {r}0, {r}1, {r}zr, {c}",
        "and {r}0, {r}1, {r}1, asr #{bits - 1}",
        "{r}0",
        (
            Wrong("the positive part", "bic {r}0, {r}1, {r}1, asr #{bits - 1}"),
            Wrong("unsigned", source="cmp {r}1, #0; csel {r}0, {r}1, {r}zr, {'lo' if c == 'lt' else 'ls'}"),
        ),
    ),
    Template(
        "sign",
        "The sign of a number: (a > 0) - (a < 0) is 1, or all bits where not greater or equal, or 0.",
        {"r": _R, "x": (0, 1)},
        "cmp {r}1, #0; cset {r}8, gt; cset {r}9, lt; sub {r}{x}, {r}8, {r}9",
        "cmp {r}1, #0; cset {r}8, ne; csinv {r}{x}, {r}8, {r}zr, ge",
        "{r}{x}",
        (
            Wrong("zero counted as negative", "cmp {r}1, #0; cset {r}8, ne; csinv {r}{x}, {r}8, {r}zr, gt"),
            Wrong("reversed", "cmp {r}1, #0; cset {r}8, ne; csinv {r}{x}, {r}8, {r}zr, le"),
        ),
    ),
    Template(
        "three-way",
        "(a > b) - (a < b) in one comparison.",
        {"r": _R, "k": (("gt", "lt", "ge"), ("hi", "lo", "hs"))},
        "cmp {r}1, {r}2; cset w8, {k[0]}; cset w9, {k[1]}; sub w0, w8, w9",
        "cmp {r}1, {r}2; cset w8, ne; csinv w0, w8, wzr, {k[2]}",
        "w0",
        (
            Wrong(
                "the other signedness",
                "cmp {r}1, {r}2; cset w8, ne; csinv w0, w8, wzr, {'hs' if k[2] == 'ge' else 'ge'}",
            ),
            Wrong("equality as less", "cmp {r}1, {r}2; cset w8, ne; csinv w0, w8, wzr, {k[0]}"),
            Wrong("the upper half is live", "cmp {r}1, {r}2; cset x8, ne; csinv x0, x8, xzr, {k[2]}", live="x0"),
        ),
    ),
    Template(
        "difference-or-zero",
        "a - b where a >= b, else 0: the borrow selects.",
        {"r": _R, "c": ("hs", "hi")},
        "cmp {r}1, {r}2; sub {r}9, {r}1, {r}2; csel {r}0, {r}9, {r}zr, {c}",
        "subs {r}9, {r}1, {r}2; csel {r}0, {r}9, {r}zr, hs",
        "{r}0",
        (
            Wrong("signed", "subs {r}9, {r}1, {r}2; csel {r}0, {r}9, {r}zr, ge"),
            Wrong("the inverse", "subs {r}9, {r}1, {r}2; csel {r}0, {r}9, {r}zr, lo"),
            Wrong(
                "the difference is live",
                source="subs {r}9, {r}1, {r}2; csel {r}9, {r}9, {r}zr, {c}; mov {r}0, {r}9",
                live="{r}0 {r}9",
            ),
        ),
    ),
    Template(
        "absolute-difference",
        "|a - b| by the borrow or the order, without overflow of the order.",
        {"r": _R, "c": (("hs", "lo"), ("hi", "ls"), ("ge", "lt"), ("gt", "le"))},
        "sub {r}8, {r}1, {r}2; sub {r}9, {r}2, {r}1; cmp {r}1, {r}2; csel {r}0, {r}8, {r}9, {c[0]}",
        "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, {c[1]}",
        "{r}0",
        (
            Wrong("the sign of the difference", "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, mi"),
            Wrong("reversed", "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, {c[0]}"),
        ),
    ),
    Template(
        "clamped-byte",
        "Above 255 or negative is above 255 unsigned; which of both the sign says.",
        {"c": ("gt", "ge")},
        "cmp w1, #0; csel w9, w1, wzr, {c}; mov w8, #255; cmp w9, #255; csel w0, w9, w8, lt",
        "bic w9, w1, w1, asr #31; mov w8, #255; cmp w9, #255; csel w0, w9, w8, lo",
        "w0",
        (
            Wrong("not clamped below", "mov w8, #255; cmp w1, #255; csel w0, w1, w8, lt"),
            Wrong("wraps below", "mov w8, #255; cmp w1, #255; csel w0, w1, w8, lo"),
            Wrong("clamped at 256", "bic w9, w1, w1, asr #31; mov w8, #256; cmp w9, #256; csel w0, w9, w8, lo"),
        ),
    ),
    Template(
        "maximum-less-other",
        "The greater of two less the second is their difference, or 0.",
        {"r": _R, "c": ("hi", "hs", "gt", "ge")},
        "cmp {r}1, {r}2; csel {r}8, {r}1, {r}2, {c}; sub {r}0, {r}8, {r}2",
        "subs {r}8, {r}1, {r}2; csel {r}0, {r}8, {r}zr, {c}",
        "{r}0",
        (
            Wrong("less the first", source="cmp {r}1, {r}2; csel {r}8, {r}1, {r}2, {c}; sub {r}0, {r}8, {r}1"),
            Wrong("the sign of the difference", "subs {r}8, {r}1, {r}2; csel {r}0, {r}8, {r}zr, pl"),
        ),
    ),
    Template(
        "maximum-less-minimum",
        "The greater less the lesser is the difference without its sign, which the order tells.",
        {"r": _R, "c": (("hi", "ls"), ("hs", "lo"), ("gt", "le"), ("ge", "lt"))},
        "cmp {r}1, {r}2; csel {r}8, {r}1, {r}2, {c[0]}; csel {r}9, {r}2, {r}1, {c[0]}; sub {r}0, {r}8, {r}9",
        "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, {c[1]}",
        "{r}0",
        (
            Wrong("the sign of the difference", "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, mi"),
            Wrong("the lesser less the greater", "subs {r}8, {r}1, {r}2; cneg {r}0, {r}8, {c[0]}"),
        ),
    ),
)
