"""The one place where peepcc gives up and clang does the work.

Whatever goes wrong in `work`, the user gets what clang gives for the original command line.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Sequence
from contextlib import suppress

from ..process import watch
from ..settings import Settings, UsageError
from .child import describe
from .passthrough import hand_over
from .plan import Declined, Failed, NothingOurs
from .signals import die_by, interruptible, private_folder
from .streams.stdio import rewind

_FALLING_BACK = "; falling back to clang"  # how every such line ends, whatever the cause


def or_clang(command: Sequence[str], settings: Settings, work: Callable[[str], int]) -> int:
    """`work(folder)`, a private folder that is gone afterwards; else clang's status, or this process becomes clang.

    `command` is clang's. Standard input that was held is there for clang to read again.
    """
    cause = None
    with interruptible():
        try:
            with private_folder() as folder:
                return work(folder)
        except Failed as failed:
            return _told_by_clang(command, failed, settings.quiet)
        except NothingOurs:
            pass
        except Declined as declined:
            cause = f"{declined.reason}; left to clang" if settings.explain else None
        except UsageError as error:  # an error of the command line, as an unknown option is
            _say(f"error: {error.reason}")
            return 2
        except BrokenPipeError:  # who read our output has gone: clang, too, ends so and without a word
            return os.EX_IOERR
        except Exception as error:
            cause = describe(error) + _FALLING_BACK
    if cause is not None and not settings.quiet:
        _say(cause)
    rewind()
    hand_over(command)


def _told_by_clang(command: Sequence[str], failed: Failed, quiet: bool) -> int:
    """clang's own run, which ends as the job did, unless that failed for a reason that has passed."""
    rewind()
    status = watch(command)
    if status < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # clang's own is there
        die_by(-status)
    if status == 0 and not quiet:
        _say(f"{failed.reason}, but only once{_FALLING_BACK}")
    return status


def _say(words: str) -> None:
    with suppress(OSError):  # who cannot be told gets clang's object all the same
        os.write(2, f"peepcc: {words}\n".encode(errors="replace"))
