"""What the rules make of sequences, and what they leave: each trap that a dependency argument may forget."""

from types import MappingProxyType

import pytest

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known
from peepcc.analysis.registers import ALL, parts, union
from peepcc.analysis.windows import Window
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.propose.rules.book import packaged
from peepcc.propose.rules.engine import rewrite
from peepcc.validate.pipeline import judge
from peepcc.validate.verdict import Verdict

ENCODER = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
KEPT = union(map(parts, ["sp", *(f"x{n}" for n in range(18, 30)), *(f"d{n}" for n in range(8, 16))]))


NOTHING = Known()


def window(code, live, known=NOTHING, exits=(), ordered=False):
    items = tuple(line[:-1] if line.endswith(":") else parse_instruction(line) for line in code.split("; "))
    source = program(items, ENCODER)
    out = KEPT | union(map(parts, live.split())) if live != "all" else ALL
    live_out = {FALL: out, **dict.fromkeys(exits, out)}
    return Window(
        "f", items, (0,) * len(items), source, MappingProxyType(live_out), known, MappingProxyType({}), ordered,
        MappingProxyType({}),
    )  # fmt: skip


def made(*about, **facts):
    """What the rules make of it, which the validators must accept; None where they leave it."""
    whole = window(*about, **facts)
    found = rewrite(whole, packaged())
    if found is None:
        return None
    judgement = judge(whole.obligation(program(found.lines, ENCODER)))
    assert judgement.verdict is Verdict.ACCEPTED_PROVED, judgement
    return "; ".join(map(print_instruction, found.lines))


@pytest.mark.parametrize(
    "code, live, expected",
    [
        ("mul w8, w0, w1; add w0, w2, w8", "w0", "madd w0, w0, w1, w2"),
        ("mul x8, x0, x1; str x3, [x4]; sub x0, x2, x8", "x0", "str x3, [x4]; msub x0, x0, x1, x2"),
        ("mov w8, #-1; eor w0, w8, w0, lsl #5", "w0", "mvn w0, w0, lsl #5"),
        ("lsr w8, w1, #3; mov w0, w8", "w0", "lsr w0, w1, #3"),
        ("mov x9, x0; str w1, [x9]; mov w0, #0", "w0", "str w1, [x0]; mov w0, #0"),
        ("str w0, [sp, #12]; ldr w8, [sp, #12]; add w0, w8, #1", "w0", "str w0, [sp, #12]; add w0, w0, #1"),
        ("str wzr, [sp, #8]; str wzr, [sp, #12]", "w0", "stp wzr, wzr, [sp, #8]"),
        ("add x8, x9, #16; ldr w0, [x8]", "w0", "ldr w0, [x9, #16]"),
        ("sub w8, w0, w1; cmp w8, #0; csel w0, w2, w3, lt", "w0", "subs w8, w0, w1; csel w0, w2, w3, mi"),
        ("mov x8, x0; mov x0, x1; str x8, [x1, #40]", "x0", "str x0, [x1, #40]; mov x0, x1"),
        (
            "mov w9, #184; movk w9, #1, lsl #16; str w9, [x0]; mov w9, #176; movk w9, #1, lsl #16; str w9, [x1]",
            "w0",
            "mov w9, #184; movk w9, #1, lsl #16; str w9, [x0]; sub w9, w9, #8; str w9, [x1]",
        ),
        (
            "mov w2, #43691; mov w3, #1; movk w2, #43690, lsl #16",
            "w2 w3",
            "mov w3, #1; eor w2, w3, #2863311530",
        ),
        (
            "mov w8, #4864; add x2, x1, #2304; add x3, x1, x8",
            "x2 x3",
            "add x2, x1, #2304; add x3, x2, #2560",
        ),
    ],
)
def test_it_is_made_better(code, live, expected):
    assert made(code, live) == expected


@pytest.mark.parametrize(
    "code, live",
    [
        ("mul w8, w0, w1; add w0, w2, w8", "w0 w8"),  # the product is read later
        ("mul w8, w0, w1; mov w1, #3; str w1, [x4]; add w0, w2, w8", "w0 w1 w8"),
        ("mul x8, x0, x1; add w0, w2, w8", "x0"),  # a product of another width
        ("sub w8, w0, w1; cmp w8, #0; cset w0, hs", "w0 w8"),  # carry is not that of the difference
        ("sub w8, w0, w1; cmp w8, #0", "w8 nzcv"),  # who reads the flags is not known
        ("cset w8, eq; cmp w1, w2; cbnz w8, .L1", "w0 nzcv"),  # the flags are others by then
        ("ldr w8, [x0]; str w1, [x2]; ldr w9, [x0]; add w0, w8, w9", "w0"),  # the store may change it
        ("str w0, [x1]; str w2, [x3]; ldr w0, [x1]", "w0 w2"),
        ("ldr x0, [x0]; ldr x1, [x0, #8]", "x0 x1"),
        ("mov w8, w0; add x0, x8, x1", "x0 x8"),  # the copy clears the upper half
        ("lsr x8, x0, #7; add w0, w1, w8", "x0"),  # the upper half of the sum is read
        ("movk w8, #1, lsl #16; mov w0, w8; add w1, w8, w0", "w0 w1 w8"),
        ("ldrb w8, [x0]; strb w1, [x0]; strb w8, [x2]", "w0"),
        ("mov x8, x0; ldr x0, [x1]; str x8, [x0]", "x0"),  # the address is the value that was loaded
        ("mov x8, x0; ldr x0, [x1]; str x8, [x1]", "x0"),  # the load is before the store
        ("mov x8, x0; mov x0, x1; str x8, [x1, #40]", "x0 x8"),
        ("mov x8, xzr; ldr w0, [x8]", "w0"),  # no address is counted from the zero register
        ("mov x8, xzr; add x0, x8, x1; str w0, [x8]", "x0 x8"),
        ("mov w8, #7; add x9, x8, #1; sub w8, w9, #16; str x8, [x1]; str x9, [x2]", "x0"),  # -8 in 32 bits only
    ],
)
def test_it_is_left_alone(code, live):
    assert made(code, live, exits=(".L1",)) is None


def test_ordered_code_is_left_alone():
    assert made("ldr w8, [x0]; ldr w8, [x0]", "w8", ordered=True) is None
    assert made("ldr w8, [x0]; ldr w8, [x0]", "w8") == "ldr w8, [x0]"


def test_a_load_is_not_moved_before_a_branch_and_a_store_not_over_one():
    assert made("cbz x0, .L1; ldr w8, [x0]; mov w0, w8", "w0", exits=(".L1",)) == "cbz x0, .L1; ldr w0, [x0]"
    assert made("str w1, [x0]; cbz w2, .L1; str w3, [x0]", "w0", exits=(".L1",)) is None


def test_what_is_known_at_the_entry_is_used_and_nothing_beyond_it():
    known = Known(zero_extended=MappingProxyType({8: 8}), constants=MappingProxyType({9: 5}))
    assert made("and w0, w8, #0xff; mov w9, #5; add w0, w0, #1", "w0 w9", known) == "add w0, w8, #1"
    assert made("ldr w8, [x1]; and w8, w8, #0xff; str w8, [x2]", "w0", known) is None


def test_what_is_linked_later_is_left_alone():
    assert made("adrp x8, name; mov x9, x8; str x0, [x9]", "x0") is None
