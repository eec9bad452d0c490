"""Templates of addresses: offsets, scaled and extended indices, writeback, far offsets."""

from ...template import Template, Wrong

_LOADS = (("ldrb", "w", 1), ("ldrh", "w", 2), ("ldr", "w", 4), ("ldr", "x", 8))
_STORES = (("strb", "w", 1), ("strh", "w", 2), ("str", "w", 4), ("str", "x", 8))

TEMPLATES = (
    Template(
        "offset-folds",
        "A base plus a constant is the base with an offset, where the offset can be encoded.",
        {"l": _LOADS, "k": (1, 3, 31), "b": ("x1", "sp")},
        "str x7, [{b}]; add x9, {b}, #{k * l[2]}; {l[0]} {l[1]}0, [x9]",
        "str x7, [{b}]; {l[0]} {l[1]}0, [{b}, #{k * l[2]}]",
        "{l[1]}0",
        (
            Wrong("off by one element", "str x7, [{b}]; {l[0]} {l[1]}0, [{b}, #{(k - 1) * l[2]}]"),
            Wrong("the address is live", live="{l[1]}0 x9"),
            Wrong(
                "narrower",
                "str x7, [{b}]; {'ldrh' if l[2] == 4 else 'ldrb' if l[2] == 2 else 'ldr'} w0, [{b}, #{k * l[2]}]",
                when="l[2] > 1",
            ),
        ),
    ),
    Template(
        "store-offset-folds",
        "The same for stores.",
        {"l": _STORES, "k": (1, 3, 31), "b": ("x1", "sp")},
        "str x7, [{b}]; add x9, {b}, #{k * l[2]}; {l[0]} {l[1]}0, [x9]",
        "str x7, [{b}]; {l[0]} {l[1]}0, [{b}, #{k * l[2]}]",
        "x1",
        (
            Wrong("off by one element", "str x7, [{b}]; {l[0]} {l[1]}0, [{b}, #{(k - 1) * l[2]}]"),
            Wrong(
                "narrower",
                "str x7, [{b}]; {'strh' if l[2] == 4 else 'strb' if l[2] == 2 else 'str'} w0, [{b}, #{k * l[2]}]",
                when="l[2] > 1",
            ),
            Wrong(
                "wider",
                "str x7, [{b}]; {'strh' if l[2] == 1 else 'str'} {'x' if l[2] == 4 else 'w'}0, [{b}, #{k * l[2]}]",
                when="l[2] < 8",
            ),
        ),
    ),
    Template(
        "negative-offset-folds",
        "A base less a constant, as an unscaled offset.",
        {
            "l": (
                ("ldrb", "ldurb", "w"),
                ("ldrsh", "ldursh", "x"),
                ("ldr", "ldur", "w"),
                ("ldr", "ldur", "x"),
                ("ldr", "ldur", "d"),
                ("ldr", "ldur", "q"),
            ),
            "k": (1, 8, 255),
        },
        "sub x9, x1, #{k}; {l[0]} {l[2]}0, [x9]",
        "{l[1]} {l[2]}0, [x1, #-{k}]",
        "{l[2]}0",
        (Wrong("the other sign", "{l[1]} {l[2]}0, [x1, #{k}]"), Wrong("off by one", "{l[1]} {l[2]}0, [x1, #-{k - 1}]")),
    ),
    Template(
        "index-folds",
        "A base plus a shifted index is an index that is scaled by the access.",
        {"l": (*_LOADS, ("ldrsb", "x", 1), ("ldrsh", "w", 2), ("ldrsw", "x", 4), ("ldr", "d", 8), ("ldr", "q", 16))},
        "add x9, x1, x2, lsl #{log2(l[2])}; {l[0]} {l[1]}0, [x9]",
        "{l[0]} {l[1]}0, [x1, x2{', lsl #' + str(log2(l[2])) if l[2] > 1 else ''}]",
        "{l[1]}0",
        (
            Wrong("not scaled", "{l[0]} {l[1]}0, [x1, x2]", when="l[2] > 1"),
            Wrong(
                "base and index exchanged",
                "{l[0]} {l[1]}0, [x2, x1{', lsl #' + str(log2(l[2])) if l[2] > 1 else ''}]",
                when="l[2] > 1",
            ),
            Wrong("a word as index", "{l[0]} {l[1]}0, [x1, w2, sxtw{' #' + str(log2(l[2])) if l[2] > 1 else ''}]"),
            Wrong("the address is live", live="{l[1]}0 x9"),
        ),
    ),
    Template(
        "extended-index-folds",
        "An extended index is the word extended first, then scaled.",
        {"e": ("sxtw", "uxtw"), "l": (("ldrb", "w", 0), ("ldrh", "w", 1), ("ldr", "w", 2), ("ldr", "x", 3))},
        "{'sxtw x9, w2' if e == 'sxtw' else 'mov w9, w2'}; "
        "{l[0]} {l[1]}0, [x1, x9{', lsl #' + str(l[2]) if l[2] else ''}]",
        "{l[0]} {l[1]}0, [x1, w2, {e}{' #' + str(l[2]) if l[2] else ''}]",
        "{l[1]}0",
        (
            Wrong(
                "the other extension",
                "{l[0]} {l[1]}0, [x1, w2, {'uxtw' if e == 'sxtw' else 'sxtw'}{' #' + str(l[2]) if l[2] else ''}]",
            ),
            Wrong("the whole register", "{l[0]} {l[1]}0, [x1, x2{', lsl #' + str(l[2]) if l[2] else ''}]"),
        ),
    ),
    Template(
        "known-index",
        "An index known to be extended needs no extension.",
        {"e": (("sxtw", "sext"), ("uxtw", "zext")), "n": (8, 31, 32), "s": (0, 1)},
        "{'str' if s else 'ldr'} x0, [x1, w2, {e[0]} #3]",
        "{'str' if s else 'ldr'} x0, [x1, x2, lsl #3]",
        "x0",
        (
            Wrong("known one bit too weakly", known="x2 {e[1]} 33"),
            Wrong("known the other way", known="x2 {'zext' if e[1] == 'sext' else 'sext'} 32"),
        ),
        known="x2 {e[1]} {n}",
    ),
    Template(
        "post-index",
        "An access and an addition to its base are a post-indexed access.",
        {"l": (*_LOADS, *_STORES), "k": (1, 2, -1)},
        "{l[0]} {l[1]}0, [x1]; {'add' if k > 0 else 'sub'} x1, x1, #{abs(k * l[2])}",
        "{l[0]} {l[1]}0, [x1], #{k * l[2]}",
        "{l[1]}0 x1",
        (
            Wrong("pre-indexed", "{l[0]} {l[1]}0, [x1, #{k * l[2]}]!"),
            Wrong("writeback lost", "{l[0]} {l[1]}0, [x1]"),
            Wrong("off by one", "{l[0]} {l[1]}0, [x1], #{k * l[2] + 1}"),
        ),
    ),
    Template(
        "pre-index",
        "An addition to a base and an access are a pre-indexed access.",
        {"l": (*_LOADS, *_STORES), "k": (1, 2, -1)},
        "{'add' if k > 0 else 'sub'} x1, x1, #{abs(k * l[2])}; {l[0]} {l[1]}0, [x1]",
        "{l[0]} {l[1]}0, [x1, #{k * l[2]}]!",
        "{l[1]}0 x1",
        (
            Wrong("post-indexed", "{l[0]} {l[1]}0, [x1], #{k * l[2]}"),
            Wrong("writeback lost", "{l[0]} {l[1]}0, [x1]"),
            Wrong("off by one", "{l[0]} {l[1]}0, [x1, #{k * l[2] - 1}]!"),
        ),
    ),
    Template(
        "index-dead",
        "Without use of the new base, a post-indexed access is a plain one, and a pre-indexed one has an offset.",
        {"l": (*_LOADS, *_STORES), "m": (0, 1)},
        "{l[0]} {l[1]}0, [x1{', #' + str(2 * l[2]) + ']!' if m else '], #' + str(2 * l[2])}",
        "{l[0]} {l[1]}0, [x1{', #' + str(2 * l[2]) if m else ''}]",
        "{l[1]}0",
        (
            Wrong("the new base is live", live="{l[1]}0 x1"),
            Wrong("before for after, or the reverse", "{l[0]} {l[1]}0, [x1{', #' + str(2 * l[2]) if not m else ''}]"),
        ),
    ),
    Template(
        "pair-post-index",
        "ldp and stp move their base by both.",
        {"r": ("w", "x", "d", "q"), "s": ("ld", "st")},
        "{s}p {r}2, {r}3, [x1]; add x1, x1, #{2 * size(r)}",
        "{s}p {r}2, {r}3, [x1], #{2 * size(r)}",
        "{r}2 {r}3 x1",
        (
            Wrong("moved by one", "{s}p {r}2, {r}3, [x1], #{size(r)}"),
            Wrong("pre-indexed", "{s}p {r}2, {r}3, [x1, #{2 * size(r)}]!"),
            Wrong("exchanged", "{s}p {r}3, {r}2, [x1], #{2 * size(r)}"),
        ),
    ),
    Template(
        "far-accesses",
        "Accesses of one base by offsets far apart.",
        {"o": (4096, 8184, 16376, 32760), "x": (0, 8)},
        "ldr x2, [x1, #{x}]; ldr x3, [x1, #{o}]; sub x0, x3, x2",
        "ldr x3, [x1, #{o}]; ldr x2, [x1, #{x}]; sub x0, x3, x2",
        "x0",
        (
            Wrong("exchanged", "ldr x2, [x1, #{o}]; ldr x3, [x1, #{x}]; sub x0, x3, x2"),
            Wrong("off by one", "ldr x3, [x1, #{o - 8}]; ldr x2, [x1, #{x}]; sub x0, x3, x2"),
        ),
    ),
)
