"""What configure, CMake, Meson and others compile to learn of the compiler is clang's alone, and nothing else is by
that rule.
"""

from __future__ import annotations

import pytest

from ..support.installed import install

SOURCE = "int main(void) { return 0; }\n"
PROBES = (
    (".", ["-o", "conftest", "conftest.c"]),
    (".", ["-c", "./conftest.c"]),
    (".", ["-c", "-o", "sub/conftest.o", "sub/conftest.c"]),
    (".", ["-c", "conftstm.c"]),
    (".", ["-c", "_configtest.c", "-o", "_configtest.o"]),
    ("b/CMakeFiles/CMakeScratch/TryCompile-a1B2c3", ["-o", "o", "-c", "testCCompiler.c"]),
    ("b/CMakeFiles/CMakeTmp", ["-o", "o", "-c", "src.c"]),
    ("b/CMakeFiles/3.25.1/CompilerIdC", ["CMakeCCompilerId.c"]),
    (".", ["-c", "b/meson-private/tmp1a_b/testfile.c", "-o", "o"]),
    ("b/meson-private", ["sanitycheckc.c", "-o", "sanitycheckc.exe"]),
    ("b/.conf_check_0a1b", ["-c", "test.c"]),
    (".", ["-c", "b/.sconf_temp/conftest_0.c"]),
    (".", ["-c", "ffconf.Ab12/test.c"]),
    ("config.tests/arch", ["-c", "main.c"]),
    (".", ["-Wall", "-Werror", "-O2", "-c", "-x", "c", "/dev/null", "-o", "tmp"]),
)
OTHERS = (
    (".", ["-c", "myconftest.c"]),
    (".", ["-c", "src/conftest.c"]),
    (".", ["-c", "conftest.c", "real.c"]),
    (".", ["-c", "conftest2.c"]),
    (".", ["-c", "CMakeFiles/real.c"]),
    ("CMakeFiles/CMakeScratchpad", ["-c", "real.c"]),
    ("CompilerIdC", ["-c", "real.c"]),
    ("b/CMakeFiles/x.dir", ["-c", "real.c"]),
    (".", ["-c", "meson-private.c"]),
    (".", ["-c", "meson-privately/testfile.c"]),
    (".", ["-c", "testCCompiler.c"]),
    (".", ["-c", "-x", "c", "real.txt"]),
    (".", ["-c", "-x", "c", "/dev/null", "-x", "c", "real.txt"]),
    (".", ["-c", "-include", "real.c", "-x", "c", "/dev/null", "-o", "o"]),
)


def _both(bench, folder: str, argv: list[str]):
    files = {f"{folder}/{each}": SOURCE for each in argv if each.endswith((".c", ".txt"))}
    return bench.both(f'cd {folder}; "$@" {" ".join(argv)}', files)


@pytest.mark.parametrize("folder, argv", PROBES, ids=lambda each: each if isinstance(each, str) else " ".join(each))
def test_a_probe_costs_one_run_of_clang(bench, folder, argv):
    expected, found = _both(bench, folder, argv)
    assert found == expected and expected.code == 0
    assert bench.log.read_text().count("\n") == 1 and not bench.driven


@pytest.mark.parametrize("folder, argv", OTHERS, ids=lambda each: each if isinstance(each, str) else " ".join(each))
def test_what_is_named_alike_is_rewritten(bench, folder, argv):
    expected, found = _both(bench, folder, argv)
    assert found == expected and expected.code == 0
    assert bench.driven


CMAKE = """
cmake_minimum_required(VERSION 3.10)
project(x C)
include(CheckIncludeFile)
include(CheckFunctionExists)
include(CheckSymbolExists)
include(CheckTypeSize)
include(CheckCSourceCompiles)
include(CheckCCompilerFlag)
check_include_file(stdint.h A)
check_function_exists(strlen B)
check_symbol_exists(memcpy string.h C)
check_type_size(long D)
check_c_source_compiles("int main(void) { return 0; }" E)
check_c_compiler_flag(-Wall F)
add_executable(x real.c)
"""
MESON = """
project('x', 'c')
cc = meson.get_compiler('c')
assert(cc.has_header('stdint.h') and cc.has_function('strlen') and cc.sizeof('long') == 8)
assert(cc.has_argument('-Wall') and cc.compiles('int x;'))
executable('x', 'real.c')
"""
AUTOCONF = """
AC_INIT([x], [1])
AC_PROG_CC
AC_PROG_CC_C_O
AC_CHECK_HEADERS([stdint.h no-such.h])
AC_CHECK_FUNCS([strlen])
AC_CHECK_SIZEOF([long])
AC_C_BIGENDIAN
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [], [AC_MSG_ERROR([no])])
AC_OUTPUT
"""
CROSS = (
    "[binaries]\nc = '{cc}'\nar = 'aarch64-linux-gnu-ar'\n[host_machine]\nsystem = 'linux'\n"
    "cpu_family = 'aarch64'\ncpu = 'aarch64'\nendian = 'little'\n"
)
TOOLS = {
    "cmake": ["cmake -B b -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_C_COMPILER=$CC", "cmake --build b"],
    "cmake-ninja": ["cmake -G Ninja -B b -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_C_COMPILER=$CC", "cmake --build b"],
    "meson": ["meson setup b --cross-file cross", "ninja -C b"],
    "autoconf": ["autoconf && ./configure --host=aarch64-linux-gnu CC=$CC", "$CC -c real.c"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tools_themselves(bench, tool):
    """While a tool asks, clang is never asked for a plan; when it builds, it is."""
    cc = install(bench.root / "prefix") / "peepcc"
    bench.fresh(
        {
            "real.c": SOURCE,
            "CMakeLists.txt": CMAKE,
            "meson.build": MESON,
            "configure.ac": AUTOCONF,
            "cross": CROSS.format(cc=cc),
        }
    )
    more = {"CC": str(cc), "PEEPCC_BACKEND": "none", "PEEPCC_CLANG": str(bench.logged)}
    for command, planned in zip(TOOLS[tool], (False, True)):
        bench.log.write_text("")
        done = bench.run(["sh", "-c", command], **more)
        assert done.code == 0, done.stdout + done.stderr
        assert bench.log.read_text().strip()
        assert ("-###" in bench.log.read_text().split()) == planned
