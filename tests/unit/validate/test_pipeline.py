"""The order of the validators."""

import pytest

from peepcc.analysis.effects import effect
from peepcc.analysis.obligation import Known, Obligation, Program, Step
from peepcc.assembly.parse import parse_instruction
from peepcc.validate.emulator.inputs import coverage as emulate_cover
from peepcc.validate.pipeline import EMULATED, PROVED, judge
from peepcc.validate.prover.equivalence import prove
from peepcc.validate.verdict import Counterexample, Unreached, Verdict


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mov x0, x1", "orr x0, xzr, x1"),
        ("cbz x0, .L1; nop; .L1:", "cbz x0, .L2; nop; .L2:"),
        ("dmb ish", "dmb ish"),
        ("adrp x0, f", "adrp x0, f"),
        ("", ""),
    ],
)
def test_the_same_again_is_unchanged(claim, before, after):
    assert judge(claim(before, after)).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("adrp x0, f", "adrp x0, g"),
        ("add x0, x0, :lo12:f", "add x0, x0, :lo12:f+8"),
        ("bl f", "bl g"),
        ("cbz x0, .L1; nop; .L1:", "cbz x0, .L1; nop"),
        ("ldr x0, [x1, :lo12:f]", "ldr x0, [x1, :lo12:g]"),
    ],
)
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
    assert {policy: each.verdict for policy, each in found.items()} == {
        EMULATED: Verdict.ACCEPTED_EMULATED,
        PROVED: Verdict.ACCEPTED_PROVED,
    }
    assert all(each.states >= 4096 for each in found.values())
    assert judge(right) == found[PROVED]
    assert judge(wrong).verdict is judge(wrong, EMULATED).verdict is Verdict.REFUTED


def test_what_cannot_be_proved_is_not_accepted(claim):
    """To the proof, floating-point operations are functions that it knows little of."""
    right = claim("fmov d3, #4.0; fmul d0, d1, d3", "fadd d0, d1, d1; fadd d0, d0, d0", live="d0")
    assert judge(right, EMULATED).verdict is Verdict.ACCEPTED_EMULATED
    assert judge(right, PROVED).verdict is Verdict.UNPROVED


def test_an_input_that_refuted_one_target_refutes_others_at_once(claim):
    """No state that is drawn has this value in x0 and that one in x1."""
    rare, other = 0x123456789ABCDEF0, 0x0FEDCBA987654321
    shown = Counterexample({"x0": hex(rare), "x1": hex(other)}, {"x2": ("0x1", "0x0")})
    before = "; ".join(
        f"mov{keep} x{n}, #{value >> shift & 0xFFFF:#x}, lsl #{shift}"
        for n, value in ((3, rare), (4, other))
        for keep, shift in (("z", 0), ("k", 16), ("k", 32), ("k", 48))
    )
    source = f"{before}; cmp x0, x3; ccmp x1, x4, #0, eq; cset x2, eq"
    wrong = claim(source, f"{before}; nop; nop; mov x2, xzr", live="x2")
    given = judge(wrong, EMULATED, first=[shown])
    assert given.verdict is Verdict.REFUTED and given.states <= 8
    assert {name: int(value, 16) for name, value in given.counterexample.inputs.items() if name in ("x0", "x1")} == {
        "x0": rare,
        "x1": other,
    }


def test_inputs_change_no_acceptance(claim):
    shown = Counterexample({"x0": "0x7", "x1": "0x1000"}, {"x0": ("0x1", "0x0")})
    for right in (
        claim("add x0, x0, x0", "lsl x0, x0, #1"),
        claim("ldr x2, [x1]; add x0, x0, x2; mov x3, x0", "ldr x2, [x1]; add x0, x0, x2; mov x3, x0; nop"),
    ):
        for policy in (EMULATED, PROVED):
            assert judge(right, policy, first=[shown]).verdict is judge(right, policy).verdict
            assert judge(right, policy, first=[shown]).states >= 4096


def test_an_input_that_cannot_be_here_refutes_nothing(claim):
    """What is known at entry holds, whatever an input of another place says."""
    shown = Counterexample({"x0": "0x100000000", "x1": "0x0"}, {"x1": ("0x0", "0x1")})
    right = claim("mov w1, w0", "mov x1, x0", known=Known(zero_extended={0: 32}))
    assert judge(right, EMULATED, first=[shown]).verdict is Verdict.ACCEPTED_EMULATED
    assert judge(claim("mov w1, w0", "mov x1, x0"), EMULATED, first=[shown]).verdict is Verdict.REFUTED


NEVER = ("tst w0, w1; cset w2, vs", "mov w2, #0")
HASH = (
    "mul x3, x0, x1; eor x3, x3, x3, lsr #29; mul x3, x3, x1; eor x3, x3, x3, lsr #32; mov x6, #0x1234;"
    " movk x6, #0x5678, lsl #16;"
    "movk x6, #0x9abd, lsl #32; movk x6, #0x1357, lsl #48; "
)


def test_the_proof_decides_on_what_no_state_can_reach_but_only_under_the_policy_that_asks_it(claim):
    never = claim(*NEVER, live="w2")
    emulated, proved = judge(never, EMULATED), judge(never)
    assert (emulated.verdict, emulated.emulated) == (Verdict.UNPROVED, False)
    assert emulated.reason == "too few states went this way: cset (instruction 2) does not hold"
    assert [(each.side, each.step, each.kind) for each in emulated.unreached] == [(0, 1, "select")]
    assert (proved.verdict, proved.emulated, proved.states) == (Verdict.ACCEPTED_PROVED, True, emulated.states)
    assert proved.states >= 4096


def test_a_direction_that_some_state_may_take_is_not_the_proofs_to_decide(claim):
    """The rewrite is equal for all inputs, but the emulator has seen nothing of the one way."""
    rare = claim(HASH + "cmp x3, x6; csel x2, x4, x5, eq", HASH + "cmp x6, x3; csel x2, x5, x4, ne", live="x2")
    assert prove(rare).verdict is Verdict.ACCEPTED_PROVED
    judgement = judge(rare)
    assert judgement.verdict is Verdict.UNPROVED and not judgement.emulated
    assert judgement.reason.startswith(
        "too few states went this way: csel (instruction 10) holds, and there is no proof that none can"
    )


@pytest.mark.parametrize(
    ("before", "direction", "possible"),
    [
        ("cmp w0, w1; csel x2, x3, x4, vs", Unreached(0, 1, "select", True, 6, ""), True),
        ("tst w0, w1; csel x2, x3, x4, vs", Unreached(0, 1, "select", True, 6, ""), False),
        ("tst w0, w1; csel x2, x3, x4, vs", Unreached(0, 1, "select", False, 6, ""), True),
        ("and w3, w0, #7; tbz w3, #3, .L1; mov x2, x3; .L1:", Unreached(0, 1, "branch", False, 0, ""), False),
        ("and w3, w0, #7; tbz w3, #3, .L1; mov x2, x3; .L1:", Unreached(0, 1, "branch", True, 0, ""), True),
        ("and w3, w0, #15; tbz w3, #3, .L1; mov x2, x3; .L1:", Unreached(0, 1, "branch", False, 0, ""), True),
        ("tbz w0, #3, .L1; tbz w0, #3, .L2; mov x2, x3; .L1:", Unreached(0, 1, "branch", True, 0, ""), False),
        ("tbz w0, #3, .L1; tbz w0, #4, .L2; mov x2, x3; .L1:", Unreached(0, 1, "branch", True, 0, ""), True),
        ("movi v2.2d, #0; cmhi v0.4s, v2.4s, v1.4s", Unreached(0, 1, "lanes", True, 2, ""), False),
        ("movi v2.2d, #0; cmhi v0.4s, v2.4s, v1.4s", Unreached(0, 1, "lanes", False, 2, ""), True),
        ("movi d2, #0; cmhs v0.2s, v1.2s, v2.2s", Unreached(0, 1, "lanes", False, 1, ""), False),
        ("movi d2, #0; cmhs v0.2s, v1.2s, v2.2s", Unreached(0, 1, "lanes", False, 2, ""), True),
        ("mov x2, x3", Unreached(0, 0, "branch", True, 0, ""), None),
        ("nop; cmhs v0.2s, v1.2s, v2.2s", Unreached(0, 0, "lanes", True, 1, ""), None),
    ],
)
def test_what_the_proof_says_of_a_direction(claim, before, direction, possible):
    """None: it is no branch at all, and nothing is proved either."""
    same = claim(before, before)
    judgement = prove(same, unreached=[direction])
    assert judgement.verdict is (Verdict.ACCEPTED_PROVED if possible is False else Verdict.UNPROVED)
    assert judgement.reason.startswith("some state may go this way") is (possible is True)


def test_one_state_that_went_there_is_too_few_for_both(claim, monkeypatch):
    """Then it is a rare way and no impossible one, whatever the proof says."""
    monkeypatch.setattr(emulate_cover, "ENOUGH", 1 << 20)
    judgement = judge(
        claim("tst w0, w1; cset w2, vs; cmp w0, #3; csel w2, w2, w3, eq", "cmp w0, #3; csel w2, wzr, w3, eq", live="w2")
    )
    assert judgement.verdict is Verdict.UNPROVED and not judgement.unreached
