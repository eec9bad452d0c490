"""`peeplab verify` reads what the assembler takes, as the assembler means it, and names what it does not take."""

import pytest

from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import Unreadable, parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.lab import claim_text as verify_text
from peepcc.lab.claim_text import Unverifiable, read_program
from peepcc.lab.verify import FEATURES, exit_code, live_parts, newest_clang, verify
from peepcc.validate.syntax_gate import Refused, check


@pytest.fixture(scope="module")
def encoder():
    return Encoder(newest_clang(), FEATURES)


def lines(text, encoder):
    """The instructions, with their labels in front."""
    found = read_program(text, encoder)
    shown = [*(print_instruction(step.instruction) for step in found.steps), ""]
    for label, at in reversed(found.labels.items()):
        shown[at] = f"{label}: {shown[at]}".strip()
    return shown if shown[-1] else shown[:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ldr q18, [x0, #(10*(512/8))]", ["ldr q18, [x0, #640]"]),
        ("mov w0, #(1<<4)-1", ["mov w0, #15"]),
        ("mov w0, 1 << 4", ["mov w0, #16"]),
        ("add x0, x1, #~0xffe & 0xfff", ["add x0, x1, #1"]),
        ("mov w0, #0b101", ["mov w0, #5"]),
        ("mov w0, #017", ["mov w0, #15"]),
        ("mov w0, #'a'", ["mov w0, #97"]),
        ("mov w0, ';'", ["mov w0, #59"]),
        ("mov w0, #'\"'", ["mov w0, #34"]),
        ("mov w0, #'#'", ["mov w0, #35"]),
        ("fmov d0, #0x70", ["fmov d0, #1.0"]),
        ("and x0, x1, -4", ["and x0, x1, #-4"]),
        ("CSET W0, LT", ["cset w0, lt"]),
        ("B.EQ .L1", ["b.eq .L1"]),
        ("CSEL W0, W1, WZR, Ge", ["csel w0, w1, wzr, ge"]),
        ("LDR X0, [SP, #-16]!", ["ldr x0, [sp, #-16]!"]),
        ("ADD X0, X1, W2, SXTW #2", ["add x0, x1, w2, sxtw #2"]),
        ("MOV V0.16B, V1.16B", ["mov v0.16b, v1.16b"]),
        ("beq .L1", ["b.eq .L1"]),
        ("bcc .L1", ["b.lo .L1"]),
        ("b.cs .L1", ["b.cs .L1"]),
        ("BHS .L1", ["b.hs .L1"]),
        ("blt .L1", ["b.lt .L1"]),
        ("ins v0.d[0], v1.d[1]; ins v2.s[3], w4", ["mov v0.d[0], v1.d[1]", "mov v2.s[3], w4"]),
        ("nop; mov x0, x1;; mov x2, x3;", ["nop", "mov x0, x1", "mov x2, x3"]),
        ("; add x0, x0, #1", ["add x0, x0, #1"]),
        ("cbz w0, 1f; mov w0, #1; 1:", ["cbz w0, .Ltmp0", "mov w0, #1", ".Ltmp0:"]),
        ("1: cbz w0, 1f; b 1b; 1: nop", [".Ltmp0: cbz w0, .Ltmp1", "b .Ltmp0", ".Ltmp1: nop"]),
        ("12: tbnz x0, 63, 12b", [".Ltmp0: tbnz x0, #63, .Ltmp0"]),
        ("a: b: nop; b a", ["a: b: nop", "b a"]),
        ("add x0, x0, x1 // x0\n# whole line\n  # and this; nop", ["add x0, x0, x1"]),
        ("sub x0, x0, x1 /* nop; */ ; nop\n/* add\n sub */ neg x0, x0", ["sub x0, x0, x1", "nop", "neg x0, x0"]),
        (
            "K = 3; .set L, K + 1; .equ M, 5; add x0, x0, #K; add x0, x0, #L; add x0, x0, M",
            ["add x0, x0, #3", "add x0, x0, #4", "add x0, x0, #5"],
        ),
        (
            '.cfi_startproc\n.loc 1 2 3\nmov x0, x1\n.ident "a; b: // c"\n.globl f\nf: .type f, %function\nret',
            ["mov x0, x1", "f: ret"],
        ),
        ("fmov s0, 1.5; adds xzr, x1, x2; orr x0, xzr, x1", ["fmov s0, #1.5", "cmn x1, x2", "mov x0, x1"]),
        (".text\nnop", ["nop"]),
        ("", []),
        ("// nothing\n\n", []),
    ],
)
def test_it_is_read_as_the_assembler_means_it(encoder, text, expected):
    assert lines(text, encoder) == expected


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (".byte 1", 1, ".byte puts data among the instructions"),
        ("nop; .inst 0xd503201f", 1, ".inst puts data"),
        ("nop\n.INST 0", 2, ".inst puts data"),
        ("nop\n\n.xword f", 3, ".xword puts data"),
        ("a: .zero 4", 1, ".zero puts data"),
        ('.ascii "mov x0, x1"', 1, ".ascii puts data"),
        ('.incbin "/etc/passwd"', 1, ".incbin puts data"),
        ("ldr x0, =3\n.ltorg", 2, ".ltorg puts data"),
        (".p2align 2", 1, ".p2align leaves room"),
        ("/* a\nb */ .balign 8", 2, ".balign leaves room"),
        (".org 8", 1, ".org leaves room"),
        (". = . + 4", 1, "an assignment to ."),
        (".macro m\nmov x0, x1\n.endm\nm", 1, ".macro makes other instructions"),
        (".rept 2\nnop\n.endr", 1, ".rept makes"),
        (".if 1\nnop\n.endif", 1, ".if makes"),
        ('.include "x.s"', 1, ".include makes"),
        (".irp r, 1, 2\nadd x0, x0, x\\r\n.endr", 1, ".irp makes"),
        ("one .req x1\nmov x0, one", 1, ".req changes what instructions mean"),
        (".arch armv8-a+crc", 1, ".arch changes"),
        (".cpu cortex-a53", 1, ".cpu changes"),
        (".section .data", 1, ".section may change"),
        (".text 1", 1, ".text may change"),
        (".data", 1, ".data may change"),
        (".pushsection .x", 1, ".pushsection may change"),
        (".frobnicate", 1, ".frobnicate may change"),
    ],
)
def test_a_directive_that_changes_code_is_named(encoder, text, line, reason):
    with pytest.raises(Unverifiable) as error:
        read_program(text, encoder, "BEFORE")
    assert error.value.reason.startswith(f"BEFORE, line {line}: not an instruction: {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "nop\nfrobnicate x0",
            "line 2: not an instruction, as it does not assemble: frobnicate x0: unrecognized instruction mnemonic",
        ),
        ("mov x0, x1 x2", "does not assemble"),
        ("crc32b w0, w1", "does not assemble"),
        ("b 1f", "does not assemble"),
        ("add x0, x1, #4097", "does not assemble"),
        (".set .Lq, .Lx; b .Lq", ".Lq stands for another address"),
        (".Lq = .Lx\ncbz x0, .Lq", ".Lq stands for another address"),
        ("ldr x0, =0x123456789", "not an instruction that is understood"),
        ("mov x0, #(1f-0f)\n0: nop\n1:", "not an instruction that is understood"),
        ('.ident "a\nnop', "a quotation mark"),
        ("B .Ltmp0; 1: b 1b", "names that begin with .Ltmp"),
        ("a: nop\na: nop", "twice"),
    ],
)
def test_what_cannot_be_read_says_why(encoder, text, reason):
    with pytest.raises(Unverifiable) as error:
        read_program(text, encoder)
    assert reason in error.value.reason


RIGHT = [
    (".cfi_startproc\nmov w8, w0\nmov w0, w8\n", "mov w0, w0\n", "w0"),
    ("ldr q18, [x0, #(10*(512/8))]\nmov v0.16b, v18.16b", "ldr q0, [x0, #640]", "q0"),
    ("cbz w0, 1f\nmov w0, #1\n1:\n", "cmp w0, #0\ncset w0, ne\n", "w0"),
    ("CMP W0, #0\nCSET W0, LT", "LSR W0, W0, #31", "w0"),
    ("mov w8, 'a'; add w0, w0, w8", "add w0, w0, #0x60 + 1", "w0"),
    ("tst w0, #0b100; beq 2f; orr w0, w0, #8; 2:", "TBZ W0, #2, 9f; ORR W0, W0, #(1 << 3); 9:", "w0"),
    ("ins v0.d[0], v1.d[0]; ins v0.d[1], v1.d[1]", "mov v0.16b, v1.16b", "q0"),
    ("N = 4; lsl x0, x0, #N", "add x0, x0, x0; add x0, x0, x0 // twice\nlsl x0, x0, 2", "x0"),
]
WRONG = [
    (".cfi_startproc\nmov w8, w0\nmov w0, w8\n", "// nothing\n", "x0"),
    ("ldr q18, [x0, #(10*(512/8))]\nmov v0.16b, v18.16b", "ldr q0, [x0, #(9*(512/8))]", "q0"),
    ("ldr x8, [x0, #(16-8)]; mov x0, x8", "ldr x0, [x0, #16-8-8]", "x0"),
    ("cbz w0, 1f\nmov w0, #1\n1:\n", "cmp w0, #0\ncset w0, eq\n", "w0"),
    ("1: cbz w0, 1f; mov w0, #1; 1:", "cbz w0, 1f; 1: mov w0, #1", "w0"),
    ("CMP W0, #0\nCSET W0, LT", "CMP W0, #0\nCSET W0, LE", "w0"),
    ("cmp w0, w1; BLT 1f; mov w0, #0; 1:", "cmp w0, w1; BLO 1f; mov w0, #0; 1:", "w0"),
    ("mov w8, 'a'; add w0, w0, w8", "add w0, w0, 'A'", "w0"),
    ("add x0, x0, #1", "; add x0, x0, #1; add x0, x0, #1", "x0"),
    ("add x0, x0, #1", "# add x0, x0, #1", "x0"),
    ("add x0, x0, #1", "/* add x0, x0, #1 */", "x0"),
    ("ins v0.d[0], v1.d[0]; ins v0.d[1], v1.d[1]", "ins v0.d[0], v1.d[1]; ins v0.d[1], v1.d[0]", "q0"),
    ("mov x0, #010", "mov x0, #10", "x0"),
    ("N = 4; lsl x0, x0, #N", "N = 5; lsl x0, x0, #N", "x0"),
    ("N = 4; lsl x0, x0, #N; N = 5", "N = 4; N = 5; lsl x0, x0, #N", "x0"),
]


@pytest.mark.parametrize(("before", "after", "live"), RIGHT)
def test_what_is_right_is_accepted_however_it_is_written(encoder, before, after, live):
    judgement = verify(before, after, live_parts((live,)), False, encoder)
    assert exit_code(judgement) == 0 and judgement.states >= 4096, judgement


@pytest.mark.parametrize(("before", "after", "live"), WRONG)
def test_what_is_wrong_is_refused_however_it_is_written(encoder, before, after, live):
    assert exit_code(verify(before, after, live_parts((live,)), False, encoder)) != 0


def test_an_exit_by_another_name_is_another_exit(encoder):
    same = verify("cbz x0, .L1; nop", "CBZ X0, .L1", live_parts(()), False, encoder)
    other = verify("cbz x0, .L1; nop", "CBZ X0, .l1", live_parts(()), False, encoder)
    assert (exit_code(same), exit_code(other)) == (0, 1)
    for branch in (".set .L9, 4096; b .L9", "b .", "b . + 8", "1: b 1b"):
        judgement = verify(f"nop; {branch}", branch, live_parts(()), False, encoder)
        assert exit_code(judgement) == 2, judgement


@pytest.mark.parametrize("text", ["mov x0, x1; nop", "add x0, x0, #(1<<4)-1"])
def test_a_word_that_clang_does_not_make_of_the_text_is_found(encoder, monkeypatch, text):
    """An assembler may print an instruction as another."""
    printed = verify_text._printed
    monkeypatch.setattr(verify_text, "_printed", lambda *args: printed(*args).replace("x1", "x2").replace("#15", "#14"))
    with pytest.raises(Unverifiable, match="clang prints other instructions"):
        read_program(text, encoder)


def test_the_gate_for_proposals_knows_none_of_this(encoder):
    """What a model writes is read by the grammar, whatever people may write for `verify`."""
    source = [parse_instruction("cbz w0, .L1")]
    for text in (
        "mov w0, #(1<<4)-1",
        "mov w0, 'a'",
        "mov w0, #0b1",
        "nop; nop",
        ".byte 1",
        "1: nop",
        "cbz w0, 1f",
        "mov w0, w1 // x",
        "/* x */ nop",
        "K = 3",
    ):
        with pytest.raises(Refused):
            check((text,), source, frozenset({".L1"}))
    for text in ("mov w0, #(1<<4)-1", "mov w0, #0b1", "nop; nop", "mov w0, #'a'"):
        with pytest.raises(Unreadable):
            parse_instruction(text)


def test_march_says_what_may_be_asked_about():
    plain, more = (Encoder(newest_clang(), (f"-march={march}",)) for march in ("armv8-a", "armv8-a+crc"))
    with pytest.raises(Unverifiable, match="requires: crc"):
        read_program("crc32b w0, w0, w1", plain)
    assert lines("crc32b w0, w0, w1", more) == ["crc32b w0, w0, w1"]
