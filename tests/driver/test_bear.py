"""bear records each compile of the user's once, as the user wrote it, and no run of clang that is ours."""

from __future__ import annotations

import json

import pytest

from ..support.installed import install

FILES = {
    "a.c": "int f(int a) { return a * 3; }\n",
    "b.c": "int g(int a) { return a * 5; }\n",
    "main.c": "int f(int);\nint main(void) { return f(0); }\n",
    "part.cc": "int part(int a) { return a; }\n",
    "hand.s": ".globl hand\nhand: ret\n",
    "Makefile": "all:\n\t$(CC) -O1 -DX='\"a b\"' -c a.c -o a.o\n\t$(CC) -E -O1 b.c -o b.i\n"
    "\t$(CC) -O1 -S b.c -o b.s\n\t$(CXX) -O1 -c part.cc\n"
    "\t$(CC) -c hand.s\n\t$(CC) -O1 main.c a.o -o prog\n\tcd . && $(CC) -O1 -fno-integrated-as -c b.c\n"
    "\t-$(CC) -c missing.c\n",
}


@pytest.fixture
def recorded(bench):
    def build(cc: str, cxx: str, *before: str, **environment: str):
        """What is recorded, and the object a.o."""
        bench.fresh(FILES)
        more = {"CC": cc, "CXX": cxx, "PEEPCC_BACKEND": "none", **environment}
        done = bench.run([*before, "bear", "--", "make", f"CC={cc}", f"CXX={cxx}"], **more)
        assert done.code == 0 and {"a.o", "part.o", "prog"} <= set(done.files), done.stderr
        return json.loads(done.files["compile_commands.json"][1]), done.files["a.o"]

    return build


def test_each_compile_is_recorded_once_and_as_it_was_written(bench, recorded):
    folder = install(bench.root / "prefix")
    cc, cxx = str(folder / "peepcc"), str(folder / "peepcc++")
    found, made = recorded(cc, cxx)
    assert sorted(each["file"].rpartition("/")[2] for each in found) == [
        "a.c",
        "b.c",
        "b.c",
        "hand.s",
        "main.c",
        "part.cc",
    ]
    assert {each["arguments"][0] for each in found} == {cc, cxx}
    first = next(each for each in found if each["file"].endswith("a.c"))
    assert first["arguments"] == [cc, "-O1", '-DX="a b"', "-c", "-o", "a.o", "a.c"] and first["directory"] == str(
        bench.folder
    )
    by_clang, object_of_clang = recorded(cc, cxx, PEEPCC_OFF="1")  # which starts itself for some jobs
    assert [each for each in by_clang if each["arguments"][1] != "-cc1"] == found and object_of_clang == made


def test_the_usual_names_need_no_variable(bench, recorded):
    folder = install(bench.root / "prefix")
    for name, target in (("cc", "peepcc"), ("c++", "peepcc++")):
        (folder / name).symlink_to(target)
    assert len(recorded(str(folder / "cc"), str(folder / "c++"), "env", "-u", "CC", "-u", "CXX")[0]) == 6
