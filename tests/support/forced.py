"""Builds with proposals of a test's own for every window: what is asked is recorded first, and then answered from a
file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence

TARGET = "--target=aarch64-linux-gnu"
QEMU = ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")


def rebuilt(bench, argv: Sequence[str], reply: Callable[[list[str]], list[str] | None], **environment: str):
    """peepcc's run with `reply(lines)` as the proposal for each window of `lines`; None leaves it as it is.

    The explanation is its stderr.
    """
    command = [sys.executable, "-m", "peepcc", *argv]
    environment = {"PEEPCC_CLANG": bench.clang, "PEEPCC_REPAIR": "0", **environment}
    asked, given = bench.root / "asked.replay", bench.root / "given.replay"
    asked.unlink(missing_ok=True)
    done = bench.run([*command, f"--peepcc-backend=record:{asked}"], **environment)
    assert done.code == 0, done.stderr
    lines = [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []
    for each in lines:
        each["lines"] = reply(each["request"]["lines"]) or each["request"]["lines"]
        each["text"] = "\n".join(each["lines"])
    given.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return bench.run([*command, f"--peepcc-backend=replay:{given}", "--peepcc-explain"], **environment)


def output(program, *, libraries: str = "") -> bytes:
    """What an AArch64 program prints; its end by a signal is an error."""
    more = ("-E", f"LD_LIBRARY_PATH={libraries}") if libraries else ()
    return subprocess.run([*QEMU, *more, str(program)], capture_output=True, check=True, timeout=60).stdout
