from __future__ import annotations

import os
import random
import subprocess

import pytest

from peepcc.driver.passthrough import find_clang
from peepcc.driver.plan import Declined, make_plan, parse_jobs

CLANG = find_clang(None, os.environ["PATH"], "")
TARGET = "--target=aarch64-linux-gnu"


def plan(tmp_path, *argv):
    return make_plan([CLANG, TARGET, *argv], (), str(tmp_path))


@pytest.fixture(autouse=True)
def sources(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.c", "b.s", "c.cpp"):
        (tmp_path / name).write_text("")


def test_arguments_come_back_as_they_were_given():
    draw = random.Random(7)
    for _ in range(10):
        odd = "".join(draw.choice(" \"\\$'\n`(){}*ä%#&") for _ in range(12)) + "x"
        said = subprocess.run([CLANG, "-###", f"-DX={odd}", "-c", "a.c"], capture_output=True, check=True).stderr
        (job,) = parse_jobs(os.fsdecode(said))
        assert job.values("-D") == (f"X={odd}",) and job.source == "a.c" and job.output == "a.o"


def test_a_link_is_an_object_of_ours_and_a_job_of_clangs(tmp_path):
    first, second = plan(tmp_path, "-O2", "a.c").jobs
    assert (first.ours, second.ours) == (True, False)
    assert (first.action, first.language, os.path.dirname(first.output)) == ("-emit-obj", "c", str(tmp_path))
    assert first.assembler[1] == "-cc1as" and second.output == "a.out"


def test_turning_changes_three_arguments_only(tmp_path):
    job = plan(tmp_path, "-O2", "-c", "a.c", "-o", "x.o").jobs[0]
    turned = job.turned("-S", "y.s", "z.bc")
    changed = [(a, b) for a, b in zip(job.argv, turned, strict=True) if a != b]
    assert changed == [("-emit-obj", "-S"), ("x.o", "y.s"), ("c", "ir"), ("a.c", "z.bc")]


def test_assemblers_go_with_their_own_source(tmp_path):
    jobs = plan(tmp_path, "-c", "b.s", "a.c", "-Wa,--fatal-warnings").jobs
    assert [job.ours for job in jobs] == [False, True]
    assert {"a.c", "-massembler-fatal-warnings"} <= set(jobs[1].assembler)


@pytest.mark.parametrize(
    "flags, ours",
    [
        ((), True),
        (("-mllvm", "-inline-threshold=0"), True),
        (("-mllvm", "--enable-ipra=1"), False),
        (("-mllvm=@more",), False),
    ],
)
def test_calls_that_leave_the_standard_are_clangs(flags, ours, tmp_path):
    """LLVM reads a file of options too; the driver opens it only where it is an argument by itself."""
    (tmp_path / "more").write_text("-enable-ipra")
    if ours:
        assert plan(tmp_path, "-O2", *flags, "-c", "a.c").jobs[0].ours
    else:
        with pytest.raises(Declined):
            plan(tmp_path, "-O2", *flags, "-c", "a.c")


def test_the_driver_speaks_for_itself(tmp_path):
    assert b"-lm" in plan(tmp_path, "-lm", "-c", "a.c").warnings
    assert plan(tmp_path, "-c", "a.c").warnings == b""


@pytest.mark.parametrize(
    "argv",
    [
        ("-E", "a.c"),
        ("-c", "b.s"),
        ("-c", "c.cpp"),
        ("-flto", "-c", "a.c"),
        ("--target=x86_64-linux-gnu", "-c", "a.c"),
        ("--target=aarch64_be-linux-gnu", "-c", "a.c"),
        ("--target=arm64-apple-macos12", "-c", "a.c"),
        ("--target=aarch64-windows-msvc", "-c", "a.c"),
        ("--target=arm-linux-gnueabi", "-c", "a.c"),
        ("-Xclang", "-emit-llvm-bc", "-c", "a.c"),
        ("-fno-such-flag", "-c", "a.c"),
        ("-c", "missing.c"),
    ],
    ids=" ".join,
)
def test_what_is_not_ours_is_declined(tmp_path, argv):
    with pytest.raises(Declined):
        plan(tmp_path, *argv)


def test_saved_temporary_files(tmp_path):
    jobs = plan(tmp_path, "-save-temps", "-O2", "-c", "a.c").jobs
    assert [(job.ours, job.action if job.argv[1] == "-cc1" and job.language == "ir" else "") for job in jobs] == [
        (False, ""),
        (False, ""),
        (True, "-S"),
        (False, ""),
    ]
