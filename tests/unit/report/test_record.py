"""The report file: each that is written is of the schema, which takes nothing else."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from peepcc.propose.protocol import Refusal
from peepcc.report.explain import explain
from peepcc.report.record import SCHEMA, append
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


def test_every_kind_of_reply_is_of_the_schema(desk, emulated_desk, tmp_path):
    file = tmp_path / "report.json"
    for each in (desk, emulated_desk):
        for reply in REPLIES.values():
            append(str(file), each.report(BODY, lambda lines: reply))
    report = check(json.loads(file.read_text()))
    assert os.listdir(tmp_path) == ["report.json"] and report["schema"] == SCHEMA
    assert [unit["policy"] for unit in report["units"]] == ["proved"] * 6 + ["emulated"] * 6
    right, emulated = report["units"][0], report["units"][6]
    assert right["applied"] == {"accepted-proved": 1, "accepted-emulated": 0} and right["instructions"] == {"before": 4, "after": 3}
    assert emulated["applied"] == {"accepted-proved": 0, "accepted-emulated": 1}
    window = right["windows"][0]
    assert (window["saved"], window["emulated"], window["unproved"], window["applied"]) == (1, True, None, True)
    assert {window["verdict"] for unit in report["units"] for window in unit["windows"]} >= {"refuted", "unparsed", "unchanged", "costlier"}


def test_what_went_back_to_the_model_is_told(desk, tmp_path):
    report = desk.report(BODY, lambda lines: REPLIES["right"])
    refused = (Refusal(("nop",), "nop", "refuted", "an input shows a difference"), Refusal(None, "???", "unparsed"))
    report = replace(report, outcomes=tuple(replace(each, refused=refused) for each in report.outcomes))
    file = tmp_path / "report.json"
    append(str(file), report)
    (window,) = check(json.loads(file.read_text()))["units"][0]["windows"]
    assert [(each["proposal"], each["verdict"]) for each in window["refused"]] == [(["nop"], "refuted"), (None, "unparsed")]
    assert "    refused before: nop (refuted: an input shows a difference)\n    refused before:  (unparsed)\n" in explain(report)


@pytest.mark.parametrize("break_it", [
    lambda report: report.update(schema=1),
    lambda report: report.update(more=1),
    lambda report: report["units"][0].pop("policy"),
    lambda report: report["units"][0].update(policy="hopeful"),
    lambda report: report["units"][0]["windows"][0].update(verdict="fine"),
    lambda report: report["units"][0]["windows"][0].update(key="secret"),
    lambda report: report["units"][0]["applied"].update({"accepted-proved": -1}),
    lambda report: report["units"][0]["unproved"].append({"cause": "x", "windows": 1}),
])
def test_what_is_not_of_the_schema_is_refused(desk, tmp_path, break_it):
    file = tmp_path / "report.json"
    append(str(file), desk.report("mov w0, w1\nret", lambda lines: None))
    report = check(json.loads(file.read_text()))
    break_it(report)
    with pytest.raises(Misshapen, match=r"^\$"):
        check(report)


def test_a_report_of_another_schema_is_replaced(desk, tmp_path):
    file = tmp_path / "report.json"
    file.write_text('{"schema": 1, "units": [{}]}')
    append(str(file), desk.report("mov w0, w1\nret", lambda lines: None))
    assert len(check(json.loads(file.read_text()))["units"]) == 1
