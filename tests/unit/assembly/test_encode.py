"""Words: against the assembler's own listing of the whole file, and the lines that have none."""

import os
import re
import subprocess

import pytest

from peepcc.assembly.encode import Encoder, Encoding
from peepcc.assembly.parse import parse_instruction, parse_module
from peepcc.assembly.print import print_instruction

CLANG = os.environ.get("PEEPCC_CLANG", "clang-19")


@pytest.fixture(scope="module")
def encoder():
    return Encoder(CLANG)


@pytest.mark.parametrize(
    "line",
    [
        "ldr x0, =0x123456789", "ldr x0, =5", '.incbin "/etc/passwd"', "ret; ret", "foo: ret", "ret // why", "nop\nnop",
        "wibble x0", "add x0, x0, #99999", "adr x0, .L1-.L2", "tbz w0, #40, .L1", "mov x0, x99", "", ".word 1",
        "peepcc_at_0 x0", "sdot v0.4s, v1.16b, v2.16b", "b x1",
    ],
)  # fmt: skip
def test_no_word(line, encoder):
    assert encoder.encode(["nop", line, "ret"]) == (Encoding(0xD503201F), None, Encoding(0xD65F03C0))


@pytest.mark.parametrize("line, said", [
    ("add x0, x0, #99999", "expected compatible register, symbol or integer in range [0, 4095]"),
    ("wibble x0", "unrecognized instruction mnemonic"), ("sdot v0.4s, v1.16b, v2.16b", "instruction requires: dotprod"),
    ("ldr x0, =5", ""), ("add x0, x0, #1", ""),
])  # fmt: skip
def test_clang_says_why(line, said, encoder):
    wrong, other = parse_instruction(line), parse_instruction("mul x0, x1")
    encoder.encode_instructions([parse_instruction("nop"), other, wrong])
    assert encoder.complaint(wrong) == said and "too few operands" in encoder.complaint(other)


@pytest.mark.parametrize(
    "line, word, relocation",
    [
        ("adrp x0, foo", 0x90000000, 275),
        ("adrp x0, .LJTI0_0", 0x90000000, 275),
        ("add x0, x0, :lo12:foo+8", 0x91000000, 277),
        ("ldr q0, [x8, :lo12:.LCPI0_0]", 0x3DC00100, 299),
        ("ldr x0, foo", 0x58000000, 273),
        ("b .LBB0_1", 0x14000000, 0),
        ("bl memcpy", 0x94000000, 0),
        ("b.eq foo+4", 0x54000000, 0),
        ("beq .L3", 0x54000000, 0),
        ("cbz x3, .L3", 0xB4000003, 0),
        ("tbz w0, #3, .LBB0_3", 0x36180000, 0),
        ("ldr x0, [x1, #1]", 0xF8401020, 0),
        ("fmov d0, #1", 0x1E6E1000, 0),
    ],
)
def test_word(line, word, relocation, encoder):
    assert encoder.encode([line]) == (Encoding(word, relocation),)


def test_features_come_from_the_flags():
    line = "sdot v0.4s, v1.16b, v2.16b"
    assert Encoder(CLANG, ("-mcpu=cortex-a55",)).encode([line])[0].word == 0x4E829420
    flags = ("-Xclang", "-target-feature", "-Xclang", "+dotprod", "-Wa,-march=armv8.2-a+dotprod")
    assert Encoder(CLANG, flags).encode([line])[0].word == 0x4E829420


def test_bad_lines_do_not_spoil_a_batch(encoder):
    bad = ["wibble x0", "add x0, x0, #99999", "tbz w0, #40, .L1"]
    lines = [line for n in range(300) for line in (f"add x0, x1, #{n}", bad[n % 3])]
    words = encoder.encode(lines)
    assert [word.word >> 10 & 0xFFF for word in words[::2]] == list(range(300))
    assert set(words[1::2]) == {None}


def test_words_of_the_corpus_are_those_of_the_object(encoder, clang_texts, tmp_path):
    text = clang_texts["csmith 22 -O2"]
    target = tmp_path / "whole.o"
    subprocess.run(
        (CLANG, "--target=aarch64-linux-gnu", "-c", "-x", "assembler", "-o", str(target), "-"),
        input=text.encode(), check=True,
    )  # fmt: skip
    listing = subprocess.run(("llvm-objdump-19", "-d", str(target)), capture_output=True, check=True, text=True).stdout
    expected = [int(word, 16) for word in re.findall(r"^ *[0-9a-f]+: ([0-9a-f]{8}) ", listing, re.M)]
    instructions = [line.instruction for line in parse_module(text).lines if line.instruction]
    words = encoder.encode([print_instruction(each) for each in instructions])
    assert len(words) == len(expected) > 300
    branches = re.compile(r"b|bl|b\.[a-z]+|cbn?z|tbn?z")
    for instruction, ours, whole in zip(instructions, words, expected, strict=True):
        if not branches.fullmatch(instruction.mnemonic):
            assert ours.word == whole, instruction
