"""`peeplab vary`: what it makes holds, is not what it was made from, and shows both sides of what a rewrite hangs
on.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from peepcc.analysis.encoded import program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.example import (
    EMULATED,
    PROVED,
    check,
    from_json,
    from_rows,
    key,
    read_examples,
    read_rows,
    to_json,
    write_rows,
)
from peepcc.lab.training.batches import is_held_out, is_rare
from peepcc.optimize.edits import edited, hunks
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.prover.equivalence import prove
from peepcc.validate.verdict import Verdict

SETS = Path(__file__).parents[3] / "models"
PEEPLAB = (sys.executable, "-c", "from peepcc.lab.cli import main\nif __name__ == '__main__': main()", "vary")


def vary(folder, out, *more):
    subprocess.run(
        [*PEEPLAB, "--data", str(folder), "--out", str(folder / out), "--each", "4", "--contrast", "1", *more],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return list(read_examples(folder / out, Encoder("clang-19")))


def _holds(obligation):
    """By other states than it was made with; of accesses that few states can hold, by proof."""
    emulated = emulate(obligation, states=600, seed=91).verdict
    return emulated is Verdict.ACCEPTED_EMULATED or (
        emulated is Verdict.UNPROVED and prove(obligation, seconds=30).verdict is Verdict.ACCEPTED_PROVED
    )


@pytest.fixture(scope="module")
def rare():
    rows = [
        row
        for row in read_rows(SETS / "train.jsonl.gz")
        if is_rare(row["teacher"], row["level"]) and row["teacher"] != "rules"
    ]
    return random.Random(4).sample(rows, 40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, rare):
    folder = tmp_path_factory.mktemp("vary")
    easy = [row for row in read_rows(SETS / "train.jsonl.gz") if row["level"] == "-O0"][:50]
    write_rows(folder / "train.jsonl.gz", [*rare, *easy])
    return folder


@pytest.fixture(scope="module")
def made(folder):
    return vary(folder, "train-varied.jsonl.gz", "--mutate", "0")


def test_what_is_said_to_hold_holds(made):
    encoder = Encoder("clang-19")
    better = [each for each in made if each.improved]
    assert len(better) > 60
    for each in better:
        check(to_json(each))
        assert each.evidence in (PROVED, EMULATED) and each.teacher == "vary" and len(each.target) <= len(each.source)
        target = program(
            edited(each.window, hunks(each.window, [parse_instruction(line) for line in each.target])), encoder
        )
        assert _holds(each.window.obligation(target))


def test_each_is_another_form_and_some_are_to_be_left_alone(made, folder, rare):
    forms = [key(each) for each in made]
    encoder = Encoder("clang-19")
    assert len(set(forms)) == len(forms) and not set(forms) & {key(from_json(row, encoder)) for row in rare}
    same = [each for each in made if not each.improved]
    assert same and all(each.target == each.source and each.teacher == "" for each in same)
    assert {each.level for each in made} == {row["level"] for row in rare}


def test_mutants_are_what_the_teachers_say_of_them(tmp_path):
    same = [
        row
        for row in read_rows(SETS / "train.jsonl.gz")
        if not row["teacher"] and not row["level"].endswith("-O0") and len(row["lines"]) <= 8
    ]
    same = random.Random(5).sample(same, 40)
    write_rows(tmp_path / "train.jsonl.gz", same)
    made = vary(tmp_path, "train-varied.jsonl.gz", "--mutate", "30")
    assert {each.teacher for each in made} == {"mutate", ""}
    encoder = Encoder("clang-19")
    better = [each for each in made if each.improved]
    assert len(better) > 10 and not any(map(is_held_out, made))
    before = {key(each) for each in from_rows(same, encoder)}
    assert sum(key(each) in before for each in made) < len(made) / 10
    for each in better:
        check(to_json(each))
        target = program(
            edited(each.window, hunks(each.window, [parse_instruction(line) for line in each.target])), encoder
        )
        assert _holds(each.window.obligation(target))


def test_what_is_held_out_is_not_learnt_in_disguise(made, tmp_path):
    assert not any(map(is_held_out, made))
    encoder = Encoder("clang-19")
    rows = [
        row
        for row in read_rows(SETS / "train.jsonl.gz")
        if is_rare(row["teacher"], row["level"]) and row["teacher"] != "rules"
    ]
    held = [to_json(each) for each in from_rows(rows, encoder) if is_held_out(each)]
    assert len(held) > 5
    write_rows(tmp_path / "train.jsonl.gz", held)
    assert vary(tmp_path, "train-varied.jsonl.gz") == []


def test_the_seed_decides_and_the_forms_of_the_test_set_are_left_out(made, folder):
    other = made[len(made) // 2]
    write_rows(folder / "test.jsonl.gz", [to_json(other)])
    again = vary(folder, "train-again.jsonl.gz", "--workers", "2", "--mutate", "0")
    assert [to_json(each) for each in again] == [to_json(each) for each in made if each is not other]
