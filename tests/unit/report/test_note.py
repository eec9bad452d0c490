"""The object note: as text, and back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import peepcc
from peepcc.report.note import Note, assembly, note_of, parsed

NOTE = Note("0.1.0", "proved", 3, 0, 120, 110)
BODY = "mov x8, x0\nmov x0, x8\nret"


def test_the_text_reads_back():
    assert parsed(f"{NOTE}\0\0".encode()) == NOTE
    assert str(NOTE) == "version=0.1.0 policy=proved proved=3 emulated=0 before=120 after=110"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"hello",
        f"{NOTE} more=1".encode(),
        f"{NOTE}".encode()[:-3] + b"x",
        "version=\u00e9".encode(),
        f"{NOTE}\n".encode(),
    ],
)
def test_anything_else_is_no_note(text):
    assert parsed(text) is None


def test_only_what_is_in_the_object_is_noted(desk, emulated_desk):
    def right(lines):
        return ["mov x8, x0", "ret"]

    assert note_of(desk.report(BODY, right)) == Note(peepcc.__version__, "proved", 1, 0, 3, 2)
    assert note_of(emulated_desk.report(BODY, right)) == Note(peepcc.__version__, "emulated", 0, 1, 3, 2)
    assert note_of(desk.report(BODY, lambda lines: None)) is None
    assert note_of(desk.report(BODY, right, first=2)) is None


def test_the_directives_leave_the_section_as_it_was():
    text = assembly(NOTE)
    assert text.startswith('\t.pushsection\t.note.peepcc,"e",@note\n') and text.endswith("\t.popsection\n")
    assert text.count("section") == 2


def test_the_version_is_the_packages():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert project["version"] == peepcc.__version__
