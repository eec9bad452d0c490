"""What is explained: every proposal, at its place in the C source, and without a trace in what the compiler makes."""

from __future__ import annotations

import json
import re

import pytest

from peepcc.lab.stats.elf_notes import read_notes
from peepcc.report.file import units

from ..support.easy import easy

PLACE = "long place(long pitch, int col, int row) { return (long)(row >> 2) * pitch + (col >> 2); }\n"
PAIR = "unsigned long pair(unsigned low, unsigned high) { return (unsigned long)high << 32 | low; }\n"
LINES = {
    "inc/q.h": "static inline int q(int x, int y)\n{\n  int r = x * y;\n  return r - x;\n}\n",
    "a.c": '#include "q.h"\n\nint f(int a, int b)\n{\n  int c = a + b;\n  c -= q(a, b);\n  return c;\n}\n\n'
    "int g(int a, int b)\n{\n"
    "  int x = a; int y = b;\n  return x * y + x;\n}\n",
}
AT = re.compile(r"^([\w./]+):(\d+)(?::(\d+))?: (\w+): (?:rewrite \d+ )?(?:\(not applied\) )?[a-z-]+$", re.M)


def places(text):
    """(file, line, column, function) of each window of an explanation."""
    return [(file, int(line), int(column or 0), function) for file, line, column, function in AT.findall(text)]


@pytest.mark.parametrize("flags", [[], ["-g"], ["-g1"], ["-gdwarf-4"], ["-gdwarf-2"]], ids=" ".join)
def test_windows_are_told_by_file_line_and_column(bench, flags):
    argv = ["-O0", "-Iinc", *flags, "-c", "a.c", "--peepcc-explain", "--peepcc-report=r.json"]
    bench.fresh(LINES)
    text = bench.by_peepcc(argv, PEEPCC_BACKEND="embedded").stderr.decode()
    found = places(text)
    assert found and not re.search(r"line \d", text)
    within = {"f": ("a.c", range(3, 9)), "g": ("a.c", range(10, 15)), "q": ("inc/q.h", range(1, 6))}
    for file, line, _, function in found:
        assert file == within[function][0] and line in within[function][1]
    assert sum(column == 0 for *_, column, _ in found) < len(found) / 2, "only what a function begins with has none"
    assert {function for *_, function in found} == {"f", "g", "q"}
    (unit,) = units(bench.folder / "r.json")
    told = [(*window["position"].values(), window["function"]) for window in unit["windows"] if window["position"]]
    assert told == found


@pytest.mark.parametrize(
    "argv",
    [
        ["-O0", "-c"],
        ["-O2", "-c"],
        ["-O2", "-c", "-MD"],
        ["-O0", "-g", "-c"],
        ["-O1", "-c", "-MMD", "-MF", "d", "-fstack-usage"],
        ["-O2", "-c", "-ffunction-sections"],
        ["-O0", "-S"],
        ["-O2", "-c", "--serialize-diagnostics", "x.dia"],
    ],
    ids=" ".join,
)
def test_an_explanation_leaves_no_trace(bench, argv):
    found = []
    for more in ([], ["--peepcc-explain"]):
        bench.fresh(LINES)
        found.append(bench.by_peepcc([*argv, "-Iinc", "a.c", *more], PEEPCC_BACKEND="embedded").files)
    assert found[0] == found[1] and len(found[0]) > 3


def test_standard_input_and_line_directives_have_places_too(bench):
    bench.fresh({})
    source = b'#line 100 "grammar.y"\n' + easy("e").encode()
    text = bench.by_peepcc(
        ["-O0", "-xc", "-c", "-", "-o", "e.o", "--peepcc-explain"], source, PEEPCC_BACKEND="embedded"
    ).stderr.decode()
    assert {file for file, *_ in places(text)} == {"grammar.y"} and {line for _, line, *_ in places(text)} <= set(
        range(100, 106)
    )
    assert read_notes(bench.folder / "e.o")


@pytest.mark.parametrize("source, least", [(PLACE, 2), (PAIR, 4)], ids=["place", "pair"])
def test_every_proposal_is_shown(bench, source, least):
    """The model leaves a window alone, is not sure, and its next answer is refused; or all its answers are."""
    bench.fresh({"place.c": source})
    argv = [
        "-O2",
        "-S",
        "place.c",
        "-o",
        "/dev/null",
        "--peepcc-explain",
        "--peepcc-report=r.json",
        "--peepcc-backend=record:rec.json",
    ]
    text = bench.by_peepcc(argv).stderr.decode()
    asked = [json.loads(line) for line in (bench.folder / "rec.json").read_text().splitlines()]
    proposed = {tuple(each["lines"]) for each in (one.get("reply", one) for one in asked) if each.get("lines")}
    assert len(proposed) >= least
    (unit,) = units(bench.folder / "r.json")
    shown = {
        tuple(each["proposal"])
        for window in unit["windows"]
        for each in (window, *window["refused"])
        if each["proposal"]
    }
    assert proposed <= shown
    assert all(each["verdict"] for window in unit["windows"] for each in window["refused"])
    for lines in proposed - {tuple(window["source"]) for window in unit["windows"]}:
        last = "    proposal:\n" + "".join(f"      {line}\n" for line in lines)
        assert "; ".join(lines) in text or last in text
