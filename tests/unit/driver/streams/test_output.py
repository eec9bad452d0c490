from __future__ import annotations

import os

import pytest

from peepcc.driver.plan import Declined
from peepcc.driver.streams.output import SideOutputs, check_output, deliver


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.o"
    path.write_bytes(b"old")

    def fail(*names):
        raise OSError("full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="full"):
        deliver(b"new", str(path))
    assert os.listdir(tmp_path) == ["a.o"] and path.read_bytes() == b"old"


def test_long_names_and_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "n" * 255
    deliver(b"x", name)
    assert os.listdir() == [name]


def test_a_pipe_is_written_through(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    deliver(b"data", str(path))
    assert os.read(reader, 10) == b"data" and not path.is_file()
    os.close(reader)


@pytest.mark.parametrize("name", ["missing/a.o", "."])
def test_what_cannot_be_written_is_clangs_to_say(tmp_path, name):
    with pytest.raises(Declined):
        check_output(str(tmp_path / name))
    check_output("-")
    check_output(str(tmp_path / "new.o"))


def test_side_outputs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old").write_text("1")
    sides = SideOutputs(("clang", "-dependency-file", "a.d", "-record=old", "-o", "a.o", "a.c"), "a.o")
    for name in ("a.d", "a.o", "other"):
        (tmp_path / name).write_text("2")
    assert sides.written() == {"a.d"}
    middle = sides.states()
    (tmp_path / "old").write_text("333")
    assert sides.written() == {"a.d", "old"} and sides.written(middle) == {"old"}
    sides.remove_new()
    assert sorted(os.listdir(tmp_path)) == ["a.o", "old", "other"]


def test_what_others_do_in_a_folder_is_no_output(tmp_path, monkeypatch):
    """clang's jobs name the current folder, and under `make -j` others write there all the time."""
    monkeypatch.chdir(tmp_path)
    sides = SideOutputs((f"-fdebug-compilation-dir={tmp_path}", "-dependency-file", "a.d"), "a.o")
    os.utime(tmp_path, ns=(1, 1))
    (tmp_path / "of another").write_text("")
    assert sides.written() == set()
    (tmp_path / "a.d").mkdir()
    assert sides.written() == set()
