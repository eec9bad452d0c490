"""What a build loses is said: a line at the first loss, and again when ten times as much is lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

FILES = {
    **{f"f{n}.c": f"int f{n}_0(int x, int y) {{ return x * {n + 2} ^ y * {n + 70}; }}\n" for n in range(3)},
    "many/Makefile": "all: " + " ".join(f"g{n}.o" for n in range(11)) + "\n%.o: %.c\n\t@$(CC) -O1 -c $< -o $@\n",
    **{f"many/g{n}.c": f"int g{n}(int x, int y) {{ return x * {n + 2} ^ y * {n + 70}; }}\n" for n in range(11)},
    "Makefile": "all: " + " ".join(f"f{n}.o" for n in range(3)) + "\n%.o: %.c\n\t@$(CC) -O1 -c $< -o $@\n",
}


@pytest.fixture
def build(bench):
    bench.fresh(FILES)

    def run(*command: str, folder=".", **environment: str) -> list[str]:
        """The lines that a command of its own group said on stderr."""
        for path in bench.folder.rglob("*.o"):
            path.unlink()
        cc = f"{sys.executable} -m peepcc"
        settings = {"PEEPCC_CLANG": bench.clang, "XDG_RUNTIME_DIR": "", "CC": cc, **environment}
        done = subprocess.run(
            command,
            cwd=bench.folder / folder,
            env=bench.environment(**settings),
            stderr=subprocess.PIPE,
            process_group=0,
            check=True,
        )
        assert list(bench.folder.rglob("*.o"))
        return done.stderr.decode().splitlines()

    return run


@pytest.fixture
def nobody():
    """An address where no server is."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{place.getsockname()[1]}"


def test_a_budget_that_is_used_up_is_said_once(build):
    (line,) = build("make", PEEPCC_BUDGET="0")
    assert line.startswith("peepcc: the budget of 0 seconds was not enough for 1 file: 0 windows, and ")
    assert " instructions that were not looked at, stay as clang wrote them; PEEPCC_BUDGET sets it" in line
    assert build("make", "-j4", PEEPCC_BUDGET="0", PEEPCC_QUIET="1") == []
    assert len(build("make", PEEPCC_BUDGET="0")) == 1, "the next build is another one"


def test_a_server_that_is_not_there_is_said_once(build, nobody):
    (line,) = build("make", PEEPCC_BACKEND="vllm", PEEPCC_URL=nobody)
    assert line.startswith("peepcc: the server gave no proposal for ")
    assert " windows of 1 file, which stay as clang wrote them: no connection to the server" in line
    assert build("make", PEEPCC_BACKEND="vllm", PEEPCC_URL=nobody, PEEPCC_QUIET="1") == []


@pytest.mark.parametrize("option", ["ONLY", "SKIP"])
def test_a_glob_that_matches_nothing_is_said_once(build, option):
    (line,) = build("make", **{f"PEEPCC_{option}": "lvm.c,main", "PEEPCC_BACKEND": "mutator"})
    told = "has matched no file and no function yet, after 1 file of this build"
    assert line == f"peepcc: PEEPCC_{option}=lvm.c,main {told}"
    assert build("make", **{f"PEEPCC_{option}": "nothing*", "PEEPCC_QUIET": "1"}) == []


@pytest.mark.parametrize("option, glob", [("ONLY", "f2.c"), ("SKIP", "f2_*"), ("SKIP", "*"), ("ONLY", "nothing,f1_0")])
def test_a_glob_that_matches_something_is_not_said_wherever_it_matches(build, option, glob):
    assert build("make", **{f"PEEPCC_{option}": glob}) == []


def test_it_is_said_again_when_ten_times_as_much_is_lost(build):
    said = build("make", "-j2", folder="many", PEEPCC_ONLY="nothing.c")
    ends = ["after 1 file of this build", "after 10 files of this build"]
    assert [line.partition(" yet, ")[2] for line in said] == ends
    said = build("make", "-j2", folder="many", PEEPCC_BUDGET="0")
    assert len(said) == 2 and "for 10 files:" in said[1]


def test_what_lies_in_sight_and_never_comes_is_said_later(build):
    """A file of that name is there, but the build does not compile it."""
    said = build("make", folder="many", PEEPCC_ONLY="Makefile")
    assert [line.partition(" yet, ")[2] for line in said] == ["after 10 files of this build"]


def test_nothing_is_said_where_nothing_is_lost(bench, build):
    assert build("make", PEEPCC_BUDGET="300") == [] and bench.leftovers() == []


def test_a_folder_that_cannot_be_used_costs_no_build(bench, build):
    (bench.temporary / f"peepcc-{os.geteuid()}").write_text("")
    said = build("make", PEEPCC_ONLY="nothing.c")
    assert len(said) == 3 and len(set(said)) == 1


def test_a_tally_that_somebody_damaged_is_begun_anew(bench, build):
    script = f"$CC -c f0.c; for file in {bench.temporary}/peepcc-*/*.lost; do echo '[' > $file; done; $CC -c f1.c"
    assert len(build("sh", "-c", script, PEEPCC_ONLY="nothing.c")) == 2
