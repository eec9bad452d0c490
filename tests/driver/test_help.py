"""`--peepcc-help` names every option, and so does its page."""

from __future__ import annotations

import subprocess

import pytest

from peepcc.settings import OPTIONS

from ..support.installed import REPOSITORY, install


def test_help_is_printed(tmp_path):
    launchers = install(tmp_path / "prefix")
    done = subprocess.run([launchers / "peepcc", "--peepcc-help"], capture_output=True, env={"PATH": "/usr/bin"})
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"") and max(map(len, lines)) <= 100
    assert [line.split(",")[0].split("=")[0] for line in lines if line.startswith("--")] == [
        f"--peepcc-{name}" for name in OPTIONS
    ]


@pytest.mark.parametrize("name", OPTIONS)
def test_the_page_has_each_option(name):
    page = (REPOSITORY / "docs" / "options.md").read_text(encoding="utf-8")
    assert f"`--peepcc-{name}" in page
