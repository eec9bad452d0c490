"""The first glance refutes what is plainly wrong, and what it says hangs on the obligation alone."""

import pytest

from peepcc.validate.emulator.differential import Emulator
from peepcc.validate.verdict import Verdict

SOURCE = "ldr x8, [sp, #8]; ldr w9, [x8, #4]; add w9, w9, w0; str w9, [x8, #4]; mov w0, w9"
TARGETS = [
    SOURCE.replace(*change)
    for change in (
        ("add w9, w9, w0", "sub w9, w9, w0"),
        ("#4]; mov", "#8]; mov"),
        ("mov w0, w9", "mov x0, x8"),
        ("[sp, #8]", "[sp, #16]"),
        ("; str w9, [x8, #4]", ""),
    )
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_plain_mistake_is_seen_on_few_states(claim, target):
    judgement = Emulator().judge(claim(SOURCE, target))
    assert judgement.verdict is Verdict.REFUTED and judgement.states <= 64


def test_what_was_judged_before_changes_nothing(claim):
    """Targets of the same source share its run: not a target's outputs, its extra registers, its exits or what is
    known.
    """
    known = {"live_out": {"": 3}}
    obligations = [claim(SOURCE, target) for target in TARGETS] + [claim(SOURCE, target, **known) for target in TARGETS]
    obligations += [
        claim(SOURCE, SOURCE + "; mov x20, x21"),
        claim(SOURCE, SOURCE.replace("add", "cbz w0, .La; add")),
        claim(SOURCE, SOURCE.replace("x8", "x10"), **known),
    ]
    used = Emulator()
    for obligation in (*obligations, *reversed(obligations)):
        assert used.judge(obligation) == Emulator().judge(obligation)


def test_extensions_and_sources_without_memory_are_left_to_the_whole_judgement(claim):
    emulator = Emulator()
    assert emulator.judge(claim("add x0, x0, x1", "ldr x0, [x1]")).verdict is Verdict.REFUTED
    assert emulator.judge(claim("sdot v0.4s, v1.16b, v2.16b", "udot v0.4s, v1.16b, v2.16b")).verdict is Verdict.REFUTED


def test_a_source_with_a_long_memory_is_not_kept(claim):
    """It would take megabytes; what is said of it is the same each time."""
    emulator = Emulator()
    before = "ldr x8, [x1]; ldr x9, [x1, #32760]; add x0, x8, x9"
    judgements = [emulator.judge(claim(before, before.replace("add", "sub"), "x0")) for _ in range(2)]
    assert judgements[0] == judgements[1] and judgements[0].verdict is Verdict.REFUTED and judgements[0].states <= 64
    assert not emulator._glance._kept
    emulator.judge(claim("ldr x0, [x1]", "ldr x0, [x1, #8]"))
    assert len(emulator._glance._kept) == 1
