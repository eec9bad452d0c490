"""Reading back: an object as clang assembles the rewritten text passes, and each kind of damage is found and named."""

from __future__ import annotations

import random
import subprocess
import zlib

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.optimize.edits import Hunk, spliced
from peepcc.readback.compare import Mismatch, check_object
from peepcc.readback.elf import ObjectError
from peepcc.readback.expect import expected

from . import faults

TARGET = "--target=aarch64-linux-gnu"
SOURCE = """
extern _Thread_local int outside;
static _Thread_local int inside = 3;
static const char *const words[] = { "one", "two", "three" };
int common = 4;
static int counter;
long table[3] = { 1, 2, 3 };
int callee(int);
static __attribute__((noinline)) int helper(int a) { return a * 7 + counter; }
__attribute__((weak)) int weak(int a) { return a + 1; }
int f(int a, int b) {
  int c = a > b ? a : b;
  for (int i = 0; i < a; i++) { if (c & 1) c = c * 3 + callee(i); else c /= 2; }
  return c + helper(a);
}
const char *g(int n) { counter += n; return n < 0 ? "negative" : words[n % 3]; }
double h(double x) { return x * 1.2345678 + common + outside + inside; }
int s(int n) {
  switch (n) {
  case 0: return f(n, 1);
  case 1: return 17;
  case 2: return common;
  case 3: return 99;
  case 4: return weak(n);
  case 5: return 7;
  default: return helper(n);
  }
}
int asm_in(int a) {
  int r;
  __asm__ volatile("add %w0, %w1, #1\\n\\tnop\\n\\t.p2align 4\\n\\tnop" : "=r"(r) : "r"(a));
  for (int i = 0; i < a; i++) { __asm__ volatile("nop"); r += i * r; }
  return r > 3 ? callee(r) : r;
}
int computed(int n) {
  static const void *const to[] = { &&one, &&two, &&three };
  goto *to[n % 3];
one: return 1;
two: return common;
three: return weak(n);
}
"""
NOTE = ".note.peepcc"
NOTE_TEXT = '\t.pushsection\t.note.peepcc,"e",@note\n\t.word\t1\n\t.popsection\n'
FLAGS = (
    "-O0",
    "-O1",
    "-O2",
    "-Os",
    "-O2 -g",
    "-O2 -fPIC",
    "-O2 -ffunction-sections -fdata-sections",
    "-O1 -falign-loops=32",
    "-O2 -fno-asynchronous-unwind-tables",
    "-O2 -fprofile-instr-generate",
    "-O2 -fpatchable-function-entry=4,2",
    "-O2 -fsanitize=kcfi",
    "-O2 -mbranch-protection=standard",
    "-O0 -fPIC -ftls-model=local-dynamic",
    "-O2 -fno-unique-section-names -ffunction-sections",
)


def compiled(flags: str, source: str = SOURCE) -> tuple[str, bytes]:
    """(assembly text, bitcode)."""
    base = ["clang-19", TARGET, *flags.split(), "-x", "c", "-o", "-", "-"]
    text, bitcode = (
        subprocess.run([*base, *more], input=source.encode(), capture_output=True, check=True).stdout
        for more in (["-S"], ["-c", "-emit-llvm"])
    )
    return text.decode(), bitcode


def assembled(text: str, *how: str) -> bytes:
    argv = how or ("clang-19", TARGET, "-c", "-x", "assembler", "-o", "/dev/stdout", "-")
    return subprocess.run(argv, input=text.encode(), capture_output=True, check=True).stdout


def rewritten(flags: str, seed: int, source: str = SOURCE):
    """(text, image) with an arbitrary edit in about every second window: whether it is right is not asked."""
    chance = random.Random(seed)
    text, bitcode = compiled(flags, source)
    encoder = Encoder("clang-19", [TARGET])
    unit = analyse(text, bitcode, encoder)
    edits = []
    for window in unit.windows():
        count = len(window.source.steps)
        first = chance.randrange(count)
        last = chance.randrange(first, count + 1)
        lines = tuple(
            parse_instruction(each) for each in chance.choice([[], ["mov x9, x10"], ["neg w3, w4", "ldr x0, [sp, #8]"]])
        )
        if chance.random() < 0.5 and (lines or last > first):
            edits.append((window, (Hunk(first, last, lines),)))
    assert edits, seed
    return spliced(unit.module, edits) + NOTE_TEXT, expected(unit, edits, encoder, NOTE)


@pytest.mark.parametrize("flags", FLAGS)
def test_what_clang_assembles_passes(flags):
    for seed in range(3):
        text, image = rewritten(flags, seed)
        assert image.functions
        check_object(assembled(text), image)


@pytest.mark.parametrize("flags", ["-O0", "-O2", "-O2 -fPIC -ffunction-sections"])
def test_what_gnu_as_assembles_passes(flags, tmp_path):
    text, image = rewritten(flags + " -fno-integrated-as", 1)
    (tmp_path / "a.s").write_text(text)
    subprocess.run(["aarch64-linux-gnu-as", "-o", tmp_path / "a.o", tmp_path / "a.s"], check=True)
    check_object((tmp_path / "a.o").read_bytes(), image)


@pytest.fixture(scope="module", params=["-O0", "-O2 -ffunction-sections"])
def build(request):
    text, image = rewritten(request.param, 5)
    return request.param, assembled(text), image


def named(build, damaged: bytes) -> str:
    """What is said of the damage; the undamaged object passes."""
    _, data, image = build
    check_object(data, image)
    assert damaged != data
    with pytest.raises(Mismatch) as refusal:
        check_object(damaged, image)
    return refusal.value.reason


def section_of(flags: str, name: str) -> str:
    return f".text.{name}" if "-ffunction-sections" in flags else ".text"


@pytest.mark.parametrize("fault", ["flip_bit", "drop_instruction", "swap_instructions"])
def test_other_code_is_found_and_named(build, fault):
    _, data, image = build
    for n in range(30):
        chance = random.Random(zlib.crc32(f"{fault} {n}".encode()))
        function = chance.choice([each.name for each in image.functions if each.name != "asm_in"])
        damaged = getattr(faults, fault)(data, function, chance)
        if damaged != data:  # two equal neighbors were swapped
            assert f"{function}+0x" in named(build, damaged), (fault, n)


@pytest.mark.parametrize("symbol", ["f", "h", "weak", "common", "table", "counter", "asm_in"])
def test_a_moved_symbol_is_found(build, symbol):
    assert symbol in named(build, faults.move_symbol(build[1], symbol))


@pytest.mark.parametrize("symbol", ["f", "counter", "weak"])
def test_a_symbol_of_another_binding_is_found(build, symbol):
    assert symbol in named(build, faults.rebind_symbol(build[1], symbol))


def test_a_function_of_another_size_is_found(build):
    function = build[2].functions[0].name
    assert function in named(build, faults.shorten_symbol(build[1], function))


def test_functions_in_another_order_are_found(build):
    named(build, faults.swap_symbols(build[1], "f", "g"))


def test_swapped_sections_are_found(build):
    flags, data, _ = build
    pair = (".text.f", ".text.g") if "-ffunction-sections" in flags else (".rodata.str1.1", ".data.rel.ro")
    named(build, faults.swap_sections(data, *pair))
    named(build, faults.swap_section_names(data, *pair))


def test_a_section_with_other_flags_is_found(build):
    flags, data, _ = build
    assert "flags" in named(build, faults.make_writable(data, section_of(flags, "f")))


@pytest.mark.parametrize("part", ["offset", "type", "symbol", "addend"])
def test_another_relocation_is_found(build, part):
    flags, data, _ = build
    assert "f+0x" in named(build, faults.change_relocation(data, section_of(flags, "f"), "f", part))


def test_what_is_no_object_is_refused(build):
    _, data, image = build
    for damaged in (b"", b"\x7fELF", data[:100], data[: len(data) // 2], b"\0" * len(data)):
        with pytest.raises((ObjectError, Mismatch)):
            check_object(damaged, image)


def test_code_behind_inline_assembly_is_still_compared():
    text, image = rewritten(
        "-O1",
        3,
        """
int callee(int);
int f(int a, int b) {
  int c = a * b;
  __asm__ volatile("nop\\n\\tnop" : "+r"(c));
  c += a ^ b;
  __asm__ volatile("nop" : "+r"(c));
  return c * 3 + callee(b);
}
""",
    )
    data = assembled(text)
    check_object(data, image)
    found = faults.Damaged(data)
    start, size = found.code("f")
    nops = bytes.fromhex("1f2003d5")
    refused = 0
    for at in range(start, start + size, 4):
        if found.bytes[at : at + 4] == nops:
            continue
        damaged = bytearray(data)
        damaged[at + 1] ^= 4
        with pytest.raises(Mismatch):
            check_object(bytes(damaged), image)
        refused += 1
    assert refused >= size // 4 - 3


def test_a_macro_that_takes_an_instructions_name_is_found(tmp_path):
    text, image = rewritten("-O0 -fno-integrated-as", 2, "long f(long a, long b) { return a * b - (a ^ b); }")
    word = next(
        line.split()[0]
        for line in text.splitlines()
        if line.startswith("\t") and line.split()[0] in ("mul", "sub", "subs", "eor", "ldr")
    )
    (tmp_path / "a.s").write_text(f".macro {word} a, b, c, d\n\tmov x0, #42\n.endm\n{text}")
    subprocess.run(["aarch64-linux-gnu-as", "-o", tmp_path / "a.o", tmp_path / "a.s"], check=True)
    with pytest.raises(Mismatch, match=r"f\+0x"):
        check_object((tmp_path / "a.o").read_bytes(), image)
