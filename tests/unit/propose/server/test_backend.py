"""The backend against servers that are dead, slow or lying, and against good ones."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import logging
import threading
import time
import traceback
from pathlib import Path

import pytest

from peepcc.assembly.parse import parse_instruction
from peepcc.errors import PeepccError
from peepcc.propose.protocol import Reply, Request
from peepcc.propose.server import http as served_http
from peepcc.propose.server.backend import Served
from peepcc.validate.syntax_gate import Refused, check

pytestmark = pytest.mark.alone

_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parents[3] / "servers" / "hostile.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

KEY = "sk-quite-secret-0123456789"
SLACK = 1.0
MOVE = Request(("mov x9, x8", "add x9, x9, #0", "ret"), ("x9",), (("ret", ("x9",)),))
SAME_SHAPE = Request(("mov x3, x2", "add x3, x3, #0", "ret"), ("x3",), (("ret", ("x3",)),))


def asked(
    url: str, requests=(MOVE,), seconds: float = 5.0, model=None, key=KEY, backend=None
) -> tuple[list[Reply], float]:
    """Replies and how long they took; nothing may come later than the deadline and SLACK."""
    backend = backend or Served(url, model, key)
    started = time.monotonic()
    replies = list(backend.propose(requests, started + seconds))
    took = time.monotonic() - started
    assert took < seconds + SLACK
    assert KEY not in repr(replies) + repr(backend) + str(backend)
    return replies, took


def many(count: int) -> tuple[Request, ...]:
    """Windows that are all asked for by themselves."""
    return tuple(Request((f"add x0, x1, #{n}",), ("x0",)) for n in range(count))


def accepted(reply: Reply, request: Request = MOVE) -> bool:
    """Whether anything of a reply would get through the syntax gate as a change."""
    if reply.lines is None:
        return False
    try:
        source = [parse_instruction(line) for line in request.lines]
        return list(check(reply.lines, source, request.fall)) != source
    except (Refused, PeepccError):
        return False


def served(answer, **options):
    with hostile.Hostile(answer, options.pop("models", hostile.MODELS)) as server:
        replies, took = asked(server.url, **options)
        return replies, took, server


# ---- good servers


def test_a_completion_is_decoded_into_the_windows_own_names():
    replies, _, server = served(hostile.says(hostile.completion("@1mov x0,x1\n@2")))
    (reply,) = replies
    assert reply.lines == ("mov x9,x8", "ret")
    assert (reply.key, reply.model, reply.tokens, reply.failure) == (MOVE.key, "peepcc-test", 7, None)
    path, headers, body = server.seen[-1]
    assert path == "/v1/completions" and headers["authorization"] == f"Bearer {KEY}"
    assert body["prompt"].endswith(">") and body["model"] == "peepcc-test" and body["temperature"] == 0
    assert KEY not in repr(body)


def test_unchanged_gives_the_source_back():
    (reply,), _, _ = served(hostile.says(hostile.completion("=")))
    assert reply.lines == MOVE.lines and not accepted(reply)


def test_windows_of_one_shape_are_one_question():
    replies, _, server = served(hostile.says(hostile.completion("@1mov x0,x1\n@2")), requests=(MOVE, SAME_SHAPE))
    assert {reply.key: reply.lines for reply in replies} == {
        MOVE.key: ("mov x9,x8", "ret"),
        SAME_SHAPE.key: ("mov x3,x2", "ret"),
    }
    assert sum(path.endswith("/completions") for path, _, _ in server.seen) == 1


@pytest.mark.parametrize(
    "text",
    [
        "```asm\nmov x9, x8\nret\n```",
        "I think so:\n\n```\nmov x9, x8\nret```\n",
        "mov x9, x8\n ret\n",
        "<think>```\nnop\n```</think>\n```\nmov x9, x8\r\nret\r\n```",
    ],
)
def test_another_model_is_asked_as_a_chat(text):
    (reply,), _, server = served(hostile.says(hostile.chat_completion(text)), models=hostile.CHAT_MODELS)
    assert reply.lines == ("mov x9, x8", "ret") and accepted(reply)
    path, _, body = server.seen[-1]
    assert path == "/v1/chat/completions" and "\nadd x9, x9, #0\n" in body["messages"][0]["content"]


def test_a_chat_says_unchanged_and_repeats_labels():
    window = Request(("cbz x0, .L1", "mov x1, x1", ".L1:", "mov x2, x0"), ("x2",))
    for text, expected in (
        ("```\n=\n```", ("cbz x0, .L1", "mov x1, x1", "mov x2, x0")),
        ("```\ncbz x0, .L1\n.L1:\nmov x2, x0\n```", ("cbz x0, .L1", "mov x2, x0")),
    ):
        (reply,), _, _ = served(
            hostile.says(hostile.chat_completion(text)), models=hostile.CHAT_MODELS, requests=(window,)
        )
        assert reply.lines == expected


def test_a_named_model_decides_the_language():
    _, _, server = served(hostile.says(hostile.completion("=")), models=hostile.CHAT_MODELS, model="peepcc-large")
    assert server.seen[-1][0] == "/v1/completions" and server.seen[-1][2]["model"] == "peepcc-large"
    _, _, server = served(hostile.says(hostile.chat_completion("```\n=\n```")), model="general-7b")
    assert server.seen[-1][0] == "/v1/chat/completions"


def test_a_model_of_ours_is_known_by_its_path():
    models = {
        "data": [{"id": "other"}, {"id": "/srv/peepcc/models/default/hf", "root": "/srv/peepcc/models/default/hf"}]
    }
    _, _, server = served(hostile.says(hostile.completion("=")), models=models)
    assert server.seen[-1][0] == "/v1/completions" and server.seen[-1][2]["model"] == "/srv/peepcc/models/default/hf"


def test_a_server_that_lists_no_models_is_asked_in_our_language():
    (reply,), _, server = served(hostile.says(hostile.completion("@1mov x0,x1\n@2")), models=None)
    assert accepted(reply) and server.seen[-1][0] == "/v1/completions"


@pytest.mark.parametrize(
    "ending, path",
    [
        ("/v1", "/v1/completions"),
        ("/v1/", "/v1/completions"),
        ("/", "/v1/completions"),
        ("/api", "/api/v1/completions"),
        ("/v1beta/openai", "/v1beta/openai/completions"),
    ],
)
def test_addresses(ending, path):
    with hostile.Hostile(hostile.says(hostile.completion("="))) as server:
        asked(server.url + ending)
        assert server.seen[-1][0] == path


def test_many_questions_are_in_flight_but_no_more_than_the_limit():
    async def slow(server, writer, path, headers, body):
        await asyncio.sleep(0.5)
        writer.write(hostile.as_json(hostile.completion("=")))

    requests = many(150)
    replies, _, server = served(slow, requests=requests, seconds=30.0)
    assert {reply.key for reply in replies} == {each.key for each in requests}
    assert 32 <= server.most_open <= 64


@pytest.mark.parametrize("status, tries", [(400, 1), (422, 1), (500, 4)])
def test_a_grammar_is_sent_and_left_out_for_good_where_it_is_refused(status, tries):
    async def no_grammar(server, writer, path, headers, body):
        refused = "structured_outputs" in body
        writer.write(
            hostile.as_json({"error": {"message": "no grammars here"}}, status)
            if refused
            else hostile.as_json(hostile.completion("="))
        )

    with hostile.Hostile(no_grammar) as server:
        backend = Served(server.url, None, None)
        for _ in range(2):
            replies, _ = asked(server.url, many(100), backend=backend, key=None)
            assert len(replies) == 100 and all(reply.lines for reply in replies)
        bodies = [body for path, _, body in server.seen if path.endswith("/completions")]
        assert ["structured_outputs" in body for body in bodies] == [True] * tries + [False] * 200
        assert bodies[0]["structured_outputs"]["grammar"].startswith('%llguidance {"no_forcing": true}\nstart:')
        assert all("authorization" not in headers for _, headers, _ in server.seen)


def test_one_refused_question_does_not_drop_the_grammar_for_all():
    refuse = hostile.says  # a window that is refused whatever is sent with it
    with hostile.Hostile(
        hostile.in_turn(
            *[hostile.writes(hostile.as_json({"message": "too long"}, 400))] * 3, refuse(hostile.completion("="))
        )
    ) as server:
        backend = Served(server.url, None, None)
        (reply,), _ = asked(server.url, backend=backend)
        assert reply.failure.message == "the server says 400: too long"
        asked(server.url, backend=backend)
        assert "structured_outputs" in server.seen[-1][2]


# ---- dead and slow servers


def test_a_dead_port_is_given_up_at_once():
    requests = many(500)
    replies, took = asked(f"http://127.0.0.1:{hostile.dead_port()}", requests, seconds=30.0)
    assert took < 10 and len(replies) == 500
    assert all(reply.lines is None and "no connection" in reply.failure.message for reply in replies)


def test_a_server_that_dies_costs_little():
    """The first answers come, then every connection ends without one."""
    good = hostile.says(hostile.completion("="))
    requests = many(500)
    replies, took, server = served(hostile.in_turn(*[good] * 20, hostile.hangs_up), requests=requests, seconds=30.0)
    assert took < 10 and len(replies) == 500
    assert sum(reply.lines is not None for reply in replies) == 20
    assert len(server.seen) < 300


def test_an_unknown_name_is_an_error_reply():
    (reply,), _took = asked("http://no-such-host.invalid", seconds=8.0)
    assert reply.lines is None and "name" in reply.failure.message


@pytest.mark.parametrize("slow", [hostile.hangs, hostile.drips, hostile.drips_headers])
def test_a_slow_server_is_left_at_the_deadline(slow):
    replies, took, _ = served(slow, seconds=1.5)
    assert replies == [] and took > 1.4


@pytest.mark.parametrize("slow", [hostile.hangs, hostile.drips, hostile.drips_headers])
def test_a_slow_answer_ends_by_the_time_limit_of_one_request(slow, monkeypatch):
    monkeypatch.setattr(served_http, "REQUEST_SECONDS", 0.6)
    requests = many(200)
    replies, took, server = served(slow, requests=requests, seconds=30.0)
    assert took < 10 and len(replies) == 200 and all("in time" in reply.failure.message for reply in replies)
    assert [path for path, _, _ in server.seen] == ["/v1/models", "/v1/completions"]


def test_a_server_that_answers_the_others_is_only_slow(monkeypatch):
    """64 questions in a row get no answer; those after them still do."""
    monkeypatch.setattr(served_http, "REQUEST_SECONDS", 8.0)
    good = hostile.says(hostile.completion("="))
    replies, _, _ = served(hostile.in_turn(good, *[hostile.hangs] * 64, good), requests=many(80), seconds=60.0)
    assert [reply.failure.message for reply in replies if reply.lines is None] == ["no answer in time"] * 64
    assert len(replies) == 80


def test_the_connections_end_when_the_reader_stops_early():
    requests = many(100)
    with hostile.Hostile(hostile.in_turn(hostile.says(hostile.completion("=")), hostile.hangs)) as server:
        replies = Served(server.url, None, None).propose(requests, time.monotonic() + 60)
        next(replies)
        replies.close()
        until = time.monotonic() + 2
        while server.open and time.monotonic() < until:
            time.sleep(0.02)
        assert server.open == 0 and threading.active_count() < 10


def test_nothing_is_asked_after_the_deadline():
    with hostile.Hostile(hostile.says(hostile.completion("="))) as server:
        assert list(Served(server.url, None, None).propose((MOVE,), time.monotonic() - 1)) == []


# ---- errors that pass, and errors that stay


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(status):
    busy = hostile.writes(hostile.response(status, b"{}"))
    (reply,), took, _ = served(hostile.in_turn(busy, busy, hostile.says(hostile.completion("="))))
    assert reply.lines == MOVE.lines and took < 2


def test_retry_after_is_obeyed_within_reason():
    busy = hostile.writes(hostile.response(429, b"{}", "Retry-After: 1\r\n"))
    (reply,), took, _ = served(hostile.in_turn(busy, hostile.says(hostile.completion("="))))
    assert reply.lines == MOVE.lines and 1 <= took < 2


def test_errors_that_stay_end_the_unit():
    requests = many(300)
    replies, took, server = served(hostile.writes(hostile.response(500, b"oops")), requests=requests, seconds=30.0)
    assert took < 15 and len(replies) == 300 and all("500" in reply.failure.message for reply in replies)
    assert len(server.seen) < 300


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("models", [hostile.MODELS, hostile.CHAT_MODELS])
def test_an_error_that_no_other_question_would_escape_ends_the_unit(status, models):
    answer = hostile.writes(hostile.as_json({"error": {"message": "not you"}}, status))
    replies, _, server = served(answer, requests=many(300), models=models)
    assert len(replies) == 300 and all(
        reply.failure.message == f"given up: the server says {status}: not you" for reply in replies
    )
    assert len(server.seen) <= 65


# ---- lying servers

LIES = {
    "garbage": hostile.response(200, b'{"choices": [{"text": "mov'),
    "html": hostile.response(200, b"<html>login</html>"),
    "binary": hostile.response(200, bytes(range(256)) * 16),
    "empty": hostile.response(200, b""),
    "deep": hostile.response(200, b"[" * 100_000),
    "long number": hostile.response(200, b"1" * 100_000),
    "no HTTP": b"\x00\x01\x02 hello\r\n\r\n",
    "array": hostile.as_json([1, 2]),
    "null": hostile.as_json(None),
    "no choices": hostile.as_json({"choices": []}),
    "choices object": hostile.as_json({"choices": {"0": {"text": "mov x0,x1"}}}),
    "text number": hostile.as_json(hostile.completion(7)),
    "text null": hostile.as_json(hostile.completion(None)),
    "choice string": hostile.as_json({"choices": ["mov x0,x1"]}),
    "cut off": hostile.as_json({"choices": [{"text": "mov x0,x1", "finish_reason": "length"}]}),
    "huge": hostile.response(200, b" " * 600_000 + b"{}"),
    "compressed": hostile.response(200, b"\x1f\x8b\x08\x00", "Content-Encoding: gzip\r\n"),
    "huge header": hostile.response(200, b"{}", f"X-Pad: {'a' * 300_000}\r\n"),
}


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_a_proposal(lie):
    replies, _, _ = served(hostile.writes(LIES[lie], close=lie == "no HTTP"))
    (reply,) = replies
    assert reply.lines is None and reply.failure.message.isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        hostile.writes(hostile.response(200, b"{}", length=500), close=True),
        hostile.writes(hostile.response(200, b'{"choices": 1}', length=3)),
        hostile.writes(b'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"choi', close=True),
        hostile.writes(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n{}", close=True),
        hostile.hangs_up,
        hostile.floods,
    ],
)
def test_broken_transfers_are_error_replies(answer):
    (reply,), _, _ = served(answer)
    assert reply.lines is None and reply.failure.message


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else():
    with hostile.Recorder() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            to = f"Location: http://127.0.0.1:{elsewhere.port}/v1/completions\r\n"
            (reply,), _, server = served(hostile.writes(hostile.response(status, b"", to)))
            assert reply.lines is None and "redirect" in reply.failure.message
            assert len(server.seen) == 2
        assert elsewhere.connected == 0


@pytest.mark.parametrize(
    "text",
    [
        ".inst 0xd4000001",
        '.incbin "/etc/passwd"',
        "evil:",
        "mov x0,x1; svc #0",
        "svc #0",
        "mov x0,x1 // so",
        "hlt #1",
        "bl system",
        "mrs x0,nzcv",
        "\u202emov x0,x1",
        "mov x0,x\u0661",
        "mov x7,x8",
        "b T3",
        "@9",
        "@1@1",
        "adrp x0,secret",
        "ldr x0,=0x1234",
        ".text\nmov x0,x1",
        "mov x0,x1\x00",
        "\ud800",
        "nop\n" * 5000,
        "mov x0," + "1" * 20000,
        "add x0,x1," * 1000,
    ],
)
def test_texts_that_no_window_may_get_are_refused(text):
    (reply,), _, _ = served(hostile.says(hostile.completion(text)))
    assert not accepted(reply)
    reply.text.encode("utf-8")
    assert all(each == "\n" or each.isprintable() for each in reply.text) and len(reply.text) <= 16384
    chat = hostile.chat_completion(f"```\n{text}\n```")
    (reply,), _, _ = served(hostile.says(chat), models=hostile.CHAT_MODELS)
    assert not accepted(reply) or text in ("mov x7,x8",)  # a chat names real registers, the validators judge them


# ---- the key


def test_an_echoed_key_is_blotted_out(caplog):
    with caplog.at_level(logging.DEBUG):
        (reply,), _, _ = served(hostile.echoes_key)
        assert "[key]" in reply.text and "[key]" in reply.model
        (reply,), _, _ = served(hostile.complains_with_key)
        assert reply.failure.message == "the server says 400: wrong: Bearer [key]\ufffd[2J"
    assert KEY not in caplog.text


def test_no_object_or_exception_shows_the_key(monkeypatch):
    backend = Served("http://127.0.0.1:9", "peepcc", KEY)
    assert KEY not in repr(vars(backend)) and KEY not in repr(
        [each for each in gc.get_referents(backend) if not isinstance(each, str)]
    )
    for url in ("ftp://host", "http://", "http://user:pass@host", "::", "nonsense"):
        with pytest.raises(PeepccError) as caught:
            Served(url, None, KEY)
        assert KEY not in "".join(
            traceback.format_exception(caught.value)
        ) and "pass" not in caught.value.reason.replace("password", "")
    with pytest.raises(PeepccError) as caught:
        Served("http://127.0.0.1:9", None, KEY + "\u00e9\n x")
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_defect_is_raised_where_the_replies_are_read(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("peepcc.propose.server.backend._questions", broken)
    with pytest.raises(ZeroDivisionError):
        served(hostile.says(hostile.completion("=")))
