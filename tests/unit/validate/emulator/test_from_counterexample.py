"""Counterexamples that are given: what no drawn state shows is refuted by them, and nothing else is."""

import pickle
from dataclasses import asdict

import pytest

from peepcc.analysis.obligation import Known
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.emulator.layout import RECORDS
from peepcc.validate.verdict import Counterexample, Verdict

FIRST_ROUND = 192
CONSTANTS = [0x1234567 * (n + 3) ** 5 & 0xFFFFFFFF for n in range(6)]
MOVES = [f"mov w9, #{each & 0xFFFF}; movk w9, #{each >> 16}, lsl #16; eor x{{}}, x{{}}, x9" for each in CONSTANTS]
ALL_ZERO = (
    "; orr x10, x10, x11; orr x10, x10, x12; orr x10, x10, x13; orr x10, x10, x14; orr x10, x10, x15; clz "
    "x10, x10; lsr x0, x10, #6"
)
RARE = "; ".join(move.format(10 + n, n) for n, move in enumerate(MOVES)) + ALL_ZERO
NEVER = RARE.replace("lsr x0, x10, #6", "mov x0, xzr")
LOADED = (
    "; ".join(f"ldr x{10 + n}, [x1, #{8 * n}]; " + move.format(10 + n, 10 + n) for n, move in enumerate(MOVES))
    + ALL_ZERO
)
SHOWN = Counterexample({f"x{n}": hex(each) for n, each in enumerate(CONSTANTS)}, {})


def in_memory(at):
    return Counterexample(
        {"x1": hex(at)} | {f"[{at + 8 * n:#x}]": f"{each:#018x}" for n, each in enumerate(CONSTANTS)}, {}
    )


def test_a_rare_state_that_is_given_refutes_at_once(claim):
    obligation = claim(RARE, NEVER, "x0")
    assert emulate(obligation).states > FIRST_ROUND  # only the solver finds it
    judgement = emulate(obligation, first=[SHOWN])
    assert (judgement.verdict, judgement.states) == (Verdict.REFUTED, 1)
    assert judgement.counterexample.outcomes == {"x0": ("0x1", "0x0")}
    assert judgement.counterexample.inputs.items() >= SHOWN.inputs.items()


@pytest.mark.parametrize("at", [0x1000, RECORDS + 0x4440, RECORDS + (3 << 32) + 0x40, (1 << 64) - 0x40])
def test_its_memory_comes_along_to_where_the_state_has_its_own(claim, at):
    obligation = claim(LOADED, LOADED.replace("lsr x0, x10, #6", "mov x0, xzr"), "x0")
    assert emulate(obligation).states > FIRST_ROUND
    judgement = emulate(obligation, first=[in_memory(at)])
    assert (judgement.verdict, judgement.states) == (Verdict.REFUTED, 1)


def test_a_counterexample_is_as_good_for_the_next_target_of_its_source(claim):
    """A chain of pointers, which are all moved."""
    before = "ldr x8, [x1, #16]; ldr x9, [x8, #8]; ldr x10, [x9]; add x0, x10, x2"
    shown = emulate(claim(before, before.replace("add", "sub"), "x0"))
    again = emulate(
        claim(before, before.replace("x10, x2", "x10, x2; sub x0, x0, x2; sub x0, x0, x2"), "x0"),
        first=[shown.counterexample],
    )
    assert again.verdict is Verdict.REFUTED


def test_what_is_equal_stays_accepted_on_as_many_states(claim):
    odd = Counterexample(
        {"x0": "0x5", "x77": "0x1", "rounding": "0x1", "q9": "0x1", "[0x10]": "0x0102", "nzcv": "0xf"}, {}
    )
    judgement = emulate(claim(LOADED, LOADED, "x0"), first=[SHOWN, in_memory(0x1000), odd])
    assert judgement.verdict is Verdict.ACCEPTED_EMULATED
    assert judgement.states >= 4096 + 3


def test_what_is_known_holds_in_a_given_state(claim):
    obligation = claim(RARE, NEVER, "x0", known=Known({3: 7}))
    assert emulate(obligation, first=[SHOWN]).verdict is Verdict.ACCEPTED_EMULATED


def test_a_counterexample_is_a_value(claim):
    """Its texts are made late, and are the same then."""
    first, second = (emulate(claim("add x0, x1, x2", "sub x0, x1, x2")).counterexample for _ in range(2))
    assert first == second == pickle.loads(pickle.dumps(second))
    assert asdict(first) == {"inputs": dict(second.inputs), "outcomes": dict(second.outcomes)} and first.outcomes


def test_a_pointer_far_from_what_is_accessed_comes_along(claim):
    """All of the memory that the input names is 32,000 bytes behind the pointer."""
    far = LOADED
    for n in range(6):
        far = far.replace(f"[x1, #{8 * n}]", f"[x1, #{32000 + 8 * n}]")
    at = 0x40000
    shown = Counterexample(
        {"x1": hex(at)} | {f"[{at + 32000 + 8 * n:#x}]": f"{each:#018x}" for n, each in enumerate(CONSTANTS)}, {}
    )
    obligation = claim(far, far.replace("lsr x0, x10, #6", "mov x0, xzr"), "x0")
    assert emulate(obligation).states > FIRST_ROUND
    judgement = emulate(obligation, first=[shown])
    assert (judgement.verdict, judgement.states) == (Verdict.REFUTED, 1)
