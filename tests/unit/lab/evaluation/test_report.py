"""Reports as people see them: plots are XML with bars of the right length, texts of a model stay texts, tables say what
was counted.
"""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from peepcc.lab.evaluation.journal import Row
from peepcc.lab.evaluation.metrics import scored
from peepcc.lab.evaluation.report.html import page
from peepcc.lab.evaluation.report.markdown import markdown
from peepcc.lab.evaluation.report.plots import Bar, bars, stacked
from peepcc.lab.evaluation.summary import check, summary
from peepcc.propose.protocol import Failure, FailureKind

from ....support.examples import example, judged, reply

EVIL = "```\n</pre><script>alert(1)</script> | x\n\n# heading"


@pytest.fixture(scope="module")
def told():
    better, alone = (
        example("mov w2, w0 / add w0, w2, #1", "w0", "add w0, w0, #1", level="-O0"),
        example("mul w0, w0, w1", "w0"),
    )
    tries = [
        (better, [("add w0, w0, #2", {}), ("add w0, w0, #1", {})]),
        (better, [(None, {"failure": Failure(FailureKind.UNPARSED, "what"), "text": EVIL})]),
        (alone, [("mul w0, w0, w1", {})]),
    ]
    rows = [
        (one, Row(n, tuple((reply(one, lines, **more), judged(one, lines, **more)) for lines, more in each)))
        for n, (one, each) in enumerate(tries)
    ]
    about = {
        "command": "peeplab evaluate x",
        "seed": 1,
        "versions": {"python": "3"},
        "model": {"kind": "server", "name": "<b>m</b>", "url": "http://h"},
        "examples": {"file": "x", "sha256": "0" * 64, "count": 3, "of": 3},
        "mode": "direct",
        "repair": 1,
        "prompts": ["direct 1 abc"],
        "complete": True,
    }
    return check(summary([scored(*each) for each in rows], about, 1))


def test_what_is_counted(told):
    assert told["tries"] == [
        {"tries": 1, "asked": 3, "syntactic": 2, "agree": 1, "validated": 0, "instructions saved": 0},
        {"tries": 2, "asked": 1, "syntactic": 2, "agree": 2, "validated": 1, "instructions saved": 1},
    ]
    assert told["statuses"] == {
        "all": {"does not parse": 1, "unchanged": 1, "proved": 1},
        "improved": {"does not parse": 1, "proved": 1},
        "unchanged": {"unchanged": 1},
    }
    assert {name: each["count"] for name, each in told["mistakes"].items()} == {"does not parse": 1}
    assert list(told["breakdowns"]) == ["level", "length", "opcode class", "package"]
    assert (
        told["breakdowns"]["level"]["-O0"]["improved"]["exact match"]["value"] == 0.5
        and told["breakdowns"]["level"]["-O2"]["improved"]["exact match"]["of"] == 0
    )
    assert set(told["breakdowns"]["opcode class"]) == {"arithmetic", "move", "multiply and divide"}


def test_the_page_is_well_formed_and_runs_nothing(told):
    text = page(told, [told])
    open_tags: list[str] = []
    found: set[str] = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.add(tag)
            assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attributes)
            if tag != "meta":
                open_tags.append(tag)

        def handle_startendtag(self, tag, attributes):
            found.add(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Parser().feed(text)
    assert not open_tags and "script" not in found and "b" not in found and {"svg", "table", "pre"} <= found
    for plot in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ElementTree.fromstring(plot)


def test_text_of_a_model_cannot_leave_its_block_in_markdown(told):
    lines = markdown(told).splitlines()
    at = next(n for n, line in enumerate(lines) if "<script" in line)
    fence = max(n for n in range(at) if lines[n].startswith("````"))
    assert lines[fence] == "````" and not any(line.startswith("````") for line in lines[fence + 1 : at])
    assert "| **" not in "".join(lines) and "&lt;b" not in "".join(lines)


def test_bars_are_as_long_as_their_values():
    root = ElementTree.fromstring(
        bars("t", [Bar("half", 0.5, 0.4, 0.6, 10), Bar("<all>", 1.0, 0.9, 1.0, 5), Bar("none", 0.0, 0.0, 0.2, 5)])
    )
    widths = [float(each.get("width")) for each in root.iter("rect")]
    assert widths[0] == pytest.approx(widths[1] / 2) and widths[2] == 0
    assert "<all> (5)" in [each.text for each in root.iter("text")]


def test_stacked_bars_share_the_width():
    root = ElementTree.fromstring(stacked("t", {"one": {"a": 3, "b": 1}, "two": {"b": 2}}, ("a", "b")))
    widths = [float(each.get("width")) for each in root.iter("rect") if each.find("title") is not None]
    assert widths[0] == pytest.approx(3 * widths[1]) and widths[2] == pytest.approx(2 * widths[1])
