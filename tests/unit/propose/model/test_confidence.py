"""How sure the embedded model is: measured and told."""

import json
import math
import random
import time

import pytest
from click.testing import CliRunner

from peepcc.errors import PeepccError
from peepcc.lab.cli import main
from peepcc.lab.example import write_rows
from peepcc.lab.training.calibrate import Seen, fitted, quality
from peepcc.propose.model.confidence import FILE, Confidence, read_confidence
from peepcc.propose.model.embedded import Embedded
from peepcc.propose.protocol import Request

MOVE = Request(("mov x0, x1", "add x0, x0, x2"), ("x0",))


def reply_of(folder):
    return next(iter(Embedded(folder).propose([MOVE], time.monotonic() + 20)))


def test_a_model_that_was_not_measured_says_nothing(writer):
    reply = reply_of(writer("@1"))
    assert reply.lines == ("add x0, x0, x2",) and reply.confidence is None and reply.score < 0


def test_a_measured_one_says_how_sure_it_is(writer):
    folder = writer("@1")
    (folder / FILE).write_text(json.dumps({"offset": 0.0, "slope": 0.0}))
    reply = reply_of(folder)
    assert reply.confidence == 0.5 and reply.lines == ("add x0, x0, x2",)


@pytest.mark.parametrize("content", ["", "[]", '{"offset": 1}', '{"offset": "x", "slope": 1}'])
def test_a_damaged_measure_is_an_error(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(PeepccError, match="cannot be read"):
        read_confidence(tmp_path)


def test_the_fit_finds_the_function_that_made_the_replies():
    choice = random.Random(4)
    true = Confidence(2.0, 1.5)
    scores = [-choice.expovariate(0.7) for _ in range(20_000)]
    seen = [Seen(score, choice.random() < true.of(score)) for score in scores]
    found = fitted(seen)
    assert abs(found.offset - 2.0) < 0.15 and abs(found.slope - 1.5) < 0.1
    assert quality(found, seen)["calibration error"] < 0.02


def test_scores_that_tell_nothing_give_the_share_that_is_right():
    found = fitted([Seen(-1.0, n % 4 == 0) for n in range(400)])
    assert math.isclose(found.of(-1.0), 0.25, abs_tol=0.01)


def test_the_command_measures_a_model_by_what_the_validators_say(writer, tmp_path):
    """A model that always drops the first line, and is right in every other window."""
    folder = writer("@1")
    rows = [
        {
            "schema": 1,
            "lines": [first, f"add x{n % 5 + 2}, x0, #{n}"],
            "target": [f"add x{n % 5 + 2}, x0, #{n}"],
            "live_out": {"": f"{0xFFFFF:x}"},
            "known": {},
            "aliases": {},
            "ordered": False,
            "teacher": "test",
            "evidence": "proved",
            "package": "p",
            "level": "-O0",
        }
        for n in range(800)
        for first in (("mov x0, x0", "mov x0, x1")[n % 2],)
    ]
    data = tmp_path / "data"
    data.mkdir()
    write_rows(data / "train.jsonl.gz", rows)
    done = CliRunner().invoke(
        main, ["calibrate", str(folder.parent), "--data", str(data), "--count", "30"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    told = json.loads((folder / FILE).read_text())
    assert told["windows"] == told["replies"] > 9 and 0.2 < told["right"] < 0.8 and told["calibration error"] < 0.05
    assert abs(reply_of(folder).confidence - told["right"]) < 0.05
