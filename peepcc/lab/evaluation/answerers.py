"""Who answers: the embedded model, a server, a teacher, or a file of replies made elsewhere.

Each takes numbers of examples and gives the tries about each: a model may try again after
a refusal, all others answer once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ...errors import PeepccError
from ...propose.model.language import UNCHANGED, Undecodable
from ...propose.protocol import Failure, FailureKind, Reply
from ...propose.request import request_of
from ...propose.server.chat import lines as chat_lines
from ..example import Example
from ..teachers import TEACHERS
from .chat.prompting_modes import converse
from .chat.transcript import Talker
from .judge_pool import Bench
from .search_run import Searching, Tries


class Answerer(Protocol):
    """`identity`: what a report says of it. `together`: examples that it is asked about at once."""

    identity: Mapping[str, object]
    together: int

    def tries(self, numbers: Sequence[int], bench: Bench) -> list[Tries]:
        """In the order of `numbers`. Raises PeepccError where it cannot go on."""
        ...


@dataclass(frozen=True)
class Once:
    """Answers once: `ask` gives a reply an example."""

    identity: Mapping[str, object]
    together: int
    ask: Callable[[Sequence[int], Bench], list[Reply]]

    def tries(self, numbers: Sequence[int], bench: Bench) -> list[Tries]:
        replies = self.ask(numbers, bench)
        return [((reply, judged),) for reply, judged in zip(replies, bench.judge(list(zip(numbers, replies))))]


@dataclass(frozen=True)
class Conversing:
    """A chat model."""

    identity: Mapping[str, object]
    together: int
    talker: Talker
    mode: str
    repair: int

    def tries(self, numbers: Sequence[int], bench: Bench) -> list[Tries]:
        return converse([(n, bench.examples[n]) for n in numbers], self.talker, self.mode, self.repair, bench)


def of_teacher(name: str) -> Answerer:
    """Raises PeepccError for a name that the register of teachers does not have."""
    if name not in TEACHERS:
        raise PeepccError(f"no teacher {name}: there are {', '.join(TEACHERS)}")
    return Once({"kind": "teacher", "name": name}, 128, lambda numbers, bench: bench.teach(numbers, name))


def embedded(folder: Path, threads: int, repair: int) -> Answerer:
    """The model in `folder`, or in the folder ct2 in it. Raises PeepccError where there is none."""
    from ...propose.model.embedded import Embedded

    folder = folder / "ct2" if (folder / "ct2").is_dir() else folder
    backend = Embedded(folder, threads)
    name = folder.parent.name if folder.name == "ct2" else folder.name
    weights = hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()
    return Searching({"kind": "embedded", "name": name, "sha256": weights}, 1024, backend, repair)


def own_server(url: str, model: str, api_key: str | None, seed: int) -> Answerer:
    """One of our models behind a server: asked in our own language.

    Raises PeepccError where url or key cannot be used.
    """
    from ...propose.server.backend import Served

    backend = Served(url, model, api_key, seed)
    return Searching({"kind": "server", "name": model, "url": url, "language": "canonical"}, 256, backend, 0)


def chat_server(url: str | None, model: str, talker: Talker, mode: str, repair: int) -> Answerer:
    """`url` None: a transcript answers."""
    kind = {"kind": "server", "name": model, "url": url} if url else {"kind": "transcript", "name": model}
    return Conversing({**kind, "language": "chat"}, 256, talker, mode, repair)


def of_file(file: Path) -> Answerer:
    """Replies made elsewhere. Raises PeepccError where the file cannot be read."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PeepccError(f"no replies: {error}") from None
    rows = _rows(content, file)
    identity = {"kind": "replies", "name": file.name, "sha256": hashlib.sha256(content).hexdigest()}
    return Once(identity, 1024, lambda numbers, bench: [_of_row(rows, n, bench.examples[n]) for n in numbers])


def _rows(content: bytes, file: Path) -> dict[str | int, dict]:
    """By key (a request's) or number (of the example, from 0), as the rows have it."""
    found: dict[str | int, dict] = {}
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        name = (row.get("key") if "key" in row else row.get("example")) if isinstance(row, dict) else None
        lines = row.get("lines") if isinstance(row, dict) else None
        readable = isinstance(name, (str, int)) and (
            (isinstance(lines, list) and all(isinstance(each, str) for each in lines))
            or (lines is None and isinstance(row.get("text"), str))
        )
        if not readable:
            raise PeepccError(
                f'{file}, line {number}: not {{"key" or "example": ..., "lines": [...] or "text": "..."}}'
            )
        found[name] = row
    return found


def _of_row(rows: Mapping[str | int, dict], number: int, example: Example) -> Reply:
    request = request_of(example.window)
    row = rows.get(request.key) or rows.get(number)
    if row is None:
        return Reply(request.key, None, failure=Failure(FailureKind.NOT_ASKED, "not in the file"))
    reply = Reply(
        request.key,
        None,
        str(row.get("text") or ""),
        str(row.get("model") or ""),
        _number(row.get("seconds")),
        int(_number(row.get("tokens"))),
    )
    if row.get("error"):
        return replace(reply, failure=Failure(FailureKind.NO_ANSWER, str(row["error"])[:400]))
    if row.get("lines") is not None:
        lines = example.source if row["lines"] == [UNCHANGED] else tuple(row["lines"])
        return replace(reply, lines=lines)
    try:
        return replace(reply, lines=chat_lines(request, reply.text))
    except Undecodable as problem:
        return replace(reply, failure=Failure(FailureKind.UNPARSED, problem.reason))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e9 else 0.0
