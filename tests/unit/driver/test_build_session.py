"""The tally of a build is for a line on stderr: whatever becomes of it, the compile goes on."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
import signal
import time

import pytest

from peepcc.driver.build_session import tally


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the tally of this test lies, once there is one."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with tally() as counts:
        assert counts.add("late", 1, 5) == [1, 5]
    return tmp_path / f"peepcc-{os.geteuid()}"


def _alone(work) -> None:
    """`work` in a process of its own, which changes what cannot be changed back."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(60)
    assert child.exitcode == 0


def test_what_was_lost_adds_up(folder):
    with tally() as counts:
        assert counts.add("late", 1, 7) == [2, 12]
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("bytes_left", [0, 3])
def test_a_disk_that_is_full(folder, bytes_left):
    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))
        for _ in range(3):
            with tally() as counts:
                counts.add("late", 1, 1)

    _alone(work)
    with tally() as counts:
        counts.add("late", 1, 1)


@pytest.mark.alone
def test_a_lock_that_somebody_keeps(folder):
    (file,) = folder.iterdir()
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        begun = time.monotonic()
        with tally() as counts:
            assert counts.add("late", 1, 1) == [1, 1], "nothing is known, and so it is said twice rather than never"
        assert time.monotonic() - begun < 5
    with tally() as counts:
        assert counts.add("late", 1, 7) == [2, 12]


@pytest.mark.parametrize(
    "damage", [b"", b"[" * 100_000, b"\xff\xfe", b"null", b'{"late": 7}', b'{"late": [true, 1e999]}', b"1" * 9999]
)
def test_a_file_that_was_damaged(folder, damage):
    (file,) = folder.iterdir()
    file.write_bytes(damage)
    for expected in ([1, 7], [2, 14]):
        with tally() as counts:
            assert counts.add("late", 1, 7) == expected


def test_an_error_within_is_not_hidden(folder):
    with pytest.raises(OSError, match="mine"), tally():
        raise OSError("mine")


def test_a_place_that_is_no_folder(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    for place in ("file", "nowhere", "x" * 300, "x/" * 3000):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / place))
        with tally() as counts:
            assert counts.add("late", 1, 1) == [1, 1]
