"""Templates of shifts, bitfields, rotations, byte orders and counts."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "field-by-shifts",
        "A left shift, then a right one, is the field between: with zeros (lsr) or its sign (asr).",
        {"r": _R, "s": ("lsr", "asr"), "a": (1, 7, 16, 24), "b": (8, 24, 30)},
        "lsl {r}9, {r}1, #{a}; {s} {r}0, {r}9, #{b}",
        "{'ubfx' if s == 'lsr' else 'sbfx'} {r}0, {r}1, #{b - a}, #{bits - b}",
        "{r}0",
        (
            Wrong("one bit too few", "{'ubfx' if s == 'lsr' else 'sbfx'} {r}0, {r}1, #{b - a}, #{bits - b - 1}"),
            Wrong(
                "off by one in the position",
                "{'ubfx' if s == 'lsr' else 'sbfx'} {r}0, {r}1, #{b - a - 1}, #{bits - b}",
                when="b > a",
            ),
            Wrong("the other extension", "{'sbfx' if s == 'lsr' else 'ubfx'} {r}0, {r}1, #{b - a}, #{bits - b}"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
        when="a <= b",
    ),
    Template(
        "inserted-field-by-shifts",
        "A left shift, then a shorter right one, leaves the low field shifted left.",
        {"r": _R, "s": ("lsr", "asr"), "a": (20, 24, 31), "b": (4, 8, 16)},
        "lsl {r}9, {r}1, #{a}; {s} {r}0, {r}9, #{b}",
        "{'ubfiz' if s == 'lsr' else 'sbfiz'} {r}0, {r}1, #{a - b}, #{bits - a}",
        "{r}0",
        (
            Wrong(
                "off by one in the position",
                "{'ubfiz' if s == 'lsr' else 'sbfiz'} {r}0, {r}1, #{a - b - 1}, #{bits - a}",
            ),
            Wrong("the other extension", "{'sbfiz' if s == 'lsr' else 'ubfiz'} {r}0, {r}1, #{a - b}, #{bits - a}"),
        ),
    ),
    Template(
        "field-by-mask",
        "A right shift and a mask of n low bits is the field of n bits.",
        {"r": _R, "s": (1, 4, 15), "n": (1, 3, 8, 16)},
        "lsr {r}9, {r}1, #{s}; and {r}0, {r}9, #{hex(2 ** n - 1)}",
        "ubfx {r}0, {r}1, #{s}, #{n}",
        "{r}0",
        (
            Wrong("one bit too many", "ubfx {r}0, {r}1, #{s}, #{n + 1}"),
            Wrong("its sign", "sbfx {r}0, {r}1, #{s}, #{n}"),
            Wrong("off by one in the position", "ubfx {r}0, {r}1, #{s - 1}, #{n}"),
        ),
    ),
    Template(
        "insertion-by-masks",
        "Clearing a field and or-ing a value in is bfi.",
        {"r": _R, "s": (0, 4, 8, 16), "n": (4, 8, 16)},
        "bic {r}8, {r}0, {r}7; and {r}9, {r}1, #{hex(2 ** n - 1)}; orr {r}0, {r}8, {r}9, lsl #{s}",
        "bfi {r}0, {r}1, #{s}, #{n}",
        "{r}0",
        (
            Wrong("one bit too few", "bfi {r}0, {r}1, #{s}, #{n - 1}"),
            Wrong("the field taken from above", "bfxil {r}0, {r}1, #{s}, #{n}", when="s"),
            Wrong("known one bit otherwise", known="x7 = {(2 ** n - 1) << s + 1}"),
        ),
        known="x7 = {(2 ** n - 1) << s}",
    ),
    Template(
        "insertion-at-bottom",
        "bfxil puts a field at the bottom and keeps the rest.",
        {"r": _R, "s": (1, 5, 15), "n": (4, 8, 16)},
        "ubfx {r}9, {r}1, #{s}, #{n}; bfi {r}0, {r}9, #0, #{n}",
        "bfxil {r}0, {r}1, #{s}, #{n}",
        "{r}0",
        (
            Wrong("put at its own position", "bfi {r}0, {r}1, #{s}, #{n}"),
            Wrong("the rest cleared", "ubfx {r}0, {r}1, #{s}, #{n}"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "shifts-add-up",
        "Shifts one way add up while they are below the width.",
        {"r": _R, "s": ("lsl", "lsr", "asr"), "a": (1, 5, 15), "b": (1, 8, 15)},
        "{s} {r}9, {r}1, #{a}; {s} {r}0, {r}9, #{b}",
        "{s} {r}0, {r}1, #{a + b}",
        "{r}0",
        (
            Wrong("off by one", "{s} {r}0, {r}1, #{a + b - 1}"),
            Wrong(
                "logical and arithmetic mixed",
                "{'asr' if s == 'lsr' else 'lsr'} {r}0, {r}1, #{a + b}",
                when="s != 'lsl'",
            ),
            Wrong(
                "the first shift was of the low half", source="{s} w9, w1, #{a}; {s} {r}0, {r}9, #{b}", when="r == 'x'"
            ),
        ),
    ),
    Template(
        "shift-out-and-in",
        "A right shift and the left one back clear the low bits.",
        {"r": _R, "s": ("lsr", "asr"), "n": (1, 4, 12, 31)},
        "{s} {r}9, {r}1, #{n}; lsl {r}0, {r}9, #{n}",
        "and {r}0, {r}1, #{hex((1 << bits) - (1 << n))}",
        "{r}0",
        (
            Wrong("one bit too few", "and {r}0, {r}1, #{hex((1 << bits) - (1 << n - 1))}", when="n > 1"),
            Wrong("the high bits for the low ones", "and {r}0, {r}1, #{hex((1 << bits - n) - 1)}"),
        ),
    ),
    Template(
        "rotation-by-shifts",
        "a << n | a >> (width - n) is a rotation; + and ^ do as well, since the parts are disjoint.",
        {"r": _R, "n": (1, 8, 13, 31), "op": ("orr", "add", "eor")},
        "lsl {r}9, {r}1, #{n}; {op} {r}0, {r}9, {r}1, lsr #{bits - n}",
        "ror {r}0, {r}1, #{bits - n}",
        "{r}0",
        (
            Wrong("rotated the other way", "ror {r}0, {r}1, #{n}"),
            Wrong("the sign drawn in", source="lsl {r}9, {r}1, #{n}; {op} {r}0, {r}9, {r}1, asr #{bits - n}"),
            Wrong(
                "off by one: the parts overlap",
                source="lsl {r}9, {r}1, #{n}; {op} {r}0, {r}9, {r}1, lsr #{bits - n - 1}",
                when="n < 31",
            ),
        ),
    ),
    Template(
        "extract-by-shifts",
        "extr takes the middle of two registers.",
        {"r": _R, "n": (1, 8, 24, 31)},
        "lsl {r}9, {r}1, #{bits - n}; orr {r}0, {r}9, {r}2, lsr #{n}",
        "extr {r}0, {r}1, {r}2, #{n}",
        "{r}0",
        (
            Wrong("operands swapped", "extr {r}0, {r}2, {r}1, #{n}"),
            Wrong("off by one", "extr {r}0, {r}1, {r}2, #{n - 1}"),
        ),
    ),
    Template(
        "rotations-add-up",
        "Rotations add up modulo the width.",
        {"r": _R, "a": (1, 17, 31), "b": (2, 16, 31)},
        "ror {r}9, {r}1, #{a}; ror {r}0, {r}9, #{b}",
        "ror {r}0, {r}1, #{(a + b) % bits}",
        "{r}0",
        (
            Wrong("taken modulo the other width", "ror {r}0, {r}1, #{(a + b + 32) % 64}", when="bits == 64"),
            Wrong("off by one", "ror {r}0, {r}1, #{(a + b - 1) % bits}"),
        ),
    ),
    Template(
        "masked-amount",
        "A shift by a register takes the amount modulo the width.",
        {"r": _R, "s": ("lsl", "lsr", "asr", "ror")},
        "and w9, w2, #{bits - 1}; {s} {r}0, {r}1, {r}9",
        "{s} {r}0, {r}1, {r}2",
        "{r}0",
        (Wrong("the mask keeps too few bits", source="and w9, w2, #{(bits - 1) // 2}; {s} {r}0, {r}1, {r}9"),),
    ),
    Template(
        "amount-from-width",
        "Modulo the width, width - n is -n: the amount may be negated.",
        {"r": _R, "s": ("lsl", "lsr", "asr", "ror")},
        "mov w9, #{bits}; sub w9, w9, w2; {s} {r}0, {r}1, {r}9",
        "neg w9, w2; {s} {r}0, {r}1, {r}9",
        "{r}0",
        (
            Wrong("complement for negative", "mvn w9, w2; {s} {r}0, {r}1, {r}9"),
            Wrong("from half of the width", source="mov w9, #{bits // 2}; sub w9, w9, w2; {s} {r}0, {r}1, {r}9"),
        ),
    ),
    Template(
        "amount-complement",
        "Modulo the width, width - 1 - n is ~n.",
        {"r": _R, "s": ("lsl", "lsr", "asr", "ror")},
        "mov w9, #{bits - 1}; sub w9, w9, w2; {s} {r}0, {r}1, {r}9",
        "mvn w9, w2; {s} {r}0, {r}1, {r}9",
        "{r}0",
        (Wrong("negative for complement", "neg w9, w2; {s} {r}0, {r}1, {r}9"),),
    ),
    Template(
        "variable-rotation-left",
        "A rotation left by n is one right by -n.",
        {"r": _R, "op": ("orr", "add")},
        "mov {r}8, #1; lsl {r}8, {r}8, {r}2; neg w9, w2; ror {r}9, {r}1, {r}9; and {r}0, {r}9, {r}8",
        "mov {r}8, #1; lsl {r}8, {r}8, {r}2; neg w9, w2; ror {r}9, {r}1, {r}9; bic {r}8, {r}9, {r}8; "
        "eor {r}0, {r}9, {r}8",
        "{r}0",
        (
            Wrong(
                "what is kept and what is not exchanged",
                "mov {r}8, #1; lsl {r}8, {r}8, {r}2; neg w9, w2; ror {r}9, {r}1, {r}9; bic {r}0, {r}9, {r}8",
            ),
        ),
    ),
    Template(
        "is-zero-by-count",
        "clz is the width for zero and less for all else: shifted by log2 of the width it says whether a number is "
        "zero.",
        {"r": _R},
        "cmp {r}1, #0; cset {r}0, eq",
        "clz {r}9, {r}1; lsr {r}0, {r}9, #{5 if bits == 32 else 6}",
        "{r}0",
        (
            Wrong("off by one in the shift", "clz {r}9, {r}1; lsr {r}0, {r}9, #{4 if bits == 32 else 5}"),
            Wrong("the other way", source="cmp {r}1, #0; cset {r}0, ne"),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "trailing-zeros",
        "Reversed, trailing zeros lead; a & -a has the same ones.",
        {"r": _R},
        "neg {r}9, {r}1; and {r}9, {r}1, {r}9; rbit {r}9, {r}9; clz {r}0, {r}9",
        "rbit {r}9, {r}1; clz {r}0, {r}9",
        "{r}0",
        (
            Wrong("leading for trailing", "clz {r}0, {r}1"),
            Wrong("bytes reversed for bits", "rev {r}9, {r}1; clz {r}0, {r}9"),
        ),
    ),
    Template(
        "bit-test-by-shift",
        "Bit n is what a shift right by n leaves in bit 0.",
        {"r": _R, "n": (0, 1, 17, 31)},
        "tst {r}1, #{hex(1 << n)}; cset {r}0, ne",
        "ubfx {r}0, {r}1, #{n}, #1",
        "{r}0",
        (
            Wrong("the bit beside it", "ubfx {r}0, {r}1, #{n ^ 1}, #1"),
            Wrong("the other way", source="tst {r}1, #{hex(1 << n)}; cset {r}0, eq"),
            Wrong("its sign", "sbfx {r}0, {r}1, #{n}, #1"),
            Wrong("flags are live", live="{r}0 nzcv"),
        ),
    ),
    Template(
        "bytes-reversed-twice",
        "rev twice does nothing; so does rev16, and rbit.",
        {"r": _R, "f": ("rev", "rev16", "rbit")},
        "{f} {r}9, {r}1; {f} {r}0, {r}9",
        "mov {r}0, {r}1",
        "{r}0",
        (
            Wrong(
                "reversed once by halfwords", source="{f} {r}9, {r}1; {'rev16' if f != 'rev16' else 'rev'} {r}0, {r}9"
            ),
            Wrong("the scratch register is live", live="{r}0 {r}9"),
        ),
    ),
    Template(
        "halfword-order",
        "rev and a rotation by 16 are rev16, in 32 bits.",
        {"t": (0, 1)},
        "rev w9, w1; ror w{t}, w9, #16",
        "rev16 w{t}, w1",
        "x{t}",
        (Wrong("not rotated", "rev w{t}, w1"), Wrong("shifted for rotated", source="rev w9, w1; lsr w{t}, w9, #16")),
    ),
    Template(
        "reversed-words",
        "rev32 reverses the bytes of each word: rev, and the words exchanged.",
        {"d": (0, 1)},
        "rev x9, x1; ror x{d}, x9, #32",
        "rev32 x{d}, x1",
        "x{d}",
        (Wrong("the words exchanged", "rev x{d}, x1"), Wrong("halfwords", "rev16 x{d}, x1")),
    ),
    Template(
        "field-of-field",
        "A right shift of a field is the rest of it; an arithmetic one keeps its sign.",
        {"r": _R, "f": (("ubfx", "lsr"), ("sbfx", "asr"), ("ubfx", "asr")), "n": (0, 5, 13), "m": (8, 17), "s": (1, 7)},
        "{f[0]} {r}9, {r}1, #{n}, #{m}; {f[1]} {r}0, {r}9, #{s}",
        "{f[0]} {r}0, {r}1, #{n + s}, #{m - s}",
        "{r}0",
        (
            Wrong("one bit too many", "{f[0]} {r}0, {r}1, #{n + s}, #{m - s + 1}"),
            Wrong("logical of a signed field", source="sbfx {r}9, {r}1, #{n}, #{m}; lsr {r}0, {r}9, #{s}"),
        ),
    ),
    Template(
        "mask-of-shifted",
        "A mask above the zeros that a left shift draws in keeps only what was there.",
        {"r": _R, "n": (1, 4, 8), "m": (2, 8, 12)},
        "lsl {r}9, {r}1, #{n}; and {r}0, {r}9, #{hex((1 << n + m) - 1)}",
        "ubfiz {r}0, {r}1, #{n}, #{m}",
        "{r}0",
        (
            Wrong("one bit too few", "ubfiz {r}0, {r}1, #{n}, #{m - 1}"),
            Wrong("the sign for zeros", "sbfiz {r}0, {r}1, #{n}, #{m}"),
        ),
    ),
    Template(
        "round-up",
        "(a + 2^n - 1) with the low n bits cleared is a rounded up: -(-a cleared).",
        {"r": _R, "n": (2, 3, 4, 12)},
        "add {r}9, {r}1, #{2 ** n - 1}; and {r}0, {r}9, #{hex((1 << bits) - (1 << n))}",
        "neg {r}9, {r}1; and {r}9, {r}9, #{hex((1 << bits) - (1 << n))}; neg {r}0, {r}9",
        "{r}0",
        (
            Wrong("rounded down", "and {r}0, {r}1, #{hex((1 << bits) - (1 << n))}"),
            Wrong(
                "one more too much", source="add {r}9, {r}1, #{2 ** n}; and {r}0, {r}9, #{hex((1 << bits) - (1 << n))}"
            ),
        ),
    ),
)
