"""Rules are proved in general form: a sample of the book again, and what is wrong in one corner is found."""

import json
import random

import pytest
from click.testing import CliRunner

from peepcc.assembly.encode import Encoder
from peepcc.lab.rulebook.command import command
from peepcc.lab.rulebook.instances import aliases, partitions
from peepcc.lab.rulebook.prove import proved
from peepcc.propose.rules.book import BOOK, read_rules, templates

ENCODER = Encoder("clang-19")
SEED = 20261201


def rule(pattern, replacement, **about):
    return {
        "id": "made", "version": 1, "pattern": pattern, "replacement": replacement, "origin": "test", "uses": 0, **about
    }  # fmt: skip


def light(each):
    """Whether the proof takes seconds: the others are left to `peeplab rules prove`."""
    return not each.get("numbers")


@pytest.mark.parametrize(
    "each",
    random.Random(SEED).sample([each for each in read_rules(BOOK) if light(each)], 25),
    ids=lambda each: each["id"],
)
def test_a_sample_of_the_book_is_proved_again(each):
    proof = proved(each, ENCODER, SEED)
    assert proof.failure is None and proof.instances > 0, f"seed {SEED}: {proof.failure}"


MUL_ADD = (["mul rT, rA, rB", "add rD, rC, rT"], ["madd rD, rA, rB, rC"])


WRONG = {
    "a product may be what is added": rule(*MUL_ADD, dead=["T"]),
    "a product is read later": rule(*MUL_ADD, distinct=[["T", "C"]]),
    "another shift": rule(
        ["lsl rT, rA, #k", "add rD, rB, rT"],
        ["add rD, rB, rA, lsr #k"],
        dead=["T"],
        distinct=[["T", "B"]],
        numbers={"k": [1, "W - 1"]},
    ),
    "overflow": rule(["sub rD, rA, rB", "cmp rD, #0"], ["subs rD, rA, rB"], flags=["eq", "lt"]),
    "a sum that is none": rule(
        ["add rT, rA, #k", "add rD, rT, #m"],
        ["add rD, rA, #{k | m}"],
        dead=["T"],
        numbers={"k": [0, 4095], "m": [0, 4095]},
    ),
    "one condition of many": rule(["cmp rA, #0", "b.?c @L"], ["cbz rA, @L"], dead=["nzcv"]),
    "another address": rule(["ldr wD, [xA]"], ["ldr wD, [xA, #4]"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_somewhere_is_not_proved(what):
    assert proved(WRONG[what], ENCODER).failure is not None


def test_all_values_of_a_large_immediate_are_proved_at_once():
    right = rule(
        ["add rT, rA, #k", "add rD, rT, #m"], ["add rD, rA, #{k + m}"], dead=["T"],
        numbers={"k": [0, 4095], "m": [0, 4095]}, where=["k + m < 4096"],
    )  # fmt: skip
    proof = proved(right, ENCODER)
    assert proof.failure is None and proof.instances == 2 * len(list(partitions("TAD")))


def test_every_alias_pattern_that_a_rule_allows_is_an_instance():
    (narrow, _) = templates(rule(*MUL_ADD, dead=["T"], distinct=[["T", "C"]]))
    found = [tuple(sorted(each.items())) for each in aliases(narrow)]
    assert len(found) == len(set(found)) == 37 and all(dict(each)["T"] != dict(each)["C"] for each in found)


def test_the_command_proves_and_says_what_is_not_proved(tmp_path):
    book = tmp_path / "book.jsonl"
    book.write_text(json.dumps(rule(*MUL_ADD, dead=["T"], distinct=[["T", "C"]])) + "\n")
    assert CliRunner().invoke(command, ["prove", "--book", str(book)]).exit_code == 0
    book.write_text(json.dumps(rule(*MUL_ADD, dead=["T"])) + "\n")
    result = CliRunner().invoke(command, ["prove", "--book", str(book)])
    assert result.exit_code == 1 and "not proved" in result.output
