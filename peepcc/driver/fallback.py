"""The one place where peepcc gives up and clang does the work.

Whatever goes wrong in `work`, the user gets what clang gives for the original command line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from .interrupt import interruptible, private_folder
from .isolate import describe
from .passthrough import hand_over
from .plan import Declined
from .standard import rewind


def or_clang(command: Sequence[str], quiet: bool, work: Callable[[str], int]) -> int:
    """`work(folder)`, a private folder that is gone afterwards; else this process becomes clang.

    `command` is clang's. Standard input that was held is there for clang to read again.
    """
    cause = None
    with interruptible():
        try:
            with private_folder() as folder:
                return work(folder)
        except Declined:
            pass
        except BrokenPipeError:  # who read our output has gone: clang, too, ends so and without a word
            return os.EX_IOERR
        except Exception as error:
            cause = describe(error)
    if cause is not None and not quiet:
        os.write(2, f"peepcc: {cause}; falling back to clang\n".encode(errors="replace"))
    rewind()
    hand_over(command)
    raise AssertionError("clang took over")
