"""Under `bear`, which records every program that a build starts, the user's call of peepcc is the compile command, and
ours are none.

bear sees whatever we start and tells compilers by their names, so clang is started by the
name of a descriptor. Its own name, argv[0], stays. Imported on every run: next to nothing.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # a type checker takes it for True; nothing is imported that a pass-through does not need
if TYPE_CHECKING:
    from collections.abc import Mapping

_RECORDS = "INTERCEPT_REPORT_DESTINATION"  # where bear's library sends what it sees


def unrecorded(program: str, environ: Mapping[str, str]) -> tuple[str, int | None]:
    """The path to start `program` by, and the descriptor that it needs till then.

    The program itself where nobody records it.

    A script keeps its path, which tells it its own name, and so is recorded.
    """
    if _RECORDS not in environ or "clang" not in os.path.basename(program):
        return program, None
    try:
        descriptor = os.open(program, os.O_RDONLY)
    except OSError:
        return program, None
    if os.pread(descriptor, 4, 0) != b"\x7fELF":
        os.close(descriptor)
        return program, None
    os.set_inheritable(descriptor, True)  # for bear's own program, which starts clang
    return f"/proc/self/fd/{descriptor}", descriptor
