"""The syntax gate."""

import pytest

from peepcc.assembly.parse import parse_instruction
from peepcc.validate.syntax_gate import Refused, check

SOURCE = tuple(
    map(
        parse_instruction, ("adrp x0, table", "add x0, x0, :lo12:table", "ldr w1, [x0, w2, uxtw #2]", "cbz w1, .LBB0_2")
    )
)
LABELS = (".LBB0_3",)


def test_instructions_pass():
    lines = [
        "  ldr w1, [x0, #4]",
        "",
        "add x0, x0, :lo12:table //",
        "b.eq .LBB0_3",
        "cbnz w1, .LBB0_2",
        "fadd v0.4s, v1.4s, v2.4s",
        "\tldp x8, x9, [sp], #16",
    ]
    assert [each.mnemonic for each in check(lines, SOURCE, LABELS)] == ["ldr", "add", "b.eq", "cbnz", "fadd", "ldp"]


def test_nothing_is_a_proposal_too():
    assert check([], SOURCE, LABELS) == ()


@pytest.mark.parametrize(
    "line",
    [
        ".byte 1",
        ".L9:",
        "foo:",
        "foo: add x0, x0, x1",
        "mov x0, x1; mov x2, x3",
        "mov x0, x1 // why",
        "mov x0, /* one */ x1",
        "# mov",
        "svc #0",
        "SVC #0",
        "brk #1",
        "hlt #0",
        "udf #0",
        "hint #34",
        "yield",
        "wfi",
        "bti c",
        "mrs x0, nzcv",
        "msr nzcv, x0",
        "dmb ish",
        "isb",
        "dc zva, x0",
        "sys #3, c7, c4, #1, x0",
        "ldxr x0, [x1]",
        "stlxr w0, x1, [x2]",
        "ldar x0, [x1]",
        "stlr x0, [x1]",
        "ldapr x0, [x1]",
        "cas x0, x1, [x2]",
        "ldaddal x0, x1, [x2]",
        "swpa x0, x1, [x2]",
        "ldclrh w0, w1, [x2]",
        "stadd x0, [x1]",
        "prfm pldl1keep, [x0]",
        "paciasp",
        "autiasp",
        "retaa",
        "braa x0, x1",
        "blraa x0, x1",
        "bl f",
        "blr x0",
        "ldtr x0, [x1]",
        "stg x0, [x1]",
        "b other",
        "cbz w1, other",
        "adrp x0, other",
        "ldr x0, =other",
        "ldr x0, other",
        "adr x0, .LBB0_3",
        "add x0, x0, :lo12:table+8",
        "b .LBB0_3+4",
        "mov x0, x1\x00",
        "mov x0, x\u0661",
        "mov x0, x1\x1b[0m",
        "mov x0,\u00a0x1",
        "mov x0, x1\nsvc #0",
        "add x0, x0, x" + "1" * 200,
        "I think that",
        "```",
        "```asm",
        "!",
        "mov x0,",
        "mov x0, x99 x1",
    ],
)
def test_anything_else_is_refused(line):
    with pytest.raises(Refused):
        check([line], SOURCE, LABELS)


@pytest.mark.parametrize(
    "line, usual",
    [
        ("ldnp x0, x1, [x2]", "ldp x0, x1, [x2]"),
        ("stnp x0, x1, [x2]", "stp x0, x1, [x2]"),
        ("ldnp w0, w1, [x2, #8]", "ldp w0, w1, [x2, #8]"),
        ("stnp q0, q1, [sp]", "stp q0, q1, [sp]"),
        ("LDNP x0, x1, [x2]", "ldp x0, x1, [x2]"),
    ],
)
def test_what_only_orders_less_is_refused_unless_the_source_has_it(line, usual):
    """The other direction is fine: an order more, and a hint about caches fewer."""
    plain, weaker = parse_instruction(usual), parse_instruction(line)
    with pytest.raises(Refused, match="orders less"):
        check([line], [plain], ())
    assert check([line], [weaker], ()) and check([usual], [weaker], ())


@pytest.mark.parametrize(
    "line", ["ldiapp x0, x1, [x2]", "stilp x0, x1, [x2, #-16]!", "ldap1 { v0.d }[0], [x1]", "stl1 { v0.d }[0], [x1]"]
)
def test_what_orders_in_new_ways_is_refused(line):
    with pytest.raises(Refused):
        check([line], SOURCE, LABELS)


@pytest.mark.parametrize(
    "line, of_the_same",
    [
        ("crc32b w0, w1, w2", "crc32cx w0, w1, x2"),
        ("aese v0.16b, v1.16b", "aesmc v0.16b, v1.16b"),
        ("pmull v0.1q, v1.1d, v2.1d", "pmull2 v0.1q, v1.2d, v2.2d"),
        ("sha1h s0, s1", "sha1su1 v0.4s, v1.4s"),
        ("sha256h q0, q1, v2.4s", "sha256su0 v0.4s, v1.4s"),
        ("sqrdmlah v0.4s, v1.4s, v2.4s", "sqrdmlsh v0.4s, v1.4s, v2.4s"),
        ("fjcvtzs w0, d0", "fjcvtzs w1, d2"),
        ("setf8 w0", "setf16 w0"),
    ],
)
def test_an_extension_is_for_sources_that_use_it(line, of_the_same):
    """The file may be built for it, and a function of it for processors that lack it."""
    plain = parse_instruction("add x0, x0, x1")
    with pytest.raises(Refused, match="extension"):
        check([line], [plain], ())
    assert check([line], [plain, parse_instruction(of_the_same)], ())


def test_length_is_limited():
    with pytest.raises(Refused, match="more than"):
        check(["nop"] * 300, SOURCE, LABELS)
