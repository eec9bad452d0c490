"""`peeplab dataset --small`: what it makes is of the schema and holds, and is the same after a kill and on a
cluster.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from ray.cluster_utils import Cluster

from peepcc.analysis.encoded import program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.lab import example
from peepcc.lab.dataset.packages import TEST, TRAINING, WIDER, WIDEST
from peepcc.lab.example import UNCHANGED, key, read_examples, read_rows
from peepcc.optimize.edits import edited, hunks
from peepcc.propose.model.language import training_pair
from peepcc.propose.request import request_of
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.prover.equivalence import prove
from peepcc.validate.verdict import Verdict

SETS = ("train", "test", "wild")
PEEPLAB = (
    sys.executable,
    "-c",
    "from peepcc.lab.cli import main\nif __name__ == '__main__': main()",
    "dataset",
    "--seed",
    "1",
    "--small",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("dataset")


def start(home, out, *more):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [*PEEPLAB, "--out", str(home / out), "--sources", str(home / "sources"), *more],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    try:
        out, err = process.communicate(timeout=900)
    finally:
        process.kill()
    return process.returncode, out, err


def shards(home, out):
    return sorted(path for path in (home / out / "shards").rglob("*.gz"))


@pytest.fixture(scope="module")
def made(home):
    """The folder of a run that was killed when some shards were there, paused, and then ended; with what it kept."""
    killed = start(home, "killed")
    while len(shards(home, "killed")) < 3:
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    kept = {path: path.stat().st_mtime_ns for path in shards(home, "killed")}
    code, out, _ = finish(start(home, "killed", "--minutes", "0"))
    assert code == 3 and "paused" in out and not (home / "killed" / "statistics.json").exists()
    code, out, err = finish(start(home, "killed"))
    assert code == 0, err
    assert "left, until" in err and "(0 lost)" in err
    assert 3 <= len(kept) < len(shards(home, "killed"))
    assert all(path.stat().st_mtime_ns == time_ for path, time_ in kept.items())
    return home / "killed"


@pytest.fixture(scope="module")
def sets(made):
    encoder = Encoder("clang-19")
    return {name: list(read_examples(made / f"{name}.jsonl.gz", encoder)) for name in SETS}


def test_a_cluster_makes_the_same_sets_as_a_run_that_was_killed(made, home):
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        code, _, err = finish(start(home, "cluster", "--cluster", cluster.address))
    finally:
        cluster.shutdown()
    assert code == 0, err
    one, other = (json.loads((home / out / "statistics.json").read_text()) for out in ("killed", "cluster"))
    assert {name: one["sets"][name]["sha256 of the text"] for name in SETS} == {
        name: other["sets"][name]["sha256 of the text"] for name in SETS
    }
    assert one["sets"] == other["sets"] and one["seen"] == other["seen"]


def test_rows_are_of_the_schema(made):
    for name in SETS:
        rows = list(read_rows(made / f"{name}.jsonl.gz"))
        assert rows
        for row in rows:
            example.check(row)


def test_what_is_told_holds(sets):
    encoder = Encoder("clang-19")
    for each in (each for name in SETS for each in sets[name]):
        if not each.improved:
            assert each.target == each.source and each.teacher == ""
            continue
        assert each.target != each.source and len(each.target) <= len(each.source)
        target = [parse_instruction(line) for line in each.target]
        obligation = each.window.obligation(program(edited(each.window, hunks(each.window, target)), encoder))
        assert emulate(obligation, states=1000, seed=77).verdict is Verdict.ACCEPTED_EMULATED
        assert (prove(obligation).verdict is Verdict.ACCEPTED_PROVED) == (each.evidence == example.PROVED)


def test_the_sides_share_no_form_and_no_package(sets):
    keys = {name: [key(each) for each in sets[name]] for name in ("train", "test")}
    assert all(len(set(some)) == len(some) for some in keys.values())
    assert not set(keys["train"]) & set(keys["test"])
    packages = {name: {each.package for each in sets[name]} for name in SETS}
    assert not packages["train"] & packages["test"] and packages["wild"] <= packages["test"] == {"giflib"}


def test_the_sets_are_mixed(sets):
    for name in ("train", "test"):
        assert {each.improved for each in sets[name]} == {True, False}
        assert len({each.level for each in sets[name]}) > 3
        assert all(training_pair(request_of(each.window), each.target) for each in sets[name])
    assert {each.level for each in sets["wild"]} == {"-O2", "-Os"}
    assert any(each.level.startswith("gcc") for each in sets["train"])
    assert len({key(each) for each in sets["wild"]}) < len(sets["wild"]), "wild is as it comes"
    assert len({each.teacher for each in sets["train"]}) > 3


def test_the_statistics_tell_what_is_there(made, sets):
    told = json.loads((made / "statistics.json").read_text())
    for name in SETS:
        about = told["sets"][name]
        assert about["rows"] == len(sets[name]) == about["improved"] + about["unchanged"]
        assert about["unchanged"] == about["by evidence"].get(UNCHANGED, 0)
        assert about["instructions saved"] == sum(len(each.source) - len(each.target) for each in sets[name])
        assert f"{about['rows']:,}" in (made / "statistics.md").read_text()
    assert told["command"] == "peeplab dataset --seed 1 --small --out killed"
    assert {each["package"] for each in told["sources"]} == {"libb64", "liblzf", "giflib", "csmith"}
    assert told["lost"] == []


def test_more_is_of_optimised_code_and_keeps_the_test_set_apart(made, home, sets):
    code, _, err = finish(start(home, "more", "--more", str(made)))
    assert code == 0, err
    assert not (home / "more" / "test.jsonl.gz").exists()
    more = list(read_examples(home / "more" / "train.jsonl.gz", Encoder("clang-19")))
    assert more and {each.level for each in more} <= {"-O1", "-O2", "-Os"}
    assert all(len(each.window.source.steps) >= 3 for each in more)
    forms = {key(each) for each in more}
    assert len(forms) == len(more) and not forms & {key(each) for each in sets["test"]}
    assert {each.package for each in more} <= {"libb64", "liblzf"}


@pytest.mark.parametrize("name, package", [("wider", "cliquer"), ("widest", "kissfft")])
def test_more_can_be_of_other_packages(made, home, name, package):
    code, _, err = finish(start(home, name, "--more", str(made), f"--{name}"))
    assert code == 0, err
    assert {each.package for each in read_examples(home / name / "train.jsonl.gz", Encoder("clang-19"))} == {package}
    assert json.loads((home / name / "statistics.json").read_text())["command"].endswith(f" --{name} --out {name}")
    code, _, err = finish(start(home, "nothing", f"--{name}"))
    assert code == 2 and "goes with --more" in err


def test_another_recipe_is_not_mixed_in(made, home):
    code, _, err = finish(start(home, "killed", "--ask-model"))
    assert code == 2 and "choose another folder" in err


def test_the_lists_of_packages_keep_apart():
    lists = (("training", TRAINING), ("wider", WIDER), ("widest", WIDEST), ("test", TEST))
    names = {name: {package.name for package in packages} for name, packages in lists}
    assert len(names["training"]) == len(TRAINING) >= 25 and len(names["test"]) == len(TEST) >= 5
    assert len(set.union(*names.values())) == sum(len(packages) for _, packages in lists)
    assert not set.union(*names.values()) & {"lua5.4", "zlib", "bzip2", "cjson", "jansson", "sqlite3"}
