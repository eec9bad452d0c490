"""The list of forms still holds: a sample is compared with the emulator again, and with the second lifter."""

import json
import random
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from peepcc.analysis.encoded import program, steps
from peepcc.analysis.left_alone.barriers import region_of
from peepcc.assembly.parse import parse_instruction, parse_module
from peepcc.assembly.print import print_instruction
from peepcc.lab.forms.survey import STATES, Outcome, drawn, listed, survey
from peepcc.lab.verify import newest_clang
from peepcc.validate.prover.form_allowlist import LIST, form, forms
from peepcc.validate.prover.lift import pcode as prove_second
from peepcc.validate.prover.lift.corrections import lifted
from peepcc.validate.prover.lift.pcode import AGREE, DISAGREE, NO_OPINION, opinion

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture(scope="module")
def data():
    return json.loads(LIST.read_text())


@pytest.fixture(scope="module")
def sample(data):
    examples = [text for found in data["tested"].values() for text in found]
    return [parse_instruction(text) for text in random.Random(5).sample(examples, 120)]


def test_the_list_is_as_long_as_it_says(data):
    assert data["states"] == STATES >= 2000
    assert forms().hold
    assert len(data["tested"]) > 3500
    assert not set(data["tested"]) & set(data["refused"])
    for key, examples in list(data["tested"].items())[::20]:
        assert {form(parse_instruction(text)) for text in examples} == {key}


def test_the_list_is_of_the_libraries_that_are_installed(data):
    assert data["versions"] == {name: version(name) for name in ("pyvex", "archinfo", "unicorn")}


def test_a_sample_agrees_with_the_emulator(sample, encoder):
    """On as many states as the list promises, and others than it was made with."""
    found = survey(sample, encoder, seed=9)
    assert [(each.instruction, each.wrong) for each in found if each.wrong] == []
    assert all(each.states >= STATES for each in found)


def test_other_registers_and_immediates_agree_too(sample, encoder):
    given = [Outcome(each, STATES, "") for each in sample[:25]]
    found = survey(drawn(given, encoder), encoder, states=100, seed=9)
    assert [(each.instruction, each.wrong) for each in found if each.wrong and not each.untried] == []
    assert sum(not each.wrong for each in found) > 120


@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2", "-Os"])
def test_what_a_compiler_makes_is_on_the_list_or_named(data, level, encoder):
    """Of our examples; `peeplab bench proof` tells it of any program."""
    command = [newest_clang(), "--target=aarch64-linux-gnu", level, "-S", "-o", "-"]
    made = [
        subprocess.run([*command, path], check=True, capture_output=True, text=True).stdout
        for path in sorted(EXAMPLES.rglob("*.c"))
    ]
    instructions = {
        line.instruction for text in made for line in parse_module(text).lines if line.instruction and line.readable
    }
    assert len(instructions) > 300
    found = steps(sorted(instructions, key=print_instruction), encoder)
    missing = (
        {form(each.instruction) for each in found if region_of(each) is None}
        - set(data["tested"])
        - set(data["refused"])
    )
    assert missing == set()


def test_what_is_known_to_be_wrong_is_found(encoder):
    """The survey tells an instruction that is lifted as another one."""
    found = survey(
        [parse_instruction(text) for text in ("fmaxv s0, v1.4s", "faddp v0.4s, v1.4s, v2.4s", "ldar w0, [x1]")],
        encoder,
        states=500,
    )
    assert all(each.wrong for each in found)
    assert listed(found)["tested"] == {}


def test_the_second_lifter_agrees(sample, encoder):
    steps = [program([each], encoder).steps[0] for each in sample]
    opinions = [opinion(step, lifted(step.word)) for step in steps]
    assert DISAGREE not in opinions
    assert opinions.count(AGREE) > 20


def test_the_second_lifter_sees_a_difference(encoder):
    one, two = (
        program([parse_instruction(text)], encoder).steps[0] for text in ("adds x20, x21, x22", "adds x20, x22, x21")
    )
    assert opinion(one, lifted(two.word)) == AGREE
    wrong = program([parse_instruction("subs x20, x21, x22")], encoder).steps[0]
    other = program([parse_instruction("adds x20, x21, x23")], encoder).steps[0]
    assert opinion(wrong, lifted(two.word)) == DISAGREE
    assert opinion(other, lifted(two.word)) == DISAGREE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sbcs xzr, x1, x2", AGREE),
        ("sbcs w0, w1, w2", AGREE),
        ("adcs wzr, w1, w2", AGREE),
        ("sbcs wzr, w1, w2", NO_OPINION),
        ("ngcs wzr, w2", NO_OPINION),
    ],
)
def test_where_p_code_is_wrong_it_is_not_asked(encoder, monkeypatch, text, expected):
    """It takes N and Z of 0 where the result of a word is dropped; the emulator says what the first lifter says."""
    monkeypatch.setattr(prove_second, "_SECONDS", 10.0)
    prove_second._opinion.cache_clear()
    (step,) = program([parse_instruction(text)], encoder).steps
    assert opinion(step, lifted(step.word)) == expected
    assert [each.wrong for each in survey([parse_instruction(text)], encoder, states=500)] == [""]
    assert form(parse_instruction(text)) in forms().tested
