"""The real programs that fit in CI; `python tests/programs/run.py` runs them all."""

import os
import sys
from pathlib import Path

import compare
import pytest
import run as command
from compare import CLANG, compared
from recipes import RECIPES
from recipes.recipe import Build, Recipe
from sources import unpack

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / "build" / "programs-ci"
PEEPCC = f"{sys.executable} -m peepcc"
JOBS = 2
SUBSET = (("zlib", "-O0"), ("zlib", "-O2"), ("bzip2", "-O1"), ("cjson", "-Os"))


@pytest.fixture(autouse=True)
def from_here(monkeypatch):
    """The peepcc of this checkout, installed or not."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    CACHE.mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize("name, level", SUBSET)
def test_a_program_does_what_clangs_build_does(name, level):
    result = compared(RECIPES[name], level, PEEPCC, CACHE, JOBS)
    assert result.good, command.summary(result)
    assert result.accepted and result.after < result.before


@pytest.mark.parametrize("level", command.LEVELS)
def test_lua_without_rewrites_is_byte_identical(level, tmp_path):
    objects = {}
    for cc, backend in ((CLANG, ""), (PEEPCC, "none")):
        folder = tmp_path / "lua"
        unpack("lua5.4", CACHE, folder)
        build = Build(folder, cc, level, JOBS, tmp_path / "log", {"PEEPCC_BACKEND": backend} if backend else {})
        RECIPES["lua"].compile(build)
        objects[cc] = {path.name: path.read_bytes() for path in sorted((folder / "src").glob("*.o"))}
    assert len(objects[CLANG]) == 34
    assert [name for name in objects[CLANG] if objects[CLANG][name] != objects[PEEPCC].get(name)] == []


# ---- the comparison itself


def compile_one(build):
    build.run("sh", "-c", f"{build.cc} {build.level} -static main.c -o main")


ONE = Recipe("one", "none", compile_one, lambda build: {"main": build.emulated("main")})


@pytest.fixture
def one(monkeypatch, tmp_path):
    def written(package, cache, folder):
        folder.mkdir(exist_ok=True)
        (folder / "main.c").write_text(
            "#include <stdio.h>\n#ifdef BROKEN\n#error broken\n#endif\nint main(void) {\n#ifdef WRONG\n"
            'puts("1");\n#else\nputs("2");\n#endif\nreturn 0; }\n'
        )

    monkeypatch.setattr(compare, "unpack", written)
    return lambda cc: compared(ONE, "-O1", cc, tmp_path, 1)


def test_equal_outputs_are_good(one):
    assert one(CLANG).good and one(CLANG).outputs == 1


def test_another_output_is_named(one):
    assert one(f"{CLANG} -DWRONG").different == ("main",)
    assert not one(f"{CLANG} -DWRONG").good


def test_a_build_that_fails_says_why(one):
    assert "error: broken" in one(f"{CLANG} -DBROKEN").failure


def test_a_fallback_is_no_success(one):
    result = one(f"echo 'peepcc: test; falling back to clang'; {CLANG}")
    assert result.fallbacks == 1 and not result.good
