"""Judging replies: what of a reply is kept, what each kind of reply is called, what equal windows share."""

import time
from dataclasses import replace

import pytest

import peepcc.optimize.check
from peepcc.analysis.obligation import RETURN, Known
from peepcc.analysis.registers import x
from peepcc.analysis.unit_analysis import analyse_by
from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.optimize.check import Judge
from peepcc.optimize.edits import edited
from peepcc.optimize.pipeline import numbered
from peepcc.propose.protocol import Failure, FailureKind, Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Counterexample, Judgement, Verdict

from ...support.stated import stated

TARGET = "--target=aarch64-linux-gnu"


def windows_of(body):
    text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    return analyse_by(text, stated(text), Encoder("clang-19", [TARGET])).windows()


def judged(windows, replies, seconds=60.0):
    """`replies`: lines for each window in order, or None for no reply."""
    judge = Judge(Encoder("clang-19", [TARGET]), Unit("clang-19", "f.c"), "emulated", time.monotonic() + seconds)
    given = {}
    for window, lines in zip(windows, replies):
        key = request_of(window).key
        if lines is not None:
            given[key] = Reply(key, tuple(lines))
    return judge.outcomes(windows, given)


def outcome(body, *lines, seconds=60.0):
    windows = windows_of(body)
    assert len(windows) == 1
    return judged(windows, [lines], seconds)[0]


def kept(outcome):
    return [
        item if isinstance(item, str) else print_instruction(item) for item in edited(outcome.window, outcome.chosen)
    ]


def test_a_right_reply_that_is_cheaper_is_kept_whole():
    found = outcome("mov w8, w0\nadd w8, w8, w1\nmov w0, w8\nmov w8, w1\nret", "add w0, w0, w1", "mov w8, w1", "ret")
    assert found.judgement.verdict is Verdict.ACCEPTED_EMULATED and found.judgement.states >= 4096
    assert kept(found) == ["add w0, w0, w1", "mov w8, w1", "ret"]
    assert (found.before.instructions, found.after.instructions) == (5, 3)


def test_one_wrong_instruction_does_not_lose_the_right_ones():
    body = "mov x8, x0\nmov x0, x8\nadd w1, w1, #1\nmov x9, x2\nmov x2, x9\nadd w3, w3, w1\nret"
    found = outcome(body, "mov x8, x0", "add w1, w1, #1", "mov x9, x2", "add w3, w3, w2", "ret")
    assert found.judgement.verdict is Verdict.ACCEPTED_EMULATED and "hunks" in found.judgement.reason
    assert "add w3, w3, w1" in kept(found) and len(kept(found)) < 7
    assert found.judgement.counterexample is not None


@pytest.mark.parametrize(
    "reply, verdict",
    [
        (("add w0, w0, w1", "ret"), Verdict.UNCHANGED),
        (("add w0, w1, w2", "ret"), Verdict.REFUTED),
        (("sub w0, w0, w1", "ret"), Verdict.REFUTED),
        (("add w0, w0, w1", "nop", "ret"), Verdict.COSTLIER),
        (("add w0, w1, w0", "ret"), Verdict.COSTLIER),
        (("svc #0", "ret"), Verdict.UNPARSED),
        (("bl elsewhere", "ret"), Verdict.UNPARSED),
        ((".word 5", "ret"), Verdict.UNPARSED),
        (("add w0, w0, w99", "ret"), Verdict.UNPARSED),
        (("add w0, w0", "ret"), Verdict.UNPARSED),
        (("mov x18, x0", "ret"), Verdict.UNSAFE_REGION),
        (("add sp, sp, #16", "ret"), Verdict.UNSAFE_REGION),
    ],
)
def test_each_kind_of_reply_has_its_verdict(reply, verdict):
    found = outcome("add w0, w0, w1\nret", *reply)
    assert found.judgement.verdict is verdict
    assert kept(found) == ["add w0, w0, w1", "ret"] and found.chosen == ()
    assert (found.judgement.counterexample is not None) == (verdict is Verdict.REFUTED)


@pytest.mark.parametrize(
    "line, told",
    [
        ("add w0, w1, #5000", "add w0, w1, #5000: expected compatible register, symbol or integer in range [0, 4095]"),
        ("frobnicate w0", "frobnicate w0: unrecognized instruction mnemonic"),
        ("ldr w0, [x1, #3, lsl #2]", "not an instruction"),
    ],
)
def test_what_cannot_be_read_is_told(line, told):
    assert told in outcome("add w0, w0, w1\nret", line, "ret").judgement.reason


def test_no_reply_and_no_time():
    assert judged(windows_of("add w0, w0, w1\nret"), [None])[0].judgement.verdict is Verdict.UNCHANGED
    late = outcome("mov x8, x0\nmov x0, x8\nret", "mov x8, x0", "ret", seconds=-1.0)
    assert late.judgement.verdict is Verdict.TOO_LATE and late.chosen == ()


def test_a_reply_that_failed_says_why():
    windows = windows_of("add w0, w0, w1\nret")
    key = request_of(windows[0]).key
    judge = Judge(Encoder("clang-19", [TARGET]), Unit("clang-19", "f.c"), "emulated", time.monotonic() + 60)
    for kind in FailureKind:
        (found,) = judge.outcomes(windows, {key: Reply(key, None, failure=Failure(kind, "because"))})
        assert found.judgement.verdict is (Verdict.TOO_LATE if kind is FailureKind.TOO_LATE else Verdict.UNPARSED)
        assert found.judgement.reason == "because"


def counted(monkeypatch):
    calls = []
    real = peepcc.optimize.check.judge
    monkeypatch.setattr(
        peepcc.optimize.check, "judge", lambda *arguments, **more: calls.append(1) or real(*arguments, **more)
    )
    return calls


def test_equal_cases_are_judged_once(monkeypatch):
    calls = counted(monkeypatch)
    windows = windows_of("mov x8, x0\nmov x0, x8\nbl g\nmov x8, x0\nmov x0, x8\nbl g\nret")[:2]
    found = judged(windows, [("mov x8, x0",)] * 2)
    assert len(calls) == 1 and [each.judgement.verdict for each in found] == [Verdict.ACCEPTED_EMULATED] * 2


def test_what_was_proved_is_not_proved_again_for_a_further_reply(monkeypatch):
    """Each reply has a right and a wrong hunk: both together are refuted twice each time, the right one is proved the
    first time.
    """
    calls = counted(monkeypatch)
    windows = windows_of("mov x8, x0\nmov x0, x8\nadd w1, w1, #1\nmov x9, x2\nmov x2, x9\nadd w3, w3, w1\nbl g\nret")[
        :1
    ]
    right = ("mov x8, x0", "add w1, w1, #1", "mov x9, x2", "mov x2, x9")
    wrong, other = (*right, "add w3, w3, w2"), (*right, "add w3, w3, w4")
    one, two, three = looks(windows, wrong, other, wrong, policy="proved")
    assert len(calls) == 7 and kept(one[0]) == kept(two[0]) == kept(three[0]) == [*right, "add w3, w3, w1"]
    assert [each[0].judgement.verdict for each in (one, two, three)] == [Verdict.ACCEPTED_PROVED] * 3


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(Verdict.UNPROVED, "no time", emulated=True),
        Judgement(Verdict.ACCEPTED_EMULATED),
        Judgement(Verdict.REFUTED, "by an input", 3),
    ],
)
def test_what_was_not_proved_is_judged_again(monkeypatch, judgement):
    calls = []
    monkeypatch.setattr(peepcc.optimize.check, "judge", lambda *arguments, first, seconds: calls.append(1) or judgement)
    looks(windows_of("mov x8, x0\nmov x0, x8\nbl g\nret")[:1], *[("mov x8, x0",)] * 3)
    assert len(calls) == 3


def test_equal_edits_under_other_facts_are_judged_anew():
    (window,) = windows_of("mov x8, x0\nand x0, x8, #0xff\nbl g\nret")[:1]
    narrow, reply = replace(window, known=Known(zero_extended={0: 8})), Reply(request_of(window).key, ("mov x8, x0",))
    judge = Judge(Encoder("clang-19", [TARGET]), Unit("clang-19", "f.c"), "proved", time.monotonic() + 60)
    found = [
        judge.outcomes([each], {request_of(each).key: replace(reply, key=request_of(each).key)})[0].judgement.verdict
        for each in (window, narrow, window)
    ]
    assert found == [Verdict.REFUTED, Verdict.ACCEPTED_PROVED, Verdict.REFUTED]


def met(monkeypatch, easy=0):
    """What each judgement was given to try first; inputs that were found within `easy` states are not handed on."""
    given = []
    monkeypatch.setattr(peepcc.optimize.check, "_EASY", easy)
    real = peepcc.optimize.check.judge

    def judged(*arguments, first, seconds):
        given.append(first)
        return real(*arguments, first=first)

    monkeypatch.setattr(peepcc.optimize.check, "judge", judged)
    return given


def looks(windows, *replies, policy="emulated"):
    """The outcomes of one judge that looks at the windows again and again, with one reply for all of them each time."""
    judge = Judge(Encoder("clang-19", [TARGET]), Unit("clang-19", "f.c"), policy, time.monotonic() + 60)
    return [
        judge.outcomes(windows, {request_of(window).key: Reply(request_of(window).key, reply) for window in windows})
        for reply in replies
    ]


def test_what_refuted_a_reply_is_the_first_that_later_ones_meet(monkeypatch):
    given = met(monkeypatch)
    windows = windows_of("add w0, w0, w1\nadd w0, w0, w2\nbl g\nret")[:1]
    wrong, other, right = ("add w0, w0, w1",), ("add w0, w0, w2",), ("add w0, w0, w1", "add w0, w0, w2")
    found = [outcome.judgement for (outcome,) in looks(windows, wrong, other, right, wrong)]
    assert [each.verdict for each in found] == [Verdict.REFUTED, Verdict.REFUTED, Verdict.UNCHANGED, Verdict.REFUTED]
    assert given[:2] == [(), (found[0].counterexample,)]
    assert given[2][0] == found[0].counterexample and len(given) == 3


@pytest.mark.parametrize(
    "judgement, kept",
    [
        (
            Judgement(
                Verdict.REFUTED, "by the emulator, at once", 3, Counterexample({"x0": "0x1"}, {"x0": ("0x1", "0x2")})
            ),
            False,
        ),
        (
            Judgement(
                Verdict.REFUTED, "by the emulator, late", 500, Counterexample({"x0": "0x1"}, {"x0": ("0x1", "0x2")})
            ),
            True,
        ),
        (
            Judgement(
                Verdict.REFUTED, "by the proof", 1, Counterexample({"x0": "0x1"}, {"x0": ("0x1", "0x2")}), emulated=True
            ),
            True,
        ),
        (Judgement(Verdict.UNPROVED, "by nobody", 4096, emulated=True), False),
    ],
)
def test_what_is_hard_to_find_is_handed_on(monkeypatch, judgement, kept):
    given = []
    monkeypatch.setattr(
        peepcc.optimize.check, "judge", lambda *arguments, first, seconds: given.append(first) or judgement
    )
    looks(
        windows_of("add w0, w0, w1\nadd w0, w0, w2\nbl g\nret")[:1],
        ("add w0, w0, w1",),
        ("add w0, w0, w2",),
        ("add w0, w0, w3",),
    )
    assert given == [(), *[(judgement.counterexample,) if kept else ()] * 2]


def test_no_more_inputs_are_kept_than_help(monkeypatch):
    given = met(monkeypatch)
    windows = windows_of("add w0, w0, w1\nadd w0, w0, w2\nbl g\nret")[:1]
    looks(windows, *[(f"add w0, w0, #{n}",) for n in range(1, 20)])
    assert len(given) == 19 and max(map(len, given)) <= 8
    assert all(len(set(map(repr, each))) == len(each) for each in given)


def test_inputs_are_shared_by_equal_windows_only(monkeypatch):
    """What is known at entry binds an input; what a label is called does not."""
    given = met(monkeypatch)
    one, two, _three = windows_of(
        "cbz w0, .L1\nadd w0, w0, w1\nbl g\n.L1:\ncbz w0, .L2\nadd w0, w0, w1\nbl g\n.L2:\nret"
    )
    judge = Judge(Encoder("clang-19", [TARGET]), Unit("clang-19", "f.c"), "emulated", time.monotonic() + 60)
    told = replace(two, known=Known(constants={9: 5}))
    for window, label in ((one, ".L1"), (two, ".L2"), (told, ".L2")):
        key = request_of(window).key
        judge.outcomes(
            [window],
            {key: Reply(key, (f"cbz w0, {label}", "add w0, w0, w2") if window is two else (f"cbz w0, {label}",))},
        )
    assert [len(each) for each in given] == [0, 1, 0]


def test_inputs_change_no_acceptance(monkeypatch):
    monkeypatch.setattr(peepcc.optimize.check, "_EASY", 0)
    body = "mov x9, x0\nadd x9, x9, x1\nmov x0, x9\nmov x9, x1\nldr x3, [x2]\nadd x3, x3, x0\nret"
    windows = windows_of(body)
    right = ("add x0, x0, x1", "mov x9, x1", "ldr x3, [x2]", "add x3, x3, x0", "ret")
    wrong = [right[:n] + right[n + 1 :] for n in range(4)]
    alone = looks(windows, right)[0][0]
    after = looks(windows, *wrong, right)[-1][0]
    assert (
        alone.judgement.verdict is after.judgement.verdict is Verdict.ACCEPTED_EMULATED and alone.chosen == after.chosen
    )


def test_equal_text_under_other_liveness_is_another_case():
    """Calls read w8 here and not there: the facts say so, not the text."""
    windows = windows_of("add w8, w0, #1\nmov w8, w1\nb .L1\n.L1:\nadd w8, w0, #1\nret")
    (window,) = windows
    dead = replace(window, live_out={**window.live_out, RETURN: window.live_out[RETURN] & ~x(8)})
    reply = ("add w8, w0, #1", "ret")
    found = judged([window, dead], [("mov w8, w1", *reply), ("ret",)])
    assert [each.judgement.verdict for each in found] == [Verdict.ACCEPTED_EMULATED, Verdict.ACCEPTED_EMULATED]
    wrong = judged([window], [("ret",)])
    assert wrong[0].judgement.verdict is Verdict.REFUTED


def test_rewrites_are_numbered_and_picked():
    windows = windows_of("mov x8, x0\nmov x0, x8\nbl g\nadd w1, w1, w2\nbl g\nmov x9, x0\nmov x0, x9\nbl g\nret")[:3]
    found = judged(windows, [("mov x8, x0",), ("add w1, w1, w2",), ("mov x9, x0",)])
    assert [each.number for each in numbered(found, None, None)] == [1, None, 2]
    for first, last, applied in (
        (None, None, [True, False, True]),
        (2, None, [False, False, True]),
        (None, 1, [True, False, False]),
        (3, None, [False] * 3),
    ):
        assert [each.applied for each in numbered(found, first, last)] == applied


@pytest.mark.parametrize("between, verdict", [(8000, Verdict.ACCEPTED_EMULATED), (8200, Verdict.UNPARSED)])
def test_a_branch_must_reach_its_label(between, verdict):
    """clang writes the long way round where a tbz does not reach."""
    body = "tbz w0, #3, .L1\nb .L2\n.L1:\n" + "add w1, w1, w2\n" * between + "bl g\n.L2:\nret"
    (found,) = judged(windows_of(body)[:1], [("tbnz w0, #3, .L2",)])
    assert found.judgement.verdict is verdict


@pytest.mark.parametrize(
    "between",
    [
        "\t.p2align\t16\n",
        "\t.balign\t65536\n",
        "\t.zero\t40000\n",
        "\t//APP\n\t.zero\t40000\n\t//NO_APP\n",
        "\t//APP\n\tmine\n\t//NO_APP\n",
    ],
)
def test_what_is_longer_than_a_line_counts_as_long_as_it_may_be(between):
    """Padding, data and inline assembly: clang knows their length, and the text that -S leaves must assemble."""
    body = f"tbz w0, #3, .L1\nb .L2\n.L1:\nadd w1, w1, w2\nbl g\nb .L2\n{between}.L2:\nret"
    (found,) = judged(windows_of(body)[:1], [("tbnz w0, #3, .L2",)])
    assert found.judgement.verdict is Verdict.UNPARSED


@pytest.mark.parametrize(
    "old, new",
    [("cbz w0, .L2", "cbz w3, .L2"), ("tbz w0, #31, .L2", "tbz w3, #31, .L2"), ("tbz w0, #31, .L2", "b.pl .L2")],
)
def test_a_branch_that_reaches_as_far_as_the_old_one_may_take_its_place(old, new):
    between = "\t//APP\n\t.zero\t20000\n\t//NO_APP\n"
    body = f"mov w3, w0\ncmp w0, #0\nmov x4, x1\nmov x1, x4\n{old}\nadd w1, w1, w2\nbl g\n{between}.L2:\nret"
    (found,) = judged(windows_of(body)[:1], [("mov w3, w0", "cmp w0, #0", "mov x4, x1", new, "add w1, w1, w2")])
    assert found.judgement.verdict is Verdict.ACCEPTED_EMULATED


def test_equal_windows_at_other_distances_are_judged_apart():
    body = (
        "tbz w0, #3, .L1\nb .L2\n.L1:\n"
        + "add w1, w1, w2\n" * 8200
        + "bl g\ntbz w0, #3, .L3\nb .L2\n.L3:\nbl g\n.L2:\nret"
    )
    found = [each for each in windows_of(body) if each.source.steps[0].instruction.mnemonic == "tbz"]
    verdicts = [each.judgement.verdict for each in judged(found, [("tbnz w0, #3, .L2",)] * 2)]
    assert verdicts == [Verdict.UNPARSED, Verdict.ACCEPTED_EMULATED]
