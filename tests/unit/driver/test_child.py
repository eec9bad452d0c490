from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
import time

import pytest

from peepcc.driver.child import Lost, isolated

pytestmark = pytest.mark.alone


def test_the_answer_and_the_words(tmp_path):
    def work():
        print("out")
        print("err", file=sys.stderr)
        os.write(2, b"raw\n")
        return b"x" * 3_000_000

    answer, printed = isolated(work, str(tmp_path), 20)
    assert answer == b"x" * 3_000_000
    assert sorted(printed.split()) == [b"err", b"out", b"raw"]


def test_temporary_files_are_in_the_folder(tmp_path):
    assert isolated(lambda: tempfile.mkdtemp().encode(), str(tmp_path), 20)[0].startswith(str(tmp_path).encode())
    assert not tempfile.gettempdir().startswith(str(tmp_path))


def test_the_clock_runs(tmp_path):
    start = time.monotonic()
    with pytest.raises(Lost, match="longer than 0.2 seconds"):
        isolated(lambda: time.sleep(60), str(tmp_path), 0.2)
    assert time.monotonic() - start < 5
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_crash_leaves_no_core(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def work():
        faulthandler.disable()  # pytest's
        os.abort()

    with pytest.raises(Lost, match="ended by SIGABRT"):
        isolated(work, str(tmp_path), 20)
    assert os.listdir(tmp_path) == ["printed"]
