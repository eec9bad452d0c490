"""Killed at any moment, peepcc leaves nothing behind and dies as clang would have."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.alone

# Some seconds of work for the front end and the code generator.
SLOW = (
    "#define A(n) int f##n(int *p, int k) { int s = 0; for (int i = 0; i < k; i++) { s += p[i] * k + n;"
    " if (s > p[s]) s -= p[i]; } return s; }\n"
) + "".join(f"A({n})\n" for n in range(3000))

DOZE = """
import sys, types
def rewrite_unit(text, bitcode, unit, settings):
    import tempfile
    from peepcc.process import run
    with tempfile.TemporaryDirectory(prefix="peepcc-"):
        run(["sleep", "600"])
module = types.ModuleType("peepcc.driver.rewrite")
module.rewrite_unit = rewrite_unit
sys.modules["peepcc.driver.rewrite"] = module
from peepcc.__main__ import main
sys.exit(main())
"""


@pytest.fixture(autouse=True)
def _interruptible():
    """A shell starts what runs in its background with SIGINT ignored, and children would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _session(number: int) -> list[str]:
    """Command lines of the living processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, _, _, session = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:4]
                if int(session) == number and state != "Z":
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
            except OSError:
                pass  # ended meanwhile
    return found


def _killed(bench, command, number: int, when, everyone: bool, **environment: str) -> subprocess.Popen:
    child = subprocess.Popen(
        command,
        cwd=bench.folder,
        env=bench.environment(**environment),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    when(child)
    (os.killpg if everyone else os.kill)(child.pid, number)
    child.wait(30)
    child.output = child.communicate()[1]
    return child


def _after(seconds: float):
    return lambda child: time.sleep(seconds)


def _sleeping(child) -> None:
    limit = time.monotonic() + 30
    while not any("sleep 600" in line for line in _session(child.pid)):
        assert time.monotonic() < limit and child.poll() is None
        time.sleep(0.02)


def _assert_nothing_is_left(bench, child, number: int, sources: list[str]) -> None:
    assert child.returncode == -number
    assert child.output == b""
    assert bench.leftovers() == []
    assert sorted(str(path.relative_to(bench.folder)) for path in bench.folder.rglob("*")) == sources
    limit = time.monotonic() + 3
    while _session(child.pid) and time.monotonic() < limit:
        time.sleep(0.02)
    assert _session(child.pid) == []


@pytest.mark.parametrize("everyone", [False, True], ids=["alone", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_killed_while_clang_works(bench, number, everyone):
    bench.fresh({"slow.c": SLOW})
    command = [sys.executable, "-m", "peepcc", "-O2", "-MD", "--coverage", "-fstack-usage", "-c", "slow.c"]
    child = _killed(bench, command, number, _after(1.0), everyone, PEEPCC_BACKEND="none")
    _assert_nothing_is_left(bench, child, number, ["slow.c"])


@pytest.mark.parametrize("everyone", [False, True], ids=["alone", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_killed_while_rewriting(bench, number, everyone):
    bench.fresh({"a.c": "int f(void) { return 1; }\n"})
    command = [sys.executable, "-c", DOZE, "-O2", "-MD", "-c", "a.c"]
    child = _killed(bench, command, number, _sleeping, everyone)
    _assert_nothing_is_left(bench, child, number, ["a.c"])


SHOW_SIGNALS = """
import os, sys
with open("/proc/self/status") as status, open({seen!r}, "a") as file:
    print(*(line.split()[1] for line in status if line.startswith(("SigBlk", "SigIgn"))), file=file)
os.execv({clang!r}, [{clang!r}, *sys.argv[1:]])
"""
FATAL = [
    getattr(signal, f"SIG{name}") for name in "QUIT XCPU USR1 USR2 ALRM VTALRM PROF IO PWR STKFLT RTMIN RTMAX".split()
]


@pytest.fixture
def no_core_file():
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.parametrize("number", FATAL, ids=lambda each: each.name)
def test_every_signal_that_ends_a_process_leaves_nothing(bench, number, no_core_file):
    """Both moments, and both ways to send it, by turns: each signal would else take four runs."""
    bench.fresh({"slow.c": SLOW})
    everyone = bool(number % 2)
    command = [sys.executable, "-m", "peepcc", "-O2", "-MD", "-c", "slow.c"]
    child = _killed(bench, command, number, _after(1.0), everyone, PEEPCC_BACKEND="none")
    _assert_nothing_is_left(bench, child, number, ["slow.c"])
    bench.fresh({"a.c": "int f(void) { return 1; }\n"})
    child = _killed(bench, [sys.executable, "-c", DOZE, "-O2", "-MD", "-c", "a.c"], number, _sleeping, not everyone)
    _assert_nothing_is_left(bench, child, number, ["a.c"])


def test_a_signal_that_waits_or_is_ignored_stays_so_for_clang(bench):
    bench.fresh({"a.c": "int f(int x) { return x + 1; }\n"})
    seen = bench.root / "seen"
    bench.logged.write_text(f"#!{sys.executable}\n{SHOW_SIGNALS.format(seen=str(seen), clang=bench.clang)}")
    start = (
        "import os, signal, sys\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
        "signal.signal(signal.SIGUSR2, signal.SIG_IGN)\n"
    )
    start += (
        "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    for command in ([str(bench.logged), "-c", "a.c"], [sys.executable, "-m", "peepcc", "-c", "a.c"]):
        done = bench.run([sys.executable, "-c", start, *command], PEEPCC_BACKEND="none", PEEPCC_CLANG=str(bench.logged))
        assert (done.code, done.stderr) == (0, b"")
    states = seen.read_text().splitlines()
    assert len(states) > 2 and len(set(states)) == 1 and states[0].startswith("0" * 13 + "2"), states


@pytest.mark.parametrize("name", ["SEGV", "KILL", "XCPU"])
def test_clang_that_dies_is_followed(bench, name, no_core_file):
    bench.fresh({"a.c": "int f(void) { return x; }\n"})
    bench.logged.write_text(f'#!/bin/sh\n[ "$1" = -### ] && exec {bench.clang} "$@"\nkill -{name} $$\n')
    done = bench.by_peepcc(["-c", "a.c"])
    assert done.code == -getattr(signal, f"SIG{name}") and b"Traceback" not in done.stderr
    assert bench.leftovers() == []


def test_killed_at_any_moment(bench):
    """Either it was too early to be peepcc, or nothing is left, or the work was done."""
    draw = random.Random(3)
    whole = {"a.c", "a.o", "a.d"}
    for _ in range(30):
        bench.fresh({"a.c": "int f(int x) { return x + 1; }\n"})
        command = [sys.executable, "-m", "peepcc", "-O2", "-MD", "-c", "a.c"]
        child = _killed(bench, command, signal.SIGTERM, _after(draw.uniform(0.03, 0.35)), False, PEEPCC_BACKEND="none")
        found = {path.name for path in bench.folder.iterdir()}
        assert bench.leftovers() == []
        assert found in ({"a.c"}, whole), found
        assert child.returncode == -signal.SIGTERM or (child.returncode == 0 and found == whole)
        assert _session(child.pid) == []


def test_a_rewrite_does_not_outlive_its_compiler(bench):
    """Killed without a chance to end it, peepcc leaves no process that goes on working."""
    bench.fresh({"a.c": "int f(void) { return 1; }\n"})
    body = "import time\n    open(settings.model, 'w').close()\n    time.sleep(600)"
    script = DOZE.replace(DOZE[DOZE.index("    import tempfile") : DOZE.index("module =")], f"    {body}\n")
    marker = bench.root / "working"

    def working(child):
        limit = time.monotonic() + 30
        while not marker.exists():
            assert time.monotonic() < limit and child.poll() is None
            time.sleep(0.02)

    child = _killed(
        bench, [sys.executable, "-c", script, f"--peepcc-model={marker}", "-c", "a.c"], signal.SIGKILL, working, False
    )
    limit = time.monotonic() + 3
    while _session(child.pid) and time.monotonic() < limit:
        time.sleep(0.02)
    assert _session(child.pid) == [] and child.returncode == -signal.SIGKILL


def test_nohup_is_kept(bench):
    bench.fresh({"slow.c": SLOW})
    command = ["nohup", sys.executable, "-m", "peepcc", "-O0", "-c", "slow.c"]
    child = _killed(bench, command, signal.SIGHUP, _after(0.5), True, PEEPCC_BACKEND="none")
    assert child.returncode == 0 and (bench.folder / "slow.o").exists()
