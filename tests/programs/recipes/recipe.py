"""What a recipe is, and what the recipes share: commands in a build folder, programs under qemu.

Nothing here knows which compiler is under test.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TRIPLE = "aarch64-linux-gnu"
QEMU = ("qemu-aarch64", "-L", f"/usr/{TRIPLE}")
AR, RANLIB = f"{TRIPLE}-ar", f"{TRIPLE}-ranlib"


class Failed(Exception):
    """A command of a recipe failed; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Build:
    """One program, unpacked afresh in `folder`, to be built with `cc` (a command line) at `level` ("-O2").

    `environment` is added to that of each command; `log` gets what they print.
    """

    folder: Path
    cc: str
    level: str
    jobs: int
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *argv: str | Path, under: str = ".", stdin: bytes = b"", **variables: str) -> bytes:
        """Standard output of a command that must succeed, in folder `under` of the build. Raises Failed."""
        done = subprocess.run(
            argv,
            cwd=self.folder / under,
            input=stdin,
            env={**os.environ, **self.environment, **variables},
            capture_output=True,
        )
        with open(self.log, "ab") as log:
            log.write(f"$ {shlex.join(map(str, argv))}\n".encode() + done.stdout + done.stderr)
        if done.returncode:
            raise Failed(f"{shlex.join(map(str, argv))}: status {done.returncode}\n{_end(done.stdout + done.stderr)}")
        return done.stdout

    def make(self, *arguments: str, under: str = ".") -> bytes:
        return self.run("make", f"-j{self.jobs}", *arguments, under=under)

    def emulated(self, program: str | Path, *arguments: str | Path, under: str = ".", stdin: bytes = b"") -> bytes:
        """Standard output of an AArch64 program of this build. Raises Failed."""
        return self.run(*QEMU, self.folder / program, *arguments, under=under, stdin=stdin)


@dataclass(frozen=True)
class Recipe:
    """`package`: the Debian source package whose original archive is built as it is.

    `configure` prepares (what it compiles is not counted), `compile` builds, `check` runs
    the program's own tests and ours, and returns what a correct compiler makes the same of.
    """

    name: str
    package: str
    compile: Callable[[Build], None]
    check: Callable[[Build], Mapping[str, bytes]]
    configure: Callable[[Build], None] = lambda build: None


def run_by_qemu(programs: Iterable[Path]) -> None:
    """Lets test scripts that start AArch64 programs by name work on any host: each becomes a script."""
    for program in programs:
        if _is_program(program):
            real = program.with_name(f"{program.name}.aarch64")
            program.rename(real)
            program.write_text(f'#!/bin/sh\nexec {shlex.join([*QEMU, str(real.resolve())])} "$@"\n')
            program.chmod(0o755)


def _is_program(path: Path) -> bool:
    if not path.is_file() or path.is_symlink() or not os.access(path, os.X_OK):
        return False
    with open(path, "rb") as file:
        head = file.read(20)
    return head[:4] == b"\x7fELF" and head[18:20] == b"\xb7\x00"


def _end(printed: bytes) -> str:
    return "\n".join(printed.decode(errors="replace").splitlines()[-30:])
