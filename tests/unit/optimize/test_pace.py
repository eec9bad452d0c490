"""Slices of a unit: one where there is time, and what the time does not reach is told, not lost."""

from __future__ import annotations

import time

import pytest

from peepcc.analysis.bitcode_facts import ModuleFacts, read_facts
from peepcc.analysis.unit_analysis import surveyed
from peepcc.assembly.encode import Encoder
from peepcc.clock import Clock, TooLate, longest
from peepcc.optimize import pace
from peepcc.optimize.outcome import Outcome
from peepcc.optimize.pace import first_look
from peepcc.process import run
from peepcc.validate.verdict import Judgement, Verdict

FUNCTIONS = 6
BODY = "mov x8, x0\nadrp x15, g\nmov x0, x8\nret"
TEXT = ".text\n" + "".join(
    f".type f{n},@function\nf{n}:\n{BODY}\n.Lfunc_end{n}:\n.size f{n}, .Lfunc_end{n}-f{n}\n" for n in range(FUNCTIONS)
)


@pytest.fixture
def unit():
    argv = ("clang-19", "--target=aarch64-linux-gnu", "-x", "c", "-O1", "-c", "-emit-llvm", "-o", "-", "-")
    source = "".join(f"long f{n}(long x) {{ return x; }}\n" for n in range(FUNCTIONS))
    bitcode = run(argv, stdin=source.encode()).stdout
    return surveyed(TEXT, lambda: read_facts(bitcode), Encoder("clang-19", ["--target=aarch64-linux-gnu"]))


def looked(unit, seconds, cost=lambda windows: None):
    """(functions of the windows in each slice, what came of it); a look at a slice does `cost`."""
    slices = []

    def look(windows):
        slices.append([window.function for window in windows])
        cost(windows)
        return [Outcome(window, None, Judgement(Verdict.UNCHANGED)) for window in windows]

    return slices, first_look(unit, look, Clock(time.monotonic() + seconds))


def test_with_time_the_whole_unit_is_one_slice(unit):
    slices, found = looked(unit, 1000)
    assert slices == [[f"f{n}" for n in range(FUNCTIONS) for _ in range(2)]]
    assert found.unreached == ()
    assert [each[0].name for each in found.analysed.functions] == [f"f{n}" for n in range(FUNCTIONS)]
    assert [each.window for each in found.outcomes] == list(found.analysed.windows())


def test_slices_follow_one_another_until_all_is_seen(unit, monkeypatch):
    monkeypatch.setattr(pace, "_SHARE", 1e-9)
    slices, found = looked(unit, 1000)
    assert [sorted(set(each)) for each in slices] == [[f"f{n}"] for n in range(FUNCTIONS)]
    assert found.unreached == () and len(found.outcomes) == 2 * FUNCTIONS


def test_what_is_not_reached_is_told_and_what_was_found_is_kept(unit, monkeypatch):
    monkeypatch.setattr(pace, "_SHARE", 1e-9)
    slices, found = looked(unit, 0.5, cost=lambda windows: time.sleep(0.6 if windows[0].function == "f1" else 0))
    assert slices == [["f0", "f0"], ["f1", "f1"]]
    assert [function.name for function in found.unreached] == ["f2", "f3", "f4", "f5"]
    assert [each.judgement.verdict for each in found.outcomes] == [Verdict.UNCHANGED] * 4


def test_a_function_too_large_for_the_time_is_not_reached(unit):
    slices, found = looked(unit, -1)
    assert slices == [] and found.outcomes == () and len(found.unreached) == FUNCTIONS


def test_windows_that_there_is_no_time_for_are_too_late(unit, monkeypatch):
    monkeypatch.setattr(pace._Cutter, "_affordable", lambda self: 3)
    slices, found = looked(unit, 0.5, cost=lambda windows: time.sleep(0.3))
    assert slices == [["f0", "f0", "f1"], ["f1", "f2", "f2"]]
    verdicts = [each.judgement.verdict for each in found.outcomes]
    assert verdicts == [Verdict.UNCHANGED] * 6 + [Verdict.TOO_LATE] * (2 * FUNCTIONS - 6)
    assert [each.window for each in found.outcomes] == list(found.analysed.windows())


@pytest.mark.parametrize("part", ["reading", "check"])
def test_a_unit_that_cannot_be_surveyed_in_time_raises(part):
    with pytest.raises(TooLate):
        surveyed(TEXT, ModuleFacts, Encoder("clang-19"), **{part: Clock(time.monotonic() - 1).check})


def test_the_rule():
    assert [longest(budget) for budget in (0, 2, 10, 60)] == [1, 4, 16, 91]
    clock = Clock(time.monotonic() + 10)
    assert not clock.over and Clock(time.monotonic() - 1).over and 4 < clock.share(0.5).left < 6
