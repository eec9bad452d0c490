"""ccache in front of peepcc, with `--peepcc-identity` as its check, serves no object of another setting, model, clang
or peepcc.
"""

from __future__ import annotations

import shutil

import pytest

from ..support.easy import easy
from ..support.installed import REPOSITORY, install

CHECK = "%compiler% --peepcc-identity"
FILES = {"f.c": easy("f")}


@pytest.fixture
def cached(bench):
    """Compiles by ccache in one cache; the object, and whether it came from the cache.

    Quiet: a budget of 0 may be said to be over.
    """
    cc = install(bench.root / "prefix") / "peepcc"

    def compile(*options: str, **environment: str):
        (bench.folder / "f.o").unlink(missing_ok=True)
        more = {
            "CCACHE_DIR": str(bench.root / "cache"),
            "CCACHE_COMPILERCHECK": CHECK,
            "PEEPCC_QUIET": "1",
            **environment,
        }
        done = bench.run(["ccache", cc, *options, "-O0", "-c", "f.c"], **more)
        assert (done.code, done.stderr) == (0, b"")
        counters = bench.run(["ccache", "--print-stats"], **more).stdout.decode()
        bench.run(["ccache", "--zero-stats"], **more)
        return done.files["f.o"], "cache_miss\t0\n" in counters

    bench.fresh(FILES)
    return compile


def test_a_setting_that_changes_is_a_miss(bench, cached):
    clangs = bench.by_clang(["-O0", "-c", "f.c"]).files["f.o"]
    first, hit = cached(PEEPCC_BUDGET="0")
    assert first == clangs and not hit
    rewritten, hit = cached()
    assert rewritten != clangs and not hit
    assert cached() == (rewritten, True)
    assert cached(PEEPCC_BACKEND="none") == (clangs, False)
    assert cached(PEEPCC_SKIP="f*") == (clangs, False)
    assert cached("--peepcc-skip=f*") == (clangs, False)
    assert cached(PEEPCC_BUDGET="0") == (clangs, True)
    assert cached() == (rewritten, True)


def _identity(bench, *options: str, **environment: str) -> str:
    done = bench.run([bench.root / "prefix" / "bin" / "peepcc", "--peepcc-identity", *options], **environment)
    assert (done.code, done.stderr) == (0, b"") and done.stdout.count(b"\n") == 1
    return done.stdout.decode()


def test_each_part_of_the_identity(bench):
    """The same twice; another with another setting, clang, model, reply file or code."""
    package = bench.root / "package"
    shutil.copytree(REPOSITORY / "peepcc", package / "peepcc", ignore=shutil.ignore_patterns("__pycache__", "lab"))
    install(bench.root / "prefix")
    next((bench.root / "prefix").rglob("*.pth")).write_text(f"{package}\n")
    bench.fresh({"replies": "1", "model/model.bin": "1"})
    ways = [{}, {"PEEPCC_BACKEND": "replay:replies"}, {"PEEPCC_MODEL": "model"}]
    ways += [
        {f"PEEPCC_{name}": value}
        for name, value in (("POLICY", "emulated"), ("BUDGET", "7"), ("REPAIR", "0"), ("ONLY", "f"), ("OFF", "1"))
    ]
    ways += [
        {"PEEPCC_URL": "http://127.0.0.1:1", "PEEPCC_BACKEND": "vllm"},
        {"PEEPCC_CLANG": str(bench.logged)},
        {"PEEPCC_LAST": "3"},
    ]
    lines = [_identity(bench, **way) for way in ways]
    assert len(set(lines)) == len(ways) and lines == [_identity(bench, **way) for way in ways]
    assert (
        _identity(bench, "--peepcc-budget=7") == lines[4]
        and "clang version 19." in lines[0]
        and "unicorn-2." in lines[0]
    )
    bench.fresh({"replies": "2", "model/model.bin": "2"})
    assert [_identity(bench, **way) != line for way, line in zip(ways, lines)] == [False, True, True] + [False] * (
        len(ways) - 3
    )
    (package / "peepcc" / "cost.py").write_text("")
    assert all(_identity(bench, **way) != line for way, line in zip(ways, lines))


def test_the_identity_tells_no_secret(bench):
    install(bench.root / "prefix")
    bench.fresh({})
    assert _identity(bench) == _identity(bench, PEEPCC_API_KEY="secret") and "secret" not in _identity(
        bench, PEEPCC_API_KEY="secret"
    )


def test_what_has_no_identity_is_an_error(bench):
    install(bench.root / "prefix")
    bench.fresh({})
    done = bench.run([bench.root / "prefix" / "bin" / "peepcc", "--peepcc-identity"], PEEPCC_BACKEND="replay:missing")
    assert done.code == 1 and done.stdout == b"" and done.stderr.startswith(b"peepcc: error: no identity: ")
