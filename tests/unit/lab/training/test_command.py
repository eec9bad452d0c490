"""A run of seconds: the loss falls, a killed run goes on, and the export says what torch says."""

import json
import random

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from peepcc.assembly.encode import Encoder
from peepcc.lab.cli import main
from peepcc.lab.example import from_rows, write_rows
from peepcc.lab.training.batches import batches, read_pairs
from peepcc.lab.training.command import PEAK_AGAIN, PROMPT_WEIGHT, evaluate, summands
from peepcc.lab.training.model import make_model, narrow
from peepcc.lab.training.tokenizer import IDS, SIZE, UNKNOWN, make_tokenizer
from peepcc.propose.model.language import END, UNCHANGED, VOCABULARY, tokens, training_pair
from peepcc.propose.request import request_of


def examples(count, seed=7):
    """Windows in which a register is moved to itself or not: that line is to go."""
    generator = random.Random(seed)
    for _ in range(count):
        lines = [
            f"add x{generator.randrange(4)}, x{generator.randrange(4)}, #{generator.randrange(9)}"
            for _ in range(generator.randint(1, 3))
        ]
        worse = generator.random() < 0.5
        yield {
            "schema": 1,
            "lines": [*lines, *["mov x5, x5"] * worse],
            "target": lines,
            "live_out": {"": "3"},
            "known": {},
            "aliases": {},
            "ordered": False,
            "teacher": "test" if worse else "",
            "evidence": "proved" if worse else "unchanged",
            "package": "p",
            "level": "-O0",
        }


def pairs_of(count, seed=7):
    """(prompt, reply) of the same."""
    return [
        training_pair(request_of(each.window), each.target)
        for each in from_rows(examples(count, seed), Encoder("clang-19"))
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    rows = list(examples(600))
    nothing = {"live_out": {}, "teacher": "", "evidence": "unchanged"}
    wordless = {**rows[0], **nothing, "lines": ["umaxp v0.4s, v1.4s, v2.4s"], "target": ["umaxp v0.4s, v1.4s, v2.4s"]}
    lengthy = {**rows[0], **nothing, "lines": ["mov x0, #1"] * 16, "target": ["movk x0, #12345, lsl #16"] * 40}
    for number, name in enumerate(("train.jsonl.gz", "train-more.jsonl.gz")):
        write_rows(folder / name, [*rows, rows[0], wordless, lengthy][number::2])
    write_rows(folder / "test.jsonl.gz", examples(50, seed=9))
    return folder


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """(folder of the checkpoint, held-out figures of a run that was stopped and resumed)."""
    out = tmp_path_factory.mktemp("run")
    figures = []
    for more in ([], ["--resume"]):
        arguments = [
            "train",
            "--data",
            str(data),
            "--minutes",
            "0.05" if not more else "0.12",
            "--out",
            str(out),
            "--workers",
            "1",
            *more,
        ]
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        figures.append(json.loads(done.output.splitlines()[-1]))
    return out, figures


def test_the_tokenizer_cuts_as_the_language_does():
    tokenizer = make_tokenizer()
    generator = random.Random(3)
    spelled = ["".join(generator.choices(VOCABULARY[3:], k=60)) for _ in range(200)]
    texts = ["".join(pair) for pair in pairs_of(50)] + ["b.eq T0\numov w0,v1.b[3]\nfmov d0,#-1.5\nL \nK x0<32\n>"]
    for text in texts + [each for each in spelled if set(tokens(each)) <= set(IDS)]:
        ids = tokenizer(text)["input_ids"]
        assert ids == [IDS[word] for word in tokens(text)]
        assert tokenizer.decode(ids) == text
    assert [tokenizer.tokenize(text) for text in spelled] == [
        [word if word in IDS else UNKNOWN for word in tokens(text)] for text in spelled
    ]
    assert tokenizer.eos_token_id == IDS[END] == 0
    assert len(VOCABULARY) <= SIZE


def test_examples_are_read_once_and_split_by_prompt(data):
    pairs, held = read_pairs(data, Encoder("clang-19"))
    distinct = set(pairs_of(600))
    improved = sum(reply != UNCHANGED for _, reply in distinct)
    assert int((~pairs.unchanged).sum()) + int((~held.unchanged).sum()) == improved
    assert 0 < int(pairs.unchanged.sum()) <= max(100, improved)
    assert pairs.dropped == 2
    prompts = [
        {bytes(side.ids[side.starts[i] : side.starts[i] + side.prompts[i]]) for i in range(len(side))}
        for side in (pairs, held)
    ]
    assert prompts[1] and not prompts[0] & prompts[1]


@pytest.mark.parametrize(
    "level, teacher, times",
    [("-O2", "search", 3), ("gcc -Os", "rules", 3), ("-O0", "rules", 1), ("-O2", "deoptimise", 1), ("-O2", "", 1)],
)
def test_what_a_teacher_found_in_optimised_code_is_taken_more_often(tmp_path, level, teacher, times):
    rows = [
        {**row, "level": level, "teacher": teacher, "evidence": "proved" if teacher else "unchanged"}
        for row in examples(60)
        if bool(teacher) == bool(row["teacher"])
    ]
    write_rows(tmp_path / "train.jsonl.gz", rows)
    pairs, held = read_pairs(tmp_path, Encoder("clang-19"))
    distinct = {bytes(pairs.ids[pairs.starts[n] : pairs.starts[n + 1]]) for n in range(len(pairs))}
    assert len(distinct) > 10 and len(pairs) == times * len(distinct)
    assert len(held) == len({bytes(held.ids[held.starts[n] : held.starts[n + 1]]) for n in range(len(held))})


def test_batches_hold_every_pair_once(data):
    pairs, _ = read_pairs(data, Encoder("clang-19"))
    made = list(batches(pairs, 500, np.random.default_rng(1)))
    assert all(batch.ids.size <= 500 for batch in made)
    assert sum(len(batch.ids) for batch in made) == len(pairs)
    assert sum(int((batch.labels >= 0).sum()) for batch in made) == len(pairs.ids) - len(pairs)
    assert sum(int((batch.reply & (batch.labels == IDS[END])).sum()) for batch in made) == len(pairs)


def test_the_loss_falls_and_a_run_goes_on(trained):
    _, (first, second) = trained
    assert second["step"] > first["step"] > 0
    assert second["held_loss"] < first["held_loss"] - 0.1


def test_a_share_of_the_prompt_has_a_loss_and_weighs_for_all_of_it(data):
    pairs, _ = read_pairs(data, Encoder("clang-19"))
    batch = next(batches(pairs, 2000, np.random.default_rng(1)))
    drawn = [summands(batch, np.random.default_rng(n)) for n in range(20)]
    replies, prompts = int(batch.reply.sum()), int(((batch.labels >= 0) & ~batch.reply).sum())
    assert all(int((each.weights == 1).sum()) == replies for each in drawn)
    weighed = np.mean([float(each.weights.sum()) - replies for each in drawn])
    assert abs(weighed / (PROMPT_WEIGHT * prompts) - 1) < 0.05
    assert all(int(label) == batch.labels.flatten()[place] for place, label in zip(drawn[0].places, drawn[0].labels))


def test_products_in_bfloat16_say_nearly_the_same(data):
    _pairs, held = read_pairs(data, Encoder("clang-19"))
    torch.manual_seed(1)
    model = make_model("tenth")
    exact = evaluate(model, held)["held_loss"]
    narrow(model)
    assert evaluate(model, held)["held_loss"] == pytest.approx(exact, rel=0.01)


def test_a_fast_run_learns_and_goes_on_slowly(data, tmp_path):
    """The compiler is left out: it takes a minute, and the step that it makes is torch's."""
    run = ["train", "--data", str(data), "--out", str(tmp_path / "run"), "--workers", "1", "--shape", "tenth"]
    with torch.compiler.set_stance("force_eager"):
        done = CliRunner().invoke(main, [*run, "--minutes", "0.03", "--fast"], catch_exceptions=False)
    first = json.loads(done.output.splitlines()[-1])
    done = CliRunner().invoke(main, [*run, "--minutes", "0.06", "--resume"], catch_exceptions=False)
    second = json.loads(done.output.splitlines()[-1])
    assert second["step"] > first["step"] > 0 and second["held_loss"] < first["held_loss"]


def test_two_workers_learn_and_one_goes_on(data, tmp_path):
    run = ["train", "--data", str(data), "--out", str(tmp_path / "run"), "--shape", "tenth"]
    figures = []
    for more in (["--workers", "2", "--minutes", "0.05"], ["--workers", "1", "--minutes", "0.1", "--resume"]):
        done = CliRunner().invoke(main, [*run, *more], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        figures.append(json.loads(done.output.splitlines()[-1]))
    first, second = figures
    assert second["step"] > first["step"] > 0 and second["held_loss"] < first["held_loss"]


def test_a_tenth_has_a_tenth_of_the_weights():
    whole, tenth = (sum(each.numel() for each in make_model(shape).parameters()) for shape in ("default", "tenth"))
    assert 0.08 < tenth / whole < 0.12


def test_a_smaller_model_is_trained_resumed_and_exported_in_its_shape(data, tmp_path):
    run = ["train", "--data", str(data), "--out", str(tmp_path / "run"), "--workers", "1"]
    for more in (["--minutes", "0.01", "--shape", "tenth"], ["--minutes", "0.02", "--resume"], None):
        done = CliRunner().invoke(
            main,
            [*run, *more] if more else ["export", str(tmp_path / "run"), "--out", str(tmp_path / "model")],
            catch_exceptions=False,
        )
        assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "model/hf/config.json").read_text())["hidden_size"] == 96


def test_a_run_starts_from_an_earlier_model(trained, data, tmp_path):
    out = tmp_path / "next"
    assert CliRunner().invoke(main, ["export", str(trained[0]), "--out", str(tmp_path / "model")]).exit_code == 0
    run = ["train", "--data", str(data), "--out", str(out), "--workers", "1", "--minutes", "0.01", "--shape", "tenth"]
    done = CliRunner().invoke(main, [*run, "--from", str(tmp_path / "model")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert (
        json.loads(done.stdout.splitlines()[-1])["held_loss"] < 2 * trained[1][-1]["held_loss"]
    )  # a fresh one knows nothing after so few steps
    assert torch.load(out / "checkpoint.pt", weights_only=True)["shape"] == "default"
    assert [torch.load(each / "checkpoint.pt", weights_only=True)["peak"] for each in (trained[0], out)] == [
        1.0,
        PEAK_AGAIN,
    ]
    for more in (["--from", str(tmp_path)], ["--from", str(tmp_path / "model"), "--resume"]):
        assert CliRunner().invoke(main, [*run, *more]).exit_code


def test_both_exports_say_what_torch_says(trained, tmp_path):
    import ctranslate2
    from transformers import AutoModelForCausalLM, AutoTokenizer

    done = CliRunner().invoke(
        main, ["export", str(trained[0]), "--out", str(tmp_path / "model")], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert sum(file.stat().st_size for file in (tmp_path / "model").rglob("*")) < 20 << 20
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "model" / "hf", dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "model" / "hf")
    generator = ctranslate2.Generator(str(tmp_path / "model" / "ct2"), intra_threads=1)
    kept = torch.load(trained[0] / "checkpoint.pt", weights_only=True)["model"]
    assert all(torch.allclose(value, kept[name], atol=1e-2, rtol=1e-2) for name, value in model.state_dict().items())
    for prompt, _ in pairs_of(10, seed=8):
        ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            expected = model(input_ids=ids).logits[0].log_softmax(-1)
        scored = generator.score_batch([tokens(prompt)])[0].log_probs
        wanted = [float(expected[place, token]) for place, token in enumerate(ids[0, 1:])]
        assert np.abs(np.array(scored) - wanted).mean() < 0.1
