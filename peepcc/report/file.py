"""The file of a report: JSON Lines that compiles running at once add to, a line for each translation unit.

The first line names the schema. A unit's line begins with what the unit is known by and how
long the line is, so that to add one takes no reading of the others; a unit that is compiled again takes
the place of its earlier line, which becomes blank.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .place import FIRST_LINE, real, why_not
from .schema import Misshapen, check

_HEAD = '{{"unit": "{}", "bytes": {:12d}, '
_HEAD_READ = re.compile(rb'\{"unit": "([0-9a-f]{32})", "bytes": ([ \d]{12}), ')
_HEAD_LENGTH = len(_HEAD.format("0" * 32, 0))
_CHUNK = 1 << 16


def headed(key: str, body: bytes) -> bytes:
    """The line of a unit.

    `key`: 32 hex digits that it is known by; `body`: its JSON object without the opening brace.
    """
    return _HEAD.format(key, _HEAD_LENGTH + len(body)).encode() + body


def append(file: str, line: bytes) -> None:
    """Adds the line of a unit to the report in `file`, or puts it in the place of the same unit's.

    Raises OSError, and Misshapen where the file is none of ours.
    """
    match = _HEAD_READ.match(line)
    if match is None:
        raise Misshapen("the line is not a unit's")
    descriptor = _locked(file)
    try:
        live, blank = _add(descriptor, match[1].decode(), line)
        if blank > live:
            with suppress(OSError):  # the blank lines do no harm
                _packed(Path(real(file)))  # a link stays one
    finally:
        os.close(descriptor)


def _locked(file: str) -> int:
    """A descriptor of the report, which is locked: a lock file would be left behind, and the folder may be locked by
    who calls us.
    """
    while True:
        if reason := why_not(file):
            raise Misshapen(reason)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            reason = why_not(file)
            if reason is None and os.path.exists(file) and os.path.samestat(os.fstat(descriptor), os.stat(file)):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # another run has put a packed one in its place


def units(file: Path) -> list[Mapping[str, Any]]:
    """The units of a report; a line that is being written does not count. Raises Misshapen, and OSError."""
    first, *lines = file.read_bytes().splitlines(keepends=True) or [b""]
    if first != FIRST_LINE:
        raise Misshapen("it is not a report of this version of peepcc")
    found = {}
    for n, line in enumerate(lines):
        if not line.strip() or not line.endswith(b"\n"):
            continue
        try:
            value = json.loads(line)
        except ValueError:
            raise Misshapen(f"line {n + 2} is not JSON") from None
        check(value)
        found[value["unit"]] = value
    return list(found.values())


def _add(descriptor: int, key: str, line: bytes) -> tuple[int, int]:
    """Bytes in lines that count, and in blank ones, after the line was added.

    Raises OSError, and then the file is as it was.
    """
    size = os.fstat(descriptor).st_size
    if size == 0:
        size = os.pwrite(descriptor, FIRST_LINE, 0)
    places = list(_places(descriptor, size))
    end = places[-1][1] + places[-1][2] if places else len(FIRST_LINE)  # what follows was cut short with its writer
    try:
        written = 0
        while written < len(line):
            written += os.pwrite(descriptor, line[written:], end + written)
        os.ftruncate(descriptor, end + len(line))
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, end)
        raise
    for other, at, length in places:
        if other == key:
            os.pwrite(descriptor, b" " * (length - 1), at)
    live = len(line) + sum(length for other, _, length in places if other not in (key, ""))
    return live, end + len(line) - len(FIRST_LINE) - live


def _places(descriptor: int, size: int) -> Iterator[tuple[str, int, int]]:
    """(unit, position, length) of each whole line; the unit of a blank stretch is empty.

    Raises Misshapen for what is neither.
    """
    at = len(FIRST_LINE)
    while at < size:
        head = os.pread(descriptor, _HEAD_LENGTH, at)
        match = _HEAD_READ.fullmatch(head)
        if match:
            length = int(match[2])
            if length <= _HEAD_LENGTH or at + length > size:
                return
            yield match[1].decode(), at, length
        elif head[:1].isspace():
            length = _blank(descriptor, at, size)
            yield "", at, length
        elif len(head) < _HEAD_LENGTH:
            return
        else:
            raise Misshapen("somebody else has written to it")
        at += length


def _blank(descriptor: int, at: int, size: int) -> int:
    """The length of the stretch of blanks there."""
    end = at
    while end < size:
        chunk = os.pread(descriptor, _CHUNK, end)
        rest = len(chunk.lstrip())
        end += len(chunk) - rest
        if rest:
            break
    return end - at


def _packed(path: Path) -> None:
    """Puts the file without its blank lines in its place."""
    partial = Path(f"{path}.{os.getpid()}")
    try:
        with path.open("rb") as old, partial.open("xb") as new:
            new.writelines(line for line in old if line.strip())
        partial.chmod(path.stat().st_mode & 0o777)
        partial.replace(path)
    except BaseException as error:
        if not isinstance(error, FileExistsError):
            partial.unlink(missing_ok=True)
        raise
