"""Reading: the corpus byte for byte, the quick way against the grammar, the forms one by one."""

import pytest

from peepcc.assembly.parse import Unreadable, _parser, parse_instruction, parse_line, parse_module
from peepcc.assembly.print import print_module
from peepcc.assembly.syntax import (
    Directive,
    Immediate,
    Instruction,
    Line,
    Memory,
    Name,
    Register,
    RegisterList,
    Symbol,
    VectorRegister,
)

BEGIN = ("//APP", "#APP", "// Start of file scope inline assembly")
END = ("//NO_APP", "#NO_APP", "// End of file scope inline assembly")


def outside_regions(module):
    inside = False
    for line in module.lines:
        mark = line.text.strip()
        inside = mark in BEGIN or (inside and mark not in END)
        if not inside:
            yield line


def test_round_trip_and_nothing_unreadable(all_texts):
    instructions = 0
    for name, text in all_texts.items():
        module = parse_module(text)
        assert print_module(module) == text, name
        unreadable = [line.text for line in outside_regions(module) if not line.readable]
        assert unreadable == [], name
        instructions += sum(line.instruction is not None for line in module.lines)
    assert instructions > 50_000


def test_every_line_inside_a_region_is_unreadable(clang, gcc, read_corpus):
    for compiler in (clang, gcc):
        module = parse_module(compiler(read_corpus("asm")))
        hidden = [line for line in module.lines if not line.readable]
        assert any("subs" in line.text for line in hidden)
        assert any("three" in line.text for line in hidden)
        assert any(".pushsection" in line.text for line in hidden)
        assert all(line.instruction is None and line.labels == () for line in hidden)


def test_the_quick_way_reads_as_the_grammar_does(all_texts):
    distinct = {line for text in all_texts.values() for line in text.splitlines(keepends=True)}
    sample = sorted(distinct)[::7]
    for text in sample:
        line = parse_line(text)
        if line.readable:
            labels, directive, instruction = _parser().parse(text, start="line")
            assert Line(text, labels, directive, instruction) == line


X0, X1 = Register("x0"), Register("x1")
FORMS = {
    "ldr x0, [x1, x2, lsl #3]": Instruction("ldr", (X0, Memory("x1", Register("x2", "lsl", 3)))),
    "ldr x0, [x1, w2, sxtw]": Instruction("ldr", (X0, Memory("x1", Register("w2", "sxtw")))),
    "ldr x0, [x1, w2, uxtw 3]": Instruction("ldr", (X0, Memory("x1", Register("w2", "uxtw", 3)))),
    "ldr x0, [sp, -16]!": Instruction("ldr", (X0, Memory("sp", Immediate(-16), "pre"))),
    "ldr x0, [x1], #0x10": Instruction("ldr", (X0, Memory("x1", Immediate(16), "post"))),
    "LDR X0, [X1]": Instruction("ldr", (X0, Memory("x1"))),
    "stp x0,x1,[sp,#16]": Instruction("stp", (X0, X1, Memory("sp", Immediate(16)))),
    "ldr x0, [x1, :got_lo12:a.b$c]": Instruction("ldr", (X0, Memory("x1", Symbol("a.b$c", 0, "got_lo12")))),
    "add x0, x1, #:lo12:a+8": Instruction("add", (X0, X1, Symbol("a", 8, "lo12"))),
    "add x0, x1, :tprel_hi12:a, lsl #12": Instruction("add", (X0, X1, Symbol("a", 0, "tprel_hi12", "lsl", 12))),
    "add x0, x1, #1, lsl #12": Instruction("add", (X0, X1, Immediate(1, "lsl", 12))),
    "mov w0, 7": Instruction("mov", (Register("w0"), Immediate(7))),
    "add x0, x1, w2, uxtb": Instruction("add", (X0, X1, Register("w2", "uxtb"))),
    "movi v0.4s, #1, msl #8": Instruction("movi", (VectorRegister("v0", "4s"), Immediate(1, "msl", 8))),
    "fmov s0, 1.0e+0": Instruction("fmov", (Register("s0"), Immediate(1.0))),
    "fmov d0, #-2": Instruction("fmov", (Register("d0"), Immediate(-2.0))),
    "mul v0.4s, v1.4s, v2.s[3]": Instruction(
        "mul", (VectorRegister("v0", "4s"), VectorRegister("v1", "4s"), VectorRegister("v2", "s", 3))
    ),
    "st1 { v31.16b - v1.16b }, [x0], x1": Instruction(
        "st1",
        (
            RegisterList(tuple(VectorRegister(name, "16b") for name in ("v31", "v0", "v1"))),
            Memory("x0", X1, "post"),
        ),
    ),
    "ld2 {v0.s, v1.s}[1], [x0]": Instruction(
        "ld2", (RegisterList((VectorRegister("v0", "s"), VectorRegister("v1", "s")), 1), Memory("x0"))
    ),
    "csel x0, x1, xzr, eq": Instruction("csel", (X0, X1, Register("xzr"), Name("eq"))),
    "b.eq .LBB0_1": Instruction("b.eq", (Symbol(".LBB0_1"),)),
    "b x1_handler": Instruction("b", (Symbol("x1_handler"),)),
    "bl eq": Instruction("bl", (Symbol("eq"),)),
    "adrp x0, asr": Instruction("adrp", (X0, Symbol("asr"))),
    'bl "odd name"': Instruction("bl", (Symbol('"odd name"'),)),
    "adr x0, .L1-.L2": Instruction("adr", (X0, Symbol(".L1-.L2"))),
    "ldr x0, =0x10": Instruction("ldr", (X0, Symbol("16", 0, "="))),
    "mrs x0, TPIDR_EL0": Instruction("mrs", (X0, Name("TPIDR_EL0"))),
    "dmb ish": Instruction("dmb", (Name("ish"),)),
    "prfm pldl1keep, [x0, #8]": Instruction("prfm", (Name("pldl1keep"), Memory("x0", Immediate(8)))),
    "ret": Instruction("ret"),
}


@pytest.mark.parametrize("text", FORMS)
def test_form(text):
    assert parse_instruction(text) == FORMS[text]
    assert parse_line(f"\t{text}\t// why\n").instruction == FORMS[text]


@pytest.mark.parametrize(
    "text",
    [
        "", "foo: ret", "foo:", ".word 1", "ret // comment", "ret /* comment */", "ret; ret", "ret\nret", "ret\rret",
        "# comment", "add z0.s, z0.s, z1.s", "ld1w { z0.s }, p0/z, [x0]", "ldr z0, [x0]", "ldr x0, [x1, z2.d]",
        "fmov d0, #0x70", "mov x0, #010", "mov x0, #(1 << 3)", "ldr x0, [x1, foo]", "add x0, x1, lsl", "a = 5",
        "ldr x0, [x1], #8, #8", "ldr x0, [x1, #8], #8", "b 1f", "st1 { v0.8b - v7.8b }, [x0]", "add x0,, x1",
        "mov x0 x1", "mov x0, #1 #2", "ldr x0, [x1, #8, lsl #2]",
    ],
)  # fmt: skip
def test_refused(text):
    with pytest.raises(Unreadable):
        parse_instruction(text)


def test_lines_that_are_not_instructions():
    assert parse_line("") == Line("")
    assert parse_line(" // only a comment; ret\n") == Line(" // only a comment; ret\n")
    assert parse_line('# 1 "a.c"\n').readable
    assert parse_line(".L3:\n").labels == (".L3",)
    assert parse_line("a: b: ret\n") == Line("a: b: ret\n", ("a", "b"), None, Instruction("ret"))
    text = '\t.asciz\t"a // b; \\" c"  // really\n'
    assert parse_line(text).directive == Directive(".asciz", '"a // b; \\" c"')
    assert parse_line(".Lx = .Ly + 4\n").directive == Directive("=", ".Lx, .Ly + 4")


def test_what_is_not_known_keeps_its_text_and_its_label():
    assert parse_line("x: wibble %%\n") == Line("x: wibble %%\n", ("x",), readable=False)
    assert not parse_line("\t.word 1; .word 2\n").readable


def test_text_survives_odd_line_ends():
    text = "\tret\r\n\x0c\n\u2028\n\tnop"
    assert print_module(parse_module(text)) == text
