"""The order of the validators."""

import pytest

from peepcc.analysis.effects import effect
from peepcc.analysis.obligation import Known, Obligation, Program, Step
from peepcc.assembly.parse import parse_instruction
from peepcc.validate.cascade import EMULATED, PROVED, judge
from peepcc.validate.verdict import Counterexample, Verdict


@pytest.mark.parametrize(("before", "after"), [
    ("mov x0, x1", "orr x0, xzr, x1"),
    ("cbz x0, .L1; nop; .L1:", "cbz x0, .L2; nop; .L2:"),
    ("dmb ish", "dmb ish"),
    ("adrp x0, f", "adrp x0, f"),
    ("", ""),
])
def test_the_same_again_is_unchanged(claim, before, after):
    assert judge(claim(before, after)).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(("before", "after"), [
    ("adrp x0, f", "adrp x0, g"),
    ("add x0, x0, :lo12:f", "add x0, x0, :lo12:f+8"),
    ("bl f", "bl g"),
    ("cbz x0, .L1; nop; .L1:", "cbz x0, .L1; nop"),
    ("ldr x0, [x1, :lo12:f]", "ldr x0, [x1, :lo12:g]"),
])
def test_another_symbol_is_a_change(claim, before, after):
    assert judge(claim(before, after)).verdict in (Verdict.UNPROVED, Verdict.REFUTED)


def test_what_is_pinned_is_not_judged(claim):
    judgement = judge(claim("dmb ish; mov x0, x0", "dmb ish"))
    assert (judgement.verdict, "dmb" in judgement.reason) == (Verdict.UNPROVED, True)


def test_constrained_unpredictable_is_not_judged(claim):
    """The assembler refuses it, but not every way to a word goes through an assembler."""
    word = 0xF8408400  # ldr x0, [x0], #8
    strange = Step(parse_instruction("ldr x0, [x0], #8"), word, effect(word))
    assert judge(Obligation(Program((strange,)), claim("nop", "nop").source, {})).verdict is Verdict.UNPROVED


def test_each_policy_has_its_evidence(claim):
    right, wrong = claim("add x0, x0, x0", "lsl x0, x0, #1"), claim("add x0, x0, x0", "lsl x0, x0, #2")
    found = {policy: judge(right, policy) for policy in (EMULATED, PROVED)}
    assert {policy: each.verdict for policy, each in found.items()} == {EMULATED: Verdict.ACCEPTED_EMULATED, PROVED: Verdict.ACCEPTED_PROVED}
    assert all(each.states >= 4096 for each in found.values())
    assert judge(right) == found[PROVED]
    assert judge(wrong).verdict is judge(wrong, EMULATED).verdict is Verdict.REFUTED


def test_what_cannot_be_proved_is_not_accepted(claim):
    """To the proof, floating-point operations are functions that it knows nothing of."""
    right = claim("fmov d3, #2.0; fmul d0, d1, d3", "fadd d0, d1, d1", live="d0")
    assert judge(right, EMULATED).verdict is Verdict.ACCEPTED_EMULATED
    assert judge(right, PROVED).verdict is Verdict.UNPROVED


def test_an_input_that_refuted_one_target_refutes_others_at_once(claim):
    """No state that is drawn has this value in x0 and that one in x1."""
    rare, other = 0x123456789ABCDEF0, 0x0FEDCBA987654321
    shown = Counterexample({"x0": hex(rare), "x1": hex(other)}, {"x2": ("0x1", "0x0")})
    before = "; ".join(f"mov{keep} x{n}, #{value >> shift & 0xFFFF:#x}, lsl #{shift}"
                       for n, value in ((3, rare), (4, other)) for keep, shift in (("z", 0), ("k", 16), ("k", 32), ("k", 48)))
    source = f"{before}; cmp x0, x3; ccmp x1, x4, #0, eq; cset x2, eq"
    wrong = claim(source, f"{before}; nop; nop; mov x2, xzr", live="x2")
    given = judge(wrong, EMULATED, first=[shown])
    assert given.verdict is Verdict.REFUTED and given.states <= 8
    assert {name: int(value, 16) for name, value in given.counterexample.inputs.items() if name in ("x0", "x1")} == {"x0": rare, "x1": other}


def test_inputs_change_no_acceptance(claim):
    shown = Counterexample({"x0": "0x7", "x1": "0x1000"}, {"x0": ("0x1", "0x0")})
    for right in (claim("add x0, x0, x0", "lsl x0, x0, #1"), claim("ldr x2, [x1]; add x0, x0, x2; mov x3, x0", "ldr x2, [x1]; add x0, x0, x2; mov x3, x0; nop")):
        for policy in (EMULATED, PROVED):
            assert judge(right, policy, first=[shown]).verdict is judge(right, policy).verdict
            assert judge(right, policy, first=[shown]).states >= 4096


def test_an_input_that_cannot_be_here_refutes_nothing(claim):
    """What is known at entry holds, whatever an input of another place says."""
    shown = Counterexample({"x0": "0x100000000", "x1": "0x0"}, {"x1": ("0x0", "0x1")})
    right = claim("mov w1, w0", "mov x1, x0", known=Known(zero_extended={0: 32}))
    assert judge(right, EMULATED, first=[shown]).verdict is Verdict.ACCEPTED_EMULATED
    assert judge(claim("mov w1, w0", "mov x1, x0"), EMULATED, first=[shown]).verdict is Verdict.REFUTED
