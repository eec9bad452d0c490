"""What is clang's from the first look costs next to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from ..support.installed import install

pytestmark = pytest.mark.alone

HEAVY = {"lark", "capstone", "unicorn", "llvmlite", "numpy", "ctranslate2", "elftools", "jsonschema", "httpx"}
SLOW = {"dataclasses", "re", "inspect", "argparse", "subprocess", "typing", "tempfile", "signal", "enum"}


@pytest.mark.parametrize("argv", [["--version"], ["-E", "a.c"], ["-c", "a.s"], ["-cc1", "-version"]], ids=" ".join)
def test_imports(bench, argv):
    bench.fresh({"a.c": "int x;\n", "a.s": "ret\n"})
    # -S: what `site` imports for this installation's .pth files is not ours.
    done = bench.run([sys.executable, "-S", "-X", "importtime", "-m", "peepcc", *argv])
    assert done.code == 0
    _before, _, after = done.stderr.decode().partition("peepcc\n")
    names = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in after.splitlines()
        if line.startswith("import time:")
    }
    assert "peepcc" in names and not names & (HEAVY | SLOW)


def test_a_driven_run_without_a_backend_imports_no_library(bench):
    bench.fresh({"a.c": "int x;\n"})
    done = bench.run([sys.executable, "-X", "importtime", "-m", "peepcc", "-c", "a.c"], PEEPCC_BACKEND="none")
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.decode().splitlines()}
    assert "peepcc" in names and not names & HEAVY


@pytest.mark.parametrize("argv", [["--version"], ["-E", "a.c"]], ids=" ".join)
def test_cost(bench, argv):
    """At most thrice a bare start of Python, which is 10 ms on the machine that promises 30 ms."""
    bench.fresh({"a.c": "int x;\n"})
    commands = {
        "clang": [bench.clang, *argv],
        "peepcc": [sys.executable, "-m", "peepcc", *argv],
        "installed": [install(bench.root / "prefix") / "peepcc", *argv],
        "python": [sys.executable, "-c", "pass"],
    }
    best = dict.fromkeys(commands, 9.0)
    for _ in range(15):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=bench.folder, env=bench.environment(), capture_output=True, check=True)
            best[name] = min(best[name], time.perf_counter() - start)
    assert best["peepcc"] - best["clang"] <= 3 * best["python"], best
    assert best["installed"] - best["clang"] <= 3 * best["python"], best


def test_clang_gets_the_default_signals(bench):
    """Python ignores SIGPIPE; a clang that inherits that prints an error where it should end."""
    bench.fresh({"a.c": "".join(f"int x{n};\n" for n in range(100000))})
    reader, writer = os.pipe()
    os.close(reader)
    codes = []
    for command in ([bench.clang, "-E", "a.c"], [sys.executable, "-m", "peepcc", "-E", "a.c"]):
        done = subprocess.run(command, cwd=bench.folder, env=bench.environment(), stdout=writer, stderr=subprocess.PIPE)
        assert done.stderr == b""
        codes.append(done.returncode)
    os.close(writer)
    assert codes[0] == codes[1] != 0
