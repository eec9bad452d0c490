"""One file to rows; both compilers; and only targets that a build would keep."""

import json

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.lab.dataset.compile import compiled, compiled_by_gcc, compiles, spelled
from peepcc.lab.dataset.label import School
from peepcc.lab.dataset.shard import ACROSS, BY_GCC, CLANG, PAIR, WILD, Shares, Unit, make
from peepcc.lab.example import PROVED, UNCHANGED, body
from peepcc.lab.teachers import TEACHERS
from peepcc.propose.model.language import encode
from peepcc.propose.request import request_of

SOURCE = """
int table[8];
static int scaled(int a) { return a * 8 + 3; }
int first(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) { s += p[i] == 3 ? scaled(i) : p[i]; } return s; }
unsigned second(unsigned a, unsigned b) { if (a > b && table[a & 7]) return a - b; return table[b & 7] / 10; }
long third(long a, char *s) { while (*s) a = a * 33 + *s++; return a ? a : 1; }
"""
SHARES = Shares(1, ("rules", "search"), 8, 1.0, 3, (6, 12), 2)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    home = tmp_path_factory.mktemp("sources")
    (home / "p" / "p-1").mkdir(parents=True)
    (home / "p" / "p-1" / "a.c").write_text(SOURCE)
    (home / "p" / "p-1" / "volatile.c").write_text(SOURCE + "int wait(volatile int *p) { while (!*p); return *p; }\n")
    (home / "p" / "p-1" / "broken.c").write_text("#include <no-such-header.h>\n")
    return home


def rows(unit, sources):
    head, *lines = map(json.loads, make(unit, SHARES, sources, "clang-19").decode().splitlines())
    return head["seen"], lines


@pytest.mark.parametrize("compiler, level", [(CLANG, "-O0"), (CLANG, "-O2"), (BY_GCC, "-O2"), (ACROSS, "")])
def test_a_unit_is_the_same_every_time(sources, compiler, level):
    unit = Unit("p", "p-1/a.c", compiler, level, False)
    made = make(unit, SHARES, sources, "clang-19")
    assert made == make(unit, SHARES, sources, "clang-19")
    seen, lines = rows(unit, sources)
    assert seen["units"] == 1 and {line["kind"] for line in lines} <= {PAIR}
    if compiler != ACROSS:
        assert len({line["key"] for line in lines}) > 3
        assert {line["example"]["level"] for line in lines} == {level if compiler == CLANG else f"gcc {level}"}
        assert 0 < sum(not line["example"]["teacher"] for line in lines) <= SHARES.asked[level != "-O0"]


def test_a_test_unit_tells_every_window_as_it_comes(sources):
    seen, lines = rows(Unit("p", "p-1/a.c", CLANG, "-O2", True), sources)
    wild = [line["example"]["lines"] for line in lines if line["kind"] == WILD]
    made = compiled(sources / "p/p-1/a.c", "-O2", sources / "p/p-1", "clang-19")
    windows = analyse(*made, Encoder("clang-19")).windows()
    assert wild == [list(request_of(window).lines) for window in windows] and seen["wild windows"] == len(windows)
    assert not any(line["kind"] == WILD for line in rows(Unit("p", "p-1/a.c", CLANG, "-O1", True), sources)[1])


def test_what_does_not_compile_gives_nothing(sources):
    home = sources / "p" / "p-1"
    assert compiles(home / "a.c", home, "clang-19") and not compiles(home / "broken.c", home, "clang-19")
    for compiler in (CLANG, BY_GCC, ACROSS):
        seen, lines = rows(Unit("p", "p-1/broken.c", compiler, "-O1", False), sources)
        assert seen["not compiled"] == 1 and lines == []


@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2", "-Os"])
def test_the_assembly_of_gcc_is_read(sources, level):
    made = compiled_by_gcc(sources / "p/p-1/a.c", level, sources / "p/p-1", "clang-19")
    analysed = analyse(*made, Encoder("clang-19"))
    assert all(line.readable for line in analysed.module.lines)
    assert {function.name for function, _, _ in analysed.functions} >= {"first", "second", "third"}
    windows = analysed.windows()
    assert len(windows) > 8 and not any(window.ordered for window in windows)
    assert sum(encode(request_of(window)) is not None for window in windows) > 0.9 * len(windows)
    assert any(len(window.live_out) > 1 for window in windows)


def test_gcc_is_not_asked_where_clang_cannot_speak_for_it(sources):
    assert compiled_by_gcc(sources / "p/p-1/volatile.c", "-O2", sources / "p/p-1", "clang-19") is None


def test_conditions_are_spelled_as_clang_does():
    text = "\tbeq\t.L1\n\tbcs\t.L2\n\tb\t.L3\n\tbl\tbeq\n\tbic\tw0, w1, w2\n\tcsel\tx0, x1, x2, cc\n\tcset\tw0, cs\n"
    assert (
        spelled(text)
        == "\tb.eq\t.L1\n\tb.hs\t.L2\n\tb\t.L3\n\tbl\tbeq\n\tbic\tw0, w1, w2\n\tcsel\tx0, x1, x2, lo\n\tcset\tw0, hs\n"
    )


class Says:
    def __init__(self, *bodies):
        self.bodies = bodies

    def teach(self, window, encoder):
        yield from self.bodies


def test_the_cheapest_body_that_holds_is_taken(sources):
    encoder = Encoder("clang-19")
    made = compiled(sources / "p/p-1/a.c", "-O0", sources / "p/p-1", "clang-19")
    window = next(
        window
        for window in analyse(*made, encoder).windows(4)
        if body(window)[-1].startswith("str") and len(body(window)) > 2
    )
    source = body(window)
    same, wrong, unknown = source, source[:-1], ("ldr x0, =nothing",)
    school = School(
        {"wrong": Says(wrong), "same": Says(same), "alien": Says(unknown), "long": Says((*source, "mov x9, x9"))},
        encoder,
        "clang-19",
    )
    (found,) = school.best([window])
    assert (found.target, found.teacher, found.evidence) == (source, "", UNCHANGED)
    assert school.refused == {"wrong: refuted": 1, "alien: not allowed": 1}


def test_all_are_asked_and_the_better_one_wins(sources, tmp_path):
    (tmp_path / "b.c").write_text("long f(long a, long b) { return a + b; }")
    encoder = Encoder("clang-19")
    windows = analyse(*compiled(tmp_path / "b.c", "-O0", tmp_path, "clang-19"), encoder).windows()
    window = max(windows, key=lambda each: len(body(each)))
    source = body(window)
    school = School({"idle": Says(), "rules": TEACHERS["rules"]()}, encoder, "clang-19")
    (found,) = school.best([window])
    assert found.teacher == "rules" and found.evidence == PROVED and len(found.target) < len(source)
    (offered,) = School({"rules": TEACHERS["rules"]()}, encoder, "clang-19").best(
        [window], (), {0: ("maker", found.target)}
    )
    assert offered.teacher == "maker" and offered.target == found.target
    (nobody,) = School({"rules": TEACHERS["rules"]()}, encoder, "clang-19").best([window], ())
    assert nobody.teacher == ""
