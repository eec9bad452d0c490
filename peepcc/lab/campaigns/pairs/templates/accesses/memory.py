"""Templates of accesses to ordinary memory: widths, forwarding, pairs, and what may overlap.

Two bases may be any addresses, equal or apart by less than a width; a slot of the stack is one more such place.
"""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "extension-of-load",
        "A load of a byte or halfword extends as it says.",
        {"l": (("ldrb", "uxtb"), ("ldrh", "uxth"), ("ldrsb", "sxtb"), ("ldrsh", "sxth"))},
        "{'ldrb' if l[0][-1] == 'b' else 'ldrh'} w9, [x1, #6]; {l[1]} w0, w9",
        "{l[0]} w0, [x1, #6]",
        "x0",
        (
            Wrong("the other extension", "ldr{'s' if l[0][3] != 's' else ''}{l[0][-1]} w0, [x1, #6]"),
            Wrong("extended to 64 bits", "{l[0]} x0, [x1, #6]", when="l[0][3] == 's'"),
            Wrong("the other width", "ldr{'h' if l[0][-1] == 'b' else 'b'} w0, [x1, #6]"),
        ),
    ),
    Template(
        "sign-of-load",
        "A load that extends to 64 bits is a load and an extension.",
        {"l": (("ldrb", "sxtb", "ldrsb"), ("ldrh", "sxth", "ldrsh"), ("ldr", "sxtw", "ldrsw")), "o": (0, 8, 4092)},
        "{l[0]} w9, [x1, #{o}]; {l[1]} x0, w9",
        "{l[2]} x0, [x1, #{o}]",
        "x0",
        (
            Wrong("zeros for the sign", "{l[0]} w0, [x1, #{o}]"),
            Wrong("of the word only", "{l[2]} w0, [x1, #{o}]", when="l[2] != 'ldrsw'"),
            Wrong("the word is live", live="x0 x9"),
        ),
    ),
    Template(
        "narrower-load",
        "Little endian: byte k of a word is at address k; no more is read than was.",
        {"k": (0, 1, 3), "w": (4, 8), "x": (0, 4)},
        "ldr {'w' if w == 4 else 'x'}9, [x1, #8]; "
        "ubfx {'w' if w == 4 else 'x'}0, {'w' if w == 4 else 'x'}9, #{8 * (k + x)}, #8",
        "ldrb w0, [x1, #{8 + k + x}]",
        "x0",
        (
            Wrong("the byte beside it", "ldrb w0, [x1, #{8 + (k + x ^ 1)}]"),
            Wrong("big endian", "ldrb w0, [x1, #{8 + w - 1 - k - x}]"),
            Wrong("its sign", "ldrsb w0, [x1, #{8 + k + x}]"),
            Wrong("more than was loaded", "ldr x0, [x1, #{8 + k + x}]; and x0, x0, #0xff", when="k + x == 3"),
        ),
        when="k + x < w",
    ),
    Template(
        "upper-half-load",
        "The upper half of a doubleword is the word behind its lower half.",
        {"s": ("lsr", "asr")},
        "ldr x9, [x1]; {s} x0, x9, #32",
        "{'ldr w0' if s == 'lsr' else 'ldrsw x0'}, [x1, #4]",
        "x0",
        (
            Wrong("the lower half", "{'ldr w0' if s == 'lsr' else 'ldrsw x0'}, [x1]"),
            Wrong("the other extension", "{'ldr w0' if s == 'asr' else 'ldrsw x0'}, [x1, #4]"),
            Wrong("behind the doubleword", "{'ldr w0' if s == 'lsr' else 'ldrsw x0'}, [x1, #8]"),
        ),
    ),
    Template(
        "forwarded",
        "What was stored is what is loaded, cut to the width and extended.",
        {
            "l": (
                ("strb", "ldrb", "uxtb"),
                ("strh", "ldrh", "uxth"),
                ("strb", "ldrsb", "sxtb"),
                ("strh", "ldrsh", "sxth"),
                ("str", "ldr", "mov"),
            ),
            "b": ("x1", "sp"),
        },
        "{l[0]} w0, [{b}, #12]; {l[1]} w2, [{b}, #12]",
        "{l[0]} w0, [{b}, #12]; {l[2]} w2, w0",
        "x2",
        (
            Wrong("not cut", "{l[0]} w0, [{b}, #12]; mov x2, x0"),
            Wrong("the store dropped", "{l[2]} w2, w0"),
            Wrong(
                "loaded beside it",
                "{l[0]} w0, [{b}, #12]; {l[2]} w2, w0",
                source="{l[0]} w0, [{b}, #12]; {l[1]} w2, [{b}, #16]",
            ),
        ),
    ),
    Template(
        "forwarded-part",
        "A part of what was stored.",
        {"k": (0, 1, 2, 5, 7)},
        "str x0, [x1]; ldrb w2, [x1, #{k}]",
        "str x0, [x1]; {'ubfx x2, x0, #' + str(8 * k) + ', #8' if k else 'uxtb w2, w0'}",
        "x2",
        (
            Wrong("the byte beside it", "str x0, [x1]; ubfx x2, x0, #{8 * (k ^ 1)}, #8"),
            Wrong("big endian", "str x0, [x1]; ubfx x2, x0, #{56 - 8 * k}, #8"),
            Wrong("stored narrower", source="strh w0, [x1]; ldrb w2, [x1, #{k}]", when="k > 1"),
        ),
    ),
    Template(
        "forwarded-over-store",
        "A store between, apart by its constant offset, does not touch it.",
        {"a": (0, 8, 64), "d": (4, 8, -4, -8)},
        "str w0, [x1, #{a}]; stur w3, [x1, #{a + d}]; ldr w2, [x1, #{a}]",
        "str w0, [x1, #{a}]; stur w3, [x1, #{a + d}]; mov w2, w0",
        "x2",
        (
            Wrong(
                "the stores overlap",
                source="str w0, [x1, #{a}]; stur w3, [x1, #{a + d // 4}]; ldr w2, [x1, #{a}]",
                target="str w0, [x1, #{a}]; stur w3, [x1, #{a + d // 4}]; mov w2, w0",
            ),
            Wrong(
                "another base may be the same place",
                source="str w0, [x1, #{a}]; stur w3, [x4, #{d}]; ldr w2, [x1, #{a}]",
                target="str w0, [x1, #{a}]; stur w3, [x4, #{d}]; mov w2, w0",
            ),
        ),
    ),
    Template(
        "loaded-twice",
        "Nothing is stored in between: the second load is the first.",
        {"l": (("ldrb", "w"), ("ldrsh", "w"), ("ldr", "w"), ("ldr", "x")), "b": ("x1", "sp"), "o": (0, 16)},
        "{l[0]} {l[1]}2, [{b}, #{o}]; add {l[1]}3, {l[1]}2, #1; {l[0]} {l[1]}4, [{b}, #{o}]",
        "{l[0]} {l[1]}2, [{b}, #{o}]; add {l[1]}3, {l[1]}2, #1; mov {l[1]}4, {l[1]}2",
        "{l[1]}2 {l[1]}3 {l[1]}4",
        (
            Wrong(
                "a store in between",
                source="{l[0]} {l[1]}2, [{b}, #{o}]; add {l[1]}3, {l[1]}2, #1; str {l[1]}3, [x5]; "
                "{l[0]} {l[1]}4, [{b}, #{o}]",
                target="{l[0]} {l[1]}2, [{b}, #{o}]; add {l[1]}3, {l[1]}2, #1; str {l[1]}3, [x5]; mov {l[1]}4, {l[1]}2",
                when="b != 'sp'",
            ),
            Wrong(
                "the base changed",
                source="{l[0]} {l[1]}2, [x1]; add x1, x1, #4; {l[0]} {l[1]}4, [x1]",
                target="{l[0]} {l[1]}2, [x1]; add x1, x1, #4; mov {l[1]}4, {l[1]}2",
                live="{l[1]}2 {l[1]}4 x1",
            ),
            Wrong(
                "the first result changed",
                "{l[0]} {l[1]}2, [{b}, #{o}]; add {l[1]}2, {l[1]}2, #1; mov {l[1]}3, {l[1]}2; mov {l[1]}4, {l[1]}2",
            ),
        ),
    ),
    Template(
        "overwritten",
        "A store that another one covers, with no load between, is dead.",
        {"l": (("strb", "strb"), ("strb", "strh"), ("strh", "str"), ("str", "str")), "b": ("x1", "sp"), "o": (0, 8)},
        "{l[0]} w0, [{b}, #{o}]; {l[1]} w2, [{b}, #{o}]",
        "{l[1]} w2, [{b}, #{o}]",
        "x1",
        (
            Wrong(
                "the second one is narrower",
                "{'strh' if l[0] == 'strb' else 'strb'} w2, [{b}, #{o}]",
                "str w0, [{b}, #{o}]; {'strh' if l[0] == 'strb' else 'strb'} w2, [{b}, #{o}]",
            ),
            Wrong(
                "loaded in between",
                "{l[1]} w2, [{b}, #{o}]; ldrb w3, [{b}, #{o}]",
                "{l[0]} w0, [{b}, #{o}]; ldrb w3, [{b}, #{o}]; {l[1]} w2, [{b}, #{o}]",
                live="x3",
            ),
            Wrong("beside it", source="{l[0]} w0, [{b}, #{o + 4}]; {l[1]} w2, [{b}, #{o}]"),
            Wrong("the first one wins", "{l[0]} w0, [{b}, #{o}]"),
        ),
    ),
    Template(
        "stores-apart",
        "Stores to places known to be apart may change their order.",
        {"a": (0, 4, 16), "d": (4, 8, 12)},
        "str w2, [x1, #{a}]; str w3, [x1, #{a + d}]; ldr w4, [x5]",
        "str w3, [x1, #{a + d}]; str w2, [x1, #{a}]; ldr w4, [x5]",
        "w4",
        (
            Wrong(
                "they overlap",
                source="stur w2, [x1, #{a}]; stur w3, [x1, #{a + 2}]",
                target="stur w3, [x1, #{a + 2}]; stur w2, [x1, #{a}]",
                live="x1",
            ),
            Wrong(
                "another base may be the same place",
                source="str w2, [x1, #{a}]; str w3, [x5, #{d}]",
                target="str w3, [x5, #{d}]; str w2, [x1, #{a}]",
                live="x1",
            ),
            Wrong("a load moved over them", "ldr w4, [x5]; str w3, [x1, #{a + d}]; str w2, [x1, #{a}]"),
        ),
    ),
    Template(
        "loads-reordered",
        "Loads from ordinary memory may change their order.",
        {"r": _R, "o": (0, 8)},
        "ldr {r}2, [x1, #{o}]; ldr {r}3, [x4, #{o}]; sub {r}0, {r}2, {r}3",
        "ldr {r}3, [x4, #{o}]; ldr {r}2, [x1, #{o}]; sub {r}0, {r}2, {r}3",
        "{r}0",
        (
            Wrong("volatile", ordered=True),
            Wrong("exchanged with the operands", "ldr {r}3, [x1, #{o}]; ldr {r}2, [x4, #{o}]; sub {r}0, {r}2, {r}3"),
            Wrong(
                "over a store",
                source="ldr {r}2, [x1, #{o}]; str {r}2, [x4, #{o + 8}]; ldr {r}3, [x4, #{o}]; sub {r}0, {r}2, {r}3",
                target="ldr {r}3, [x1, #{o}]; str {r}3, [x4, #{o + 8}]; ldr {r}2, [x4, #{o}]; sub {r}0, {r}2, {r}3",
            ),
        ),
    ),
    Template(
        "load-over-own-slot",
        "A load from one place of a base may go before a store to another of it.",
        {"a": (0, 8, 16), "d": (8, -8, 24)},
        "str x2, [x1, #{a + 24}]; ldr x0, [x1, #{a + 24 + d}]; add x0, x0, #1",
        "ldr x0, [x1, #{a + 24 + d}]; str x2, [x1, #{a + 24}]; add x0, x0, #1",
        "x0",
        (
            Wrong(
                "they overlap by one byte",
                source="str x2, [x1, #{a + 24}]; ldur x0, [x1, #{a + 31}]; add x0, x0, #1",
                target="ldur x0, [x1, #{a + 31}]; str x2, [x1, #{a + 24}]; add x0, x0, #1",
            ),
            Wrong(
                "the stack may be pointed to",
                source="str x2, [sp, #{a}]; ldr x0, [x1]; add x0, x0, #1",
                target="ldr x0, [x1]; str x2, [sp, #{a}]; add x0, x0, #1",
            ),
        ),
    ),
    Template(
        "stored-back",
        "Storing what was loaded from there changes nothing, but is an access.",
        {"l": (("ldrb", "strb", "w"), ("ldrh", "strh", "w"), ("ldr", "str", "x")), "o": (0, 8), "b": ("x1", "sp")},
        "{l[0]} {l[2]}2, [{b}, #{o}]; {l[1]} {l[2]}2, [{b}, #{o}]",
        "{l[0]} {l[2]}2, [{b}, #{o}]",
        "{l[2]}2",
        (
            Wrong("stored elsewhere", source="{l[0]} {l[2]}2, [{b}, #{o}]; {l[1]} {l[2]}2, [{b}, #{o + 8}]"),
            Wrong(
                "changed in between",
                source="{l[0]} {l[2]}2, [{b}, #{o}]; add {l[2]}2, {l[2]}2, #1; {l[1]} {l[2]}2, [{b}, #{o}]; "
                "sub {l[2]}2, {l[2]}2, #1",
            ),
            Wrong("volatile", ordered=True),
            Wrong(
                "a store added",
                "{l[0]} {l[2]}2, [{b}, #{o}]; {l[1]} {l[2]}2, [{b}, #{o}]",
                "{l[0]} {l[2]}2, [{b}, #{o}]",
            ),
        ),
    ),
    Template(
        "extension-before-store",
        "A store takes the low bits alone.",
        {"l": (("strb", "sxtb"), ("strb", "uxtb"), ("strb", "uxth"), ("strh", "sxth"), ("strh", "uxth")), "o": (0, 6)},
        "{l[1]} w9, w2; {l[0]} w9, [x1, #{o}]",
        "{l[0]} w2, [x1, #{o}]",
        "x1",
        (
            Wrong(
                "a narrower extension",
                source="{'uxtb' if l[0] == 'strh' else 'lsr'} w9, w2{'' if l[0] == 'strh' else ', #1'}; "
                "{l[0]} w9, [x1, #{o}]",
            ),
            Wrong("the extended value is live", live="x1 x9"),
            Wrong("stored wider", "{'strh' if l[0] == 'strb' else 'str'} w2, [x1, #{o}]"),
        ),
    ),
    Template(
        "vector-bits-stored",
        "A store of d or s stores the bits; so does one of the general register that they come from.",
        {"r": (("w", "s"), ("x", "d")), "o": (0, 8)},
        "fmov {r[1]}9, {r[0]}2; str {r[1]}9, [x1, #{o}]",
        "str {r[0]}2, [x1, #{o}]",
        "x1",
        (
            Wrong("the vector register is live", live="x1 {r[1]}9"),
            Wrong("converted", source="scvtf {r[1]}9, {r[0]}2; str {r[1]}9, [x1, #{o}]"),
            Wrong("wider", source="fmov {r[1]}9, {r[0]}2; str q9, [x1, #{o}]"),
        ),
    ),
    Template(
        "stack-slot-forwarded",
        "A slot of the stack is written and read back within the frame.",
        {"o": (8, 16, 24), "w": (("w", 4), ("x", 8))},
        "str {w[0]}0, [sp, #{o}]; str {w[0]}2, [sp, #{o - w[1]}]; ldr {w[0]}3, [sp, #{o}]",
        "stp {w[0]}2, {w[0]}0, [sp, #{o - w[1]}]; mov {w[0]}3, {w[0]}0",
        "{w[0]}3",
        (
            Wrong("the slots exchanged", "stp {w[0]}0, {w[0]}2, [sp, #{o - w[1]}]; mov {w[0]}3, {w[0]}0"),
            Wrong("the other slot", "stp {w[0]}2, {w[0]}0, [sp, #{o - w[1]}]; mov {w[0]}3, {w[0]}2"),
            Wrong(
                "the upper half is live and was not stored",
                "stp w2, w0, [sp, #{o - w[1]}]; mov x3, x0",
                live="x3",
                when="w[0] == 'w'",
            ),
        ),
    ),
)
