"""Printing instructions: what is printed reads back, and assembles to the same object."""

import os
import random
import subprocess

import pytest

from peepcc.assembly.parse import parse_instruction, parse_module
from peepcc.assembly.print import print_instruction, print_operand
from peepcc.assembly.syntax import Immediate, Instruction, Memory, Register, Symbol

CLANG = (os.environ.get("PEEPCC_CLANG", "clang-19"), "--target=aarch64-linux-gnu", "-c", "-x", "assembler")


def test_canonical_form():
    load = Instruction("ldr", (Register("x0"), Memory("x1", Register("x2", "lsl", 3))))
    assert print_instruction(load) == "ldr x0, [x1, x2, lsl #3]"
    with pytest.raises(TypeError):
        print_operand("x0")


def test_every_instruction_reads_back(all_texts):
    instructions = {line.instruction for text in all_texts.values() for line in parse_module(text).lines} - {None}
    assert len(instructions) > 5_000
    for instruction in instructions:
        assert parse_instruction(print_instruction(instruction)) == instruction


def test_generated_operands_read_back():
    pick = random.Random(7)
    for _ in range(500):
        base, register = f"x{pick.randrange(31)}", Register(f"{pick.choice('xw')}{pick.randrange(31)}")
        offset = pick.choice(
            [
                None,
                Immediate(pick.randrange(-4096, 4096)),
                Register("w3", pick.choice(["sxtw", "uxtw"]), pick.choice([None, 0, 2])),
                Register("x3", "lsl", pick.randrange(4)),
                Symbol("s", pick.randrange(-99, 99), "lo12"),
            ]
        )
        immediate = isinstance(offset, Immediate)
        memory = Memory(base, offset, pick.choice(["offset", "pre", "post"]) if immediate else "offset")
        instruction = Instruction("ldr", (register, memory))
        assert parse_instruction(print_instruction(instruction)) == instruction


def assembled(text, argv, folder):
    target = folder / "out.o"
    subprocess.run((*argv, "-o", str(target), "-"), input=text.encode("utf-8", "surrogateescape"), check=True)
    return target.read_bytes()


def rewritten(text):
    return "".join(
        f"\t{print_instruction(line.instruction)}\n" if line.instruction and not line.labels else line.text
        for line in parse_module(text).lines
    )


@pytest.mark.parametrize("compiler, argv", [("clang", CLANG), ("gcc", ("aarch64-linux-gnu-as",))])
def test_canonical_text_assembles_to_the_same_object(compiler, argv, clang_texts, gcc_texts, tmp_path):
    texts = clang_texts if compiler == "clang" else gcc_texts
    chosen = [text for name, text in texts.items() if "-O2" in name]
    assert len(chosen) > 10
    for text in chosen:
        again = rewritten(text)
        assert again != text
        assert assembled(again, argv, tmp_path) == assembled(text, argv, tmp_path)
