"""JSON over HTTP to a server that may be dead, slow or lying.

Promises: every call ends by its time limit, whatever the server does; no answer larger
than a cap is held; no redirect is followed; the key goes out in the Authorization header
and shows up in no error, value or repr. What an answer says is for the caller to judge.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import suppress

import httpx

from ...errors import PeepccError
from ..protocol import Failure, FailureKind

IN_FLIGHT = 64
REQUEST_SECONDS = 30.0  # many short answers at once, from a processor that compiles besides
CHAT_SECONDS = 300.0  # some models think before they write
_CONNECT_SECONDS = 2.0
_RESOLVE_SECONDS = 5.0
_RETRIES = 3
_FIRST_DELAY = 0.1  # seconds; doubled at each retry
_LONGEST_DELAY = 5.0
_FAILURES = 3  # questions in a row that no retry helped, after which the server counts as dead
_LARGEST_ANSWER = 256 * 1024
_LONGEST_REASON = 160


class Unanswered(PeepccError):
    """No answer that can be used. `status` is the server's HTTP status, None where there was none."""

    def __init__(self, reason: str, status: int | None = None, kind: FailureKind = FailureKind.NO_ANSWER):
        super().__init__(reason)
        self.status = status
        self.failure = Failure(kind, reason)


class Key(httpx.Auth):
    """An API key that shows itself to nobody but the server it is sent to."""

    __slots__ = ("_value",)

    def __init__(self, value: str | None):
        """Raises PeepccError where no header can carry the key."""
        self._value = (value or "").strip()
        if not (self._value.isascii() and self._value.isprintable()):
            raise PeepccError("the API key holds characters that no HTTP header can carry")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._value:
            request.headers["Authorization"] = f"Bearer {self._value}"
        yield request

    def hidden_in(self, text: str) -> str:
        """`text` with the key blotted out, should a server send it back."""
        return text.replace(self._value, "[key]") if self._value else text


class Connection:
    """Requests to one server within one event loop. `dead` says why nothing more is sent."""

    def __init__(self, base: httpx.URL, key: Key, seed: int):
        """Raises Unanswered where the environment names a proxy or certificates that cannot be used."""
        self.dead: str | None = None
        self._base = base
        self._key = key
        self._random = random.Random(seed)
        self._failures = 0
        self._answered = False
        # A proxy is for the way out of this machine.
        outside = base.host not in ("localhost", "127.0.0.1", "::1")
        try:
            self._client = httpx.AsyncClient(
                auth=key,
                timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
                follow_redirects=False,
                trust_env=outside,
                headers={"Accept-Encoding": "identity", "User-Agent": "peepcc"},
                limits=httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
            )
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            ValueError,
            OSError,
        ) as error:  # what the variables name, it reads here
            raise Unanswered(
                f"the proxy or the certificates that the environment names cannot be used ({type(error).__name__})"
            ) from None

    async def __aenter__(self) -> Connection:
        await _resolved(self._base.host)
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def ask(self, path: str, body: Mapping[str, object] | None = None, seconds: float | None = None) -> object:
        """The JSON that the server answers to a POST of `body`, or to a GET where there is none.

        Raises Unanswered after `seconds` (REQUEST_SECONDS), retries included, at the latest.
        """
        try:
            async with asyncio.timeout(seconds or REQUEST_SECONDS):
                return await self._retried(path, body)
        except TimeoutError:
            # A server that has answered others is only slow.
            if not self._answered and not self.dead:
                self.dead = "given up: the server does not answer in time"
            raise Unanswered("no answer in time") from None

    async def _retried(self, path: str, body: Mapping[str, object] | None) -> object:
        for retry in range(_RETRIES + 1):
            if self.dead:
                raise Unanswered(self.dead)
            try:
                answer = await self._once(path, body)
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                problem, after = Unanswered(f"no connection to the server ({type(error).__name__})"), 0.0
                if isinstance(error, httpx.ConnectTimeout):
                    break  # nobody is there; each try would cost seconds
            except _Busy as busy:
                problem, after = Unanswered(busy.reason, busy.status), busy.after
            else:
                self._failures = 0
                self._answered |= body is not None
                return answer
            if retry < _RETRIES:
                delay = _FIRST_DELAY * 2**retry * self._random.uniform(0.5, 1.5)
                await asyncio.sleep(min(max(delay, after), _LONGEST_DELAY) if not self.dead else 0)
        self._failed(problem.reason)
        raise problem

    def _failed(self, reason: str) -> None:
        self._failures += 1
        if self._failures >= _FAILURES and not self.dead:
            self.dead = f"given up: {reason}"

    async def _once(self, path: str, body: Mapping[str, object] | None) -> object:
        url = self._base.copy_with(path=f"{self._base.path}{path}")
        method = "GET" if body is None else "POST"
        async with self._client.stream(method, url, json=body) as response:
            status = response.status_code
            if 300 <= status < 400:
                raise Unanswered("the server redirects, which is not followed", status)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise Unanswered("a compressed answer that was not asked for", status)
            content = await _content(response)
        if status == 429 or status >= 500:
            raise _Busy(self._complaint(status, content), status, _seconds(response.headers.get("retry-after")))
        if status in (401, 403) or (
            status in (404, 405) and body is not None
        ):  # the next question would fare no better
            self.dead = f"given up: {self._complaint(status, content)}"
            raise Unanswered(self.dead, status)
        if status != 200:
            self._failures = 0
            raise Unanswered(self._complaint(status, content), status)
        return _read(content)

    def _complaint(self, status: int, content: bytes) -> str:
        """The status, and what the server says about it in the two shapes that are in use."""
        try:
            said = _read(content)
        except Unanswered:
            said = None
        said = said.get("error", said) if isinstance(said, dict) else None
        said = said.get("message") if isinstance(said, dict) else said
        words = f": {self.shown(said)[:_LONGEST_REASON]}" if isinstance(said, str) and said else ""
        return f"the server says {status}{words}"

    def shown(self, text: str) -> str:
        """A server's text on one line, without the key and without what a terminal would act on."""
        return self.plain(text).replace("\n", " ")

    def plain(self, text: str) -> str:
        """A server's text without the key; newlines stay, every other unprintable character is U+FFFD."""
        text = text.replace("\r\n", "\n").replace("\t", " ")
        return re.sub(
            r"[^\n]", lambda match: match[0] if match[0].isprintable() else "\ufffd", self._key.hidden_in(text)
        )


class _Busy(PeepccError):
    """429 or 5xx: worth another try after `after` seconds."""

    def __init__(self, reason: str, status: int, after: float):
        super().__init__(reason)
        self.status = status
        self.after = after


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > _LARGEST_ANSWER:
            raise Unanswered(f"an answer of more than {_LARGEST_ANSWER // 1024} KiB", response.status_code)
    return bytes(content)


def _read(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unanswered("an answer that is not JSON") from None


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdecimal() and len(text) < 6 else 0.0


async def _resolved(host: str) -> None:
    """Look the name up once, in a thread that nothing waits for at exit: a name server may hang for minutes."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def look() -> None:
        found = None
        try:
            socket.getaddrinfo(host, None)
        except (OSError, UnicodeError):
            found = Unanswered("the server's name is unknown")

        def tell() -> None:
            if not done.done():
                done.set_result(found)

        with suppress(RuntimeError):  # the loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=look, daemon=True).start()
    try:
        found = await asyncio.wait_for(done, _RESOLVE_SECONDS)
    except TimeoutError:
        raise Unanswered("the server's name is not resolved in time") from None
    if found:
        raise found
