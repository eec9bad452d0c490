"""A closer look: which windows are asked about again, and which side is kept."""

import random
import time
from itertools import combinations, pairwise

import pytest

from peepcc.analysis.unit_analysis import analyse_by
from peepcc.assembly.encode import Encoder
from peepcc.optimize.check import Judge
from peepcc.optimize.subdivide import SIZES, closer, heaviest
from peepcc.propose.protocol import Failure, FailureKind, Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

from ...support.stated import stated

TARGET = "--target=aarch64-linux-gnu"
GAIN = "mov x8, x0\nmov x0, x8\n"  # the second is no use
PLAIN = "add w1, w1, w2\n"
WRONG = "sub w1, w1, w2\n"
SEED = 7


def unit(body):
    encoder = Encoder("clang-19", [TARGET])
    text = f".text\n.type f,@function\nf:\n{body}ret\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    return analyse_by(text, stated(text), encoder), encoder


def looked(body, reply):
    """(windows of each look, outcomes); `reply(lines)` gives the proposed lines for a window's."""
    analysed, encoder = unit(body)
    judge = Judge(encoder, Unit("clang-19", "f.c"), "emulated", time.monotonic() + 60)
    asked = []

    def look(windows):
        asked.append([len(window.source.steps) for window in windows])
        replies = {}
        for window in windows:
            request = request_of(window)
            lines = reply(list(request.lines))
            replies[request.key] = lines if isinstance(lines, Reply) else Reply(request.key, tuple(lines))
        return judge.outcomes(windows, replies)

    windows = analysed.windows()
    return asked, list(closer(look(windows) if windows else (), look))


def without_gain(lines):
    return [line for n, line in enumerate(lines) if not (line == "mov x0, x8" and n and lines[n - 1] == "mov x8, x0")]


def test_a_reply_that_is_kept_whole_is_not_asked_about_again():
    asked, outcomes = looked(PLAIN * 5 + GAIN + PLAIN * 4, without_gain)
    assert asked == [[12]] and outcomes[0].judgement.verdict.accepted and outcomes[0].left == 0


def test_overlapping_parts_of_a_refuted_window_are_asked_about():
    def reply(lines):
        if len(lines) > 8:
            return [WRONG.strip()] * (len(lines) - 1) + ["ret"]
        return without_gain(lines)

    asked, outcomes = looked(PLAIN * 5 + GAIN + PLAIN * 6, reply)
    assert asked == [[14], [8, 8, 6]]
    verdicts = [outcome.judgement.verdict for outcome in outcomes]
    assert verdicts == [Verdict.REFUTED, Verdict.ACCEPTED_EMULATED, Verdict.COSTLIER, Verdict.UNCHANGED]


def test_each_look_halves_again_and_asks_nothing_twice():
    asked, _ = looked(PLAIN * 15, lambda lines: [WRONG.strip()] * len(lines))
    assert asked == [[16], [8] * 3, [4] * 7, [2] * 15] and SIZES == (8, 4, 2)


def test_only_what_fell_short_is_cut_again():
    def reply(lines):
        wrong = len(lines) > 8 or "sub w3, w3, w3" in lines
        return [WRONG.strip()] * len(lines) if wrong else lines

    asked, _ = looked(PLAIN * 14 + "sub w3, w3, w3\n", reply)
    assert asked == [[16], [8] * 3, [4] * 3, [2] * 3]


def test_what_belongs_together_and_the_middle_cuts_is_found():
    def reply(lines):
        return without_gain(lines) if len(lines) <= 8 else [WRONG.strip()] * len(lines)

    _, outcomes = looked(PLAIN * 7 + GAIN + PLAIN * 6, reply)
    assert [outcome.saved for outcome in outcomes] == [0, 0, 1, 0]


def test_a_short_window_is_cut_to_what_is_shorter():
    asked, _ = looked(PLAIN * 5, lambda lines: [WRONG.strip()] * len(lines))
    assert asked == [[6], [4] * 2, [2] * 5]


@pytest.mark.parametrize("parts_save", [False, True])
def test_of_a_window_and_its_parts_one_side_is_kept(parts_save):
    def reply(lines):
        if len(lines) > 8:  # one right edit and one wrong one
            lines = [line for n, line in enumerate(lines) if n != lines.index("mov x0, x8")]
            return [WRONG.strip() if n == 3 else line for n, line in enumerate(lines)]
        return without_gain(lines) if parts_save else lines

    asked, outcomes = looked(GAIN + PLAIN * 8 + GAIN + PLAIN * 3, reply)
    assert asked[:2] == [[16], [8] * 3]
    whole, *parts = outcomes
    assert [part.judgement.verdict.accepted for part in parts] == [parts_save, False, parts_save]
    assert whole.judgement.verdict is (Verdict.COSTLIER if parts_save else Verdict.ACCEPTED_EMULATED)
    assert bool(whole.chosen) is not parts_save and whole.left == 1


def test_outcomes_come_in_the_order_of_the_text():
    _, outcomes = looked(PLAIN * 15, lambda lines: [WRONG.strip()] * len(lines))
    places = [(outcome.window.lines[0], -outcome.window.lines[-1]) for outcome in outcomes]
    assert len(places) == 26 and places == sorted(places)


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind is not FailureKind.UNPARSED])
def test_a_servers_error_is_no_proposal(kind):
    analysed, _ = unit(PLAIN * 12)
    (window,) = analysed.windows()
    key = request_of(window).key
    asked, _ = looked(PLAIN * 12, lambda lines: Reply(key, None, failure=Failure(kind, "status 500")))
    assert asked == [[13]]


@pytest.mark.parametrize(
    "weights, kept",
    [
        ({}, ()),
        ({(0, 16): (2, 0.0), (0, 8): (1, 1.0), (8, 16): (1, 0.0)}, ((0, 8), (8, 16))),
        ({(0, 16): (2, 1.0), (0, 8): (1, 1.0), (8, 16): (1, 0.0)}, ((0, 16),)),  # as much with fewer rewrites
        ({(0, 8): (1, 0.0), (4, 12): (1, 2.0), (8, 16): (1, 0.0)}, ((0, 8), (8, 16))),
        ({(0, 8): (1, 0.0), (4, 12): (3, 0.0), (8, 16): (1, 0.0)}, ((4, 12),)),
        ({(0, 8): (0, 0.5), (2, 4): (1, 0.0), (6, 10): (1, 0.0), (4, 6): (1, -0.5)}, ((2, 4), (4, 6), (6, 10))),
    ],
)
def test_what_weighs_most_together_is_kept(weights, kept):
    assert heaviest(weights) == set(kept)


def test_the_choice_is_the_best_of_all_choices():
    rng = random.Random(SEED)
    for _ in range(300):
        weights = {}
        for _ in range(rng.randrange(9)):
            first = rng.randrange(8)
            weights[first, rng.randrange(first + 1, 10)] = rng.randrange(4), float(rng.randrange(1, 4))
        choices = [
            choice for size in range(len(weights) + 1) for choice in combinations(weights, size) if apart(choice)
        ]
        assert apart(kept := heaviest(weights)), (SEED, weights)
        assert value(kept, weights) == max(value(choice, weights) for choice in choices), (SEED, weights)


def apart(spans):
    ordered = sorted(spans)
    return all(one[1] <= other[0] for one, other in pairwise(ordered))


def value(spans, weights):
    return sum(weights[span][0] for span in spans), sum(weights[span][1] for span in spans), -len(spans)
