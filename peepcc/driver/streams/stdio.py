"""Standard descriptors that are there, and input that several runs can read: all steps of a compile, and a fallback."""

from __future__ import annotations

import os

_NAME = "peepcc-stdin"


def open_missing() -> None:
    """/dev/null for each standard descriptor that is closed, as clang does for itself."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number, which is this one


def hold() -> None:
    """Read our standard input to its end and put a seekable copy, in memory, in its place."""
    parts = []
    while part := os.read(0, 1 << 20):
        parts.append(part)
    copy = os.memfd_create(_NAME)
    with open(copy, "wb", closefd=False) as file:
        file.writelines(parts)
    os.dup2(copy, 0)
    os.close(copy)


def rewind() -> None:
    """Back to the start, where `hold` was called; anything else stays where it is."""
    try:
        held = os.readlink("/proc/self/fd/0").startswith(f"/memfd:{_NAME}")
    except OSError:
        return
    if held:
        os.lseek(0, 0, os.SEEK_SET)
