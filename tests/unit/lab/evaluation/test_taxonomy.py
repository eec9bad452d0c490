"""Each mistake has replies that must get its name, and each mark has one that must get it."""

import pytest

from peepcc.analysis.obligation import Known
from peepcc.lab.evaluation.mistakes.names import RARE, Mark, Mistake, mark
from peepcc.lab.evaluation.scoring import Status

from ....support.examples import example, judged

REPLIES = [
    # a mistake, the window, what is live after it, the wrong reply
    ("PARSE", "add w0, w0, #1 / add w0, w0, #1", "w0", "add w0 w0 plus 2"),
    ("PARSE", "add w0, w0, #1 / add w0, w0, #1", "w0", ".word 5"),
    ("ASSEMBLE", "add w0, w0, #1 / add w0, w0, #1", "w0", "add w0, w0, #99999999"),
    ("ASSEMBLE", "mov x0, x1 / add x0, x0, #1", "x0", "add x0, w1, #1"),
    ("FORBIDDEN", "add w0, w0, #1 / add w0, w0, #1", "w0", "svc #0"),
    ("FORBIDDEN", "add w0, w0, #1 / add w0, w0, #1", "w0", "add x18, x0, #2"),
    ("REGISTER", "mov w2, w1 / add w0, w2, #1", "w0", "add w0, w0, #1"),
    ("REGISTER", "sub w0, w1, w2 / mov w3, w0", "w3", "sub w3, w2, w1"),
    ("WIDTH", "add w0, w1, w2 / mov w0, w0", "x0", "add x0, x1, x2"),
    ("WIDTH", "sxtw x2, w1 / add x0, x0, x2", "x0", "add x0, x0, w1, uxtw"),
    ("WIDTH", "ldrb w1, [x2] / sxtb w0, w1", "w0", "ldrb w0, [x2]"),
    ("WIDTH", "lsl w1, w0, #24 / asr w0, w1, #24", "w0", "ubfx w0, w0, #0, #8"),
    ("IMMEDIATE", "add w0, w0, #3 / add w0, w0, #4", "w0", "add w0, w0, #6"),
    ("IMMEDIATE", "lsl x1, x0, #3 / add x0, x2, x1", "x0", "add x0, x2, x0, lsl #2"),
    ("IMMEDIATE", "mov w1, w0 / cmp w1, #5", "nzcv", "cmp w0, #6"),
    ("CONDITION", "cmp w0, w1 / cset w2, lt / mov w3, w2", "w3", "cmp w0, w1 / cset w3, lo"),
    ("FLAGS", "cmp w1, #5 / add w0, w2, #0 / add w0, w0, #1", "w0 nzcv", "cmp w1, #5 / adds w0, w2, #1"),
    ("FLAGS", "mov w3, w1 / cmp w3, #5 / add w0, w2, #1", "w0 nzcv", "add w0, w2, #1"),
    ("LIVE_OUT", "mov w1, w0 / add w0, w0, #1", "w0 w1", "add w0, w0, #1"),
    ("LIVE_OUT", "mov w1, w0 / mul w1, w1, w1 / eor w1, w1, w0 / add w0, w0, #1", "w0 w1", "add w0, w0, #1"),
    ("LIVE_OUT", "add w0, w0, #1 / add w0, w0, #1", "w0 w5", "mov w5, #2 / add w0, w0, w5"),
    ("MEMORY_VALUE", "mov w2, w1 / str w2, [x0]", "x0", "str w3, [x0]"),
    ("MEMORY_VALUE", "mov w2, w1 / str w2, [x0]", "x0", "str w0, [x0]"),
    ("MEMORY_ADDRESS", "add x2, x0, #8 / str w1, [x2]", "x0", "str w1, [x0, #4]"),
    ("MEMORY_ADDRESS", "ldr w1, [x0] / ldr w2, [x0, #8] / add w3, w1, w2", "w3", "ldp w1, w2, [x0] / add w3, w1, w2"),
    ("MEMORY_SIZE", "and w1, w1, #255 / strb w1, [x0]", "x0", "strh w1, [x0]"),
    ("MEMORY_SIZE", "mov w2, w1 / str w2, [x0]", "x0", "str x1, [x0]"),
    ("MEMORY_ORDER", "str w1, [x0] / str w2, [x3] / nop", "x0", "str w2, [x3] / str w1, [x0]"),
    ("MEMORY_MISSING", "str w1, [x0] / str w2, [x0, #4]", "x0", "str w1, [x0]"),
    ("MEMORY_EXTRA", "mov w2, w1 / str w2, [x0]", "x0", "str w1, [x0] / str wzr, [x0, #4]"),
    ("OPERATION", "add w2, w0, w1 / mov w3, w2", "w3", "sub w3, w0, w1"),
    ("OPERATION", "mul w2, w0, w0 / add w2, w2, #3 / eor w3, w2, w1", "w3", "umulh x3, x1, x0"),
]


@pytest.mark.parametrize(("name", "source", "live", "wrong"), REPLIES)
def test_a_reply_gets_the_name_of_its_mistake(name, source, live, wrong):
    found = judged(example(source, live, "nop"), wrong)
    assert found.mistake is Mistake[name], (found.mistake, found.outputs, found.reason)
    assert found.mark is not None and found.complaint


@pytest.mark.parametrize(
    ("name", "source", "exits", "wrong"),
    [
        ("CONTROL", "cbz w0, .L1 / mov w1, #1", {".L1": "w1"}, "mov w1, #1"),
        ("CONTROL", "cbz w0, .L1 / cbz w1, .L2 / nop", {".L1": "w1", ".L2": "w1"}, "cbz w0, .L2 / cbz w1, .L2"),
        ("CONTROL", "cbz w0, .L1 / mov w1, #1", {".L1": "w1"}, "cbz w0, .L9 / mov w1, #1"),
        ("CONDITION", "cmp w0, #0 / b.eq .L1 / nop", {".L1": "w1"}, "cbnz w0, .L1"),
        ("WIDTH", "cmp x0, #0 / b.eq .L1 / nop", {".L1": "w1"}, "cbz w0, .L1"),
    ],
)
def test_ways_out(name, source, exits, wrong):
    assert judged(example(source, "w1", "nop", exits=exits), wrong).mistake is Mistake[name]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ("ldr w2, [x0, #4] / ldr w1, [x0]", "MEMORY_ORDER"),
        ("ldr w1, [x0] / mov w2, w1", "MEMORY_MISSING"),
        ("ldp w1, w2, [x0]", "MEMORY_MISSING"),
        ("ldr w1, [x0] / ldr w2, [x0, #4] / ldr w3, [x0]", "MEMORY_EXTRA"),
        ("ldr w1, [x0] / ldr w2, [x0, #8]", "MEMORY_ADDRESS"),
    ],
)
def test_accesses_that_must_stay(wrong, name):
    assert (
        judged(example("ldr w1, [x0] / ldr w2, [x0, #4] / nop", "w1 w2", ordered=True), wrong).mistake is Mistake[name]
    )


def test_every_mistake_has_a_reply():
    named = {name for name, *_ in REPLIES} | {"CONTROL"}
    assert named == {mistake.name for mistake in Mistake}


def test_fatal_differs_on_common_inputs():
    found = judged(example("add w0, w0, #3 / add w0, w0, #4", "w0", "add w0, w0, #7"), "add w0, w0, #6")
    assert (found.mark, found.share) == (Mark.FATAL, 1.0)


def test_insidious_differs_on_almost_none():
    source = "mov w2, #51966 / movk w2, #47806, lsl #16 / cmp w0, w2 / cset w0, eq"
    found = judged(example(source, "w0", "nop"), "mov w0, #0")
    assert found.status is Status.REFUTED and found.mark is Mark.INSIDIOUS and found.share < RARE


def test_harmless_leaves_something_to_keep():
    one = example("mov w2, w0 / add w3, w2, #1 / mul w4, w3, w3 / mov w5, w1 / add w6, w5, #1", "w4 w6", "nop")
    found = judged(one, "add w3, w0, #1 / mul w4, w3, w3 / add w6, w1, #2")
    assert (found.status, found.mistake, found.mark) == (Status.REFUTED, Mistake.IMMEDIATE, Mark.HARMLESS)
    assert found.kept.instructions == 1


def test_marks():
    assert [
        mark(*each)
        for each in (
            (None, True),
            (None, False),
            (0.5, True),
            (0.5, False),
            (0.0, True),
            (0.0009, False),
            (0.001, False),
        )
    ] == [Mark.HARMLESS, Mark.FATAL, Mark.HARMLESS, Mark.FATAL, Mark.INSIDIOUS, Mark.INSIDIOUS, Mark.FATAL]


def test_statuses_that_are_no_mistakes():
    one = example("mov w2, w0 / add w0, w2, #1", "w0", "add w0, w0, #1")
    assert [judged(one, lines).status for lines in ("mov w2, w0 / add w0, w2, #1", "add w0, w0, #1", None)] == [
        Status.COPY,
        Status.PROVED,
        Status.NONE,
    ]
    assert all(judged(one, lines).mistake is None for lines in ("mov w2, w0 / add w0, w2, #1", "add w0, w0, #1", None))
    longer = judged(one, "mov w2, w0 / nop / add w0, w2, #1")
    assert (longer.status, longer.mistake, longer.kept.instructions) == (
        Status.PROVED,
        None,
        0,
    ) and "not cheaper" in longer.complaint


def test_what_is_known_counts():
    one = example("and w0, w0, #255 / nop", "w0", "nop", known=Known(zero_extended={0: 8}))
    assert judged(one, "nop").status is Status.PROVED
    assert judged(example("and w0, w0, #255 / nop", "w0", "nop"), "nop").status is Status.REFUTED


def test_the_complaint_shows_the_input_and_never_the_target():
    one = example("mov w2, w0 / add w3, w2, #77", "w3", "add w3, w0, #77")
    told = judged(one, "add w3, w0, #78").complaint
    assert "x0 = 0x" in told and "w3: 0x" in told and "add w3, w0, #77" not in told
    told = judged(one, "add w3, w0, #99999999").complaint
    assert "does not assemble: add w3, w0, #99999999: expected" in told
