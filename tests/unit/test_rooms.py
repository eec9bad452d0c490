"""The house rules that a machine can check: who may import what, and how long a file may be."""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from pathlib import Path

import pytest

import peepcc

HOUSE = Path(peepcc.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))

# library -> the files that may import it
ROOMS = {
    "subprocess": ("process.py",),
    "unicorn": ("validate/emulate*.py",),
    "pyvex": ("validate/prove_lift.py",),
    "archinfo": ("validate/prove_lift.py",),
    "pypcode": ("validate/prove_second.py",),
    "bitwuzla": ("validate/prove_bitwuzla.py",),
    "z3": ("validate/prove_z3.py",),
    "capstone": ("analysis/effects.py",),
    "llvmlite": ("analysis/facts.py", "lab/*.py"),
    "lark": ("assembly/parse.py",),
    "ctranslate2": ("propose/embedded.py", "lab/export.py"),
    "torch": ("lab/*.py",),
    "transformers": ("lab/*.py",),
    "peft": ("lab/finetune*.py",),
    "ray": ("lab/cluster.py",),
    "click": ("lab/*.py",),
    "httpx": ("propose/*.py",),
}
# room -> rooms that it may not know: data moves one way
DOWNSTREAM = {
    "assembly": ("analysis", "propose", "validate", "report", "lab", "judge", "hunks", "rewrite"),
    "analysis": ("validate", "report", "lab", "judge", "hunks", "rewrite"),
    "validate": ("propose", "report", "lab", "judge", "hunks", "rewrite"),
    "readback": ("propose", "validate", "report", "lab", "judge", "rewrite", "driver"),
    "propose": ("validate", "report", "lab", "judge", "hunks", "rewrite"),
}


def imports(path: Path) -> set[str]:
    """Absolute dotted names of every import in the file, those inside functions too."""
    package = ("peepcc", *path.relative_to(HOUSE).parts[:-1])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            found |= {module} | {f"{module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_imported_in_its_room_only(library):
    users = [
        str(path.relative_to(HOUSE)) for path in FILES if any(name.split(".")[0] == library for name in imports(path))
    ]
    assert users, f"nothing imports {library}"
    assert [user for user in users if not any(fnmatch(user, room) for room in ROOMS[library])] == []


@pytest.mark.parametrize("room", DOWNSTREAM)
def test_data_moves_one_way(room):
    wrong = [
        f"{path.name}: {name}"
        for path in FILES
        if path.is_relative_to(HOUSE / room)
        for name in imports(path)
        if name.startswith("peepcc.") and name.split(".")[1] in DOWNSTREAM[room]
    ]
    assert wrong == []


def test_the_compiler_does_not_know_the_laboratory():
    wrong = [
        str(path)
        for path in FILES
        if not path.is_relative_to(HOUSE / "lab") and any(name.startswith("peepcc.lab") for name in imports(path))
    ]
    assert wrong == []


def test_every_file_says_why_it_exists_and_is_short():
    for path in FILES:
        text = path.read_text()
        assert not text.strip() or ast.get_docstring(ast.parse(text)), path
        assert len(text.splitlines()) <= 400, path
