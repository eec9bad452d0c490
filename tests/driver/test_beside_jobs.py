"""What clang's driver does beside its jobs, or says in place of them, wherever it is asked for; and plans that say more
than jobs.
"""

from __future__ import annotations

import pytest

SOURCE = {"a.c": "int f(int a) { return a * 3 + 1; }\n", "sub/b.c": "int g(int a) { return a / 7; }\n"}
ASKED = {
    "database": "-MJ j.json",
    "plan": "-###",
    "plan-and-work": "-v",
    "nothing": "-fsyntax-only",
    "phases": "-ccc-print-phases",
    "costs": "-fproc-stat-report=costs",
    "more-of-the-database": "-gen-cdb-fragment-path fragments",
}
KEEP_WHAT_IS_SURE = (  # clang names fragments at random, tells times, and names itself
    "; code=$?; [ ! -d fragments ] || { cat fragments/* > j.json; rm -r fragments; }; [ ! -f costs ] "
    "|| echo there > costs;"
    ' [ ! -f j.json ] || grep -o \'"file": "[^"]*"\' j.json > k.json; rm -f j.json; exit $code'
)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "script", ['"$@" @more', '"$@" @outer', '"$@" --config=./clang.cfg -c a.c', '"$@" --config=./outer.cfg -c a.c']
)
def test_in_a_file_of_arguments(bench, asked, script):
    more = ASKED[asked]
    files = {
        **SOURCE,
        "more": f"-c a.c {more}\n",
        "outer": "@more\n",
        "clang.cfg": f"# ours\n-O1 \\\n{more}\n",
        "outer.cfg": "@clang.cfg\n",
    }
    expected, found = bench.both(script + KEEP_WHAT_IS_SURE, files)
    assert found == expected and expected.code == 0
    assert not bench.driven


@pytest.mark.parametrize("edit", ["+-###", "+-v", "+-O3", "s/-c/-S/", "#+-fsyntax-only"])
def test_in_edits_of_the_command_line(bench, edit):
    expected, found = bench.both(f'export CCC_OVERRIDE_OPTIONS="{edit}"; "$@" -O1 -c a.c', SOURCE)
    assert found == expected and expected.code == 0


def test_a_usual_configuration_file_is_no_reason(bench):
    files = {**SOURCE, "clang.cfg": "# -v would tell more\n-O2\n-Wall\n-Isub \\\n  -g\n"}
    expected, found = bench.both('"$@" --config=./clang.cfg -c a.c', files)
    assert found == expected and expected.code == 0
    assert bench.driven


@pytest.mark.parametrize(
    "argv", [["-MJ", "j", "-c", "a.c"], ["@more"], ["--config=./clang.cfg", "-c", "a.c"]], ids=" ".join
)
def test_it_is_explained(bench, argv):
    bench.fresh({**SOURCE, "more": "-MJ j -c a.c\n", "clang.cfg": "-MJ j\n"})
    said = bench.by_peepcc([*argv, "--peepcc-explain"]).stderr
    assert b"clang is asked for more than its jobs show; left to clang\n" in said


def test_no_words_of_the_user_are_taken_for_a_job(bench):
    script = '"$@" -c a.c -L$\'x\\n "touch" "made"\\n\' && ! [ -e made ]'
    expected, found = bench.both(script, SOURCE)
    assert found == expected and expected.code == 0 and b'"touch" "made"' in expected.stderr


def test_arguments_nested_deeply(bench):
    files = {**SOURCE, **{f"r/{n}": f"@r/{n + 1}\n" for n in range(2000)}, "r/2000": "-O2 -c a.c\n"}
    expected, found = bench.both('"$@" @r/0', files)
    assert found == expected and expected.code == 0


@pytest.mark.parametrize("triple", ["aarch64_be-unknown-linux-gnu", "aarch64-apple-darwin", "aarch64-pc-windows-msvc"])
def test_another_target_behind_the_drivers_back(bench, triple):
    for option in (f"-Xclang -triple -Xclang {triple}", f"-Xclang -triple={triple}"):
        expected, found = bench.both(f'"$@" -O1 -c a.c {option}', SOURCE)
        assert found == expected and expected.code == 0
        assert not bench.driven
