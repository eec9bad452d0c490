"""The committed sets are those of the statistics, of the sizes that are claimed, and nothing of `test` is in `train`.

Some targets are proved again.
"""

import gzip
import hashlib
import json
import random
from pathlib import Path

import pytest

from peepcc.analysis.encoded import program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.dataset.packages import TEST, TRAINING, WIDER, WIDEST
from peepcc.lab.example import PROVED, from_json, key, read_rows
from peepcc.optimize.edits import edited, hunks
from peepcc.validate.pipeline import judge

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "measured"
MORE = {
    "train-more": "dataset-more",
    "train-more-3": "dataset-more-3",
    "train-wider": "dataset-wider",
    "train-widest": "dataset-widest",
}  # set -> its statistics
TOLD = {
    **json.loads((DOCS / "dataset.json").read_text())["sets"],
    **{name: json.loads((DOCS / f"{file}.json").read_text())["sets"]["train"] for name, file in MORE.items()},
}
SETS = ("train", "test", "wild", *MORE)
VARIED = ("train-varied", "train-wider-varied", "train-widest-varied")
LEAST = {
    "train": 100_000,
    "test": 24_000,
    "wild": 50_000,
    "train-more": 10_000,
    "train-more-3": 50_000,
    "train-wider": 35_000,
    "train-widest": 60_000,
}


@pytest.fixture(scope="module")
def rows():
    return {name: list(read_rows(HERE / f"{name}.jsonl.gz")) for name in SETS}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_what_the_statistics_tell(name, rows):
    text = gzip.decompress((HERE / f"{name}.jsonl.gz").read_bytes())
    told = TOLD[name]
    assert hashlib.sha256(text).hexdigest() == told["sha256 of the text"]
    assert len(rows[name]) == told["rows"] >= LEAST[name]
    assert sum(row["evidence"] != "unchanged" for row in rows[name]) == told["improved"]


def test_packages_are_on_one_side(rows):
    names = [each.name for each in (*TRAINING, *WIDER, *WIDEST, *TEST)]
    assert len(names) == len(set(names))
    assert {row["package"] for row in rows["train"]} == {*(each.name for each in TRAINING), "csmith"}
    assert {row["package"] for name in ("train-more", "train-more-3") for row in rows[name]} == {
        each.name for each in TRAINING
    }
    assert {row["package"] for row in rows["train-wider"]} == {each.name for each in WIDER}
    assert {row["package"] for row in rows["train-widest"]} == {each.name for each in WIDEST}
    assert {row["package"] for name in ("test", "wild") for row in rows[name]} == {each.name for each in TEST}


def test_no_form_is_on_both_sides(rows):
    """Of 4,000 of each: the gathering has compared all."""
    encoder = Encoder("clang-19")
    choice = random.Random(5)
    sample = {name: choice.sample(rows[name], 4000) for name in ("train", *MORE, "test")} | {
        name: choice.sample(list(read_rows(HERE / f"{name}.jsonl.gz")), 4000) for name in VARIED
    }
    encoder.encode_instructions(
        [
            parse_instruction(line)
            for some in sample.values()
            for row in some
            for line in row["lines"]
            if not line.endswith(":")
        ]
    )
    keys = {name: {key(from_json(row, encoder)) for row in some} for name, some in sample.items()}
    assert len(keys["test"]) == 4000 and not keys["test"] & {
        key for name in keys if name != "test" for key in keys[name]
    }


def test_targets_are_right_and_shorter_or_faster(rows):
    encoder = Encoder("clang-19")
    choice = random.Random(6)
    some = choice.sample([row for name in SETS for row in rows[name] if row["evidence"] == PROVED], 250)
    some += choice.sample(
        [row for name in VARIED for row in read_rows(HERE / f"{name}.jsonl.gz") if row["evidence"] == PROVED], 150
    )
    encoder.encode_instructions(
        [parse_instruction(line) for row in some for line in (*row["lines"], *row["target"]) if not line.endswith(":")]
    )
    for row in some:
        example = from_json(row, encoder)
        target = tuple(map(parse_instruction, example.target))
        after = program(edited(example.window, hunks(example.window, target)), encoder)
        assert judge(example.window.obligation(after), "proved").verdict.accepted, row
        assert len(example.target) <= len(example.source), row
