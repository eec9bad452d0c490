"""The prover's judgements."""

import pytest

pytest.importorskip("pyvex")

from peepcc.validate.prove import prove
from peepcc.validate.verdict import Verdict


def test_equal_and_not(claim):
    assert prove(claim("add x0, x1, x1", "lsl x0, x1, #1")).verdict is Verdict.ACCEPTED_PROVED
    judgement = prove(claim("add w0, w1, w1", "lsl x0, x1, #1"))
    assert judgement.verdict is Verdict.REFUTED
    assert "x0" in judgement.counterexample.outcomes
