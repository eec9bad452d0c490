"""jansson: autoconf, `make check`; its data files through its own JSON reader and writer."""

from __future__ import annotations

from .recipe import TRIPLE, Build, Recipe, run_by_qemu


def _configure(build: Build) -> None:
    build.run("autoreconf", "-fi", PEEPCC_OFF="1")
    build.run("./configure", f"--host={TRIPLE}", "--disable-shared", f"CC={build.cc}", f"CFLAGS={build.level}")


def _compile(build: Build) -> None:
    build.make("all")
    build.make("check", "TESTS=")


def _check(build: Build) -> dict[str, bytes]:
    run_by_qemu([*(build.folder / "test/bin").iterdir(), *(build.folder / "test/suites/api").iterdir()])
    build.run("make", "check", "VERBOSE=1")
    outputs = {"suites": (build.folder / "test/run-suites.log").read_bytes()}
    for file in sorted((build.folder / "test/suites").glob("*/*/input")):
        name = f"{file.parent.parent.name}/{file.parent.name}"
        outputs[name] = build.run(
            "sh",
            "-c",
            f"JSON_INDENT=3 JSON_SORT_KEYS=1 test/bin/json_process --env < test/suites/{name}/input "
            f"2>&1; echo status $?",
        )
    return outputs


RECIPE = Recipe("jansson", "jansson", _compile, _check, _configure)
