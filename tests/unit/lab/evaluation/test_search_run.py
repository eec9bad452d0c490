"""`peeplab evaluate` and a compile search alike: the same replies about the same windows end the same way."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import pytest

from peepcc.assembly.encode import Encoder
from peepcc.clock import Clock
from peepcc.lab.evaluation.judge_pool import Bench, Setting
from peepcc.lab.evaluation.search_run import Searching
from peepcc.lab.example import UNCHANGED, Example, body, write_examples
from peepcc.optimize.edits import edited, item_text
from peepcc.optimize.outcome import Outcome
from peepcc.optimize.pipeline import optimize_unit
from peepcc.propose.replay import Replay
from peepcc.settings import Settings
from peepcc.translation_unit import Unit

CLANG = "clang-19"
REPAIR = 4
SOURCE = r"""
struct node { struct node *next; int key; unsigned flags; long sum; };
int bump(struct node *n, int k) { n->key += k; n->flags = (n->flags & 0xff) | 0x100; return n->key & 0xff; }
long total(struct node *n) { long t = 0; for (; n; n = n->next) { if (n->flags & 1) t += n->sum; else t -= n->key; }
  return t; }
unsigned pick(unsigned a, unsigned b, int c) { unsigned r = c ? a % 8 : b / 16; return (r << 3) | (r >> 29); }
int find(const int *p, int n, int x) { for (int k = 0; k < n; k++) if (p[k] == x) return k; return -1; }
long scale(long a, int b) { a = a * 8 + b; return a < 0 ? -a : a; }
"""


def compiled(level: str) -> tuple[str, bytes]:
    def clang(*argv: str) -> bytes:
        command = [CLANG, "--target=aarch64-linux-gnu", level, *argv, "-x", "c", "-", "-o", "-"]
        return subprocess.run(command, input=SOURCE.encode(), capture_output=True, check=True).stdout

    return clang("-S").decode(), clang("-c", "-emit-llvm")


def in_a_build(level: str, replies: Path) -> list[list[Outcome]]:
    """The outcomes of a compile that records the model's replies: for each window its own, then those of its parts."""
    settings = Settings(backend=f"record:{replies}", repair=REPAIR)
    encoder = Encoder(CLANG, ["--target=aarch64-linux-gnu"])
    text, bitcode = compiled(level)
    report = optimize_unit(text, bitcode, Unit(CLANG, "f.c"), settings, encoder, Clock(math.inf)).report
    groups: list[list[Outcome]] = []
    for outcome in report.outcomes:
        within = groups and {*outcome.window.lines} <= {*groups[-1][0].window.lines}
        groups[-1:] = [[*groups[-1], outcome]] if within else [*groups[-1:], [outcome]]
    return groups


def lines_after(outcomes: list[Outcome]) -> tuple[str, ...]:
    """The lines of a window after what was accepted about it and its parts."""
    items = dict(zip(outcomes[0].window.lines, outcomes[0].window.items))
    found = {line: [item] for line, item in items.items()}
    for outcome in outcomes:
        if outcome.chosen:
            first, *others = outcome.window.lines
            found |= {line: [] for line in others} | {first: [*edited(outcome.window, outcome.chosen)]}
    return tuple(item_text(item) for line in sorted(found) for item in found[line])


@pytest.mark.parametrize("level", ["-O0", "-O1"])
def test_recorded_replies_end_alike_in_a_build_and_in_an_evaluation(tmp_path, level):
    replies = tmp_path / "replies.jsonl"
    groups = in_a_build(level, replies)
    windows = [outcomes[0].window for outcomes in groups]
    write_examples(
        tmp_path / "examples.jsonl", [Example(window, body(window), "", UNCHANGED, "p", level) for window in windows]
    )
    with Bench(Setting(str(tmp_path / "examples.jsonl"), CLANG, 1), 1) as bench:
        tries = Searching({}, 1, Replay(replies), REPAIR).tries(range(len(windows)), bench)
    ends = [each[-1][1] for each in tries]
    saved = [sum(outcome.saved for outcome in outcomes) for outcomes in groups]
    assert [judged.kept.instructions for judged in ends] == saved
    for judged, outcomes in zip(ends, groups):
        assert not judged.body or judged.body == lines_after(outcomes)
    if level == "-O0":
        assert any(saved) and any(len(outcomes) > 1 and not outcomes[0].saved for outcomes in groups)
