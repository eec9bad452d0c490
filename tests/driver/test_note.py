"""The object note through real builds: assemblers, linkers, strip; and nowhere else."""

from __future__ import annotations

import sys

import pytest

from peepcc.lab.stats.elf_notes import read_notes
from peepcc.report.note import SECTION, Note

from ..support.easy import easy

FILES = {
    "a.c": "#include <stdio.h>\nint g(int, int);\nint unused(int x) { int y = x + 3; return y * x; }\n"
    'int main(void) { int s = 0; for (int i = 0; i < 5; i++) s += g(i, s); printf("%d\\n", s); return 0; }\n'
    + easy("in_a"),
    "b.c": "int g(int a, int b) { int c = a * b; if (c > a) c -= b; return c + a; }\n" + easy("in_b"),
    "empty.c": "int nothing;\n",
}
OUTPUT = b"76\n"


def _peepcc(bench, *argv, **environment):
    return bench.run([sys.executable, "-m", "peepcc", *argv], PEEPCC_CLANG=bench.clang, **environment)


@pytest.fixture(scope="module")
def made(bench_in, tmp_path_factory) -> dict[str, bytes]:
    """Both objects, made once."""
    bench = bench_in(tmp_path_factory.mktemp("note"))
    bench.fresh(FILES)
    done = _peepcc(bench, "-O0", "-g", "-ffunction-sections", "-c", "a.c", "b.c")
    assert (done.code, done.stderr) == (0, b"")
    return {name: done.files[name][1] for name in ("a.o", "b.o")}


@pytest.fixture
def objects(bench, made):
    bench.fresh({**FILES, **made})
    return bench


def _sections(bench, name: str) -> str:
    return bench.run(["readelf", "-SW", name]).stdout.decode()


def test_an_object_tells(objects):
    (note,) = read_notes(objects.folder / "b.o")
    assert note.policy == "proved" and note.proved > 0 and note.emulated == 0 and note.after < note.before
    shown = objects.run(["readelf", "-nW", "b.o"])
    assert (
        shown.stderr == b""
        and shown.stdout.count(b" peepcc ") == 1
        and str(note).encode().hex(" ").encode() in shown.stdout
    )
    (line,) = [line for line in _sections(objects, "b.o").splitlines() if SECTION in line]
    assert " NOTE " in line and line.endswith("00   E  0   0  4"), line  # excluded from links, never loaded


@pytest.mark.parametrize("linker", [[], ["-fuse-ld=lld"]], ids=["bfd", "lld"])
@pytest.mark.parametrize(
    "flags", [[], ["-Wl,--gc-sections"], ["-static", "-s"], ["-Wl,--build-id", "-Wl,--fatal-warnings"]], ids=" ".join
)
def test_a_link_leaves_it_out_and_the_program_runs(objects, linker, flags):
    done = objects.by_clang(["a.o", "b.o", *linker, *flags, "-o", "prog"])
    assert (done.code, done.stderr) == (0, b"")
    assert read_notes(objects.folder / "prog") == ()
    assert objects.run(["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "./prog"]).stdout == OUTPUT


def test_a_linker_script_that_refuses_what_it_does_not_name_refuses_no_more_than_of_clang(objects):
    named = ".text .data .rodata .bss .eh_frame .got .plt .iplt .igot .rela .init .note.GNU-stack"
    rest = " ".join(
        f"{name} 0 : {{ *({name}*) }}" for name in (".comment", ".debug", ".symtab", ".strtab", ".shstrtab")
    )
    (objects.folder / "all.ld").write_text(
        f"SECTIONS {{ .all : {{ *({'* '.join(named.split())}*) }} .notes : {{ KEEP(*(.note.*)) }} {rest} }}\n"
    )
    objects.by_clang(["-O0", "-g", "-c", "a.c", "-o", "plain.o"])
    for name in ("plain", "a"):
        done = objects.run(
            [
                "aarch64-linux-gnu-ld",
                "--orphan-handling=error",
                "--no-warn-rwx-segments",
                "--unresolved-symbols=ignore-all",
                "-T",
                "all.ld",
                "-e",
                "main",
                f"{name}.o",
                "-o",
                name,
            ]
        )
        assert (done.code, done.stderr) == (0, b"")
    assert b"version=" not in (objects.folder / "a").read_bytes()


def test_a_partial_link_an_archive_and_strip_keep_them(objects):
    notes = (*read_notes(objects.folder / "a.o"), *read_notes(objects.folder / "b.o"))
    for linker in ("aarch64-linux-gnu-ld", "ld.lld-19"):
        assert objects.run([linker, "-r", "a.o", "b.o", "-o", "both.o"]).stderr == b""
        assert read_notes(objects.folder / "both.o") == notes
    objects.run(["ar", "rc", "lib.a", "empty.c", "a.o", "b.o"])
    assert read_notes(objects.folder / "lib.a") == notes
    for strip in (["aarch64-linux-gnu-strip", "-g"], ["aarch64-linux-gnu-strip"], ["llvm-strip-19", "-g"]):
        assert objects.run([*strip, "b.o", "-o", "bare.o"]).code == 0
        assert read_notes(objects.folder / "bare.o") == notes[1:]


@pytest.mark.parametrize(
    "flags",
    [[], ["-g"], ["-ffunction-sections", "-fdata-sections", "-g3"], ["-fno-integrated-as"], ["-g", "-gsplit-dwarf"]],
    ids=" ".join,
)
def test_text_then_object_is_the_object(bench, flags):
    bench.fresh(FILES)
    assert _peepcc(bench, "-O0", *flags, "-S", "b.c").code == 0
    text = (bench.folder / "b.s").read_text()
    assert text.count(SECTION) == 1 and text.rindex(SECTION) > text.rindex(".size")
    assert bench.by_clang(["-c", "b.s", "-o", "from-text.o"]).code == 0
    assert _peepcc(bench, "-O0", *flags, "-c", "b.c").code == 0
    assert read_notes(bench.folder / "from-text.o") == read_notes(bench.folder / "b.o") != ()
    checked = bench.run(["llvm-dwarfdump-19", "--verify", "b.o"])
    assert checked.code == 0, checked.stdout


def test_nothing_of_time_or_place_is_in_it(bench):
    found = []
    for name in ("one/b.c", "another/place/b.c"):
        bench.fresh({name: FILES["b.c"]})
        assert _peepcc(bench, "-O0", "-c", name, "-o", "b.o").code == 0
        found.append((bench.folder / "b.o").read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "argv, environment",
    [
        (["-O0", "-c", "empty.c"], {}),
        (["-O0", "-c", "b.c"], {"PEEPCC_FIRST": "1000"}),
        (["-O0", "-c", "b.c"], {"PEEPCC_SKIP": "b.c"}),
        (["-O0", "-c", "b.c"], {"PEEPCC_BUDGET": "0", "PEEPCC_QUIET": "1"}),  # else the budget is told
        (["-O0", "-S", "b.c"], {"PEEPCC_BACKEND": "none"}),
    ],
)
def test_an_object_without_rewrites_is_clangs(bench, argv, environment):
    bench.fresh(FILES)
    expected = bench.by_clang(argv)
    bench.fresh(FILES)
    assert _peepcc(bench, *argv, **environment) == expected


def test_the_emulators_rewrites_are_told_apart(bench):
    bench.fresh(FILES)
    for backend in ("embedded", "record:replies"):  # a recorder asks the model alone
        _peepcc(bench, "-O0", "-c", "b.c", "--peepcc-policy=emulated", "--peepcc-quiet", f"--peepcc-backend={backend}")
        (note,) = read_notes(bench.folder / "b.o")
        assert isinstance(note, Note) and note.policy == "emulated" and note.proved == note.rules
        assert note.rules > 0 if backend == "embedded" else note.emulated > 0 == note.rules


def test_lines_of_another_file_cost_no_rewrite(bench):
    """With -g clang's assembler warns of sources with and without a checksum, as yacc and its like make them."""
    source = (
        'int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++)\n s += p[i]; return s; }\n#line 500 "gen.y"\n'
    )
    bench.fresh({"l.c": source + "int g(int a, int b) {\n  return a * 4 / (b + 1);\n}\n"})
    found = _peepcc(bench, "-O0", "-g", "-c", "l.c", PEEPCC_BACKEND="embedded")
    assert (found.code, found.stderr) == (0, b"")
    assert b"peepcc" in bench.run(["readelf", "-n", "l.o"]).stdout
