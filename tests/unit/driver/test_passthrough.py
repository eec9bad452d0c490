from __future__ import annotations

import os

import pytest

from peepcc.driver.passthrough import command_for, find_clang, is_clangs


@pytest.fixture
def programs(tmp_path):
    def make(*names, text="#!/bin/sh\n"):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            path.chmod(0o755)
        return f"{tmp_path}/one:{tmp_path}/none:{tmp_path}/two"

    return make


def test_the_newest_clang(programs, tmp_path):
    path = programs("one/clang", "one/clang-9", "two/clang-19", "two/clang-cpp-20", "two/clang-tidy")
    assert find_clang(None, path, "") == f"{tmp_path}/two/clang-19"
    assert find_clang("clang-9", path, "") == f"{tmp_path}/one/clang-9"
    assert find_clang(f"{tmp_path}/one/clang", path, "") == f"{tmp_path}/one/clang"
    assert find_clang("/no/clang", path, "") is None


def test_plain_clang_where_there_is_no_other(programs, tmp_path):
    assert find_clang(None, programs("two/clang"), "") == f"{tmp_path}/two/clang"
    assert find_clang(None, programs(), "") == f"{tmp_path}/two/clang"
    assert find_clang(None, "/nonexistent", "") is None


def test_never_peepcc(programs, tmp_path):
    path = programs("one/peepcc", text="#!/usr/bin/python3\nfrom peepcc.__main__ import main\n")
    programs("two/clang-18", "one/mine")
    os.symlink(f"{tmp_path}/one/peepcc", f"{tmp_path}/one/clang-99")
    os.symlink(f"{tmp_path}/one/mine", f"{tmp_path}/one/clang-98")
    assert find_clang(None, path, f"{tmp_path}/one/mine") == f"{tmp_path}/two/clang-18"
    assert find_clang(f"{tmp_path}/one/clang-99", path, f"{tmp_path}/one/mine") == f"{tmp_path}/two/clang-18"


def test_the_target_is_in_front_and_nowhere_near_cc1(monkeypatch):
    for machine, flags in (("x86_64", ["--target=aarch64-linux-gnu"]), ("aarch64", [])):
        monkeypatch.setattr(os, "uname", lambda: type("Uname", (), {"machine": machine}))
        assert command_for("clang", ["-c", "a.c"]) == ["clang", *flags, "-c", "a.c"]
        assert command_for("clang", ["-cc1", "a.c"]) == ["clang", "-cc1", "a.c"]
        assert command_for("clang", []) == ["clang", *flags]


def test_the_look_errs_towards_clang_only():
    ours = (["-c", "a.c"], ["a.i"], ["@file"], ["-xc", "-"], ["-x", "c", "text"], ["-MD", "-S", "a.c"])
    clangs = ([], ["-E", "a.c"], ["x.o"], ["-M", "a.c"], ["a.c", "--version"], ["-cc1", "a.c"], ["-MJ", "db", "a.c"])
    assert not any(is_clangs(argv, {}) for argv in ours) and all(is_clangs(argv, {}) for argv in clangs)
    assert is_clangs(["a.c"], {"CC_PRINT_OPTIONS": "1"})
