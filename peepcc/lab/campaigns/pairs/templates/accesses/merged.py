"""Templates of accesses side by side that are one wider access, a pair, or parts of one."""

from ...template import Template, Wrong

_R = ("w", "x")

TEMPLATES = (
    Template(
        "bytes-merged",
        "Bytes side by side are the halfword or word that they make.",
        {"n": (2, 4)},
        "ldrb w8, [x1]; ldrb w9, [x1, #1]; "
        "orr w0, w8, w9, lsl #8{'' if n == 2 else '; ldrh w9, [x1, #2]; orr w0, w0, w9, lsl #16'}",
        "{'ldrh' if n == 2 else 'ldr'} w0, [x1]",
        "x0",
        (
            Wrong("big endian", "{'ldrh' if n == 2 else 'ldr'} w0, [x1]; {'rev16' if n == 2 else 'rev'} w0, w0"),
            Wrong("one place further", "{'ldrh' if n == 2 else 'ldr'} w0, [x1, #{n}]"),
            Wrong("the sign", "ldrsh w0, [x1]"),
            Wrong("more than was loaded", "ldr x0, [x1]; {'and x0, x0, #0xffff' if n == 2 else 'mov w0, w0'}"),
        ),
    ),
    Template(
        "paired-loads",
        "Two loads side by side are ldp.",
        {"r": ("w", "x", "s", "d", "q"), "o": (0, 2, -2), "x": (0, 1)},
        "ldur {r}2, [x1, #{(o + x) * size(r)}]; ldur {r}3, [x1, #{(o + 1 - x) * size(r)}]",
        "ldp {r}{3 if x else 2}, {r}{2 if x else 3}, [x1, #{o * size(r)}]",
        "{r}2 {r}3",
        (
            Wrong("exchanged", "ldp {r}{2 if x else 3}, {r}{3 if x else 2}, [x1, #{o * size(r)}]"),
            Wrong("one place further", "ldp {r}{3 if x else 2}, {r}{2 if x else 3}, [x1, #{(o + 1) * size(r)}]"),
            Wrong(
                "a gap between them",
                source="ldur {r}2, [x1, #{o * size(r)}]; ldur {r}3, [x1, #{(o + 2) * size(r)}]",
                target="ldp {r}2, {r}3, [x1, #{o * size(r)}]",
            ),
        ),
    ),
    Template(
        "paired-stores",
        "Two stores side by side are stp.",
        {"r": ("w", "x", "s", "d", "q"), "o": (0, 2, -2), "x": (0, 1)},
        "stur {r}2, [x1, #{(o + x) * size(r)}]; stur {r}3, [x1, #{(o + 1 - x) * size(r)}]",
        "stp {r}{3 if x else 2}, {r}{2 if x else 3}, [x1, #{o * size(r)}]",
        "x1",
        (
            Wrong("exchanged", "stp {r}{2 if x else 3}, {r}{3 if x else 2}, [x1, #{o * size(r)}]"),
            Wrong("one place further", "stp {r}{3 if x else 2}, {r}{2 if x else 3}, [x1, #{(o + 1) * size(r)}]"),
            Wrong("one of them stored twice", "stp {r}2, {r}2, [x1, #{o * size(r)}]"),
        ),
    ),
    Template(
        "base-overwritten-by-load",
        "A load into its own base is the last thing that the base is good for.",
        {"r": ("x",), "o": (0, 8, 16), "d": (1, 2)},
        "ldr x9, [x1, #{o + 8}]; ldr x{d}, [x1, #{o}]; mov x3, x9",
        "ldp x{d}, x3, [x1, #{o}]",
        "x{d} x3",
        (
            Wrong(
                "loaded from the new base",
                "ldr x1, [x1, #{o}]; ldr x3, [x1, #{o + 8}]",
                "ldr x9, [x1, #{o + 8}]; ldr x1, [x1, #{o}]; mov x3, x9",
                live="x1 x3",
            ),
            Wrong("exchanged", "ldp x3, x{d}, [x1, #{o}]"),
        ),
    ),
    Template(
        "zeros-stored",
        "Zeros side by side are one wider zero.",
        {"r": _R, "o": (0, 16, 32)},
        "str {r}zr, [x1, #{o}]; str {r}zr, [x1, #{o + (4 if r == 'w' else 8)}]",
        "{'str xzr' if r == 'w' else 'stp xzr, xzr'}, [x1, #{o}]",
        "x1",
        (
            Wrong("wider than that", "{'stp xzr, xzr' if r == 'w' else 'movi v9.2d, #0; stp q9, q9'}, [x1, #{o}]"),
            Wrong("narrower", "str {r}zr, [x1, #{o}]"),
            Wrong(
                "one place further", "{'str xzr' if r == 'w' else 'stp xzr, xzr'}, [x1, #{o + (8 if r == 'w' else 16)}]"
            ),
        ),
    ),
    Template(
        "halves-stored",
        "The halves of a doubleword side by side are the doubleword.",
        {"o": (0, 8), "x": ("stp w2, w9, [x1, #{o}]", "str w2, [x1, #{o}]; str w9, [x1, #{o + 4}]")},
        "lsr x9, x2, #32; {x}",
        "str x2, [x1, #{o}]",
        "x1",
        (
            Wrong("the halves exchanged", source="lsr x9, x2, #32; stp w9, w2, [x1, #{o}]"),
            Wrong("the upper half is live", live="x9"),
            Wrong("shifted by one less", source="lsr x9, x2, #31; stp w2, w9, [x1, #{o}]"),
        ),
    ),
    Template(
        "copy-of-pairs",
        "Sixteen bytes by two doublewords, both loaded first, or by one vector register.",
        {"o": (0, 16), "p": (0, 32)},
        "ldp x8, x9, [x1, #{o}]; stp x8, x9, [x2, #{p}]",
        "ldr q9, [x1, #{o}]; str q9, [x2, #{p}]",
        "x1",
        (
            Wrong(
                "the second is loaded behind the first store",
                source="ldr x8, [x1, #{o}]; str x8, [x2, #{p}]; ldr x8, [x1, #{o + 8}]; str x8, [x2, #{p + 8}]",
            ),
            Wrong("half of it", "ldr d9, [x1, #{o}]; str d9, [x2, #{p}]"),
            Wrong("exchanged", source="ldp x8, x9, [x1, #{o}]; stp x9, x8, [x2, #{p}]"),
        ),
    ),
)
