"""Each mode with --repair: against a server on a real socket, and replayed from its transcript."""

import json
import re

import pytest
from click.testing import CliRunner

from peepcc.lab.cli import main
from peepcc.lab.evaluation.chat.prompt import FOLDER, MODES, prompt
from peepcc.lab.evaluation.summary import check

from ....support import recorded_chat as chatted
from ....support.scripted_server import EXAMPLES, HERE, answers, evaluate, hostile, plain

KEY = "sk-quite-secret-0123456789"


def report(out):
    return check(json.loads((out / "report.json").read_text()))


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


def served(tmp_path, mode, *options, answer=None):
    with hostile.Hostile(answer or answers(mode), hostile.CHAT_MODELS) as server:
        return evaluate(
            tmp_path / "out", "--url", server.url, "--model", "general-7b", "--mode", mode, *options
        ), server.seen


def test_a_server_is_asked_and_asked_again(tmp_path, mode, monkeypatch):
    monkeypatch.setenv("PEEPCC_API_KEY", KEY)
    result, seen = served(tmp_path, mode, "--repair", "2")
    assert result.exit_code == 0, result.output
    told = report(tmp_path / "out")
    assert (
        told["figures"]["improved"]["exact or better"]["value"] == 1.0
        and told["figures"]["unchanged"]["answered unchanged"]["value"] == 1.0
    )
    assert [each["validated"] for each in told["tries"]] == [0, 2] and [each["asked"] for each in told["tries"]] == [
        3,
        2,
    ]
    assert told["figures"]["all"]["tokens a block"]["value"] == pytest.approx(10 * len(seen) / 3, abs=1e-4)
    assert all(headers["authorization"] == f"Bearer {KEY}" for _, headers, _ in seen) and all(
        path == "/v1/chat/completions" for path, _, _ in seen
    )
    assert all(body["temperature"] == 0 and body["model"] == "general-7b" for _, _, body in seen)
    assert KEY not in result.output + "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    assert [name.split()[0] for name in told["prompts"]] == [
        mode,
        *(["result"] if mode == "chain-of-code" else []),
        "repair",
    ]


def test_without_repair_the_first_answer_counts(tmp_path, mode):
    result, seen = served(tmp_path, mode)
    assert result.exit_code == 0 and report(tmp_path / "out")["figures"]["improved"]["IO accuracy"]["value"] == 0.0
    assert len(seen) == (4 if mode == "chain-of-code" else 3)


def test_the_committed_transcript_is_what_is_said_today(tmp_path, mode):
    """If this fails because a prompt was changed: `python -m tests.unit.lab.scripted` writes them anew."""
    served(tmp_path, mode, "--repair", "2")

    def known(lines):
        return sorted(re.sub(r"0x[0-9a-f]+", "0x", line) for line in lines)

    assert known(plain(tmp_path / "out" / "transcript.jsonl")) == known(plain(HERE / f"{mode}.jsonl"))


def test_a_transcript_is_replayed_without_a_server(tmp_path, mode):
    result = evaluate(tmp_path / "out", "--transcript", str(HERE / f"{mode}.jsonl"), "--mode", mode, "--repair", "2")
    assert result.exit_code == 0, result.output
    told = report(tmp_path / "out")
    assert told["model"] == {"kind": "transcript", "name": f"{mode}.jsonl", "language": "chat"}
    assert told["figures"]["improved"]["exact or better"]["value"] == 1.0 and [
        each["validated"] for each in told["tries"]
    ] == [0, 2]
    assert told["statuses"]["all"] == {"unchanged": 1, "proved": 2}


def test_what_a_real_model_said_is_judged_as_it_was_then(tmp_path, mode):
    """vLLM's own words. If this fails because a prompt was changed: chatted.py says how they are written anew."""
    asked = [
        "evaluate",
        str(chatted.EXAMPLES),
        "--transcript",
        str(chatted.HERE / f"{mode}.jsonl"),
        "--mode",
        mode,
        "--repair",
        "2",
        "--workers",
        "1",
    ]
    result = CliRunner().invoke(main, [*asked, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    then = json.loads(chatted.JUDGED.read_text())[mode]
    assert [tries for _, tries in sorted(chatted.judged(tmp_path).items())] == then
    assert {"proved", "refuted"} <= {status for tries in then for status, _ in tries} and max(map(len, then)) == 3
    assert ("Results:" in (chatted.HERE / f"{mode}.jsonl").read_text()) is (mode == "chain-of-code")


def test_what_is_not_in_the_transcript_is_no_answer(tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    result = evaluate(tmp_path / "out", "--transcript", str(tmp_path / "empty.jsonl"))
    assert result.exit_code == 0 and report(tmp_path / "out")["statuses"]["all"] == {"no answer": 3}


def test_code_is_run_at_most_so_often(tmp_path):
    async def loops(server, writer, path, headers, body):
        writer.write(hostile.as_json(hostile.chat_completion("```run\nrun window\n```\nand then\n```\nnop\n```")))

    result, seen = served(tmp_path, "chain-of-code", answer=loops)
    assert result.exit_code == 0 and len(seen) == 3 * 5
    assert "0 more times" in seen[-1][2]["messages"][-1]["content"]
    assert report(tmp_path / "out")["statuses"]["all"] == {"refuted": 3}


def test_hostile_answers_are_judged_and_shown_as_text(tmp_path):
    evil = '<script>alert(1)</script>\n```\n.incbin "/etc/passwd"\n| <img src=x onerror=alert(2)> |\n```'

    async def attacks(server, writer, path, headers, body):
        writer.write(hostile.as_json(hostile.chat_completion(evil)))

    result, _ = served(tmp_path, "direct", "--repair", "1", answer=attacks)
    assert result.exit_code == 0, result.output
    assert report(tmp_path / "out")["statuses"]["all"] == {"does not parse": 3}
    page = (tmp_path / "out" / "report.html").read_text()
    assert (
        "<script" not in page
        and "<img" not in page
        and "&lt;img" in page
        and "http" not in page.replace("http://127.0.0.1", "").replace("http://www.w3.org", "")
    )


def test_a_server_that_refuses_what_it_does_not_know_is_asked_with_less(tmp_path):
    async def reasons(server, writer, path, headers, body):
        if "temperature" in body or "max_tokens" in body:
            writer.write(hostile.as_json({"error": {"message": "unsupported parameter: temperature"}}, 400))
        else:
            await answers("direct")(server, writer, path, headers, body)

    result, seen = served(tmp_path, "direct", answer=reasons)
    assert result.exit_code == 0 and report(tmp_path / "out")["statuses"]["all"].get("no answer", 0) == 0
    assert "max_completion_tokens" in seen[-1][2]


def test_a_conversation_too_long_for_the_context_takes_nothing_from_the_others(tmp_path):
    """The context has no room for the longest answer, and none at all for one of the conversations."""

    async def small(server, writer, path, headers, body):
        if body.get("max_tokens", 0) > 1000 or (
            len(body["messages"]) > 1 and "mov w2" in body["messages"][0]["content"]
        ):
            writer.write(
                hostile.as_json({"error": {"message": "This model's maximum context length is 2048 tokens"}}, 400)
            )
        else:
            await answers("direct")(server, writer, path, headers, body)

    result, seen = served(tmp_path, "direct", "--repair", "2", answer=small)
    assert result.exit_code == 0 and report(tmp_path / "out")["statuses"]["all"] == {
        "unchanged": 1,
        "proved": 1,
        "no answer": 1,
    }
    later = [body for _, _, body in seen if "cset" in body["messages"][0]["content"] and len(body["messages"]) > 1]
    assert [(body["temperature"], body["max_tokens"]) for body in later] == [(0, 512)]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (
            hostile.says(
                {"choices": [{"message": {"role": "assistant", "content": "```\nadd w0"}, "finish_reason": "length"}]}
            ),
            "does not parse",
        ),
        (hostile.says({"choices": [{"message": {"content": None}}]}), None),
        (hostile.says([]), None),
        (hostile.says({"choices": 5}), None),
        (hostile.writes(hostile.response(200, b"not json")), None),
        (hostile.hangs_up, None),
        (hostile.writes(hostile.as_json({"error": "no such key"}, 401)), None),
        (hostile.writes(hostile.response(302, b"", "Location: http://127.0.0.1:1/\r\n")), None),
    ],
)
def test_a_server_that_gives_no_answer_ends_the_run_with_a_reason(tmp_path, answer, status):
    result, _ = served(tmp_path, "direct", answer=answer)
    if status:
        assert report(tmp_path / "out")["statuses"]["all"] == {status: 3}
    else:
        assert result.exit_code == 2 and "no answer" in result.output, result.output
        assert not (tmp_path / "out" / "report.json").exists()


def test_a_killed_run_asks_nothing_twice(tmp_path):
    """The server dies in the middle; the second run asks for what is missing only."""
    asked = []

    async def dies(server, writer, path, headers, body):
        asked.append(body)
        if "mul w0" in body["messages"][0]["content"]:
            writer.write(hostile.response(404, b""))
        else:
            await answers("direct")(server, writer, path, headers, body)

    served(tmp_path, "direct", answer=dies)
    (tmp_path / "out" / "judged.jsonl").unlink(missing_ok=True)
    result, seen = served(tmp_path, "direct")
    assert result.exit_code == 0 and [body["messages"][0]["content"].count("mul w0") for _, _, body in seen] == [1]


def test_each_prompt_is_versioned_and_named_in_the_docs():
    names = sorted(path.stem for path in FOLDER.glob("*.txt"))
    assert set(names) == {*MODES, "repair", "result"}
    docs = (EXAMPLES.parents[3] / "docs" / "evaluation.md").read_text()
    for name in names:
        assert prompt(name).version >= 1 and f"{name}.txt" in docs
