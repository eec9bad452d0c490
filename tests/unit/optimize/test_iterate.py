"""Further replies: what they are asked about, what they are judged against, and that a window is never worse off."""

import subprocess
import time

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.optimize.check import Judge
from peepcc.optimize.edits import spliced
from peepcc.optimize.iterate import further
from peepcc.propose.protocol import Failure, FailureKind, Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

FIRST = ["mov x8, x0", "add x9, x8, x1", "mov x0, x9", "ret"]
SECOND = ["add x9, x0, x1", "mov x0, x9", "ret"]
THIRD = ["add x0, x0, x1", "ret"]
WRONG = ["sub x0, x0, x1", "ret"]
LONGER = ["add x9, x0, x1", "mov x10, x9", "mov x0, x10", "ret"]


def asked_about(answers, *functions):
    """(what was asked at each turn, the outcomes, the module's text with them).

    `answers`: lines -> lines or what came instead.
    """
    bitcode = subprocess.run(
        ["clang-19", "--target=aarch64-linux-gnu", "-O1", "-c", "-emit-llvm", "-x", "c", "-", "-o", "-"],
        input="".join(f"long {name}(long a, long b) {{ return a + b; }}\n" for name in functions).encode(),
        capture_output=True,
        check=True,
    ).stdout
    encoder = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
    body = "".join("\t{}\t{}\n".format(*line.partition(" ")[::2]).replace("ret\t", "ret") for line in FIRST)
    text = "".join(
        f".text\n.type {name},@function\n{name}:\n{body}.Lend_{name}:\n.size {name}, .Lend_{name}-{name}\n"
        for name in functions
    )
    analysed = analyse(text, bitcode, encoder)
    judge = Judge(encoder, Unit("clang-19", "f.c"), "proved", time.monotonic() + 60)
    turns = []

    def asked(windows):
        turns.append([list(request_of(window).lines) for window in windows])
        replies = {}
        for window in windows:
            answer = answers.get(tuple(request_of(window).lines), ())
            key = request_of(window).key
            if answer is not None:
                replies[key] = (
                    Reply(key, tuple(answer))
                    if answer
                    else Reply(key, None, failure=Failure(FailureKind.UNPARSED, "nothing"))
                )
        return replies

    windows = analysed.windows(16)
    outcomes = further(judge.outcomes(windows, asked(windows)), asked, judge.outcomes, encoder)
    return turns, outcomes, spliced(analysed.module, [(outcome.window, outcome.chosen) for outcome in outcomes])


def table(*pairs):
    return {tuple(asked): said for asked, said in pairs}


def test_each_reply_is_about_what_the_last_one_left():
    turns, (outcome,), text = asked_about(table((FIRST, SECOND), (SECOND, THIRD), (THIRD, THIRD)), "f")
    assert turns == [[FIRST], [SECOND], [THIRD]]
    assert (
        outcome.judgement.verdict is Verdict.ACCEPTED_PROVED
        and outcome.saved == 2
        and list(request_of(outcome.window).lines) == FIRST
    )
    assert "f:\n\tadd\tx0, x0, x1\n\tret\n.Lend_f" in text
    assert [(each.lines, each.verdict) for each in outcome.tried] == [(tuple(SECOND), "accepted-proved")]


@pytest.mark.parametrize("worse", [WRONG, LONGER, SECOND, FIRST, (), None])
def test_a_further_reply_that_is_no_better_costs_nothing(worse):
    turns, (outcome,), text = asked_about(table((FIRST, SECOND), (SECOND, worse)), "f")
    assert turns == [[FIRST], [SECOND]]
    assert outcome.judgement.verdict is Verdict.ACCEPTED_PROVED and outcome.saved == 1
    assert "f:\n\tadd\tx9, x0, x1\n\tmov\tx0, x9\n\tret\n" in text
    assert [each.lines for each in outcome.tried] == ([tuple(worse)] if worse in (WRONG, LONGER, FIRST) else [])


@pytest.mark.parametrize("first", [WRONG, FIRST, LONGER, (), None])
def test_where_nothing_was_saved_nothing_is_asked(first):
    turns, (outcome,), _ = asked_about(table((FIRST, first), (LONGER, THIRD)), "f")
    assert turns == [[FIRST]] and not outcome.judgement.verdict.accepted


def test_equal_windows_fare_alike():
    turns, outcomes, text = asked_about(table((FIRST, SECOND), (SECOND, THIRD), (THIRD, WRONG)), "f", "g")
    assert turns == [[FIRST] * 2, [SECOND] * 2, [THIRD] * 2]
    assert [outcome.saved for outcome in outcomes] == [2, 2] and text.count("\tadd\tx0, x0, x1\n\tret\n") == 2
