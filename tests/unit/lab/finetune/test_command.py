"""Recipes, rewards, and whole runs of seconds: adapters learn by heart, then learn from the validators which answer is
worth more.
"""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from peepcc.assembly.encode import Encoder
from peepcc.errors import PeepccError
from peepcc.lab.cli import main
from peepcc.lab.example import from_json, write_rows
from peepcc.lab.finetune.command import examples, finetune
from peepcc.lab.finetune.conversations import direct
from peepcc.lab.finetune.loop import Diverged
from peepcc.lab.finetune.model import base, words
from peepcc.lab.finetune.recipe import BadRecipe, read_recipe
from peepcc.lab.finetune.reinforcement import advantages
from peepcc.lab.finetune.reward import Rewarder
from peepcc.lab.finetune.supervised import Choice, Supervised, log_likelihoods, question, spoken
from peepcc.propose.protocol import Failure, FailureKind, Reply
from peepcc.propose.request import request_of
from peepcc.propose.server import chat

RECIPES = Path(__file__).parents[4] / "peepcc/lab/finetune/recipes"
CLANG = "clang-19"
ROW = {
    "schema": 1,
    "lines": ["mov x5, x5", "add x0, x1, #1"],
    "target": ["add x0, x1, #1"],
    "live_out": {"": "3"},
    "known": {},
    "aliases": {},
    "ordered": False,
    "teacher": "test",
    "evidence": "proved",
    "package": "p",
    "level": "-O0",
}
ROWS = [ROW, ROW | {"lines": ["add x2, x1, #1", "mov x0, x2"]}]
NOTHING = [each | {"target": each["lines"], "teacher": "", "evidence": "unchanged"} for each in ROWS]


def _tiny_models():
    """The file beside this one: test folders are no packages here."""
    spec = importlib.util.spec_from_file_location(
        "tiny_models", Path(__file__).parents[3] / "support" / "tiny_models.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tiny = _tiny_models().tiny


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Two windows, each taught once as improved and once as "unchanged": the model cannot know which is wanted."""
    folder = tmp_path_factory.mktemp("data")
    write_rows(folder / "train.jsonl.gz", [*ROWS, *NOTHING])
    return folder


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Two that wait for each other take many times as long where anything else runs."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    return {kind: tiny(kind, tmp_path_factory.mktemp(kind)) for kind in ("llama", "qwen2")}


def run(data, model, out, recipe=RECIPES / "tiny.toml"):
    return CliRunner().invoke(
        main,
        ["finetune", str(recipe), "--model", str(model), "--data", str(data), "--out", str(out)],
        catch_exceptions=False,
    )


def logged(out, stage):
    return [each for each in map(json.loads, (out / "log.jsonl").read_text().splitlines()) if each["stage"] == stage]


@pytest.fixture(scope="module", params=["llama", "qwen2"])
def tuned(request, data, bases, tmp_path_factory):
    out = tmp_path_factory.mktemp("tuned")
    done = run(data, bases[request.param], out)
    assert done.exit_code == 0, done.output
    return out


def likely(model, tokenizer, row):
    """The probability of the better answer to a row's question: not of drawn ones, so that luck has no part in it."""
    said = spoken(tokenizer, direct(from_json(row, Encoder(CLANG))))[0]
    with torch.no_grad():
        each, mask, _ = log_likelihoods(model, [said], 0)
    return float((each * mask).sum().exp())


def test_the_loss_falls_and_then_the_answer_that_is_worth_more_gets_likelier(tuned):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    losses = [each["loss"] for each in logged(tuned, "supervised")]
    assert losses[0] > 4 and max(losses[-5:]) < 0.4
    recipe = json.loads((tuned / "recipe.json").read_text())
    assert [each["step"] for each in logged(tuned, "reinforced")] == list(range(1, recipe["reinforced"]["steps"] + 1))
    assert all(
        -1 <= each["reward"] <= each["best"] <= 1 and each["divergence"] < 5 for each in logged(tuned, "reinforced")
    )
    tokenizer, found = words(recipe["model"]), []
    for stage in ("supervised", "reinforced"):
        model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(recipe["model"]), tuned / stage).eval()
        found.append(sum(likely(model, tokenizer, row) for row in ROWS) / 2)
    assert found[1] > found[0] + 0.1, found


def test_the_merged_model_says_what_its_adapter_says(tuned, bases):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    tokenizer = words(str(tuned / "merged"))
    assert tokenizer.chat_template
    merged = AutoModelForCausalLM.from_pretrained(tuned / "merged")
    config = json.loads((tuned / "merged/config.json").read_text())
    base = bases["llama" if config["model_type"] == "llama" else "qwen2"]
    adapted = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), tuned / "reinforced")
    window = from_json(ROW, Encoder(CLANG)).window
    ids = torch.tensor([question(tokenizer, request_of(window))])
    with torch.no_grad():
        assert torch.allclose(merged(ids).logits, adapted(ids).logits, atol=1e-3)
    said = merged.generate(ids, do_sample=False, max_new_tokens=40, pad_token_id=0)[0, ids.shape[1] :]
    assert chat.lines(request_of(window), tokenizer.decode(said, skip_special_tokens=True)) == ("add x0, x1, #1",)


def test_a_run_that_was_killed_makes_the_steps_of_one_that_was_not(data, bases, tmp_path, monkeypatch):
    recipe = replace(read_recipe(RECIPES / "tiny.toml", model=bases["llama"], data=data), reinforced=None)
    recipe = replace(recipe, supervised=replace(recipe.supervised, steps=4, batch=2))
    taught = examples(data, Encoder(CLANG))
    monkeypatch.setattr("peepcc.lab.finetune.loop._SAVE_SECONDS", 0)
    finetune(replace(recipe, out=str(tmp_path / "whole")), taught, CLANG)
    real = torch.optim.AdamW.step
    steps = []

    def killed(self, *arguments):
        steps.append(1)
        if len(steps) == 3:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(torch.optim.AdamW, "step", killed)
    with pytest.raises(KeyboardInterrupt):
        finetune(replace(recipe, out=str(tmp_path / "killed")), taught, CLANG)
    assert len(logged(tmp_path / "killed", "supervised")) == 2
    finetune(replace(recipe, out=str(tmp_path / "killed")), taught, CLANG)
    assert logged(tmp_path / "killed", "supervised") == logged(tmp_path / "whole", "supervised")
    assert not (tmp_path / "killed/supervised.pt").exists()


def test_a_finished_run_does_nothing_again_and_another_recipe_is_refused(tuned, data, bases):
    before = (tuned / "log.jsonl").read_bytes()
    again = json.loads((tuned / "recipe.json").read_text())["model"]
    assert run(data, again, tuned).exit_code == 0
    assert (tuned / "log.jsonl").read_bytes() == before
    other = run(data, "elsewhere", tuned)
    assert other.exit_code == 1
    assert "begun with another recipe" in other.output


def test_a_loss_that_is_no_number_stops_the_run(data, bases, tmp_path, monkeypatch):
    recipe = replace(read_recipe(RECIPES / "tiny.toml", model=bases["llama"], data=data, out=tmp_path), reinforced=None)
    monkeypatch.setattr("peepcc.lab.finetune.supervised.Supervised.backward", lambda self, step: {"loss": float("nan")})
    with pytest.raises(Diverged, match="supervised, step 0: the loss is nan"):
        finetune(recipe, examples(data, Encoder(CLANG)), CLANG)
    assert not (tmp_path / "supervised").exists()


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_the_question_is_what_a_server_shows_and_the_answer_is_what_a_client_reads(kind, bases):
    tokenizer = words(str(bases[kind]))
    encoder = Encoder(CLANG)
    for row, lines in (
        (ROW, ("add x0, x1, #1",)),
        (NOTHING[0], tuple(ROW["lines"])),
        (ROW | {"target": [], "live_out": {"": "0"}}, ()),
    ):
        example = from_json(row, encoder)
        request = request_of(example.window)
        said = spoken(tokenizer, direct(example))[0]
        asked = tokenizer.decode(said.question)
        assert chat.text(request) in asked
        assert said.question == question(tokenizer, request)
        answer = tokenizer.decode(said.answer, skip_special_tokens=True)
        assert chat.lines(request, answer) == lines
        assert said.answer[-1] == tokenizer.eos_token_id
        turns = [{"role": "user", "content": chat.text(request)}, {"role": "assistant", "content": answer.strip()}]
        assert tokenizer.apply_chat_template(turns, tokenize=False).rstrip() == asked + tokenizer.decode(said.answer)


def test_a_reply_is_worth_what_a_build_would_keep_of_it():
    window = from_json(
        {
            **ROW,
            "lines": ["mov x5, x5", "add x0, x1, #1", "add x2, x3, #0", "mov x4, x2"],
            "target": [],
            "live_out": {"": "303"},
        },
        Encoder(CLANG),
    ).window
    request = request_of(window)
    key = request.key
    replies = {
        ("add x0, x1, #1", "mov x4, x3"): 2.0,
        request.lines: 0.0,
        ("add x0, x1, #2", "mov x4, x3"): -1.0,
        ("nonsense x0",): -1.0,
        ("svc #0",): -1.0,
        (*request.lines, "nop"): -0.5,
    }
    cases = [(window, Reply(key, lines)) for lines in replies] + [
        (window, Reply(key, None, failure=Failure(FailureKind.UNPARSED, "nothing")))
    ]
    rewards = Rewarder(CLANG).rewards([*cases, *cases])
    part = rewards[2]
    assert rewards[: len(cases)] == rewards[len(cases) :]
    assert [*rewards[:2], *rewards[3:6]] == [2.0, 0.0, -1.0, -1.0, -0.5]
    assert rewards[6] == -1.0
    assert part < 1.0  # the wrong half costs, whatever is kept of the other


def test_advantages_are_within_the_group():
    assert advantages([1.0, 1.0, 1.0]) == [0.0, 0.0, 0.0]
    assert advantages([0.0, 2.0]) == [-1.0, 1.0]
    assert sum(advantages([3.0, -1.0, 0.0, 0.5])) == pytest.approx(0)


def test_a_share_of_what_is_drawn_has_nothing_to_gain():
    encoder = Encoder(CLANG)
    improved, nothing = from_json(ROW, encoder), from_json(NOTHING[0], encoder)
    drawn = Choice([improved, nothing], 0.25).of(4000, "1")
    assert 850 < sum(not each.improved for each in drawn) < 1150
    assert drawn == Choice([improved, nothing], 0.25).of(4000, "1") != Choice([improved, nothing], 0.25).of(4000, "2")
    assert all(each is improved for each in Choice([improved], 0.25).of(50, "1"))
    assert all(each is nothing for each in Choice([nothing], 0.25).of(50, "1"))


def test_a_batch_of_what_is_too_long_is_drawn_again(data, bases):
    tokenizer, encoder = words(str(bases["llama"])), Encoder(CLANG)
    short, long = (
        from_json(ROW, encoder),
        replace(from_json(ROW, encoder), target=(*from_json(ROW, encoder).target,) * 50),
    )
    limit = sum(map(len, (spoken(tokenizer, direct(short))[0].question, spoken(tokenizer, direct(short))[0].answer)))
    recipe = replace(
        read_recipe(RECIPES / "tiny.toml", model=bases["llama"], data=data), longest=limit, reinforced=None
    )
    recipe = replace(recipe, supervised=replace(recipe.supervised, batch=1))
    model = base(recipe)
    assert all(
        Supervised(model, tokenizer, [long, short], recipe, CLANG).backward(step)["loss"] > 0 for step in range(8)
    )
    with pytest.raises(PeepccError, match=f"within {limit} tokens"):
        Supervised(model, tokenizer, [long], recipe, CLANG).backward(0)


@pytest.mark.parametrize("name, kind", [("llama-2-7b", "llama"), ("qwen2.5-coder-7b", "qwen2")])
def test_the_recipe_of_a_real_model_runs_on_a_tiny_one_of_its_architecture(name, kind, data, bases, tmp_path):
    """As it stands in its file, but for the model and the number of steps."""
    recipe = read_recipe(RECIPES / f"{name}.toml", model=bases[kind], data=data, out=tmp_path)
    recipe = replace(
        recipe, supervised=replace(recipe.supervised, steps=2), reinforced=replace(recipe.reinforced, steps=1)
    )
    finetune(recipe, examples(data, Encoder(CLANG)), CLANG)
    assert len(logged(tmp_path, "supervised")) == 2 and len(logged(tmp_path, "reinforced")) == 1
    assert words(str(tmp_path / "merged")).chat_template and (tmp_path / "merged/model.safetensors").exists()


@pytest.mark.parametrize("file", sorted(RECIPES.glob("*.toml")), ids=lambda file: file.stem)
def test_every_recipe_can_be_read(file):
    recipe = read_recipe(file, out="elsewhere")
    assert recipe.out == "elsewhere"
    assert bool(recipe.reinforced) == (file.stem != "smollm2-135m")
    assert not recipe.reinforced or recipe.reinforced.longest < recipe.longest
    assert recipe.lora.targets == read_recipe(RECIPES / "tiny.toml").lora.targets


@pytest.mark.parametrize(
    "change, complaint",
    [
        (("steps = 70", 'steps = "70"'), "steps: '70' is no int"),
        (("steps = 70", "steps = 0"), "steps: 0 is no int of at least 1"),
        (("rank = 16", "ranks = 16"), "lora: no such setting: ranks; there are rank"),
        (("rank = 16", ""), "lora: missing: rank"),
        (("rate = 1e-2", "rate = -1"), "rate: -1 is no float"),
        (("targets = [", "targets = [1, "), "is no tuple"),
        (('model = "tiny"', "model = "), "Invalid value"),
    ],
)
def test_a_recipe_that_says_something_else_is_refused(change, complaint, tmp_path):
    file = tmp_path / "recipe.toml"
    file.write_text((RECIPES / "tiny.toml").read_text().replace(*change, 1))
    with pytest.raises(BadRecipe, match=complaint):
        read_recipe(file)


def test_what_is_missing_is_named(tmp_path, data):
    assert "no examples in" in run(tmp_path, tmp_path, tmp_path / "out").output
    (tmp_path / "model").mkdir()
    assert "no tokenizer in" in run(data, tmp_path / "model", tmp_path / "out").output
    assert issubclass(BadRecipe, PeepccError)
