"""clang's remarks are clang's: a user sees each once, in clang's order and words, whether or not anything was
rewritten.

Some remarks are made where the object is: they count names that a text does not have, and sizes.
"""

from __future__ import annotations

import pytest

from peepcc.lab.stats.elf_notes import read_notes

from ..support.easy import easy

SOURCE = {
    "a.c": "int g(int);\nstatic inline int sq(int x) { return x * x; }\n"
    "int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += sq(p[i]); return s; }\n"
    "int h(int a) { if (a > 3) return g(a) + 1; return sq(a); }\n" + easy("e"),
    "b.c": "void copy(int *restrict a, int *restrict b) { for (int i = 0; i < 8; i++) a[i] = b[i] / 3; }\n",
}
PASSED, MISSED, ANALYSED, PRINTER = "-Rpass=.*", "-Rpass-missed=.*", "-Rpass-analysis=.*", "-Rpass-analysis=asm-printer"
ASKED = {
    "passed": [PASSED],
    "missed": [MISSED],
    "analysed": [ANALYSED],
    "printer": [PRINTER],
    "prologue": ["-Rpass-analysis=prologepilog"],
    "all": [PASSED, MISSED, ANALYSED],
    "hot": [ANALYSED, "-fdiagnostics-show-hotness"],
    "warned": ["-Wall", "-Wextra", PRINTER],
}


@pytest.mark.parametrize("asked", ASKED)
def test_remarks_are_those_of_clang(bench, asked):
    for level in (["-O2"], ["-O0", "-g"]):
        argv = [*level, *ASKED[asked], "-c", "a.c", "b.c"]
        bench.fresh(SOURCE)
        expected = bench.by_clang(argv)
        bench.fresh(SOURCE)
        assert bench.by_peepcc(argv) == expected and bench.driven


@pytest.mark.parametrize("asked", ["passed", "printer", "all"])
def test_remarks_about_what_is_rewritten_are_those_of_clang(bench, asked):
    argv = ["-O0", *ASKED[asked], "-c", "a.c"]
    bench.fresh(SOURCE)
    expected = bench.by_clang(argv)
    bench.fresh(SOURCE)
    found = bench.by_peepcc(argv, PEEPCC_BACKEND="embedded", PEEPCC_BUDGET="300")
    assert (found.code, found.stdout, found.stderr) == (0, expected.stdout, expected.stderr)
    assert read_notes(bench.folder / "a.o")


@pytest.mark.parametrize(
    "argv",
    [
        ["-O2", "-S", PASSED, ANALYSED],
        ["-O2", "-S", PRINTER, "-o", "-"],
        ["-O2", "-c", PRINTER, "-o", "-"],
        ["-O1", "-c", PRINTER, "-fno-integrated-as"],
        ["-O1", "-c", PRINTER, "-save-temps"],
        ["-O2", "-c", ANALYSED, "-fdiagnostics-format=msvc"],
    ],
    ids=" ".join,
)
def test_so_they_are_where_text_is_made_too(bench, argv):
    bench.fresh(SOURCE)
    expected = bench.by_clang([*argv, "a.c"])
    bench.fresh(SOURCE)
    assert bench.by_peepcc([*argv, "a.c"]) == expected


@pytest.mark.parametrize(
    "argv",
    [
        ["-fsave-optimization-record"],
        ["-fsave-optimization-record", "-foptimization-record-file=r.yaml"],
        ["-fsave-optimization-record", "-foptimization-record-passes=asm-printer"],
        ["-fsave-optimization-record", PRINTER],
    ],
    ids=" ".join,
)
def test_records_are_those_of_clang(bench, argv):
    for action in ("-c", "-S"):
        bench.fresh(SOURCE)
        expected = bench.by_clang(["-O2", action, *argv, "a.c"])
        bench.fresh(SOURCE)
        found = bench.by_peepcc(["-O2", action, *argv, "a.c"], PEEPCC_BACKEND="embedded", PEEPCC_QUIET="1")
        assert (found.code, found.stdout, found.stderr) == (0, expected.stdout, expected.stderr)
        records = {name for name in expected.files if name.endswith(".yaml")}
        assert records and {name: found.files[name] for name in records} == {
            name: expected.files[name] for name in records
        }
