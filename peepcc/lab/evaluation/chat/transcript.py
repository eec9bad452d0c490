"""Conversations with a chat model: over HTTP, and kept in a file that can be asked instead of the model.

What was said is kept as it comes, so that a killed run asks nothing twice, and a run is
repeated without the model. The key is in no message and in no file.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from ....errors import PeepccError
from ....propose.protocol import Failure, FailureKind
from ....propose.schema import dumped_failure, loaded_failure
from ....propose.server.backend import base_url
from ....propose.server.http import IN_FLIGHT, Connection, Key, Unanswered

_SECONDS = 600.0  # reasoning models think for minutes
_TOKENS = 4096
_FEW_TOKENS = 512  # leaves room to try again in a context of 4,096
_REFUSED = (400, 422)
_LONGEST = 65536
_MANY = 16  # conversations that all fail: then it is the server
_HEX = re.compile(r"0x[0-9a-f]+")

Messages = tuple[tuple[str, str], ...]  # (role, text), the last one the user's


@dataclass(frozen=True, slots=True)
class Said:
    """`failure` is set where no answer came, or one that was cut off."""

    text: str = ""
    tokens: int = 0
    seconds: float = 0.0
    model: str = ""
    failure: Failure | None = None

    @property
    def is_answer(self) -> bool:
        return self.failure is None or self.failure.kind is FailureKind.UNPARSED


class Talker(Protocol):
    def say(self, conversations: Sequence[Messages]) -> list[Said]:
        """The next answer in each conversation, in order."""
        ...


class Silent(PeepccError):
    """The server answers nothing at all: it is not the model that fails."""


class Server:
    """Any OpenAI-compatible server, through /chat/completions, temperature 0 where it can be set."""

    def __init__(self, url: str, model: str, api_key: str | None, seed: int):
        """Raises PeepccError where url or key cannot be used."""
        self._base, self._key, self._model, self._seed = base_url(url), Key(api_key), model, seed
        greedy = {"temperature": 0, "seed": seed}
        # What a small context has no room for goes first, then what reasoning models do not know.
        self._bodies = (
            {**greedy, "max_tokens": _TOKENS},
            {**greedy, "max_tokens": _FEW_TOKENS},
            greedy,
            {"max_completion_tokens": 4 * _TOKENS},
            {},
        )
        self._body: int | None = (
            None  # the first that was ever answered: one conversation that is too long takes nothing from the others
        )
        self._answered = False

    def say(
        self, conversations: Sequence[Messages], heard: Callable[[Messages, Said], None] = lambda messages, said: None
    ) -> list[Said]:
        """`heard` is told each answer as it comes. Raises Silent where no answer ever came, or none of many."""
        said = asyncio.run(self._all(conversations, heard))
        answered = any(each.is_answer for each in said)
        self._answered |= answered
        if said and not answered and (len(said) >= _MANY or not self._answered):
            raise Silent(f"no answer from the server: {said[0].failure.message}")
        return said

    async def _all(self, conversations: Sequence[Messages], heard: Callable[[Messages, Said], None]) -> list[Said]:
        free = asyncio.Semaphore(IN_FLIGHT)
        try:
            async with Connection(self._base, self._key, self._seed) as connection:

                async def one(messages: Messages) -> Said:
                    async with free:
                        said = await self._one(connection, messages)
                    heard(messages, said)
                    return said

                return await asyncio.gather(*map(one, conversations))
        except Unanswered as problem:  # the name cannot be resolved
            raise Silent(problem.reason) from None

    async def _one(self, connection: Connection, messages: Messages) -> Said:
        started = time.monotonic()
        tried = self._body or 0
        while True:
            body = {
                "model": self._model,
                "messages": [{"role": role, "content": text} for role, text in messages],
                **self._bodies[tried],
            }
            try:
                said = _read(await connection.ask("/chat/completions", body, _SECONDS), connection)
            except Unanswered as problem:
                if problem.status in _REFUSED and tried + 1 < len(self._bodies):
                    tried += 1
                    continue
                said = Said(failure=problem.failure)
            else:
                self._body = tried if self._body is None else min(self._body, tried)
            return replace(said, seconds=time.monotonic() - started)


def _read(answer: object, connection: Connection) -> Said:
    """Raises Unanswered where the answer holds no text."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    text = message.get("content") if isinstance(message, dict) else None
    usage, model = (
        answer.get("usage") if isinstance(answer, dict) else None,
        answer.get("model") if isinstance(answer, dict) else None,
    )
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else 0
    if not isinstance(text, str):
        raise Unanswered("an answer that holds no text")
    cut = choice.get("finish_reason") == "length"
    return Said(
        connection.plain(text)[:_LONGEST],
        tokens if isinstance(tokens, int) and 0 <= tokens < 1 << 24 else 0,
        model=connection.shown(model)[:200] if isinstance(model, str) else "",
        failure=Failure(FailureKind.UNPARSED, "an answer that was cut off") if cut else None,
    )


class Kept:
    """What is in the file is not asked again; what is asked is put there. `inner` None: the file alone answers."""

    def __init__(self, file: Path, inner: Server | None):
        """Raises PeepccError where the file alone should answer and cannot be read."""
        self._file, self._inner = file, inner
        self._known: dict[str, Said] = {}
        try:
            for line in file.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line that a killed run left
                    value = json.loads(line)
                    said = Said(**{**value["said"], "failure": loaded_failure(value["said"]["failure"])})
                    if (
                        isinstance(said.text, str)
                        and isinstance(said.tokens, int)
                        and isinstance(said.seconds, (int, float))
                    ):
                        self._known[_name(tuple((role, text) for role, text in value["messages"]))] = said
        except OSError as error:
            if inner is None:
                raise PeepccError(f"no transcript: {error}") from None

    def say(self, conversations: Sequence[Messages]) -> list[Said]:
        new = list(dict.fromkeys(each for each in conversations if _name(each) not in self._known))
        if new and self._inner is not None:
            with self._file.open("a", encoding="utf-8") as out:

                def heard(messages: Messages, said: Said) -> None:
                    if said.is_answer:
                        self._known[_name(messages)] = said
                        out.write(
                            json.dumps(
                                {
                                    "messages": messages,
                                    "said": {**asdict(said), "failure": dumped_failure(said.failure)},
                                }
                            )
                            + "\n"
                        )
                        out.flush()

                failed = dict(zip(new, self._inner.say(new, heard)))
        else:
            failed = {}
        absent = Said(failure=Failure(FailureKind.NOT_ASKED, "not in the transcript"))
        return [self._known.get(_name(each)) or failed.get(each, absent) for each in conversations]


def _name(messages: Messages) -> str:
    """Equal for conversations that differ in hexadecimal numbers only: which input shows a difference is the emulator's
    choice.
    """
    return hashlib.sha256(_HEX.sub("0x", json.dumps(messages)).encode()).hexdigest()
