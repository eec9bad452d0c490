"""SQLite: its configure, the library file by file, the shell, speedtest1; databases byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from .recipe import TRIPLE, Build, Recipe, run_by_qemu

SCRIPT = Path(__file__).parent.parent / "scripts" / "shell.sql"
_SECONDS = re.compile(rb" +[0-9]+\.[0-9]+s$", re.MULTILINE)


def _configure(build: Build) -> None:
    build.run(
        "./configure",
        f"--host={TRIPLE}",
        "--disable-tcl",
        "--disable-amalgamation",
        "--disable-shared",
        "--disable-readline",
        "--disable-load-extension",
        f"CC={build.cc}",
        f"CFLAGS={build.level}",
        "BUILD_CC=gcc",
        "config_TARGET_TCLSH_CMD=tclsh",
    )
    build.make("parse.h", "opcodes.h", "keywordhash.h", "shell.c", "sqlite3.h", "parse.c", "opcodes.c", "fts5.c")


def _compile(build: Build) -> None:
    build.make("libsqlite3.la", "sqlite3")
    build.run(
        *build.cc.split(), build.level, "-I.", "-o", "speedtest1", "test/speedtest1.c", ".libs/libsqlite3.a", "-lm"
    )


def _check(build: Build) -> dict[str, bytes]:
    run_by_qemu([build.folder / "sqlite3", build.folder / "speedtest1"])
    (build.folder / "shell.sql").write_bytes(SCRIPT.read_bytes())
    outputs = {
        "shell": build.run("sh", "-c", "./sqlite3 -batch shell.db < shell.sql 2>&1; echo status $?")
    }  # some statements are wrong
    outputs["database"] = (build.folder / "shell.db").read_bytes()
    timed = build.run("./speedtest1", "--verify", "--size", "1", "--testset", "main", "speed.db")
    outputs["speedtest1"] = _SECONDS.sub(b"", timed)
    return outputs


RECIPE = Recipe("sqlite", "sqlite3", _compile, _check, _configure)
