"""A counterexample of the prover is true: the emulator shows the difference on its input, and where it does not,
nothing is said.

A disagreement between the solver and the emulator on any claim is an error of ours.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from peepcc.analysis.obligation import FALL, Obligation
from peepcc.analysis.registers import ALL, NONE, x
from peepcc.lab.verify import live_parts, read_program
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.emulator.replay import Unsupported, unshown
from peepcc.validate.prover import equivalence as prove_module
from peepcc.validate.prover.equivalence import DISAGREE, prove
from peepcc.validate.verdict import Counterexample, Verdict

PAIRS = Path(__file__).parents[3] / "pairs"


def wrong_claims():
    return [path for path in sorted(PAIRS.glob("*.s")) if path.read_text().startswith("// ERROR")]


class Everywhere(dict):
    """The same live parts at every exit."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def get(self, key, default=None):
        return self.parts


@pytest.fixture(scope="module")
def judged(encoder):
    """(name, obligation, judgement) of every sixth wrong claim."""
    found = []
    for path in wrong_claims()[::6]:
        text = path.read_text()
        live = re.search(r"// live-out:(.*)", text)
        sides = [read_program(part, encoder) for part in text.split("// =>")]
        obligation = Obligation(
            *sides, Everywhere(live_parts((live[1],) if live else ())), ordered="// volatile" in text
        )
        found.append((path.stem, obligation, prove(obligation, seconds=1.0)))
    return found


def test_no_claim_divides_the_solver_and_the_emulator(judged):
    assert [
        (name, judgement.reason)
        for name, _, judgement in judged
        if judgement.reason.startswith((DISAGREE, "the two lifters"))
    ] == []
    assert [name for name, _, judgement in judged if judgement.verdict.accepted] == []
    assert sum(judgement.verdict is Verdict.REFUTED for _, _, judgement in judged) > 30


def test_what_is_shown_happens_and_its_opposite_does_not(judged):
    """The inputs are shown by the emulator, and the same outcomes turned round are not."""
    examples = [
        (obligation, judgement.counterexample)
        for _, obligation, judgement in judged
        if judgement.verdict is Verdict.REFUTED
    ]
    turned = 0
    for obligation, example in examples:
        assert unshown(obligation, example) == ()
        values = {
            name: each for name, each in example.outcomes.items() if re.fullmatch(r"[xwsdq]\d+|sp|nzcv|\[.*\]", name)
        }
        if values:
            back = replace(example, outcomes={name: (two, one) for name, (one, two) in values.items()})
            assert unshown(obligation, back) == tuple(values)
            turned += 1
    assert turned > 25


def test_the_emulator_and_the_replay_see_the_same(judged):
    """Thousands of states in one run, and one state in single steps: what the first shows the second shows too."""
    shown = 0
    for name, obligation, _ in judged:
        example = emulate(obligation).counterexample
        if example and "access" not in example.outcomes:  # outside the emulator's memory, which a replay does not have
            assert unshown(obligation, example) == (), name
            shown += 1
    assert shown > 60


@pytest.mark.parametrize(
    ("before", "after", "inputs", "outcomes", "missing"),
    [
        ("add x0, x1, x2", "sub x0, x1, x2", {"x1": "0x5", "x2": "0x3"}, {"x0": ("0x8", "0x2")}, ()),
        ("add x0, x1, x2", "sub x0, x1, x2", {"x1": "0x5", "x2": "0x0"}, {"x0": ("0x8", "0x2")}, ("x0",)),
        ("add x0, x1, x2", "sub x0, x1, x2", {"x1": "0x5", "x2": "0x0"}, {"x0": ("0x5", "0x5")}, ("x0",)),
        (
            "ldr x0, [x1]",
            "ldr w0, [x1]",
            {"x1": "0xfffffffffffffffc", "[0xfffffffffffffffc]": "0x1122334455667788"},
            {"x0": ("0x1122334455667788", "0x55667788")},
            (),
        ),
        (
            "str w0, [x1]",
            "strh w0, [x1]",
            {"x0": "0xabcd1234", "x1": "0x100000", "[0x100000]": "0x0"},
            {"[0x100002]": ("0xabcd", "0x0")},
            (),
        ),
        (
            "str w0, [x1]",
            "str w0, [x1, #4]",
            {"x0": "0x0", "x1": "0x100000"},
            {"store of 4 bytes": ("no store to all of them", "0x100004")},
            (),
        ),
        (
            "ldr x0, [x1]",
            "ldr w0, [x1]",
            {"x1": "0x100000"},
            {"load of 4 bytes": ("no access to all of them", "0x100000")},
            ("load of 4 bytes",),
        ),
        ("cbz x0, .Lout", "cbnz x0, .Lout", {"x0": "0x0"}, {"exit": (".Lout", "falls through")}, ()),
        ("cbz x0, .Lout", "cbnz x0, .Lout", {"x0": "0x1"}, {"exit": (".Lout", "falls through")}, ("exit",)),
        ("cmp x0, #0", "cmn x0, #0", {"x0": "0x0"}, {"nzcv": ("0x6", "0x4")}, ()),
        ("movi v0.2d, #0", "movi d0, #0", {}, {"q0": ("0x0", "0x1")}, ("q0",)),
        ("ret", "ret x1", {"x30": "0x10", "x1": "0x14"}, {"branch target": ("0x10", "0x14")}, ()),
        (
            "stur x0, [sp, #-16]",
            "stur x0, [sp, #-24]; stur x0, [sp, #-16]",
            {"sp": "0x100100"},
            {"access below sp": ("none", "a signal may overwrite it")},
            (),
        ),
        (
            "nop",
            "add sp, sp, #16; sub sp, sp, #16",
            {"sp": "0x100000"},
            {"frame": ("above sp", "below sp for a while, a signal may overwrite it")},
            (),
        ),
        ("nop", "sub sp, sp, #16; add sp, sp, #16", {"sp": "0x100000"}, {"frame": ("above sp", "")}, ("frame",)),
        (
            "mov x8, sp; ldr x0, [x8]",
            "mov x8, sp; ldr x0, [sp]",
            {"sp": "0x100008"},
            {"alignment of sp at an access": ("16 bytes", "less")},
            (),
        ),
        (
            "mov x8, sp; ldr x0, [x8]",
            "mov x8, sp; ldr x0, [sp]",
            {"sp": "0x100010"},
            {"alignment of sp at an access": ("16 bytes", "less")},
            ("alignment of sp at an access",),
        ),
        (
            "ldr w0, [x2]; ldr w1, [x3]",
            "ldr w1, [x3]; ldr w0, [x2]",
            {"x2": "0x100000", "x3": "0x200000"},
            {"order of accesses": ("as written", "another")},
            (),
        ),
        (
            "ldr w0, [x2]; ldr w1, [x3]",
            "ldr w1, [x3]; ldr w0, [x2]",
            {"x2": "0x100000", "x3": "0x100000"},
            {"order of accesses": ("as written", "another")},
            ("order of accesses",),
        ),
        (
            "fadd d0, d1, d2",
            "fadd d0, d2, d1",
            {"q1": "0x7ff8000000000001", "q2": "0x7ff8000000000002", "fpcr": "0x400000"},
            {"d0": ("0x7ff8000000000001", "0x7ff8000000000002")},
            (),
        ),
        ("nop", "nop", {}, {"something else": ("a", "b")}, ("something else",)),
    ],
)
def test_a_run_tells(claim, before, after, inputs, outcomes, missing):
    assert unshown(claim(before, after), Counterexample(inputs, outcomes)) == missing


def test_what_is_not_run_is_not_shown(claim):
    for text in ("dmb ish", "adrp x0, f", ".L1:; cbz x0, .L1"):
        with pytest.raises(Unsupported):
            unshown(claim(text, text), Counterexample({"x0": "0x0"}, {}))


def test_a_solver_that_is_wrong_refutes_nothing(claim, monkeypatch):
    """Its input is told, with the bytes, so that the wrong one of the two can be found."""
    obligation = claim("ubfx w0, w1, #4, #8", "and w0, w1, #0xff", live_out={FALL: x(0)})
    assert prove(obligation).verdict is Verdict.REFUTED
    monkeypatch.setattr(prove_module, "_inputs", lambda *_: {"x1": "0x0"})
    judgement = prove(obligation)
    assert (judgement.verdict, judgement.counterexample) == (Verdict.UNPROVED, None)
    assert judgement.reason == f"{DISAGREE}: outcomes x0, inputs x1=0x0; bytes 202c0453 => 201c0012"


def test_an_input_that_cannot_be_run_refutes_nothing(claim, monkeypatch):
    obligation = claim("mov w0, #1", "mov w0, #2", live_out={FALL: ALL & ~NONE})
    monkeypatch.setattr(
        "peepcc.validate.emulator.replay._Run._step", lambda *_: (_ for _ in ()).throw(Unsupported("a test"))
    )
    judgement = prove(obligation)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVED, "the solver's input cannot be run: a test")
