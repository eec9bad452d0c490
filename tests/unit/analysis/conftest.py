"""C source to what analysis works on, and back to a program that runs: shared by tests."""

from __future__ import annotations

import functools
import random
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from peepcc.analysis.bitcode_facts import ModuleFacts, read_facts
from peepcc.analysis.encoded import steps
from peepcc.analysis.obligation import Known, Step
from peepcc.analysis.registers import NZCV, Parts, d, q, s, w, x
from peepcc.assembly.blocks import functions
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_module
from peepcc.assembly.syntax import Function, Module

from ...support.stated import stated

CLANG = "clang-19"
TARGET = "--target=aarch64-linux-gnu"


@dataclass(frozen=True)
class Compiled:
    module: Module
    functions: tuple[Function, ...]
    steps: Mapping[int, Step]
    facts: ModuleFacts


def from_ir(text: str) -> bytes:
    return _clang(text.encode(), "-x", "ir", "-c", "-emit-llvm", "-")


def bitcode(source: str, *flags: str) -> bytes:
    return _clang(source.encode(), "-x", "c", *flags, "-c", "-emit-llvm", "-")


@functools.cache
def compiled(source: str, *flags: str) -> Compiled:
    code = bitcode(source, *flags)
    text = _clang(
        code, "-x", "ir", *(f for f in flags if f.startswith("-O")), "-Xclang", "-disable-llvm-passes", "-S", "-"
    )
    return analysed(text.decode(), code)


def analysed(assembly: str, code: bytes | None) -> Compiled:
    """Without bitcode nothing is known of the functions but that they are functions."""
    module = parse_module(assembly)
    found = functions(module)
    own = [n for function in found for block in function.blocks for n in block.instructions]
    lines = [n for n in own if module.lines[n].instruction]
    made = steps([module.lines[n].instruction for n in lines], Encoder(CLANG, [TARGET]))
    facts = stated(assembly) if code is None else read_facts(code)
    return Compiled(module, found, {n: step for n, step in zip(lines, made) if step}, facts)


def _clang(data: bytes, *arguments: str) -> bytes:
    command = [CLANG, TARGET, "-w", "-I/usr/include/csmith", *arguments, "-o", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def inserted(module: Module, before: Mapping[int, Sequence[str]], after: Mapping[int, Sequence[str]]) -> str:
    """The module's text with instruction lines put before or after lines of it."""
    text = []
    for index, line in enumerate(module.lines):
        text += [f"\t{each}\n" for each in before.get(index, ())]
        text.append(line.text)
        text += [f"\t{each}\n" for each in after.get(index, ())]
    return "".join(text)


def run(assembly: str, folder: Path) -> tuple[int, bytes]:
    """Exit status (negative: the signal) and standard output of the program."""
    source, program = folder / "program.s", folder / "program"
    source.write_text(assembly)
    subprocess.run([CLANG, TARGET, str(source), "-o", str(program), "-lm"], check=True, capture_output=True)
    done = subprocess.run(
        ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", str(program)], capture_output=True, timeout=60
    )
    return done.returncode, done.stdout


def clobbers(dead: Parts, choice: random.Random) -> list[str]:
    """Instructions that change dead parts and nothing else."""
    lines = []
    for n in range(31):
        if dead & x(n) == x(n):
            lines.append(f"movz x{n}, #{choice.randrange(1, 1 << 16)}, lsl #48")
        elif dead & x(n):
            lines.append(f"eor x{n}, x{n}, #{0xFFFFFFFF if dead & w(n) else 0xFFFFFFFF00000000:#x}")
    for n in range(32):
        if dead & q(n) == q(n):
            lines.append(f"movi v{n}.16b, #{choice.randrange(256)}")
        elif dead & (q(n) ^ d(n)):
            lines.append(f"mov v{n}.d[1], x29")
            lines += [f"mov v{n}.s[1], w29"] if dead & (d(n) ^ s(n)) else []
    if dead & NZCV:
        lines.append(choice.choice(["cmn xzr, xzr", "cmp sp, #1", "cmp xzr, xzr", "msr nzcv, x29"]))
    return [each for each in lines if choice.random() < 0.6]


def claims(known: Known, choice: random.Random) -> Iterator[list[str]]:
    """Instructions for each claim that trap where it does not hold, and change nothing."""
    for claim in _zeros(known, choice):  # below sp, where AAPCS64 lets nothing live
        yield ["stp x16, x17, [sp, #-16]", *claim, "cbz x16, 9f", "brk #1", "9:", "ldp x16, x17, [sp, #-16]"]


def _zeros(known: Known, choice: random.Random) -> Iterator[list[str]]:
    """Claims as instruction lists that leave zero in x16 where they hold; x17 may be used."""
    for n, wanted in known.constants.items():
        load = [f"movz x16, #{wanted & 0xFFFF}"] + [
            f"movk x16, #{wanted >> shift & 0xFFFF}, lsl #{shift}" for shift in (16, 32, 48) if wanted >> shift & 0xFFFF
        ]
        yield [f"mov x17, x{n}", *load, "eor x16, x16, x17"]
    for n, bits in known.zero_extended.items():
        yield [f"lsr x16, x{n}, #{bits}"]
    for n, bits in known.sign_extended.items():
        yield [f"mov x17, x{n}", f"sbfx x16, x17, #0, #{bits}", "eor x16, x16, x17"]
    for group in known.equal:
        first, second = choice.sample(sorted(group), 2)
        yield [f"eor x16, x{first}, x{second}"]


def csmith(seed: int) -> str:
    command = ["csmith", "--seed", str(seed), "--max-funcs", "6", "--max-block-depth", "3"]
    with tempfile.TemporaryDirectory() as folder:  # it leaves a file where it runs
        return subprocess.run(command, capture_output=True, check=True, text=True, cwd=folder).stdout


# Prints what it computes: calls of many shapes, floating point, vectors, 128 bits, switches,
# recursion, function pointers, variadic calls, setjmp, bytes in and out of memory.
PROGRAM = r"""
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define NOINLINE __attribute__((noinline))
typedef unsigned long long u64; typedef __int128 i128;
typedef float v4 __attribute__((vector_size(16)));
struct pair { long a, b; }; struct three { double x, y, z; }; struct big { int v[9]; };
static jmp_buf back;
static u64 seed = 88172645463325252ull;
static NOINLINE u64 next(void) { seed ^= seed << 13; seed ^= seed >> 7; return seed ^= seed << 17; }
NOINLINE struct pair swap(struct pair p) { return (struct pair){p.b, p.a ^ 5}; }
NOINLINE struct three scale(struct three t, float by) { t.x *= by; t.y += by; t.z -= t.x; return t; }
NOINLINE struct big fill(int from) { struct big b; for (int i = 0; i < 9; i++) b.v[i] = from * i; return b; }
NOINLINE i128 wide(int a, i128 b, unsigned char c) { return b * a + (b >> 7) - c; }
NOINLINE long many(char a, short b, int c, long d, _Bool e, unsigned f, long g, char h, int i, short j)
{ return a + 2 * b + 3 * c + 5 * d + 7 * e + 11l * f + 13 * g + 17 * h + 19 * i + 23 * j; }
NOINLINE int sum(int n, ...) { va_list l; va_start(l, n); int s = 0; double d = 0;
  while (n--) { s += va_arg(l, int); d += va_arg(l, double); } va_end(l); return s + (int)(d * 4); }
NOINLINE v4 blend(v4 a, v4 b) { return a * b + a; }
NOINLINE long double quad(long double a, double b) { return a * b + 1.5L; }
NOINLINE int choose(int x) { switch (x & 15) { case 0: return 7; case 1: return x * 3; case 2: return x ^ 9;
  case 3: return ~x; case 4: return x << 3; case 5: return x >> 1; case 6: return -x; case 9: return 1;
    default: return x % 7; } }
NOINLINE int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
NOINLINE unsigned hash(const unsigned char *p, size_t n) { unsigned h = 2166136261u;
  while (n--) h = (h ^ *p++) * 16777619u; return h; }
static int by_value(const void *a, const void *b) { int x = *(const int *)a, y = *(const int *)b;
  return x < y ? -1 : x > y; }
NOINLINE int search(const int *a, int n, int key) { int low = 0, high = n - 1;
  while (low <= high) { int mid = (low + high) / 2; if (a[mid] == key) return mid; if (a[mid] < key) low = mid + 1;
    else high = mid - 1; } return -1; }
NOINLINE void leap(int n) { if (n == 0) longjmp(back, 3); leap(n - 1); }
NOINLINE u64 bits(u64 x) { u64 c = 0; if (!x) return 64; while (x) { if (x & 1) c++; x >>= 1; } return c; }
NOINLINE void turn(char *s) { size_t n = strlen(s); for (size_t i = 0; i < n / 2; i++) { char t = s[i];
  s[i] = s[n - 1 - i]; s[n - 1 - i] = t; } }
NOINLINE int digits(unsigned x) { int n = 1; if (x < 10) return n; if (x == 255) return 3; do { x /= 10; n++; }
  while (x >= 10); return n; }
int main(void) {
  int (*functions[])(int) = {choose, fibonacci, abs}; int values[64]; char text[] = "able was I ere";
  for (int i = 0; i < 64; i++) values[i] = (int)(next() % 1000);
  qsort(values, 64, sizeof *values, by_value);
  for (int i = 0; i < 64; i += 9) printf("%d %d\n", values[i], search(values, 64, values[i]));
  for (int i = 0; i < 20; i++) printf("%d %d %llu ", functions[i % 3](i), choose(i * 77), bits(next()));
  struct pair p = swap(swap((struct pair){1, 2})); struct three t = scale((struct three){1.5, 2.5, 3.5}, 0.25f);
    struct big b = fill(11);
  i128 w = wide(-3, (i128)next() << 40, 200); v4 v = blend((v4){1, 2, 3, 4}, (v4){.5, .25, 2, 8});
  printf("%ld %ld %g %g %g %d %llx %llx\n", p.a, p.b, t.x, t.y, t.z, b.v[8], (u64)w, (u64)(w >> 64));
  printf("%ld %d %g %Lg %u\n", many(1, -2, 3, -4, 1, 6, -7, 8, -9, 10), sum(3, 1, 1.5, 2, 2.5, 3, 3.5), v[2],
    quad(2.5L, 4), hash((void *)text, sizeof text));
  turn(text); printf("%s %d %d %d %.9g\n", text, digits(5), digits(255), digits(123456), pow(1.1, 7) + sin(0.5));
  int how = setjmp(back); if (how == 0) leap(5); printf("%d\n", how); memmove(text + 1, text, 5); puts(text); return 0;
    }
"""


@pytest.fixture(scope="session")
def tools() -> SimpleNamespace:
    """The functions above, for tests: test files cannot import one another."""
    return SimpleNamespace(
        bitcode=bitcode,
        from_ir=from_ir,
        compiled=compiled,
        analysed=analysed,
        inserted=inserted,
        run=run,
        clobbers=clobbers,
        claims=claims,
        csmith=csmith,
        program=PROGRAM,
    )
