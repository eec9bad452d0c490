"""A small server on loopback that misbehaves on purpose, in one named way at a time.

It runs in a thread of the test. `Hostile.seen` lists every request as (path, headers,
body), so that a test can say what was never sent.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping

MODELS = {"object": "list", "data": [{"id": "peepcc-test", "object": "model", "root": "peepcc-test"}]}
CHAT_MODELS = {"object": "list", "data": [{"id": "general-7b", "object": "model"}]}
Answer = Callable[["Hostile", asyncio.StreamWriter, str, Mapping[str, str], dict], Awaitable[None]]


def response(status: int, body: bytes, headers: str = "", length: int | None = None) -> bytes:
    """One whole HTTP/1.1 answer; `length` overrides the true content-length."""
    return (
        f"HTTP/1.1 {status} X\r\nContent-Length: {len(body) if length is None else length}\r\n{headers}\r\n".encode()
        + body
    )


def as_json(value: object, status: int = 200) -> bytes:
    return response(status, json.dumps(value).encode(), "Content-Type: application/json\r\n")


def completion(text: object, **more: object) -> dict:
    return {
        "model": "peepcc-test",
        "choices": [{"index": 0, "text": text, "finish_reason": "stop"}],
        "usage": {"completion_tokens": 7},
        **more,
    }


def chat_completion(text: object) -> dict:
    return {
        "model": "general-7b",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    }


class Hostile:
    """Serves until the `with` block ends. `answer` writes what /completions and /chat/completions get."""

    def __init__(self, answer: Answer, models: object = MODELS):
        self.seen: list[tuple[str, Mapping[str, str], dict]] = []
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self._answer = answer
        self._models = models
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Hostile:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._until_stopped())
        self._loop.close()

    async def _until_stopped(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, or the test is over
        finally:
            self.open -= 1
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Reads and answers one request; False where the connection is over."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.seen.append((path, headers, json.loads(body) if body else {}))
        if path.endswith("/models"):
            writer.write(as_json(self._models) if self._models is not None else response(404, b"no such page"))
        else:
            await self._answer(self, writer, path, headers, self.seen[-1][2])
        await writer.drain()
        return not writer.is_closing()


def says(value: object) -> Answer:
    """Every question gets the same JSON."""
    return writes(as_json(value))


def writes(data: bytes, close: bool = False) -> Answer:
    async def answer(server, writer, path, headers, body):
        writer.write(data)
        if close:
            await writer.drain()
            writer.close()

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Each question the next answer, the last one for ever."""
    left = list(answers)

    async def answer(*arguments):
        await (left.pop(0) if len(left) > 1 else left[0])(*arguments)

    return answer


async def hangs(server, writer, path, headers, body):
    await asyncio.sleep(3600)


async def drips(server, writer, path, headers, body):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(1)


async def drips_headers(server, writer, path, headers, body):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)


async def floods(server, writer, path, headers, body):
    """A chunked body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"4000\r\n" + b"[" * 0x4000 + b"\r\n")
        await writer.drain()


async def hangs_up(server, writer, path, headers, body):
    writer.close()


async def echoes_key(server, writer, path, headers, body):
    """Sends the Authorization header back wherever text can stand."""
    secret = headers["authorization"]
    writer.write(as_json({**completion(f"mov x0,x1\n{secret}"), "model": secret}))


async def complains_with_key(server, writer, path, headers, body):
    writer.write(as_json({"error": {"message": f"wrong: {headers['authorization']}\x1b[2J"}}, 400))


class Recorder:
    """A port that counts who connects and answers nothing; `connected` stays 0 where nobody came."""

    def __enter__(self) -> Recorder:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    @property
    def connected(self) -> int:
        count = 0
        while True:
            try:
                self._socket.accept()[0].close()
                count += 1
            except BlockingIOError:
                return count


def dead_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
