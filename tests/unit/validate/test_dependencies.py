"""Dependencies that hardware orders by stay in code whose order of accesses counts, and cost nothing elsewhere."""

from __future__ import annotations

import pytest

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known, Obligation
from peepcc.analysis.registers import SP, union, w, x
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.validate.dependencies import lost
from peepcc.validate.pipeline import EMULATED, PROVED, judge
from peepcc.validate.verdict import Verdict

ENCODER = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
EQUAL = Known(equal=(frozenset({1, 2}),))
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
