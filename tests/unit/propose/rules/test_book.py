"""The rule book: it is of its schema, its rules are read as they should be, and what is malformed is refused."""

import json

import pytest
from jsonschema import Draft202012Validator

from peepcc.propose.rules.book import BOOK, book_of, packaged, read_rules, templates
from peepcc.propose.rules.expression import Malformed, compiled

RULES = read_rules(BOOK)
SCHEMA = json.loads(BOOK.with_name("rule.schema.json").read_text())
MADE = {
    "id": "multiply-add",
    "version": 1,
    "pattern": ["mul rT, rA, rB", "add rD, rC, rT"],
    "replacement": ["madd rD, rA, rB, rC"],
    "dead": ["T"],
    "distinct": [["T", "C"]],
    "origin": "test",
    "uses": 0,
}


def test_every_rule_is_of_the_schema_and_has_a_name_of_its_own():
    validator = Draft202012Validator(SCHEMA)
    for rule in RULES:
        validator.validate(rule)
    assert packaged().count == len(RULES) == len({rule["id"] for rule in RULES}) >= 360


def test_no_replacement_is_longer_than_its_pattern():
    assert [rule["id"] for rule in RULES if len(rule["replacement"]) > len(rule["pattern"])] == []


def test_a_rule_stands_for_both_widths_and_all_choices():
    found = list(
        templates({**MADE, "pattern": ["mul rT, rA, rB", "{op} rD, rC, rT"], "choices": {"op": ["add", "sub"]}})
    )
    assert [(each.width, each.pattern[1].mnemonic) for each in found] == [
        (32, "add"),
        (64, "add"),
        (32, "sub"),
        (64, "sub"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"pattern": ["mul rT, rA, q", "add rD, rC, rT"]},
        {"replacement": ["madd rE, rA, rB, rC"]},
        {"replacement": ["mul rA, rA, rB"]},
        {"where": ["__import__('os')"]},
        {"where": ["k +"]},
        {"surprise": 1},
        {"pattern": ["cbz rA, @L", "add rD, rC, rA"], "replacement": ["cbz rA, @L"], "dead": [], "distinct": []},
        {"pattern": ["mul rT, rA, rB", "{x}", "add rD, rC, rT"], "choices": {"x": ["cbz rA, @L"]}},
        {"replacement": ["b.?c @L", "madd rD, rA, rB, rC"]},
        {"conditions": {"c": ["never"]}},
        {"choices": {"a": ["add"], "b": ["add", "sub"]}},
    ],
)
def test_what_is_malformed_is_refused(change):
    with pytest.raises(Malformed):
        book_of([{**MADE, **change}])


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(Malformed, match="multiply-add"):
        book_of([MADE, MADE])


@pytest.mark.parametrize(
    "text, names, value",
    [
        ("k + 1 == b", {"k": 3, "b": 4}, 1),
        ("logical(k, W)", {"k": 0xFF, "W": 32}, 1),
        ("logical(k, W)", {"k": 5, "W": 32}, 0),
        ("logical(k, W)", {"k": 0x3333333333333333, "W": 64}, 1),
        ("pow2(k) and k < 32", {"k": 16}, 1),
        ("mask(k)", {"k": 6}, 0),
        ("addimm(k)", {"k": 0xFFF000}, 1),
        ("addimm(k)", {"k": 0x1001}, 0),
        ("k << 70", {"k": 1}, 0),
    ],
)
def test_expressions(text, names, value):
    assert compiled(text)(names) == value
