"""No facts, no windows: whatever a function is left alone for, the object is clang's, and the explanation says why."""

from __future__ import annotations

import sys

import pytest

from peepcc.report.file import units

from ..support.forced import TARGET, output, rebuilt

SKIPS = """
long f(long a) {
  long r;
  asm volatile("%s\\n\\tadr x9, .+16\\n\\tmov x10, %%1\\n\\tbr x9\\n\\tadd x10, x10, #1\\n"
    "\\tadd x10, x10, #10\\n\\tadd x10, x10, #100\\n"
               "\\tmov %%0, x10\\n%s" : "=r"(r) : "r"(a)%s : "x9", "x10");
  return r;
}
"""
MAIN = '#include <stdio.h>\nextern long f(long);\nint main(int c, char **v) { printf("%ld\\n", f(c)); }\n'
NAMED = 'extern char n asm("NO_"), m asm("APP"); '
MARKS = "inline assembly of the file writes the compiler's own marks"
# (C, flags, function, what the explanation says of it)
CASES = {
    "marks": (SKIPS % ("//NO_APP", "//APP", ""), ["-O1", "-fno-integrated-as"], "f", MARKS),
    "hash marks": (SKIPS % ("#NO_APP", "#APP", ""), ["-O2", "-fno-integrated-as"], "f", MARKS),
    "a tab before": (SKIPS % ("\\t//NO_APP", " //APP ", ""), ["-O1", "-fno-integrated-as"], "f", MARKS),
    "marks from operands": (
        NAMED + SKIPS % ("//%2APP", "//%3", ', "S"(&n), "S"(&m)'),
        ["-O1", "-fno-integrated-as", "-fno-pie"],
        "f",
        MARKS,
    ),
    "one mark": (
        'asm("// End of file scope inline assembly"); long f(long a) { return (a & 255) * 3 & 255; }',
        ["-O0"],
        "f",
        MARKS,
    ),
    "two ways back": (
        "#include <setjmp.h>\njmp_buf b; long f(long a) { return setjmp(b) + a * 3; }",
        ["-O0"],
        "f",
        "calls what may return twice",
    ),
    "scalable": (
        "#include <arm_sve.h>\nvoid f(svint32_t *p, long *q) { *q = *q * 3; *p = svadd_x(svptrue_b32(), *p, *p); }",
        ["-O0", "-march=armv8-a+sve"],
        "f",
        "has values in vector registers of an unknown length",
    ),
    "mode": (
        "void h(void) __arm_streaming; void f(long *p) { p[0] = p[1] * 9; h(); }",
        ["-O1", "-march=armv9-a+sme"],
        "f",
        "touches scalable registers",
    ),
    "exceptions": (
        "#include <fenv.h>\n#pragma STDC FENV_ACCESS ON\n"
        "int f(double a, double b) { feclearexcept(FE_ALL_EXCEPT); (void)(a * b); return "
        "fetestexcept(FE_OVERFLOW) != 0; }",
        ["-O2"],
        "f",
        "lets others see which floating-point exceptions it raises",
    ),
    "by hand": (
        'asm(".type hand,@function\\nhand:\\n\\tmov x8, x0\\n\\tmov x0, x8\\n\\tret\\n.size hand, '
        '.-hand"); long f(long a) { return a; }',
        ["-O0", "-fno-verbose-asm"],
        "hand",
        "is not defined by the bitcode",
    ),
    "asm of a size": (
        'long f(long a) { asm volatile(".if 1\\n\\tnop"); a *= 3; asm volatile(".endif"); return a; }',
        ["-O0", "-fno-integrated-as"],
        "f",
        "inline assembly with an open .if",
    ),
    "numeric": (
        'long f(long a) { asm volatile("1: nop"); a *= 3; asm volatile("b 1b"); return a; }',
        ["-O0", "-fno-integrated-as"],
        "f",
        "inline assembly that names a numeric label outside itself",
    ),
    "outlined": (
        "".join(
            f"long {n}(long *p) {{ p[1] = p[0] * 3 + p[2]; p[3] = p[4] ^ 77; p[5] = p[6] + p[7]; return p[{k}]; }}"
            for k, n in enumerate("fghi")
        ),
        ["-Oz", "-moutline"],
        "h",
        "use of a function with its own register rules",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_clangs_and_says_why(bench, name):
    source, flags, function, why = CASES[name]
    argv = ["-w", *flags, "-c", "f.c", "-o", "f.o"]
    bench.fresh({"f.c": source})
    plain = bench.by_clang(argv)
    assert plain.code == 0, plain.stderr
    bench.fresh({"f.c": source})
    done = bench.run(
        [sys.executable, "-m", "peepcc", *argv, "--peepcc-explain", "--peepcc-report=r.json"], PEEPCC_CLANG=bench.clang
    )
    assert done.code == 0, done.stderr
    assert f"peepcc: left alone: {function}: {why}".encode() in done.stderr, done.stderr
    (unit,) = units(bench.folder / "r.json")
    assert unit["left_alone"][function].startswith(why)
    assert not any(window["function"] == function for window in unit["windows"])
    if sum(unit["applied"].values()) == 0:
        assert done.files["f.o"] == plain.files["f.o"]


@pytest.mark.parametrize("name", ["marks", "hash marks", "a tab before", "marks from operands"])
def test_what_is_skipped_stays_skipped(bench, name):
    """Whoever proposes what for what looks like code."""
    source, flags, *_ = CASES[name]
    more = 'char n asm("NO_"), m asm("APP");\n'
    bench.fresh({"f.c": source, "main.c": more + MAIN})
    done = rebuilt(
        bench,
        ["-w", *flags, "-c", "f.c"],
        lambda lines: ["add x10, x10, #100", *lines[3:]] if "add x10, x10, #10" in lines else None,
    )
    assert b"rewrites applied: 0" in done.stderr, done.stderr
    assert bench.run([bench.clang, TARGET, "main.c", "f.o", "-o", "main"]).code == 0
    assert output(bench.folder / "main") == b"111\n"
