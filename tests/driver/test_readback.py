"""What was assembled is read back: where it is not what was judged, the user gets clang's object and a word why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SOURCE = {
    "a.c": "unsigned mix(unsigned a, unsigned b) { a ^= b >> 3; a += (a << 5); b = (b & 0xff) | (a & 0xff00); "
    "if ((a & 1) && (b & 2)) a -= b; return a ^ b; }\n"
    "int other(int *p, int n) { int t = 0; for (int i = 0; i < n; i++) t += p[i] > 3 ? p[i] * 2 : -p[i]; return t; }\n"
    'static const char *const names[] = { "a", "b" };\nconst char *name(unsigned n) { return names[n % 2]; }\n'
}
# A clang that plans to assemble by itself, and damages what it assembles of a rewritten text.
ASSEMBLER = """#!{python}
import re, subprocess, sys
sys.path.insert(0, {here!r})
if "-###" in sys.argv:
    done = subprocess.run([{clang!r}, *sys.argv[1:]], stderr=subprocess.PIPE, text=True)
    sys.stderr.write(re.sub(r'"[^"]*" "-cc1as"', f'"{{sys.argv[0]}}" "-cc1as"', done.stderr))
    sys.exit(done.returncode)
done = subprocess.run([{clang!r}, *sys.argv[1:]])
if done.returncode == 0 and "-cc1as" in sys.argv and sys.argv[-1].endswith("rewritten.s"):
    import faults, random
    path = sys.argv[sys.argv.index("-o") + 1]
    data = open(path, "rb").read()
    open(path, "wb").write({fault})
sys.exit(done.returncode)
"""
FAULTS = {
    "word": ("faults.flip_bit(data, 'mix', random.Random(1))", b"mix+0x"),
    "dropped": ("faults.drop_instruction(data, 'mix', random.Random(2))", b"mix+0x"),
    "swapped": ("faults.swap_instructions(data, 'other', random.Random(3))", b"other+0x"),
    "symbol": ("faults.move_symbol(data, 'other')", b"symbol other stands at"),
    "order": ("faults.swap_symbols(data, 'mix', 'other')", b"symbol mix stands at"),
    "section": ("faults.swap_sections(data, '.data.rel.ro', '.rodata.str1.1')", b"section"),
    "relocation": ("faults.change_relocation(data, '.text', 'name', 'addend')", b"name+0x"),
    "nothing": ("b''", b"the object cannot be read"),
}


@pytest.fixture
def damaging(bench):
    def make(fault: str) -> str:
        path = bench.root / "bin" / "clang-damaging"
        here = str(Path(__file__).parents[1] / "unit" / "readback")
        path.write_text(ASSEMBLER.format(python=sys.executable, here=here, clang=bench.clang, fault=fault))
        path.chmod(0o755)
        return str(path)

    return make


@pytest.mark.parametrize("name", FAULTS)
def test_a_damaged_object_is_never_delivered(bench, damaging, name):
    fault, said = FAULTS[name]
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-O0", "-c", "a.c"])
    bench.fresh(SOURCE)
    found = bench.by_peepcc(["-O0", "-c", "a.c"], PEEPCC_BACKEND="embedded", PEEPCC_CLANG=damaging(fault))
    assert (
        said in found.stderr
        and found.stderr.startswith(b"peepcc: the ")
        and found.stderr.endswith(b"; falling back to clang\n")
        and found.stderr.count(b"\n") == 1
    )
    assert (found.code, found.stdout, found.files) == (expected.code, expected.stdout, expected.files)
    assert bench.leftovers() == []


def test_an_undamaged_object_is_delivered(bench, damaging):
    bench.fresh(SOURCE)
    found = bench.by_peepcc(["-O0", "-c", "a.c"], PEEPCC_BACKEND="embedded", PEEPCC_CLANG=damaging("data"))
    assert (found.code, found.stderr) == (0, b"")
    assert b"peepcc" in bench.run(["readelf", "-n", "a.o"]).stdout


# An assembler that knows an instruction of its own way, as a file with macros would make of any.
EXTERNAL = """#!/bin/sh
for last; do :; done
{{ printf '.macro lsl a, b, c\\n\\torr \\\\a, \\\\b, \\\\b\\n.endm\\n'; cat "$last"; }} > "$last.with-macro"
exec aarch64-linux-gnu-as "$@".with-macro
"""


def test_what_an_external_assembler_makes_is_read_back(bench):
    """`-fno-integrated-as`: what the text means is another program's to say."""
    tools = bench.root / "bin"
    assembler = tools / "as"
    argv = ["-O0", "-fno-integrated-as", "-c", "a.c", f"-B{tools}"]
    bench.fresh(SOURCE)
    honest = bench.by_peepcc(argv, PEEPCC_BACKEND="embedded")
    assert (honest.code, honest.stderr) == (0, b"") and b"peepcc" in bench.run(["readelf", "-n", "a.o"]).stdout
    assembler.write_text(EXTERNAL.format())
    assembler.chmod(0o755)
    bench.fresh(SOURCE)
    expected = bench.by_clang(argv)
    bench.fresh(SOURCE)
    found = bench.by_peepcc(argv, PEEPCC_BACKEND="embedded")
    assert b"other+0x" in found.stderr and found.stderr.endswith(b"; falling back to clang\n")
    assert (found.code, found.files) == (expected.code, expected.files)


def test_saved_temporary_files_are_read_back_too(bench, damaging):
    bench.fresh(SOURCE)
    found = bench.by_peepcc(["-O0", "-save-temps", "-c", "a.c"], PEEPCC_BACKEND="embedded")
    assert (found.code, found.stderr) == (0, b"") and b"peepcc" in bench.run(["readelf", "-n", "a.o"]).stdout
