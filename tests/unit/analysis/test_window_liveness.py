"""What a window is done with: overwritten there, nothing changes; and where a register is still needed, something
does.
"""

import random
from dataclasses import replace
from pathlib import Path

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Kind, Program
from peepcc.analysis.registers import NONE, NZCV, w, x
from peepcc.analysis.window_liveness import dying
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.example import from_rows, read_rows
from peepcc.validate.emulator.differential import emulate

SETS = Path(__file__).parents[2] / "models"
SEED = 4
SPOILT = {"x": ("movn {}, #17767, lsl #16",), "d": ("movi {}.16b, #165",), "n": ("cmn xzr, xzr", "cmp xzr, xzr")}


def of(lines, live_out, aliases=None):
    items = [line[:-1] if line.endswith(":") else parse_instruction(line) for line in lines]
    return dying(program(items, Encoder("clang-19")), live_out, aliases or {})


def test_a_register_dies_where_its_value_is_read_for_the_last_time_or_never():
    lines = ("cmp w0, #1", "csel w1, w2, w3, eq", "add x3, x1, x2", "mov w4, #7")
    assert of(lines, {FALL: x(3)}) == (("x0",), ("x3", "nzcv"), ("x1", "x2"), ("x4",))
    assert of(lines, {FALL: x(3) | x(0) | w(4) | NZCV}) == ((), ("x3",), ("x1", "x2"), ())


def test_what_any_way_out_reads_is_needed_until_then():
    lines = ("mov w1, #1", "cbz w0, .La", "mov w1, #2", "b .Lb")
    assert of(lines, {FALL: NONE, ".La": w(1), ".Lb": NONE}) == ((), ("x0",), ("x1",), ())
    assert of(lines, {FALL: NONE, ".La": NONE, ".Lb": w(1)}) == (("x1",), ("x0",), (), ())
    assert of(lines, {FALL: NONE, ".La": NONE, ".Lb": NONE, ".Lc": w(1)}, {".La": ".Lc"})[0] == ()
    assert of(("cbz w0, .Lin", "mov w1, #2", ".Lin:", "mov w0, w1", "ret"), {FALL: NONE, "ret": w(0)}) == (
        ("x0",),
        (),
        ("x1",),
        ("x30",),
    )


def test_a_way_out_that_nothing_is_known_of_and_a_way_back_need_all():
    assert of(("mov w1, #1", "b .Lx"), {FALL: NONE}) == ((), ())
    assert of((".Lback:", "mov w1, #1", "cbz w0, .Lback"), {FALL: NONE}) == ((), ())


def test_overwriting_what_is_done_with_changes_nothing_and_what_is_not_does():
    encoder, rng, done, needed, seen = Encoder("clang-19"), random.Random(SEED), 0, 0, 0
    rows = rng.sample(list(read_rows(SETS / "test.jsonl.gz")), 150)
    for example in from_rows(rows, encoder):
        window = example.window
        for n, names in enumerate(dying(window.source, window.live_out, window.aliases)):
            step = window.source.steps[n]
            if step.effect.kind is not Kind.PLAIN:
                continue
            for name in names:
                assert all(agrees(window, n, each, encoder) for each in spoilt(name)), (SEED, example.source, name, n)
                done += 1
            kept = [f"x{r}" for r in range(29) if step.effect.writes & x(r) and f"x{r}" not in names]
            for name in kept[:1]:
                seen += 1
                needed += not agrees(window, n, spoilt(name)[0], encoder)
    assert done > 250 and needed > 0.9 * seen > 200, (SEED, done, needed, seen)


def spoilt(name):
    number = name[1:]
    return [line.format(f"v{number}" if name[0] == "d" else name) for line in SPOILT[name[0]]]


def agrees(window, n, line, encoder):
    """Whether the window does the same with the line put in behind instruction n."""
    (new,) = program([parse_instruction(line)], encoder).steps
    steps = window.source.steps
    target = Program(
        (*steps[: n + 1], new, *steps[n + 1 :]), {name: at + (at > n) for name, at in window.source.labels.items()}
    )
    return emulate(replace(window.obligation(target), ordered=False), states=256).verdict.accepted
