"""zlib: its configure and `make test`, static and shared; archives of every level and strategy byte for byte."""

from __future__ import annotations

import shlex

from .recipe import QEMU, TRIPLE, Build, Recipe


def _configure(build: Build) -> None:
    build.run("./configure", CC=build.cc, CFLAGS=build.level, CHOST=TRIPLE)


def _compile(build: Build) -> None:
    build.make("all")


def _check(build: Build) -> dict[str, bytes]:
    outputs = {"make test": build.run("make", "test", QEMU_RUN=shlex.join(QEMU))}
    text = b"".join((build.folder / name).read_bytes() for name in ("deflate.c", "zlib.3.pdf", "ChangeLog"))
    for option in (*(f"-{level}" for level in range(1, 10)), "-f", "-h", "-r"):
        packed = build.emulated("minigzip", option, stdin=text)
        outputs[f"minigzip {option}"] = packed
        outputs[f"minigzip {option} back"] = build.emulated("minigzip", "-d", stdin=packed)
    return outputs


RECIPE = Recipe("zlib", "zlib", _compile, _check, _configure)
