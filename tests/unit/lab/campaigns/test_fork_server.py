"""A forked peepcc does what the command does, and whatever ends it is no harm to the worker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import peepcc.driver.run
from peepcc.lab.campaigns.fork_server import peepcc_main
from peepcc.lab.verify import newest_clang
from peepcc.process import ProcessTimeout

ROOT = Path(peepcc.__file__).parent.parent
CODE = "int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] & 255; return s; }\n"
CLANG = newest_clang()
OWN = ("--peepcc-off=0", f"--peepcc-clang={CLANG}", "--target=aarch64-linux-gnu")


def forked(folder, *arguments, seconds=60.0, env=None):
    return peepcc_main((*OWN, *arguments), CLANG, folder, {"PEEPCC_OFF": "1", **(env or {})}, seconds)


def command(folder, *arguments):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PEEPCC_OFF": "1"}
    return subprocess.run(
        [sys.executable, "-m", "peepcc", *OWN, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "code.c").write_text(CODE)
    (tmp_path / "bad.c").write_text("int f(void) { return x; }\n")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("--peepcc-backend=mutator", "-O0", "-c", "code.c"),
        ("--peepcc-backend=embedded", "-O1", "-c", "code.c"),
        ("-c", "bad.c"),
        ("-c", "missing.c"),
        ("-dumpmachine",),
        ("--peepcc-backend=embedded", "--peepcc-model=/no/such/model", "-c", "code.c"),
        ("--peepcc-nonsense=1", "-c", "code.c"),
        ("-fsyntax-only", "-Wall", "bad.c"),
    ],
)
def test_it_does_what_the_command_does(words, folder):
    results = []
    for run in (command, forked):
        before = set(folder.iterdir())
        done = run(folder, *words)
        made = {path.name: path.read_bytes() for path in set(folder.iterdir()) - before}
        results.append((done.returncode, done.stdout, done.stderr, made))
        for name in made:
            (folder / name).unlink()
    assert results[0] == results[1]


def test_a_fall_back_is_told(folder):
    done = forked(folder, "--peepcc-backend=embedded", "--peepcc-model=/no/such/model", "-c", "code.c")
    assert done.returncode == 0 and (folder / "code.o").exists() and b"falling back to clang" in done.stderr


def test_nothing_of_a_child_stays_in_the_worker(folder):
    before = (
        os.getcwd(),
        dict(os.environ),
        list(sys.argv),
        signal.getsignal(signal.SIGINT),
        len(os.listdir("/proc/self/fd")),
    )
    assert forked(folder, "--peepcc-backend=mutator", "-c", "code.c", env={"PEEPCC_BUDGET": "9"}).returncode == 0
    assert (
        os.getcwd(),
        dict(os.environ),
        list(sys.argv),
        signal.getsignal(signal.SIGINT),
        len(os.listdir("/proc/self/fd")),
    ) == before


def drives(monkeypatch, does):
    monkeypatch.setattr(peepcc.driver.run, "drive", lambda *arguments: does())


def test_a_crash_is_a_signal_and_an_error_a_status(folder, monkeypatch):
    drives(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert forked(folder, "-c", "code.c").returncode == -signal.SIGKILL
    drives(monkeypatch, lambda: 1 // 0)
    done = forked(folder, "-c", "code.c")
    assert done.returncode == 1 and b"ZeroDivisionError" in done.stderr


@pytest.mark.alone
def test_what_hangs_is_ended(folder, monkeypatch):
    def hangs():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Path("pid").write_text(str(os.getpid()))
        time.sleep(60)

    drives(monkeypatch, hangs)
    started = time.monotonic()
    with pytest.raises(ProcessTimeout):
        forked(folder, "-c", "code.c", seconds=1.0)
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)


def test_it_dies_with_its_worker(folder):
    script = f"""
import os, time
from pathlib import Path
import peepcc.driver.run
from peepcc.lab.campaigns.fork_server import peepcc_main
def hangs(*arguments):
    Path("pid").write_text(str(os.getpid()))
    time.sleep(60)
peepcc.driver.run.drive = hangs
peepcc_main({(*OWN, "-c", "code.c")!r}, {CLANG!r}, None, {{"PEEPCC_OFF": "1"}}, 60)
"""
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        stop = time.monotonic() + 60
        while not ((folder / "pid").exists() and (folder / "pid").read_text()) and time.monotonic() < stop:
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    child, stop = Path("/proc", (folder / "pid").read_text(), "stat"), time.monotonic() + 10
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < stop:
        time.sleep(0.05)
    assert time.monotonic() < stop
