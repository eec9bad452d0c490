"""Results from the unit cache are those of a compile, and nothing stale ever comes from it."""

from __future__ import annotations

import os
import random
import subprocess
import time

import pytest

from ..support.easy import easy
from ..support.installed import install

FILES = {
    "f.c": '#include "a.h"\n#include <stdio.h>\nint f(int x) { int unused; return x * A; }\n',
    "inc1/b.h": "#define B 1\n",
    "inc2/a.h": '#include "b.h"\n#define A (B + 2)\n',
    "inc2/b.h": "#define B 2\n",
}
WORDS = ("-O1", "-Wall", "-MD", "-I", "inc0", "-Iinc1", "-isystem", "inc2", "-c", "f.c")


@pytest.fixture
def compiled(bench):
    """A compile with a cache: its result, and whether it came from there."""
    cc = install(bench.root / "prefix") / "peepcc"
    cache = bench.root / "cache"

    def entries() -> dict[tuple[str, int], int]:
        return {(str(path), path.stat().st_ino): path.stat().st_mtime_ns for path in cache.glob("?/*")}

    def compile(*words: str, stored: bool = True, **environment: str):
        for path in cache.glob("?/*"):
            os.utime(path, (1e9, 1e9))
        before = entries()
        more = {"PEEPCC_BACKEND": "none", **({"PEEPCC_CACHE": str(cache)} if stored else {}), **environment}
        done = bench.run([cc, *words], **more)
        after = entries()
        hit = after.keys() == before.keys() and sum(after[each] != before[each] for each in after) == 2
        return done, hit

    return compile


def fresh(bench, files) -> None:
    bench.fresh(files)
    time.sleep(0.02)


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        ("-O2", "-g", "-gsplit-dwarf", *WORDS),
        ("--coverage", *WORDS),
        (*WORDS[:-2], "-S", "f.c", "-o", "out.s"),
        ("-MMD", "-MF", "deps", "-MT", "x", *WORDS),
    ],
)
def test_a_hit_is_the_compile_with_all_side_outputs_and_warnings(bench, compiled, words):
    found = []
    for stored in (False, True, True):
        fresh(bench, FILES)
        found.append(compiled(*words, stored=stored))
    assert found[0][0].code == 0 and b"unused" in found[0][0].stderr
    assert [each for each, _ in found] == [found[0][0]] * 3
    assert [hit for _, hit in found] == [False, False, True]


def test_with_rewrites(bench, compiled):
    found = []
    for stored in (False, True, True):
        fresh(bench, {"f.c": easy("f")})
        found.append(compiled("-O0", "-c", "f.c", stored=stored, PEEPCC_BACKEND="rules"))
    assert [each for each, _ in found] == [found[0][0]] * 3 and [hit for _, hit in found] == [False, False, True]


@pytest.mark.parametrize(
    "change",
    [
        {"f.c": FILES["f.c"].replace("x * A", "x - A")},
        {"inc2/b.h": "#define B 3\n"},
        {"inc1/a.h": "#define A 9\n"},
        {"inc0/a.h": "#define A 9\n"},
        {"a.h": "#define A 9\n"},
        {"inc0/stdio.h": "#define A 9\n"},
    ],
)
def test_a_header_that_changes_or_comes_earlier_is_a_miss(bench, compiled, change):
    for _ in range(2):
        fresh(bench, FILES)
        compiled(*WORDS)
    fresh(bench, {**FILES, **change})
    expected, _ = compiled(*WORDS, stored=False)
    fresh(bench, {**FILES, **change})
    found, hit = compiled(*WORDS)
    assert found == expected and not hit


@pytest.mark.parametrize(
    "source",
    [
        "const char *f(void) { return __DATE__; }\n",
        "#define P(a, b) a##b\n#define Q(a, b) P(a, b)\nconst char *f(void) { return Q(__TI, ME__); }\n",
        'asm(".inc" "bin \\"b.h\\"");\n',
        '#define HAS(x) __has_include(x)\n#if HAS("new.h")\n#endif\nint x;\n',
        '#pragma GCC dependency "inc2/b.h"\nint x;\n',
    ],
)
def test_what_no_list_of_files_tells_is_not_kept(bench, compiled, source):
    for _ in range(2):
        fresh(bench, {**FILES, "f.c": source, "b.h": ""})
        assert not compiled("-c", "f.c")[1]
    assert not list((bench.root / "cache").glob("?/*"))


def test_a_damaged_entry_is_a_miss(bench, compiled):
    fresh(bench, FILES)
    expected, _ = compiled(*WORDS)
    for path in (bench.root / "cache").glob("?/*"):
        data = bytearray(path.read_bytes())
        data[-3] ^= 1
        path.write_bytes(data)
    fresh(bench, FILES)
    found, hit = compiled(*WORDS)
    assert (found, hit) == (expected, False)


def test_a_folder_that_others_can_write_is_not_used(bench, compiled):
    (bench.root / "cache").mkdir(mode=0o700)
    (bench.root / "cache").chmod(0o777)
    fresh(bench, FILES)
    assert compiled(*WORDS)[0].code == 0 and not list((bench.root / "cache").iterdir())


def test_many_at_once_of_which_some_are_killed(bench, compiled):
    fresh(bench, FILES)
    expected = compiled(*WORDS, stored=False)[0].files["f.o"]
    chosen = random.Random(4)
    environment = bench.environment(PEEPCC_BACKEND="none", PEEPCC_CACHE=str(bench.root / "cache"))
    running = []
    for n in range(20):
        command = [bench.root / "prefix" / "bin" / "peepcc", *WORDS, "-o", f"{n}.o", "-MF", f"{n}.d"]
        running.append(subprocess.Popen(command, cwd=bench.folder, env=environment, stderr=subprocess.DEVNULL))
    killed = set(chosen.sample(range(20), 5))
    for n in killed:
        time.sleep(chosen.random() / 10)
        running[n].kill()
    for n, each in enumerate(running):
        each.wait()
        assert n in killed or (bench.folder / f"{n}.o").read_bytes() == expected[1]
    for n in range(20):
        found, _ = compiled(*WORDS, "-o", f"{n}.o", "-MF", f"{n}.d")
        assert found.code == 0 and found.files[f"{n}.o"][1] == expected[1]


EDITS = int(os.environ.get("CACHE_EDITS", "24"))


def test_random_edits_never_give_a_stale_object(bench, compiled):
    seed = 7
    chosen = random.Random(seed)
    files, flags, environment, hits = dict(FILES), [], {}, 0
    places = ("", "inc0/", "inc1/", "inc2/")
    for n in range(EDITS):
        kind = chosen.randrange(6)
        if kind == 0:
            files["f.c"] = FILES["f.c"].replace("x * A", f"x * A + {chosen.randrange(3)}")
        elif kind in (1, 2):
            name = chosen.choice(places) + chosen.choice(("a.h", "b.h"))
            if name in files and name not in FILES and chosen.random() < 0.6:
                del files[name]
            else:
                files[name] = f"#define {name[-3].upper()} {chosen.randrange(3)}\n"
        elif kind == 3:
            flags = chosen.choice(([], ["-O2"], ["-g"], ["-DX=1"], ["-Iinc2"]))
        elif kind == 4:
            environment = chosen.choice(({}, {"CPATH": "inc2"}, {"C_INCLUDE_PATH": "inc0"}, {"CPATH": "inc1"}))
        else:
            environment = {**environment, "PEEPCC_BACKEND": chosen.choice(("none", "rules"))}
        results = []
        for stored in (False, True):
            fresh(bench, files)
            results.append(compiled(*WORDS, *flags, stored=stored, **environment))
        assert results[0][0] == results[1][0], f"seed {seed}, edit {n}"
        hits += results[1][1]
    assert hits > EDITS / 20, f"seed {seed}"
