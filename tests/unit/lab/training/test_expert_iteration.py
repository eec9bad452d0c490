"""A round with the default model: what it says better than the targets do is kept, all else stays as it was."""

import json
from pathlib import Path

from click.testing import CliRunner

from peepcc.lab.cli import main
from peepcc.lab.example import read_rows, write_rows
from peepcc.lab.serve import DEFAULT

NOTHING = {
    "schema": 1,
    "live_out": {"": "3"},
    "known": {},
    "aliases": {},
    "ordered": False,
    "teacher": "",
    "evidence": "unchanged",
    "package": "p",
    "level": "-O0",
}


def example(lines, target=None, **more):
    return NOTHING | {"lines": lines, "target": lines if target is None else target} | more


# The first two are what debug builds are full of; to the others nothing can be added: the best is known, no words,
# nothing to gain.
ROWS = [
    example(["str w0, [sp, #12]", "ldr w0, [sp, #12]", "add w0, w0, #1"], live_out={"": "1"}),
    example(["str x0, [sp, #8]", "ldr x8, [sp, #8]", "ldr x0, [x8]"]),
    example(["mov x5, x5", "add x0, x1, #1"], ["add x0, x1, #1"], teacher="rules", evidence="proved"),
    example(["umaxp v0.4s, v1.4s, v2.4s"]),
    example(["add x0, x1, x2"]),
]


def selftrain(data, out, *more):
    arguments = ["selftrain", str(DEFAULT), "--data", str(data), "--out", str(out), "--replies", "6", *more]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads((out / "selftrain.json").read_text())


def test_better_targets_come_into_the_next_set_and_nothing_else_changes(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    write_rows(data / "train.jsonl.gz", ROWS[:3])
    write_rows(data / "train-more.jsonl.gz", ROWS[3:])
    told = selftrain(data, tmp_path / "next")
    first, rest = (
        list(read_rows(tmp_path / "next/train.jsonl.gz")),
        list(read_rows(tmp_path / "next/train-more.jsonl.gz")),
    )
    better = [n for n, row in enumerate(first) if row["teacher"] == "model"]
    assert better and set(better) <= {0, 1}
    for n in better:
        assert len(first[n]["target"]) < len(first[n]["lines"])
        assert first[n]["evidence"] == "proved"
        assert {name for name in first[n] if first[n][name] != ROWS[n][name]} == {"target", "teacher", "evidence"}
    assert [*first, *rest] == [first[n] if n in better else row for n, row in enumerate(ROWS)]
    assert (told["windows"], told["windows with a better target"], told["of them unchanged before"]) == (
        5,
        len(better),
        len(better),
    )
    assert told["saved after"] - told["saved before"] == sum(
        len(ROWS[n]["lines"]) - len(first[n]["target"]) for n in better
    )
    again = selftrain(data, tmp_path / "again")
    assert again == told
    assert (tmp_path / "again/train.jsonl.gz").read_bytes() == (tmp_path / "next/train.jsonl.gz").read_bytes()


def test_a_second_round_starts_from_the_first(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    write_rows(data / "train.jsonl.gz", ROWS[:2])
    one = selftrain(data, tmp_path / "one")
    two = selftrain(tmp_path / "one", tmp_path / "two")
    assert two["saved before"] == one["saved after"] > one["saved before"] == 0
    assert two["windows with a better target"] == 0


def test_only_the_number_of_windows_that_was_asked_for_is_asked_about(tmp_path):
    write_rows(tmp_path / "train.jsonl.gz", ROWS)
    assert selftrain(tmp_path, tmp_path / "next", "--count", "2")["windows"] == 2


def test_a_model_of_others_is_refused(tmp_path):
    write_rows(tmp_path / "train.jsonl.gz", ROWS[:1])
    done = CliRunner().invoke(
        main, ["selftrain", str(tmp_path), "--data", str(tmp_path), "--out", str(tmp_path / "next")]
    )
    assert done.exit_code == 1
    assert "no model of ours in" in done.output
    assert not Path(tmp_path / "next").exists()
