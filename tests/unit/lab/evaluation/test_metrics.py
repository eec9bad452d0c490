"""BLEU, intervals and figures against values worked out by hand."""

from math import exp

import numpy as np
import pytest

from peepcc.analysis.encoded import program
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.evaluation import bleu, metrics
from peepcc.lab.evaluation.intervals import ends, resampled, wilson
from peepcc.lab.evaluation.journal import Row
from peepcc.lab.evaluation.mistakes.frequency import frequency
from peepcc.lab.evaluation.mistakes.opcode_classes import length_class, opcode_classes
from peepcc.lab.evaluation.scoring import Status
from peepcc.lab.example import EMULATED
from peepcc.propose.protocol import Failure, FailureKind

from ....support.examples import encoder, example, judged, reply


def test_tokens():
    lines = [
        "ldr x0, [x1, #-8]!",
        "b.eq .LBB0_3",
        "ld1 { v0.4s }, [x2], #16",
        "fmov d0, #1.5",
        "add x0, x1, w2, sxtw #2",
        "adrp x0, :lo12:sym+8",
    ]
    assert [bleu.tokens([line]) for line in lines] == [
        ["ldr", "x0", ",", "[", "x1", ",", "#-8", "]", "!"],
        ["b.eq", ".lbb0_3"],
        ["ld1", "{", "v0.4s", "}", ",", "[", "x2", "]", ",", "#16"],
        ["fmov", "d0", ",", "#1.5"],
        ["add", "x0", ",", "x1", ",", "w2", ",", "sxtw", "#2"],
        ["adrp", "x0", ",", ":", "lo12", ":", "sym", "+8"],
    ]


def test_bleu_of_the_same_is_one_and_of_nothing_zero():
    lines = ["add x0, x1, x2", "ret"]
    assert bleu.score(bleu.counts(lines, lines)) == pytest.approx(1.0)
    assert bleu.score(bleu.counts(None, lines)) == 0.0 == bleu.score(bleu.counts(["nop"], lines))


def test_bleu_by_hand():
    # reply: add x0 , x1 , x2 (6 tokens); reference: add x0 , x1 , x3 (6): 5/6, 4/5, 3/4, 2/3
    one = bleu.counts(["add x0, x1, x2"], ["add x0, x1, x3"])
    assert one == (6, 6, 5, 6, 4, 5, 3, 4, 2, 3)
    assert bleu.score(one) == pytest.approx((5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25)
    # a reply that is too short pays: 6 tokens where 8 are wanted ("ret" and "nop" more)
    short = bleu.counts(["add x0, x1, x2"], ["add x0, x1, x2", "nop", "ret"])
    assert bleu.score(short) == pytest.approx(exp(1 - 8 / 6))
    # a corpus is the sum of its pairs, not the mean of their scores; repeated words count as often as the reference has
    # them
    assert bleu.score(np.add(one, short)) == pytest.approx(
        exp(1 - 14 / 12) * (11 / 12 * 9 / 10 * 7 / 8 * 5 / 6) ** 0.25
    )
    assert bleu.counts(["nop", "nop", "nop"], ["nop"])[2:4] == (1, 3)


def test_wilson():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(50, 100) == pytest.approx((0.40383, 0.59617), abs=1e-5)
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    assert wilson(10, 10) == pytest.approx((0.72247, 1.0), abs=1e-5)


def test_the_bootstrap_is_seeded_and_as_wide_as_theory_says():
    values = np.random.default_rng(5).normal(3.0, 2.0, (400, 1))
    low, high = ends(resampled(values, 1)[:, 0] / 400)
    half = 1.96 * values.std() / 20
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.05)
    assert (low, high) == ends(resampled(values, 1)[:, 0] / 400) != ends(resampled(values, 2)[:, 0] / 400)
    assert ends(resampled(values[:0], 1)[:, 0]) == (0.0, 0.0)


def scored(one, lines, **more):
    return metrics.scored(one, Row(0, ((reply(one, lines, **more), judged(one, lines, **more)),)))


@pytest.fixture(scope="module")
def group():
    better = example("mov w2, w0 / add w0, w2, #1 / nop", "w0", "mov w2, w0 / add w0, w2, #1")
    alone = example("add w5, w0, #1", "w5")
    return [
        scored(better, "mov w2, w0 / add w0, w2, #1", text="a", tokens=5, seconds=1.0),  # as the teacher
        scored(better, "add w0, w0, #1", text="b", tokens=4, seconds=1.0),  # better than the teacher
        scored(better, "mov w2, w0 / add w0, w2, #1 / nop", text="=", tokens=1, seconds=0.0),  # a copy
        scored(better, "add w0, w0, #2", text="c", tokens=4, seconds=1.0),  # wrong
        scored(better, None, failure=Failure(FailureKind.UNPARSED, "nonsense"), tokens=4, seconds=1.0),
        scored(alone, "add w5, w0, #1", text="=", tokens=2, seconds=0.0),
        scored(alone, "add w5, w0, #1", text="@1add w5,w0,#1", tokens=8, seconds=2.0),
        scored(alone, "add w5, w0, #2", text="d", tokens=8, seconds=2.0),
    ]


def test_figures_by_hand(group):
    found = {
        kind: {name: each["value"] for name, each in metrics.figures(some, kind, 1).items()}
        for kind, some in (("improved", group[:5]), ("unchanged", group[5:]), ("all", group))
    }
    assert {
        name: found["improved"][name] for name in (*metrics.SHARES, "exact or better", "share of the teacher's gain")
    } == {
        "exact match": 0.2,
        "syntactic accuracy": 0.8,
        "IO accuracy": 0.6,
        "proved accuracy": 0.6,
        "non-copy validated": 0.4,
        "answered unchanged": 0.2,
        "exact or better": 0.4,
        "share of the teacher's gain": pytest.approx(3 / 5),
    }
    assert found["improved"]["instructions saved"] == 3 and found["improved"]["bytes saved"] == 12
    assert found["improved"]["instructions the teacher saves"] == 5
    assert found["improved"]["tokens a block"] == pytest.approx(18 / 5) and found["improved"][
        "seconds a block"
    ] == pytest.approx(4 / 5)
    assert found["unchanged"]["answered unchanged"] == pytest.approx(2 / 3, abs=1e-5)
    assert found["unchanged"]["answered unchanged by the first token"] == pytest.approx(1 / 3, abs=1e-5)
    assert "share of the teacher's gain" not in found["unchanged"] and "exact or better" not in found["all"]
    assert found["all"]["exact match"] == 3 / 8 and found["all"]["syntactic accuracy"] == 7 / 8


def test_copies_are_never_validated(group):
    assert [metrics.validated(one) for one in group] == [True, True, False, False, False, False, False, False]


def test_a_target_that_was_not_proved_asks_for_no_proof(group):
    lines = "fadd s0, s0, s0 / fadd s0, s0, s0"  # to the proof two sums are another function than a product
    parts = "fmov s1, #4.0 / fmul s0, s0, s1 / nop", "s0", lines
    assert judged(example(*parts), lines).status is Status.EMULATED
    assert not metrics.validated(scored(example(*parts), lines))
    assert metrics.validated(scored(example(*parts, evidence=EMULATED), lines))


def test_figures_of_nothing():
    assert metrics.figures([], "improved", 1)["IO accuracy"] == {"value": 0.0, "low": 0.0, "high": 1.0, "of": 0}


def test_classes():
    lines = [
        "ldp x0, x1, [sp]",
        "str w0, [x1]",
        "b.eq .L",
        "fadd s0, s0, s1",
        "cset w0, eq",
        "umull x0, w1, w2",
        "ubfx w0, w1, #3, #4",
        "mvn w0, w1",
        "movk w0, #1",
        "sub w0, w1, w2",
    ]
    steps = program([parse_instruction(line) for line in lines], encoder()).steps
    assert opcode_classes(steps) == (
        "arithmetic",
        "branch",
        "compare and select",
        "load",
        "logic",
        "move",
        "multiply and divide",
        "shift and bit field",
        "store",
        "vector and float",
    )
    assert [length_class(n) for n in (1, 2, 3, 8, 9, 16, 17, 99)] == [
        "1-2",
        "1-2",
        "3-4",
        "5-8",
        "9-16",
        "9-16",
        "17+",
        "17+",
    ]


@pytest.mark.parametrize(
    ("source", "target", "live", "low", "high"),
    [
        ("cmp w0, #7 / cset w0, eq", "mov w0, #0", "w0", 0.0, 0.0001),  # one value of 2**32
        ("and w0, w0, #1 / nop", "mov w0, #0", "w0", 0.48, 0.52),
        ("mov w1, w0 / add x1, x1, #0", "mov x1, x0", "x1", 0.999, 1.0),  # the upper half
        ("tst w0, #15 / cset w0, eq", "mov w0, #0", "w0", 0.05, 0.075),  # 1 in 16
        ("ldr w1, [x0] / and w1, w1, #3", "mov w1, #0", "w1", 0.72, 0.78),
        ("fcmp d0, d1 / cset w0, gt", "mov w0, #0", "w0", 0.48, 0.52),
    ],
)
def test_how_often_a_difference_shows(source, target, live, low, high):
    one = example(source, live)
    found = frequency(
        one.window.obligation(program([parse_instruction(line) for line in target.split(" / ")], encoder())), 1
    )
    assert low <= found.share <= high, found
    assert found.states >= 4096


def test_how_often_is_seeded():
    one = example("tst w0, #255 / cset w0, eq", "w0")
    obligation = one.window.obligation(program([parse_instruction("mov w0, #0")], encoder()))
    assert frequency(obligation, 1) == frequency(obligation, 1) != frequency(obligation, 2)
