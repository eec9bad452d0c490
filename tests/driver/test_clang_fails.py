"""A run of clang that goes wrong for reasons of its own is told.

One that says no to the user's code is clang's to tell.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

SOURCE = {"a.c": "int f(int x) { return x + 1; }\n", "bad.c": "int f(void) { return x; }\n"}

# Does `what` where the first argument is FIRST, once or always, and else is clang.
CLANG = """#!/bin/sh
echo "$1" >> {log}
if [ "$1" = "{first}" ] && mkdir {mark} 2>/dev/null; then {what}; fi
exec {clang} "$@"
"""


def _broken(bench, first: str, what: str, argv=("-O0", "-c", "a.c"), **environment):
    bench.fresh(SOURCE)
    mark = bench.root / "once"
    if mark.exists():
        mark.rmdir()
    # The plan names clang's own program, so the jobs are turned back to this script.
    bench.logged.write_text(CLANG.format(log=bench.log, first=first, mark=mark, what=what, clang=bench.clang))
    turned = (
        f"import peepcc.driver.plan as p\nold = p.parse_jobs\n"
        f"p.parse_jobs = lambda text: tuple(p.replace(j, argv=({str(bench.logged)!r}, *j.argv[1:])) for j "
        f"in old(text))\n"
    )
    command = [sys.executable, "-c", turned + "import sys\nfrom peepcc.__main__ import main\nsys.exit(main())", *argv]
    return bench.run(command, **{"PEEPCC_BACKEND": "none", "PEEPCC_CLANG": str(bench.logged), **environment})


CASES = {
    "killed": ("-cc1", "kill -9 $$", b"peepcc: clang -cc1 was ended by SIGKILL; falling back to clang\n"),
    "crashed": ("-cc1", "kill -11 $$", b"peepcc: clang -cc1 was ended by SIGSEGV; falling back to clang\n"),
    "plan-killed": ("-###", "kill -9 $$", b"peepcc: clang -### was ended by SIGKILL; falling back to clang\n"),
    "plan-failed": (
        "-###",
        "exit 3",
        b"peepcc: clang -### ended with status 3, but only once; falling back to clang\n",
    ),
    "no-memory": (
        "-cc1",
        "echo 'LLVM ERROR: out of memory' >&2; echo more >&2; exit 1",
        b"peepcc: clang -cc1 ended with status 1 (LLVM ERROR: out of memory), but only once; falling back to clang\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_job_that_fails_once_is_told(bench, name):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-O0", "-c", "a.c"])
    first, what, line = CASES[name]
    found = _broken(bench, first, what)
    assert (found.code, found.stdout, found.stderr, found.files) == (0, b"", line, expected.files)
    assert bench.leftovers() == []
    assert _broken(bench, first, what, PEEPCC_QUIET="1").stderr == b""


def test_without_a_failure_nothing_is_told(bench):
    found = _broken(bench, "never", "exit 1")
    assert (found.code, found.stderr) == (0, b"") and set(bench.log.read_text().split()) == {"-###", "-cc1"}


@pytest.mark.parametrize("more", [[], ["--peepcc-explain"]])
def test_an_error_in_the_code_is_clangs_alone(bench, more):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "bad.c"])
    assert bench.by_peepcc(["-c", "bad.c", *more]) == expected and expected.code == 1


def test_a_job_of_clangs_own_that_fails_is_clangs_alone(bench):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["a.c", "-o", "prog"])  # no main
    found = bench.by_peepcc(["a.c", "-o", "prog"])
    assert (found.code, found.files) == (expected.code, expected.files) and expected.code == 1
    assert b"undefined" in found.stderr and b"peepcc" not in found.stderr


def test_clangs_own_death_is_ours(bench):
    bench.fresh(SOURCE)
    bench.logged.write_text(f'#!/bin/sh\n[ "$1" = "-###" ] || kill -10 $$\nexec {bench.clang} "$@"\n')
    found = bench.by_peepcc(["-c", "bad.c"])
    assert (found.code, found.stderr) == (-signal.SIGUSR1, b"")


def test_an_explanation_names_a_limit(bench):
    argv = ["-O2", "-frecord-command-line", "-c", "a.c"]
    bench.fresh(SOURCE)
    assert (
        bench.by_peepcc([*argv, "--peepcc-explain"]).stderr
        == b"peepcc: the object records the command line; left to clang\n"
    )
    assert bench.by_peepcc([*argv, "--peepcc-explain", "--peepcc-quiet"]).stderr == b""
    assert bench.by_peepcc(argv).stderr == b""
    assert bench.by_peepcc(["a.o", "-shared", "-o", "a.so", "--peepcc-explain"]).stderr == b""


def test_a_folder_in_which_others_work(bench):
    """The current folder is named in every job, and its time changes with each file that comes or goes."""
    bench.fresh(SOURCE)
    busy = "import os, time\nwhile True:\n    open('busy', 'w').close()\n    os.unlink('busy')\n    time.sleep(0.001)"
    other = subprocess.Popen([sys.executable, "-c", busy], cwd=bench.folder)
    try:
        time.sleep(0.2)
        for _ in range(3):
            subprocess.run(
                [sys.executable, "-m", "peepcc", "-O2", "-c", "a.c"],
                cwd=bench.folder,
                check=True,
                env=bench.environment(PEEPCC_BACKEND="none", PEEPCC_CLANG=str(bench.logged)),
            )
            assert bench.driven
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_killed_while_clang_tells(bench, number):
    """clang's own run, which we wait for, ends with us."""
    bench.fresh(SOURCE)
    pid = bench.root / "pid"
    pid.unlink(missing_ok=True)
    bench.logged.write_text(
        f'#!/bin/sh\n[ "$1" = "-###" ] && exec {bench.clang} "$@"\n'
        f"echo $$ > {pid}.new && mv {pid}.new {pid}\nexec sleep 60\n"
    )
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has it ignored
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "peepcc", "-c", "bad.c"],
            cwd=bench.folder,
            stderr=subprocess.PIPE,
            env=bench.environment(PEEPCC_BACKEND="none", PEEPCC_CLANG=str(bench.logged)),
        )
    finally:
        signal.signal(signal.SIGINT, before)
    limit = time.monotonic() + 30
    while not pid.exists():
        assert time.monotonic() < limit and child.poll() is None
        time.sleep(0.02)
    child.send_signal(number)
    assert child.communicate(timeout=10)[1] == b"" and child.returncode == -number
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    "script", ['"$@" -c bad.c', '"$@" a.c missing.o -o p', '"$@" a.c -fuse-ld=lld -Wl,--nonsense -o p']
)
def test_a_caller_that_ignores_the_end_of_its_children(bench, script):
    """Who inherits that is not told whether a child failed."""
    bench.fresh(SOURCE)
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    command = [sys.executable, "-c", ignoring, "bash", "-c", script, "bash", sys.executable, "-m", "peepcc"]
    assert bench.run(command, PEEPCC_BACKEND="none").code == 1


def test_who_cannot_be_told_gets_the_object_all_the_same(bench):
    files = {"a.c": "int f(int x) { int unused; return x; }\n"}
    expected, found = bench.both('"$@" -Wall -c a.c 2>/dev/full', files)
    assert found == expected and not bench.driven
