"""Registers that the user asked to be zeroed before returns are zeroed in what peepcc builds, whoever proposes."""

import re
import subprocess
from collections import Counter

import pytest

MIXED = """unsigned long halves(unsigned long v) { return (v & 0xffffffffu) * (v >> 32); }
long mix(long a, long b, long key) { long t = a * key + b; t ^= t >> 7; return t * key; }
double scaled(double a, double b) { return a > 2 ? a * b + 1.5 : b - a; }
int g(int); int last(int a, int b) { return g(a * b + 1); }
"""
# After secret() no register but x0 may hold the key.
SECRET = """#include <stdio.h>
__attribute__((noinline, zero_call_used_regs("used-gpr")))
int secret(const int *k, int n) { int s = k[0] * 3 + k[1]; return s ^ n; }
int main(int c, char **v) {
  int key[2] = {0x1234 * c, 0x55}; long x8, x9, r;
  asm volatile("mov x0, %3\\n mov w1, #7\\n bl secret\\n mov %0, x8\\n mov %1, x9\\n mov %2, x0"
    : "=&r"(x8), "=&r"(x9), "=&r"(r) : "r"(key) : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9",
    "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x30", "memory", "cc");
  printf("x8=%lx x9=%lx r=%lx\\n", x8, x9, r); }
"""
VALUES = ("used-gpr-arg", "used-gpr", "used-arg", "used", "all-gpr-arg", "all-gpr", "all-arg", "all")
ATTRIBUTE = '__attribute__((zero_call_used_regs("{}")))'
WAYS = [("-O2", (f"-fzero-call-used-regs={value}",), MIXED) for value in VALUES] + [
    ("-O1", ("-fzero-call-used-regs=used",), MIXED),
    ("-Os", ("-fzero-call-used-regs=used-gpr",), MIXED),
    ("-O0", ("-fzero-call-used-regs=used",), MIXED),
    (
        "-O3",
        (),
        MIXED.replace("long mix", f"{ATTRIBUTE.format('used')} long mix").replace(
            "unsigned long halves", f"{ATTRIBUTE.format('all-gpr')} unsigned long halves"
        ),
    ),
    (
        "-O2",
        ("-fzero-call-used-regs=used-gpr", "-mgeneral-regs-only"),
        MIXED.replace("double scaled", "long scaled")
        .replace("double a, double b", "long a, long b")
        .replace("1.5", "15"),
    ),
    ("-O2", ("-fzero-call-used-regs=used", "-mbranch-protection=standard", "-fstack-protector-all"), MIXED),
]


def zeroed(assembly):
    return Counter(re.findall(r"\t(mov\t[wx]\d+, #0|movi\t[vd]\d+\S*, #0+)\b", assembly))


@pytest.mark.parametrize(
    "backend, way", [("embedded", n) for n in range(len(WAYS))] + [("mutator", n) for n in (3, 7, 10)]
)
def test_every_register_that_clang_zeroes_is_zeroed(bench, backend, way):
    level, flags, source = WAYS[way]
    bench.fresh({"mix.c": source})
    command = ["--target=aarch64-linux-gnu", level, *flags, "-S", "mix.c", "-o", "-"]
    expected = zeroed(bench.by_clang(command).stdout.decode())
    found = bench.by_peepcc(command, PEEPCC_BACKEND=backend, PEEPCC_BUDGET="20")
    assert found.code == 0 and found.stderr == b""
    assert expected.total() >= 2 and zeroed(found.stdout.decode()) >= expected


def test_no_register_holds_the_key_after_the_call(bench):
    bench.fresh({"secret.c": SECRET})
    said = []
    for by in (bench.by_clang, bench.by_peepcc):
        done = by(["--target=aarch64-linux-gnu", "-O2", "secret.c", "-o", "secret"], PEEPCC_BACKEND="embedded")
        assert done.code == 0, done.stderr
        said.append(
            subprocess.run(
                ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", bench.folder / "secret"],
                capture_output=True,
                text=True,
            ).stdout
        )
    assert said == ["x8=0 x9=0 r=36f6\n"] * 2
