"""Where no library can work, because the working directory was removed or has too long a name, rewrites are made."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

from ..support.easy import easy

GONE = "mkdir d; cd d; rmdir ../d"
DEEP = 'mkdir ../deep; cd ../deep; for i in {1..25}; do mkdir "$N"; cd "$N"; done'


def _in(bench, place: str, script: str, **environment: str):
    command = f'exec 3>&2 2>/dev/null; {place}; exec 2>&3; {script}; code=$?; cd "$TOP"; rm -rf ../deep; exit $code'
    environment = {"N": "x" * 200, "PEEPCC": f"{sys.executable} -m peepcc", "TOP": str(bench.folder), **environment}
    return bench.run(["bash", "-c", command], **environment)


@pytest.mark.parametrize("place", [GONE, DEEP], ids=["removed", "long"])
def test_rewrites_are_made(bench, place):
    bench.fresh({"e.c": easy("e")})
    found = _in(bench, place, "$PEEPCC -O0 -c $TOP/e.c -o $TOP/e.o --peepcc-report=$TOP/r.json")
    assert found.code == 0 and b"peepcc" not in found.stderr, found.stderr
    assert b"peepcc" in bench.run(["readelf", "-n", "e.o"]).stdout
    unit = json.loads((bench.folder / "r.json").read_text().splitlines()[1])
    assert unit["applied"]["accepted-proved"] > 0
    assert unit["directory"] == "" if place == GONE else len(unit["directory"]) > 4096


def test_what_is_named_from_a_removed_folder_is_found(bench):
    """The model, the replies and clang, by paths that lead out of it."""
    bench.fresh({"e.c": easy("e")})
    os.symlink(bench.clang, bench.folder / "clang")
    command = "$PEEPCC -O0 -c ../e.c -o ../e.o --peepcc-clang=../clang"
    model = os.path.relpath(os.path.join(os.path.dirname(__file__), "../../peepcc/models/default"), bench.folder / "d")
    for more in (f"--peepcc-backend=record:../replies --peepcc-model={model}", "--peepcc-backend=replay:../replies"):
        (bench.folder / "e.o").unlink(missing_ok=True)
        found = _in(bench, GONE, f"{command} {more}")
        assert (found.code, re.sub(rb"sh: .*\n", b"", found.stderr)) == (0, b"")
        assert b"peepcc" in bench.run(["readelf", "-n", "e.o"]).stdout
