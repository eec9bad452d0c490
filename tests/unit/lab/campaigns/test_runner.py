"""The frame of the campaigns: nothing done twice, going on after a kill, and what the summary and the exit status
say.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from peepcc import __version__
from peepcc.errors import PeepccError
from peepcc.lab.campaigns import command
from peepcc.lab.campaigns import runner as campaign_run
from peepcc.lab.campaigns.runner import Campaign, Item, Options, Record, carry_out
from peepcc.lab.campaigns.summary import summary, table, write
from peepcc.settings import OPTIONS

ROOT = Path(command.__file__).parents[3]


def items(options):
    return (Item(f"item {n}", (n,)) for n in count())


def tried(item, options):
    (n,) = item.work
    with (options.out / "tried").open("a") as log:
        log.write(f"{n}\n")
    if n == 7 and options.backends == ("dies",):
        os.kill(os.getpid(), signal.SIGKILL)
    if n == 4 and options.backends == ("errs",):
        raise PeepccError("no such thing")
    if n == 5 and options.backends == ("errs",):
        raise KeyError("x")
    if options.backends == ("repeats",):
        return Record(
            {"tries": 1}, (), {f"digest {n % 6}": ("things", f"kind {n % 6 % 2}"), f"digest of {n} alone": ("things",)}
        )
    return Record(
        {"things": 2, f"kind {n % 3}": 1}, ("thing 5 is wrong",) if n == 5 and options.backends == ("wrong",) else ()
    )


FAKE = Campaign("fake", "things", 100, items, tried, backends=("good",))


def options(folder, **changed):
    return Options(
        **{
            "out": folder,
            "seed": 1,
            "count": 20,
            "minutes": 5,
            "policy": "emulated",
            "backends": ("good",),
            "budget": 5.0,
            "levels": ("-O0",),
            "sources": (),
            "workers": 1,
            "clang": "clang-19",
            "environ": {},
        }
        | changed
    )


def quiet(text):
    pass


def done(folder):
    return sorted(int(line) for line in (folder / "tried").read_text().split())


def test_it_stops_at_the_count_and_sums_up(tmp_path):
    shown = []
    result = carry_out(FAKE, options(tmp_path), shown.append)
    assert (result.counts, result.wrong, result.items) == (
        {"kind 0": 4, "kind 1": 3, "kind 2": 3, "things": 20},
        (),
        10,
    )
    assert (
        shown[0].startswith("2/20 things, 0 wrong, ") and "ends at" in shown[0] and shown[-1].startswith("20/20 things")
    )


def test_what_is_there_is_not_done_again(tmp_path):
    carry_out(FAKE, options(tmp_path, count=6), quiet)
    result = carry_out(FAKE, options(tmp_path), quiet)
    assert done(tmp_path) == list(range(10)) and result.counts["things"] == 20
    assert [path.name for path in sorted(tmp_path.glob("shard-*"))] == ["shard-0000.jsonl", "shard-0001.jsonl"]
    assert carry_out(FAKE, options(tmp_path), quiet) == result and done(tmp_path) == list(range(10))


def test_a_line_that_a_kill_cut_short_is_done_again(tmp_path):
    carry_out(FAKE, options(tmp_path, count=6), quiet)
    shard = tmp_path / "shard-0000.jsonl"
    shard.write_text(shard.read_text()[:-9])
    result = carry_out(FAKE, options(tmp_path), quiet)
    assert done(tmp_path) == [0, 1, 2, 2, *range(3, 10)] and result.counts["things"] == 20


def test_what_occurs_twice_counts_once_also_after_a_kill(tmp_path):
    chosen = options(tmp_path, backends=("repeats",), count=16)
    carry_out(FAKE, options(tmp_path, backends=("repeats",), count=7), quiet)
    result = carry_out(FAKE, chosen, quiet)
    assert result.counts == {"things": 16, "kind 0": 3, "kind 1": 3, "tries": 10, "seen before": 4}


def test_no_item_left_is_complete(tmp_path):
    few = replace(FAKE, items=lambda chosen: iter([Item(f"item {n}", (n,)) for n in range(3)]))
    result = carry_out(few, options(tmp_path), quiet)
    assert result.ended and result.counts["things"] == 6 and summary(few, options(tmp_path), result)["complete"]
    assert not carry_out(FAKE, options(tmp_path, count=8), quiet).ended


def test_results_of_two_commits_name_both(tmp_path, monkeypatch):
    for commit, most in (("aaaa", 6), ("bbbb+", 20)):
        monkeypatch.setattr(campaign_run, "state", lambda: commit)
        result = carry_out(FAKE, options(tmp_path, count=most), quiet)
    told = summary(FAKE, options(tmp_path), result)
    assert told["commits"] == {"aaaa": 3, "bbbb+": 7} and "| commits | aaaa (3 items), bbbb+ (7 items) |" in table(told)


def test_the_state_is_a_commit_or_a_version(monkeypatch, tmp_path):
    assert re.fullmatch(r"[\w.-]+\+?", campaign_run.state())
    (tmp_path / "campaign_run.py").touch()
    monkeypatch.setattr(campaign_run, "__file__", str(tmp_path / "campaign_run.py"))
    assert campaign_run.state() == f"version {__version__}"


def test_no_time_no_items(tmp_path):
    assert carry_out(FAKE, options(tmp_path, minutes=0), quiet).items == 0


def test_workers_do_each_item_once(tmp_path):
    result = carry_out(FAKE, options(tmp_path, workers=3, count=60), quiet)
    assert done(tmp_path) == list(range(len(done(tmp_path)))) and 30 <= result.items <= 32


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 2},
        {"policy": "other"},
        {"backends": ("x",)},
        {"budget": 1.0},
        {"levels": ("-O1",)},
        {"sources": (Path("/s"),)},
    ],
)
def test_results_of_other_choices_are_not_mixed(changed, tmp_path):
    carry_out(FAKE, options(tmp_path), quiet)
    with pytest.raises(PeepccError, match="other choices"):
        carry_out(FAKE, options(tmp_path, **changed), quiet)


def test_a_worker_that_dies_costs_its_item_only(tmp_path):
    result = carry_out(FAKE, options(tmp_path, backends=("dies",)), quiet)
    assert result.counts["worker died"] == 1 and result.counts["things"] == 20 and done(tmp_path) == list(range(11))


def test_an_error_is_something_wrong(tmp_path):
    assert carry_out(FAKE, options(tmp_path, backends=("errs",)), quiet).wrong == (
        "item 4: no such thing",
        "item 5: KeyError: 'x'",
    )


def test_the_summary_tells_how_to_do_it_again(tmp_path):
    chosen = options(tmp_path, backends=("wrong",), sources=(Path("/some/where/zlib"),))
    told = summary(FAKE, chosen, carry_out(FAKE, chosen, quiet))
    write(told, tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text()) == told
    assert told["command"] == (
        "peeplab campaign fake --seed 1 --count 20 --policy emulated --budget 5 --backend wrong "
        "--level -O0 --sources zlib"
    )
    assert (
        told["counts"]["things"] == 20
        and told["counts"]["wrong"] == 1
        and told["complete"]
        and told["wrong"] == ["thing 5 is wrong"]
    )
    assert (
        told["versions"]["clang-19"].startswith("19.")
        and told["versions"]["unicorn"]
        and sum(told["commits"].values()) == 10
    )
    assert (tmp_path / "summary.md").read_text() == table(told)
    assert (
        "| things | 20 |" in table(told)
        and "**Wrong**: thing 5 is wrong" in table(told)
        and str(tmp_path) not in table(told)
    )


@pytest.mark.parametrize("backend, status", [("good", 0), ("wrong", 1)])
def test_the_exit_status_tells_whether_something_is_wrong(backend, status, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "load", lambda name: Campaign("abi", "things", 20, items, tried, backends=(backend,)))
    ran = CliRunner().invoke(command.command, ["abi", "--out", str(tmp_path)])
    assert ran.exit_code == status, ran.output
    assert "| things | 20 |" in ran.output


@pytest.mark.parametrize("wrong", [["--policy", "hoped"], ["--backend", "nobody"]])
def test_a_choice_that_does_not_exist(wrong, tmp_path):
    ran = CliRunner().invoke(command.command, ["programs", "--out", str(tmp_path), *wrong])
    assert ran.exit_code == 2 and wrong[1] in ran.output


@pytest.mark.parametrize("name", command.CAMPAIGNS)
def test_each_campaign_has_its_items_in_an_order(name, tmp_path):
    campaign = command.load(name)
    (tmp_path / "a.c").write_text("int x;\n")
    chosen = options(tmp_path, backends=campaign.backends, levels=command.LEVELS, sources=(tmp_path,))
    first, again = ([item for item, _ in zip(campaign.items(chosen), range(12))] for _ in range(2))
    assert first == again and len({item.key for item in first}) == len(first) >= 4
    assert campaign.name == name and campaign.size >= 4_000 and OPTIONS["policy"][1]


def is_there(group):
    """Whether a process of the group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_campaign_goes_on(tmp_path):
    words = [
        sys.executable,
        "-c",
        "from peepcc.lab.cli import main; main()",
        "campaign",
        "hostile",
        "--out",
        str(tmp_path / "killed"),
        "--count",
        "150",
        "--level",
        "-O2",
    ]
    child = subprocess.Popen(
        words,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    try:
        stop = time.monotonic() + 60
        while not list((tmp_path / "killed").glob("shard-*")) and time.monotonic() < stop:
            time.sleep(0.05)
        child.kill()
        child.wait()
        while is_there(child.pid) and time.monotonic() < stop + 30:  # its workers go with it
            time.sleep(0.05)
        assert not is_there(child.pid)
    finally:
        if is_there(child.pid):
            os.killpg(child.pid, signal.SIGKILL)
    kept = (tmp_path / "killed" / "shard-0000.jsonl").read_text()
    ran = CliRunner().invoke(
        command.command, ["hostile", "--out", str(tmp_path / "killed"), "--count", "150", "--level", "-O2"]
    )
    whole = CliRunner().invoke(
        command.command, ["hostile", "--out", str(tmp_path / "whole"), "--count", "150", "--level", "-O2"]
    )
    assert ran.exit_code == whole.exit_code == 0, ran.output
    assert (tmp_path / "killed" / "shard-0000.jsonl").read_text() == kept and kept
    of_replies = [
        {
            k: v
            for k, v in json.loads((tmp_path / each / "summary.json").read_text())["counts"].items()
            if "replies" in k
        }
        for each in ("killed", "whole")
    ]
    assert of_replies[0] == of_replies[1] and of_replies[0]["replies"] >= 150


def test_the_summary_tells_which_weights_proposed(tmp_path):
    (tmp_path / "m" / "ct2").mkdir(parents=True)
    (tmp_path / "m" / "ct2" / "model.bin").write_bytes(b"weights")
    chosen = options(tmp_path, backends=("embedded",), environ={"PEEPCC_MODEL": str(tmp_path / "m")}, count=2)
    told = summary(FAKE, chosen, carry_out(FAKE, chosen, quiet))
    assert told["versions"]["model"] == "9a129038d9a0"
