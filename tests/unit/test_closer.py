"""A closer look: which windows are asked about again, and which side is kept."""

import time

import pytest

from peepcc.analysis.translation_unit import analyse
from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.closer import LIMITS, closer
from peepcc.driver.unit import Unit
from peepcc.judge import Judge
from peepcc.propose.protocol import Reply
from peepcc.validate.verdict import Verdict

TARGET = "--target=aarch64-linux-gnu"
GAIN = "mov x8, x0\nmov x0, x8\n"  # the second is no use
PLAIN = "add w1, w1, w2\n"
WRONG = "sub w1, w1, w2\n"


def unit(body):
    encoder = Encoder("clang-19", [TARGET])
    text = f".text\n.type f,@function\nf:\n{body}ret\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    return analyse(text, None, encoder), encoder


def looked(body, reply):
    """(windows of each look, outcomes); `reply(lines)` gives the proposed lines for a window's."""
    analysed, encoder = unit(body)
    judge = Judge(encoder, Unit("clang-19", "f.c"), "emulated", time.monotonic() + 60)
    asked = []

    def look(windows):
        asked.append([len(window.source.steps) for window in windows])
        replies = {}
        for window in windows:
            request = window.request()
            lines = reply([line for line in request.lines])
            replies[request.key] = lines if isinstance(lines, Reply) else Reply(request.key, tuple(lines))
        return judge.outcomes(windows, replies)

    return asked, list(closer(analysed.windows, look))


def without_gain(lines):
    return [line for n, line in enumerate(lines) if not (line == "mov x0, x8" and n and lines[n - 1] == "mov x8, x0")]


def test_a_reply_that_is_kept_whole_is_not_asked_about_again():
    asked, outcomes = looked(PLAIN * 5 + GAIN + PLAIN * 4, without_gain)
    assert asked == [[12]] and outcomes[0].judgement.verdict.accepted and outcomes[0].left == 0


def test_halves_of_a_refuted_window_are_asked_about():
    def reply(lines):
        if len(lines) > 8:
            return [WRONG.strip()] * (len(lines) - 1) + ["ret"]
        return without_gain(lines)

    asked, outcomes = looked(PLAIN * 5 + GAIN + PLAIN * 6, reply)
    assert asked == [[14], [8, 6]]
    verdicts = [outcome.judgement.verdict for outcome in outcomes]
    assert verdicts == [Verdict.REFUTED, Verdict.ACCEPTED_EMULATED, Verdict.UNCHANGED]


def test_each_look_halves_again():
    asked, _ = looked(PLAIN * 15, lambda lines: [WRONG.strip()] * len(lines))
    assert asked == [[16], [8, 8], [4] * 4, [2] * 8] and LIMITS == (16, 8, 4, 2)


def test_a_short_window_is_cut_to_what_is_shorter():
    asked, _ = looked(PLAIN * 5, lambda lines: [WRONG.strip()] * len(lines))
    assert asked == [[6], [4, 2], [2, 2]]


@pytest.mark.parametrize("parts_save", [False, True])
def test_of_a_window_and_its_parts_one_side_is_kept(parts_save):
    def reply(lines):
        if len(lines) > 8:  # one right edit and one wrong one
            lines = [line for n, line in enumerate(lines) if n != lines.index("mov x0, x8")]
            return [WRONG.strip() if n == 3 else line for n, line in enumerate(lines)]
        return without_gain(lines) if parts_save else lines

    asked, outcomes = looked(GAIN + PLAIN * 8 + GAIN + PLAIN * 3, reply)
    assert asked[:2] == [[16], [8, 8]]
    whole, *parts = outcomes
    assert [part.judgement.verdict.accepted for part in parts] == [parts_save] * 2
    assert whole.judgement.verdict is (Verdict.COSTLIER if parts_save else Verdict.ACCEPTED_EMULATED)
    assert bool(whole.chosen) is not parts_save and whole.left == 1


@pytest.mark.parametrize("error", ["status 500", "too-late"])
def test_a_servers_error_is_no_proposal(error):
    analysed, _ = unit(PLAIN * 12)
    (window,) = analysed.windows()
    key = window.request().key
    asked, _ = looked(PLAIN * 12, lambda lines: Reply(key, None, error=error))
    assert asked == [[13]]


def test_parts_lie_in_their_windows():
    body = "".join(f"{PLAIN * n}cbz w1, .L{n}\n{PLAIN * 3}.L{n}:\n" for n in range(1, 14))
    analysed, _ = unit(body)
    for limit in LIMITS[1:]:
        coarse = {line: n for n, window in enumerate(analysed.windows(2 * limit)) for line in window.lines}
        for part in analysed.windows(limit):
            assert len(part.source.steps) <= limit and len({coarse[line] for line in part.lines}) == 1
    texts = [print_instruction(step.instruction) for window in analysed.windows(4) for step in window.source.steps]
    assert texts == [print_instruction(step.instruction) for window in analysed.windows() for step in window.source.steps]
