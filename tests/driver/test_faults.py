"""Whatever breaks inside peepcc, the user gets what clang gives, and one line that says why."""

from __future__ import annotations

import os
import sys

import pytest

from ..support.easy import easy

SOURCE = {"a.c": "int f(int x) { return x + 1; }\n", "b.c": "int g(int x) { return x + 2; }\n"}

# Runs peepcc with `rewrite_unit` replaced by the body that the test gives, and may break other parts first.
START = """
import sys, types
from peepcc.readback.image import ObjectImage, Rewritten, SectionImage
{before}
def rewrite_unit(text, bitcode, unit, settings):
{body}
module = types.ModuleType("peepcc.driver.rewrite")
module.rewrite_unit = rewrite_unit
sys.modules["peepcc.driver.rewrite"] = module
from peepcc.__main__ import main
sys.exit(main())
"""


def broken(bench, argv, body="return Rewritten(text)", before="", stdin=b"", **environment):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    command = [sys.executable, "-c", START.format(before=before, body=lines), *argv]
    return bench.run(command, stdin, **{"PEEPCC_CLANG": str(bench.logged), "PEEPCC_BACKEND": "embedded", **environment})


FAULTS = {
    "exception": ("raise ValueError('a\\nb')", "ValueError: a b"),
    "own-error": ("from peepcc.errors import PeepccError\nraise PeepccError('the reason')", "the reason"),
    "no-memory": ("raise MemoryError", "MemoryError"),
    "recursion": (
        "return rewrite_unit(text, bitcode, unit, settings)",
        "RecursionError: maximum recursion depth exceeded",
    ),
    "exit": ("sys.exit(0)", "rewriting ended with status 1"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "rewriting was ended by SIGKILL"),
    "aborted": (
        "import os, sys\nsys.stderr.write('LLVM ERROR')\nsys.stderr.flush()\nos.abort()",
        "rewriting was ended by SIGABRT",
    ),
    "bad-access": ("import ctypes\nctypes.string_at(1)", "rewriting was ended by SIGSEGV"),
    "timeout": (
        "from peepcc.process import run\nrun(['sleep', '60'], timeout=0.1)",
        "sleep ran longer than 0.1 seconds",
    ),
    "no-program": (
        "from peepcc.process import run\nrun(['no-such-program'])",
        "FileNotFoundError: [Errno 2] No such file or directory: 'no-such-program'",
    ),
    "nonsense": (
        "return Rewritten(text + '\\tfrobnicate x0\\n', ObjectImage((), (), {}, (), frozenset()))",
        "the rewritten text does not assemble",
    ),
    "no-image": ("return Rewritten(text + '\\tnop\\n')", "the rewritten text comes without what its object must hold"),
    "other-object": (
        "return Rewritten(text + '\\tnop\\n', ObjectImage((SectionImage('.elsewhere', None),), (), {}, "
        "(), frozenset()))",
        "the assembled object is not what was judged: section .elsewhere is missing, or stands in another place",
    ),
    "no-text": ("return None", "AttributeError: 'NoneType' object has no attribute 'explanation'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_rewrite_ends_in_clang(bench, name):
    body, cause = FAULTS[name]
    argv = ("-O2", "-MD", "-c", "a.c", "b.c")
    bench.fresh(SOURCE)
    expected = bench.by_clang(argv)
    bench.fresh(SOURCE)
    found = broken(bench, argv, body)
    line, rest = found.stderr.split(b"\n", 1)
    assert line.decode().startswith(f"peepcc: {cause}") and line.endswith(b"; falling back to clang")
    assert (found.code, found.stdout, rest, found.files) == (
        expected.code,
        expected.stdout,
        expected.stderr,
        expected.files,
    )
    assert not bench.driven
    assert bench.leftovers() == []


def test_a_hang_is_ended(bench):
    bench.fresh(SOURCE)
    found = broken(bench, ["-c", "a.c"], "import time\ntime.sleep(600)", PEEPCC_BUDGET="0.2")
    assert found.stderr == b"peepcc: rewriting ran longer than 1.3 seconds; falling back to clang\n"
    assert found.code == 0 and sorted(found.files) == ["a.c", "a.o", "b.c"]


def test_a_hang_that_ignores_signals_is_ended(bench):
    bench.fresh(SOURCE)
    body = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"
    found = broken(bench, ["-c", "a.c"], body, PEEPCC_BUDGET="0")
    assert b"ran longer than 1 seconds" in found.stderr and found.code == 0
    assert bench.leftovers() == []


def test_quiet_says_nothing(bench):
    bench.fresh(SOURCE)
    for found in (
        broken(bench, ["-c", "a.c", "--peepcc-quiet"], "raise ValueError"),
        broken(bench, ["-c", "a.c"], "raise ValueError", PEEPCC_QUIET="1"),
    ):
        assert (found.code, found.stderr) == (0, b"")


def test_standard_input_is_there_for_the_fallback(bench):
    source = b"int s(int x) { return x * 3; }\n"
    argv = ("-O2", "-x", "c", "-c", "-", "-o", "in.o")
    bench.fresh({})
    expected = bench.by_clang(argv, source)
    bench.fresh({})
    found = broken(bench, argv, "raise ValueError('x')", stdin=source)
    assert found.stderr == b"peepcc: ValueError: x; falling back to clang\n"
    assert (found.code, found.files) == (0, expected.files)


DISK = {
    "no temporary folder": "import tempfile\ndef full(*a, **k): raise OSError(28, 'No space left on device')\n"
    "tempfile.mkdtemp = full",
    "output": "import os\ndef full(*a, **k): raise OSError(28, 'No space left on device')\nos.replace = full",
    "no process": "import subprocess\ndef no(*a, **k): raise BlockingIOError(28, 'No space left on device')\n"
    "subprocess.Popen = no",
}


@pytest.mark.parametrize("name", DISK)
def test_a_disk_or_system_error_ends_in_clang(bench, name):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "a.c"])
    bench.fresh(SOURCE)
    found = broken(bench, ["-c", "a.c"], before=DISK[name], PEEPCC_BACKEND="none")
    assert b"No space left on device; falling back to clang\n" in found.stderr
    assert (found.code, found.files) == (0, expected.files)


def test_a_full_disk_is_clangs_to_report(bench):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "a.c", "-o", "/dev/full"])
    found = broken(bench, ["-c", "a.c", "-o", "/dev/full"])
    line, rest = found.stderr.split(b"\n", 1)
    assert b"No space left on device" in line
    assert expected.code != 0 and found.code == expected.code
    assert rest.split(b"\n")[0] == expected.stderr.split(b"\n")[0]


def test_a_temporary_folder_that_is_not_there(bench):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "a.c"])
    bench.fresh(SOURCE)
    found = bench.by_peepcc(["-c", "a.c"], TMPDIR="/nonexistent")
    assert (found.code, found.stderr, found.files) == (0, b"", expected.files)


@pytest.mark.parametrize("place", ["/nonexistent", "a.c", ""])
def test_our_own_files_lie_elsewhere_where_clangs_cannot(bench, place):
    """clang needs no temporary file for an object, and says what it has to say where it needs one."""
    source = {**SOURCE, "e.c": easy("e"), "main.c": "int main(void) { return 0; }\n"}
    bench.fresh(source)
    usual = bench.run([sys.executable, "-m", "peepcc", "-O0", "-c", "e.c"])
    bench.fresh(source)
    found = bench.run([sys.executable, "-m", "peepcc", "-O0", "-c", "e.c"], TMPDIR=place)
    assert (found.code, found.stderr) == (0, b"") and b"peepcc" in bench.run(["readelf", "-n", "e.o"]).stdout
    assert len(found.files["e.o"][1]) == len(usual.files["e.o"][1])
    for argv in (["-c", "a.c", "b.c"], ["-S", "a.c"], ["a.c", "main.c", "-o", "m"], ["-save-temps", "-c", "a.c"]):
        bench.fresh(source)
        expected = bench.by_clang(argv, TMPDIR=place)
        bench.fresh(source)
        assert bench.by_peepcc(argv, TMPDIR=place) == expected


def test_no_folder_for_our_own_files_is_said(bench):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "a.c"])
    bench.fresh(SOURCE)
    found = broken(
        bench, ["-c", "a.c"], before="import peepcc.driver.signals as i; i._OTHERS = ('/nope',)", TMPDIR="/none"
    )
    assert found.stderr == (
        b"peepcc: there is no folder for temporary files: none of '/none', '/nope' can be written; "
        b"falling back to clang\n"
    )
    assert (found.code, found.files) == (0, expected.files)


def test_what_the_rewrite_makes_is_in_the_object_and_its_words_on_stderr(bench):
    image = "ObjectImage((), (), {}, (), frozenset(('f', '.note.GNU-stack')))"  # no function is compared
    body = (
        f"print('said', file=sys.stderr)\nreturn Rewritten(text.replace('add\\tw0, w0, #1', 'add\\tw0, w0, "
        f"#7'), {image})"
    )
    bench.fresh(SOURCE)
    expected = bench.by_clang(
        ["-O2", "-c", "-x", "c", "-", "-o", "a.o"], b'#line 1 "a.c"\nint f(int x) { return x + 7; }\n'
    )
    text = bench.by_clang(["-O2", "-S", "a.c", "-o", "-"]).stdout
    bench.fresh(SOURCE)
    found = broken(bench, ["-O2", "-c", "a.c"], body)
    assert (found.code, found.stderr) == (0, b"said\n") and bench.driven
    code = bench.run(["llvm-objdump-19", "-d", "a.o"]).stdout.split(b"Disassembly")[1]
    (bench.folder / "b.o").write_bytes(expected.files["a.o"][1])
    assert code == bench.run(["llvm-objdump-19", "-d", "b.o"]).stdout.split(b"Disassembly")[1]
    assert broken(bench, ["-O2", "-S", "a.c", "-o", "-"], body).stdout == text.replace(b"w0, #1", b"w0, #7")


def test_the_rewrite_gets_what_it_is_promised(bench):
    body = (
        "assert bitcode[:4] == b'BC\\xc0\\xde' and '.cfi_startproc' in text\n"
        "print(unit.source, unit.cpu, '+dotprod' in unit.features, unit.optimise_size, "
        "unit.target_flags, settings.first)\nreturn Rewritten(text)"
    )
    bench.fresh(SOURCE)
    found = broken(bench, ["-Os", "-mcpu=cortex-a76", "-c", "./a.c", "--peepcc-first=3"], body)
    assert found.stderr == b"./a.c cortex-a76 True True ('-mcpu=cortex-a76',) 3\n"


@pytest.mark.parametrize(
    "argv, environment",
    [(["--peepcc-fast"], {}), (["--version"], {"PEEPCC_BAKEND": "none"}), (["--peepcc-budget=soon"], {})],
)
def test_an_unknown_setting_is_an_error_that_lists_the_known(bench, argv, environment):
    bench.fresh(SOURCE)
    found = bench.by_peepcc(["-c", "a.c", *argv], **environment)
    assert found.code == 2 and sorted(found.files) == ["a.c", "b.c"] and found.stdout == b""
    assert found.stderr.startswith(b"peepcc: error: ") and found.stderr.count(b"\n") == 1
    if "budget" not in argv[0]:
        assert b"--peepcc-backend" in found.stderr and b"PEEPCC_API_KEY" in found.stderr


def test_off_is_clang(bench):
    bench.fresh(SOURCE)
    for found in (
        broken(bench, ["-c", "a.c"], "raise ValueError", PEEPCC_OFF="1"),
        broken(bench, ["-c", "a.c", "--peepcc-off"], "raise ValueError"),
    ):
        assert (found.code, found.stderr) == (0, b"") and not bench.driven


def test_no_clang_is_an_error(bench):
    bench.fresh(SOURCE)
    found = bench.run([sys.executable, "-m", "peepcc", "-c", "a.c"], PATH=str(bench.temporary))
    assert found.code == 2 and found.stderr.startswith(b"peepcc: error: no clang found")


@pytest.mark.parametrize("name", ["clang-none", "/etc/passwd"])
def test_a_clang_that_is_not_there_is_named(bench, name):
    bench.fresh(SOURCE)
    for found in (
        bench.by_peepcc(["-c", "a.c"], PEEPCC_CLANG=name),
        bench.by_peepcc(["-c", "a.c", f"--peepcc-clang={name}"]),
    ):
        assert found.code == 2
        assert (
            found.stderr
            == (
                f"peepcc: error: {name!r}, named as the clang, is no program; install one or name it by PEEPCC_CLANG\n"
            ).encode()
        )


def test_output_replaces_what_was_there_as_clang_does(bench):
    for make in (_read_only, _link, _odd_mode):
        results = []
        for run in (bench.by_clang, bench.by_peepcc):
            bench.fresh(SOURCE)
            make(bench.folder)
            results.append(run(["-O2", "-c", "a.c"]))
        assert results[0] == results[1], make.__name__


def _read_only(folder):
    (folder / "a.o").write_text("old")
    (folder / "a.o").chmod(0o444)


def _odd_mode(folder):
    (folder / "a.o").write_text("old")
    (folder / "a.o").chmod(0o640)


def _link(folder):
    (folder / "real.o").write_text("old")
    (folder / "a.o").symlink_to("real.o")


def test_the_umask_counts(bench):
    results = []
    before = os.umask(0o077)
    try:
        for run in (bench.by_clang, bench.by_peepcc):
            bench.fresh(SOURCE)
            results.append(run(["-c", "a.c"]))
    finally:
        os.umask(before)
    assert results[0] == results[1]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_descriptors(bench, closed):
    bench.fresh(SOURCE)
    expected = bench.by_clang(["-c", "a.c"])
    bench.fresh(SOURCE)
    found = bench.run(
        ["sh", "-c", f"exec {sys.executable} -m peepcc -c a.c {closed}"],
        PEEPCC_BACKEND="none",
        PEEPCC_CLANG=str(bench.logged),
    )
    assert (found.code, found.stdout, found.stderr, found.files) == (0, b"", b"", expected.files)
    assert bench.driven


def test_what_fell_back_after_its_rewrite_is_in_no_report(bench):
    bench.fresh(SOURCE)
    image = "ObjectImage((SectionImage('.elsewhere', None),), (), {}, (), frozenset())"
    entry = "from peepcc.report.file import headed\nentry = headed('0' * 32, b'\"source\": \"a.c\"}\\n')\n"
    for rewritten, reported in ((f"text + '\\tnop\\n', {image}, entry=entry", False), ("text, entry=entry", True)):
        found = broken(bench, ["-c", "a.c"], f"{entry}return Rewritten({rewritten})", PEEPCC_REPORT="r.json")
        assert (found.code, (bench.folder / "r.json").exists()) == (0, reported), found.stderr
