"""Replies kept in a file, and given again: builds that repeat without a model.

A line is one reply with its request or repair, as schema.json has it. The compilers of a parallel
make share a file: whoever adds a line holds its lock and gives way to what is there. So a
request has one proposal; a file that has two was made by other means, and is refused. A
line that cannot be read is ignored, and said once on stderr.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..errors import PeepccError
from .protocol import Backend, Failure, FailureKind, Repair, Repairer, Reply, Request
from .schema import SCHEMA, Misshapen, check, dumped, loaded


class Replay:
    """The backend `replay:FILE`. A request or repair that the file does not know gets no reply."""

    usual = 1 << 10  # it ends where the file does

    def __init__(self, file: Path):
        self._file = file

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Raises PeepccError where the file cannot be read, or has two proposals for one request."""
        return self._given([request.key for request in requests], deadline)

    def repair(self, repairs: Sequence[Repair], deadline: float) -> Iterator[Reply]:
        return self._given([repair.key for repair in repairs], deadline)

    def _given(self, keys: Sequence[str], deadline: float) -> Iterator[Reply]:
        replies = _Replies(set(keys))
        try:
            if self._file.exists() and not (
                self._file.is_file() or self._file.is_dir()
            ):  # a pipe waits, a device has no end
                raise PeepccError(f"no replies from {self._file}: it is not a regular file")
            replies.read(self._file.read_bytes())
        except OSError as error:
            raise PeepccError(f"no replies from {self._file}: {error.strerror}") from None
        replies.complain(self._file)
        for key in keys:
            if time.monotonic() >= deadline:
                return
            if key in replies.known:
                yield replies.known[key][1]


class Record:
    """The backend `record:FILE`: asks another backend and keeps what it says.

    Where the file has a proposal already, that is given, so that a replay builds the same.
    """

    def __init__(self, file: Path, inner: Backend):
        self._file = file
        self._inner = inner
        self.usual = inner.usual if isinstance(inner, Repairer) else 0

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Raises PeepccError where the file cannot be opened.

        A full disk costs the recording, and is said on stderr.
        """
        return self._recorded({request.key: request for request in requests}, self._inner.propose(requests, deadline))

    def repair(self, repairs: Sequence[Repair], deadline: float) -> Iterator[Reply]:
        if not isinstance(self._inner, Repairer):
            return iter(())
        return self._recorded({repair.key: repair for repair in repairs}, self._inner.repair(repairs, deadline))

    def _recorded(self, asked: Mapping[str, Request | Repair], said: Iterator[Reply]) -> Iterator[Reply]:
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise PeepccError(f"replies cannot be kept in {self._file}: {error.strerror}") from None
        lost = False
        try:
            if _holds_something_else(descriptor):
                raise PeepccError(
                    f"replies cannot be kept in {self._file}: it holds something else, and would be "
                    f"damaged; name another file"
                )
            replies = _Replies(set(asked))
            for reply in said:
                kept = _kept(reply)
                if not lost:
                    try:
                        kept = _added(descriptor, replies, kept, asked.get(kept.key))
                    except OSError as error:
                        lost = True
                        print(f"peepcc: replies are no longer kept in {self._file}: {error.strerror}", file=sys.stderr)
                yield kept
        finally:
            os.close(descriptor)


class _Replies:
    """What a file says about the requests with these keys, read as it grows: `known` is key -> (line number, reply)."""

    def __init__(self, keys: set[str]):
        self.known: dict[str, tuple[int, Reply]] = {}
        self.end = 0  # bytes read
        self._keys = keys
        self._lines = 0
        self._ignored: list[str] = []
        self._conflicts: list[str] = []

    def read(self, data: bytes) -> None:
        self.end += len(data)
        for line in data.splitlines():
            self._lines += 1
            try:
                reply = self._reply(line)
            except (Misshapen, ValueError, RecursionError) as error:
                self._ignored.append(
                    f"line {self._lines}: {error.reason if isinstance(error, Misshapen) else 'not JSON'}"
                )
                continue
            if reply is not None:
                self.take(self._lines, reply)

    def take(self, line: int, reply: Reply) -> None:
        """A proposal counts more than that there was none, wherever it stands."""
        first, known = self.known.get(reply.key, (line, None))
        if known is None or known.lines is None:
            self.known[reply.key] = line, reply
        elif reply.lines not in (None, known.lines):
            self._conflicts.append(f"lines {first} and {line}")

    def complain(self, file: Path) -> None:
        """Raises PeepccError for proposals that differ; says which lines mean nothing."""
        if self._conflicts:
            more = f", and {len(self._conflicts) - 1} more times" if len(self._conflicts) > 1 else ""
            raise PeepccError(f"{file}: {self._conflicts[0]} propose different things for one request{more}")
        if self._ignored:
            print(
                f"peepcc: {file}: {len(self._ignored)} lines ignored, the first is {self._ignored[0]}", file=sys.stderr
            )

    def _reply(self, line: bytes) -> Reply | None:
        """The reply of a line, None for one about another request (which is not looked at closely)."""
        value = json.loads(line)
        if (
            isinstance(value, dict)
            and value.get("schema") == SCHEMA
            and isinstance(value.get("key"), str)
            and value["key"] not in self._keys
        ):
            return None
        return loaded(value)


def _holds_something_else(descriptor: int) -> bool:
    """Whether a file begins as none of ours does, also one whose recorder died in its first line."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode) and os.pread(descriptor, 1, 0) not in (b"", b"{")


def _added(descriptor: int, replies: _Replies, reply: Reply, asked: Request | Repair | None) -> Reply:
    """The reply, now in the file; or what others put there meanwhile.

    Raises OSError, and then the file is as it was.
    """
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        size = os.fstat(descriptor).st_size
        while replies.end < size and (part := os.pread(descriptor, size - replies.end, replies.end)):
            replies.read(part)
        known = replies.known.get(reply.key)
        if known is not None and (known[1].lines is not None or reply.lines is None):
            return known[1]
        whole = not size or os.pread(descriptor, 1, size - 1) == b"\n"  # else a recorder died in mid-line
        line = (b"" if whole else b"\n") + json.dumps(dumped(reply, asked)).encode() + b"\n"
        try:
            written = 0
            while written < len(line):
                written += os.write(descriptor, line[written:])
        except OSError:
            with suppress(OSError):  # a device has no length
                os.ftruncate(descriptor, size)
            raise
        return reply
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _kept(reply: Reply) -> Reply:
    """The reply, or that it is none, where it is of no shape that could be replayed."""
    try:
        check(dumped(reply), "reply")
    except Misshapen as problem:
        return replace(
            reply, lines=None, text="", model="", failure=Failure(FailureKind.UNPARSED, problem.reason[:400])
        )
    return reply
