"""Examples of real windows come back from a file as what is judged: the obligation, the request and the prompt."""

import json
import subprocess

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.lab import example
from peepcc.lab.example import (
    EMULATED,
    PROVED,
    UNCHANGED,
    Example,
    NoExample,
    body,
    from_json,
    key,
    read_examples,
    to_json,
    write_examples,
)
from peepcc.propose.request import request_of

SOURCE = r"""
struct node { struct node *next; long value; double weight; unsigned char flag; };
int volatile ready;
long sum(struct node *n, int limit) { long s = 0; for (; n && limit > 0; n = n->next) if (n->flag & 4) s += n->value;
  else limit--; return s; }
double heavy(struct node *n) { double most = -1; while (n) { if (n->weight > most) most = n->weight; n = n->next; }
  return most + 0.5; }
int wait(int a, unsigned b) { while (!ready) a += b % 7; return a == 3 ? b << 5 : a; }
void fill(int *p, int n) { for (int i = 0; i < n; i++) p[i] = i * 3; }
int pick(int a) { switch (a) { case 0: return 5; case 1: return 81; case 2: return 7; case 3: return -9;
  case 4: return 1 << 20; default: return a; } }
"""


def windows():
    for level in ("-O0", "-O1", "-O2", "-Os"):
        bitcode = subprocess.run(
            ["clang-19", "--target=aarch64-linux-gnu", level, "-c", "-emit-llvm", "-x", "c", "-", "-o", "-"],
            input=SOURCE.encode(),
            capture_output=True,
            check=True,
        ).stdout
        text = subprocess.run(
            [
                "clang-19",
                "--target=aarch64-linux-gnu",
                level,
                "-x",
                "ir",
                "-Xclang",
                "-disable-llvm-passes",
                "-S",
                "-",
                "-o",
                "-",
            ],
            input=bitcode,
            capture_output=True,
            check=True,
        ).stdout.decode()
        analysed = analyse(text, bitcode, Encoder("clang-19"))
        for limit in (16, 5):
            yield from ((level, window) for window in analysed.windows(limit))


@pytest.fixture(scope="module")
def examples():
    found = [Example(window, body(window), "", UNCHANGED, "test", level) for level, window in windows()]
    found += [
        Example(each.window, each.source[1:], "nobody", (PROVED, EMULATED)[n % 2], "test", each.level)
        for n, each in enumerate(found[:40])
    ]
    assert len(found) > 100
    windows_ = [each.window for each in found]
    assert any(window.source.labels for window in windows_) and any(window.known.constants for window in windows_)
    assert any(len(window.live_out) > 1 for window in windows_) and any(window.aliases for window in windows_)
    assert {window.ordered for window in windows_} == {True, False}
    return found


@pytest.mark.parametrize("name", ["set.jsonl", "set.jsonl.gz"])
def test_what_is_read_is_what_was_written(examples, tmp_path, name):
    assert write_examples(tmp_path / name, examples) == len(examples)
    back = list(read_examples(tmp_path / name, Encoder("clang-19")))
    assert len(back) == len(examples)
    for one, other in zip(examples, back):
        assert one.window.obligation(one.window.source) == other.window.obligation(other.window.source)
        assert request_of(one.window).key == request_of(other.window).key and key(one) == key(other)
        assert (one.source, one.target, one.teacher, one.evidence, one.package, one.level, one.improved) == (
            other.source,
            other.target,
            other.teacher,
            other.evidence,
            other.package,
            other.level,
            other.improved,
        )
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_equal_examples_make_equal_files(examples, tmp_path):
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        write_examples(tmp_path / name, examples)
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()


def test_many_are_assembled_at_once(examples, tmp_path, monkeypatch):
    write_examples(tmp_path / "set.jsonl", examples)
    runs = []
    encoder = Encoder("clang-19")
    assemble = encoder._assemble
    monkeypatch.setattr(encoder, "_assemble", lambda statements: runs.append(len(statements)) or assemble(statements))
    assert len(list(read_examples(tmp_path / "set.jsonl", encoder))) == len(examples)
    assert len(runs) == 1


def test_a_row_is_of_the_schema(examples):
    for each in examples:
        example.check(json.loads(json.dumps(to_json(each))))
    good = to_json(examples[0])
    for wrong in (
        {"live_out": {"": "zz"}},
        {"teacher": "somebody"},
        {"evidence": "hope"},
        {"lines": []},
        {"more": 1},
        {"known": {"constants": {"31": 0}}},
    ):
        with pytest.raises(NoExample):
            example.check({**good, **wrong})


def test_what_is_no_example_says_so(examples, tmp_path):
    encoder = Encoder("clang-19")
    good = to_json(examples[0])
    for wrong in (
        {"lines": ["frobnicate x0"]},
        {"lines": ["ld1 {v0.4s}, x0"]},
        {"live_out": {"": "zz"}},
        {"known": None},
        {"lines": [3]},
    ):
        with pytest.raises(NoExample):
            from_json({**good, **wrong}, encoder)
    (tmp_path / "torn.jsonl").write_text(json.dumps(good) + "\n" + json.dumps(good)[:60])
    with pytest.raises(NoExample, match="line 2"):
        list(read_examples(tmp_path / "torn.jsonl", encoder))


def test_windows_that_differ_in_names_only_have_one_key():
    first, second = (
        from_json(
            {
                "schema": 1,
                "target": [],
                "live_out": {"": "3"},
                "known": {},
                "aliases": {},
                "ordered": False,
                "teacher": "",
                "evidence": "unchanged",
                "package": "p",
                "level": "-O0",
                **change,
            },
            Encoder("clang-19"),
        )
        for change in (
            {"lines": ["add x0, x1, x2", "cbz x0, .LBB0_1"]},
            {"lines": ["add x5, x7, x2", "cbz x5, .LBB9_3"], "live_out": {"": f"{3 << 10:x}"}},
        )
    )
    assert key(first) == key(second) and request_of(first.window).key != request_of(second.window).key
