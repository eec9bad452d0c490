"""Run Python work in a forked child, so that no crash, hang or memory limit of it is ours.

Native libraries end their process on some inputs; the child takes that, and the caller
gets an exception. It promises nothing about what the child wrote outside its own folder.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable

from ..errors import PeepccError
from ..process import signal_name
from .signals import Interrupted, die_by, shielded, unshield
from .working_folder import leave

_GRACE = 2.0  # seconds between SIGTERM and SIGKILL
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_LOADING = 60.0  # seconds in which what the work needs is there, also on a machine with much else to do
_BEGUN, _DONE, _FAILED = b"b", b"d", b"f"


class Lost(PeepccError):
    """The child died, hung or raised; `reason` says which."""


def isolated(
    work: Callable[[], bytes], folder: str, seconds: float, prepare: Callable[[], object] = lambda: None
) -> tuple[bytes, bytes]:
    """`work()` and what it printed. Its temporary files are in `folder`. Raises Lost.

    `prepare()` comes before it in the same child, and does not count to its seconds.
    """
    printed = os.path.join(folder, "printed")
    reader, writer = os.pipe()
    status = None
    parent = os.getpid()
    with shielded() as before:
        child = os.fork()
        if child == 0:
            _be_child(prepare, work, folder, printed, writer, parent, before)
        try:
            os.close(writer)
            unshield(before)
            answer = _read(reader, seconds)
            if answer is None:
                raise Lost(f"rewriting ran longer than {seconds:g} seconds")
            status = os.waitpid(child, 0)[1]
        finally:
            os.close(reader)
            if status is None:
                _end(child)
    if os.WIFSIGNALED(status):
        raise Lost(f"rewriting was ended by {signal_name(os.WTERMSIG(status))}")
    if answer[:1] != _DONE:
        raise Lost(
            answer[1:].decode(errors="replace") or f"rewriting ended with status {os.waitstatus_to_exitcode(status)}"
        )
    with open(printed, "rb") as file:
        return answer[1:], file.read()


def describe(error: BaseException) -> str:
    """One line that names the cause."""
    text = error.reason if isinstance(error, PeepccError) else f"{type(error).__name__}: {error}".removesuffix(": ")
    return " ".join(text.split())


def _be_child(
    prepare: Callable[[], object],
    work: Callable[[], bytes],
    folder: str,
    printed: str,
    writer: int,
    parent: int,
    before: set[int],
) -> None:
    code = 1
    try:
        unshield(before)
        _die_with(parent)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no file behind
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        out = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        # They last as long as the process.
        sys.stdout, sys.stderr = (open(number, "w", errors="backslashreplace", closefd=False) for number in (1, 2))  # noqa: SIM115
        try:
            leave(folder)
            prepare()
            os.write(writer, _BEGUN)
            answer = _DONE + work()
        except Exception as error:
            answer = _FAILED + describe(error).encode(errors="replace")
        sys.stdout.flush()
        sys.stderr.flush()
        with open(writer, "wb") as pipe:
            pipe.write(answer)
        code = 0
    except Interrupted as interrupted:
        die_by(interrupted.number)
    finally:
        os._exit(code)


def _die_with(parent: int) -> None:
    """A parent that is ended by SIGKILL cannot end its child: the kernel does."""
    import ctypes  # what the work loads needs it, too

    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _read(reader: int, seconds: float) -> bytes | None:
    """Everything until the child closes its end; None where it takes longer than `seconds` after it has begun."""
    if not select.select([reader], [], [], _LOADING)[0]:
        return None
    begun = os.read(reader, 1)
    if begun != _BEGUN:
        return begun + (_rest(reader, time.monotonic() + seconds) or b"")
    return _rest(reader, time.monotonic() + seconds)


def _rest(reader: int, deadline: float) -> bytes | None:
    parts: list[bytes] = []
    while True:
        if not select.select([reader], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return None
        part = os.read(reader, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _end(child: int) -> None:
    os.kill(child, signal.SIGTERM)
    limit = time.monotonic() + _GRACE
    while time.monotonic() < limit:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
