"""What a use of the rule book must pass where nothing is run: what is refused at sight, words unlike their lines."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType

import pytest

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Kind, Known, Obligation
from peepcc.analysis.registers import NONE, parts, union, x
from peepcc.analysis.windows import Window
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.optimize.by_rule import by_rule
from peepcc.optimize.check import Judge
from peepcc.optimize.search import Search
from peepcc.propose.registry import Nobody
from peepcc.propose.rules.engine import Rewrite
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

ENCODER = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
NOTHING = MappingProxyType({})
RULES = ("some-rule",)
GOOD = ("str w0, [sp, #12]; ldr w8, [sp, #12]; add w0, w8, #1", "str w0, [sp, #12]; add w0, w0, #1")
WRONG = ("mul w8, w0, w1; add w0, w2, w8", "madd w0, w0, w1, w1")


def code(text: str):
    return tuple(map(parse_instruction, text.split("; ")))


def obligation(source: str, target: str, live: str = "w0", ordered: bool = False) -> Obligation:
    sides = (program(code(each), ENCODER) for each in (source, target))
    return Obligation(*sides, {FALL: union(map(parts, live.split()))}, ordered=ordered)


def window(source: str) -> Window:
    items = code(source)
    live = MappingProxyType({FALL: parts("w0")})
    whole = program(items, ENCODER)
    return Window("f", items, tuple(range(len(items))), whole, live, Known(), NOTHING, False, NOTHING)


def changed(claim: Obligation, side: str, n: int, **effect: object) -> Obligation:
    """The claim with one word's effect other than its line says."""
    steps = list(getattr(claim, side).steps)
    steps[n] = replace(steps[n], effect=replace(steps[n].effect, **effect))
    return replace(claim, **{side: replace(getattr(claim, side), steps=tuple(steps))})


def test_a_use_is_proved_by_its_rules():
    judgement = by_rule(obligation(*GOOD), RULES)
    assert judgement.verdict is Verdict.ACCEPTED_PROVED and judgement.rules == RULES
    assert judgement.states == 0 and "some-rule" in judgement.reason


@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize(
    "n, effect",
    [
        (0, {"reads": x(3)}),
        (1, {"writes": x(3)}),
        (1, {"writes": NONE}),
        (0, {"accesses": ()}),
        (0, {"kind": Kind.PINNED}),
        (1, {"kind": Kind.CALL}),
        (1, {"kind": Kind.CONDITIONAL}),
    ],
)
def test_rules_are_no_evidence_of_a_word_that_is_not_its_line(side, n, effect):
    assert by_rule(changed(obligation(*GOOD), side, n, **effect), RULES) is None


@pytest.mark.parametrize(
    "field, value", [("size", 8), ("base", "x1"), ("displacement", 16), ("index", "x3"), ("store", False)]
)
def test_nor_of_one_that_accesses_other_bytes(field, value):
    claim = obligation(*GOOD)
    for side in ("source", "target"):
        (access,) = getattr(claim, side).steps[0].effect.accesses
        assert by_rule(changed(claim, side, 0, accesses=(replace(access, **{field: value}),)), RULES) is None


def test_the_lines_of_every_access_are_read_as_their_words_are():
    lines = (
        "ldr w0, [x1]; ldr x0, [x1, #8]; ldur w0, [x1, #-4]; ldrb w0, [x1, w2, uxtw]; ldrsh x0, [x1, x2, lsl #1]; "
        "ldrsw x0, [x1, w2, sxtw #2]; ldp x0, x2, [x1, #-16]; ldp w0, w2, [x1], #8; str x0, [x1, #16]!; strb w0, [x1]; "
        "stp q0, q1, [sp, #32]; str d0, [sp, #8]; ldr s0, [x1], #4; sturh w0, [x1, #1]; ldr q3, [x1, x2, lsl #4]; "
        "ldrsb w0, [x1, #4095]; stur x0, [x1, #-8]; stp wzr, wzr, [x1]; cbz x0, .La; tbnz w0, #3, .La; b.eq .La; ret"
    )
    for line in lines.split("; "):
        assert by_rule(obligation(f"mov x9, #1; {line}", line, "w0"), RULES), line


@pytest.mark.parametrize(
    "source, target",
    [("dmb ish; add w0, w0, #1", "add w0, w0, #1"), ("mov w1, #0; add w0, w0, #1", "ldar w1, [x0]; add w0, w0, #1")],
)
def test_what_must_stay_as_it_is_is_left_to_the_validators(source, target):
    assert by_rule(obligation(source, target), RULES) is None


def test_the_same_instructions_are_no_rewrite():
    assert by_rule(obligation(GOOD[0], GOOD[0]), RULES).verdict is Verdict.UNCHANGED


def test_what_an_access_depends_on_stays_where_order_counts():
    source = "ldr w8, [x0]; eor w9, w8, w8; ldr w0, [x1, w9, uxtw]"
    target = "ldr w8, [x0]; mov w9, #0; ldr w0, [x1, w9, uxtw]"
    assert by_rule(obligation(source, target, ordered=True), RULES).verdict is Verdict.UNPROVED
    assert by_rule(obligation(source, target), RULES).verdict is Verdict.ACCEPTED_PROVED


def searched(policy: str, source: str, target: str):
    made = Rewrite(code(target), RULES)
    judge = Judge(ENCODER, Unit("clang-19", "f.c"), policy, time.monotonic() + 60)
    search = Search(Nobody(), judge, ENCODER, rules=lambda windows, check: tuple(made for _ in windows))
    return search.run([window(source)])


def test_under_strict_a_use_is_judged_as_well_and_counts_as_the_rules():
    for policy, states in (("proved", 0), ("strict", 4096)):
        (outcome,) = searched(policy, *GOOD)
        assert outcome.judgement.verdict is Verdict.ACCEPTED_PROVED and outcome.judgement.rules == RULES
        assert outcome.judgement.states >= states and bool(outcome.judgement.states) == bool(states)
        assert outcome.saved == 1


def test_under_strict_what_is_refuted_stays_as_it_was_and_is_told_with_its_rules():
    (outcome,) = searched("strict", *WRONG)
    assert not outcome.chosen and outcome.judgement.verdict is Verdict.UNCHANGED
    (tried,) = outcome.tried
    assert tried.verdict == "refuted" and tried.rules == RULES and tried.inputs
