"""peepcc above, below and in place of other compilers and wrappers never runs itself in a circle."""

from __future__ import annotations

import shutil
import sys

import pytest

from peepcc.driver.passthrough import find_clang

SOURCE = {"a.c": "int f(int x) { return x + 1; }\n"}


@pytest.fixture
def installed(bench):
    """A folder of its own with `peepcc` as an installer makes it."""
    folder = bench.root / "installed"
    folder.mkdir()
    script = folder / "peepcc"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom peepcc.__main__ import main\nsys.exit(main())\n")
    script.chmod(0o755)
    return folder


@pytest.fixture
def object_of_clang(bench):
    bench.fresh(SOURCE)
    return bench.by_clang(["-O2", "-c", "a.c"]).files["a.o"]


@pytest.mark.parametrize("name", ["clang", "clang-99"])
@pytest.mark.parametrize("given", [False, True], ids=["on-path", "by-variable"])
def test_clang_is_a_link_to_peepcc(bench, installed, object_of_clang, name, given):
    link = installed / name
    link.symlink_to("peepcc")
    path = f"{installed}:{bench.environment()['PATH']}"
    more = {"PEEPCC_CLANG": str(link)} if given else {}
    for program in (link, installed / "peepcc"):
        for variables in ({"PEEPCC_BACKEND": "none"}, {"PEEPCC_OFF": "1"}):
            bench.fresh(SOURCE)
            found = bench.run([program, "-O2", "-c", "a.c"], PATH=path, **variables, **more)
            assert (found.code, found.stderr, found.files["a.o"]) == (0, b"", object_of_clang)
    assert find_clang(str(link) if given else None, path, "") == find_clang(None, bench.environment()["PATH"], "")


def test_clang_is_a_script_that_calls_peepcc(bench, installed, object_of_clang):
    script = installed / "clang-99"
    script.write_text(f'#!/bin/sh\nexec {installed}/peepcc "$@"\n')
    script.chmod(0o755)
    bench.fresh(SOURCE)
    found = bench.run(
        [script, "-O2", "-c", "a.c"], PATH=f"{installed}:{bench.environment()['PATH']}", PEEPCC_BACKEND="none"
    )
    assert (found.code, found.stderr, found.files["a.o"]) == (0, b"", object_of_clang)


def test_ccache_above(bench, installed, object_of_clang):
    cache = str(bench.root / "cache")
    for _ in range(2):
        bench.fresh(SOURCE)
        found = bench.run(["ccache", installed / "peepcc", "-O2", "-c", "a.c"], CCACHE_DIR=cache, PEEPCC_BACKEND="none")
        assert (found.code, found.stderr, found.files["a.o"]) == (0, b"", object_of_clang)
    counters = bench.run(["ccache", "--print-stats"], CCACHE_DIR=cache).stdout.decode()
    assert "cache_miss\t1\n" in counters
    assert "direct_cache_hit\t1\n" in counters or "preprocessed_cache_hit\t1\n" in counters


def test_ccache_below(bench, installed, object_of_clang):
    below = bench.root / "below"
    below.mkdir()
    (below / "clang-99").symlink_to(shutil.which("ccache"))
    (below / "real").mkdir()
    (below / "real" / "clang-99").symlink_to(bench.clang)
    path = f"{below}:{below / 'real'}:{bench.environment()['PATH']}"
    for variables in ({"PEEPCC_BACKEND": "none"}, {"PEEPCC_OFF": "1"}):
        bench.fresh(SOURCE)
        found = bench.run(
            [installed / "peepcc", "-O2", "-c", "a.c"], PATH=path, CCACHE_DIR=str(bench.root / "cache"), **variables
        )
        assert (found.code, found.stderr, found.files["a.o"]) == (0, b"", object_of_clang)


def test_children_are_told_to_pass_through(bench):
    bench.fresh(SOURCE)
    bench.logged.write_text(f'#!/bin/sh\necho "$PEEPCC_OFF" >> {bench.log}\nexec {bench.clang} "$@"\n')
    bench.by_peepcc(["-O2", "-c", "a.c"])
    bench.by_peepcc(["--version"])
    assert set(bench.log.read_text().split()) == {"1"}
