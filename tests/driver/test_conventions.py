"""Options of the code generator that change who keeps which register: such functions are left alone, and programs run
as clang's do.
"""

from __future__ import annotations

import sys

import pytest

from ..support.forced import TARGET, output

SOURCE = (
    "#include <stdio.h>\n#define NOINLINE __attribute__((noinline))\n"
    + "".join(
        f"NOINLINE long {name}(long *p, int n) {{ p[1] = p[0] * 3 + p[2]; p[3] = p[4] ^ 77; p[5] = "
        f'p[6] + p[7]; printf("%ld\\n", p[{k}]); '
        f"p[6] = p[5] * 5 - p[1]; p[7] = p[3] & 0xff; return p[{k + 1}] + n; }}\n"
        for k, name in enumerate("abcdef")
    )
    + """static NOINLINE int tail(int n, int m) { return n > 100 ? m : tail(n + 7, m * 3 + n); }
int main(void) { long v[8] = {1, 2, 3, 4, 5, 6, 7, 8}, s = tail(3, 4);
  s += a(v, 1) + b(v, 2) + c(v, 3) + d(v, 4) + e(v, 5) + f(v, 6);
  printf("%ld\\n", s); return 0; }
"""
)
ALWAYS = ["-mllvm", "-enable-machine-outliner=always"]
FLAGS = [
    ["-Oz", "-moutline"],
    ["-Os", *ALWAYS],
    ["-O1", *ALWAYS],
    ["-O2", *ALWAYS, "-fPIC"],
    ["-O2", "-mllvm", "-enable-ipra"],
]


@pytest.mark.parametrize("backend", ["embedded", "mutator"])
@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_programs_run_as_clangs_do(bench, flags, backend):
    bench.fresh({"f.c": SOURCE})
    done = bench.run(
        [
            sys.executable,
            "-m",
            "peepcc",
            *flags,
            "-c",
            "f.c",
            "-o",
            "f.o",
            f"--peepcc-backend={backend}",
            "--peepcc-explain",
        ],
        PEEPCC_CLANG=bench.clang,
        PEEPCC_BUDGET="20",
    )
    assert done.code == 0, done.stderr
    symbols = bench.run(["aarch64-linux-gnu-nm", "f.o"]).stdout
    if "-moutline" in flags or ALWAYS[1] in flags:
        assert (
            b"OUTLINED_FUNCTION_0" in symbols
            and b"left alone: OUTLINED_FUNCTION_0: is not defined by the bitcode" in done.stderr
        )
        assert b"use of a function with its own register rules: OUTLINED_FUNCTION_" in done.stderr
    else:
        assert b"rewrites applied" not in done.stderr  # the whole job is clang's
    for command in (["f.o", "-o", "ours"], [*flags, "f.c", "-o", "clangs"]):
        assert bench.run([bench.clang, TARGET, *command]).code == 0
    assert output(bench.folder / "ours") == output(bench.folder / "clangs")
