"""Proposals from any OpenAI-compatible server, by its address.

A model of ours is asked in our own language through /completions, any other as a chat, in
which refused replies go back. It promises that a dead, slow or lying server costs time up to the deadline and nothing
else. What comes back is text to be judged.
"""

from __future__ import annotations

import asyncio
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeGuard

import httpx

from ...errors import PeepccError
from ..model import language as canonical
from ..model.grammar import reply_grammar
from ..model.language import Prompt, Undecodable
from ..protocol import Failure, FailureKind, Repair, Reply, Request
from . import chat
from .http import CHAT_SECONDS, IN_FLIGHT, Connection, Key, Unanswered

_OURS = re.compile(r"(?:^|/)peepcc[^/]*/?$|/peepcc/models/")
_VERSION = re.compile(r"/v\d[^/]*(?:/|$)")
_LONGEST_TEXT = 16384
_CHAT_TOKENS = 2048
_CONTEXT = 512  # tokens that our models are made for, prompt and reply together
_SPARE_TOKENS = 32  # a reply is seldom longer than its window
_REFUSED = (400, 422, 500)  # 500: how vLLM says that it cannot use a grammar with its tokenizer
# Without it, llguidance spells out what the grammar leaves no choice about ("@" after "@3"), which need not be a token.
_NO_FORCING = '%llguidance {"no_forcing": true}\n'
_ENDED = object()


@dataclass(frozen=True, slots=True)
class _Question:
    """One conversation for the server, and what it asks for.

    `prompt` is None in a chat, else its text is the one message.
    """

    messages: tuple[chat.Message, ...]
    asked: tuple[tuple[Request | Repair, Prompt | None], ...]


@dataclass(frozen=True, slots=True)
class _Server:
    """What is known about the server. `grammar`, `extras`: it takes these parts of a body."""

    model: str
    chat: bool
    grammar: bool = True
    extras: bool = True


class Served:
    """The backend `vllm`."""

    usual = 1  # a chat takes seconds

    def __init__(self, url: str, model: str | None, api_key: str | None, seed: int = 0):
        """`url` with or without /v1. Raises PeepccError where it or the key cannot be used."""
        self._base = base_url(url)
        self._model = model
        self._key = Key(api_key)
        self._seed = seed
        self._server: _Server | None = None
        self._dead: str | None = None

    def __repr__(self) -> str:
        return f"Served({str(self._base)!r}, {self._model!r})"

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Replies as they come; nothing for a request whose answer is not there by the deadline."""
        return self._replies(requests, deadline)

    def repair(self, repairs: Sequence[Repair], deadline: float) -> Iterator[Reply]:
        """The same; nothing from a model of ours, which never learned to look at a mistake."""
        return self._replies(repairs, deadline) if self._server is None or self._server.chat else iter(())

    def _replies(self, asked: Sequence[Request | Repair], deadline: float) -> Iterator[Reply]:
        box: queue.SimpleQueue[Any] = queue.SimpleQueue()
        loop = asyncio.new_event_loop()
        task = loop.create_task(self._all(asked, deadline, box.put))
        thread = threading.Thread(target=_driven, args=(loop, task, box.put), daemon=True)
        thread.start()
        try:
            while (rest := deadline - time.monotonic()) > 0:
                item = box.get(timeout=rest)
                if item is _ENDED:
                    return
                if isinstance(item, Exception):
                    raise item
                yield item
        except queue.Empty:
            return
        finally:
            _stopped(loop, task)
            thread.join(1.0)

    async def _all(self, asked: Sequence[Request | Repair], deadline: float, put: Callable[[object], None]) -> None:
        left = dict.fromkeys(each.key for each in asked)

        def give(reply: Reply) -> None:
            left.pop(reply.key, None)
            put(reply)

        try:
            async with asyncio.timeout_at(deadline), Connection(self._base, self._key, self._seed) as connection:
                connection.dead = self._dead
                self._server = self._server or await self._found(connection)
                questions = iter(_questions(asked, self._server))
                if not self._server.chat:  # one question alone learns whether the server takes a grammar
                    await self._worker(connection, islice(questions, 1), give)
                await asyncio.gather(*(self._worker(connection, questions, give) for _ in range(IN_FLIGHT)))
                self._dead = connection.dead
        except TimeoutError:
            return
        except Unanswered as problem:
            self._dead = self._dead or problem.reason
        no_words = Failure(FailureKind.NOT_ASKED, "no words for this window")
        failure = Failure(FailureKind.NO_ANSWER, self._dead) if self._dead else no_words
        for key in left:
            put(Reply(key, None, failure=failure))

    async def _found(self, connection: Connection) -> _Server:
        """The server's model. One that does not list its models is taken to have one of ours."""
        try:
            answer = await connection.ask("/models")
        except Unanswered as problem:
            if problem.status is None or connection.dead:
                raise
            answer = None
        names = _models(answer)
        ours = [name for name, also in names.items() if _OURS.search(name) or _OURS.search(also)]
        model = self._model or next(iter(ours or names), "peepcc")
        return _Server(model, chat=not (model in ours or is_own(model)))

    async def _worker(
        self, connection: Connection, questions: Iterator[_Question], give: Callable[[Reply], None]
    ) -> None:
        for question in questions:
            started = time.monotonic()
            try:
                answer = await self._answer(connection, question)
                text, model, tokens = _read(answer, connection)
            except Unanswered as problem:
                if connection.dead:
                    return  # what is left gets its reason when all have stopped
                for each, _ in question.asked:
                    give(Reply(each.key, None, seconds=time.monotonic() - started, failure=problem.failure))
                continue
            for each, prompt in question.asked:
                reply = Reply(each.key, None, text[:_LONGEST_TEXT], model, time.monotonic() - started, tokens)
                give(_decoded(reply, each.request if isinstance(each, Repair) else each, prompt, text))

    async def _answer(self, connection: Connection, question: _Question) -> object:
        """Asks; where the server refuses the body, asks with less in it and remembers that."""
        server = self._server or await self._found(connection)
        while True:
            try:
                body = _body(server, question, self._seed)
                answer = await (
                    connection.ask("/chat/completions", body, CHAT_SECONDS)
                    if server.chat
                    else connection.ask("/completions", body)
                )
            except Unanswered as problem:
                less = _less(server)
                if problem.status not in _REFUSED or less is None:
                    raise
                server = less
                continue
            known = self._server or server
            if server != known:
                grammar, extras = server.grammar and known.grammar, server.extras and known.extras
                self._server = replace(server, grammar=grammar, extras=extras)
            return answer


def is_own(model: str) -> bool:
    """Whether a model of this name is taken to be one of ours, which speak the canonical language."""
    return bool(_OURS.search(model))


def base_url(url: str) -> httpx.URL:
    """The address up to its /v1. Raises PeepccError."""
    try:
        base = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError):
        raise PeepccError("the server's url cannot be read") from None
    if base.scheme not in ("http", "https") or not base.host:
        raise PeepccError("the server's url does not begin with http://HOST or https://HOST")
    if base.userinfo:
        raise PeepccError("the server's url holds a user or password: keys come from PEEPCC_API_KEY only")
    path = base.path.rstrip("/")
    return base.copy_with(path=path if _VERSION.search(path) else f"{path}/v1", query=None, fragment=None)


def _driven(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None], put: Callable[[object], None]) -> None:
    """Runs the questions to their end; what went wrong with them is raised where the replies are read."""
    try:
        loop.run_until_complete(task)
        put(_ENDED)
    except asyncio.CancelledError:
        pass
    except Exception as problem:
        put(problem)
    finally:
        loop.close()


def _stopped(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with suppress(RuntimeError):  # closed: it has ended by itself
        loop.call_soon_threadsafe(task.cancel)


def _models(answer: object) -> dict[str, str]:
    """Name and root (the path or name that it was loaded from) of each model that the server lists."""
    listed = answer.get("data") if isinstance(answer, dict) else None
    entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {each["id"]: str(each.get("root") or "") for each in entries if _is_name(each.get("id"))}


def _is_name(text: object) -> TypeGuard[str]:
    """Whether a request can hold it: JSON may spell half of a surrogate pair, which no UTF-8 has."""
    return isinstance(text, str) and not any("\ud800" <= each <= "\udfff" for each in text)


def _questions(asked: Sequence[Request | Repair], server: _Server) -> Iterator[_Question]:
    """One question a distinct conversation; what our language has no words for is not asked."""
    found: dict[tuple[chat.Message, ...], list[tuple[Request | Repair, Prompt | None]]] = {}
    for each in asked:
        if server.chat:
            found.setdefault(chat.messages(each), []).append((each, None))
        elif isinstance(each, Request) and (prompt := canonical.encode(each)):
            found.setdefault((("user", prompt.text),), []).append((each, prompt))
    return (_Question(messages, tuple(asking)) for messages, asking in found.items())


def _body(server: _Server, question: _Question, seed: int) -> Mapping[str, object]:
    exact = {"temperature": 0, "seed": seed} if server.extras else {}
    if server.chat:
        messages = [{"role": role, "content": text} for role, text in question.messages]
        return {
            "model": server.model,
            "messages": messages,
            **exact,
            **({"max_tokens": _CHAT_TOKENS} if server.extras else {}),
        }
    text = question.messages[-1][1]
    asked = len(canonical.tokens(text))
    room = max(1, min(asked + _SPARE_TOKENS, _CONTEXT - asked))
    prompt = question.asked[0][1]
    held = {"structured_outputs": {"grammar": _NO_FORCING + reply_grammar(prompt)}} if server.grammar and prompt else {}
    return {"model": server.model, "prompt": text, "max_tokens": room, **exact, **held}


def _less(server: _Server) -> _Server | None:
    """The server taken to accept one thing less, None where there is nothing to leave out."""
    if server.grammar and not server.chat:
        return replace(server, grammar=False)
    if server.extras:
        return replace(server, extras=False)
    return None


def _read(answer: object, connection: Connection) -> tuple[str, str, int]:
    """(text, model, tokens) of a completion or chat answer. Raises Unanswered."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(answer, dict) or not isinstance(choice, dict):
        raise Unanswered("an answer that holds no choice")
    message = choice.get("message")
    text = message.get("content") if isinstance(message, dict) else choice.get("text")
    if not isinstance(text, str):
        raise Unanswered("an answer that holds no text")
    if choice.get("finish_reason") == "length":
        raise Unanswered("an answer that was cut off", kind=FailureKind.UNPARSED)
    usage = answer.get("usage")
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else 0
    model = answer.get("model")
    return (
        connection.plain(text),
        connection.shown(model)[:200] if isinstance(model, str) else "",
        tokens if isinstance(tokens, int) and 0 <= tokens < 1 << 20 else 0,
    )


def _decoded(reply: Reply, request: Request, prompt: Prompt | None, text: str) -> Reply:
    try:
        if len(text) > _LONGEST_TEXT:
            raise Undecodable("longer than any rewrite needs")
        if prompt and not text.isascii():
            raise Undecodable("a character that is not ASCII")
        return replace(reply, lines=chat.lines(request, text) if prompt is None else canonical.decode(prompt, text))
    except Undecodable as problem:
        return replace(reply, failure=Failure(FailureKind.UNPARSED, problem.reason))
