"""What each teacher makes of a window it is for, what it must leave alone, and that the emulator agrees."""

from types import MappingProxyType

import pytest

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known, Obligation
from peepcc.analysis.registers import NONE, parts, union
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.lab.teachers import taught
from peepcc.lab.teachers.rules.engine import RULES
from peepcc.lab.teachers.task import lesson
from peepcc.lab.verify import newest_clang
from peepcc.propose.protocol import Request
from peepcc.validate.emulator.differential import emulate

# teacher, source, live at the fall-through, what the teacher alone makes of it, known facts, live at label L
GOLDEN = [
    ("jump_to_next", "add x0, x1, #1; b N", "x0", "add x0, x1, #1", (), ""),
    ("branch_around_jump", "b.eq N; b L", "", "b.ne L", (), ""),
    ("branch_around_jump", "tbz w0, #3, N; b L", "", "tbnz w0, #3, L", (), ""),
    ("condition_absorbed", "cmp w0, w1; cset w8, ge; tbnz w8, #0, L", "", "cmp w0, w1; cset w8, ge; b.ge L", (), ""),
    ("condition_absorbed", "cmp w0, w1; cset w8, ge; tbz w8, #0, L", "", "cmp w0, w1; cset w8, ge; b.lt L", (), ""),
    ("forwarded", "str x0, [sp, #8]; ldr x1, [sp, #8]", "x1", "str x0, [sp, #8]; mov x1, x0", (), ""),
    ("forwarded", "str w0, [sp, #8]; ldrsw x1, [sp, #8]", "x1", "str w0, [sp, #8]; sxtw x1, w0", (), ""),
    ("copy_propagated", "mov x1, x0; add x2, x1, #4", "x1 x2", "mov x1, x0; add x2, x0, #4", (), ""),
    ("zero_stored", "mov w8, #0; str w8, [sp, #4]", "w8", "mov w8, #0; str wzr, [sp, #4]", (), ""),
    ("constant_folded", "mov w8, #7; add w0, w1, w8", "w0 w8", "mov w8, #7; add w0, w1, #7", (), ""),
    ("offset_folded", "add x8, x9, #16; ldr w0, [x8, #4]", "x8 w0", "add x8, x9, #16; ldr w0, [x9, #20]", (), ""),
    ("known_value", "mov w0, #5; add w1, w0, w0", "x0 w1", "add w1, w0, w0", (("const", "x0", 5),), ""),
    ("known_value", "mov x0, x1; add x2, x0, x1", "x0 x1 x2", "add x2, x0, x1", (("equal", "x0", "x1"),), ""),
    (
        "extension_dropped",
        "ldrb w8, [sp, #4]; and w8, w8, #255; add w0, w8, #1",
        "w0",
        "ldrb w8, [sp, #4]; add w0, w8, #1",
        (),
        "",
    ),
    ("compare_absorbed", "cmp x0, #0; b.eq L", "", "cbz x0, L", (), ""),
    ("compare_absorbed", "subs w8, w0, #0; b.lt L", "", "tbnz w0, #31, L", (), ""),
    ("compare_absorbed", "tst w0, #8; b.ne L", "", "tbnz w0, #3, L", (), ""),
    ("multiply_folded", "mul x8, x1, x2; add x0, x3, x8", "x0", "mul x8, x1, x2; madd x0, x1, x2, x3", (), ""),
    ("multiply_folded", "mul x8, x8, x2; add x8, x8, x3", "x8", "madd x8, x8, x2, x3", (), ""),
    ("multiply_folded", "lsl x8, x1, #3; add x0, x3, x8", "x0", "lsl x8, x1, #3; add x0, x3, x1, lsl #3", (), ""),
    ("move_dropped", "mov x0, x0; add x1, x0, #1", "x0 x1", "add x1, x0, #1", (), ""),
    ("extension_unread", "mov w8, w8; add w0, w8, #1", "w0 w8", "add w0, w8, #1", (), ""),
    ("extension_folded", "sxtw x8, w1; add x0, x2, x8", "x0", "sxtw x8, w1; add x0, x2, w1, sxtw", (), ""),
    ("extension_folded", "sxtw x8, w1; cmp x2, x8; b.eq L", "", "sxtw x8, w1; cmp x2, w1, sxtw; b.eq L", (), ""),
    ("made_in_place", "lsr w8, w1, #3; add w2, w8, #1; mov w0, w8", "w0 w2", "lsr w0, w1, #3; add w2, w0, #1", (), ""),
    ("made_late", "add w9, w8, #1; str w8, [x0]; mov w8, w9", "x8", "str w8, [x0]; add w8, w8, #1", (), ""),
    (
        "compared_twice",
        "cmp x0, #4; b.eq L; mov x1, x2; cmp x0, #4; b.hi L",
        "x1",
        "cmp x0, #4; b.eq L; mov x1, x2; b.hi L",
        (),
        "",
    ),
    ("known_value", "mov w0, wzr; add w1, w2, w0", "x0 w1", "add w1, w2, w0", (("const", "x0", 0),), ""),
    ("dead_store", "str x0, [sp, #8]; str x1, [sp, #8]", "", "str x1, [sp, #8]", (), ""),
    ("dead_code", "add x8, x1, #1; mov x0, x2", "x0", "mov x0, x2", (), ""),
    ("paired", "ldr x0, [sp, #16]; ldr x1, [sp, #8]", "x0 x1", "ldp x1, x0, [sp, #8]", (), ""),
    ("paired", "str w0, [x2, #8]; str w1, [x2, #12]", "", "stp w0, w1, [x2, #8]", (), ""),
]
# teacher, source, live at the fall-through, live at label L
LEFT = [
    ("jump_to_next", "b L", "", ""),
    ("branch_around_jump", "b.eq L; b L2", "", ""),
    ("condition_absorbed", "cset w8, ge; cmp w0, w1; tbnz w8, #0, L", "", ""),
    ("condition_absorbed", "cset w8, ge; tbnz w8, #1, L", "", ""),
    ("forwarded", "str x0, [sp, #8]; str x2, [x3]; ldr x1, [sp, #8]", "x1", ""),
    ("forwarded", "str x0, [sp, #8]; mov x0, x2; ldr x1, [sp, #8]", "x0 x1", ""),
    ("forwarded", "ldr x0, [x1]; add x1, x1, #8; ldr x2, [x1]", "x0 x1 x2", ""),
    ("copy_propagated", "mov x1, x0; mov x0, x3; add x2, x1, #4", "x0 x2", ""),
    ("compare_absorbed", "cmp x0, #0; b.eq L", "nzcv", ""),
    ("compare_absorbed", "cmp x0, #0; b.eq L", "", "nzcv"),
    ("compare_absorbed", "tst w0, #12; b.ne L", "", ""),
    ("dead_store", "str x0, [sp, #8]; ldr x2, [x3]; str x1, [sp, #8]", "x2", ""),
    ("dead_store", "str x0, [sp, #8]; str w1, [sp, #8]", "", ""),
    ("dead_code", "add x8, x1, #1; cbz x0, L", "", "x8"),
    ("multiply_folded", "lsl x8, x1, #3; add x0, x3, x8", "x0 x8", ""),
    ("move_dropped", "mov w0, w0; add x1, x0, #1", "x0 x1", ""),
    ("extension_unread", "mov w8, w8; add x0, x8, #1", "x0", ""),
    ("extension_unread", "mov w8, w8; add w0, w8, #1", "w0 x8", ""),
    ("extension_unread", "mov w8, w8; cbz w0, L; mov w8, #1", "x8", "x8"),
    ("extension_unread", "mov w8, w8; movk w8, #1, lsl #16; add w0, w8, #1", "x8 w0", ""),
    ("extension_folded", "sxtw x8, w1; mov w1, w3; add x0, x2, x8", "x0 w1", ""),
    ("extension_folded", "sxtw x8, w1; add x0, x2, x8", "x0 x8", ""),
    ("made_in_place", "lsr w8, w1, #3; str w0, [x2]; mov w0, w8", "w0", ""),
    ("made_in_place", "lsr w8, w1, #3; mov w0, w8", "w0 w8", ""),
    ("made_in_place", "lsr w8, w1, #3; cbz w2, L; mov w0, w8", "w0", "w0"),
    ("made_late", "add w9, w8, #1; mov w8, w3; mov w7, w9", "w7 w8", ""),
    ("made_late", "adds w9, w8, #1; str w8, [x0]; mov w8, w9", "w8 nzcv", ""),
    ("compared_twice", "cmp x0, #4; b.eq L; mov x0, x2; cmp x0, #4; b.hi L", "x0", ""),
    ("known_value", "mov v0.d[1], xzr; mov v1.16b, v0.16b", "q0 q1", ""),
    ("paired", "ldr x0, [x0]; ldr x1, [x0, #8]", "x0 x1", ""),
    ("paired", "str w0, [x2, #4]; str w1, [x2, #12]", "", ""),
]


def request(source, live, known=(), exit_live="", ordered=False):
    lines = tuple(source.split("; "))
    exits = tuple(
        (label, tuple(exit_live.split())) for label in ("L", "L2") if any(line.endswith(f" {label}") for line in lines)
    )
    return Request(lines, tuple(live.split()), exits, ("N",), known, ordered)


def printed(lines):
    return [print_instruction(parse_instruction(line)) for line in lines]


def teacher(name):
    return next(each for each in RULES if each.__name__ == name)


@pytest.fixture(scope="module")
def encoder():
    return Encoder(newest_clang())


def obligation(asked, target, encoder):
    """The claim that `target` may stand for the window."""
    source, after = (program([parse_instruction(line) for line in lines], encoder) for lines in (asked.lines, target))
    live = {FALL: asked.live_out, **dict(asked.exits)}
    facts = {
        kind: MappingProxyType({int(a[1:]): b for k, a, b in asked.known if k == kind}) for kind in ("const", "zext")
    }
    equal = tuple(frozenset({int(a[1:]), int(b[1:])}) for k, a, b in asked.known if k == "equal")
    return Obligation(
        source,
        after,
        {key: union(map(parts, names)) if names else NONE for key, names in live.items()},
        Known(facts["const"], facts["zext"], equal=equal),
        dict.fromkeys(asked.fall, FALL),
        asked.ordered,
    )


@pytest.mark.parametrize("name, source, live, target, known, exit_live", GOLDEN)
def test_a_teacher_rewrites_what_it_is_for(name, source, live, target, known, exit_live, encoder):
    asked = request(source, live, known, exit_live)
    made = teacher(name)(lesson(asked))
    lines = printed(target.split("; "))
    assert made is not None
    assert [print_instruction(i) for i in made.code] == lines
    judgement = emulate(obligation(asked, tuple(lines), encoder), states=512)
    assert judgement.verdict.accepted, judgement


@pytest.mark.parametrize("name, source, live, exit_live", LEFT)
def test_a_teacher_leaves_what_it_is_not_for(name, source, live, exit_live):
    assert teacher(name)(lesson(request(source, live, exit_live=exit_live))) is None


@pytest.mark.parametrize("name", ["forwarded", "dead_store", "paired"])
def test_ordered_accesses_stay(name):
    source = next(each[1] for each in GOLDEN if each[0] == name)
    assert teacher(name)(lesson(request(source, "x0 x1", ordered=True))) is None


def test_each_teacher_has_an_example():
    assert {each[0] for each in GOLDEN} == {each.__name__ for each in RULES}


def test_teachers_work_together(encoder):
    asked = request("str w0, [sp, #8]; ldr w8, [sp, #8]; subs w8, w8, #0; cset w8, eq; tbnz w8, #0, N; b L", "", ())
    assert taught(asked) == ("str w0, [sp, #8]", "cbnz w0, L")
    assert emulate(obligation(asked, taught(asked), encoder), states=512).verdict.accepted


def test_what_is_not_better_is_left():
    assert taught(request("mov x1, x0; add x2, x1, #4", "x1 x2")) == ("mov x1, x0", "add x2, x1, #4")
