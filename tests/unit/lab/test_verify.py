"""`peeplab verify` as people call it: exit codes, texts, JSON."""

import json
import re

import pytest
from click.testing import CliRunner

from peepcc.lab.cli import main


@pytest.fixture
def verify(tmp_path):
    def call(before, after, *options):
        for name, text in (("before.s", before), ("after.s", after)):
            (tmp_path / name).write_text(text)
        return CliRunner().invoke(main, ["verify", str(tmp_path / "before.s"), str(tmp_path / "after.s"), *options])

    return call


def test_accepted(verify):
    result = verify("add x0, x0, x0\n", "// doubled\n\n\tlsl x0, x0, #1 // by a shift\n")
    assert (result.exit_code, "accepted" in result.output) == (0, True)
    assert int(re.search(r"states tried: (\d+)", result.output)[1]) >= 4096


def test_refuted_with_the_input_that_shows_it(verify):
    result = verify("add w0, w0, w0\n", "lsl x0, x0, #1\n")
    assert result.exit_code == 1
    assert result.output.startswith("refuted")
    assert "x0" in result.output and "before | after" in result.output


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("dmb ish\nnop", "dmb ish", "dmb"),
        ("mov x0, x1", "frobnicate x0", "does not assemble"),
        ("mov x0, x1", "mov x0 x1 !", "not an instruction"),
        (".byte 1", "", "not an instruction"),
        ("adrp x0, f", "adrp x0, g", "linker"),
        ("mov x0, x1", "svc #0", "svc"),
        ("a:\na:\nnop", "nop", "twice"),
    ],
)
def test_cannot_say(verify, before, after, reason):
    result = verify(before, after)
    assert (result.exit_code, reason in result.output) == (2, True), result.output


def test_live_out(verify):
    pair = "add x1, x0, #1\nadd x0, x1, #1", "add x0, x0, #2"
    assert verify(*pair).exit_code == 1
    assert verify(*pair, "--live-out", "x0").exit_code == 0
    assert verify(*pair, "--live-out", "w0, nzcv", "--live-out", "q0 sp").exit_code == 0
    assert verify(*pair, "--live-out", "x0,X1").exit_code == 1
    assert verify(*pair, "--live-out", "x77").exit_code == 2


def test_volatile(verify):
    pair = "ldr w8, [x1]\nldr w0, [x1]", "ldr w0, [x1]"
    assert verify(*pair, "--live-out", "x0").exit_code == 0
    assert verify(*pair, "--live-out", "x0", "--volatile").exit_code == 1


def test_empty_files_are_empty_blocks(verify):
    assert verify("mov x0, x0", "").exit_code == 0
    assert verify("mov w0, w0", "").exit_code == 1
    assert verify("", "").exit_code == 0


def test_the_same_again_is_accepted(verify):
    result = verify("cbz x0, .L1\ndmb ish\n.L1:", "cbz x0, .L9\ndmb ish\n.L9:")
    assert result.exit_code == 0


def test_json(verify):
    result = json.loads(verify("add w0, w0, w0", "lsl x0, x0, #1", "--json").output)
    assert (result["verdict"], result["outcome"]) == ("refuted", "refuted")
    assert set(result["counterexample"]["inputs"]) == {"x0"}
    assert len(result["counterexample"]["outcomes"]["x0"]) == 2
    assert json.loads(verify("nop", "", "--json").output)["verdict"] == "accepted"
    assert json.loads(verify("svc #0", "", "--json").output)["verdict"] == "cannot-say"
