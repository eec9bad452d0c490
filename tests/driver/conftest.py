"""A work folder that can be made afresh, and runs of clang and of peepcc in it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from peepcc.driver.passthrough import command_for, find_clang

REPOSITORY = Path(__file__).resolve().parents[2]
_TEMPORARY = re.compile(rb"/[^\s:'\"]*/([\w.]+)-[0-9a-f]{6}(\.\w+)")


@dataclass(frozen=True)
class Result:
    """What a caller of a compiler sees. `files`: path -> (mode, bytes) of everything in the folder."""

    code: int
    stdout: bytes
    stderr: bytes
    files: dict[str, tuple[int, bytes]]


class Bench:
    """Runs command lines in one folder, whose path is the same for every run."""

    def __init__(self, root: Path):
        self.root = root
        self.folder = root / "work"
        self.temporary = root / "tmp"
        self.log = root / "log"
        self.clang = find_clang(None, os.environ["PATH"], "")
        self.logged = root / "bin" / "clang"
        self.logged.parent.mkdir()
        self.logged.write_text(f'#!/bin/sh\necho "$1" >> {self.log}\nexec {self.clang} "$@"\n')
        self.logged.chmod(0o755)

    def fresh(self, files: dict[str, str | bytes]) -> None:
        for folder in (self.folder, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        self.log.write_text("")
        for name, content in files.items():
            path = self.folder / os.fsdecode(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            os.utime(path, (1e9, 1e9))  # precompiled headers hold the times of their sources

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PEEPCC_")}
        return {**kept, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(self.temporary), **more}

    def run(self, command, stdin: bytes = b"", **environment: str) -> Result:
        done = subprocess.run(
            command, input=stdin, capture_output=True, cwd=self.folder, env=self.environment(**environment), timeout=120
        )
        files = {
            str(path.relative_to(self.folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(self.folder.rglob("*"))
        }
        return Result(done.returncode, done.stdout, _TEMPORARY.sub(rb"\1\2", done.stderr), files)

    def by_clang(self, argv, stdin: bytes = b"", **environment: str) -> Result:
        return self.run(command_for(self.clang, argv), stdin, **environment)

    def by_peepcc(self, argv, stdin: bytes = b"", **environment: str) -> Result:
        """With a clang that logs: `driven` tells afterwards whether peepcc ran the jobs itself."""
        environment = {"PEEPCC_BACKEND": "none", "PEEPCC_CLANG": str(self.logged), **environment}
        return self.run([sys.executable, "-m", "peepcc", *argv], stdin, **environment)

    def both(self, script: str, files: dict[str, str | bytes], stdin: bytes = b"") -> list[Result]:
        """What a shell script with "$@" as its compiler does, by clang and then by peepcc."""
        found = []
        for command, environment in (
            ([self.clang, "--target=aarch64-linux-gnu"], {}),
            ([sys.executable, "-m", "peepcc"], {"PEEPCC_BACKEND": "none", "PEEPCC_CLANG": str(self.logged)}),
        ):
            self.fresh(files)
            found.append(self.run(["bash", "-c", script, "sh", *command], stdin, **environment))
        return found

    @property
    def driven(self) -> bool:
        """Whether clang was asked for its plan and never run on the whole command line."""
        return set(self.log.read_text().split("\n")) <= {"-###", ""}

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.temporary.iterdir())


@pytest.fixture(scope="session", autouse=True)
def hang_ups_count():
    """Under nohup they are ignored, and what we start would inherit that; it does not inherit a handler."""
    before = signal.getsignal(signal.SIGHUP)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(scope="session")
def bench_in():
    """What makes a bench in a folder, for what several tests share."""
    return Bench
