"""Templates of exits: which condition leaves for where, what is live there, and what may move over an exit."""

from ...template import Template, Wrong

_R = ("w", "x")
_ALL = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split())

TEMPLATES = (
    Template(
        "number-branched-on",
        "A branch on 0 or 1 made of a condition is a branch on the condition.",
        {"r": _R, "c": _ALL, "b": ("cbnz", "cbz")},
        "cmp {r}1, {r}2; cset w9, {c}; {b} w9, .LBB0_1",
        "cmp {r}1, {r}2; b.{c if b == 'cbnz' else inv(c)} .LBB0_1",
        "x0",
        (
            Wrong("inverted", "cmp {r}1, {r}2; b.{inv(c) if b == 'cbnz' else c} .LBB0_1"),
            Wrong("another place", "cmp {r}1, {r}2; b.{c if b == 'cbnz' else inv(c)} .LBB0_2"),
            Wrong("the number is live there", live="x0; .LBB0_1: x0 w9"),
        ),
    ),
    Template(
        "branch-on-zero",
        "cbz and cbnz compare with zero, and leave the flags.",
        {"r": _R, "c": (("eq", "cbz"), ("ne", "cbnz"))},
        "cmp {r}1, #0; b.{c[0]} .LBB0_1",
        "{c[1]} {r}1, .LBB0_1",
        "{r}1",
        (
            Wrong("inverted", "{'cbnz' if c[1] == 'cbz' else 'cbz'} {r}1, .LBB0_1"),
            Wrong("the flags are live at the exit", live="{r}1; .LBB0_1: nzcv"),
            Wrong("the other width", "{c[1]} {'w' if r == 'x' else 'x'}1, .LBB0_1"),
            Wrong("compared with one", source="cmp {r}1, #1; b.{c[0]} .LBB0_1"),
        ),
    ),
    Template(
        "branch-on-sign",
        "The sign is the top bit.",
        {"r": _R, "c": (("lt", "tbnz"), ("ge", "tbz"), ("mi", "tbnz"), ("pl", "tbz"))},
        "cmp {r}1, #0; b.{c[0]} .LBB0_1",
        "{c[1]} {r}1, #{bits - 1}, .LBB0_1",
        "{r}1",
        (
            Wrong("inverted", "{'tbnz' if c[1] == 'tbz' else 'tbz'} {r}1, #{bits - 1}, .LBB0_1"),
            Wrong("the bit beside it", "{c[1]} {r}1, #{bits - 2}, .LBB0_1"),
            Wrong("zero counted in", source="cmp {r}1, #0; b.{'le' if c[1] == 'tbnz' else 'gt'} .LBB0_1"),
            Wrong(
                "of a difference",
                "sub {r}9, {r}1, {r}2; {c[1]} {r}9, #{bits - 1}, .LBB0_1",
                "cmp {r}1, {r}2; b.{'lt' if c[1] == 'tbnz' else 'ge'} .LBB0_1",
            ),
        ),
    ),
    Template(
        "branch-on-bit",
        "tbz and tbnz test one bit.",
        {"r": _R, "n": (0, 7, 31), "c": (("eq", "tbz"), ("ne", "tbnz"))},
        "tst {r}1, #{hex(1 << n)}; b.{c[0]} .LBB0_1",
        "{c[1]} {r}1, #{n}, .LBB0_1",
        "{r}1",
        (
            Wrong("the bit beside it", "{c[1]} {r}1, #{n ^ 1}, .LBB0_1"),
            Wrong("inverted", "{'tbnz' if c[1] == 'tbz' else 'tbz'} {r}1, #{n}, .LBB0_1"),
            Wrong("two bits tested", source="tst {r}1, #{hex(3 << n)}; b.{c[0]} .LBB0_1", when="n < 31"),
            Wrong("the flags are live behind", live="{r}1 nzcv"),
        ),
    ),
    Template(
        "inverted-branch",
        "A branch around a jump is the jump on the inverse condition.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; b.{c} .LBB0_5; b .LBB0_1; .LBB0_5:; add {r}0, {r}0, #1",
        "cmp {r}1, {r}2; b.{inv(c)} .LBB0_1; add {r}0, {r}0, #1",
        "{r}0",
        (
            Wrong("not inverted", "cmp {r}1, {r}2; b.{c} .LBB0_1; add {r}0, {r}0, #1"),
            Wrong("changed before the exit", "cmp {r}1, {r}2; add {r}0, {r}0, #1; b.{inv(c)} .LBB0_1"),
            Wrong("another place", "cmp {r}1, {r}2; b.{inv(c)} .LBB0_2; add {r}0, {r}0, #1"),
        ),
    ),
    Template(
        "exits-exchanged",
        "With two jumps the condition may be inverted and the places exchanged.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; b.{c} .LBB0_1; b .LBB0_2",
        "cmp {r}1, {r}2; b.{inv(c)} .LBB0_2; b .LBB0_1",
        "x0; .LBB0_1: {r}1; .LBB0_2: nzcv",
        (
            Wrong("the places not exchanged", "cmp {r}1, {r}2; b.{inv(c)} .LBB0_1; b .LBB0_2"),
            Wrong("the condition not inverted", "cmp {r}1, {r}2; b.{c} .LBB0_2; b .LBB0_1"),
            Wrong("one place for both", "cmp {r}1, {r}2; b .LBB0_1"),
        ),
    ),
    Template(
        "selected-by-branch",
        "What a branch jumps over is done on the inverse condition.",
        {
            "r": _R,
            "c": _ALL,
            "f": (
                ("mov {r}0, {r}3", "csel {r}0, {r}0, {r}3, {c}"),
                ("add {r}0, {r}3, #1", "csinc {r}0, {r}0, {r}3, {c}"),
                ("neg {r}0, {r}3", "csneg {r}0, {r}0, {r}3, {c}"),
            ),
        },
        "cmp {r}1, {r}2; b.{c} .LBB0_5; {f[0]}; .LBB0_5:; add {r}4, {r}4, #1",
        "cmp {r}1, {r}2; {f[1]}; add {r}4, {r}4, #1",
        "{r}0 {r}4 nzcv",
        (
            Wrong("the inverse condition", "cmp {r}1, {r}2; b.{inv(c)} .LBB0_5; {f[0]}; .LBB0_5:; add {r}4, {r}4, #1"),
            Wrong("always done", "cmp {r}1, {r}2; {f[0]}; add {r}4, {r}4, #1"),
            Wrong("more jumped over", "cmp {r}1, {r}2; b.{c} .LBB0_5; {f[0]}; add {r}4, {r}4, #1; .LBB0_5:"),
        ),
    ),
    Template(
        "both-by-branch",
        "Two branches to one place are either of two conditions.",
        {"r": _R, "c": _ALL, "k": ("eq", "lo", "gt", "vs")},
        "cmp {r}1, {r}2; b.{c} .LBB0_1; cmp {r}3, {r}4; b.{k} .LBB0_1",
        "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{holds(k)}, {inv(c)}; b.{k} .LBB0_1",
        "x0",
        (
            Wrong("both for either", "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{fails(k)}, {c}; b.{k} .LBB0_1"),
            Wrong("the flags make it fail", "cmp {r}1, {r}2; ccmp {r}3, {r}4, #{fails(k)}, {inv(c)}; b.{k} .LBB0_1"),
            Wrong("the flags are live there", live="x0; .LBB0_1: nzcv"),
        ),
    ),
    Template(
        "places-of-two-branches",
        "Of two exits each keeps its place, also when they are taken in the other order.",
        {"r": _R, "n": (1, 5, 255)},
        "cmp {r}1, #{n}; b.eq .LBB0_1; cmp {r}1, #{n + 1}; b.eq .LBB0_2",
        "cmp {r}1, #{n + 1}; b.eq .LBB0_2; cmp {r}1, #{n}; b.eq .LBB0_1",
        "x0",
        (
            Wrong("the places exchanged", "cmp {r}1, #{n}; b.eq .LBB0_2; cmp {r}1, #{n + 1}; b.eq .LBB0_1"),
            Wrong(
                "the conditions overlap",
                source="cmp {r}1, #{n}; b.ls .LBB0_1; cmp {r}1, #{n + 1}; b.ls .LBB0_2",
                target="cmp {r}1, #{n + 1}; b.ls .LBB0_2; cmp {r}1, #{n}; b.ls .LBB0_1",
            ),
            Wrong("one missing", "cmp {r}1, #{n}; b.eq .LBB0_1"),
        ),
    ),
    Template(
        "three-ways-of-one-comparison",
        "Less, equal and greater by one comparison.",
        {"r": _R, "k": (("lt", "gt", "le"), ("lo", "hi", "ls"))},
        "cmp {r}1, {r}2; b.{k[0]} .LBB0_1; cmp {r}1, {r}2; b.{k[1]} .LBB0_2",
        "cmp {r}1, {r}2; b.{k[1]} .LBB0_2; b.ne .LBB0_1",
        "x0",
        (
            Wrong("equality goes along", "cmp {r}1, {r}2; b.{k[1]} .LBB0_2; b.{k[2]} .LBB0_1"),
            Wrong("exchanged", "cmp {r}1, {r}2; b.{k[1]} .LBB0_1; b.ne .LBB0_2"),
            Wrong("the other signedness", "cmp {r}1, {r}2; b.{'hi' if k[1] == 'gt' else 'gt'} .LBB0_2; b.ne .LBB0_1"),
        ),
    ),
    Template(
        "never-branch",
        "After tst, vs and hs never hold, and vc and lo always.",
        {"r": _R, "c": (("vs", 0), ("hs", 0), ("hi", 0), ("vc", 1), ("lo", 1), ("ls", 1))},
        "tst {r}1, {r}2; b.{c[0]} .LBB0_1; add {r}0, {r}0, #1",
        "{'b .LBB0_1' if c[1] else 'add {r}0, {r}0, #1'}",
        "{r}0",
        (
            Wrong("the other way", "{'b .LBB0_1' if not c[1] else 'add {r}0, {r}0, #1'}"),
            Wrong("after cmp it may", source="cmp {r}1, {r}2; b.{c[0]} .LBB0_1; add {r}0, {r}0, #1"),
        ),
    ),
    Template(
        "moved-over-exit",
        "What is dead at an exit may be done before it.",
        {"r": _R, "c": _ALL},
        "cmp {r}1, {r}2; b.{c} .LBB0_1; add {r}0, {r}3, #1; sub {r}4, {r}0, {r}2",
        "add {r}0, {r}3, #1; cmp {r}1, {r}2; b.{c} .LBB0_1; sub {r}4, {r}0, {r}2",
        "{r}0 {r}4; .LBB0_1: {r}4",
        (
            Wrong("it is live there", live="{r}0 {r}4; .LBB0_1: {r}0 {r}4"),
            Wrong("it changes the flags", "cmp {r}1, {r}2; adds {r}0, {r}3, #1; b.{c} .LBB0_1; sub {r}4, {r}0, {r}2"),
            Wrong("all of it moved", "add {r}0, {r}3, #1; cmp {r}1, {r}2; sub {r}4, {r}0, {r}2; b.{c} .LBB0_1"),
        ),
    ),
    Template(
        "load-behind-exit",
        "A load that was done anyway may be done later.",
        {"r": _R, "c": ("cbz", "cbnz"), "o": (0, 16)},
        "ldr {r}0, [x1, #{o}]; {c} {r}2, .LBB0_1; add {r}0, {r}0, #1",
        "{c} {r}2, .LBB0_1; ldr {r}0, [x1, #{o}]; add {r}0, {r}0, #1",
        "{r}0; .LBB0_1: {r}2",
        (
            Wrong("it is live at the exit", live="{r}0; .LBB0_1: {r}0"),
            Wrong(
                "a load moved before the exit may fault",
                source="{c} {r}2, .LBB0_1; ldr {r}0, [x1, #{o}]; add {r}0, {r}0, #1",
                target="ldr {r}0, [x1, #{o}]; {c} {r}2, .LBB0_1; add {r}0, {r}0, #1",
            ),
            Wrong("volatile", ordered=True),
        ),
    ),
    Template(
        "store-at-exits",
        "What both ways store may be stored before they part.",
        {"r": _R, "c": ("cbz", "cbnz"), "o": (0, 8)},
        "{c} {r}2, .LBB0_5; str {r}3, [x1, #{o}]; b .LBB0_1; .LBB0_5:; str {r}3, [x1, #{o}]",
        "str {r}3, [x1, #{o}]; {'cbnz' if c == 'cbz' else 'cbz'} {r}2, .LBB0_1",
        "x0",
        (
            Wrong(
                "stored on one way only",
                source="{c} {r}2, .LBB0_5; str {r}3, [x1, #{o}]; b .LBB0_1; .LBB0_5:; add {r}0, {r}0, #0",
            ),
            Wrong("not inverted", "str {r}3, [x1, #{o}]; {c} {r}2, .LBB0_1"),
            Wrong("stored behind the exit", "{'cbnz' if c == 'cbz' else 'cbz'} {r}2, .LBB0_1; str {r}3, [x1, #{o}]"),
        ),
    ),
    Template(
        "loop-counted-down",
        "A loop that counts down leaves at zero: subs has the flags.",
        {"r": _R, "n": (1, 4, 16), "c": (("ne", "cbnz"), ("eq", "cbz"))},
        "sub {r}1, {r}1, #{n}; {c[1]} {r}1, .LBB0_1",
        "subs {r}1, {r}1, #{n}; b.{c[0]} .LBB0_1",
        "{r}1",
        (
            Wrong("inverted", "subs {r}1, {r}1, #{n}; b.{inv(c[0])} .LBB0_1"),
            Wrong("compared before the change", "cmp {r}1, #0; sub {r}1, {r}1, #{n}; b.{c[0]} .LBB0_1"),
            Wrong("the flags are live behind", live="{r}1 nzcv"),
            Wrong("below for not equal", "subs {r}1, {r}1, #{n}; b.{'hi' if c[0] == 'ne' else 'ls'} .LBB0_1"),
        ),
    ),
    Template(
        "loop-counted-up",
        "i + 1 < n, after the addition, at the width of the counter.",
        {"r": _R, "c": ("lo", "lt", "ne"), "n": (1, 4)},
        "add {r}9, {r}1, #{n}; mov {r}1, {r}9; cmp {r}9, {r}2; b.{c} .LBB0_1",
        "add {r}1, {r}1, #{n}; cmp {r}1, {r}2; b.{c} .LBB0_1",
        "{r}1",
        (
            Wrong("compared before the addition", "cmp {r}1, {r}2; add {r}1, {r}1, #{n}; b.{c} .LBB0_1"),
            Wrong(
                "the other signedness", "add {r}1, {r}1, #{n}; cmp {r}1, {r}2; b.{'lt' if c == 'lo' else 'lo'} .LBB0_1"
            ),
            Wrong(
                "equality goes along", "add {r}1, {r}1, #{n}; cmp {r}1, {r}2; b.{'ls' if c == 'lo' else 'le'} .LBB0_1"
            ),
            Wrong("the copy is live at the exit", live="{r}1; .LBB0_1: {r}1 {r}9"),
        ),
    ),
    Template(
        "loop-over-pointer",
        "A pointer runs to its end by post-indexing.",
        {"l": (("ldrb", "w", 1), ("ldr", "w", 4), ("ldr", "x", 8)), "c": ("ne", "lo")},
        "{l[0]} {l[1]}9, [x1]; add x1, x1, #{l[2]}; add {l[1]}0, {l[1]}0, {l[1]}9; cmp x1, x2; b.{c} .LBB0_1",
        "{l[0]} {l[1]}9, [x1], #{l[2]}; cmp x1, x2; add {l[1]}0, {l[1]}9, {l[1]}0; b.{c} .LBB0_1",
        "x1 {l[1]}0",
        (
            Wrong("writeback lost", "{l[0]} {l[1]}9, [x1]; cmp x1, x2; add {l[1]}0, {l[1]}9, {l[1]}0; b.{c} .LBB0_1"),
            Wrong(
                "loaded behind the step",
                "{l[0]} {l[1]}9, [x1, #{l[2]}]!; cmp x1, x2; add {l[1]}0, {l[1]}9, {l[1]}0; b.{c} .LBB0_1",
            ),
            Wrong(
                "leaves one earlier",
                "{l[0]} {l[1]}9, [x1]; cmp x1, x2; add x1, x1, #{l[2]}; add {l[1]}0, {l[1]}9, {l[1]}0; b.{c} .LBB0_1",
            ),
        ),
    ),
    Template(
        "range-branch",
        "Two branches out of a range are one, unsigned.",
        {"r": _R, "lo": (1, 48), "n": (9, 25)},
        "cmp {r}1, #{lo}; b.lo .LBB0_1; cmp {r}1, #{lo + n}; b.hi .LBB0_1",
        "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; b.hi .LBB0_1",
        "{r}1",
        (
            Wrong("one too few", "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; b.hs .LBB0_1"),
            Wrong("signed", "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; b.gt .LBB0_1"),
            Wrong("the other way", "sub {r}9, {r}1, #{lo}; cmp {r}9, #{n}; b.ls .LBB0_1"),
        ),
    ),
    Template(
        "known-branch",
        "Of numbers known to be small a comparison with a larger one is decided.",
        {"r": _R, "n": (4, 8, 11), "c": (("lo", 1), ("hs", 0), ("gt", 0))},
        "cmp {r}1, #{2 ** n}; b.{c[0]} .LBB0_1; add {r}0, {r}0, #1",
        "{'b .LBB0_1' if c[1] else 'add {r}0, {r}0, #1'}",
        "{r}0",
        (
            Wrong("known one bit too weakly", known="x1 zext {n + 1}"),
            Wrong("the other way", "{'b .LBB0_1' if not c[1] else 'add {r}0, {r}0, #1'}"),
        ),
        known="x1 zext {n}",
    ),
    Template(
        "returned",
        "ret leaves with what is live at a return.",
        {"r": _R, "c": ("cbz", "cbnz"), "n": (0, 1, 7)},
        "{c} {r}1, .LBB0_1; mov {r}9, #{n}; mov {r}0, {r}9; ret",
        "{c} {r}1, .LBB0_1; mov {r}0, #{n}; ret",
        "{r}1; ret: {r}0",
        (
            Wrong("another number", "{c} {r}1, .LBB0_1; mov {r}0, #{n + 1}; ret"),
            Wrong("returns on both ways", "mov {r}0, #{n}; ret"),
            Wrong("does not return", "{c} {r}1, .LBB0_1; mov {r}0, #{n}"),
            Wrong(
                "live at the other exit too", source="mov {r}0, #{n}; {c} {r}1, .LBB0_1; ret", live="{r}0; ret: {r}0"
            ),
        ),
    ),
)
