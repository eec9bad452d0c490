"""Checksums, AES, SHA and polynomial products: the terms agree with the emulator, their values with standards."""

import zlib

import pytest

from peepcc.analysis.obligation import Known
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.forms.crypto_semantics import interpret
from peepcc.lab.forms.survey import drawn, survey
from peepcc.validate.prover.form_allowlist import form, forms
from peepcc.validate.prover.lift.corrections import lifted
from peepcc.validate.prover.lift.crypto_ops import checksum
from peepcc.validate.prover.symbolic import paths as prove_run
from peepcc.validate.prover.symbolic.entry import entry
from peepcc.validate.prover.terms.term import Evaluator

CHECKSUMS = [f"crc32{kind}{size} w0, w1, {'x' if size == 'x' else 'w'}2" for kind in ("", "c") for size in "bhwx"]
OTHERS = [
    "aese v0.16b, v1.16b",
    "aesd v0.16b, v1.16b",
    "aesmc v0.16b, v1.16b",
    "aesimc v0.16b, v1.16b",
    "sha1c q0, s1, v2.4s",
    "sha1p q0, s1, v2.4s",
    "sha1m q0, s1, v2.4s",
    "sha1h s0, s1",
    "sha1su0 v0.4s, v1.4s, v2.4s",
    "sha1su1 v0.4s, v1.4s",
    "sha256h q0, q1, v2.4s",
    "sha256h2 q0, q1, v2.4s",
    "sha256su0 v0.4s, v1.4s",
    "sha256su1 v0.4s, v1.4s, v2.4s",
    "pmull v0.1q, v1.1d, v2.1d",
    "pmull2 v0.1q, v1.2d, v2.2d",
]
INSTRUCTIONS = [parse_instruction(text) for text in (*CHECKSUMS, *OTHERS)]


def test_they_agree_with_the_emulator_whatever_the_registers(encoder):
    found = survey(INSTRUCTIONS, encoder, states=500, seed=4)
    assert [(each.instruction, each.wrong) for each in found if each.wrong] == []
    others = survey(drawn(found, encoder), encoder, states=100, seed=4)
    assert [(each.instruction, each.wrong) for each in others if each.wrong] == []
    assert len(others) == 6 * len(INSTRUCTIONS)
    assert {form(each) for each in INSTRUCTIONS} <= forms().tested


@pytest.mark.parametrize(
    ("text", "as_if"),
    [
        ("aese v0.16b, v1.16b", "aesd v0.16b, v1.16b"),
        ("aesmc v0.16b, v1.16b", "aesimc v0.16b, v1.16b"),
        ("sha1c q0, s1, v2.4s", "sha1m q0, s1, v2.4s"),
        ("sha256h q0, q1, v2.4s", "sha256h2 q0, q1, v2.4s"),
        ("sha256su1 v0.4s, v1.4s, v2.4s", "sha256su1 v0.4s, v2.4s, v1.4s"),
        ("sha1su1 v0.4s, v1.4s", "sha256su0 v0.4s, v1.4s"),
        ("pmull v0.1q, v1.1d, v2.1d", "pmull2 v0.1q, v1.2d, v2.2d"),
        ("crc32b w0, w1, w2", "crc32h w0, w1, w2"),
        ("crc32w w0, w1, w2", "crc32cw w0, w1, w2"),
        ("crc32x w0, w1, x2", "crc32w w0, w1, w2"),
        ("crc32h w0, w1, w2", "crc32h w0, w2, w1"),
    ],
)
def test_one_that_is_taken_for_another_is_found(encoder, monkeypatch, text, as_if):
    other = encoder.encode([as_if])[0].word
    monkeypatch.setattr(prove_run, "lifted", lambda word: lifted(other))
    (found,) = survey([parse_instruction(text)], encoder, states=500)
    assert "0: terms" in found.wrong


@pytest.mark.parametrize(("call", "check"), [("arm64g_calc_crc32b", 0xCBF43926), ("arm64g_calc_crc32cb", 0xE3069283)])
def test_the_checksum_of_nine_digits_is_the_known_one(call, check):
    terms = entry(Known(), {}, havoc=False).terms
    found = terms.const(0xFFFFFFFF, 64)
    for byte in b"123456789":
        found = checksum(terms, call, (found, terms.const(byte, 64)))
    assert (found.op, found.data ^ 0xFFFFFFFF) == ("const", check)


def test_the_checksum_is_zlibs():
    terms = entry(Known(), {}, havoc=False).terms
    evaluator = Evaluator((checksum(terms, "arm64g_calc_crc32x", (terms.var("sum", 64), terms.var("data", 64))),))
    for data in (0, 1, 0x0123456789ABCDEF, (1 << 64) - 1):
        (found,) = evaluator({"sum": 0xFFFFFFFF, "data": data}, lambda _: 0, interpret)
        assert found ^ 0xFFFFFFFF == zlib.crc32(data.to_bytes(8, "little"))
    assert checksum(terms, "arm64g_calculate_flag_c", ()) is None


def test_a_round_of_aes_is_that_of_the_standard():
    """FIPS 197, appendix B: the state after the first round is that before its key is added."""
    texts = "3243f6a8885a308d313198a2e0370734", "2b7e151628aed2a6abf7158809cf4f3c"
    state, key = (int.from_bytes(bytes.fromhex(text), "little") for text in texts)
    mixed = interpret("aesmc", (interpret("aese", (state ^ key,), 128),), 128)
    assert mixed.to_bytes(16, "little").hex() == "046681e5e0cb199a48f8d37a2806264c"
    assert interpret("aesimc", (mixed,), 128) == interpret("aese", (state ^ key,), 128)
    assert interpret("aesd", (interpret("aese", (state,), 128),), 128) == state
