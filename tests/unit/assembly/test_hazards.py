"""Text of inline assembly that may make the compiler's lines mean something else, and text that cannot."""

from __future__ import annotations

import pytest

from peepcc.assembly.blocks import functions
from peepcc.assembly.hazards import hazard
from peepcc.assembly.parse import parse_module

CODE = """\t.text
\t.file\t"f.c"
\t.globl\tf
\t.type\tf,@function
f:
\tmov\tw8, w0
\tadd\tx8, x8, x1, lsl #2
\tcbz\tx8, .LBB0_2
\tmul\tx0, x8, x1
.LBB0_2:
\tret
.Lfunc_end0:
\t.size\tf, .Lfunc_end0-f
"""
BODY = "\n\tmov \\a, #4242\n\t.endm"
CHANGING = [
    (f".macro umull a, b, c{BODY}", "an instruction's name"),
    (f".MACRO UMULL A, B, C{BODY.upper()}", "an instruction's name"),
    (f"nop; .macro umull a, b, c{BODY}", "an instruction's name"),
    (f"x: .macro umull a, b, c{BODY}", "an instruction's name"),
    (f'.macro "umull" a, b, c{BODY}', "an instruction's name"),
    (f".macro/**/umull a, b, c{BODY}", "an instruction's name"),
    (f".macro b.eq a{BODY}", "an instruction's name"),
    (f".macro mul a, b, c{BODY}", "an instruction's name"),
    (f".irp n, umull\n.macro \\n a, b, c{BODY}\n.endr", "an instruction's name"),
    (f".macro my_def n\n.macro \\n a, b, c{BODY}\n.endm\nmy_def umull", "an instruction's name"),
    (".irp d, macro\n.\\d umull a, b, c\n mov x0, #4242\n.end\\d\n.endr", ".end"),
    (".irp n, mov\n\\n x0, x1\n.endr", "arguments"),
    (".macro my_branch c\n b\\c .LBB0_2\n.endm", "arguments"),
    ("lsl .req x9", "gives a register a name"),
    ("UXTW .REQ x9", "gives a register a name"),
    ("w9 .req w8", "gives a register a name"),
    ("ne .req x3", "gives a register a name"),
    (".LBB0_2 .req x3", "gives a register a name"),
    ("fp .req x3", "gives a register a name"),
    (".irp n, lsl\n\\n .req x9\n.endr", "arguments"),
    ("nop; lr .req x3", "gives a register a name"),
    (".altmacro", ".altmacro"),
    (".ALTMACRO", ".altmacro"),
    ('.include "macros.s"', ".include"),
    (".mri 1", ".mri"),
    (".end", ".end"),
    (".End", ".end"),
    (".arch armv8-a", "architecture"),
    (".CPU cortex-a53", "architecture"),
    (".arch_extension nosimd", "architecture"),
    (".arch_extension +nolse", "architecture"),
    (".irp e, nofp\n.arch_extension \\e\n.endr", "architecture"),
    ("/*", "open comment"),
    ('.ascii "abc', "open comment or string"),
    (".if 1", "open .if"),
    (".IF 1", "open .if"),
    (".rept 2", "open .if"),
    (".ENDM", "open .if"),
    (".irpc c, abc", "open .if"),
]
HARMLESS = [
    ".set SIZE, 32",
    ".equ eq, 1",
    ".equiv umull, 3",
    "x9 = 5",
    ".weak g\n.set g, f\n.symver f, f@V1",
    ".irp n, 0, 1\n.equ .L__gpr_num_x\\n, \\n\n.endr",
    ".macro mrs_s, rt, sreg\n.inst 0xd5200000|(\\sreg)|(.L__gpr_num_\\rt)\n.endm\n.purgem mrs_s",
    ".arch_extension lse",
    ".ifdef NOBODY\n nop\n.endif",
    ".rept 2\nnop\n.endr",
    "thread_ptr .req x18\n.unreq thread_ptr",
    "/* all of it */ nop // don't /* mind",
    '.ascii "it is \\"quoted\\" /* so */"',
    ".macro __do_it\nnop\n.endm",
    ".noaltmacro",
]


def _texts(assembly):
    """With clang's marks of file scope, and without any."""
    head, _, rest = CODE.partition("\t.globl")
    yield (
        f"{head}// Start of file scope inline assembly\n{assembly}\n// End of file scope inline assembly\n"
        f"\t.globl{rest}"
    )
    yield f"{head}{assembly}\n\t.globl{rest}"


@pytest.mark.parametrize("assembly, why", CHANGING)
def test_every_function_of_the_file_is_left_alone(assembly, why):
    for text in _texts(assembly):
        module = parse_module(text)
        assert why in (hazard(module) or ""), text
        assert all(why in function.opaque for function in functions(module))


@pytest.mark.parametrize("assembly", HARMLESS)
def test_what_no_line_of_the_compiler_can_hold_is_let_be(assembly):
    for text in _texts(assembly):
        assert hazard(parse_module(text)) is None, text


@pytest.mark.parametrize("marks", ["//NO_APP\n", "//APP\n", "//APP\n//APP\n//NO_APP\n", "//APP\n//NO_APP\n\t#NO_APP\n"])
def test_marks_that_are_not_in_pairs(marks):
    for text in (CODE + marks, marks + CODE, CODE.replace("\tmul", f"{marks}\tmul")):
        assert "pairs" in hazard(parse_module(text))


def test_an_architecture_that_a_compiler_begins_with_is_its_own():
    assert hazard(parse_module("\t.arch armv8-a\n" + CODE)) is None
