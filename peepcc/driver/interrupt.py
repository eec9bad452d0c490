"""SIGINT, SIGTERM and SIGHUP as an exception, so that every `finally` on the way out runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Not an Exception: nothing on the way may take it for an error and go on."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, the first such signal raises Interrupted and later ones wait for the clean-up.

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


def _raise(number: int, frame: object) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)
