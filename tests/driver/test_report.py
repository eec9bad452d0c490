"""The report of a build in parallel: of its schema, and in agreement with the notes in the objects."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

import peepcc
from peepcc import __version__
from peepcc.lab.stats.elf_notes import read_notes
from peepcc.report.file import units
from peepcc.report.place import FIRST_LINE

from ..support.easy import easy

FILES = {
    "a.c": "int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }\n" + easy("in_a"),
    "b.c": "int g(int a, int b) { int c = a * b; if (c > a) c -= b; return c + a; }\n" + easy("in_b"),
    "c.c": "int nothing;\n",
    "Makefile": "all: a.o b.o c.o\n%.o: %.c\n\t@$(CC) -O0 -c $< -o $@\n",
}


@pytest.mark.parametrize("backend", ["embedded", "record:replies"])
@pytest.mark.parametrize("policy", ["proved", "emulated"])
def test_report_and_notes_agree(bench, policy, backend):
    """A recorder asks the model alone, the other backend the rule book first."""
    bench.fresh(FILES)
    environment = {
        "PEEPCC_CLANG": bench.clang,
        "PEEPCC_REPORT": "report.json",
        "PEEPCC_POLICY": policy,
        "PEEPCC_BACKEND": backend,
        "PEEPCC_QUIET": "1",
    }
    done = bench.run(["make", "-j3", f"CC={sys.executable} -m peepcc"], **environment)
    assert (done.code, done.stderr) == (0, b"")
    found = {unit["source"]: unit for unit in units(bench.folder / "report.json")}
    assert sorted(found) == ["a.c", "b.c", "c.c"] and {unit["policy"] for unit in found.values()} == {policy}
    assert read_notes(bench.folder / "c.o") == ()
    for name in ("a", "b"):
        unit, (note,) = found[f"{name}.c"], read_notes(bench.folder / f"{name}.o")
        assert (note.policy, note.before, note.after) == (
            policy,
            unit["instructions"]["before"],
            unit["instructions"]["after"],
        )
        assert (note.proved, note.emulated) == (
            unit["applied"]["accepted-proved"],
            unit["applied"]["accepted-emulated"],
        )
        assert note.before - note.after == sum(window["saved"] for window in unit["windows"] if window["applied"])
        assert (
            note.rules
            == unit["by_rules"]
            == sum(bool(window["rules"]) for window in unit["windows"] if window["applied"])
        )
        assert (note.rules > 0) is (backend == "embedded")
        kinds = {"proved": note.proved - note.rules, "emulated": note.emulated}
        assert (kinds.pop(policy) > 0 or note.rules > 0) and set(kinds.values()) == {0}


THERE = [b'{"name": "package"}\n', b"[]", b'{"schema": 2, "units": []}', b"\x7fELF\2\1\1\0", b"\n", None]


@pytest.mark.parametrize("there", THERE)
def test_a_place_where_no_report_can_be_is_an_error_before_the_work(bench, there):
    """As an unknown option is: nothing is compiled, and nothing is lost."""
    bench.fresh({**FILES, **({} if there is None else {"there/report.json": there})})
    before = bench.by_peepcc(["--version"]).files
    ways = ((("--peepcc-report=there/report.json",), {}), ((), {"PEEPCC_REPORT": "there/report.json"}))
    for argv, variables in ways:
        found = bench.by_peepcc(["-O1", "-c", "a.c", *argv], PEEPCC_BACKEND="embedded", **variables)
        assert found.code == 2 and found.stdout == b"" and found.files == before
        assert found.stderr.startswith(b"peepcc: error: no report can be written to there/report.json: ")
        assert found.stderr.count(b"\n") == 1


def test_a_unit_that_is_compiled_again_has_one_entry_with_all_that_made_it(bench):
    bench.fresh(FILES)
    for level in ("-O1", "-O2"):
        done = bench.by_peepcc([level, "-c", "a.c", "b.c", "--peepcc-report=report.json"], PEEPCC_BACKEND="embedded")
        assert (done.code, done.stderr) == (0, b"")
    found = {unit["source"]: unit for unit in units(bench.folder / "report.json")}
    assert len(units(bench.folder / "report.json")) == 2 and found["b.c"]["arguments"][1:] == [
        "-O2",
        "-c",
        "a.c",
        "b.c",
    ]
    unit = found["a.c"]
    assert (unit["output"], unit["directory"], unit["peepcc"], unit["model"]) == (
        "a.o",
        str(bench.folder),
        __version__,
        "default",
    )
    assert unit["clang"] == bench.run([bench.clang, "--version"]).stdout.decode().split("\n")[0]
    model = Path(peepcc.__file__).parent / "models" / "default" / "ct2" / "model.bin"
    assert unit["weights"] == hashlib.sha256(model.read_bytes()).hexdigest() and 0 < unit["seconds"] < 60


def test_a_report_that_becomes_impossible_costs_no_rewrites(bench):
    """Somebody puts another file there while we work."""
    bench.fresh(FILES)
    (bench.root / "bin" / "slow").write_text(
        f'#!/bin/sh\necho mine > {bench.folder}/report.json\nexec {bench.clang} "$@"\n'
    )
    (bench.root / "bin" / "slow").chmod(0o755)
    argv = ["-O0", "-c", "a.c", "--peepcc-report=report.json"]
    done = bench.by_peepcc(argv, PEEPCC_BACKEND="embedded", PEEPCC_CLANG=str(bench.root / "bin" / "slow"))
    assert done.code == 0 and done.stderr.startswith(
        b"peepcc: report.json: a.c is not in the report: it is not a report of peepcc"
    )
    assert (bench.folder / "report.json").read_text() == "mine\n" and read_notes(bench.folder / "a.o")


def test_a_folder_that_is_locked_by_who_calls_us(bench):
    """`flock . make` is a usual way to have one build at a time."""
    bench.fresh(FILES)
    folder = os.open(bench.folder, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        done = bench.by_peepcc(
            ["-O0", "-c", "b.c", "--peepcc-report=report.json"], PEEPCC_BACKEND="mutator", PEEPCC_BUDGET="10"
        )
    finally:
        os.close(folder)
    assert (done.code, done.stderr) == (0, b"")
    assert [unit["source"] for unit in units(bench.folder / "report.json")] == ["b.c"]


def test_a_link_to_a_report_stays_one(bench):
    """Also where the blank lines of units that were compiled again are taken out."""
    bench.fresh({**FILES, "there/report.json": b""})
    (bench.folder / "report.json").symlink_to("there/report.json")
    for _ in range(4):
        assert bench.by_peepcc(["-O0", "-c", "b.c", "--peepcc-report=report.json"], PEEPCC_BACKEND="mutator").code == 0
    assert (bench.folder / "report.json").is_symlink()
    assert (bench.folder / "there/report.json").read_bytes().count(b"\n") < 5
    assert sorted(each.name for each in (bench.folder / "there").iterdir()) == ["report.json"]
    assert [unit["source"] for unit in units(bench.folder / "report.json")] == ["b.c"]


def test_replies_are_not_kept_in_a_file_of_the_users(bench):
    bench.fresh(FILES)
    done = bench.by_peepcc(["-O0", "-c", "b.c"], PEEPCC_BACKEND="record:a.c")
    assert done.code == 0 and done.files["a.c"][1] == FILES["a.c"].encode()
    assert done.stderr.startswith(b"peepcc: replies cannot be kept in a.c: it holds something else")


NAMED_TWICE = [
    (["-o", "new"], "new", "none"),
    (["-MMD", "-MF", "new"], "./new", "none"),
    (["-o", "old"], "old", "none"),
    (["-o", "link"], "new", "none"),
    (["-DX", "empty.c"], "empty.c", "none"),
    (["-foptimization-record-file=new"], "new", "none"),
    (["-o", "new"], "", "record:new"),
    (["-o", "replies"], "", "replay:replies"),
    ([], "new", "record:new"),
]


@pytest.mark.parametrize("argv, report, backend", NAMED_TWICE)
def test_a_file_that_the_command_uses_otherwise_is_an_error_before_the_work(bench, argv, report, backend):
    """Either the object or the report would be lost, and not a word said."""
    bench.fresh({"b.c": FILES["b.c"], "empty.c": "", "old": FIRST_LINE, "replies": ""})
    (bench.folder / "link").symlink_to("new")
    before = bench.by_peepcc(["--version"]).files
    source = [] if "empty.c" in argv else ["b.c"]
    found = bench.by_peepcc(["-O0", "-c", *source, *argv], PEEPCC_REPORT=report, PEEPCC_BACKEND=backend)
    assert found.code == 2 and found.stdout == b"" and found.files == before
    assert (
        found.stderr.startswith(b"peepcc: error: ") and found.stderr.endswith(b"\n") and found.stderr.count(b"\n") == 1
    )


def test_a_word_of_the_command_that_is_no_file_may_be_the_name_of_the_report(bench):
    bench.fresh({"b.c": FILES["b.c"]})
    found = bench.by_peepcc(
        ["-O0", "-Dgeneric", "-Uaarch64", "-c", "b.c", "--peepcc-report=generic"], PEEPCC_BACKEND="mutator"
    )
    assert (found.code, found.stderr) == (0, b"") and len(units(bench.folder / "generic")) == 1


@pytest.mark.parametrize("file", ["/dev/zero", "pipe"])
def test_replies_come_from_a_regular_file(bench, file):
    """A device has no end, and a pipe waits for a writer: both would take all of the budget."""
    bench.fresh({"b.c": FILES["b.c"]})
    os.mkfifo(bench.folder / "pipe")
    argv = ["-O0", "-c", "b.c", "-o", bench.root / "b.o"]
    begun = time.monotonic()
    done = bench.by_peepcc(argv, PEEPCC_BACKEND=f"replay:{file}", PEEPCC_BUDGET="40")
    assert time.monotonic() - begun < 30
    assert (
        done.code == 0
        and done.stderr == f"peepcc: no replies from {file}: it is not a regular file; falling back to clang\n".encode()
    )
    made = (bench.root / "b.o").read_bytes()
    assert bench.by_clang(argv).code == 0 and (bench.root / "b.o").read_bytes() == made
