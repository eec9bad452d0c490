"""What is rewritten and what is known of it come from one reading of the source, and the object is the one that clang
makes in one go.
"""

from __future__ import annotations

import sys

import pytest

FIRST = "int f(int a, int b) { return a * 3 + b; }\n"
THEN = "long f(long a, long b) { return a * 5 - b; }\n"
OTHER = {
    "contraction": "double f(double a, double b, double c) {\n#pragma clang fp contract(off)\n  return a * b + c; }\n",
    "exceptions": "int f(int a) { return a / 7; }\n",
}


@pytest.mark.parametrize("backend", ["mutator", "embedded"])
@pytest.mark.parametrize("header", [False, True])
def test_a_source_that_changes_between_the_halves(bench, backend, header):
    """clang's own run comes last and reads what is there then."""
    changing = "a.h" if header else "a.c"
    files = {"a.c": '#include "a.h"\n' if header else FIRST, changing: FIRST, "then": THEN}
    bench.fresh(files)
    expected = bench.run(["bash", "-c", f"cp then {changing}; {bench.clang} --target=aarch64-linux-gnu -O0 -S a.c"])
    bench.fresh(files)
    changer = bench.root / "bin" / "changer"
    changer.write_text(
        f'#!/bin/sh\n{bench.clang} "$@"; code=$?\n'
        f'case "$*" in -cc1*-emit-llvm-bc*) cp then {changing};; esac\nexit $code\n'
    )
    changer.chmod(0o755)
    # The jobs of a plan name the program that made it: a plan of the changer's is told to name the changer.
    plan = bench.root / "bin" / "clang-changes"
    plan.write_text(
        f'#!/bin/sh\ncase "$*" in *-###*) {bench.clang} "$@" 2>&1 | sed \'s,^ "[^"]*clang",\\ "{changer}",\' >&2;;'
        f' *) exec {bench.clang} "$@";; esac\n'
    )
    plan.chmod(0o755)
    done = bench.run(
        [sys.executable, "-m", "peepcc", "-O0", "-S", "a.c", "--peepcc-explain"],
        PEEPCC_CLANG=str(plan),
        PEEPCC_BACKEND=backend,
    )
    assert done.code == 0 and done.files["a.s"] == expected.files["a.s"], done.stderr
    assert b"the two halves of the compile make another text than the whole; left to clang" in done.stderr


@pytest.mark.parametrize(
    "source, options",
    [
        ("contraction", "-ffp-contract=fast"),
        ("contraction", "-ffast-math"),
        ("contraction", "-Ofast -Wno-deprecated-ofast"),
        ("exceptions", "-fseh-exceptions"),
        ("exceptions", "-fexceptions -fsjlj-exceptions"),
    ],
)
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_options_that_bitcode_does_not_hold(bench, level, source, options):
    """The code generator takes them from the language, and bitcode has none."""
    expected, found = bench.both(f'"$@" {level} {options} -c {source}.c', {f"{source}.c": OTHER[source]})
    assert found == expected and expected.code == 0


@pytest.mark.parametrize("options", ["-ffast-math", "-ffp-contract=fast"])
def test_they_cost_nothing_where_they_change_nothing(bench, options):
    files = {"a.c": "double f(double a, double b, double c) { return a * b + c; }\n"}
    expected, found = bench.both(f'"$@" -O2 {options} -c a.c', files)
    assert found == expected and expected.code == 0
    assert bench.driven
