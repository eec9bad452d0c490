"""The prover's judgements: what is proved, what is refuted, what it says it cannot say."""

import time

import pytest

from peepcc.analysis.obligation import FALL, RETURN, Known
from peepcc.analysis.registers import ALL, NONE, NZCV, x
from peepcc.validate.prover.equivalence import prove
from peepcc.validate.prover.form_allowlist import Forms, forms
from peepcc.validate.prover.symbolic import paths as prove_run
from peepcc.validate.verdict import Verdict

PROVED, REFUTED, UNPROVED = Verdict.ACCEPTED_PROVED, Verdict.REFUTED, Verdict.UNPROVED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("add x0, x1, x1", "lsl x0, x1, #1"),
        ("lsl w8, w1, #3; add w0, w8, w1; mov w8, #0", "add w0, w1, w1, lsl #3; mov w8, #0"),
        ("and x0, x0, #0xff", "and w0, w0, #0xff"),
        ("mov w8, #10; mul w0, w1, w8", "add w8, w1, w1, lsl #2; lsl w0, w8, #1; mov w8, #10"),
        ("udiv w0, w1, w2; msub w0, w0, w2, w1", "udiv w0, w1, w2; mul w0, w0, w2; sub w0, w1, w0"),
        ("cmp w0, #5; cset w0, ls; cmp w0, #1", "cmp w0, #6; cset w0, lo; cmp w0, #1"),
        ("ldr w8, [x0]; ldr w9, [x0, #4]", "ldp w8, w9, [x0]"),
        ("str w8, [x0]; str w9, [x0, #4]", "stp w8, w9, [x0]"),
        ("str x8, [sp, #8]; ldr x9, [sp, #8]", "str x8, [sp, #8]; mov x9, x8"),
        ("ldr w8, [x0, w1, sxtw #2]", "sxtw x8, w1; ldr w8, [x0, x8, lsl #2]"),
        ("ldr x0, [x1, x2, sxtx #3]", "ldr x0, [x1, x2, lsl #3]"),
        ("fadd d0, d1, d2; fmov d3, d0", "fadd d3, d1, d2; fmov d0, d3"),
        ("fmov w0, s1; eor w0, w0, #0x80000000; fmov s0, w0; mov w0, #0", "fneg s0, s1; mov w0, #0"),
        ("fmadd d0, d1, d2, d3; mov v4.16b, v0.16b", "fmadd d4, d1, d2, d3; mov v0.16b, v4.16b"),
        ("fcmp d0, d1; cset w0, mi; cmp x1, x1", "fcmp d1, d0; cset w0, gt; cmp x1, x1"),
        ("fcmp d0, d0; cset w0, ne", "fcmp d0, d0; cset w0, vs"),
        ("sxtw x8, w0; scvtf d0, x8; mov x8, #0", "scvtf d0, w0; mov x8, #0"),
        ("add v0.4s, v1.4s, v2.4s; add v0.4s, v0.4s, v3.4s", "add v0.4s, v1.4s, v3.4s; add v0.4s, v0.4s, v2.4s"),
    ],
)
def test_proved(claim, before, after):
    judgement = prove(claim(before, after))
    assert judgement.verdict is PROVED, judgement


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fmul d0, d1, d2; fadd d0, d0, d3", "fmadd d0, d1, d2, d3"),
        ("fadd d0, d1, d2", "fadd d0, d2, d1"),
        ("fcmp d0, d1; cset w0, mi; cmp x1, x1", "fcmp d1, d0; cset w0, hi; cmp x1, x1"),
        ("fcmp d0, d1; cset w0, lt; cmp x1, x1", "fcmp d1, d0; cset w0, gt; cmp x1, x1"),
        ("fcmp d0, d0; cset w0, eq; cmp x1, x1", "mov w0, #1; cmp x1, x1"),
        ("scvtf d0, x0", "scvtf d0, w0"),
        ("ucvtf d0, w0", "scvtf d0, w0"),
        ("scvtf s0, w0", "scvtf d1, w0; fcvt s0, d1"),
        ("fmin d0, d1, d2", "fminnm d0, d1, d2"),
        ("fmax v0.4s, v1.4s, v2.4s", "fmaxnm v0.4s, v1.4s, v2.4s"),
        ("fcvtns w0, d1", "fcvtas w0, d1"),
        ("frintn d0, d1", "frinta d0, d1"),
        ("fcvtzs w0, d1", "fcvtzu w0, d1"),
        (
            "fmul v0.2d, v1.2d, v2.2d; fadd v0.2d, v3.2d, v0.2d; mov v3.16b, v0.16b",
            "fmla v3.2d, v1.2d, v2.2d; mov v0.16b, v3.16b",
        ),
        ("ldrsb x0, [x1]", "ldrsb w0, [x1]"),
        ("ldar w0, [x1]", "ldr w0, [x1]"),
        ("dmb ish", "nop"),
        ("svc #0", "nop"),
        ("prfm pldl1keep, [x0]", "nop"),
        ("isb", "nop"),
        ("dc zva, x0", "nop"),
        ("mov w0, #0", "cmp x1, x2; mov w0, #0"),
        (
            "mov x8, #4919; movk x8, #48879, lsl #32; cmp x0, x8; cset w0, eq; mov x8, #0; cmp x0, x0",
            "mov w0, #0; mov x8, #0; cmp x0, x0",
        ),
        ("nop", "ldr x9, [x1]; mov x9, x9"),
        ("str w0, [x1]; str w2, [x3]", "str w2, [x3]; str w0, [x1]"),
        ("str w8, [x0]; ldr w9, [x1]; ldr w8, [x0]", "str w8, [x0]; ldr w9, [x1]; str w9, [x0]"),
        ("ldr w8, [x0]; str w9, [x1]; ldr w10, [x0]", "ldr w8, [x0]; str w9, [x1]; mov w10, w8"),
        ("ldr x8, [x0]", "ldr q0, [x0]; fmov x8, d0"),
    ],
)
def test_never_proved(claim, before, after):
    assert prove(claim(before, after)).verdict in (REFUTED, UNPROVED)


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(), REFUTED),
        (Known(constants={1: 8}), PROVED),
        (Known(constants={1: 9}), REFUTED),
        (Known(constants={2: 8}, equal=(frozenset({1, 2}),)), PROVED),
    ],
)
def test_known_constants(claim, known, verdict):
    assert prove(claim("udiv x0, x0, x1; mov x1, x2", "lsr x0, x0, #3; mov x1, x2", known=known)).verdict is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(zero_extended={0: 8}), PROVED),
        (Known(zero_extended={0: 9}), REFUTED),
        (Known(sign_extended={0: 9}, zero_extended={0: 9}), PROVED),
        (Known(sign_extended={0: 8}), REFUTED),
        (Known(zero_extended={1: 8}, equal=(frozenset({1, 2}), frozenset({0, 2}))), PROVED),
    ],
)
def test_known_extensions(claim, known, verdict):
    assert prove(claim("and x0, x0, #0xff", "nop", known=known)).verdict is verdict


def test_live_parts_are_those_of_the_exit_taken(claim):
    before, after = "cbz x1, .Lout; add x0, x0, #1", "cbz x1, .Lout; add x0, x0, #1; mov x2, #0"
    assert prove(claim(before, after, live_out={FALL: ALL & ~x(2), ".Lout": ALL})).verdict is PROVED
    assert prove(claim(before, after, live_out={FALL: ALL, ".Lout": NONE})).verdict is REFUTED
    moved = "mov x2, #0; cbz x1, .Lout; add x0, x0, #1"
    assert prove(claim(before, moved, live_out={FALL: ALL & ~x(2), ".Lout": ALL})).verdict is REFUTED
    assert prove(claim("ret", "mov x2, #0; ret", live_out={RETURN: ALL & ~x(2)})).verdict is PROVED
    assert prove(claim("ret", "ret x1")).verdict is REFUTED


def test_ways_meet_whatever_the_branches(claim):
    one = "cbz w1, .L1; mov w0, #5; .L1:; add w0, w0, #1"
    two = "cbnz w1, .L2; b .L3; .L2:; mov w0, #5; .L3:; add w0, w0, #1"
    assert prove(claim(one, two)).verdict is PROVED
    select = "mov w8, #5; cmp w1, #0; csel w0, w0, w8, eq; add w0, w0, #1"
    assert prove(claim(one, select, live_out={FALL: ALL & ~x(8) & ~NZCV & ~x(0) | 1})).verdict is PROVED
    assert prove(claim(one, two.replace("#5", "#6"))).verdict is REFUTED
    assert prove(claim("cbz x0, .Lnext", "", aliases={".Lnext": FALL})).verdict is PROVED
    assert prove(claim("cbz x0, .Lnext", "")).verdict is REFUTED


def test_accesses_are_those_of_the_way_taken(claim):
    guarded = "cbz x0, .L1; ldr x0, [x0]; .L1:; mov x1, #0"
    assert prove(claim(guarded, "ldr x0, [x0]; mov x1, #0")).verdict is REFUTED
    assert (
        prove(claim("ldr x8, [x0]; cbz x1, .Lout; ldr x9, [x0]", "ldr x8, [x0]; cbz x1, .Lout; mov x9, x8")).verdict
        is PROVED
    )


def test_the_stack(claim):
    assert (
        prove(claim("str x0, [sp, #-16]!; ldr x1, [sp], #16", "mov x1, x0")).verdict is not PROVED
    )  # memory below sp is memory
    assert prove(claim("sub sp, sp, #16; str x0, [sp]; add sp, sp, #16", "stur x0, [sp, #-16]")).verdict is not PROVED
    assert prove(claim("stur x0, [sp, #-16]; sub x9, sp, #16", "sub x9, sp, #16; str x0, [x9]")).verdict is PROVED
    assert (
        prove(claim("ldr x0, [sp, #16]", "add sp, sp, #32; ldur x0, [sp, #-16]; sub sp, sp, #32")).verdict is not PROVED
    )
    assert (
        prove(
            claim(
                "sub sp, sp, #16; ldr x0, [sp, #16]; add sp, sp, #16",
                "sub sp, sp, #8; ldr x0, [sp, #8]; add sp, sp, #8",
            )
        ).verdict
        is not PROVED
    )


def test_ordered_accesses_keep_values_and_read_anything(claim):
    twice = "ldr w0, [x2]; ldr w1, [x2]"
    assert prove(claim(twice, "ldr w0, [x2]; ldr w1, [x2]", ordered=True)).verdict is PROVED
    assert prove(claim(twice + "; sub w0, w0, w1", twice + "; mov w0, #0", ordered=True)).verdict is UNPROVED
    assert prove(claim(twice + "; sub w0, w0, w1", twice + "; mov w0, #0")).verdict is PROVED
    stores = "str w0, [x2]; str w1, [x2]"
    assert prove(claim(stores, "str w1, [x2]; str w1, [x2]", ordered=True)).verdict is UNPROVED
    assert prove(claim(stores, "str w1, [x2]; str w1, [x2]")).verdict is PROVED
    assert prove(claim("ldr w0, [x2]; ldr w1, [x2, #4]", "ldp w0, w1, [x2]", ordered=True)).verdict is UNPROVED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bl f", "must stay"),
        ("mrs x0, fpcr", "must stay"),
        ("add x0, x0, :lo12:f", "only the linker knows"),
        (".L1:; sub x0, x0, #1; cbnz x0, .L1", "backwards"),
        ("fmulx d0, d1, d2", "not tested"),
        ("; ".join(f"tbz x0, #{n}, .L{n}; add x1, x1, #{n}; .L{n}:" for n in range(7)), "too many ways"),
    ],
)
def test_it_says_where_it_cannot_say(claim, text, reason):
    judgement = prove(claim(text, text + "; nop"))
    assert (judgement.verdict, reason in judgement.reason) == (UNPROVED, True), judgement.reason


@pytest.mark.alone
@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_solvers_keep_to_the_time(claim, seconds):
    hard = claim(
        "mov w8, #10; udiv w0, w0, w8; mov x8, #0",
        "mov w8, #52429; movk w8, #52428, lsl #16; umull x0, w0, w8; lsr x0, x0, #35; mov x8, #0",
    )
    began = time.monotonic()
    judgement = prove(hard, seconds=seconds)
    assert (judgement.verdict, judgement.reason) == (UNPROVED, "no solver answered in time")
    assert time.monotonic() - began < seconds + 1.5


def test_another_lifter_proves_nothing(claim, monkeypatch):
    obligation = claim("add x0, x1, x1", "lsl x0, x1, #1")
    monkeypatch.setattr(prove_run, "forms", lambda: Forms(forms().tested, {"pyvex": "0"}))
    assert prove(obligation).reason == "the list of tested forms is for another version of the lifter"
    monkeypatch.setattr(prove_run, "forms", lambda: Forms(frozenset(), forms().versions))
    assert prove(obligation).reason == "a form that was not tested: add x x x"


def test_lifters_that_disagree_prove_nothing(claim, monkeypatch):
    monkeypatch.setattr(prove_run, "opinion", lambda step, first: prove_run.DISAGREE)
    judgement = prove(claim("add x0, x1, x1", "lsl x0, x1, #1"))
    assert judgement.verdict is UNPROVED
    assert judgement.reason == "the two lifters disagree: word 0x8b010020; bytes 2000018b => 20f87fd3"
