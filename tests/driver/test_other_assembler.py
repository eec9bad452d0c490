"""What another assembler than clang's own makes of the text: no rewrite means another thing there than where it was
judged.
"""

from __future__ import annotations

import sys

import pytest

from ..support.forced import TARGET, output, rebuilt

BODY = r"""
#include <stdio.h>
__attribute__((noinline)) unsigned long f(unsigned a, unsigned b) { return (unsigned long)a * b; }
int main(int argc, char **argv) { printf("%lu\n", f(argc + 7, argc + 5)); }
"""
MACRO = ".macro umull a, b, c\\n mov \\\\a, #4242\\n.endm"
NAMED = ".irp n, umull\\n.macro \\\\n a, b, c\\n mov \\\\a, #4242\\n.endm\\n.endr"


def _umull(lines):
    """What is shorter and right, as far as an instruction is what its name says."""
    if "mul x0, x8, x9" not in lines:
        return None
    return [*lines[: lines.index("mul x0, x8, x9")], "umull x0, w8, w9", *lines[lines.index("mul x0, x8, x9") + 1 :]]


@pytest.mark.parametrize("place", ["file scope", "no marks", "a function", "capitals", "named by a loop"])
def test_a_macro_with_an_instructions_name(bench, place):
    macro = {
        "capitals": MACRO.replace("umull", "UMULL").replace("macro", "MACRO").replace("endm", "ENDM"),
        "named by a loop": NAMED,
    }.get(place, MACRO)
    inside = place in ("a function", "capitals")
    source = (
        f'void other(void) {{ __asm__ volatile("{macro}\\n"); }}{BODY}' if inside else f'__asm__("{macro}\\n");{BODY}'
    )
    bench.fresh({"f.c": source})
    flags = ["-O0", "-fno-integrated-as", *(["-fno-verbose-asm"] if place == "no marks" else []), "-c", "f.c"]
    done = rebuilt(bench, flags, _umull)
    assert b"rewrites applied: 0" in done.stderr and b"an instruction's name" in done.stderr, done.stderr
    assert bench.run([bench.clang, TARGET, "f.o", "-o", "f"]).code == 0 and output(bench.folder / "f") == b"48\n"


def test_clangs_own_assembler_is_not_misled(bench):
    """It takes the compiler's instructions as they are, and its text has no such lines."""
    bench.fresh({"f.c": f'__asm__("{MACRO}\\nlsl .req x9\\n.altmacro\\n");{BODY}'})
    done = rebuilt(bench, ["-O0", "-c", "f.c"], _umull)
    assert b"rewrites applied: 1 proved" in done.stderr, done.stderr
    assert bench.run([bench.clang, TARGET, "f.o", "-o", "f"]).code == 0 and output(bench.folder / "f") == b"48\n"


def test_what_touches_no_line_of_the_compiler_costs_nothing(bench):
    """As glibc and Linux write it, in one file."""
    assembly = [
        ".set SIZE, 32",
        ".equ OFF, 8",
        ".equiv THREE, 3",
        "q = 5",
        ".weak g",
        ".set g, f",
        ".set x9, 5",
        ".set umull, 3",
        ".arch_extension lse",
        ".irp n, 0, 1, 2",
        ".equ .L__gpr_num_x\\\\n, \\\\n",
        ".endr",
        ".equ .L__gpr_num_xzr, 31",
        ".ifdef NOBODY",
        " nop",
        ".endif",
        ".macro mrs_s, rt, sreg",
        ".inst 0xd5200000|(\\\\sreg)|(.L__gpr_num_\\\\rt)",
        ".endm",
        "thread_ptr .req x18",
        ".rept 2",
        "nop",
        ".endr",
    ]
    bench.fresh({"f.c": f'__asm__("{chr(92)}n{(chr(92) + "n").join(assembly)}{chr(92)}n");{BODY}'})
    done = rebuilt(bench, ["-O0", "-fno-integrated-as", "-c", "f.c"], _umull)
    assert b"rewrites applied: 1 proved" in done.stderr, done.stderr


@pytest.mark.parametrize(
    "options",
    [["-Wa,macros.s"], ["-Wa,--mri"], ["-Wa,@options"], ["-Wa,--alternate"], ["-Xassembler", "macros.s"]],
    ids=" ".join,
)
def test_what_the_assembler_reads_besides_the_text_makes_the_job_clangs(bench, options):
    files = {"f.c": BODY, "macros.s": ".macro umull a, b, c\n mov \\a, #4242\n.endm\n", "options": "macros.s\n"}
    argv = ["-O0", "-fno-integrated-as", *options, "-c", "f.c"]
    bench.fresh(files)
    plain = bench.by_clang(argv)
    bench.fresh(files)
    done = bench.run([sys.executable, "-m", "peepcc", *argv, "--peepcc-backend=mutator"], PEEPCC_CLANG=bench.clang)
    assert (done.code, done.files) == (plain.code, plain.files)
