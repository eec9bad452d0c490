"""Shorter code that users reported and clang still leaves: a compile makes most of it, rules alone nearly as much."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("*.c"))
TARGET = "--target=aarch64-linux-gnu"


def lengths(text: str) -> dict[str, int]:
    """Instructions of each function of an assembly text."""
    found, name = {}, ""
    for line in text.splitlines():
        if label := re.match(r"(\w+):", line):
            name = label[1]
            found[name] = 0
        elif re.match(r"\t[a-z]", line) and name:
            found[name] += 1
    return found


def compiled(path: Path, *options: str) -> tuple[dict[str, int], str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PEEPCC_")}
    argv = [sys.executable, "-m", "peepcc", "--peepcc-explain", *options, TARGET, "-O2", "-S", str(path), "-o", "-"]
    done = subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=100)
    assert done.returncode == 0, done.stderr
    return lengths(done.stdout), done.stderr


def wanted(path: Path) -> dict[str, int]:
    return {name: len(code.split(";")) for name, code in re.findall(r"^ \* (\w+): (.*;.*)$", path.read_text(), re.M)}


@pytest.mark.parametrize("options, least", [((), 17), (("--peepcc-backend=rules",), 15)], ids=["default", "rules"])
def test_most_reported_cases_improve_as_they_say(options, least):
    made = []
    for path in FILES:
        found, _ = compiled(path, *options)
        short = wanted(path)
        made += [path.name] if short and all(found[name] <= length for name, length in short.items()) else []
    assert len(made) >= least and {"dress_adds.c", "dress_mvn.c"} <= set(made), made


def test_a_strict_compile_agrees_and_says_so():
    path = Path(__file__).with_name("b55.c")
    found, told = compiled(path, "--peepcc-backend=rules", "--peepcc-policy=strict")
    assert found == compiled(path, "--peepcc-backend=rules")[0]
    assert "3 proved (3 by the rule book)" in told, told
    assert "rules-refuted" not in told
