"""Each campaign in short: fixed items, nothing wrong, and the gate had something to refuse and something to accept.

The long form is `peeplab campaign NAME`; what it came to is beside this file.
"""

from pathlib import Path

import pytest

from peepcc.lab.campaigns.command import CAMPAIGNS, LEVELS, load
from peepcc.lab.campaigns.runner import Options, carry_out
from peepcc.lab.campaigns.summary import summary
from peepcc.lab.verify import newest_clang
from peepcc.settings import OPTIONS

ROOT = Path(__file__).parent.parent.parent
BUDGET = 60.0  # seconds: everything is judged, however busy the machine is
PROGRAMS = ROOT / "build" / "campaigns" / "gcc-torture"  # fetched once

# name -> (so many, sources, back-ends, what the counts must at least be)
SHORT = {
    "mutants": (
        400,
        (ROOT / "examples",),
        ("teachers", "mutator"),
        {"refuted": 250, "rewrites accepted: teachers": 20, "rewrites accepted: mutator": 10},
    ),
    "pairs": (250, (), ("none",), {"wrong pairs: refuted": 200, "right pairs: accepted-proved": 80}),
    "programs": (
        8,
        (),
        ("mutator",),
        {"refused": 500, "applied": 10, "programs with a rewrite": 1, "same behaviour": 1},
    ),
    "torture": (
        32,
        (PROGRAMS,),
        ("mutator", "embedded"),
        {"refused": 100, "applied": 10, "programs with a rewrite": 4, "same behaviour": 4},
    ),
    "abi": (16, (), ("mutator",), {"refused": 1000, "applied": 10, "files": 8, "files with a rewrite": 2}),
    "hardening": (1_200, (), ("mutator",), {"compiles": 12, "applied": 5, "refused": 400, "programs run": 6}),
    "hostile": (
        2000,
        (),
        ("none",),
        {
            "build: unparsed": 200,
            "build: refuted": 30,
            "judge: unparsed": 100,
            "replies: directive": 40,
            "server: text": 5,
        },
    ),
}


def short(name: str, out: Path) -> Options:
    count, sources, backends, _ = SHORT[name]
    return Options(out, 1, count, 10, OPTIONS["policy"][1], backends, BUDGET, LEVELS, sources, 1, newest_clang(), {})


@pytest.mark.parametrize("name", SHORT)
def test_nothing_wrong_gets_through(name, tmp_path):
    result = carry_out(load(name), short(name, tmp_path), lambda text: None)
    assert result.wrong == ()
    least = SHORT[name][3] | {load(name).unit: SHORT[name][0]}
    assert {each: result.counts.get(each, 0) for each in least if result.counts.get(each, 0) < least[each]} == {}, (
        result.counts
    )
    assert [each for each in result.counts if each.startswith(("falls back", "worker died", "csmith failed"))] == []
    assert summary(load(name), short(name, tmp_path), result)["complete"]


def test_every_campaign_has_a_short_form():
    assert set(SHORT) == set(CAMPAIGNS)
