"""Where the compiler works around erratum 835769, no rewrite puts a 64-bit multiply-accumulate behind a memory
access.
"""

from __future__ import annotations

import itertools
import random
import struct
import subprocess
import sys

import pytest
from capstone import CS_ARCH_ARM64, CS_MODE_ARM, Cs
from elftools.elf.elffile import ELFFile

from ..support.forced import rebuilt

ANDROID = "--target=aarch64-linux-android29"
HALVES = """
unsigned long halves(unsigned long v) { return (v & 0xffffffffu) * (v >> 32); }
int sum(const int *p, int n) { int s = 0; while (n--) s += *p++ & 0xff; return s; }
"""
FLAGS = [[ANDROID], ["--target=aarch64-linux-ohos"], ["-mfix-cortex-a53-835769"]]


def _is_accumulate(word):
    return word >> 24 == 0x9B and word >> 10 & 31 != 31


def _together(path):
    """Where a memory access stands right before a 64-bit multiply-accumulate."""
    reader = Cs(CS_ARCH_ARM64, CS_MODE_ARM)
    with open(path, "rb") as file:
        for section in ELFFile(file).iter_sections():
            if section["sh_flags"] & 4:
                words = [word for (word,) in struct.iter_unpack("<I", section.data())]
                for n, (first, second) in enumerate(itertools.pairwise(words)):
                    if _is_accumulate(second):
                        (each,) = reader.disasm(struct.pack("<I", first), 0)
                        if each.mnemonic.startswith(("ld", "st", "prf")):
                            yield f"{section.name}+{4 * n}: {each.mnemonic} {each.op_str}"


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_the_platform_gets_its_rewrites_by_the_default_model(bench, flags):
    bench.fresh({"f.c": HALVES})
    done = bench.run(
        [sys.executable, "-m", "peepcc", *flags, "-O2", "-c", "f.c", "--peepcc-explain"], PEEPCC_CLANG=bench.clang
    )
    assert b"rewrites applied: 1 proved" in done.stderr, done.stderr


def test_what_is_left_alone_for_it_is_said(bench):
    bench.fresh({"f.c": "long f(long *p, long a, long b) { return *p + a * b; }"})
    done = bench.run(
        [sys.executable, "-m", "peepcc", ANDROID, "-O2", "-c", "f.c", "--peepcc-explain"], PEEPCC_CLANG=bench.clang
    )
    assert b"left alone (erratum): 2 instructions" in done.stderr, done.stderr


def test_a_proposal_that_holds_one_is_refused(bench):
    source = "long f(long *p, long a, long b) { long m = a * b; p[0] = m; return m + p[1]; }"

    def reply(lines):
        return (
            ["ldr x8, [x0, #8]", "madd x0, x1, x2, x8", *lines[-1:]]
            if any(line.startswith(("mul", "madd")) for line in lines)
            else None
        )

    bench.fresh({"f.c": source})
    done = rebuilt(bench, [ANDROID, "-O1", "-c", "f.c", "-o", "f.o"], reply)
    assert b"the region erratum" in done.stderr and b"rewrites applied: 0" in done.stderr, done.stderr


@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_no_object_holds_the_two_together(bench, level):
    """The default model and the mutator, on a random program."""
    seed = random.Random(f"erratum {level}").randrange(10_000)
    source = subprocess.run(
        ["csmith", "--seed", str(seed), "--max-funcs", "4"], capture_output=True, check=True, text=True, cwd=bench.root
    ).stdout
    more = (
        "long extra(long *p, long a, long b) { long s = 0; for (int i = 0; i < a; i++) { s += p[i] * b; "
        "p[i] = s - a * p[i + 1]; } return s; }\n"
    )
    for backend in ("embedded", "mutator"):
        bench.fresh({"f.c": source + more})
        argv = [
            "-mfix-cortex-a53-835769",
            "-w",
            "-I/usr/include/csmith",
            level,
            "-c",
            "f.c",
            "-o",
            "f.o",
            f"--peepcc-backend={backend}",
            "--peepcc-explain",
        ]
        done = bench.run([sys.executable, "-m", "peepcc", *argv], PEEPCC_CLANG=bench.clang, PEEPCC_BUDGET="20")
        assert done.code == 0, (seed, done.stderr)
        assert not list(_together(bench.folder / "f.o")), (seed, backend)
