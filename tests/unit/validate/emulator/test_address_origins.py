"""Where addresses come from, and which branches always go the same way: the second must never be said of one that does
not.
"""

from __future__ import annotations

import pytest

from peepcc.analysis.encoded import program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.validate.emulator.solve.address_origins import conditions, origins

ENCODER = Encoder("clang-19")


def made(*lines: str):
    items = [line[:-1] if line.endswith(":") else parse_instruction(line) for line in lines]
    return program(items, ENCODER)


@pytest.mark.parametrize(
    "lines, offset",
    [
        (["mov w8, #56952", "movk w8, #15, lsl #16", "ldrb w0, [x0, x8]"], 0xFDE78),
        (["mov x8, #-16", "ldr x0, [x0, x8]"], -16),
        (["mov w8, #-16", "ldr x0, [x0, w8, sxtw]"], -16),
        (["mov w8, #-16", "ldr x0, [x0, w8, uxtw]"], 0xFFFFFFF0),
        (["mov w8, #5", "ldr x0, [x0, x8, lsl #3]"], 40),
        (["mov x8, #65536", "movk x8, #7", "ldrb w0, [x0, x8]"], 65543),
        (["add x0, x0, #253, lsl #12", "ldrb w0, [x0, #3704]"], 0xFDE78),
    ],
)
def test_a_constant_index_is_an_offset(lines, offset):
    (origin,) = origins(made(*lines))
    assert (origin.base.root, origin.base.offset) == ((("in", 0), None), offset)


@pytest.mark.parametrize("lines", [["movk w8, #15, lsl #16", "ldrb w0, [x0, x8]"], ["mov w8, w1", "ldrb w0, [x0, x8]"]])
def test_an_index_that_is_not_known_stays_one(lines):
    (origin,) = origins(made(*lines))
    assert origin.base.root[1] == "x8"


def test_a_second_branch_on_the_same_comparison_always_goes_the_same_way():
    found = conditions(made("cmp x0, x1", "b.eq .L1", "cmp x0, x1", "b.ne .L2"))
    assert found[1] and found[3] == ()


@pytest.mark.parametrize(
    "first, second, compared",
    [("mov w8, #1", "mov w8, #2", "mov w9, #2"), ("mov x8, x2", "mov x8, x3", "mov x9, x3")],
)
def test_what_another_way_brings_is_not_taken_for_the_same(first, second, compared):
    found = conditions(
        made(first, "cbz x5, .L1", second, ".L1:", "cmp x8, x0", "b.eq .L2", compared, "cmp x9, x0", "b.eq .L3")
    )
    assert all(found.values())
