"""SIGINT, SIGTERM and SIGHUP as an exception, so that every `finally` on the way out runs."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..process import is_starting
from .plan import Declined

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TEMPORARY = ("TMPDIR", "TMP", "TEMP", "TEMPDIR")  # where clang looks: the first that is set
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
        signal.signal(interrupted.number, signal.SIG_DFL)
        os.kill(os.getpid(), interrupted.number)
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def shielded() -> Iterator[None]:
    """Within, these signals wait. No process may be started within: it would inherit that."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unshield() -> None:
    """For a forked child that began its life within `shielded`."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def temporary_folder() -> str:
    return next((os.environ[name] for name in _TEMPORARY if name in os.environ), "/tmp")


@contextmanager
def private_folder() -> Iterator[str]:
    """A folder that is gone afterwards, whenever a signal comes."""
    wanted = temporary_folder()
    if not os.access(wanted, os.W_OK | os.X_OK):
        raise Declined("clang may have to say that it cannot make temporary files")
    with shielded():
        folder = tempfile.mkdtemp(prefix="peepcc-", dir=wanted)
        try:
            unshield()
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
