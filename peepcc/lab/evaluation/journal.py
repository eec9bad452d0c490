"""The judged replies of a run, one JSON line an example, written as they come: a killed run goes on where it was.

A line counts when it is whole. The first line says what the run is; a journal of another
run is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import PeepccError
from ...propose.protocol import Reply
from ...propose.schema import dumped_failure, loaded_failure
from .scoring import Judged, from_json

_LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Row:
    """What became of example `number`: at least one try, the last one counts."""

    number: int
    tries: tuple[tuple[Reply, Judged], ...]

    @property
    def reply(self) -> Reply:
        return self.tries[-1][0]

    @property
    def judged(self) -> Judged:
        return self.tries[-1][1]


class Journal:
    def __init__(self, file: Path, run: Mapping[str, object]):
        """`run`: what makes two runs the same. Raises PeepccError where the file is of another, and OSError."""
        self.rows: dict[int, Row] = {}
        head = json.dumps({"run": run}, sort_keys=True)
        lines = _whole_lines(file)
        if lines and json.loads(lines[0]) != json.loads(head):
            raise PeepccError(f"{file} is of another run: {lines[0][:300]}")
        for line in lines[1:]:
            row = _row(json.loads(line))
            self.rows[row.number] = row
        self._out = file.open("a", encoding="utf-8")
        if not lines:
            self._out.write(head + "\n")
            self._out.flush()

    def add(self, rows: Sequence[Row]) -> None:
        self._out.write("".join(json.dumps(_value(row)) + "\n" for row in rows))
        self._out.flush()
        os.fsync(self._out.fileno())
        self.rows |= {row.number: row for row in rows}

    def close(self) -> None:
        self._out.close()


def _whole_lines(file: Path) -> list[str]:
    """What a killed run left behind the last whole line is cut off."""
    if not file.exists():
        return []
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(file, len(whole))
    return whole.decode().splitlines()


def _value(row: Row) -> dict[str, object]:
    return {
        "example": row.number,
        "tries": [{**_reply(reply), "judged": judged.to_json()} for reply, judged in row.tries],
    }


def _reply(reply: Reply) -> dict[str, object]:
    return {
        "key": reply.key,
        "lines": reply.lines,
        "text": reply.text[:_LONGEST_TEXT],
        "model": reply.model,
        "seconds": round(reply.seconds, 4),
        "tokens": reply.tokens,
        "failure": dumped_failure(reply.failure),
    }


def _row(value: Mapping) -> Row:
    tries = []
    for each in value["tries"]:
        lines = each["lines"]
        reply = Reply(
            each["key"],
            None if lines is None else tuple(lines),
            each["text"],
            each["model"],
            each["seconds"],
            each["tokens"],
            loaded_failure(each["failure"]),
        )
        tries.append((reply, from_json(each["judged"])))
    return Row(value["example"], tuple(tries))
