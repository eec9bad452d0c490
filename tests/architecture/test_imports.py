"""The house rules that a machine can check: who may import what, that imports go one way, and how long a file may
be.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import peepcc

HOUSE = Path(peepcc.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))
MODULES = {
    ".".join(("peepcc", *path.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in FILES
}

# library -> the files that may import it
ROOMS = {
    "subprocess": ("process.py",),
    "unicorn": ("validate/emulator/*.py",),
    "pyvex": ("validate/prover/lift/vex.py",),
    "archinfo": ("validate/prover/lift/vex.py",),
    "pypcode": ("validate/prover/lift/pcode.py",),
    "bitwuzla": ("validate/prover/solvers/bitwuzla.py",),
    "z3": ("validate/prover/solvers/z3.py",),
    "capstone": ("analysis/effects.py",),
    "llvmlite": ("analysis/bitcode_facts.py", "lab/*.py"),
    "lark": ("assembly/parse.py",),
    "ctranslate2": ("propose/model/embedded.py", "lab/training/export.py"),
    "httpx": ("propose/server/*.py",),
    "torch": ("lab/*.py",),
    "transformers": ("lab/*.py",),
    "peft": ("lab/finetune/*.py",),
    "ray": ("lab/worker_pool.py",),
    "click": ("lab/*.py",),
    "jsonschema": ("propose/schema.py", "report/schema.py", "lab/*.py"),
    "elftools": ("assembly/encode.py", "readback/elf.py", "lab/*.py"),
    "numpy": ("validate/emulator/*.py", "lab/*.py"),
}
# What a room may know: itself, the rooms of the rows above it, and the files beside the rooms that ROOTS names.
ORDER = (
    ("assembly",),
    ("analysis",),
    ("propose", "validate"),
    ("optimize",),
    ("readback", "report"),
    ("store",),
    ("driver",),
    ("__main__",),
    ("lab",),
)
ROOTS = frozenset(
    ("__init__", "bear", "clock", "errors", "process", "settings", "translation_unit")
)  # they know no room


def imports(path: Path) -> frozenset[str]:
    """Dotted names of the modules that the file imports, those inside functions too."""
    package = ("peepcc", *path.relative_to(HOUSE).parts[:-1])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            names = {f"{module}.{name.name}" for name in node.names}
            found |= {name if name in MODULES else module for name in names}
    return frozenset(found)


IMPORTS: Mapping[str, frozenset[str]] = {module: imports(path) for module, path in MODULES.items()}


def room(module: str) -> str:
    return (*module.split("."), "__init__")[1]


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_imported_in_its_room_only(library):
    users = [
        str(MODULES[module].relative_to(HOUSE))
        for module, names in IMPORTS.items()
        if any(name.split(".")[0] == library for name in names)
    ]
    assert users, f"nothing imports {library}"
    assert [user for user in users if not any(fnmatch(user, allowed) for allowed in ROOMS[library])] == []


def test_imports_go_one_way():
    rank = {name: n for n, names in enumerate(ORDER, 1) for name in names}
    rank |= dict.fromkeys(ROOTS, 0)
    assert {room(module) for module in MODULES} <= rank.keys(), "a new room or file has no place in ORDER"
    upward = [
        f"{module} imports {name}"
        for module, names in IMPORTS.items()
        for name in names
        if name in MODULES
        and room(name) != room(module)
        and (rank[room(name)] > rank[room(module)] or rank[room(name)] == rank[room(module)] > 0)
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: {name for name in names if name in MODULES} - {module} for module, names in IMPORTS.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_file_says_why_it_exists_and_is_short():
    for path in FILES:
        text = path.read_text()
        assert not text.strip() or ast.get_docstring(ast.parse(text)), path
        assert len(text.splitlines()) <= 400, path


def test_no_folder_holds_more_than_sixteen_files():
    folders = {path.parent for path in FILES}
    assert [f"{folder}: {n}" for folder in folders if (n := len(list(folder.glob("*.py")))) > 16] == []


def test_no_two_files_share_a_prefix_where_a_folder_would_say_it():
    for folder in {path.parent for path in FILES}:
        names = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
        firsts = [name.partition("_")[0] for name in names]
        assert [name for name, first in zip(names, firsts) if "_" in name and firsts.count(first) > 1] == [], folder
