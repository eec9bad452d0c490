"""Which targets and intrinsics the facts of bitcode know, and how long the texts of users may be."""

from __future__ import annotations

import time

import llvmlite.binding as llvm
import pytest

from peepcc.analysis.bitcode_facts import read_facts

TRIPLES = {
    **dict.fromkeys(
        (
            "aarch64-unknown-linux-gnu aarch64-none-linux-gnu aarch64-linux-gnu aarch64-alpine-linux-musl"
            " aarch64-redhat-linux aarch64-unknown-linux-android29 aarch64-unknown-linux-ohos aarch64-unknown-none-elf"
            " aarch64-none-unknown-elf aarch64-none aarch64-unknown-freebsd14.1 aarch64-unknown-netbsd"
            " aarch64-unknown-openbsd aarch64-unknown-fuchsia"
        ).split(),
        True,
    ),
    **dict.fromkeys(
        (
            "aarch64-none-windows-msvc aarch64-none-windows-gnu aarch64-pc-windows-elf aarch64-none-uefi"
            " aarch64-apple-linux-macho aarch64-unknown-linux-gnu_ilp32 aarch64-linux-unknown-darwin"
            " aarch64-none-cygwin aarch64-unknown-hurd-gnu aarch64_be-unknown-linux-gnu aarch64_32-unknown-linux-gnu"
            " aarch64-unknown-linux-coff"
        ).split(),
        False,
    ),
}
WITH_HEADERS = """#include <arm_acle.h>
#include <arm_neon.h>
long f(long a, int *p, void *q) { %s; return a; }"""
EXTENDED = ("-march=armv8.7-a+crc+aes+sha2+memtag+tme+ls64+rng",)
ORDERING = [
    "a = __builtin_arm_ldrex(p)",
    "a = __builtin_arm_ldaex(p)",
    "a = __builtin_arm_strex(1, p)",
    "a = __builtin_arm_stlex(1, p)",
    "__builtin_arm_clrex()",
    "__builtin_arm_dmb(11)",
    "__builtin_arm_dsb(11)",
    "__builtin_arm_isb(15)",
    "__builtin_arm_yield()",
    "__builtin_arm_wfe()",
    "__builtin_arm_sev()",
    "__builtin_arm_nop()",
    "a = __builtin_arm_tstart()",
    "__builtin_arm_tcommit()",
    "a = __rndr(q)",
    'a = __builtin_arm_rsr64("1:2:3:4:5")',
    '__builtin_arm_wsr64("1:2:3:4:5", a)',
    "a = (long)__arm_mte_create_random_tag(q, 1)",
    "__arm_mte_set_tag(q)",
    "*(data512_t *)p = __arm_ld64b(q)",
]
COMPUTING = [
    "a = __crc32w((unsigned)a, 7)",
    "a = vaddvq_s32(vld1q_s32(p))",
    "int32x2x2_t v = vld2_s32(p); a = vget_lane_s32(v.val[1], 0)",
    "vst1q_u8(q, vaesmcq_u8(vld1q_u8(q)))",
    "a = vaddvq_u32(vsha256su0q_u32(vdupq_n_u32(a), vdupq_n_u32(3)))",
    "a = __builtin_clzl(a) + __builtin_bitreverse64(a)",
    "__builtin_prefetch(p)",
    "__builtin_memcpy(q, p, 400)",
    "a = __cls(a)",
    "a = vaddlvq_s32(vqdmulhq_s32(vdupq_n_s32(a), vdupq_n_s32(77)))",
]


def assembly(text: str) -> str:
    return f'int g(int a) {{ __asm__ volatile("{text}"); return a; }}'


_G = "int g(int a) { return a * 3 + 1; }"
LONG = {
    "lines of inline assembly": lambda n: assembly(r"nop\n" * n),
    "calls in a comment": lambda n: assembly("// " + "asm call @llvm.mem( nest( alias " * (n // 8)),
    "one long word": lambda n: assembly(rf".ascii \"{'A' * 4 * n}\""),
    "strings that name aliases": lambda n: f'const char *s = "{" alias alias internal" * n}"; {_G}',
    "arguments": lambda n: (
        f"int h(); int x[9]; int g(int a) {{ return h({', '.join(['(long)&x[3] + 1'] * (n // 16))}); }}"
    ),
    "variables": lambda n: "".join(f"int v{k} = {k};" for k in range(n // 4)) + _G,
    "a name": lambda n: f'int h(int a) __asm__("{"n" * n}"); int g(int a) {{ return h(a); }}',
}


@pytest.mark.parametrize("triple, known", TRIPLES.items())
def test_the_target_is_known_by_its_system(triple, known):
    """A vendor may be called `none`, and Windows comes with many environments."""
    text = f'target triple = "{triple}"\ndefine i32 @f(i32 %a) {{ ret i32 %a }}'
    found = read_facts(llvm.parse_assembly(text).as_bitcode())
    assert (found.missing is None) is known and ("f" in found.functions) is known


@pytest.mark.parametrize("call", ORDERING)
def test_intrinsics_that_may_order_accesses_make_a_function_atomic(call, tools):
    assert read_facts(tools.bitcode(WITH_HEADERS % call, "-O1", *EXTENDED)).functions["f"].atomic


@pytest.mark.parametrize("call", COMPUTING)
def test_intrinsics_that_compute_do_not(call, tools):
    assert not read_facts(tools.bitcode(WITH_HEADERS % call, "-O1", *EXTENDED)).functions["f"].atomic


@pytest.mark.parametrize("kind", LONG)
def test_long_text_of_a_user_takes_linear_time(kind, tools):
    """Twice the length takes twice the time, and a square four times it. Hundredths of a second are not compared."""

    def seconds(n: int) -> float:
        code = tools.bitcode(LONG[kind](n), "-O1")
        begun = time.process_time()
        assert "g" in read_facts(code).functions
        return time.process_time() - begun

    once, twice = (min(seconds(n) for _ in range(3)) for n in (8000, 16000))
    assert twice < 3 * once + 0.02
