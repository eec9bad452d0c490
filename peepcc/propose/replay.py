"""Replies kept in a file, and given again: builds that repeat without a model.

A line is one reply, as schema.json has it. Lines are appended by single writes, so the
compilers of a parallel make can share a file; the last line about a request counts. A
line that cannot be read is ignored, and said once on stderr.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Iterator, Sequence

from ..errors import PeepccError
from .protocol import Backend, Reply, Request
from .schema import Misshapen, check, dumped, loaded


class Replay:
    """The backend `replay:FILE`. A request that the file does not know gets no reply."""

    def __init__(self, file: Path):
        self._file = file

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Raises PeepccError where the file cannot be read."""
        known = self._known({request.key for request in requests})
        for request in requests:
            if time.monotonic() >= deadline:
                return
            if request.key in known:
                yield known[request.key]

    def _known(self, keys: set[str]) -> dict[str, Reply]:
        found: dict[str, Reply] = {}
        ignored: list[str] = []
        try:
            lines = self._file.read_bytes().splitlines()
        except OSError as error:
            raise PeepccError(f"no replies from {self._file}: {error.strerror}") from None
        for number, line in enumerate(lines, 1):
            try:
                reply = _read(line, keys)
            except (Misshapen, ValueError, RecursionError) as error:
                ignored.append(f"line {number}: {error if isinstance(error, Misshapen) else 'not JSON'}")
                continue
            if reply is not None:
                found[reply.key] = reply
        if ignored:
            print(f"peepcc: {self._file}: {len(ignored)} lines ignored, the first is {ignored[0]}", file=sys.stderr)
        return found


def _read(line: bytes, keys: set[str]) -> Reply | None:
    """The reply of a line, None for one about another request (which is not looked at closely)."""
    value = json.loads(line)
    if isinstance(value, dict) and value.get("schema") == 1 and isinstance(value.get("key"), str) and value["key"] not in keys:
        return None
    return loaded(value)


class Record:
    """The backend `record:FILE`: asks another backend and keeps what it says."""

    def __init__(self, file: Path, inner: Backend):
        self._file = file
        self._inner = inner

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Raises PeepccError where the file cannot be written."""
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise PeepccError(f"replies cannot be kept in {self._file}: {error.strerror}") from None
        try:
            for reply in self._inner.propose(requests, deadline):
                kept = _kept(reply)
                os.write(descriptor, json.dumps(dumped(kept)).encode() + b"\n")
                yield kept
        finally:
            os.close(descriptor)


def _kept(reply: Reply) -> Reply:
    """The reply, or that it is none, where it is of no shape that could be replayed."""
    try:
        check(dumped(reply))
    except Misshapen as problem:
        return replace(reply, lines=None, text="", model="", error=f"unparsed: {problem.reason}"[:400])
    return reply
