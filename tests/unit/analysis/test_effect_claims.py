"""What effects.py says of chosen instructions, to the letter; test_effects.py compares it with an emulator."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest

from peepcc.analysis.effects import UNKNOWN, effect
from peepcc.analysis.obligation import Access, Kind
from peepcc.analysis.registers import names

DATA = Path(__file__).with_name("data")
EVERYTHING = "armv9.4-a+aes+fp16fml+flagm+sve2+sme+memtag+ls64+mops+rcpc3+the+d128+lse128"


def assemble(lines: list[str], folder: Path) -> tuple[int, ...]:
    source, target, code = (folder / f"lines.{suffix}" for suffix in ("s", "o", "bin"))
    source.write_text(f".arch {EVERYTHING}\n" + "\n".join(lines) + "\n")
    subprocess.run(["clang-19", "--target=aarch64-linux-gnu", "-c", source, "-o", target], check=True)
    subprocess.run(["llvm-objcopy-19", "-O", "binary", "-j", ".text", target, code], check=True)
    words = struct.unpack(f"<{code.stat().st_size // 4}I", code.read_bytes())
    assert len(words) == len(lines)
    return words


def word_of(line: str, folder: Path) -> int:
    return assemble([line], folder)[0]


def test_exact_effects(tmp_path):
    """The comparison with the emulator would pass if everything were read: these claims are tight."""
    rows = [line.split("\t") for line in (DATA / "exact.tsv").read_text().splitlines()[1:]]
    code = assemble([row[0] for row in rows], tmp_path)
    found = [[" ".join(names(each)) for each in (effect(word).reads, effect(word).writes)] for word in code]
    assert [[row[0], *pair] for row, pair in zip(rows, found)] == rows


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("b .+8", Kind.JUMP),
        ("b.ne .+8", Kind.CONDITIONAL),
        ("cbz w1, .+8", Kind.CONDITIONAL),
        ("tbnz x1, #40, .+8", Kind.CONDITIONAL),
        ("br x3", Kind.INDIRECT),
        ("ret", Kind.RETURN),
        ("ret x5", Kind.RETURN),
        ("bl .+8", Kind.CALL),
        ("blr x8", Kind.CALL),
        ("nop", Kind.PLAIN),
        ("adrp x0, .", Kind.PLAIN),
        ("adr x0, .", Kind.PLAIN),
    ],
)
def test_kinds(tmp_path, line, kind):
    assert effect(word_of(line, tmp_path)).kind is kind


def test_what_state_equality_does_not_see_is_pinned(tmp_path):
    lines = (DATA / "pinned.txt").read_text().splitlines()
    code = assemble(lines, tmp_path)
    assert [line for line, word in zip(lines, code) if effect(word).kind is not Kind.PINNED] == []
    assert all(effect(word).accesses == () for word in code)


@pytest.mark.parametrize(
    "word",
    [
        0x00000000,  # udf
        0xFFFFFFFF,  # nothing
        0xA9400000,  # ldp x0, x0, [x0]
        0xA9C10821,  # ldp x1, x2, [x1, #16]!
        0xF8408C21,  # ldr x1, [x1, #8]!
        0xF8008421,  # str x1, [x1], #8
    ],
)
def test_unpredictable_encodings_are_unknown(word):
    assert effect(word) == UNKNOWN


@pytest.mark.parametrize(
    ("line", "access"),
    [
        ("ldr x0, [x1, w2, sxtw #3]", Access("x1", "w2", "sxtw", 3, 0, 8, 8, False)),
        ("strb w0, [sp, x2]", Access("sp", "x2", "lsl", 0, 0, 1, 1, True)),
        ("ldrsh w0, [x1, x2, sxtx #1]", Access("x1", "x2", "sxtx", 1, 0, 2, 2, False)),
        ("ldr x0, [x1, wzr, uxtw]", Access("x1", None, "lsl", 0, 0, 8, 8, False)),
        ("ldur w0, [x1, #-5]", Access("x1", None, "lsl", 0, -5, 4, 4, False)),
        ("str q0, [x1, #-16]!", Access("x1", None, "lsl", 0, -16, 16, 16, True)),
        ("ldr x0, [x1], #8", Access("x1", None, "lsl", 0, 0, 8, 8, False)),
        ("ldp x0, x1, [sp], #32", Access("sp", None, "lsl", 0, 0, 16, 8, False)),
        ("stp q0, q1, [x3, #-32]", Access("x3", None, "lsl", 0, -32, 32, 16, True)),
        ("ldpsw x0, x1, [x3, #8]", Access("x3", None, "lsl", 0, 8, 8, 4, False)),
        ("ld4 {v0.8h, v1.8h, v2.8h, v3.8h}, [x1], x2", Access("x1", None, "lsl", 0, 0, 64, 2, False)),
        ("st3 {v0.s, v1.s, v2.s}[1], [x1]", Access("x1", None, "lsl", 0, 0, 12, 4, True)),
        ("ld2r {v0.2d, v1.2d}, [x1]", Access("x1", None, "lsl", 0, 0, 16, 8, False)),
    ],
)
def test_accesses_are_the_ones_written(tmp_path, line, access):
    assert effect(word_of(line, tmp_path)).accesses == (access,)


def test_a_hint_that_is_not_listed_uses_everything():
    """Hints get meanings as the architecture grows: 40 became chkfeat, which reads and writes x16."""
    listed = {*range(8), 8, 10, 12, 14, 16, 17, 18, 19, 20, 22, *range(24, 32), 32, 34, 36, 38, 39, 40}
    found = {number: effect(0xD503201F | number << 5) for number in range(128)}
    assert {number for number, each in found.items() if each != UNKNOWN} == listed
    assert all(each.kind is (Kind.PINNED if number else Kind.PLAIN) for number, each in found.items())
    assert [" ".join(names(each)) for each in (found[40].reads, found[40].writes)] == ["x16", "x16"]


def test_what_is_no_known_barrier_uses_everything():
    words = {op: effect(0xD503301F | op << 5 | 15 << 8) for op in range(8)}
    assert {op for op, each in words.items() if each == UNKNOWN} == {0, 3}
