"""A part of a window is what analysis makes of the same instructions; it may know less where a branch stands before
them.
"""

import random

import pytest

from peepcc.analysis.dataflow.known_values import known
from peepcc.analysis.dataflow.liveness import liveness
from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Kind, Known
from peepcc.analysis.registers import ALL, NONE, w, x
from peepcc.analysis.subwindow import part
from peepcc.analysis.windows import Window, windows
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction

LEVELS = ("-O0", "-O1", "-O2", "-Os")
SEEDS = (1, 2, 3)


def cut(unit, limit):
    for function in unit.functions:
        live, facts_at = (make(unit.module, function, unit.steps, unit.facts) for make in (liveness, known))
        yield from windows(unit.module, function, unit.steps, live, facts_at, unit.facts, limit)


def weaker(less, more):
    """Whether all that is known of one is known of the other: a constant tells the rest."""
    return (
        less.constants.items() <= more.constants.items()
        and all(n in more.constants or more.zero_extended.get(n, 64) <= bits for n, bits in less.zero_extended.items())
        and all(n in more.constants or more.sign_extended.get(n, 64) <= bits for n, bits in less.sign_extended.items())
        and all(any(group <= other for other in more.equal) for group in less.equal)
    )


@pytest.mark.parametrize("level", LEVELS)
def test_a_part_is_what_analysis_makes_of_it(level, tools):
    same = less = 0
    for source in (tools.program, *map(tools.csmith, SEEDS)):
        unit = tools.compiled(source, level)
        for size in (8, 4, 2):
            own = {window.lines: window for window in cut(unit, size)}
            for window in cut(unit, 16):
                for first in range(0, len(window.source.steps), size):
                    made = part(window, first, min(first + size, len(window.source.steps)))
                    asked = own[made.lines]
                    for name in ("function", "items", "source", "live_out", "aliases", "ordered"):
                        assert getattr(made, name) == getattr(asked, name), (SEEDS, name, made, asked)
                    assert made.distance.keys() == asked.distance.keys() and all(
                        made.distance[label] >= away for label, away in asked.distance.items()
                    )
                    if made.known == asked.known:
                        same += 1
                    else:
                        less += 1
                        assert weaker(made.known, asked.known) and any(
                            step.effect.kind is not Kind.PLAIN for step in window.source.steps[:first]
                        ), (SEEDS, made, asked)
    assert same > 500 and same > 20 * less, (SEEDS, same, less)


@pytest.mark.parametrize("level", LEVELS)
def test_a_part_of_a_part_is_a_part(level, tools):
    rng, unit, seen = random.Random(SEEDS[0]), tools.compiled(tools.program, level), 0
    for whole in cut(unit, 16):
        steps = len(whole.source.steps)
        for _ in range(min(steps, 6)):
            first, start, end, last = sorted(rng.randrange(steps + 1) for _ in range(4))
            if start == end:
                continue
            once, twice = part(whole, start, end), part(part(whole, first, last), start - first, end - first)
            for name in ("items", "lines", "source", "live_out", "aliases", "known"):
                assert getattr(once, name) == getattr(twice, name), (SEEDS, name, once, twice)
            seen += 1
    assert seen > 100, seen


def window(lines, live_out, aliases=None, facts=Known()):
    items = tuple(line[:-1] if line.endswith(":") else parse_instruction(line) for line in lines)
    return Window(
        "f",
        items,
        tuple(range(len(items))),
        program(items, Encoder("clang-19")),
        live_out,
        facts,
        aliases or {},
        False,
        {},
    )


def test_a_label_that_the_part_ends_before_is_where_it_falls_through():
    whole = window(("cbz w0, .La", "mov w1, w2", ".La:", "add w0, w1, w3"), {FALL: w(0)})
    made = part(whole, 0, 2)
    assert (
        dict(made.aliases) == {".La": FALL} and dict(made.live_out) == {FALL: w(1) | w(3)} and ".La" not in made.items
    )


def test_a_label_behind_the_part_is_a_way_out():
    whole = window(("cbz w0, .La", "mov w1, w2", "mov w4, w1", ".La:", ".Lb:", "add w0, w4, w3"), {FALL: w(0)})
    made = part(whole, 0, 2)
    assert dict(made.live_out) == {FALL: w(1) | w(3), ".La": w(4) | w(3)} and dict(made.aliases) == {".Lb": ".La"}


def test_the_way_past_the_window_keeps_its_label():
    whole = window(("cbz w0, .Lend", "mov w1, w2", "mov w0, w1"), {FALL: w(0) | x(5)}, {".Lend": FALL, ".Lsame": FALL})
    made = part(whole, 0, 2)
    assert dict(made.live_out) == {FALL: w(1) | x(5), ".Lend": w(0) | x(5)} and dict(made.aliases) == {
        ".Lsame": ".Lend"
    }
    assert dict(part(whole, 1, 3).live_out) == {FALL: w(0) | x(5)}


def test_a_way_back_may_read_all():
    whole = window((".Lback:", "mov w1, w2", "cbz w1, .Lback", "mov w0, #1"), {FALL: w(0)})
    assert part(whole, 1, 2).live_out[".Lback"] == ALL
    assert dict(part(whole, 2, 3).live_out) == {FALL: w(0)} and part(whole, 0, 1).live_out[FALL] == ALL


def test_known_facts_are_carried_to_the_part_unless_a_branch_skips_what_is_before():
    facts = Known({7: 5}, {8: 3}, {9: 7}, (frozenset((1, 2, 3)),))
    straight = window(("mov w0, #4", "add w4, w7, w0", "mov w2, w9", "mov w5, w4"), {FALL: NONE}, facts=facts)
    assert part(straight, 0, 2).known == facts
    known_then = part(straight, 3, 4).known
    assert (
        known_then.constants == {0: 4, 4: 9, 7: 5}
        and known_then.zero_extended == {8: 3, 2: 32}
        and known_then.sign_extended == {9: 7}
    )
    assert known_then.equal == (frozenset((1, 3)),)
    skipping = window(("cbz w1, .La", "mov w0, #4", ".La:", "mov w5, w0"), {FALL: NONE}, facts=facts)
    assert part(skipping, 1, 2).known == Known() and part(skipping, 2, 3).known == Known()
