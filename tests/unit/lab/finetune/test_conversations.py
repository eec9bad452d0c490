"""Conversations to learn from: what they claim is true, whoever is asked about it, and a model can learn to work so."""

import random
import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch

from peepcc.lab.evaluation.chat.chain_of_code import Run, read, snippets, without_snippets
from peepcc.lab.evaluation.chat.prompt import CODE, DIRECT, REPAIR, THOUGHT
from peepcc.lab.evaluation.chat.prompting_modes import opening
from peepcc.lab.evaluation.chat.sandbox import results
from peepcc.lab.evaluation.scoring import Status
from peepcc.lab.example import from_rows, read_rows
from peepcc.lab.finetune.command import finetune
from peepcc.lab.finetune.conversations import Worked
from peepcc.lab.finetune.model import words
from peepcc.lab.finetune.recipe import TEACHABLE, BadRecipe, read_recipe
from peepcc.lab.finetune.supervised import spoken
from peepcc.propose.request import request_of
from peepcc.propose.server import chat

from ....support.examples import CLANG, encoder, example, judged
from ....support.tiny_models import tiny

ROOT = Path(__file__).parents[4]
REAL = 120
SEED = 1


@pytest.fixture(scope="module")
def real():
    """Every third of the first windows of real packages: with loads, branches, floats, and some with nothing to
    gain.
    """
    return tuple(from_rows(islice(read_rows(ROOT / "tests/models/test.jsonl.gz"), 0, 3 * REAL, 3), encoder()))


@pytest.fixture(scope="module")
def few(real):
    return real[:30]  # where judges are asked about each


def talks(examples, mode, seed="1"):
    worked = Worked(CLANG, SEED)
    made = ((each, worked.conversation(each, mode, random.Random(f"{seed} {n}"))) for n, each in enumerate(examples))
    return [(each, turns) for each, turns in made if turns]


def tried(text):
    """The lines that a block of code tries."""
    return next(
        command.lines for command in read(snippets(text)[0]) if isinstance(command, Run) and command.lines is not None
    )


@pytest.mark.parametrize("mode", TEACHABLE)
def test_the_last_word_is_the_target_and_equal_seeds_say_the_same(real, few, mode):
    real = few if mode == REPAIR else real
    found = talks(real, mode)
    assert found == talks(real, mode)
    assert len(found) > len(real) / 2 and {each.improved for each, _ in found} == {True, False}
    for each, turns in found:
        assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2) and turns[-1].taught
        assert not any(turn.taught for turn in turns if turn.role == "user")
        assert chat.lines(request_of(each.window), without_snippets(turns[-1].text)) == (
            each.target if each.improved else each.source
        )


@pytest.mark.parametrize("mode", (DIRECT, THOUGHT, CODE))
def test_the_first_question_is_the_one_of_the_mode(real, mode):
    assert all(turns[0].text == opening(each, mode) for each, turns in talks(real, mode))


def test_code_is_run_as_shown_and_what_is_said_of_it_is_so(real):
    different, same = 0, 0
    for each, turns in talks(real, CODE):
        for said, shown, after in zip(turns[1::2], turns[2::2], turns[3::2]):
            assert results(snippets(said.text)[0], each.window, encoder()) in shown.text
            right = judged(each, " / ".join(tried(said.text))).status is not Status.REFUTED
            assert after.text.startswith("Both leave the same." if right else "They differ in ")
            assert said.taught == right  # a mistake is read, and not learnt
            same, different = same + right, different + (not right)
    assert same > 20 and different > 20


def test_a_difference_is_named_by_what_is_read_later():
    """x8 differs too, and nobody reads it."""
    each = example("add x8, x1, #1 / add x0, x8, #1", "x0", "add x0, x1, #2")
    for seed in range(20):
        for turn in Worked(CLANG, SEED).conversation(each, CODE, random.Random(seed))[3::2]:
            assert re.match(r"They differ in x0: |Both leave the same\.\n", turn.text)


def test_what_is_refused_was_wrong_or_no_gain(few):
    for each, turns in talks(few, REPAIR):
        found = judged(each, " / ".join(chat.lines(request_of(each.window), turns[1].text)))
        assert found.complaint and found.complaint in turns[2].text and not turns[1].taught


def test_a_window_that_follows_a_loaded_pointer_is_not_shown_with_code():
    """No input can be set up for it, and nothing is said of what was not run."""
    each = example("ldr x8, [x1] / ldr x0, [x8] / mov x0, x0", "x0", "ldr x8, [x1] / ldr x0, [x8]")
    assert all(Worked(CLANG, SEED).conversation(each, CODE, random.Random(seed)) == () for seed in range(8))
    assert Worked(CLANG, SEED).conversation(each, THOUGHT, random.Random(1))


def test_thoughts_name_who_reads_what_goes_away():
    each = example("mov w2, w0 / mov w3, w1 / add w0, w2, #1", "w0", "add w0, w0, #1")
    said = Worked(CLANG, SEED).conversation(each, THOUGHT, random.Random(1))[1].text
    assert said == (
        "1. x0 comes from `add w0, w2, #1`.\n"
        "2. `mov w2, w0`: x2 is read by `add w0, w2, #1`. `mov w3, w1`: x3 is not read. "
        "`add w0, w2, #1`: x0 is live.\n3. In its place `add w0, w0, #1` will do.\n\n```\nadd w0, w0, #1\n```"
    )


def test_every_taught_turn_is_an_answer_to_all_before_it(tmp_path):
    tokenizer = words(str(tiny("qwen2", tmp_path)))
    each = example("mov w2, w0 / add w0, w2, #1", "w0", "add w0, w0, #1")
    turns = next(turns for _, turns in talks([each] * 20, CODE) if len(turns) == 6)
    said = spoken(tokenizer, turns)
    assert len(said) == 2  # of three: the first tries what is wrong
    for one, upto in zip(said, (3, 5)):
        assert all(turn.text in tokenizer.decode(one.question) for turn in turns[:upto])
        assert tokenizer.decode(one.answer, skip_special_tokens=True) == turns[upto].text


def test_a_model_learns_to_run_code(tmp_path):
    from transformers import AutoModelForCausalLM

    each = example(
        "mov x2, #5 / mov x0, x2", "x0", "mov x0, #5"
    )  # which reads nothing: no numbers are drawn that cannot be known
    recipe = read_recipe(
        ROOT / "peepcc/lab/finetune/recipes/tiny.toml", model=tiny("qwen2", tmp_path / "base"), out=tmp_path / "out"
    )
    plan = replace(recipe.supervised, steps=60, batch=2, modes=(CODE,))
    finetune(replace(recipe, longest=2048, supervised=plan, reinforced=None), (each,), CLANG)
    tokenizer = words(str(tmp_path / "out/merged"))
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": opening(each, CODE)}], tokenize=False, add_generation_prompt=True
    )
    ids = torch.tensor([tokenizer(asked, add_special_tokens=False)["input_ids"]])
    said = AutoModelForCausalLM.from_pretrained(tmp_path / "out/merged").generate(
        ids, do_sample=False, max_new_tokens=200, pad_token_id=0
    )
    text = tokenizer.decode(said[0, ids.shape[1] :], skip_special_tokens=True)
    assert tried(text) == ("mov x0, #5",)


def test_a_mode_that_does_not_exist_is_named(tmp_path):
    file = tmp_path / "recipe.toml"
    file.write_text(
        (ROOT / "peepcc/lab/finetune/recipes/tiny.toml")
        .read_text()
        .replace("steps = 70", 'steps = 70\nmodes = ["direct", "dream"]')
    )
    with pytest.raises(
        BadRecipe,
        match="recipe.toml: supervised: modes: no such mode: dream; there are direct, chain-of-thought, "
        "chain-of-code, repair",
    ):
        read_recipe(file)
