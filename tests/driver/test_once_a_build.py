"""The policy that proves nothing is said once a build: not once a file, and not never."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest

LINE = b"peepcc: policy emulated: what the emulator accepts is kept without a proof (said once a build)\n"
FILES = {
    **{f"f{n}.c": f"int f{n}(int x) {{ return x + {n}; }}\n" for n in range(4)},
    "Makefile": "all: " + " ".join(f"f{n}.o" for n in range(4)) + "\n%.o: %.c\n\t@$(CC) -c $< -o $@\n",
    # Each command in a group of its own, as ninja has it.
    "apart.py": "import subprocess, sys\nall = [subprocess.Popen(['sh', '-c', each], process_group=0) for each in "
    "sys.argv[1:]]\n"
    "sys.exit(max(each.wait() for each in all))\n",
}
# peepcc with a rewrite that takes no time.
CC = """#!{python}
import sys, types
sys.path.insert(0, {root!r})
module = types.ModuleType("peepcc.driver.rewrite")
from peepcc.readback.image import Rewritten
module.rewrite_unit = lambda text, bitcode, unit, settings: Rewritten(text)
sys.modules["peepcc.driver.rewrite"] = module
from peepcc.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def builds(bench):
    bench.fresh(FILES)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    cc = bench.root / "bin" / "cc"
    cc.write_text(CC.format(python=sys.executable, root=root))
    cc.chmod(0o755)

    def build(*command: str, **environment: str) -> bytes:
        """What a command of its own group said on stderr."""
        for path in bench.folder.glob("*.o"):
            path.unlink()
        environment = {
            "CC": str(cc),
            "PEEPCC_POLICY": "emulated",
            "PEEPCC_CLANG": bench.clang,
            "XDG_RUNTIME_DIR": "",
            **environment,
        }
        done = subprocess.run(
            command,
            cwd=bench.folder,
            env=bench.environment(**environment),
            stderr=subprocess.PIPE,
            process_group=0,
            check=True,
        )
        assert list(bench.folder.glob("*.o"))
        return done.stderr

    return build


def _stamps(bench) -> list[str]:
    return [path.name for path in (bench.temporary / f"peepcc-{os.geteuid()}").iterdir()]


def test_make_says_it_once_and_again_the_next_time(bench, builds):
    assert builds("make", "-j4") == LINE
    first = _stamps(bench)
    assert len(first) == 1 and bench.leftovers() == [f"peepcc-{os.geteuid()}"]
    assert builds("make", "-j4") == LINE
    assert len(_stamps(bench)) == 1 and _stamps(bench) != first


def test_a_script_is_one_build(builds):
    assert builds("sh", "-c", "make -j4 && rm -f *.o && make -j4") == LINE


def test_a_tool_that_sets_each_command_apart_is_one_build(builds):
    commands = [f"$CC -c f{n}.c" for n in range(4)]
    assert builds(sys.executable, "apart.py", *commands) == LINE
    assert builds(sys.executable, "apart.py", *(f"true && {each} && true" for each in commands)) == LINE


def test_a_stamp_of_a_living_build_stays(bench, builds):
    other = subprocess.Popen(["sleep", "60"], process_group=0)
    try:
        with open(f"/proc/{other.pid}/stat") as file:
            start = file.read().rpartition(") ")[2].split()[19]
        folder = bench.temporary / f"peepcc-{os.geteuid()}"
        folder.mkdir(0o700)
        for name in (f"{other.pid}-{start}", f"{other.pid}-1", "4194303-5", "notes"):
            (folder / name).touch()
        assert builds("make") == LINE
        assert len(_stamps(bench)) == 3 and {f"{other.pid}-{start}", "notes"} < set(_stamps(bench))
    finally:
        other.kill()
        other.wait()


def test_nothing_under_the_default_policy_or_quiet(bench, builds):
    assert builds("make", PEEPCC_POLICY="proved") == b""
    assert builds("make", PEEPCC_QUIET="1") == b""
    assert builds("make", PEEPCC_BACKEND="none") == b""
    assert bench.leftovers() == []


def test_the_runtime_folder_is_preferred(bench, builds):
    place = bench.root / "run"
    place.mkdir()
    assert builds("make", XDG_RUNTIME_DIR=str(place)) == LINE
    assert bench.leftovers() == [] and (place / f"peepcc-{os.geteuid()}").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("trick", ["link", "open", "file"])
def test_a_folder_that_others_could_have_made_is_not_used(bench, builds, trick):
    place, victim = bench.temporary / f"peepcc-{os.geteuid()}", bench.root / "victim"
    victim.mkdir()
    if trick == "link":
        place.symlink_to(victim)
    elif trick == "open":
        place.mkdir()
        place.chmod(0o777)
    else:
        place.write_text("")
    assert builds("make") == LINE * 4
    assert list(victim.iterdir()) == [] and (trick == "file" or list(place.iterdir()) == [])


def test_at_a_terminal_each_command_is_a_build(bench, builds):
    """An interactive shell gives each command line a group of its own."""
    shell, terminal = pty.openpty()
    script = (
        "$CC -c f1.c 2>>said\n$CC -c f2.c 2>>said\nmake -j4 2>>said\nmake -B -j4 2>>said &\nwait\n"
        "echo done > over\nexit\n"
    )
    cc = str(bench.root / "bin" / "cc")
    environment = bench.environment(
        CC=cc, PEEPCC_POLICY="emulated", PEEPCC_CLANG=bench.clang, XDG_RUNTIME_DIR="", TERM="dumb"
    )
    child = subprocess.Popen(
        ["setsid", "--ctty", "bash", "--norc", "-i"],
        cwd=bench.folder,
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    try:
        os.write(shell, script.encode())
        limit = time.monotonic() + 60
        while not (bench.folder / "over").exists():
            assert time.monotonic() < limit
            time.sleep(0.05)
        assert (bench.folder / "said").read_bytes() == LINE * 4
    finally:
        os.close(shell)
        os.close(terminal)
        child.wait(10)
