"""Lua 5.4: its own Makefile; scripts of ours go through the virtual machine and the library."""

from __future__ import annotations

from pathlib import Path

from .recipe import AR, RANLIB, Build, Recipe

SCRIPTS = Path(__file__).parent.parent / "scripts"


def _compile(build: Build) -> None:
    build.make(
        "generic",
        f"CC={build.cc} -std=gnu99",
        f"MYCFLAGS={build.level}",
        f"AR={AR} rcu",
        f"RANLIB={RANLIB}",
        under="src",
    )


def _check(build: Build) -> dict[str, bytes]:
    outputs = {}
    for script in sorted(SCRIPTS.glob("*.lua")):
        outputs[script.stem] = build.emulated("src/lua", script)
        build.emulated("src/luac", "-o", "out.luac", script)
        outputs[f"{script.stem} compiled"] = (build.folder / "out.luac").read_bytes()
        outputs[f"{script.stem} run compiled"] = build.emulated("src/lua", "out.luac")
    return outputs


RECIPE = Recipe("lua", "lua5.4", _compile, _check)
