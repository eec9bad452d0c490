"""Templates of functions with volatile or atomic accesses: each access keeps address, width, order and kind.

Arithmetic around the accesses is free, and so is the way in which an address is written.
"""

from ...template import Template, Wrong

_LOADS = (("ldrb", "w", 1), ("ldrh", "w", 2), ("ldr", "w", 4), ("ldr", "x", 8))
_STORES = (("strb", "w", 1), ("strh", "w", 2), ("str", "w", 4), ("str", "x", 8))

TEMPLATES = (
    Template(
        "ordered-arithmetic",
        "What is computed from a volatile load is free.",
        {"l": _LOADS, "n": (1, 4)},
        "{l[0]} {l[1]}2, [x1]; lsl {l[1]}9, {l[1]}2, #{n}; add {l[1]}0, {l[1]}3, {l[1]}9",
        "{l[0]} {l[1]}2, [x1]; add {l[1]}0, {l[1]}3, {l[1]}2, lsl #{n}",
        "{l[1]}0",
        (
            Wrong("the load dropped", "add {l[1]}0, {l[1]}3, {l[1]}2, lsl #{n}"),
            Wrong(
                "loaded twice", "{l[0]} {l[1]}2, [x1]; {l[0]} {l[1]}2, [x1]; add {l[1]}0, {l[1]}3, {l[1]}2, lsl #{n}"
            ),
            Wrong("loaded wider", "ldr x2, [x1]; add {l[1]}0, {l[1]}3, {l[1]}2, lsl #{n}", when="l[2] < 8"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-dead-load",
        "A volatile load whose value is dead stays, into any register.",
        {"l": _LOADS, "d": (9, 8)},
        "{l[0]} {l[1]}9, [x1, #8]; mov {l[1]}0, {l[1]}2",
        "{l[0]} {l[1]}{d}, [x1, #8]; orr {l[1]}0, {l[1]}2, {l[1]}zr",
        "{l[1]}0",
        (
            Wrong("dropped", "mov {l[1]}0, {l[1]}2"),
            Wrong("another address", "{l[0]} {l[1]}{d}, [x1]; mov {l[1]}0, {l[1]}2"),
            Wrong("narrower", "ldrb w{d}, [x1, #8]; mov {l[1]}0, {l[1]}2", when="l[2] > 1"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-addresses",
        "An address may be written otherwise.",
        {"l": (*_LOADS, *_STORES), "k": (1, 3)},
        "add x9, x1, #{k * l[2]}; {l[0]} {l[1]}0, [x9]",
        "{l[0]} {l[1]}0, [x1, #{k * l[2]}]",
        "{l[1]}0",
        (
            Wrong("off by one element", "{l[0]} {l[1]}0, [x1, #{(k - 1) * l[2]}]"),
            Wrong("accessed twice", "{l[0]} {l[1]}0, [x1, #{k * l[2]}]; {l[0]} {l[1]}0, [x1, #{k * l[2]}]"),
            Wrong("the address is live", live="{l[1]}0 x9"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-writeback",
        "Post-indexed accesses may be written as plain ones and an addition.",
        {"l": (*_LOADS, *_STORES)},
        "{l[0]} {l[1]}2, [x1]; {l[0]} {l[1]}3, [x1, #{l[2]}]; add x1, x1, #{2 * l[2]}",
        "{l[0]} {l[1]}2, [x1], #{l[2]}; {l[0]} {l[1]}3, [x1], #{l[2]}",
        "{l[1]}2 {l[1]}3 x1",
        (
            Wrong("reordered", "{l[0]} {l[1]}3, [x1, #{l[2]}]; {l[0]} {l[1]}2, [x1], #{2 * l[2]}"),
            Wrong(
                "merged", "{'ldp' if l[0][0] == 'l' else 'stp'} {l[1]}2, {l[1]}3, [x1], #{2 * l[2]}", when="l[2] > 2"
            ),
            Wrong("writeback lost", "{l[0]} {l[1]}2, [x1]; {l[0]} {l[1]}3, [x1, #{l[2]}]"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-stores",
        "What is stored may be computed otherwise.",
        {"l": _STORES, "n": (1, 5, 31)},
        "add {l[1]}9, {l[1]}2, #{n}; sub {l[1]}9, {l[1]}9, #1; {l[0]} {l[1]}9, [x1]; {l[0]} {l[1]}zr, [x1]",
        "add {l[1]}9, {l[1]}2, #{n - 1}; {l[0]} {l[1]}9, [x1]; {l[0]} {l[1]}zr, [x1]",
        "x1",
        (
            Wrong("the first store dropped", "{l[0]} {l[1]}zr, [x1]"),
            Wrong("reordered", "add {l[1]}9, {l[1]}2, #{n - 1}; {l[0]} {l[1]}zr, [x1]; {l[0]} {l[1]}9, [x1]"),
            Wrong(
                "another value on the way", "add {l[1]}9, {l[1]}2, #{n}; {l[0]} {l[1]}9, [x1]; {l[0]} {l[1]}zr, [x1]"
            ),
        ),
        ordered=True,
    ),
    Template(
        "ordered-read-modify-write",
        "A bit is set in a register: load, or, store.",
        {"n": (0, 3, 31), "r": ("w", "x")},
        "ldr {r}9, [x1]; mov {r}8, #{hex(1 << n)}; orr {r}9, {r}9, {r}8; str {r}9, [x1]",
        "ldr {r}9, [x1]; orr {r}9, {r}9, #{hex(1 << n)}; str {r}9, [x1]",
        "x1",
        (
            Wrong("another bit", "ldr {r}9, [x1]; orr {r}9, {r}9, #{hex(1 << (n ^ 1))}; str {r}9, [x1]"),
            Wrong("only the byte", "ldrb w9, [x1]; orr {r}9, {r}9, #{hex(1 << n)}; strb w9, [x1]"),
            Wrong("not stored", "ldr {r}9, [x1]; orr {r}9, {r}9, #{hex(1 << n)}"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-two-places",
        "Two volatile places, read in their order.",
        {"r": ("w", "x"), "f": ("add", "eor", "and", "orr")},
        "ldr {r}2, [x1]; ldr {r}3, [x4]; {f} {r}0, {r}2, {r}3",
        "ldr {r}2, [x1]; ldr {r}3, [x4]; {f} {r}0, {r}3, {r}2",
        "{r}0",
        (
            Wrong("reordered", "ldr {r}3, [x4]; ldr {r}2, [x1]; {f} {r}0, {r}2, {r}3"),
            Wrong("merged where they are the same", "ldr {r}2, [x1]; {f} {r}0, {r}2, {r}2"),
            Wrong("one dropped", "ldr {r}2, [x1]; {f} {r}0, {r}2, {r}3"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-poll",
        "A flag is read, tested and left for.",
        {"n": (0, 5, 31), "c": (("tbz", "eq"), ("tbnz", "ne"))},
        "ldr w9, [x1]; tst w9, #{hex(1 << n)}; b.{c[1]} .LBB0_1",
        "ldr w9, [x1]; {c[0]} w9, #{n}, .LBB0_1",
        "x1",
        (
            Wrong("another bit", "ldr w9, [x1]; {c[0]} w9, #{n ^ 1}, .LBB0_1"),
            Wrong("inverted", "ldr w9, [x1]; {'tbnz' if c[0] == 'tbz' else 'tbz'} w9, #{n}, .LBB0_1"),
            Wrong("read as a byte", "ldrb w9, [x1]; {c[0]} w9, #{n}, .LBB0_1", when="n < 8"),
            Wrong("the flags are live", live="x1 nzcv"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-store-then-load",
        "A volatile store and a load from there both stay: the load may see something else.",
        {"l": (("strb", "ldrb", "w"), ("strh", "ldrh", "w"), ("str", "ldr", "w"), ("str", "ldr", "x")), "o": (0, 16)},
        "mov {l[2]}9, {l[2]}2; {l[0]} {l[2]}9, [x1, #{o}]; {l[1]} {l[2]}0, [x1, #{o}]",
        "{l[0]} {l[2]}2, [x1, #{o}]; {l[1]} {l[2]}0, [x1, #{o}]",
        "{l[2]}0",
        (
            Wrong("the load forwarded", "{l[0]} {l[2]}2, [x1, #{o}]; mov {l[2]}0, {l[2]}2"),
            Wrong("the store dropped", "{l[1]} {l[2]}0, [x1, #{o}]"),
            Wrong("reordered", "{l[1]} {l[2]}0, [x1, #{o}]; {l[0]} {l[2]}2, [x1, #{o}]"),
        ),
        ordered=True,
    ),
    Template(
        "ordered-pair",
        "A pair that is one stays one.",
        {"r": ("w", "x"), "s": ("ldp", "stp"), "o": (0, 16)},
        "add x9, x1, #{o}; {s} {r}2, {r}3, [x9]",
        "{s} {r}2, {r}3, [x1, #{o}]",
        "{r}2 {r}3",
        (
            Wrong(
                "split",
                "{'ldr' if s == 'ldp' else 'str'} {r}2, [x1, #{o}]; "
                "{'ldr' if s == 'ldp' else 'str'} {r}3, [x1, #{o + size(r)}]",
            ),
            Wrong("exchanged", "{s} {r}3, {r}2, [x1, #{o}]"),
            Wrong(
                "as one wider access",
                "str q9, [x1, #{o}]",
                "fmov d9, x2; mov v9.d[1], x3; stp x2, x3, [x1, #{o}]",
                when="r == 'x' and s == 'stp'",
                live="x1",
            ),
        ),
        ordered=True,
    ),
)
