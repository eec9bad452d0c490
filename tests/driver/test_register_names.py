"""Functions and variables that are called like registers: the file is compiled, and the rest of it rewritten."""

from __future__ import annotations

import pytest

from ..support.forced import TARGET, output, rebuilt

NAMES = (
    "fp",
    "lr",
    "x1",
    "w0",
    "sp",
    "v0",
    "xzr",
    "d31",
    "nzcv",
    "FP",
    "x31",
    "z3",
    "p0",
    "vg",
    "zt0",
    "ffr",
    "q7",
    "wsp",
    "eq",
    "lsl",
)
REST = "int rest(int a) { int b = a * 3; int c = b + a; return c - b; }\n"
ALONE = "__attribute__((noinline)) "


def _dead(lines):
    """-O0 code stores what nothing reads."""
    stores = [line for line in lines if line.startswith("str w0, [sp, #12]") and "ldr w8, [sp, #12]" in lines]
    return (
        ["mov w8, w0" if line == "ldr w8, [sp, #12]" else line for line in lines]
        if stores and lines.count("ldr w8, [sp, #12]") == 1
        else None
    )


def _source(functions, variables):
    text = "#include <stdio.h>\n"
    text += "".join(f"{ALONE}int {name}(int a) {{ return a * {n + 2}; }}\n" for n, name in enumerate(functions))
    text += "".join(f"int {name} = {n + 5};\n" for n, name in enumerate(variables))
    text += REST + f"int last(int a) {{ __attribute__((musttail)) return {functions[0]}(a); }}\n"
    sums = " + ".join([*(f"{name}(i)" for name in functions), *variables, "rest(i)", "last(i)"])
    taken = ", ".join(functions)
    return text + (
        f'int main(void) {{ int (*all[])(int) = {{{taken}}}; for (int i = 0; i < 3; i++) printf("%d '
        f'%d\\n", {sums}, all[i](i)); return 0; }}\n'
    )


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("names", [(NAMES[:10], NAMES[10:]), (NAMES[10:], NAMES[:10])], ids=["first", "second"])
def test_the_rest_of_the_file_is_rewritten(bench, names, level):
    bench.fresh({"f.c": _source(*names)})
    done = rebuilt(bench, ["-w", level, "-c", "f.c", "-o", "f.o"], _dead)
    assert done.code == 0 and b"falling back" not in done.stderr, done.stderr
    if level == "-O0":
        assert b"rewrites applied: 0" not in done.stderr, done.stderr
    for command in (["f.o", "-o", "ours"], ["-w", level, "f.c", "-o", "clangs"]):
        assert bench.run([bench.clang, TARGET, *command]).code == 0
    assert output(bench.folder / "ours") == output(bench.folder / "clangs")


@pytest.mark.parametrize("name", NAMES)
def test_each_name_alone(bench, name):
    bench.fresh(
        {
            "f.c": f"{ALONE}int {name}(int a) {{ return a * 5; }}\n"
            f"{REST}int g(int a) {{ return {name}(a) + rest(a); }}\n"
            f"int h(int a) {{ return {name}(a + 1); }}\n#include <stdio.h>\n"
            f'int main(int c, char **v) {{ printf("%d %d\\n", g(c), h(c)); }}\n'
        }
    )
    done = rebuilt(bench, ["-w", "-O0", "-c", "f.c", "-o", "f.o"], _dead)
    assert b"falling back" not in done.stderr and b"rewrites applied: 0" not in done.stderr, done.stderr
    assert bench.run([bench.clang, TARGET, "f.o", "-o", "f"]).code == 0 and output(bench.folder / "f") == b"6 10\n"
