"""A found body comes nearer to its window, and never to what does not hold."""

import random
from pathlib import Path

import pytest

from peepcc.assembly.encode import Encoder
from peepcc.lab.dataset.label import Found, School
from peepcc.lab.dataset.minimize_edit import nearest
from peepcc.lab.example import from_json, read_rows
from peepcc.lab.verify import newest_clang

SETS = Path(__file__).parents[3] / "models"

# source, body, nearer; what holds is then whether it is one of the two
NEARER = [
    (
        "mov x8, x0; mov x0, x21; str x8, [x21, #16]; str wzr, [x21, #4]",
        "str x0, [x21, #16]; str wzr, [x21, #4]; mov x0, x21",
        "str x0, [x21, #16]; mov x0, x21; str wzr, [x21, #4]",
    ),
    (
        "add x9, sp, #32; add x21, sp, #32; add x21, x21, #8; ldrb w8, [x21, x9]",
        "add x8, sp, #32; add x21, x8, #8; ldrb w8, [x21, x8]",
        "add x9, sp, #32; add x21, x9, #8; ldrb w8, [x21, x9]",
    ),
    ("add x0, x0, #1; mov x1, x2; nop", "mov x1, x2; add x0, x0, #1", "add x0, x0, #1; mov x1, x2"),
]


def lines(text):
    return tuple(text.split("; "))


@pytest.mark.parametrize("source, body, nearer", NEARER)
def test_nearer(source, body, nearer):
    right = {lines(body), lines(nearer)}
    assert nearest(lines(source), lines(body), right.__contains__) == lines(nearer)


def test_nothing_is_left_out_that_does_not_hold():
    for source, body, _ in NEARER:
        asked = []
        assert nearest(lines(source), lines(body), lambda one: asked.append(one)) == lines(body)
        assert all(len(one) <= len(lines(body)) for one in asked)


def test_what_the_school_takes_is_as_short_and_as_well_proved():
    encoder = Encoder(newest_clang())
    rows = [
        row
        for row in read_rows(SETS / "train.jsonl.gz")
        if row["teacher"] == "combine" and len(row["lines"]) - len(row["target"]) > 0
    ]
    school = School({}, encoder, newest_clang())
    changed = 0
    for row in random.Random(3).sample(rows, 25):
        example = from_json(row, encoder)
        found = Found(example.target, example.teacher, example.evidence)
        near = school.nearer(example.window, found)
        assert (len(near.target), near.evidence, near.teacher) == (len(found.target), found.evidence, found.teacher)
        changed += near != found
    assert changed
