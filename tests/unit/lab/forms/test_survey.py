"""The survey: what it puts on the list, what it keeps off it, and that it can be made again."""

import json
from dataclasses import replace

import pytest

from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Register
from peepcc.lab.forms import survey as prove_survey
from peepcc.lab.forms.survey import NO_CODE, drawn, listed, main, read_instructions, survey
from peepcc.lab.verify import FEATURES, newest_clang
from peepcc.validate.prover.form_allowlist import form
from peepcc.validate.prover.lift.corrections import lifted
from peepcc.validate.prover.symbolic import paths as prove_run

LINES = [
    "add x\t1\tadd x0, x1, x2",
    "add x0, x1, x2",
    "cbz x0, .+0x40",
    "ldr w0, [x1, #4]",
    "fmadd d0, d1, d2, d3",
    "ret",
    "dmb ish",
    "fmulx d0, d1, d2",
    "no instruction at all!",
    "ldar w0, [x1]",
    "ldr x0, [x0], #8",
]


def test_instructions_are_read_once_and_labels_are_labels():
    found = read_instructions(LINES)
    assert found == tuple(
        map(
            parse_instruction,
            (
                "add x0, x1, x2",
                "cbz x0, .Lout",
                "ldr w0, [x1, #4]",
                "fmadd d0, d1, d2, d3",
                "ret",
                "dmb ish",
                "fmulx d0, d1, d2",
                "ldar w0, [x1]",
                "ldr x0, [x0], #8",
            ),
        )
    )


@pytest.fixture(scope="module")
def encoder():
    return Encoder(newest_clang(), FEATURES)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The lists that the command makes of the lines, and then of its own list."""
    folder = tmp_path_factory.mktemp("survey")
    lines, path = folder / "lines.tsv", folder / "forms.json"
    lines.write_text("\n".join(LINES) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prove_survey, "LIST", path)
        main([newest_clang(), str(lines)])
        first = path.read_text()
        main([newest_clang(), str(path)])
        return first, path.read_text()


def test_the_command_makes_the_same_list_of_its_own_list(made):
    first, second = made
    assert first == second


def test_what_agrees_is_listed_and_what_does_not_is_named_with_its_reason(made):
    data = json.loads(made[0])
    assert list(data["tested"]) == ["add x x x", "cbz x label", "fmadd d d d d", "ldr w [x #]", "ret"]
    assert data["tested"]["ldr w [x #]"] == ["ldr w0, [x1, #4]"]
    assert list(data["refused"]) == ["dmb ish", "fmulx d d d", "ldar w [x]"]  # what does not assemble is nowhere
    assert data["refused"]["dmb ish"] == {"why": "must stay as it is", "examples": ["dmb ish"]}
    assert data["refused"]["fmulx d d d"]["why"].startswith("q0: terms")
    assert (data["states"], set(data["versions"])) == (2000, {"pyvex", "archinfo", "unicorn"})


@pytest.mark.parametrize(
    ("text", "as_if", "wrong"),
    [
        ("add x0, x1, x2", "sub x0, x1, x2", "x0: terms"),
        ("adds x0, x1, x2", "subs x0, x1, x2", "terms"),
        ("cmp x1, x2", "cmp x2, x1", "nzcv: terms"),
        ("ldr w0, [x1]", "ldr w0, [x1, #4]", "disagree"),
        ("strh w0, [x1]", "strb w0, [x1]", "disagree"),
        ("stp w0, w2, [x1]", "stp w2, w0, [x1]", "memory"),
        ("cbz w0, .Lout", "cbz x0, .Lout", "another way out"),
        ("ret", "ret x1", "no meaning for x1"),
        ("csel w0, w1, w2, hi", "csel w0, w1, w2, hs", "x0: terms"),
        ("asr w0, w1, #31", "lsr w0, w1, #31", "x0: terms"),
        ("fadd d0, d1, d2", "fadd d0, d2, d1", "q0: terms"),
        ("fmin s0, s1, s2", "fminnm s0, s1, s2", "q0: terms"),
        ("add v0.4s, v1.4s, v2.4s", "add v0.8h, v1.8h, v2.8h", "q0: terms"),
        ("sxtw x0, w1", "uxtw x0, w1", "x0: terms"),
    ],
)
def test_a_lifter_that_takes_it_for_another_is_found(encoder, monkeypatch, text, as_if, wrong):
    other = encoder.encode([as_if])[0].word
    assert [each.wrong for each in survey([parse_instruction(text)], encoder)] == [""]
    monkeypatch.setattr(prove_run, "lifted", lambda word: lifted(other))
    (found,) = survey([parse_instruction(text)], encoder)
    assert wrong in found.wrong
    assert listed([found])["tested"] == {}


def test_one_wrong_example_keeps_the_form_off_the_list(encoder):
    (right,) = survey([parse_instruction("add x0, x1, x2")], encoder, states=50)
    wrong = prove_survey.Outcome(parse_instruction("add x3, x4, x5"), 7, "x3: terms 0x0, emulator 0x1")
    nothing = prove_survey.Outcome(parse_instruction("add x3, x4, x6"), 0, NO_CODE, untried=True)
    assert list(listed([right, nothing])["tested"]) == ["add x x x"]
    assert listed([right, wrong])["refused"] == {
        "add x x x": {"why": wrong.wrong, "examples": ["add x0, x1, x2", "add x3, x4, x5"]}
    }
    refused = listed([right], [wrong])["refused"]
    assert refused == {
        "add x x x": {"why": f"add x3, x4, x5: {wrong.wrong}", "examples": ["add x0, x1, x2", "add x3, x4, x5"]}
    }
    untried = prove_survey.Outcome(parse_instruction("add x3, x4, x5"), 0, "too few states are valid", untried=True)
    assert listed([right], [untried])["tested"] == {"add x x x": ["add x0, x1, x2"]}


@pytest.mark.parametrize(
    "text",
    [
        "ushr v0.4s, v1.4s, #3",
        "ldr w0, [x1, w2, sxtw #2]",
        "mov v0.s[1], v1.s[2]",
        "csel x0, x1, x2, lt",
        "st2 { v0.8b, v1.8b }, [x2]",
        "add x0, sp, #1, lsl #12",
    ],
)
def test_variants_are_others_of_the_form(encoder, text):
    (given,) = survey([parse_instruction(text)], encoder, states=50)
    found = drawn([given], encoder)
    assert 4 <= len(found) == len(set(found)) <= 6 and given.instruction not in found
    assert {form(each) for each in found} == {form(given.instruction)}
    assert found == drawn([given], encoder)
    assert drawn([replace(given, wrong="x0")], encoder) == ()
    operands = [
        tuple(each.operands[k] for each in (given.instruction, *found)) for k in range(len(given.instruction.operands))
    ]
    assert all(len(set(each)) > 2 for each in operands if each[0] != Register("sp"))


def test_a_variant_that_is_lifted_wrongly_is_found(encoder, monkeypatch):
    """The example is right, and one immediate of six is not."""
    given = survey([parse_instruction("ushr v0.4s, v1.4s, #3")], encoder, states=50)
    others = drawn(given, encoder)
    bad = encoder.encode([print_instruction(others[2])])[0].word
    monkeypatch.setattr(prove_run, "lifted", lambda word: lifted(word ^ 1 << 16 if word == bad else word))
    data = listed(given, survey(others, encoder, states=200))
    assert (data["tested"], list(data["refused"])) == ({}, ["ushr v.4s v.4s #"])


def test_it_is_the_same_for_the_same_seed(encoder):
    instructions = [parse_instruction(text) for text in ("fmulx d0, d1, d2", "frinta v0.4s, v1.4s")]
    once, again, other = (survey(instructions, encoder, seed=seed) for seed in (3, 3, 4))
    assert once == again and once != other
