"""Each teacher and maker: what it must find in a window made by hand, and how often it is right on seeded windows of
real C.
"""

import random
import subprocess
from pathlib import Path

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.lab.teachers import MAKERS, TEACHERS
from peepcc.lab.verify import newest_clang

from ....support.teacher_checks import judged, window

EXAMPLES = Path(__file__).parents[4] / "examples" / "small"

# teacher, source, live at the fall-through, live at label L, widths known, what it must make of it or something as
# short
FOUND = [
    ("rules", "mov x8, x0; add x2, x8, #4", "x2", "", {}, "add x2, x0, #4"),
    ("combine", "add x8, x1, #1; sub x8, x8, #1; add x0, x8, x2", "x0", "", {}, "add x0, x1, x2"),
    ("combine", "ldr w8, [x1, #4]; ldr w9, [x1, #4]; add w0, w8, w9", "w0", "", {}, "ldr w8, [x1, #4]; lsl w0, w8, #1"),
    ("combine", "str w0, [x1]; ldr w2, [x1]; add w2, w2, #1", "w2", "", {}, "str w0, [x1]; add w2, w0, #1"),
    ("combine", "and w8, w0, #255; cmp w8, #0; b.eq .L", "", "", {0: 8}, "cbz w0, .L"),
    ("combine", "lsl w8, w0, #24; asr w9, w8, #24; add w0, w9, #1", "w0", "", {}, "sxtb w8, w0; add w0, w8, #1"),
    ("search", "mvn w8, w9; lsr w8, w8, #31; eor w8, w8, #1", "w8 w9", "", {}, "lsr w8, w9, #31"),
    ("search", "lsr w10, w8, #1; cmp w8, #1; b.ls .L", "w10", "w10", {}, "lsr w10, w8, #1; cbz w10, .L"),
    ("search", "sub w8, w0, w1; cmp w8, #0; b.eq .L", "", "", {}, "sub w8, w0, w1; cbz w8, .L"),
    (
        "search",
        "sub w0, w0, #1; mov x9, x2; cmp w0, #0; b.eq .L",
        "w0 x9",
        "w0",
        {},
        "subs w0, w0, #1; mov x9, x2; b.eq .L",
    ),
    (
        "search",
        "add w8, w0, w0; add w8, w8, w0; lsl w8, w8, #1; sub w8, w8, w0; add w0, w8, #4",
        "w0",
        "",
        {},
        "add w8, w0, w0, lsl #2; add w0, w8, #4",
    ),
    ("search", "add w0, w0, #1; and w1, w1, #255", "w0 x1", "", {1: 8}, "add w0, w0, #1"),
]
# source, live at the fall-through: a model finds most of these, which ones depends on its training
LEARNT = [
    ("str w8, [sp, #12]; ldr w8, [sp, #12]; mov w0, w8", "w0"),
    ("str w8, [sp, #12]; ldr w0, [sp, #12]", "w0"),
    ("str w0, [sp, #12]; ldr w8, [sp, #12]; add w0, w8, #1", "w0"),
    ("str x0, [sp, #8]; ldr x8, [sp, #8]; ldr w0, [x8]", "w0"),
    ("mov x8, x0; add x2, x8, #4", "x2"),
]
# source, live at the fall-through: nobody has anything better to say
GOOD = [
    ("add x0, x1, x2", "x0"),
    ("ldr x0, [x1]; ldr x1, [x0, #8]", "x0 x1"),
    ("madd w0, w1, w2, w0; str w0, [x3]", "w0"),
    ("cmp x0, x1; csel x0, x0, x1, lo", "x0"),
]


@pytest.fixture(scope="module")
def encoder():
    return Encoder(newest_clang())


def compiled(level, sources, encoder):
    found = []
    for source in sources:
        flags = [newest_clang(), "--target=aarch64-linux-gnu", level]
        bitcode = subprocess.run(
            [*flags, "-c", "-emit-llvm", str(source), "-o", "-"], capture_output=True, check=True
        ).stdout
        text = subprocess.run(
            [*flags, "-x", "ir", "-Xclang", "-disable-llvm-passes", "-S", "-", "-o", "-"],
            input=bitcode,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found += [
            each
            for cut in (12, 6)
            for each in analyse(text, bitcode, encoder).windows(cut)
            if len(each.source.steps) > 1
        ]
    return found


@pytest.fixture(scope="module")
def windows(encoder):
    """Windows of small C programs at three levels, by level."""
    return {level: compiled(level, sorted(EXAMPLES.glob("*.c")), encoder) for level in ("-O1", "-O2", "-Os")}


@pytest.fixture(scope="module")
def worse(windows, encoder):
    """(worse window, its better body), seeded."""
    some = random.Random(5).sample([each for level in windows.values() for each in level], 90)
    return list(MAKERS["deoptimise"]().make(some, encoder, random.Random(7)))


def printed(lines):
    return tuple(print_instruction(parse_instruction(line)) for line in lines)


@pytest.mark.parametrize("name, source, live, exit_live, narrow, target", FOUND)
def test_a_teacher_finds_what_it_is_for(name, source, live, exit_live, narrow, target, encoder):
    asked = window(source, live, exit_live, narrow, encoder)
    lines = next(TEACHERS[name]().teach(asked, encoder))
    assert len(lines) == len(target.split("; ")), lines
    assert judged(asked, lines, encoder).accepted


def test_the_model_teaches_what_it_has_learnt(encoder):
    teacher, right = TEACHERS["model"](), 0
    for source, live in LEARNT:
        asked = window(source, live, "", {}, encoder)
        right += judged(asked, next(teacher.teach(asked, encoder)), encoder).accepted
    assert right >= 4


@pytest.mark.parametrize("name", TEACHERS)
@pytest.mark.parametrize("source, live", GOOD)
def test_a_teacher_has_nothing_to_say_of_good_code(name, source, live, encoder):
    assert list(TEACHERS[name]().teach(window(source, live, "", {}, encoder), encoder)) == []


# teacher, of the worse windows: the least share that it finds something in, the least share of that which is right
@pytest.mark.parametrize(
    "name, found, right", [("rules", 0.5, 0.95), ("combine", 0.5, 0.95), ("search", 0.4, 0.99), ("model", 0.4, 0.6)]
)
def test_a_teacher_is_mostly_right_and_never_longer(name, found, right, worse, encoder):
    """The model on what it is for: code that is not optimised."""
    teacher = TEACHERS[name]()
    given = (
        [each for each, _ in worse[::4]] if name != "model" else compiled("-O0", [EXAMPLES / "life.c"], encoder)[::3]
    )
    proposals = [(each, lines) for each in given if (lines := next(teacher.teach(each, encoder), None)) is not None]
    encoder.encode([line for _, lines in proposals for line in lines])
    accepted = [judged(each, lines, encoder).accepted for each, lines in proposals]
    assert len(proposals) >= found * len(given)
    assert sum(accepted) >= right * len(accepted)
    assert all(len(lines) <= len(each.source.steps) for each, lines in proposals)


def test_equal_windows_are_taught_equally(worse):
    """By teachers that know nothing of each other, with assemblers that remember nothing."""
    for name in ("rules", "combine", "search"):
        twice = [
            [list(TEACHERS[name]().teach(each, Encoder(newest_clang()))) for each, _ in worse[:6]] for _ in range(2)
        ]
        assert twice[0] == twice[1]


def test_deoptimised_windows_are_longer_and_the_good_body_is_right(worse, encoder):
    verdicts = [judged(each, good, encoder).accepted for each, good in worse]
    assert len(worse) > 120
    assert sum(verdicts) >= 0.98 * len(verdicts)
    assert all(len(each.source.steps) > len(good) for each, good in worse)


def test_deoptimising_hangs_on_the_seed_alone(windows, encoder):
    some = windows["-O2"][:20]
    once, again, other = (
        [(each.items, good) for each, good in MAKERS["deoptimise"]().make(some, encoder, random.Random(seed))]
        for seed in (1, 1, 2)
    )
    assert once == again != other


def test_harvest_takes_the_shorter_of_two_levels(encoder):
    long = window("mov w8, w0; add w9, w8, w1; mov w0, w9; str w0, [x2]", "w0", "", {}, encoder)
    short = window("add w5, w1, w3; str w5, [x4]", "w5", "", {}, encoder)
    other = window("sub w5, w1, w3; str w5, [x4]", "w5", "", {}, encoder)
    made = list(MAKERS["harvest"]().make([long, other, short], encoder, random.Random(1)))
    assert [each.items for each, _ in made] == [long.items]
    assert printed(made[0][1]) in (("add w0, w0, w1", "str w0, [x2]"), ("add w0, w1, w0", "str w0, [x2]"))
    assert judged(*made[0], encoder).accepted


def test_harvest_finds_the_good_window_of_a_worse_one(windows, worse, encoder):
    """Real windows stand for one level, the same made worse for another."""
    made = list(
        MAKERS["harvest"]().make(
            [*(each for each, _ in worse), *(each for level in windows.values() for each in level)],
            encoder,
            random.Random(1),
        )
    )
    encoder.encode([line for _, lines in made for line in lines])
    verdicts = [judged(each, lines, encoder).accepted for each, lines in made]
    assert len(made) >= 15
    assert sum(verdicts) >= 0.9 * len(verdicts)
    assert all(len(lines) < len(each.source.steps) for each, lines in made)
