"""Signals that end a process, as an exception, so that every `finally` on the way out runs.

Not those that a fault of our own raises, and not SIGPIPE and SIGXFSZ: Python ignores these
two, and the write that they came from fails.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..errors import PeepccError
from ..process import is_starting

_SIGNALS = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGXCPU,
    signal.SIGIO,
    signal.SIGPWR,
    signal.SIGSTKFLT,
    *range(signal.SIGRTMIN, signal.SIGRTMAX + 1),
)
_TEMPORARY = ("TMPDIR", "TMP", "TEMP", "TEMPDIR")  # where clang looks: the first that is set
_OTHERS = ("/tmp", "/var/tmp", "/dev/shm")  # for our own files, where that one cannot be written
_AGAIN = 0.001  # seconds until a signal that came at a bad moment is looked at again


class Interrupted(BaseException):
    """Not an Exception: nothing on the way may take it for an error and go on."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, the first such signal raises Interrupted and later ones are ignored.

    Left by Interrupted, the process dies by that signal, as clang would have.
    """
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    for each, handler in before.items():
        if handler != signal.SIG_IGN:  # nohup
            signal.signal(each, _raise)
    try:
        yield
    except Interrupted as interrupted:
        die_by(interrupted.number)
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def shielded() -> Iterator[set[int]]:
    """Within, these signals wait.

    No process may be started within: it would inherit that. Yields which waited before.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unshield(before: set[int]) -> None:
    """For what is started within `shielded`, which yielded `before`."""
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_by(number: int) -> None:
    """End this process by that signal, as if it had never been handled."""
    if number != signal.SIGKILL:  # which cannot be handled, nor set
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def temporary_folder() -> str:
    return next((os.environ[name] for name in _TEMPORARY if name in os.environ), "/tmp")


def is_writable(folder: str) -> bool:
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


@contextmanager
def private_folder() -> Iterator[str]:
    """A folder that is gone afterwards, whenever a signal comes. Raises PeepccError where none can be made."""
    places = (temporary_folder(), *_OTHERS)
    chosen = next(filter(is_writable, places), None)
    if chosen is None:
        raise PeepccError(
            f"there is no folder for temporary files: none of {', '.join(map(repr, places))} can be written"
        )
    with shielded() as before:
        folder = tempfile.mkdtemp(prefix="peepcc-", dir=chosen)
        try:
            unshield(before)
            yield folder
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
            shutil.rmtree(folder, ignore_errors=True)


def _raise(number: int, frame: FrameType | None) -> None:
    if is_starting(frame):  # the new process is not known yet: nobody could end it
        signal.signal(signal.SIGALRM, lambda _, later: _raise(number, later))
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        return
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)
