from __future__ import annotations

import os
import sys
import time

import pytest

from peepcc.process import ProcessTimeout, run, signal_name, watch

pytestmark = pytest.mark.alone


def test_output_input_and_status():
    done = run(["sh", "-c", "cat; echo oops >&2; exit 3"], stdin=b"in")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"in", b"oops\n")


def test_no_input_is_empty_input():
    assert run(["cat"]).stdout == b""


def test_a_descriptor_as_input(tmp_path):
    (tmp_path / "in").write_text("text")
    with open(tmp_path / "in", "rb") as file:
        assert run(["cat"], stdin=file.fileno()).stdout == b"text"


def test_children_pass_through_and_the_environment_is_added_to():
    said = run(["env"], env={"A": "1"}).stdout.decode().split("\n")
    assert {"PEEPCC_OFF=1", "A=1", f"PATH={os.environ['PATH']}"} <= set(said)


def test_a_death_by_signal_is_negative():
    assert run(["sh", "-c", "kill -9 $$"]).returncode == -9


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_timeout_ends_the_child(tmp_path, stubborn):
    code = f"import os, signal, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
    code += "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if stubborn else ""
    start = time.monotonic()
    with pytest.raises(ProcessTimeout, match="longer than 1 seconds"):
        run([sys.executable, "-c", code + "time.sleep(60)"], timeout=1)
    assert time.monotonic() - start < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_program_that_is_not_there():
    with pytest.raises(OSError):
        run(["no-such-program"])


def test_a_watched_program_has_our_descriptors_and_its_status_is_told(capfd):
    assert watch(["sh", "-c", "echo $PEEPCC_OFF; echo err >&2; exit 4"]) == 4
    assert capfd.readouterr() == ("1\n", "err\n")
    assert watch(["sh", "-c", "kill -6 $$"]) == -6
    with pytest.raises(OSError):
        watch(["no-such-program"])


def test_names_of_signals():
    assert (signal_name(9), signal_name(200)) == ("SIGKILL", "signal 200")
