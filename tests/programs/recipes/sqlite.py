"""SQLite: its configure, the library file by file, the shell, speedtest1; databases byte for byte."""

from __future__ import annotations

from pathlib import Path

from .recipe import TRIPLE, Build, Recipe

SCRIPT = Path(__file__).parent.parent / "scripts" / "shell.sql"
_LIBRARIES = ("-lm",)


def _configure(build: Build) -> None:
    build.run("./configure", f"--host={TRIPLE}", "--disable-tcl", "--disable-amalgamation", "--disable-shared", "--disable-readline",
              "--disable-load-extension", f"CC={build.cc}", f"CFLAGS={build.level}", "BUILD_CC=gcc", "config_TARGET_TCLSH_CMD=tclsh")
    build.make("parse.h", "opcodes.h", "keywordhash.h", "shell.c", "sqlite3.h", "parse.c", "opcodes.c", "fts5.c")


def _compile(build: Build) -> None:
    build.make("libsqlite3.la", "sqlite3")
    build.run(*build.cc.split(), build.level, "-I.", "-o", "speedtest1", "test/speedtest1.c", ".libs/libsqlite3.a", *_LIBRARIES)


def _check(build: Build) -> dict[str, bytes]:
    outputs = {"shell": build.emulated("sqlite3", "-batch", "shell.db", stdin=SCRIPT.read_bytes())}
    outputs["database"] = (build.folder / "shell.db").read_bytes()
    outputs["speedtest1"] = build.emulated("speedtest1", "--verify", "--size", "1", "--testset", "main", "speed.db").partition(b"TOTAL")[0]
    return outputs


RECIPE = Recipe("sqlite", "sqlite3", _compile, _check, _configure)
