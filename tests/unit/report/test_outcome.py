"""What a policy that asks for a proof costs: counted once, and no more than was lost."""

from __future__ import annotations

import pytest

from peepcc.optimize.outcome import Unproved
from peepcc.report.explain import explain
from peepcc.validate.verdict import Judgement, Verdict

GAIN = "mov x8, x0\nmov x0, x8\n"  # the second is no use
BODY = GAIN + "add w1, w1, w2\nret"


def better(lines):
    return [line for n, line in enumerate(lines) if (line, lines[n - 1]) != ("mov x0, x8", "mov x8, x0")]


@pytest.fixture
def unproving(monkeypatch):
    """A prover that gives up where `gives_up(source lines)` says so."""
    import peepcc.validate.prover.equivalence as prove

    real = prove.prove

    def patch(gives_up=lambda steps: True, reason="a form that was not tested: mov"):
        def patched(obligation, **more):
            if gives_up(obligation):
                return Judgement(Verdict.UNPROVED, reason)
            return real(obligation, **more)

        monkeypatch.setattr(prove, "prove", patched)

    return patch


def test_a_proof_costs_nothing(desk):
    report = desk.report(BODY, better)
    assert report.applied == (1, 0) and report.unproved == () and report.instructions_after == 3


def test_what_was_not_proved_is_counted_by_its_cause(desk, unproving):
    unproving()
    report = desk.report(BODY, better)
    assert report.applied == (0, 0) and report.instructions == report.instructions_after == 4
    assert report.unproved == (Unproved("a form that was not tested", 1, 1),)
    text = explain(report)
    assert "peepcc: policy proved; rewrites applied: 0 proved, 0 only emulated\n" in text
    assert (
        "peepcc: accepted by the emulator but not proved (a form that was not tested): 1 windows, 1 "
        "instructions not saved\n"
    ) in text


def test_the_emulators_policy_pays_nothing_and_says_so(emulated_desk, unproving):
    unproving()
    report = emulated_desk.report(BODY, better)
    assert report.applied == (0, 1) and report.unproved == () and report.instructions_after == 3
    assert "peepcc: policy emulated; rewrites applied: 0 proved, 1 only emulated\n" in explain(report)


def test_what_the_emulator_itself_refuses_or_does_not_judge_costs_no_proof(desk, unproving):
    unproving()
    wrong = desk.report(BODY, lambda lines: ["sub w1, w1, w2", "ret"])
    assert wrong.outcomes[0].judgement.verdict is Verdict.REFUTED and wrong.unproved == ()
    unread = desk.report(BODY, lambda lines: ["nonsense"])
    assert unread.unproved == () and unread.outcomes[0].judgement.verdict is Verdict.UNPARSED
    assert desk.report(BODY, lambda lines: None).unproved == ()


def test_what_its_hunks_saved_is_taken_off(desk, unproving):
    """Two gains in one reply: as a whole it is not proved, and one of the two is."""
    body = GAIN + "add w1, w1, w2\nmov x9, x3\nmov x3, x9\nret"

    def reply(lines):
        return [
            line
            for n, line in enumerate(lines)
            if (line, lines[n - 1]) not in (("mov x0, x8", "mov x8, x0"), ("mov x3, x9", "mov x9, x3"))
        ]

    unproving(
        lambda obligation: (
            not any(
                step.instruction.mnemonic == "mov" and step.instruction.operands[0].name == "x3"
                for step in obligation.target.steps
            )
        )
    )
    report = desk.report(body, reply)
    assert report.applied == (1, 0) and report.instructions_after == 5
    assert report.unproved == (Unproved("a form that was not tested", 1, 1),)


def test_a_window_and_its_parts_count_once(desk, unproving):
    """Both the window and its first half are not proved; what the second half saves is taken off."""
    body = GAIN + "add w1, w1, w2\n" * 7 + "mov x9, x3\nmov x3, x9\n" + "add w4, w4, w5\n" * 4 + "ret"

    def reply(lines):
        return [
            line
            for n, line in enumerate(lines)
            if (line, lines[n - 1]) not in (("mov x0, x8", "mov x8, x0"), ("mov x3, x9", "mov x9, x3"))
        ]

    unproving(
        lambda obligation: any(
            step.instruction.operands[:1] and getattr(step.instruction.operands[0], "name", "") == "x8"
            for step in obligation.source.steps
        )
    )
    report = desk.report(body, reply)
    verdicts = [outcome.judgement.verdict for outcome in report.outcomes]
    assert verdicts.count(Verdict.UNPROVED) > 1 and report.applied == (1, 0)
    assert report.unproved == (Unproved("a form that was not tested", 1, 1),)


def test_what_is_not_applied_is_in_no_object(desk):
    report = desk.report(BODY, better, first=2)
    assert report.applied == (0, 0) and report.counters["accepted-proved"] == 1
