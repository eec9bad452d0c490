"""The file of `--peepcc-report`, looked at before any work: what is not ours is never written to.

Imported before the compile begins, so it imports next to nothing; `report/` would bring all the rest.
"""

from __future__ import annotations

import os
import stat

SCHEMA = 4
FIRST_LINE = b'{"peepcc-report": %d}\n' % SCHEMA


def why_not(file: str) -> str | None:
    """Why no report can be added to `file`; None where one can."""
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return _why_no_new(file)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return "it is not a regular file"
    if not os.access(file, os.R_OK | os.W_OK):
        return "it cannot be both read and written"
    with open(file, "rb") as opened:
        begin = opened.read(len(FIRST_LINE))
    if begin in (b"", FIRST_LINE):
        return None
    if begins_report(begin):
        return "it is a report of another version of peepcc; name another file, or remove this one"
    return "it is not a report of peepcc, and would be destroyed; name another file"


def real(file: str) -> str:
    """Its path without links, also where the working directory was removed: a file in it has the path that it had."""
    return os.path.realpath(os.path.join("/proc/self/cwd", file))


def begins_report(begin: bytes) -> bool:
    """Whether a file that begins so is a report, of any version."""
    return begin.startswith(FIRST_LINE.partition(b":")[0])


def _why_no_new(file: str) -> str | None:
    folder = os.path.dirname(file) or "."
    if os.path.islink(file):
        return "it is a link to a file that does not exist"
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return None if os.access(folder, os.W_OK | os.X_OK) else f"the folder {folder} cannot be written to"
