"""A server on loopback for the campaign `hostile`: it answers some questions with hostile text, and with misbehaviour
the others.

What a question gets hangs on the seed and the question alone. Its redirects lead to
`trap`, a listening port, and to a path of its own that nobody else names: whoever comes
there followed one. It promises to be gone, with all connections, when it is left.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

_FORBIDDEN_PATH = "/v1/escaped"
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.I | re.M)
_STEP = 0.05  # seconds between looks at whether all is over
_DRIP = 1.0  # seconds between two bytes
_SLOW = ("drip", "drip headers", "hang", "endless", "endless headers")
# Half of the answers are text for the judges: a server that only misbehaves is soon given up.
_MANNERS = ("text",) * 10 + (
    "redirect",
    "redirect home",
    "redirect to a file",
    "junk",
    "busy",
    "gone",
    "cut short",
    "compressed",
    "wrong shape",
    "nonsense",
    *_SLOW,
)

Text = Callable[[Random], str]


class HostileServer:
    """Serves within its `with` block; `text` makes the hostile replies."""

    def __init__(self, seed: object, chat: bool, text: Text, secret: str):
        self.answers: Counter[str] = Counter()
        self.strayed: list[str] = []
        self._seed, self._text, self._secret = seed, text, secret
        self._models = {
            "object": "list",
            "data": [{"id": "general-7b" if chat else "peepcc-hostile", "object": "model"}],
        }
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> HostileServer:
        self._socket, self._trap = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        for each in (self._socket, self._trap):
            each.settimeout(_STEP)
        self._start(self._accept)
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        try:
            self._trap.accept()[0].close()
            self.strayed.append("the port that redirects lead to")
        except TimeoutError:
            pass
        for each in (self._socket, self._trap):
            each.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                self._start(self._serve, self._socket.accept()[0])

    def _serve(self, connection: socket.socket) -> None:
        """Questions of one connection, until it is closed or all is over."""
        with connection:
            connection.settimeout(_STEP)
            try:
                while (question := self._question(connection)) and self._answer(connection, *question):
                    pass
            except OSError:
                pass  # the client has gone

    def _question(self, connection: socket.socket) -> tuple[str, bytes] | None:
        data = b""
        while not self._over.is_set():
            head, end, body = data.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if end and len(body) >= (int(length[1]) if length else 0):
                return head.split(b" ")[1].decode("latin-1"), body
            try:
                part = connection.recv(1 << 16)
            except TimeoutError:
                continue
            if not part:
                return None
            data += part
        return None

    def _answer(self, connection: socket.socket, path: str, body: bytes) -> bool:
        """Whether the connection is still good."""
        if path == "/v1/models":
            return self._send(connection, _whole(json.dumps(self._models).encode()))
        if path not in ("/v1/completions", "/v1/chat/completions"):
            self.strayed.append(path)
        rng = Random(f"{self._seed} {body!r}")
        with self._lock:
            manner = (
                rng.choice(_MANNERS) if self.answers else "text"
            )  # the first question is asked alone: it shall not be all
            self.answers[manner] += 1
        if manner in _SLOW:
            return self._slowly(connection, manner)
        return self._send(connection, self._quick(manner, rng)) and manner not in ("cut short", "nonsense")

    def _quick(self, manner: str, rng: Random) -> bytes:
        text = self._text(rng)
        choice = {"index": 0, "text": text, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        good = json.dumps({"model": "m", "choices": [choice], "usage": {"completion_tokens": 7}}).encode()
        places = {
            "redirect": f"http://127.0.0.1:{self._trap.getsockname()[1]}/v1/completions",
            "redirect home": _FORBIDDEN_PATH,
            "redirect to a file": f"file://{self._secret}",
        }
        match manner:
            case "text":
                return _whole(good)
            case "redirect" | "redirect home" | "redirect to a file":
                return _whole(good, rng.choice((301, 302, 303, 307, 308, 300)), f"Location: {places[manner]}\r\n")
            case "junk":
                return _whole(
                    rng.choice(
                        (
                            b"",
                            b"\0\xff" * 900,
                            b"[" * 100_000,
                            b"1e999",
                            b'"' + b"A" * 300_000 + b'"',
                            b"<html>",
                            b"NaN",
                        )
                    )
                )
            case "busy":
                return _whole(
                    b'{"error": {"message": "\x1b[2J"}}', rng.choice((429, 500, 503)), "Retry-After: 99999\r\n"
                )
            case "gone":
                return _whole(good, rng.choice((400, 410, 418, 204, 999)))
            case "cut short":
                return _whole(good, length=len(good) + 10_000)
            case "compressed":
                return _whole(good, headers="Content-Encoding: gzip\r\n")
            case "wrong shape":
                return _whole(
                    json.dumps(
                        rng.choice(
                            (
                                [],
                                {"choices": 7},
                                {"choices": [None]},
                                {"choices": [{"text": {"a": text}}]},
                                {"choices": [[text]]},
                                text,
                            )
                        )
                    ).encode()
                )
        return rng.choice(
            (
                b"HTTP/9.9 x\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01",
                b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                text.encode("utf-8", "replace"),
                b"\r\n" * 50,
            )
        )

    def _slowly(self, connection: socket.socket, manner: str) -> bool:
        """What never ends by itself."""
        starts = {
            "drip": b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n",
            "endless": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "hang": b"",
        }
        parts = {
            "drip": b" ",
            "drip headers": b"X",
            "hang": b"",
            "endless": b"1000\r\n" + b"[" * 0x1000 + b"\r\n",
            "endless headers": b"X-More: 1\r\n" * 100,
        }
        self._send(connection, starts.get(manner, b"HTTP/1.1 200 OK\r\n"))
        while not self._over.is_set() and not _left(connection):
            if not self._send(connection, parts[manner]):
                break
            if manner not in ("endless", "endless headers"):
                self._over.wait(_DRIP)
        return False

    def _send(self, connection: socket.socket, data: bytes) -> bool:
        """All of it, however slowly it is taken, unless all is over."""
        while data and not self._over.is_set():
            try:
                data = data[connection.send(data) :]
            except TimeoutError:
                continue
        return not data


def _whole(body: bytes, status: int = 200, headers: str = "", length: int | None = None) -> bytes:
    return (
        f"HTTP/1.1 {status} X\r\nContent-Length: {len(body) if length is None else length}\r\n{headers}\r\n".encode()
        + body
    )


def _left(connection: socket.socket) -> bool:
    """Whether the client has closed its end."""
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(_STEP)
