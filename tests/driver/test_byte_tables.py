"""Jump tables of bytes: clang counts every alignment between as if it were padded fully, so that fewer instructions
never make an entry too small.
"""

from __future__ import annotations

import re
import sys

import pytest

from peepcc.assembly.parse import parse_module

from ..support.forced import TARGET, output

_ENTRY = re.compile(r"\((\.LBB\d+_\d+)-(\.LBB\d+_\d+)\)>>2")
REACH = {".byte": 255 * 4, ".hword": 65535 * 4}
CPUS = ("cortex-a72", "neoverse-n1", "generic")


def _source(size):
    cases = "".join(
        (
            f" case {n}: for (int j = 0; j < k; j++) s += p[j & 7] * {n * 7 + 3};"
            f"{''.join(f' s += p[{m & 7}] ^ {n * 3 + m};' for m in range(size))} s ^= g(s + {n}); break;\n"
        )
        for n in range(16)
    )
    return (
        "#include <stdio.h>\n__attribute__((noinline)) int g(int a) { return a * 5 + 1; }\n"
        f"__attribute__((noinline)) int f(int n, int *p, int k) {{ int s = 0; switch (n) {{\n{cases} }} return s; }}\n"
        "int main(void) { int p[8] = {1, 2, 3, 4, 5, 6, 7, 8}; for (int n = -1; n < 17; n++) "
        'printf("%d\\n", f(n, p, n + 3)); return 0; }\n'
    )


def _spans(text):
    """(directive, bytes at most between an entry's label and the one that it counts from), whatever is before and
    removed.
    """
    upper, at = 0, {}
    lines = parse_module(text).lines
    for line in lines:
        at |= dict.fromkeys(line.labels, upper)
        upper += 4 if line.instruction else 0
        if line.directive and line.directive.name == ".p2align":
            upper += max(0, (1 << int(line.directive.arguments.split(",")[0])) - 4)
            at |= dict.fromkeys(line.labels, upper)
    for line in lines:
        if line.directive and line.directive.name in REACH:
            yield from (
                (line.directive.name, at[to] - at[base]) for to, base in _ENTRY.findall(line.directive.arguments)
            )


@pytest.mark.parametrize("cpu", CPUS)
def test_no_removal_can_make_an_entry_too_small(bench, cpu):
    spans = []
    for level in ("-O1", "-O2", "-Oz"):
        for size in (0, 1, 2, 3, 4, 6, 9, 14):
            bench.fresh({"f.c": _source(size)})
            done = bench.run(
                [
                    bench.clang,
                    TARGET,
                    level,
                    f"-mcpu={cpu}",
                    "-fno-vectorize",
                    "-fno-unroll-loops",
                    "-S",
                    "f.c",
                    "-o",
                    "f.s",
                ]
            )
            assert done.code == 0
            spans += _spans((bench.folder / "f.s").read_text())
    assert all(0 <= span <= REACH[name] for name, span in spans), max(spans)
    assert {name for name, _ in spans} == set(REACH) and max(span for name, span in spans if name == ".byte") > 900


def test_a_program_with_alignment_between_runs_as_clangs_does(bench):
    bench.fresh({"f.c": _source(2)})
    flags = ["-O2", "-mcpu=cortex-a72", "-fno-vectorize", "-fno-unroll-loops"]
    for command in (
        [sys.executable, "-m", "peepcc", *flags, "-c", "f.c", "-o", "f.o", "--peepcc-backend=mutator"],
        [bench.clang, TARGET, "f.o", "-o", "ours"],
        [bench.clang, TARGET, *flags, "f.c", "-o", "clangs"],
    ):
        assert bench.run(command, PEEPCC_CLANG=bench.clang).code == 0
    assert output(bench.folder / "ours") == output(bench.folder / "clangs")
