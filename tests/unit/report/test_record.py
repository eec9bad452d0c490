"""The report file: of its schema, never anybody else's, quick to add to, and one entry for each unit."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from dataclasses import replace

import pytest

from peepcc.propose.protocol import Refusal
from peepcc.report.explain import explain
from peepcc.report.file import append, units
from peepcc.report.made import Made
from peepcc.report.place import FIRST_LINE, why_not
from peepcc.report.record import line
from peepcc.report.schema import Misshapen, check

BODY = "mov x8, x0\nmov x0, x8\nadd w1, w1, w2\nret"
REPLIES = {
    "right": ["mov x8, x0", "add w1, w1, w2", "ret"],
    "wrong": ["add w1, w1, w3", "ret"],
    "unread": ["frobnicate"],
    "longer": ["nop"] * 5,
    "same": BODY.split("\n"),
    "none": None,
}
MADE = Made("f.o", "/work", ("-c", "f.c"), "0.1.0", "clang version 19", "default", "0" * 64, 1.5)


@pytest.fixture
def told(desk):
    return desk.report("mov w0, w1\nret", lambda lines: None)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "report.json"


def test_every_kind_of_reply_is_of_the_schema(desk, emulated_desk, tmp_path, file):
    for n, each in enumerate((desk, emulated_desk)):
        for name, reply in REPLIES.items():
            append(str(file), line(each.report(BODY, lambda lines: reply), replace(MADE, output=f"{n}{name}.o")))
    found = units(file)
    assert os.listdir(tmp_path) == ["report.json"] and file.read_bytes().startswith(FIRST_LINE)
    assert [unit["policy"] for unit in found] == ["proved"] * 6 + ["emulated"] * 6
    right, emulated = found[0], found[6]
    assert right["applied"] == {"accepted-proved": 1, "accepted-emulated": 0} and right["instructions"] == {
        "before": 4,
        "after": 3,
    }
    assert emulated["applied"] == {"accepted-proved": 0, "accepted-emulated": 1}
    window = right["windows"][0]
    assert (window["saved"], window["emulated"], window["unproved"], window["applied"]) == (1, True, None, True)
    assert {window["verdict"] for unit in found for window in unit["windows"]} >= {
        "refuted",
        "unparsed",
        "unchanged",
        "costlier",
    }
    assert (right["peepcc"], right["clang"], right["model"], right["seconds"]) == (
        "0.1.0",
        "clang version 19",
        "default",
        1.5,
    )


def test_all_that_was_tried_is_told(desk, file):
    report = desk.report(BODY, lambda lines: REPLIES["right"])
    tried = (Refusal(("nop",), "nop", "refuted", "an input shows a difference"), Refusal(None, "???", "unparsed"))
    report = replace(report, outcomes=tuple(replace(each, tried=tried) for each in report.outcomes))
    append(str(file), line(report, MADE))
    (window,) = units(file)[0]["windows"]
    assert [(each["proposal"], each["verdict"]) for each in window["refused"]] == [
        (["nop"], "refuted"),
        (None, "unparsed"),
    ]
    assert (
        "    refused before: nop (refuted: an input shows a difference)\n    refused before:  (unparsed)\n"
        in explain(report)
    )


@pytest.mark.parametrize(
    "break_it",
    [
        lambda unit: unit.update(unit=1),
        lambda unit: unit.update(more=1),
        lambda unit: unit.pop("policy"),
        lambda unit: unit.update(policy="hopeful"),
        lambda unit: unit["windows"][0].update(verdict="fine"),
        lambda unit: unit["windows"][0].update(key="secret"),
        lambda unit: unit["windows"][0].update(position={"file": "f.c", "line": 0, "column": 0}),
        lambda unit: unit["applied"].update({"accepted-proved": -1}),
        lambda unit: unit["unproved"].append({"cause": "x", "windows": 1}),
    ],
)
def test_what_is_not_of_the_schema_is_refused(told, file, break_it):
    append(str(file), line(told, MADE))
    (unit,) = units(file)
    break_it(unit)
    with pytest.raises(Misshapen, match=r"^\$"):
        check(unit)


def test_a_unit_that_is_made_again_takes_the_place_of_its_entry(told, desk, file):
    for n in range(3):
        append(str(file), line(told, replace(MADE, output=f"{n}.o")))
    again = desk.report(BODY, lambda lines: REPLIES["right"])
    append(str(file), line(again, replace(MADE, output="1.o", seconds=2.5)))
    found = {unit["output"]: (unit["seconds"], unit["instructions"]["before"]) for unit in units(file)}
    assert found == {"0.o": (1.5, 2), "1.o": (2.5, 4), "2.o": (1.5, 2)}
    lines = [line for line in file.read_text().splitlines()[1:] if line.strip()]
    assert len(lines) == 3, "a reader of JSON Lines sees each unit once"
    for other in (replace(MADE, directory="/elsewhere"), replace(MADE, output="")):
        append(str(file), line(told, other))
    assert len(units(file)) == 5


def test_a_unit_that_is_made_again_and_again_does_not_fill_the_disk(told, file):
    append(str(file), line(told, replace(MADE, output="other.o")))
    for n in range(30):
        append(str(file), line(told, replace(MADE, seconds=float(n))))
    assert file.stat().st_size < 10 * len(file.read_text().splitlines()[1].strip())
    assert sorted(unit["seconds"] for unit in units(file)) == [1.5, 29.0]
    assert os.listdir(file.parent) == ["report.json"]


@pytest.mark.parametrize("cut", [1, 30, 60, 300])
def test_what_a_killed_writer_left_is_taken_away(told, file, cut):
    for n in range(2):
        append(str(file), line(told, replace(MADE, output=f"{n}.o")))
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    assert [unit["output"] for unit in units(file)] == ["0.o"]
    append(str(file), line(told, replace(MADE, output="2.o")))
    assert [unit["output"] for unit in units(file)] == ["0.o", "2.o"]


OTHERS = {
    "an object of JSON": b'{"name": "my package", "version": 1}\n',
    "an array": b"[1, 2]\n",
    "an earlier schema": b'{"schema": 2, "units": []}\n',
    "a report of another version": b'{"peepcc-report": 2}\n',
    "one of a later one": b'{"peepcc-report": 30}\n',
    "nonsense": bytes(range(256)) * 20,
    "text": b"all: a.o\n",
    "a beginning": FIRST_LINE[:-1],
    "a blank line": b"\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_ours_is_refused_and_stays(told, file, name):
    file.write_bytes(OTHERS[name])
    assert why_not(str(file))
    with pytest.raises(Misshapen):
        append(str(file), line(told, MADE))
    assert file.read_bytes() == OTHERS[name] and os.listdir(file.parent) == ["report.json"]


def test_what_somebody_wrote_behind_our_lines_is_not_touched(told, file):
    append(str(file), line(told, MADE))
    file.write_bytes(file.read_bytes() + b'{"somebody": "else"}' * 9 + b"\n")
    before = file.read_bytes()
    with pytest.raises(Misshapen):
        append(str(file), line(told, MADE))
    assert file.read_bytes() == before


def test_places_for_a_report(tmp_path, file):
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    assert why_not(str(file)) is None and why_not(str(tmp_path / "empty")) is None
    for other in ("no/folder.json", "dangling", "pipe", ".", "empty/below"):
        assert why_not(str(tmp_path / other)), other
    assert why_not("/dev/null") and why_not("/dev/full")
    assert os.listdir(tmp_path).count("report.json") == 0


def _added(file, told, numbers):
    for n in numbers:
        append(file, line(told, replace(MADE, output=f"{n}.o", arguments=("x" * (n % 7 * 1000),))))


def test_many_may_write_at_once(told, file):
    """Each of four processes adds forty units, twelve of which others add as well."""
    mine = [list(range(n * 28, n * 28 + 40)) for n in range(4)]
    writers = [
        multiprocessing.get_context("fork").Process(target=_added, args=(str(file), told, numbers)) for numbers in mine
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0] * 4
    assert sorted(int(unit["output"][:-2]) for unit in units(file)) == sorted({n for numbers in mine for n in numbers})


@pytest.mark.alone
def test_to_add_to_a_large_report_takes_no_longer(told, file):
    """400 large units; what is read of each is its first few bytes."""
    for n in range(400):
        append(str(file), line(told, replace(MADE, output=f"{n}.o", arguments=("x" * 500_000,))))
    seconds = []
    for n in (400, 7, 401, 8):
        begun = time.monotonic()
        append(str(file), line(told, replace(MADE, output=f"{n}.o")))
        seconds.append(time.monotonic() - begun)
    assert file.stat().st_size > 2e8 and max(seconds) < 0.2


def test_a_line_says_how_long_it_is(told, file):
    append(str(file), line(told, MADE))
    written = file.read_bytes().splitlines(keepends=True)[1]
    assert json.loads(written)["bytes"] == len(written)
