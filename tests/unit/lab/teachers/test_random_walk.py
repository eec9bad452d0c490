"""The walk of `search`: what it finds that enumeration does not, that seed and bound are all it hangs on, and that its
pool says what it computes.
"""

from itertools import islice

import numpy as np
import pytest

from peepcc.assembly.encode import Encoder
from peepcc.assembly.syntax import Instruction, Register
from peepcc.lab.teachers.search.pool import Words, inserts, pool
from peepcc.lab.teachers.search.random_walk import Walk
from peepcc.lab.teachers.search.teacher import Search, enumerated
from peepcc.lab.teachers.search.vector_eval import Vector, Vectors
from peepcc.lab.teachers.semantics import State
from peepcc.lab.verify import newest_clang

from ....support.teacher_checks import judged, window

# source, live at the fall-through, widths known, instructions that are enough
FOUND = [
    ("lsl w8, w1, #8; sub w8, w8, w1; add w8, w8, w9; lsr w0, w8, #16", "w0", {}, 3),
    ("cset w8, gt; fcmp d7, d1; cset w9, le; eor w8, w8, w9; tbnz w8, #0, .L", "", {}, 4),
    ("lsr w9, w9, #4; mul w24, w8, w23; add x26, x10, w24, uxtw #1; add x27, x8, x9", "x26 x27", {9: 32}, 3),
]
# w9 is 0 unless w0 is one number of 2^32
RARE = "mov w8, #20057; movk w8, #3, lsl #16; cmp w0, w8; cset w9, eq; orr w0, w1, w9"
NUMBER = 3 << 16 | 20057
WORDS = Words(
    ("x1", "x2", "x3", "x4"), (0, 1, 7, 255), (1, 255, 65280), (1, 3, 17), ((3, 5), (0, 7), (12, 8)), ("lt", "hs"), True
)


@pytest.fixture(scope="module")
def encoder():
    return Encoder(newest_clang())


@pytest.mark.parametrize("source, live, narrow, enough", FOUND)
def test_it_finds_what_enumeration_does_not(source, live, narrow, enough, encoder):
    asked = window(source, live, "", narrow, encoder)
    assert enumerated(asked, encoder)[1] is None
    lines = next(Search().teach(asked, encoder))
    assert len(lines) == enough
    assert judged(asked, lines, encoder).accepted


def test_the_seed_alone_says_where_it_goes(encoder):
    asked = window(*FOUND[0][:2], "", {}, encoder)
    walks = [Walk(asked, seed) for seed in (1, 1, 2)]
    once, again, other = ([*walk.bodies()] for walk in walks)
    assert once == again != other
    assert walks[0].looked == walks[1].looked != walks[2].looked


def test_it_looks_at_no_more_than_it_may(encoder):
    """It makes no start beyond the bound; one start is five moves over pools of a few thousand."""
    asked = window(*FOUND[2][:2], "", FOUND[2][2], encoder)
    for most in (5_000, 40_000):
        walk = Walk(asked, 1, most=most)
        list(walk.bodies())
        assert most <= walk.looked < most + 30_000
    none = Walk(asked, 1, most=0)
    assert list(none.bodies()) == [] and none.looked == 0


def test_a_state_that_refuted_is_not_forgotten(encoder):
    asked = window(RARE, "w0", "", {}, encoder)
    wrong = [body for body in islice(Walk(asked, 1).bodies(), 3) if not judged(asked, body, encoder).accepted]
    assert wrong
    shown = [{"x0": NUMBER, "x1": 0}, {"x0": NUMBER, "x1": 6}]
    assert not set(wrong) & set(Walk(asked, 1, shown).bodies())
    assert all(judged(asked, lines, encoder).accepted for lines in Search().teach(asked, encoder))


def test_code_without_slack_is_not_walked(encoder):
    """Three values that somebody reads take three instructions."""
    walk = Walk(window("add w3, w0, w1; eor w4, w0, w2; sub w5, w1, w2", "w3 w4 w5", "", {}, encoder), 1)
    assert list(walk.bodies()) == [] and walk.looked == 0


@pytest.mark.parametrize("bits", [32, 64])
def test_the_pool_computes_what_its_lines_say(bits):
    """Against `semantics`, line by line."""
    rng = np.random.default_rng(bits)
    rows = rng.integers(0, 1 << 64, (4, 12), np.uint64) >> rng.integers(0, 60, (4, 12)).astype(np.uint64)
    to = Register("x5" if bits == 64 else "w5")

    def state():
        made = State(
            Vectors(12),
            {name: Vector(64, row) for name, row in zip((*WORDS.registers, "x5"), (*rows, rows[0] * np.uint64(3)))},
        )
        made.run(Instruction("cmp", (Register("x1"), Register("x2"))))
        return made

    holds = {condition: state().holds(condition).array != 0 for condition in WORDS.conditions}
    for lines in (pool(WORDS, rows, bits, holds), inserts(WORDS, rows, bits, state().registers["x5"].array)):
        for line, values in enumerate(lines.values):
            mnemonic, operands = lines.at(line)
            ran = state()
            ran.run(Instruction(mnemonic, (to, *operands)))
            assert (ran.registers["x5"].array == values).all(), (mnemonic, operands)
        assert len(lines.values) > 20
