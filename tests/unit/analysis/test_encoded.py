"""encoded.py with the real encoder: one step per instruction, labels by index, None where nothing assembles."""

from __future__ import annotations

import pytest

from peepcc.analysis.effects import effect
from peepcc.analysis.encoded import program, steps
from peepcc.analysis.obligation import Kind
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction

ADD, BRANCH, RETURN = (parse_instruction(text) for text in ("add x0, x1, x2", "cbz w0, .LBB0_2", "ret"))
NONSENSE = parse_instruction("add x0, x1, d2")


@pytest.fixture(scope="module")
def encoder():
    return Encoder("clang-19")


def test_steps_carry_word_and_effect(encoder):
    found = steps([ADD, RETURN, ADD], encoder)
    assert [step.word for step in found] == [0x8B020020, 0xD65F03C0, 0x8B020020]
    assert [step.instruction for step in found] == [ADD, RETURN, ADD]
    assert all(step.effect == effect(step.word) and not step.relocated for step in found)


def test_no_instructions_no_steps(encoder):
    assert steps([], encoder) == ()


def test_what_does_not_assemble_is_none_and_the_others_stay(encoder):
    first, second, third = steps([ADD, NONSENSE, RETURN], encoder)
    assert (first.word, second, third.word) == (0x8B020020, None, 0xD65F03C0)


def test_only_relocations_that_are_no_branches_mark_a_step(encoder):
    lines = ("adrp x0, name", "add x0, x0, :lo12:name", "ldr x0, [x0, :lo12:name]", "bl name", "b.eq .LBB0_2")
    found = steps([parse_instruction(line) for line in lines], encoder)
    assert [step.relocated for step in found] == [True, True, True, False, False]
    assert [step.effect.kind for step in found[3:]] == [Kind.CALL, Kind.CONDITIONAL]


def test_labels_are_indices_of_the_step_after_them(encoder):
    found = program(["start", ADD, BRANCH, ADD, ".LBB0_2", "same", RETURN, "end"], encoder)
    assert dict(found.labels) == {"start": 0, ".LBB0_2": 3, "same": 3, "end": 4}
    assert [step.effect.kind for step in found.steps] == [Kind.PLAIN, Kind.CONDITIONAL, Kind.PLAIN, Kind.RETURN]


def test_an_empty_program_is_a_program(encoder):
    assert program([], encoder).steps == ()


def test_no_program_of_what_does_not_assemble_or_names_a_label_twice(encoder):
    assert program([ADD, NONSENSE], encoder) is None
    assert program(["here", ADD, "here"], encoder) is None
