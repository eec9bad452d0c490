"""`peeplab stats`: sums over objects, archives and reports."""

from __future__ import annotations

import itertools
import json
import subprocess

import pytest
from click.testing import CliRunner

from peepcc.lab.campaigns.hostile.object_check import escapes
from peepcc.lab.cli import main
from peepcc.lab.stats.elf_notes import Unknown, read_notes
from peepcc.report.note import Note, assembly

ONE = Note("0.1.0", "proved", 3, 0, 120, 110)
TWO = Note("0.1.0", "emulated", 1, 4, 1000, 900, 1)
CODE = ".text\n.globl {0}\n{0}:\n ret\n"


@pytest.fixture
def objects(tmp_path):
    for name, text in {
        "one": CODE.format("one") + assembly(ONE),
        "a_name_that_is_longer_than_ar_takes": CODE.format("two") + assembly(TWO),
        "bare": CODE.format("_start"),
        "broken": CODE.format("broken") + assembly(ONE).replace("before", "befool"),
        "other": CODE.format("other") + assembly(ONE).replace('"peepcc"', '"popcat"'),
    }.items():
        (tmp_path / f"{name}.s").write_text(text)
        _run(tmp_path, "clang-19", "--target=aarch64-linux-gnu", "-c", f"{name}.s", "-o", f"{name}.o")
    return tmp_path


def _run(folder, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)


def stats(*arguments) -> str:
    done = CliRunner().invoke(main, ["stats", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


_NUMBERS = itertools.count()


def lines_of(*units):
    return "".join(f"{line}\n" for line in ('{"peepcc-report": 4}', *map(json.dumps, units)))


def unit(policy="proved", proved=2, emulated=0, unproved=(), verdicts=("accepted-proved", "refuted"), by_rules=0):
    window = {
        "function": "f",
        "position": None,
        "assembly_line": 1,
        "source": [],
        "proposal": None,
        "failure": None,
        "confidence": None,
        "refused": [],
        "result": [],
        "reason": "",
        "states": 0,
        "emulated": False,
        "saved": 0,
        "unproved": None,
        "counterexample": None,
        "rewrite": None,
        "applied": False,
        "rules": [],
    }
    return {
        "unit": f"{next(_NUMBERS):032x}",
        "bytes": 0,
        "output": "f.o",
        "directory": "/",
        "arguments": [],
        "peepcc": "0",
        "clang": "",
        "model": None,
        "weights": None,
        "seconds": 0.5,
        "left_alone": {},
        "missed": {"functions": 0, "instructions": 0},
        "source": "f.c",
        "policy": policy,
        "instructions": {"before": 50, "after": 45},
        "regions": {"call": 3},
        "counters": {},
        "by_rules": by_rules,
        "applied": {"accepted-proved": proved, "accepted-emulated": emulated},
        "unproved": [dict(zip(("cause", "windows", "instructions"), each)) for each in unproved],
        "windows": [{**window, "verdict": verdict} for verdict in verdicts],
    }


def test_notes_of_objects_and_archives(objects):
    long = "a_name_that_is_longer_than_ar_takes.o"
    (objects / "text").write_text("odd")
    _run(objects, "ar", "rc", "lib.a", "bare.o", "text", "one.o", long)
    _run(objects, "ld.lld-19", "-r", "bare.o", long, "one.o", "-o", "part.o")
    assert read_notes(objects / "one.o") == (ONE,) and read_notes(objects / "bare.o") == ()
    assert read_notes(objects / "lib.a") == (ONE, TWO) and read_notes(objects / "part.o") == (TWO, ONE)
    assert stats(objects / "lib.a") == (
        "notes: 2 units with rewrites in 1 file; policy emulated (1), policy proved (1); peepcc 0.1.0\n"
        "  rewrites: 4 proved (1 by the rule book), 4 only emulated\n"
        "  instructions: 1,120 to 1,010, 110 saved (9.82%)\n"
    )
    assert stats(objects / "bare.o") == (
        "notes: 0 units with rewrites in 1 file; no policy; no peepcc\n"
        "  rewrites: 0 proved, 0 only emulated\n  instructions: 0 to 0, 0 saved\n"
    )


def test_big_endian_objects(objects):
    _run(objects, "clang-19", "--target=aarch64_be-linux-gnu", "-c", "one.s", "-o", "big.o")
    assert read_notes(objects / "big.o") == (ONE,)


def test_reports_are_added_up(tmp_path):
    cause = "a form that was not tested"
    first = unit(by_rules=1, unproved=[(cause, 2, 3), ("no solver answered in time", 1, 0)])
    second = unit("emulated", 0, 5, [(cause, 1, 4)], ("accepted-emulated", "unchanged", "unchanged"))
    for name, units in (("a.json", [first, unit(proved=0, verdicts=())]), ("b.json", [second])):
        (tmp_path / name).write_text(lines_of(*units))
    value = json.loads(stats(tmp_path / "a.json", tmp_path / "b.json", "--json"))
    assert value == {
        "reports": {
            "files": 2,
            "units": 3,
            "rewritten": 2,
            "proved": 2,
            "by_rules": 1,
            "emulated": 5,
            "before": 150,
            "after": 135,
            "policies": {"proved": 2, "emulated": 1},
            "verdicts": {"accepted-proved": 1, "refuted": 1, "accepted-emulated": 1, "unchanged": 2},
            "regions": {"call": 9},
            "unproved": {
                cause: {"windows": 3, "instructions": 7},
                "no solver answered in time": {"windows": 1, "instructions": 0},
            },
        }
    }
    lines = stats(tmp_path / "a.json", tmp_path / "b.json").splitlines()
    assert lines[0] == "reports: 3 units in 2 files, 2 with rewrites; policy emulated (1), policy proved (2)"
    assert lines[1:3] == [
        "  rewrites: 2 proved (1 by the rule book), 5 only emulated",
        "  instructions: 150 to 135, 15 saved (10.00%)",
    ]
    assert "  accepted by the emulator, not proved: 4 windows, 7 instructions not saved" in lines
    assert lines[-2].split() == ["3", "windows", "7", "instructions", *cause.split()]


def test_objects_and_reports_together(objects):
    (objects / "r.json").write_text(lines_of(unit()))
    value = json.loads(stats(objects / "one.o", objects / "r.json", "--json"))
    assert value["notes"]["proved"] == 3 and value["reports"]["proved"] == 2


@pytest.mark.parametrize(
    "name", ["broken.o", "other.o", "one.s", "empty", "cut.o", "cut.a", "thin.a", "bad.json", "old.json"]
)
def test_what_cannot_be_read_is_named(objects, name):
    (objects / "empty").touch()
    (objects / "cut.o").write_bytes((objects / "one.o").read_bytes()[:100])
    (objects / "cut.a").write_bytes(b"!<arch>\n" + b"x" * 80)
    (objects / "bad.json").write_text(lines_of() + "{\n")
    (objects / "old.json").write_text('{"peepcc-report": 2}\n')
    _run(objects, "ar", "rcT", "thin.a", "one.o")
    done = CliRunner().invoke(main, ["stats", str(objects / "bare.o"), str(objects / name)])
    assert (
        done.exit_code == 1
        and done.output.startswith("Error: ")
        and str(objects / name) in done.output
        and done.output.count("\n") == 1
    )


def test_a_broken_note_is_an_error(objects):
    with pytest.raises(Unknown, match="something else"):
        read_notes(objects / "broken.o")


def test_the_note_alone_escapes_nothing(objects):
    """To the hostile campaign, our note is no escape; anything else under its name is one."""
    noted = {"note": assembly(ONE), "twice": assembly(ONE) * 2, "other": assembly(ONE).replace('"peepcc"', '"popcat"')}
    for name, text in noted.items():
        (objects / f"{name}.s").write_text(CODE.format("_start") + text)
        _run(objects, "clang-19", "--target=aarch64-linux-gnu", "-c", f"{name}.s", "-o", f"{name}.o")
    assert list(escapes(objects / "bare.o", objects / "note.o")) == []
    for name in ("twice", "other"):
        assert "sections differ" in next(escapes(objects / "bare.o", objects / f"{name}.o"))
