"""Input that can be read only once, and descriptors that a child must inherit: clang does the work, or every child can
read it.
"""

from __future__ import annotations

import random
import sys

import pytest

GOOD = "int f(int a) { return a * 3 + 1; }\n"
FILES = {
    "f.c": GOOD,
    "q.c": "int q(void) { return Q; }\n",
    "bad.c": "int f(int a) { return b; }\n",
    "main.c": "int main(void) { return 0; }\n",
    "device.c": '#  include "/dev/stdin"\n',
    "map": "{ global: main; local: *; };\n",
    "bad-map": "no map\n",
    "args": "-O1 -c f.c -o f.o\n",
    "q.h": "#define Q 1\n",
    "list": "[address]\nfun:f\n",
}
# A pipe, a named pipe, or a descriptor of a pipe: clang reads it, once.
STREAMS = {
    "error-from-a-pipe": 'cat bad.c | "$@" -xc -O1 -c /dev/stdin -o f.o',
    "object-from-a-pipe": 'cat f.c | "$@" -xc -O1 -c /dev/stdin -o f.o',
    "assembly-from-a-pipe": 'cat f.c | "$@" -xc -O1 -S /dev/stdin -o -',
    "by-descriptor": 'cat f.c | "$@" -xc -O1 -c /dev/fd/0 -o f.o',
    "by-descriptor-of-the-process": 'cat bad.c | "$@" -xc -O1 -c /proc/self/fd/0 -o f.o',
    "by-link": 'ln -s /dev/stdin l.c; cat f.c | "$@" -O1 -c l.c -o f.o; rm l.c',
    "error-from-a-named-pipe": 'mkfifo p.c; cat bad.c > p.c & timeout 20 "$@" -O1 -c p.c -o f.o',
    "assembly-from-a-named-pipe": 'mkfifo p.c; cat f.c > p.c & timeout 20 "$@" -O1 -S p.c -o f.s',
    "error-from-a-process": '"$@" -xc -O1 -c <(cat bad.c) -o f.o',
    "object-from-a-process": '"$@" -xc -O1 -c <(cat f.c) -o f.o',
    "included": '"$@" -O1 -include <(cat q.h) -c q.c',
    "included-from-standard-input": 'cat q.h | "$@" -O1 -include /dev/stdin -c q.c',
    "included-joined": 'cat q.h | "$@" -O1 -include/dev/stdin -c q.c',
    "included-by-another-spelling": 'cat q.h | "$@" -O1 --include=/dev/stdin -c q.c',
    "included-empty": '"$@" -O1 -include /dev/stdin -c q.c < <(true)',
    "named-pipe-joined": 'mkfifo p.h; cat q.h > p.h & timeout 20 "$@" -O1 -S -includep.h -c q.c -o q.s',
    "macros": '"$@" -O1 -imacros <(cat q.h) -c q.c',
    "arguments": '"$@" @<(cat args)',
    "arguments-from-standard-input": 'cat args | "$@" @/dev/stdin',
    "arguments-in-arguments": 'echo @/dev/stdin > outer; cat args | "$@" @outer',
    "arguments-in-named-pipe": 'mkfifo p; cat args > p & timeout 20 "$@" @p',
    "source-in-arguments": 'echo "-xc -O1 -c /dev/stdin -o f.o" > outer; cat bad.c | "$@" @outer',
    "configuration": '"$@" --config=<(echo -O1) -c f.c',
    "include-in-configuration": 'echo "-include /dev/stdin" > c.cfg; cat q.h | "$@" --config=./c.cfg -c q.c',
    "version-script": '"$@" -O1 main.c -Wl,--version-script=<(cat map) -o m',
    "version-script-with-an-error": '"$@" -O1 main.c -shared -fPIC -Wl,--version-script=<(cat bad-map) -o m 2> said; '
    "code=$?; rm said; "
    "exit $code",
    "version-script-apart": '"$@" -O1 main.c -Xlinker --version-script -Xlinker <(cat map) -o m',
    "list-of-a-sanitizer": '"$@" -O1 -fsanitize=address -fsanitize-ignorelist=<(cat list) -c f.c',
    "dependencies-to-a-pipe": '"$@" -O1 -MMD -MF >(cat > dep) -c f.c; while ! [ -s dep ]; do sleep 0.05; done',
    "dependencies-to-standard-output": '"$@" -O1 -MMD -MF /dev/stdout -c f.c | cat',
    "included-by-the-source": 'cat bad.c | "$@" -O1 -c device.c -o f.o',
    "included-by-the-source-for-assembly": 'cat f.c | "$@" -O1 -S device.c -o -',
}
# A file on a disk, by whatever name: it can be read again, by each of our children.
FILES_BY_DESCRIPTOR = {
    "source-on-standard-input": '"$@" -xc -O1 -c /dev/stdin -o f.o < f.c',
    "source-by-descriptor": '"$@" -xc -O1 -S /dev/fd/7 -o - 7< f.c',
    "source-without-a-name": 'exec 7< f.c; rm f.c; "$@" -xc -O1 -S /dev/fd/7 -o f.s',
    "source-partly-read": '{ read -r line; "$@" -xc -O1 -c /dev/stdin -o f.o; } < f.c',
    "included": '"$@" -O1 -include /dev/fd/7 -c q.c 7< q.h',
    "arguments": '"$@" @/dev/fd/7 7< args',
    "arguments-on-standard-input": '"$@" @/dev/stdin < args',
    "dependencies": '"$@" -O1 -MMD -MF /dev/fd/3 -c f.c 3> dep',
    "map": '"$@" -O1 main.c -Wl,-Map=/dev/fd/3 -o m 3> out; grep -c main out > count; rm out',
    "version-script": '"$@" -O1 main.c -Wl,--version-script=/dev/fd/7 -o m 7< map',
    "object-to-descriptor": '"$@" -O1 -c f.c -o /dev/fd/3 3> f.o',
    "program-to-descriptor": '"$@" -O1 main.c -o /dev/fd/3 3> m',
    "no-input": '"$@" -O1 -include /dev/null -c f.c',
    "nothing-of-a-device": 'echo "// /dev/stdin" >> f.c; "$@" -O1 -S f.c -o -',
    "folder": '"$@" -O1 -I/proc -I/dev -c f.c',
}


LIST_DESCRIPTORS = """
import os, sys
own = os.open("/proc/self/fd", os.O_RDONLY)
with open({seen!r}, "a") as file:
    print(sorted(map(int, set(os.listdir(own)) - {{str(own), str(file.fileno())}})), file=file)
os.execv({clang!r}, [{clang!r}, *sys.argv[1:]])
"""


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_read_once(bench, name):
    expected, found = bench.both(STREAMS[name], FILES)
    assert found == expected
    assert not bench.driven and bench.leftovers() == []


@pytest.mark.parametrize("name", FILES_BY_DESCRIPTOR)
def test_a_descriptor_of_a_file_is_inherited(bench, name):
    expected, found = bench.both(FILES_BY_DESCRIPTOR[name], FILES)
    assert found == expected and expected.code == 0
    assert bench.driven and bench.leftovers() == []


def test_children_have_the_descriptors_that_clang_would_have(bench):
    """Those of our caller, and none of ours; Python hands on what it was given."""
    seed = random.randrange(1 << 30)
    numbers = random.Random(seed).sample(range(3, 40), 5)
    bench.fresh(FILES)
    seen = bench.root / "seen"
    bench.logged.write_text(f"#!{sys.executable}\n{LIST_DESCRIPTORS.format(seen=str(seen), clang=bench.clang)}")
    opened = " ".join(f"{number}< f.c" for number in numbers)
    script = f'PEEPCC_CLANG={bench.logged} PEEPCC_BACKEND=none "$@" -O1 -c f.c {opened}'
    for command in ([str(bench.logged)], [sys.executable, "-m", "peepcc"]):
        assert bench.run(["bash", "-c", script, "sh", *command]).code == 0, seed
    lines = seen.read_text().splitlines()
    assert len(lines) > 2 and len(set(lines)) == 1, (seed, lines)


def test_another_working_folder(bench):
    files = {"sub/f.c": GOOD, "sub/main.c": FILES["main.c"]}
    for script in (
        '"$@" -O1 -working-directory sub -c f.c -o f.o',
        '"$@" -O1 -MD -working-directory=$PWD/sub -c f.c',
        '"$@" -S -working-directory sub f.c',
    ):
        expected, found = bench.both(script, files)
        assert found == expected, script
        assert bench.leftovers() == []


def test_a_long_response_file_costs_what_clang_costs(bench):
    """clang prints a plan argument by argument: twice as many as it was given, at several writes each."""
    files = {"f.c": GOOD, "r": "".join(f"-DXYZZY{n}=123456\n" for n in range(60000)), "itself": "-O1 @itself"}
    expected, found = bench.both('"$@" -O1 -c f.c @r', files)
    assert found == expected and expected.code == 0
    assert bench.log.read_text().split() == ["--target=aarch64-linux-gnu"]  # one run, and no plan
    expected, found = bench.both('"$@" -c f.c $(yes -- -DNAME=1234567 | head -n 9000)', files)
    assert found == expected and expected.code == 0 and not bench.driven


def test_objects_in_a_response_file_cost_one_run_of_clang(bench):
    bench.fresh({"main.c": FILES["main.c"], "objects": "main.o -o 'm'\n"})
    assert bench.by_peepcc(["-c", "main.c"]).code == 0 and bench.driven
    bench.log.write_text("")
    assert bench.by_peepcc(["@objects"]).code == 0
    assert bench.log.read_text().count("\n") == 1 and not bench.driven


@pytest.mark.parametrize(
    "argv, reason",
    [
        (["-O1", "-xc", "-c", "/dev/stdin", "-o", "f.o"], b"an input can be read only once"),
        (["-c", "conftest.c"], b"it is a build system's question about the compiler"),
        (["@long"], b"the command line is too long, or a part of it can be read only once"),
        (["-working-directory", ".", "-c", "f.c"], b"the paths of the jobs are relative to another folder"),
        (["-E", "f.c"], b""),
    ],
)
def test_what_is_left_to_clang_is_explained(bench, argv, reason):
    bench.fresh({"f.c": GOOD, "conftest.c": GOOD, "long": "-c f.c " + "-DX " * 20000})
    found = bench.by_peepcc([*argv, "--peepcc-explain"], GOOD.encode())
    assert found.code == 0 and found.stderr == (b"peepcc: " + reason + b"; left to clang\n" if reason else b"")
