"""The one place that starts processes.

Children run with PEEPCC_OFF=1, so that a compiler that is peepcc by another name only
passes through. A child never outlives the call: it is ended when the call is left by a
timeout, a signal or any other exception. What the child started itself is the child's;
only what runs `beside` us is ended with all of its group. Children inherit the descriptors
that our caller gave us, as they would from clang; Python opens none that can be inherited.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .bear import unrecorded
from .errors import PeepccError

_GRACE = 2.0  # seconds between SIGTERM, on which clang removes its temporary files, and SIGKILL


@dataclass(frozen=True, slots=True)
class Completed:
    """`returncode` is negative where a signal ended the child."""

    returncode: int
    stdout: bytes
    stderr: bytes


class ProcessTimeout(PeepccError):
    """The child was still running after `seconds`."""

    def __init__(self, program: str, seconds: float):
        super().__init__(f"{program} ran longer than {seconds:g} seconds")
        self.seconds = seconds


def run(
    argv: Sequence[str],
    *,
    stdin: bytes | int | None = None,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Completed:
    """Run to the end and capture. `env` is added to the inherited environment.

    `stdin`: the bytes to feed, a file descriptor, or None for nothing to read. `timeout`
    in seconds. Raises ProcessTimeout, and OSError where the program cannot be started.
    """
    data, source = (stdin, subprocess.PIPE) if isinstance(stdin, bytes) else (None, stdin)
    source = subprocess.DEVNULL if source is None else source
    child = _start(argv, source, cwd, {**os.environ, **(env or {}), "PEEPCC_OFF": "1"})
    try:
        stdout, stderr = child.communicate(data, timeout)
    except subprocess.TimeoutExpired:
        raise ProcessTimeout(argv[0], timeout or 0.0) from None
    finally:
        _end(child)
    return Completed(child.returncode, stdout, stderr)


def watch(argv: Sequence[str]) -> int:
    """Run to the end on our own standard descriptors; the status, negative where a signal ended it. Raises OSError."""
    child = _start(argv, None, None, {**os.environ, "PEEPCC_OFF": "1"}, None)
    try:
        return child.wait()
    finally:
        _end(child)


@contextlib.contextmanager
def beside(
    argv: Sequence[str], output: Path, *, env: Mapping[str, str] | None = None, grace: float = 20.0
) -> Iterator[Callable[[], int | None]]:
    """A server for the length of the block, in a process group of its own, all that it says written to `output`.

    Yields a function that tells its status: None while it runs, negative where a signal ended
    it. At the end it gets SIGTERM and `grace` seconds, then its whole group SIGKILL. A signal
    whose handler raises in the first moments can leave it behind. Raises OSError.
    """
    with output.open("wb") as log:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, **(env or {}), "PEEPCC_OFF": "1"},
        )
    try:
        yield child.poll
    finally:
        _end(child, grace)
        with contextlib.suppress(ProcessLookupError):  # its workers are mostly gone with it
            os.killpg(child.pid, signal.SIGKILL)


def signal_name(number: int) -> str:
    """SIGKILL for 9; a number that has no name as it is."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def is_starting(frame: FrameType | None) -> bool:
    """Whether `frame`, or what called it, is where a process exists that `run` does not hold yet."""
    while frame is not None:
        if frame.f_code is _start.__code__:
            return True
        frame = frame.f_back
    return False


def _start(
    argv: Sequence[str],
    stdin: int | None,
    cwd: str | os.PathLike[str] | None,
    env: Mapping[str, str],
    output: int | None = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    path, descriptor = unrecorded(argv[0], env)
    try:
        return subprocess.Popen(
            argv, executable=path, stdin=stdin, stdout=output, stderr=output, cwd=cwd, env=env, close_fds=False
        )
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _end(child: subprocess.Popen[bytes], grace: float = _GRACE) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(grace)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
