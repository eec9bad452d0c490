"""Which candidates come into the sets."""

import gzip
import json
import random

from peepcc.lab.dataset.select import Size, gather
from peepcc.lab.dataset.shard import Unit

LEVELS = ("-O0", "-O1", "-O2", "gcc -O0")


def shard(folder, name, test, rows, lost=None):
    unit = Unit(name, "a.c", "clang", "-O2", test)
    head = {"unit": {}, "seen": {"units": 1}, **({"lost": lost} if lost else {})}
    path = folder / f"{name}.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(each) + "\n" for each in (head, *rows)).encode()))
    return unit, path


def row(key, level="-O2", improved=True, kind="pair", more=0):
    return {
        "kind": kind,
        "key": key,
        "example": {
            "lines": [f"add x0, x0, #{more}"],
            "target": [],
            "level": level,
            "teacher": "rules" if improved else "",
        },
    }


def keys(rows):
    return [each.key for each in rows]


def test_what_both_sides_know_is_left_to_the_test_set(tmp_path):
    shards = [
        shard(tmp_path, "one", False, [row("a"), row("b"), row("c", improved=False)]),
        shard(tmp_path, "two", True, [row("b"), row("d")]),
    ]
    found = gather(shards, 1, Size(9, 9), Size(9, 9))
    assert set(keys(found.rows["train"])) == {"a", "c"} and set(keys(found.rows["test"])) == {"b", "d"}
    assert found.doubled["train: in the test set"] == 1


def test_one_row_of_a_form_whatever_the_order_of_the_shards(tmp_path):
    rows = [row(f"k{n % 40}", random.choice(LEVELS), n % 3 > 0, more=n) for n in range(200)]
    shards = [shard(tmp_path, f"p{n}", n % 4 == 0, rows[20 * n : 20 * n + 20]) for n in range(10)]
    first, second = gather(shards, 1, Size(15, 5), Size(9, 5)), gather(shards[::-1], 1, Size(15, 5), Size(9, 5))
    assert first == second
    for name in ("train", "test"):
        assert len(set(keys(first.rows[name]))) == len(first.rows[name])
    assert keys(gather(shards, 2, Size(15, 5), Size(9, 5)).rows["train"]) != keys(first.rows["train"])


def test_improvements_of_optimised_code_go_first(tmp_path):
    rows = [row(f"{level}{n}", level) for level in LEVELS for n in range(10)] + [
        row(f"same{n}", improved=False) for n in range(10)
    ]
    found = gather([shard(tmp_path, "p", False, rows)], 1, Size(25, 4), Size(0, 0))
    levels = [each.level for each in found.rows["train"] if each.improved]
    assert len(levels) == 25 and levels.count("-O1") == levels.count("-O2") == 10
    assert sum(not each.improved for each in found.rows["train"]) == 4
    assert found.doubled["train: more than wanted"] == 15 + 6


def test_wild_is_as_it_comes_and_lost_units_are_told(tmp_path):
    wild = [row("a", kind="wild"), row("b", kind="wild"), row("a", kind="wild")]
    found = gather(
        [shard(tmp_path, "p", True, wild), shard(tmp_path, "q", True, [], "died")], 1, Size(1, 1), Size(1, 1)
    )
    assert keys(found.rows["wild"]) == ["a", "b", "a"] and not found.rows["test"]
    assert found.lost == [f"{Unit('q', 'a.c', 'clang', '-O2', True).name}: died"] and found.seen == {"units": 2}


def test_forms_of_a_test_set_that_is_elsewhere_are_left_out(tmp_path):
    found = gather(
        [shard(tmp_path, "p", False, [row("a"), row("b")])], 1, Size(9, 9), Size(0, 0), frozenset({"b"}), ("train",)
    )
    assert list(found.rows) == ["train"] and keys(found.rows["train"]) == ["a"]
