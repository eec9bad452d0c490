"""Where the output goes: pipes, links, devices, folders that are gone.

As with clang, but that no device is ever replaced.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SOURCE = {"a.c": "int f(int x) { return x + 1; }\n"}
MANY = {"a.c": "".join(f"int f{n}(int x) {{ return x + {n}; }}\n" for n in range(400))}


@pytest.mark.parametrize(
    "script, driven",
    [
        ('"$@" -S a.c -o - | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}', True),
        ('mkfifo p; cat p > got & "$@" -S a.c -o p; echo $?; wait', True),
        ('ln -s nowhere/at/all a.o; "$@" -c a.c; echo $?', False),
        ('touch real; ln -s real a.o; "$@" -c a.c; echo $?', True),
        ('touch real; ln real a.o; "$@" -c a.c; stat -c %h real a.o', True),
        ('touch a.o; chmod 600 a.o; "$@" -c a.c; umask 077; "$@" -c a.c -o b.o; umask 0; "$@" -c a.c -o c.o', True),
        ('mkdir d; cd d; rmdir ../d; exec 2>/dev/null; "$@" -c ../a.c -o ../b.o; echo $?', True),
        ('mkdir d; cd d; rmdir ../d; exec 2>/dev/null; "$@" -c ../a.c -o b.o; echo $?', False),
        ('"$@" -S a.c -o a.c; echo $?', True),
        ('"$@" -c a.c <&- >&- 2>&-; echo $?', True),
        ('echo before > out; "$@" -S a.c -o - >> out', True),
        ('"$@" -c a.c -o $(printf "ü%.0s" {1..126}).o', True),
        ('"$@" -c a.c -o $(printf "x%.0s" {1..256}); echo $?', False),
    ],
)
def test_outputs(bench, script, driven):
    expected, found = bench.both(script, MANY)
    assert found == expected
    assert bench.driven == driven
    assert bench.leftovers() == []


@pytest.mark.parametrize("argv", [["-c"], ["-S"]], ids=" ".join)
def test_a_device_is_never_replaced(bench, argv):
    """clang, run by root, puts a file in the place of the link /dev/stdout when that leads to a regular file."""
    bench.fresh(SOURCE)
    expected = bench.by_clang([*argv, "a.c", "-o", "-"])
    before = os.lstat("/dev/stdout")
    with open(bench.folder / "out", "wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "peepcc", *argv, "a.c", "-o", "/dev/stdout"],
            stdout=out,
            cwd=bench.folder,
            env=bench.environment(PEEPCC_BACKEND="none"),
            check=True,
        )
    assert done.returncode == 0 and (bench.folder / "out").read_bytes() == expected.stdout
    assert os.lstat("/dev/stdout").st_ino == before.st_ino


def test_a_reader_that_does_not_wait(bench):
    """Standard output may be a pipe that another program opened not to block."""
    bench.fresh(MANY)
    expected = bench.by_clang(["-S", "a.c", "-o", "-"]).stdout
    command = [sys.executable, "-m", "peepcc", "-S", "a.c", "-o", "-"]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    child = subprocess.Popen(
        command, stdout=writer, stderr=subprocess.PIPE, cwd=bench.folder, env=bench.environment(PEEPCC_BACKEND="none")
    )
    os.close(writer)
    with open(reader, "rb") as pipe:
        assert pipe.read() == expected
    assert child.communicate()[1] == b"" and child.returncode == 0
