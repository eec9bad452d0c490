"""Every use of a rule in windows of real code, judged by the emulator and the prover as if a model had proposed it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from peepcc.analysis.encoded import program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.lab.example import from_rows, read_rows
from peepcc.optimize.edits import edited, hunks
from peepcc.propose.rules.book import packaged
from peepcc.propose.rules.engine import rewrite
from peepcc.propose.rules.shapes import agrees
from peepcc.validate.pipeline import judge
from peepcc.validate.verdict import Verdict

MODELS = Path(__file__).parents[3] / "models"
SEED = 20261201
WINDOWS = 700


@pytest.mark.parametrize("name, least", (("wild", 15), ("train-widest", 15)))
def test_no_use_is_refuted(name, least):
    rows = list(read_rows(MODELS / f"{name}.jsonl.gz"))
    encoder, confirmed = Encoder("clang-19"), 0
    chosen = random.Random(SEED).sample(rows, WINDOWS)
    for example in from_rows(chosen, encoder):
        made = rewrite(example.window, packaged())
        if made is None:
            continue
        target = program(edited(example.window, hunks(example.window, made.lines)), encoder)
        shown = f"seed {SEED}, {made.rules}: {example.source} => {[print_instruction(i) for i in made.lines]}"
        assert target is not None, shown
        assert len(target.steps) <= len(example.window.source.steps), shown
        assert all(agrees(step.instruction, step.effect) for step in target.steps), shown
        verdict = judge(example.window.obligation(target)).verdict
        assert verdict is not Verdict.REFUTED, shown
        confirmed += verdict is Verdict.ACCEPTED_PROVED
    assert confirmed >= least, confirmed
