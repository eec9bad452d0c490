"""The benchmark of the prover counts what it says it counts."""

import json

import pytest
from click.testing import CliRunner

from peepcc.errors import PeepccError
from peepcc.lab.bench.command import command as bench
from peepcc.lab.bench.proof import command as bench_proof
from peepcc.lab.bench.proof.command import measure
from peepcc.lab.bench.proof.report import Measured, markdown, record
from peepcc.lab.bench.proof.worker import Proof
from peepcc.lab.verify import newest_clang
from peepcc.validate.verdict import Verdict

CODE = """int first(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] & 255; return s; }
double second(double x, double *q) { *q = x; return *q * 2.0 + x; }
int third(int a, int b) { return a == b ? a : b; }
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / "code.c").write_text(CODE)
    (folder / "broken.c").write_text("int f( {")
    return folder


@pytest.fixture(scope="module")
def measured(source):
    return measure(source, "-O0", ("rules", "mutator"), 1000, 1, newest_clang())


def test_what_the_emulator_accepts_is_put_to_the_prover(measured):
    assert (measured.files, measured.left_out, measured.asked) == (1, 1, measured.windows)
    assert measured.accepted > 10 and measured.proved == measured.accepted
    assert {proof.backend for proof in measured.proofs} == {"rules", "mutator"}
    assert all(
        0 < proof.cpu < 5 and 0 < proof.wall < 10 and 1 <= proof.size <= 16 and proof.times >= 1
        for proof in measured.proofs
    )
    assert 30e6 < measured.memory < 1e9
    assert measured.unlisted == {}


def test_what_is_not_proved_is_counted_by_cause(source, measured, monkeypatch):
    """Without a list of forms nothing is proved."""
    monkeypatch.setattr(bench_proof, "proofs", _nothing)
    found = measure(source, "-O0", ("rules",), 1000, 1, newest_clang())
    assert (found.proved, {proof.reason for proof in found.proofs}) == (0, {"a form that was not tested"})
    assert len(found.proofs) == sum(proof.backend == "rules" for proof in measured.proofs)


def _nothing(accepted):
    return tuple(
        Proof(each.backend, 4, each.times, Verdict.UNPROVED, "a form that was not tested", 0.1, 0.1)
        for each in accepted
    ), 1


def test_fewer_windows_are_a_part_of_all(source, measured):
    found = measure(source, "-O0", ("rules",), 5, 1, newest_clang())
    assert (found.windows, found.asked) == (measured.windows, 5)
    assert found.accepted <= 5


def test_a_prover_that_dies_is_no_result(source, monkeypatch):
    monkeypatch.setattr(bench_proof, "proofs", _dies)
    with pytest.raises(PeepccError, match="has died"):
        measure(source, "-O0", ("rules",), 1000, 1, newest_clang())


def _dies(accepted):
    import os

    os._exit(1)


def test_the_tables():
    proofs = [Proof("rules", n, 1 + n, Verdict.ACCEPTED_PROVED, "", n / 1000, n / 2000) for n in range(1, 8)]
    proofs += [
        Proof("mutator", 9, 10, Verdict.UNPROVED, "no solver answered in time", 5.0, 4.0),
        Proof("mutator", 2, 5, Verdict.REFUTED, "an input shows a difference", 0.02, 0.02),
        Proof("mutator", 3, 5, Verdict.UNPROVED, "the two lifters disagree: word 0x1; bytes 01 => 02", 0.02, 0.02),
    ]
    told = record(
        [Measured("p", "-O2", 3, 1, 100, 50, tuple(proofs), 250_000_000, {"fmulx d d d": "q0"})],
        "the command",
        {"clang": "19"},
    )
    (row,) = told["rows"]
    assert (row["accepted"], row["proved"], row["share"], row["weighted share"]) == (10, 7, 0.7, round(35 / 55, 4))
    assert row["causes"] == {
        "no solver answered in time": 1,
        "refuted: an input shows a difference": 1,
        "the two lifters disagree": 1,
    }
    assert row["by back-end"] == {"rules": [7, 7], "mutator": [3, 0]}
    assert row["by instructions"] == {"1-2": [3, 2], "3-4": [3, 2], "5-8": [3, 3], "9-16": [1, 0]}
    assert row["wall ms"] == {"median": 5.5, "p95": 5000.0, "max": 5000.0}
    text = markdown(told)
    for line in (
        "    the command",
        "| p | -O2 | 100 | 50 | 10 | 7 | 70.0% | 63.6% | 5.5 (2.75) | 5000.0 (4000.0) | 5000.0 (4000.0) | 250 |",
        "| proposed by rules | 7 / 7 |",
        "| the two lifters disagree | 1 | 1 |",
        "| fmulx d d d | q0 |",
    ):
        assert line in text.splitlines()


def test_the_command_writes_both(source, tmp_path):
    done = CliRunner().invoke(
        bench,
        [
            "proof",
            str(source),
            "--level",
            "-O0",
            "--backend",
            "rules",
            "--windows",
            "20",
            "--out",
            str(tmp_path / "proofs"),
        ],
    )
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "proofs.json").read_text())
    assert told["command"] == f"peeplab bench proof {source.name} --level -O0 --backend rules --windows 20 --seed 1"
    assert (tmp_path / "proofs.md").read_text() == markdown(told)
    assert {"pyvex", "bitwuzla", "unicorn", "commit"} <= set(told["versions"])
