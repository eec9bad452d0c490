"""Each campaign finds what it is there to find, when the gate lets it through."""

import random
import re
import subprocess
from collections import Counter
from itertools import islice

import httpx
import pytest

from peepcc.analysis.obligation import FALL, Obligation
from peepcc.analysis.registers import ALL
from peepcc.assembly.encode import Encoder
from peepcc.lab.campaigns import mutants as campaign_mutants
from peepcc.lab.campaigns import programs as campaign_programs
from peepcc.lab.campaigns.abi import campaign as campaign_abi
from peepcc.lab.campaigns.abi.source import KINDS, sources
from peepcc.lab.campaigns.build import clang, fallbacks
from peepcc.lab.campaigns.cross_check import other_proof
from peepcc.lab.campaigns.hostile import campaign as campaign_hostile
from peepcc.lab.campaigns.hostile.campaign import SOURCE
from peepcc.lab.campaigns.hostile.object_check import escapes
from peepcc.lab.campaigns.hostile.replies import KINDS as REPLIES
from peepcc.lab.campaigns.hostile.replies import hostile
from peepcc.lab.campaigns.hostile.server import HostileServer
from peepcc.lab.campaigns.runner import Item, Options
from peepcc.lab.verify import live_parts, newest_clang, read_program, verify
from peepcc.process import Completed
from peepcc.propose.mutator.mistakes import MISTAKES, mistaken
from peepcc.validate.verdict import Judgement, Verdict

CODE = """int first(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] & 255; return s; }
unsigned char second(unsigned char c, unsigned *q) { *q = c; return (unsigned char)(*q + 1); }
"""


def options(folder, sources=(), backends=("none",)):
    return Options(folder, 1, 100, 5, "emulated", backends, 5.0, ("-O0",), sources, 1, "clang-19", {})


def test_a_gate_that_takes_everything_lets_wrong_mutants_through(tmp_path, monkeypatch):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "code.c").write_text(CODE)
    monkeypatch.setattr(campaign_mutants, "judge", lambda obligation, policy: Judgement(Verdict.ACCEPTED_EMULATED))
    chosen = options(tmp_path, sources=(tmp_path / "sources",), backends=("teachers",))
    record = campaign_mutants.attacked(next(campaign_mutants.items(chosen)), chosen)
    assert len(record.wrong) > 20 and len(record.distinct) > 50
    claims = sorted((tmp_path / "wrong").glob("*.s"))
    assert len(claims) > 20
    encoder, refuted = Encoder(newest_clang()), 0
    for claim in claims[:10]:
        text = claim.read_text()
        before, after = re.split(r"^// =>\n", text, flags=re.M)
        assert text.startswith("// ERROR: ")
        live = re.search(r"^// live-out: (.*)$", text, re.M)[1]
        refuted += (
            verify(before, after, live_parts((live,)), "// volatile\n" in text, encoder).verdict is Verdict.REFUTED
        )
    assert refuted >= 9


def test_mutants_of_the_real_gate(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "code.c").write_text(CODE)
    chosen = options(tmp_path, sources=(tmp_path / "sources",), backends=("teachers",))
    first, second = (campaign_mutants.attacked(next(campaign_mutants.items(chosen)), chosen) for _ in range(2))
    counts = Counter(name for names in first.distinct.values() for name in names)
    assert (
        first == second
        and first.wrong == ()
        and counts["refuted"] > 20
        and first.counts["rewrites accepted: teachers"] > 3
    )
    assert (
        counts["mutants"]
        == len(first.distinct)
        == sum(n for name, n in counts.items() if name.startswith("mutants: "))
        > 50
    )
    assert {name.removeprefix("mutants: ") for name in counts if name.startswith("mutants: ")} <= set(MISTAKES)


def test_equal_windows_of_two_files_make_equal_mutants(tmp_path):
    (tmp_path / "sources").mkdir()
    for name in ("a.c", "b.c"):
        (tmp_path / "sources" / name).write_text("int third(int a) { return a * 3 + 1; }\n")
    chosen = options(tmp_path, sources=(tmp_path / "sources",), backends=("teachers",))
    made = [set(campaign_mutants.attacked(item, chosen).distinct) for item in islice(campaign_mutants.items(chosen), 2)]
    assert made[0] & made[1] and len(made[0] | made[1]) > 8


LINES = ("ldr w8, [sp, #12]", "cmp w8, w9", "csel w0, w8, w9, lt", "add w0, w0, #4", "str w0, [sp, #8]")
ASKED_FOR = {  # the kinds of issue and study, each with a mutant of LINES that shows it
    "operands": (1, "cmp w9, w8"),
    "register": (3, "add w0, w8, #4"),
    "width": (3, "add x0, x0, #4"),
    "condition": (2, "csel w0, w8, w9, ge"),
    "immediate": (3, "add w0, w0, #5"),
    "flags": (3, "adds w0, w0, #4"),
    "dropped": (1, None),
    "operation": (3, "sub w0, w0, #4"),
    "order": (0, LINES[4]),
}


@pytest.mark.parametrize("kind", ASKED_FOR)
def test_every_kind_of_mistake_is_made(kind):
    at, line = ASKED_FOR[kind]
    made = {found[1] for seed in range(3000) if (found := mistaken(LINES, random.Random(seed)))[0] == kind}
    wanted = (*LINES[:at], *((line,) if line else ()), *LINES[at + 1 :])
    assert wanted in made if kind != "order" else (LINES[4], *LINES[1:4], LINES[0]) in made
    assert LINES not in made and set(MISTAKES) == set(ASKED_FOR)


def asked(server, redirects):
    """Statuses, or how it failed, of many questions to a hostile server."""
    with httpx.Client(follow_redirects=redirects, timeout=0.3, trust_env=False) as client:
        for number in range(80):
            try:
                with client.stream(
                    "POST", f"{server.url}/v1/completions", json={"prompt": number}
                ) as response:  # some bodies never end
                    yield response.status_code
            except httpx.HTTPError as error:
                yield type(error).__name__


@pytest.mark.parametrize("redirects", [False, True])
def test_who_follows_a_redirect_is_seen(redirects):
    with HostileServer(1, True, lambda rng: "svc #0", "/secret") as server:
        found = list(asked(server, redirects))
    assert ("the port that redirects lead to" in server.strayed) is ("/v1/escaped" in server.strayed) is redirects
    assert {200, "ReadTimeout", "RemoteProtocolError"} <= set(found) and server.answers.total() >= 80
    assert redirects or ({302, 307} & set(found) and server.strayed == [])


def test_a_build_that_asks_a_hostile_server(tmp_path):
    record = campaign_hostile.attacked(Item("8 -O1", (8, "-O1")), options(tmp_path))
    assert (
        record.wrong == ()
        and record.counts["replies"] > 20
        and record.counts["server: text"] > 5
        and record.counts["build: unparsed"] > 5
    )


def test_a_file_too_many_is_found(tmp_path, monkeypatch):
    def writes(options, backend, report, *arguments, cwd=None, env=None):
        (cwd.parent / "temporary" / "escaped").touch()
        return clang(options, *(each for each in arguments if not str(each).startswith("--peepcc")), cwd=cwd)

    monkeypatch.setattr(campaign_hostile, "peepcc", writes)
    for number in (8, 9):
        record = campaign_hostile.attacked(Item(f"{number} -O1", (number, "-O1")), options(tmp_path))
        assert len(record.wrong) == 1 and "temporary/escaped" in record.wrong[0]


def miscompiling(change):
    """A compiler under test that compiles another text."""

    def compiles(options, backend, report, *arguments, cwd=None, env=None):
        words = [str(each) for each in arguments]
        source = next(word for word in words if word.endswith(".c"))
        with open(source) as file:
            text = file.read()
        with open(source, "w") as file:
            file.write(change(text))
        done = clang(options, *words)
        return Completed(done.returncode, done.stdout, done.stderr)

    return compiles


def test_a_program_that_prints_something_else_is_found_and_kept(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "program.c").write_text(
        '#include <stdio.h>\nint main(void) { printf("%d\\n", 41); return 0; }\n'
    )
    monkeypatch.setattr(campaign_programs, "peepcc", miscompiling(lambda text: text.replace("41", "42")))
    record = campaign_programs.same(
        "key -O0", tmp_path / "work", tmp_path / "work" / "program.c", ("-O0",), (), "none", options(tmp_path / "out")
    )
    assert len(record.wrong) == 1 and "b'42\\n' instead of 0, b'41\\n'" in record.wrong[0]
    assert (tmp_path / "out" / "wrong" / "key_-O0" / "peepc.exe").exists()


@pytest.mark.parametrize("length", range(16))
def test_a_program_that_prints_where_its_stack_is_prints_the_same(length, tmp_path, monkeypatch):
    """The stack lies below the program's name, on a multiple of 16: one name of 16 lengths lays it elsewhere than one
    longer by a character.
    """
    folder = tmp_path / ("x" * (length + 1))
    folder.mkdir()
    (folder / "program.c").write_text(
        '#include <stdio.h>\nint main(void) { int here = 1; printf("%p\\n", (void *)&here); return 0; }\n'
    )
    monkeypatch.setattr(campaign_programs, "peepcc", miscompiling(lambda text: text.replace("= 1", "= 2")))
    record = campaign_programs.same(
        "key", folder, folder / "program.c", ("-O0",), (), "none", options(tmp_path / "out")
    )
    assert record.wrong == () and record.counts["same behaviour"] == 1


def test_programs_that_say_nothing_about_peepcc_are_counted_apart(tmp_path):
    for name, text, flags, counted in (
        ("a", "int main(void) { return 3; }", {"clean": True}, "failed under clang"),
        ("b", "int main(void) {", {}, "not compiled by clang"),
        ("c", "int main(void) { return 3; }", {}, "same object"),
    ):
        (tmp_path / f"{name}.c").write_text(text)
        record = campaign_programs.same(
            name, tmp_path, tmp_path / f"{name}.c", ("-O1",), (), "none", options(tmp_path), **flags
        )
        assert counted in record.counts and record.wrong == ()


def test_a_callee_that_disagrees_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(
        campaign_abi, "peepcc", miscompiling(lambda text: text.replace("1099511628211ul", "1099511628213ul"))
    )
    record = campaign_abi.compared(Item("1 -O0", (1, "-O0", "none")), options(tmp_path))
    assert (
        len(record.wrong) == 1
        and "caller by clang, callee by peepcc" in record.wrong[0]
        and "kept in wrong/1_-O0" in record.wrong[0]
    )


def test_generated_functions_have_all_shapes_and_no_undefined_behaviour(tmp_path):
    texts = [sources(seed) for seed in range(30)]
    whole = "".join(text for pair in texts for text in pair)
    assert (
        len(set(texts)) == 30
        and texts[3] == sources(3)
        and set(KINDS) == {"plain", "pressure", "tail", "variadic", "setjmp", "cleanup", "pointer", "recursive"}
    )
    assert all(
        word in whole
        for word in (
            "va_arg(list, double)",
            "setjmp(back)",
            "cleanup(cleaned)",
            "_last(",
            "__int128 a",
            "long double a",
            "_Bool a",
            "S1 r = ",
        )
    )
    outputs = set()
    for flags in (("-O0", "-fsanitize=undefined", "-fsanitize-trap=all"), ("-O2",)):
        for name, text in zip(("caller.c", "callee.c"), texts[0]):
            (tmp_path / name).write_text(text)
        assert (
            clang(
                options(tmp_path),
                "-static",
                "-fexceptions",
                *flags,
                tmp_path / "caller.c",
                tmp_path / "callee.c",
                "-o",
                tmp_path / "exe",
            ).returncode
            == 0
        )
        outputs.add(subprocess.run(["qemu-aarch64", tmp_path / "exe"], capture_output=True, check=True).stdout)
    assert len(outputs) == 1 and outputs.pop().startswith(b"f0 ")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    """clang's text of the hostile campaign's program."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "program.c").write_text(SOURCE)
    assert clang(options(folder), "-O1", "-S", folder / "program.c", "-o", folder / "program.s").returncode == 0
    return (folder / "program.s").read_text()


@pytest.mark.parametrize(
    "added, found",
    [
        ("nop", None),
        ("add x0, x0, #1", None),
        ("svc #0", "more watched instructions"),
        ("isb", "more watched instructions"),
        ("mrs x0, tpidr_el0", "more watched instructions"),
        ("br x0", "more watched instructions"),
        ("blr x0", "more watched instructions"),
        (".inst 0xd4000001", "more watched instructions"),
        ("bl printf", "more relocations"),
        ("bl escaped", "symbols differ"),
        (".globl escaped\nescaped:", "symbols differ"),
        ('.section .init_array,"aw"\n.quad main\n.text', "sections differ"),
        (".data\n.quad 1\n.text", "data differ"),
        ("adrp x0, main", "more relocations"),
        ("1: ldr x0, =0x123456789abcdef", "more"),
    ],
)
def test_what_is_added_to_an_object_is_seen(added, found, assembly, tmp_path):
    at = assembly.index("\tret\n")
    (tmp_path / "one.s").write_text(assembly)
    (tmp_path / "other.s").write_text(f"{assembly[:at]}{added}\n{assembly[at:]}")
    for name in ("one", "other"):
        assert clang(options(tmp_path), "-c", tmp_path / f"{name}.s", "-o", tmp_path / f"{name}.o").returncode == 0
    said = list(escapes(tmp_path / "one.o", tmp_path / "other.o"))
    assert (said == []) if found is None else any(found in each for each in said), said
    assert list(escapes(tmp_path / "one.o", tmp_path / "one.o")) == []


def test_hostile_replies_are_of_every_kind_and_repeat():
    source = ["ldr w8, [sp, #12]", "add w0, w8, #1", "b.eq .L1"]
    made = [hostile(random.Random(n), source, "/secret") for n in range(600)]
    assert made == [hostile(random.Random(n), source, "/secret") for n in range(600)]
    assert {kind for kind, _ in made} == set(REPLIES)
    text = "\n".join(line for _, lines in made for line in lines)
    assert "/secret" in text and "svc #0" in text and not text.isascii() and "{secret}" not in text


@pytest.mark.parametrize(
    "after, answer",
    [("madd x0, x1, x2, x0", "equal"), ("madd x0, x2, x2, x0", "differs"), ("msub x0, x1, x2, x0", "differs")],
)
@pytest.mark.parametrize("first", ["bitwuzla", "z3"])
def test_the_other_solver_has_its_own_answer(after, answer, first):
    encoder = Encoder(newest_clang())
    before = "mul x3, x1, x2\nadd x0, x0, x3\neor x0, x0, x3\neor x0, x3, x0\n"
    programs = [read_program(text, encoder) for text in (before, after)]
    live = {FALL: ALL & live_parts(("x0",))}
    assert other_proof(Obligation(*programs, live), Judgement(Verdict.ACCEPTED_PROVED, details={"solver": first})) in (
        answer,
        "not asked" if answer == "equal" else answer,
    )


def test_a_fall_back_is_counted_by_its_cause():
    said = b"peepcc: ImportError: no numpy; falling back to clang\nwarning: x\n"
    assert fallbacks(Completed(0, b"", said)) == {"falls back: ImportError: no numpy": 1}
    assert fallbacks(Completed(0, b"", b"warning: falling back\n")) == {}
