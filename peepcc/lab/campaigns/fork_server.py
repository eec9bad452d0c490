"""Runs the command `peepcc` in a forked child of a worker that has loaded everything: no item pays for start-up and
imports.

The child goes through peepcc's own `main`, from its arguments to its exit status, with
descriptors, folder and environment of its own, and becomes clang where peepcc gives up.
Whatever ends it is no harm to the worker. It promises nothing about code that looks at
what is loaded.
"""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from ...assembly.encode import Encoder
from ...process import Completed, ProcessTimeout
from ..verify import live_parts, verify

_PROGRAM = str(Path(__file__).parents[2] / "__main__.py")
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_GRACE = 2.0  # seconds between SIGTERM and SIGKILL
_LATE = (
    "ctranslate2",
    "llvmlite.binding",
    *(
        f"peepcc.{name}"
        for name in (
            "__main__",
            "driver.run",
            "driver.rewrite",
            "optimize.pipeline",
            "propose.model.embedded",
            "propose.mutator.backend",
            "propose.replay",
            "propose.server.backend",
            "validate.emulator.differential",
            "validate.emulator.replay",
            "validate.prover.equivalence",
            "validate.prover.solvers.bitwuzla",
            "validate.prover.solvers.z3",
            "validate.prover.lift.operations",
        )
    ),
    "fnmatch",
    "jsonschema",
)


def peepcc_main(
    arguments: Sequence[str], clang: str, cwd: Path | None, env: Mapping[str, str], seconds: float
) -> Completed:
    """`peepcc ARGUMENTS` to its end; `env` is added to the environment. Raises ProcessTimeout after so many seconds."""
    preload(clang)
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        parent, child = os.getpid(), os.fork()
        if child == 0:
            _be_peepcc(arguments, cwd, env, (os.open(os.devnull, os.O_RDONLY), out.fileno(), err.fileno()), parent)
        status = None
        try:
            status = _waited(child, time.monotonic() + seconds)
            if status is None:
                raise ProcessTimeout("peepcc", seconds)
        finally:
            if status is None:
                _end(child)
        out.seek(0)
        err.seek(0)
        return Completed(os.waitstatus_to_exitcode(status), out.read(), err.read())


@cache
def preload(clang: str) -> None:
    """Loads what a build loads late, and proves something small, which makes the parser, the emulator and the lifters.

    The collector is kept away from it, so that its pages stay shared with the children.
    Nothing with threads of its own is made here: a child would not have them.
    """
    for name in _LATE:
        import_module(name)
    verify("mov w0, w1\nadd w0, w0, #1", "add w0, w1, #1", live_parts(("x0",)), False, Encoder(clang))
    gc.collect()
    gc.freeze()


def die_with(parent: int) -> None:
    """For a child: where its parent is ended by SIGKILL and cannot end it, the kernel does."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _be_peepcc(
    arguments: Sequence[str], cwd: Path | None, env: Mapping[str, str], descriptors: Sequence[int], parent: int
) -> None:
    code = 1
    try:
        die_with(parent)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        # They last as long as the process.
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, "rw"[number > 0], errors="backslashreplace", closefd=False)  # noqa: SIM115
            for number in range(3)
        )
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as at the start of a process
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.environ.update(env)
        if cwd is not None:
            os.chdir(cwd)
        tempfile.tempdir = None
        sys.argv = [_PROGRAM, *arguments]
        code = _status()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _status() -> int:
    """What the interpreter would make of `sys.exit(main())`."""
    from ...__main__ import main

    try:
        return main() & 0xFF
    except SystemExit as left:
        if isinstance(left.code, str):
            print(left.code, file=sys.stderr)
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1


def _waited(child: int, deadline: float) -> int | None:
    """The status, or None where the deadline comes first."""
    pidfd = os.pidfd_open(child)
    try:
        ready = select.select([pidfd], [], [], max(0.0, deadline - time.monotonic()))[0]
    finally:
        os.close(pidfd)
    return os.waitpid(child, 0)[1] if ready else None


def _end(child: int) -> None:
    """SIGTERM, on which peepcc ends what it started; then the kernel does."""
    os.kill(child, signal.SIGTERM)
    if _waited(child, time.monotonic() + _GRACE) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
