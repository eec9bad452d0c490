"""Refused replies go back to a model at a real socket: what it is told, what comes of its next answer, what it
costs.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import time
from functools import cache
from pathlib import Path

import pytest

from peepcc.driver.rewrite import rewrite_unit
from peepcc.propose.protocol import Reply
from peepcc.propose.registry import _BACKENDS
from peepcc.settings import Settings
from peepcc.translation_unit import Unit

_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parents[2] / "servers" / "hostile.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

TEXT = (
    ".text\n.type f,@function\nf:\n\tmov\tx9, x0\n\tadd\tx9, x9, x1\n\tmov\tx0, x9\n\tret\n.Lfunc_end0:\n"
    ".size f, .Lfunc_end0-f\n"
)
UNIT = Unit("clang-19", "f.c")
RIGHT = "add x0, x0, x1\nret"
WRONG = "sub x0, x0, x1\nret"
NONSENSE = "add x0, x0, #99999\nret"


@pytest.fixture(autouse=True)
def no_rules(monkeypatch):
    """The rule book would make of the window what the servers here propose, before one of them is asked."""
    monkeypatch.setattr("peepcc.optimize.pipeline.asks_rules_first", lambda settings: False)


@cache
def bitcode(source="long f(long a, long b) { return a + b; }"):
    """What tells the rewriter that only the result is read after `ret`."""
    argv = ["clang-19", "--target=aarch64-linux-gnu", "-O1", "-c", "-emit-llvm", "-x", "c", "-", "-o", "-"]
    return subprocess.run(argv, input=source.encode(), capture_output=True, check=True).stdout


def fenced(body):
    return hostile.as_json(hostile.chat_completion(f"<think>hm</think>So:\n```\n{body}\n```"))


def conversation(*answers):
    """A chat model that gives the first answer to a question, the next to a first repair, and so on.

    Other windows are unchanged.
    """

    async def answer(server, writer, path, headers, body):
        turns = body["messages"]
        whole = "mov x9, x0\nadd x9, x9, x1\nmov x0, x9\nret" in turns[0]["content"]
        writer.write(fenced(answers[min(len(turns) // 2, len(answers) - 1)] if whole else "="))

    return answer


def talks(server):
    """The conversations that were sent, each as (role, text) pairs."""
    return [
        [(turn["role"], turn["content"]) for turn in body["messages"]]
        for path, _, body in server.seen
        if path.endswith("/completions")
    ]


def repairs(server):
    return [talk for talk in talks(server) if len(talk) > 1]


def rewritten(tmp_path, answer, models=hostile.CHAT_MODELS, **settings):
    """(text, what the report says of the whole window, the server)."""
    report = tmp_path / "report.json"
    with hostile.Hostile(answer, models) as server:
        chosen = Settings(
            **{"backend": "vllm", "url": server.url, "policy": "emulated", "report": str(report), **settings}
        )
        found = rewrite_unit(TEXT, bitcode(), UNIT, chosen)
    return found.text, json.loads(found.entry)["windows"][0], server


def shortened(text):
    return "\tadd\tx0, x0, x1\n\tret\n" in text and "mov" not in text


def test_a_refuted_reply_goes_back_with_the_input_that_shows_it(tmp_path):
    text, window, server = rewritten(tmp_path, conversation(WRONG, RIGHT))
    assert shortened(text) and window["verdict"] == "accepted-emulated"
    ((question, said, complaint),) = repairs(server)
    assert (question[0], said, complaint[0]) == ("user", ("assistant", f"So:\n```\n{WRONG}\n```"), "user")
    assert [question] in talks(server)
    lines = complaint[1].splitlines()
    inputs = {name: int(value, 16) for name, _, value in (line.partition(" = ") for line in lines) if value}
    assert {"x0", "x1"} <= inputs.keys()
    right, wrong = ((inputs["x0"] + sign * inputs["x1"]) % 2**64 for sign in (1, -1))
    assert f"x0: {right:#x} from the window, {wrong:#x} from your replacement" in lines


@pytest.mark.parametrize(
    "bad, told",
    [
        (
            NONSENSE,
            "an instruction does not assemble: add x0, x0, #99999: expected compatible register, "
            "symbol or integer in range [0, 4095]",
        ),
        ("svc #0", "an instruction that a proposal may not hold: svc"),
        ("add x0, x0, x1 // sum", "a comment, or several statements on a line"),
        ("add x0, x0, x1\n" * 40, "more lines than any rewrite needs"),
    ],
)
def test_a_reply_that_cannot_be_read_goes_back_with_the_reason(tmp_path, bad, told):
    text, _, server = rewritten(tmp_path, conversation(bad, RIGHT))
    assert shortened(text)
    assert repairs(server)[0][2][1].startswith(f"Your answer cannot be used: {told}")


def test_what_may_not_stand_there_is_told(tmp_path):
    text, _, server = rewritten(tmp_path, conversation("add x18, x0, x1\nmov x0, x18\nret", RIGHT))
    assert (
        shortened(text)
        and "Your replacement may not stand here: the reply holds what belongs to the region"
        in repairs(server)[0][2][1]
    )


def test_what_the_proof_cannot_decide_goes_back(tmp_path):
    source = (
        TEXT.replace("mov\tx9, x0", "fmov\td16, #4.0")
        .replace("add\tx9, x9, x1", "fmul\td0, d0, d16")
        .replace("\tmov\tx0, x9\n", "")
    )

    async def answer(server, writer, path, headers, body):
        writer.write(fenced("fadd d0, d0, d0\nfadd d0, d0, d0\nret" if len(body["messages"]) == 1 else "="))

    with hostile.Hostile(answer, hostile.CHAT_MODELS) as server:
        assert (
            rewrite_unit(
                source, bitcode("double f(double a) { return a * 4; }"), UNIT, Settings(backend="vllm", url=server.url)
            ).text
            == source
        )
    assert (
        "could not be shown: not equal if floating-point operations could be any functions" in repairs(server)[0][2][1]
    )


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_reply_goes_back_so_many_times(tmp_path, times):
    text, window, server = rewritten(tmp_path, conversation(WRONG, NONSENSE, RIGHT), repair=times)
    assert [len(talk) for talk in repairs(server)] == [3, 5][:times]
    assert shortened(text) is (times == 2)
    assert window["verdict"] == ("refuted", "unparsed", "accepted-emulated")[times]
    if times == 2:
        assert repairs(server)[1][:3] == repairs(server)[0]


@pytest.mark.parametrize(
    "answer", [RIGHT, "=", "mov x9, x0\nadd x9, x9, x1\nmov x0, x9\nret", "mov x9, x0\nadd x9, x0, x1\nmov x0, x9\nret"]
)
def test_what_is_not_refused_does_not_go_back(tmp_path, answer):
    """An equal reply that costs as much is no mistake that a model could mend."""
    assert repairs(rewritten(tmp_path, conversation(answer))[2]) == []


def test_a_kept_part_is_not_lost_to_a_worse_repair():
    """Of two hunks one is right; the repair takes everything back."""
    source = TEXT.replace("\tret\n", "\teor\tx0, x0, x2\n\tadd\tx2, x2, #1\n\teor\tx0, x0, x2\n\tret\n")

    async def answer(server, writer, path, headers, body):
        first = (
            len(body["messages"]) == 1
            and "mov x9, x0\nadd x9, x9, x1\nmov x0, x9\neor x0, x0, x2\nadd x2, x2, #1"
            in body["messages"][0]["content"]
        )
        writer.write(
            fenced("mov x9, x0\nadd x0, x9, x1\neor x0, x0, x2\nadd x2, x2, #2\neor x0, x0, x2\nret" if first else "=")
        )

    with hostile.Hostile(answer, hostile.CHAT_MODELS) as server:
        found = rewrite_unit(source, bitcode(), UNIT, Settings(backend="vllm", url=server.url, policy="emulated")).text
    assert "add\tx0, x9, x1" in found and "add\tx2, x2, #1" in found and len(repairs(server)) == 1


def test_a_model_of_ours_is_not_asked_again(tmp_path):
    _, window, server = rewritten(
        tmp_path, hostile.says(hostile.completion("@1svc #0")), models=hostile.MODELS, repair=3
    )
    assert all(path in ("/v1/models", "/v1/completions") for path, _, _ in server.seen)
    asked = [body["prompt"] for path, _, body in server.seen if path.endswith("/completions")]
    assert len(asked) == len(set(asked)) and window["verdict"] == "unparsed"


def first_then(answer):
    """The first question gets a wrong reply, every repair `answer`."""

    async def both(server, writer, path, headers, body):
        if len(body["messages"]) == 1:
            writer.write(fenced(WRONG if "ret" in body["messages"][0]["content"] else "="))
        else:
            await answer(server, writer, path, headers, body)

    return both


@pytest.mark.parametrize(
    "broken",
    [
        hostile.hangs_up,
        hostile.writes(hostile.as_json({"error": {"message": "no"}}, 400)),
        hostile.says(hostile.chat_completion("")),
        hostile.says({"choices": []}),
    ],
)
def test_a_server_that_never_repairs_costs_nothing_else(tmp_path, broken):
    text, window, server = rewritten(tmp_path, first_then(broken))
    assert text == TEXT and window["verdict"] in ("refuted", "unparsed") and repairs(server)


@pytest.mark.alone
@pytest.mark.parametrize("slow", [hostile.hangs, hostile.drips, hostile.drips_headers])
def test_a_slow_repair_ends_with_the_budget(tmp_path, slow):
    started = time.monotonic()
    text, window, _ = rewritten(tmp_path, first_then(slow), budget=4.0, repair=9)
    assert time.monotonic() - started < 6 and text == TEXT and window["verdict"] == "refuted"


def test_a_transcript_replays_with_its_repairs(tmp_path):
    file = tmp_path / "replies"
    text, recorded, server = rewritten(
        tmp_path, conversation(WRONG, NONSENSE, RIGHT), repair=2, backend=f"record:{file}"
    )
    assert shortened(text) and [len(talk) for talk in repairs(server)] == [3, 5]
    told = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted(len(line.get("refused", ())) for line in told)[-2:] == [1, 2]
    again, replayed, silent = rewritten(tmp_path, hostile.hangs_up, repair=2, backend=f"replay:{file}")
    assert (again, replayed, silent.seen) == (text, recorded, [])
    less, window, _ = rewritten(tmp_path, hostile.hangs_up, repair=1, backend=f"replay:{file}")
    assert less == TEXT and window["verdict"] == "unparsed"
    kept = [line for line in file.read_text().splitlines() if "refused" not in json.loads(line)]
    file.write_text("\n".join(kept) + "\n")
    plain, window, _ = rewritten(tmp_path, hostile.hangs_up, repair=2, backend=f"replay:{file}")
    assert plain == TEXT and window["verdict"] == "refuted"


def test_a_recorder_repairs_what_an_older_transcript_left(tmp_path):
    """Recorded without repairs, recorded again with: the first replies stay, the repairs join them."""
    file = tmp_path / "replies"
    rewritten(tmp_path, conversation(WRONG), repair=0, backend=f"record:{file}")
    text, _, _ = rewritten(tmp_path, conversation("=", RIGHT), repair=1, backend=f"record:{file}")
    assert shortened(text)


class Doubtful:
    """Leaves every window alone, unsure where it is the whole function, and then has the answers in turn."""

    usual = 2

    def __init__(self, *answers):
        self.answers, self.asked = answers, []

    def propose(self, requests, deadline):
        self.asked += requests
        return iter([Reply(each.key, each.lines, "=", unsure=len(each.lines) == 4) for each in requests])

    def repair(self, repairs, deadline):
        return iter(
            [
                Reply(each.key, tuple(self.answers[len(each.refused) - 1].splitlines()), "?" * len(each.refused))
                for each in repairs
            ]
        )


@pytest.mark.parametrize("times, right", [(0, False), (1, False), (2, True), (None, True)])
def test_a_doubtful_unchanged_is_asked_about_again(tmp_path, monkeypatch, times, right):
    backend, file = Doubtful(WRONG, RIGHT), tmp_path / "replies"
    monkeypatch.setattr("peepcc.propose.registry._embedded", lambda settings, name: backend)
    monkeypatch.setitem(_BACKENDS, "embedded", lambda settings, name: backend)
    texts = [
        rewrite_unit(TEXT, bitcode(), UNIT, Settings(policy="emulated", repair=times, backend=each)).text
        for each in ("embedded", f"record:{file}", f"replay:{file}")
    ]
    assert len(set(texts)) == 1 and shortened(texts[0]) is right and (right or texts[0] == TEXT)


def test_what_was_left_alone_and_has_no_better_answer_is_left_alone(tmp_path, monkeypatch):
    backend = Doubtful(WRONG, WRONG)
    monkeypatch.setattr("peepcc.optimize.pipeline.make_backend", lambda settings: backend)
    rewritten = rewrite_unit(TEXT, bitcode(), UNIT, Settings(policy="emulated", report=str(tmp_path / "report.json")))
    assert rewritten.text == TEXT
    window = json.loads(rewritten.entry)["windows"][0]
    assert window["verdict"] == "unchanged" and window["proposal"] == window["source"]
    assert [(each["proposal"], each["verdict"]) for each in window["refused"]] == [(WRONG.splitlines(), "refuted")] * 2
    assert len(backend.asked) == 1, "no closer look at what was left alone"


@pytest.mark.parametrize("backend", ["mutator", "none"])
def test_backends_that_cannot_repair_build_the_same(backend):
    texts = [
        rewrite_unit(TEXT, bitcode(), UNIT, Settings(backend=backend, policy="emulated", repair=times)).text
        for times in (0, 5)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("times", [None, 0])
def test_what_was_kept_is_asked_about_again_unless_nothing_is(tmp_path, times):
    half = "add x9, x0, x1\nmov x0, x9\nret"

    async def answer(server, writer, path, headers, body):
        asked = body["messages"][0]["content"]
        writer.write(
            fenced(half if "mov x9, x0\nadd x9, x9, x1\nmov x0, x9\nret" in asked else RIGHT if half in asked else "=")
        )

    text, window, server = rewritten(tmp_path, answer, policy="proved", repair=times)
    assert shortened(text) is (times is None) and window["saved"] == (2 if times is None else 1)
    assert (
        window["source"] == ["mov x9, x0", "add x9, x9, x1", "mov x0, x9", "ret"]
        and window["verdict"] == "accepted-proved"
    )
    assert len(talks(server)) == (3 if times is None else 1)
