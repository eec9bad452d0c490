"""Requests and replies as values for JSON: what the compiler asks is of the schema, what is not of it is refused."""

import json
import subprocess
from dataclasses import replace

import pytest

from peepcc.analysis.unit_analysis import analyse_by
from peepcc.assembly.encode import Encoder
from peepcc.propose.protocol import Refusal, Repair, Reply, Request
from peepcc.propose.request import request_of
from peepcc.propose.schema import (
    Misshapen,
    check,
    dumped,
    dumped_repair,
    dumped_request,
    loaded,
    loaded_repair,
    loaded_request,
)

from ...support.stated import stated

REQUEST = Request(
    ("ldr x0, [x1]", "cbz x0, .LBB0_1", "ret"),
    ("x0", "nzcv", "q31", "sp", "w3"),
    ((".LBB0_1", ("x1",)), ("ret", ())),
    (".LBB0_2",),
    (("const", "x1", 2**64 - 1), ("zext", "x2", 32), ("sext", "x2", 8), ("equal", "x1", "x2")),
    True,
    (("x1",), (), ("x30", "d8", "nzcv")),
)

TARGET = "--target=aarch64-linux-gnu"
SOURCE = """
typedef unsigned char byte; struct list { struct list *next; volatile int value; double share; };
double sum(struct list *all) { double s = 0; while (all) { if (all->value > 3) s += all->share; all = all->next; }
  return s; }
int pick(byte b, int n) { int r = 0; if (b == 7) r = n + b; else if (n < 100000) r = 1; return r * n; }
"""


@pytest.fixture(scope="module")
def asked():
    """The requests about SOURCE."""
    found = []
    for level in ("-O0", "-O1", "-O2"):
        command = ["clang-19", TARGET, level, "-S", "-x", "c", "-", "-o", "-"]
        text = subprocess.run(command, input=SOURCE, capture_output=True, check=True, text=True).stdout
        analysed = analyse_by(text, stated(text), Encoder("clang-19", [TARGET]))
        found += [request_of(window) for window in analysed.windows()]
    return found


def changed(**parts):
    return {**json.loads(json.dumps(dumped_request(REQUEST))), **parts}


def test_a_request_comes_back_as_it_was():
    assert loaded_request(changed()) == REQUEST
    assert loaded_request(changed()).key == REQUEST.key


@pytest.mark.parametrize(
    "parts",
    [
        {"lines": []},
        {"lines": "ret"},
        {"lines": [3]},
        {"live_out": ["x32"]},
        {"live_out": ["x0", "x0 "]},
        {"live_out": "x0"},
        {"exits": [["ret"]]},
        {"exits": [["ret", ["x0"], 1]]},
        {"exits": [["", []]]},
        {"fall": [None]},
        {"ordered": 1},
        {"dying": [["x99"]]},
        {"dying": ["x1"]},
        {"more": 1},
        {"known": [["const", "x0"]]},
        {"known": [["const", "x0", -1]]},
        {"known": [["const", "x0", 2**64]]},
        {"known": [["zext", "x0", 64]]},
        {"known": [["equal", "x0", 3]]},
        {"known": [["less", "x0", 3]]},
    ],
    ids=str,
)
def test_what_is_no_request(parts):
    with pytest.raises(Misshapen):
        loaded_request(changed(**parts))


@pytest.mark.parametrize("part", REQUEST.__slots__)
def test_each_part_is_required(part):
    value = changed()
    del value[part]
    with pytest.raises(Misshapen):
        check(value, "request")


def test_what_the_compiler_asks_is_of_the_schema(asked):
    for request in asked:
        assert loaded_request(json.loads(json.dumps(dumped_request(request)))) == request
    assert (
        any(request.known for request in asked)
        and any(request.exits for request in asked)
        and any(request.fall for request in asked)
    )


REPAIR = Repair(
    REQUEST,
    (
        Refusal(None, "a poem\n\u2603", "unparsed", "not an instruction: a poem"),
        Refusal(
            ("ldr x0, [x1]", "ret"),
            "```\n...```",
            "refuted",
            "",
            (("x1", "0x7f"), ("[0x7f]", "0x0102")),
            (("exit", "falls through", "ret"),),
        ),
    ),
)


def again(**parts):
    return {**json.loads(json.dumps(dumped_repair(REPAIR))), **parts}


def refusal(**parts):
    return again(refused=[{**again()["refused"][1], **parts}])


def test_a_repair_comes_back_as_it_was():
    assert loaded_repair(again()) == REPAIR
    assert loaded(json.loads(json.dumps(dumped(Reply(REPAIR.key, ("ret",)), REPAIR)))) == Reply(REPAIR.key, ("ret",))


@pytest.mark.parametrize(
    "value",
    [
        again(refused=[]),
        again(refused=None),
        again(request={}),
        again(more=1),
        {"request": again()["request"]},
        refusal(lines=[1]),
        refusal(text=None),
        refusal(verdict="Not good!"),
        refusal(inputs=[["x1", "7"]]),
        refusal(inputs=[["x1"]]),
        refusal(outcomes=[["x0", "0x1"]]),
        refusal(more=1),
    ],
    ids=str,
)
def test_what_is_no_repair(value):
    with pytest.raises(Misshapen):
        loaded_repair(value)


@pytest.mark.parametrize("lost", ["lines", "text", "verdict", "reason", "inputs", "outcomes"])
def test_each_part_of_a_refusal_is_required(lost):
    value = again()
    del value["refused"][0][lost]
    with pytest.raises(Misshapen):
        check(value, "repair")


def test_a_reply_is_to_its_repair_only():
    told = dumped(Reply(REPAIR.key, ("ret",)), REPAIR)
    for wrong in (
        {**told, "key": REQUEST.key},
        {**told, "refused": told["refused"][:1]},
        {each: told[each] for each in told if each != "request"},
    ):
        with pytest.raises(Misshapen):
            loaded(wrong)


def test_a_repairs_key_is_of_the_replies_and_not_of_what_refuted_them():
    first, second = REPAIR.refused
    assert Repair(REQUEST, (first, replace(second, inputs=(), outcomes=(), reason="else"))).key == REPAIR.key
    others = [
        Repair(REQUEST, each)
        for each in ((first,), (second, first), (first, replace(second, text="")), (first, replace(second, lines=())))
    ]
    assert (
        len({each.key for each in (*others, REPAIR, REQUEST, Repair(replace(REQUEST, ordered=False), REPAIR.refused))})
        == 7
    )
