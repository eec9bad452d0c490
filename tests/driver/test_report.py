"""The report of a build in parallel: of its schema, and in agreement with the notes in the objects."""

from __future__ import annotations

import json
import sys

import pytest

from peepcc.lab.stats_elf import read_notes
from peepcc.report.schema import check

from .easy import easy

FILES = {
    "a.c": "int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }\n" + easy("in_a"),
    "b.c": "int g(int a, int b) { int c = a * b; if (c > a) c -= b; return c + a; }\n" + easy("in_b"),
    "c.c": "int nothing;\n",
    "Makefile": "all: a.o b.o c.o\n%.o: %.c\n\t@$(CC) -O0 -c $< -o $@\n",
}


@pytest.mark.parametrize("policy", ["proved", "emulated"])
def test_report_and_notes_agree(bench, policy):
    bench.fresh(FILES)
    environment = {"PEEPCC_CLANG": bench.clang, "PEEPCC_REPORT": "report.json", "PEEPCC_POLICY": policy, "PEEPCC_QUIET": "1"}
    done = bench.run(["make", "-j3", f"CC={sys.executable} -m peepcc"], **environment)
    assert (done.code, done.stderr) == (0, b"")
    units = {unit["source"]: unit for unit in check(json.loads((bench.folder / "report.json").read_text()))["units"]}
    assert sorted(units) == ["a.c", "b.c", "c.c"] and {unit["policy"] for unit in units.values()} == {policy}
    assert read_notes(bench.folder / "c.o") == ()
    for name in ("a", "b"):
        unit, (note,) = units[f"{name}.c"], read_notes(bench.folder / f"{name}.o")
        assert (note.policy, note.before, note.after) == (policy, unit["instructions"]["before"], unit["instructions"]["after"])
        assert (note.proved, note.emulated) == (unit["applied"]["accepted-proved"], unit["applied"]["accepted-emulated"])
        assert note.before - note.after == sum(window["saved"] for window in unit["windows"] if window["applied"])
        kinds = {"proved": note.proved, "emulated": note.emulated}
        assert kinds.pop(policy) > 0 and set(kinds.values()) == {0}
