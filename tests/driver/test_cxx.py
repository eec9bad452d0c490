"""Called by the name of a C++ compiler, peepcc is clang++: mixed projects build, and only C is rewritten."""

from __future__ import annotations

import shutil

import pytest

from ..support.installed import REPOSITORY, install

FILES = {
    "main.c": "int part(int);\nint main(void) { return part(3) - 10; }\n",
    "part.cpp": "#include <string>\nextern \"C\" int part(int a) { std::string s(a, 'x'); return s.size() * 3 + 1; }\n",
    "whole.cc": '#include <iostream>\nint main() { std::cout << "hello\\n"; }\n',
    "a.c": "int f(int x) { return x + 1; }\n",
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(mixed)\nadd_executable(m main.c part.cpp)\n",
    "meson.build": "project('x', 'c', 'cpp')\nexecutable('m', 'main.c', 'part.cpp')\n",
}
NAMES = (
    "c++",
    "g++",
    "clang++",
    "clang++-19",
    "g++-12",
    "peepcc++",
    "aarch64-linux-gnu-peepcc++",
    "aarch64-linux-gnu-c++",
)


@pytest.fixture
def installed(bench):
    return install(bench.root / "tree" / ".venv")


def named(installed, name: str):
    path = installed / name
    if not path.exists():
        path.symlink_to("peepcc")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_pluses_is_clang_plus_plus(bench, installed, name):
    for argv in (
        ["-###", "whole.cc"],
        ["-O2", "whole.cc", "-o", "prog"],
        ["-O2", "a.c", "-c"],
        ["-E", "-x", "c++", "/dev/null", "-dM"],
        ["--version"],
    ):
        bench.fresh(FILES)
        expected = bench.by_clang(["--driver-mode=g++", *argv])
        bench.fresh(FILES)
        found = bench.run([named(installed, name), *argv], PEEPCC_BACKEND="none")
        assert (found.code, found.stdout, found.files) == (expected.code, expected.stdout, expected.files)
        assert found.stderr == expected.stderr or ("-###" in argv and b'"-lstdc++"' in found.stderr)


@pytest.mark.parametrize("name", ["cc", "gcc", "peepcc", "clang-19", "clang", "c", "plus"])
def test_other_names_are_clang(bench, installed, name):
    bench.fresh(FILES)
    found = bench.run([named(installed, name), "-###", "main.c"])
    assert b'"-lstdc++"' not in found.stderr and b'"-lc"' in found.stderr


def test_c_in_a_call_of_the_cxx_compiler_is_rewritten_where_it_is_c(bench, installed):
    for argv, driven in (
        (["-O1", "-x", "c", "a.c", "-c"], True),
        (["-O1", "part.cpp", "-x", "c", "main.c", "-o", "m"], True),
        (["-O1", "--driver-mode=gcc", "-x", "c", "a.c", "-c"], True),
        (["-O1", "-x", "c++", "a.c", "-c"], False),
        (["-O1", "part.cpp", "a.c", "-shared", "-fPIC", "-o", "m"], False),
    ):
        bench.fresh(FILES)
        expected = bench.by_clang(["--driver-mode=g++", *argv])
        bench.fresh(FILES)
        found = bench.run([named(installed, "c++"), *argv], PEEPCC_BACKEND="none", PEEPCC_CLANG=str(bench.logged))
        assert (found.code, found.stderr, found.files) == (expected.code, expected.stderr, expected.files)
        assert bench.driven == driven


def test_a_mixed_program_runs(bench, installed):
    bench.fresh(FILES)
    assert bench.run([installed / "peepcc", "-O1", "-c", "main.c"], PEEPCC_BACKEND="none").code == 0
    done = bench.run([installed / "peepcc++", "-O1", "part.cpp", "main.o", "-o", "m"], PEEPCC_BACKEND="none")
    assert (done.code, done.stderr) == (0, b"")
    assert bench.run(["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "./m"]).code == 0


def test_cmake_and_meson_build_mixed_projects(bench, installed):
    bench.fresh(FILES)
    toolchain = installed.parent.parent / "toolchain"
    shutil.copytree(REPOSITORY / "toolchain", toolchain)
    more = {"PATH": f"{installed}:{bench.environment()['PATH']}", "PEEPCC_BACKEND": "none"}
    for command in (
        ["cmake", "-S", ".", "-B", "b", "--toolchain", toolchain / "aarch64-linux-gnu.cmake"],
        ["cmake", "--build", "b"],
        ["meson", "setup", "mb", "--cross-file", toolchain / "aarch64-linux-gnu.meson"],
        ["ninja", "-C", "mb"],
    ):
        done = bench.run(command, **more)
        assert done.code == 0, done.stdout + done.stderr
    cache = (bench.folder / "b" / "CMakeCache.txt").read_text()
    assert f"{installed}/aarch64-linux-gnu-peepcc++" in cache and f"{installed}/aarch64-linux-gnu-peepcc\n" in cache
    for program in ("b/m", "mb/m"):
        assert bench.run(["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", program]).code == 0
