"""When a server is given up and when it is not: blips, slow thinkers, hosts that are not there."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import time
from pathlib import Path

import pytest

from peepcc.propose.protocol import Request
from peepcc.propose.server import http as served_http
from peepcc.propose.server.backend import Served

pytestmark = pytest.mark.alone

_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parents[3] / "servers" / "hostile.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

REQUESTS = tuple(Request((f"add x0, x1, #{n}",), ("x0",)) for n in range(100))
GOOD = hostile.says(hostile.completion("="))


def answered(url, requests=REQUESTS, seconds=20.0):
    """(replies with a proposal, seconds taken)."""
    started = time.monotonic()
    replies = list(Served(url, None, None).propose(requests, started + seconds))
    return sum(reply.lines is not None for reply in replies), time.monotonic() - started


def test_connections_that_fail_for_a_moment_cost_no_reply():
    for before in (0, 1, 40):  # at the question that learns about the server, and among many in flight
        drops = [hostile.hangs_up] * (3 if before == 0 else 5)
        with hostile.Hostile(hostile.in_turn(*[GOOD] * before, *drops, GOOD)) as server:
            assert answered(server.url)[0] == len(REQUESTS)


def test_a_chat_may_think_for_longer_than_our_model(monkeypatch):
    monkeypatch.setattr(served_http, "REQUEST_SECONDS", 0.3)

    async def thinks(server, writer, path, headers, body):
        await asyncio.sleep(1)
        writer.write(hostile.as_json(hostile.chat_completion("```\nmov x0, x1\n```")))

    with hostile.Hostile(thinks, hostile.CHAT_MODELS) as server:
        assert answered(server.url, REQUESTS[:1])[0] == 1
    with hostile.Hostile(thinks) as server:
        assert answered(server.url, REQUESTS[:1])[0] == 0


def test_a_host_that_takes_no_connection_is_tried_once(monkeypatch):
    """A full backlog drops the handshake, as a firewall does."""
    monkeypatch.setattr(served_http, "_CONNECT_SECONDS", 0.8)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = []
        for _ in range(8):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(full.getsockname())
        count, took = answered(f"http://127.0.0.1:{full.getsockname()[1]}")
        for each in waiting:
            each.close()
    assert count == 0 and took < 2.5


@pytest.mark.parametrize(
    "name, value", [("http_proxy", "garbage://x"), ("http_proxy", "http://[::"), ("SSL_CERT_FILE", "/nonexistent")]
)
def test_an_environment_that_cannot_be_used_costs_the_replies_alone(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    count, took = answered("http://no-such-host.invalid", REQUESTS[:2], 8.0)
    assert count == 0 and took < 8


def test_a_model_with_a_name_that_no_request_can_hold_is_none():
    models = {"data": [{"id": "\ud800", "root": "peepcc"}, {"id": "peepcc-\udfff"}]}
    with hostile.Hostile(GOOD, models) as server:
        assert answered(server.url, REQUESTS[:2])[0] == 2
