"""Dependencies that hardware orders by stay in code whose order of accesses counts, and cost nothing elsewhere."""

from __future__ import annotations

import pytest

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known, Obligation
from peepcc.analysis.registers import SP, d, union, w, x
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.validate.dependencies import lost
from peepcc.validate.pipeline import EMULATED, PROVED, judge
from peepcc.validate.verdict import Verdict

ENCODER = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
EQUAL = Known(equal=(frozenset({1, 2}),))
# what a condition picks depends on the flags, which orders no later load as an address that was computed does
WEAKER = [
    (
        "ldr w8, [x0]; sbfx x9, x8, #0, #1; and x9, x9, #16; ldr w1, [x11, x9]",
        "ldr w8, [x0]; mov x10, #16; tst x8, #1; csel x9, x10, xzr, ne; ldr w1, [x11, x9]",
        x(1) | x(9),
    ),
    (
        "ldr w8, [x0]; ubfx w9, w8, #3, #1; ldr w1, [x11, w9, uxtw #2]",
        "ldr w8, [x0]; tst w8, #8; cset w9, ne; ldr w1, [x11, w9, uxtw #2]",
        x(1),
    ),
    ("ldr w8, [x0]; lsr w9, w8, #31; mov w0, w9", "ldr w8, [x0]; cmp w8, #0; cset w0, lt", x(0)),
    ("ldr w8, [x0]; asr w9, w8, #31; mov w0, w9", "ldr w8, [x0]; cmp w8, #0; csetm w0, lt", x(0)),
    ("ldr w8, [x0]; add w9, w1, w8, lsr #31; mov w0, w9", "ldr w8, [x0]; cmp w8, #0; cinc w0, w1, lt", x(0)),
    (
        "ldr w8, [x0]; asr w9, w8, #31; eor w10, w1, w9; sub w0, w10, w9",
        "ldr w8, [x0]; cmp w8, #0; cneg w0, w1, lt",
        x(0),
    ),
    ("ldr w8, [x0]; asr w9, w8, #31; eor w0, w1, w9", "ldr w8, [x0]; cmp w8, #0; cinv w0, w1, lt", x(0)),
    # flags as data: a carry is added, not picked by
    (
        "ldr x8, [x0]; cmp x8, x2; adc x9, x3, xzr; ldr x1, [x9]",
        "ldr x8, [x0]; cmp x8, x2; cinc x9, x3, hs; ldr x1, [x9]",
        x(1),
    ),
    ("ldr x8, [x0]; cmp x8, x2; ngc x0, xzr", "ldr x8, [x0]; cmp x8, x2; csetm x0, lo", x(0)),
    ("ldr x8, [x0]; cmp x2, x8; ngc x0, xzr", "ldr x8, [x0]; cmp x8, x2; csetm x0, hi", x(0)),
    # of two values that are equal, one is picked instead of the other
    (
        "ldr x8, [x0]; ldr x9, [x1]; cmp x8, x9; csel x3, x8, x9, lo; ldr x4, [x3]",
        "ldr x8, [x0]; ldr x9, [x1]; cmp x8, x9; csel x3, x8, x9, ls; ldr x4, [x3]",
        x(4),
    ),
    ("ldr x8, [x0]; cmp x8, x9; csel x3, x8, x9, eq", "ldr x8, [x0]; cmp x8, x9; mov x3, x9", x(3)),
    (
        "ldr d0, [x0]; fmov x8, d0; fmov x9, d1; cmp x8, x9; fcsel d2, d0, d1, eq",
        "ldr d0, [x0]; fmov x8, d0; fmov x9, d1; cmp x8, x9; fmov d2, d1",
        d(2),
    ),
    # a comparison that is made by a condition: otherwise its flags are a constant
    (
        "ldr x8, [x0]; cmp x8, x2; adc x9, xzr, xzr; cmp x1, #0; csetm x10, ne; and x9, x9, x10;"
        "cmp x9, #1; adc x0, x3, xzr",
        "ldr x8, [x0]; cmp x1, #0; ccmp x8, x2, #0, ne; adc x0, x3, xzr",
        x(0),
    ),
]
# (source, target, what is live afterwards, known): right as numbers, and wrong by what depends on what
BROKEN = [
    (
        "ld1 { v0.4s }, [x0], x2; ldr x8, [x0]; mov x3, x1",
        "add x8, x0, x1; ld1 { v0.4s }, [x0]; mov x0, x8; ldr x8, [x8]; mov x3, x1",
        x(8) | x(0) | x(3),
        EQUAL,
    ),
    ("ldr x8, [x0]; cmp x8, x1; ldr x9, [x2]", "ldr x8, [x0]; cmp x8, x1; ldr x9, [x1]", x(9), EQUAL),
    ("ldr x8, [x0]; mov x3, x1; str x2, [x3]", "ldr x8, [x0]; str x1, [x1]", x(8), EQUAL),
    (
        "str x1, [sp, #8]; ldr x8, [sp, #8]; ldr x9, [x8]",
        "str x1, [sp, #8]; ldr x8, [sp, #8]; ldr x9, [x1]",
        x(9),
        Known(),
    ),
    (
        "str x1, [sp, #8]; ldr x8, [sp, #8]; str x8, [x3]",
        "str x1, [sp, #8]; ldr x8, [sp, #8]; str x1, [x3]",
        x(9),
        Known(),
    ),
    ("str x1, [sp, #8]; ldr x8, [sp, #8]; mov x0, x8", "str x1, [sp, #8]; ldr x8, [sp, #8]; mov x0, x1", x(0), Known()),
    ("ldr x8, [x0]; sub x9, x8, x8; ldr x10, [x1, x9]", "ldr x8, [x0]; ldr x10, [x1]", x(10), Known()),
    ("ldr x8, [x0]; eor x9, x8, x8; add x9, x9, x1; ldr x10, [x9]", "ldr x8, [x0]; ldr x10, [x1]", x(10), Known()),
    ("ldr x8, [x0], #8; sub x9, x8, x8; ldr x10, [x0, x9]", "ldr x8, [x0], #8; ldr x10, [x0]", x(10) | x(0), Known()),
    ("mov x3, x2; ldr x9, [x3]; ldr x10, [x2, #8]", "ldr x9, [x1]; ldr x10, [x2, #8]", x(9) | x(10), EQUAL),
    ("ldr x8, [x0]; sub x9, x8, x8; mov x3, x9", "ldr x8, [x0]; mov x3, #0", x(3), Known()),
    *[(*each, Known()) for each in WEAKER],
]
# right in both ways
KEPT = [
    ("ldr w8, [x0]; eor w9, w8, w8; str w9, [x1]", "ldr w8, [x0]; str wzr, [x1]", x(8)),  # a constant, as in C
    ("ldr x8, [x0]; mov x9, x8; ldr x10, [x9]", "ldr x8, [x0]; ldr x10, [x8]", x(10)),
    ("mov x8, x0; ldr x9, [x8]; mov x0, x9", "ldr x0, [x0]", x(0)),
    ("ldr w8, [x0]; and w8, w8, #255; add w8, w8, w1; mov w0, w8", "ldr w8, [x0]; add w0, w1, w8, uxtb", w(0)),
    ("ldr x8, [x0]; lsl x9, x1, #3; add x9, x8, x9; ldr x10, [x9]", "ldr x8, [x0]; ldr x10, [x8, x1, lsl #3]", x(10)),
    ("mov x8, x1; str x8, [x0]; ldr x9, [x0]; mov x3, x9", "str x1, [x0]; ldr x3, [x0]", x(3)),
    ("ldr x8, [x0]; mov x9, x8; str x9, [x1]; add x1, x1, #8", "ldr x8, [x0]; str x8, [x1], #8", x(1)),
    # what was picked is computed
    ("ldr w8, [x0]; cmp w8, #0; cset w9, lt; mov w0, w9", "ldr w8, [x0]; lsr w0, w8, #31", x(0)),
    ("ldr x8, [x0]; cmp x8, x2; cset w9, hs; add x0, x3, x9", "ldr x8, [x0]; cmp x8, x2; adc x0, x3, xzr", x(0)),
    # the same is picked by the same
    (
        "ldr x8, [x0]; mov x9, x8; cmp x9, x2; csel x10, x9, x3, lo; ldr x0, [x10]",
        "ldr x8, [x0]; cmp x8, x2; csel x9, x3, x8, hs; ldr x0, [x9]",
        x(0),
    ),
    (
        "ldr x8, [x0]; cmp x8, x2; csel x9, x1, x8, eq; mov x0, x9",
        "ldr x0, [x0]; cmp x0, x2; csel x0, x1, x0, eq",
        x(0),
    ),
    (
        "ldr d0, [x0]; fcmp d0, d1; fcsel d2, d0, d1, mi; fmov d3, d2",
        "ldr d0, [x0]; fcmp d0, d1; fcsel d3, d0, d1, mi",
        d(3),
    ),
    (
        "ldr x8, [x0]; cmp x1, #0; ccmp x8, x2, #0, ne; adc x9, x3, xzr; mov x0, x9",
        "ldr x8, [x0]; cmp x1, #0; ccmp x8, x2, #0, ne; adc x0, x3, xzr",
        x(0),
    ),
    # it comes from either, whichever is picked
    (
        "ldr x8, [x0]; cmp x8, x2; csel x3, x8, x2, eq; mov x4, x3",
        "ldr x8, [x0]; bic x9, x8, x8; orr x3, x2, x9; mov x4, x3",
        x(3),
    ),
]


def made(text):
    return program([parse_instruction(each.strip()) for each in text.split(";")], ENCODER)


def obligation(source, target, live, known=Known(), ordered=True):
    return Obligation(made(source), made(target), {FALL: live | SP}, known, {}, ordered)


@pytest.mark.parametrize("source, target, live, known", BROKEN)
def test_what_is_equal_and_depends_on_less_is_refused(source, target, live, known):
    claim = obligation(source, target, live, known)
    assert "depends" in lost(claim)
    for policy in (PROVED, EMULATED):
        judgement = judge(claim, policy)
        assert judgement.verdict is Verdict.UNPROVED and "depends" in judgement.reason, judgement
    plain = judge(obligation(source, target, live, known, ordered=False))
    assert plain.verdict is Verdict.ACCEPTED_PROVED, plain


@pytest.mark.parametrize("source, target, live", KEPT)
def test_what_depends_on_as_much_is_accepted(source, target, live):
    claim = obligation(source, target, live)
    assert lost(claim) is None and judge(claim).verdict is Verdict.ACCEPTED_PROVED


def test_everything_depends_on_itself():
    for source, target, live, *_ in BROKEN + KEPT:
        for text in (source, target):
            assert lost(obligation(text, text, live)) is None


def test_across_a_branch_inside_nothing_is_told():
    items = ["cbz x1, .L1", "mov x2, x3", ".L1", "ldr x0, [x2]"]
    inside = program([each if each.startswith(".L") else parse_instruction(each) for each in items], ENCODER)
    assert "branch inside" in lost(Obligation(inside, inside, {FALL: union([x(0)])}, Known(), {}, True))
    assert lost(Obligation(inside, inside, {FALL: union([x(0)])}, Known(), {}, False)) is None


def test_a_branch_to_the_next_instruction_is_no_way_out():
    loads = [parse_instruction("ldr x8, [sp, #32]"), parse_instruction("ldr x9, [x8]")]
    source = program([parse_instruction("b .L1"), ".L1", *loads], ENCODER)
    target = program(loads, ENCODER)
    claim = Obligation(source, target, {FALL: x(8) | x(9) | SP}, Known(), {}, True)
    assert lost(claim) is None
    assert judge(claim, PROVED).verdict is Verdict.ACCEPTED_PROVED
