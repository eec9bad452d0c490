"""Templates of sign and zero extensions."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "extension-twice",
        "A narrower extension of an extension is the narrower alone.",
        {"a": ("sxth", "uxth", "sxtb", "uxtb"), "b": ("sxtb", "uxtb"), "r": ("w",)},
        "{a} w9, w1; {b} w0, w9",
        "{b} w0, w1",
        "x0",
        (
            Wrong("the wider one", "{a} w0, w1", when="a != b"),
            Wrong("the other signedness", "{'u' if b[0] == 's' else 's'}{b[1:]} w0, w1"),
        ),
    ),
    Template(
        "wider-extension-of-narrow",
        "A wider sign extension of a sign-extended byte or halfword does nothing in 32 bits.",
        {"a": ("sxtb", "uxtb"), "d": (0, 1)},
        "{a} w9, w1; sxth w{d}, w9",
        "{a} w{d}, w1",
        "x{d}",
        (
            Wrong("the halfword itself", "sxth w{d}, w1"),
            Wrong("extended to 64 bits", source="{a} w9, w1; sxth x{d}, w9", when="a == 'sxtb'"),
        ),
    ),
    Template(
        "sign-to-64",
        "A sign extension to 32 and on to 64 bits is one to 64.",
        {"e": ("sxtb", "sxth")},
        "{e} w9, w1; sxtw x0, w9",
        "{e} x0, w1",
        "x0",
        (
            Wrong("the upper half zero", "{e} w0, w1"),
            Wrong("zeros for the sign", "u{e[1:]} w0, w1"),
            Wrong("the scratch register is live", live="x0 x9"),
        ),
    ),
    Template(
        "sign-shifted-word",
        "A sign-extended word shifted left is sbfiz.",
        {"n": (1, 2, 3, 31)},
        "sxtw x9, w1; lsl x0, x9, #{n}",
        "sbfiz x0, x1, #{n}, #32",
        "x0",
        (
            Wrong("zeros for the sign", "ubfiz x0, x1, #{n}, #32"),
            Wrong("shifted in 32 bits", "lsl w9, w1, #{n}; sxtw x0, w9"),
        ),
    ),
    Template(
        "zero-shifted-word",
        "A zero-extended word shifted left is ubfiz.",
        {"n": (1, 2, 3, 31)},
        "mov w9, w1; lsl x0, x9, #{n}",
        "ubfiz x0, x1, #{n}, #32",
        "x0",
        (Wrong("the sign for zeros", "sbfiz x0, x1, #{n}, #32"), Wrong("nothing cleared", "lsl x0, x1, #{n}")),
    ),
    Template(
        "arithmetic-of-positive",
        "Arithmetic and logical right shifts are one where the top bit is known to be zero.",
        {"n": (31, 32, 48, 63), "s": (1, 8, 31)},
        "asr x0, x1, #{s}",
        "lsr x0, x1, #{s}",
        "x0",
        (
            Wrong("known one bit too weakly", known="x1 zext 64", when="n == 63"),
            Wrong("known to be sign-extended", known="x1 sext {n}"),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "arithmetic-of-positive-word",
        "As for doublewords, with the top bit of the word.",
        {"n": (8, 30, 31), "s": (1, 8, 31)},
        "asr w0, w1, #{s}",
        "lsr w0, w1, #{s}",
        "w0",
        (Wrong("known one bit too weakly", known="x1 zext 32"),),
        known="x1 zext {n}",
    ),
    Template(
        "top-bit-as-number",
        "The top bit logically shifted down is 1 for negative numbers, arithmetically -1.",
        {"r": _R, "s": ("lsr", "asr")},
        "cmp {r}1, #0; {'cset' if s == 'lsr' else 'csetm'} {r}0, lt",
        "{s} {r}0, {r}1, #{bits - 1}",
        "{r}0",
        (
            Wrong("the other sign", "{'asr' if s == 'lsr' else 'lsr'} {r}0, {r}1, #{bits - 1}"),
            Wrong("flags are live", live="{r}0 nzcv"),
            Wrong("zero counted in", source="cmp {r}1, #0; {'cset' if s == 'lsr' else 'csetm'} {r}0, le"),
        ),
    ),
    Template(
        "halfword-reversed",
        "The reversed low halfword is the top of the reversed word.",
        {"s": ("lsr", "asr")},
        "rev w9, w1; {s} w0, w9, #16",
        "rev16 w9, w1; {'uxth' if s == 'lsr' else 'sxth'} w0, w9",
        "x0",
        (
            Wrong("the other extension", "rev16 w9, w1; {'sxth' if s == 'lsr' else 'uxth'} w0, w9"),
            Wrong("the order kept", "{'uxth' if s == 'lsr' else 'sxth'} w0, w1"),
        ),
    ),
)
