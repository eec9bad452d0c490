"""`peeplab finetune`: an existing language model learns peepcc's questions, by a recipe in TOML.

Two stages, each a LoRA adapter: `supervised` learns the teachers' targets, `reinforced`
(where the recipe has it) what the validators say of its own replies. A stage that is done is
not done again and one that was killed goes on, so the same command finishes a run. Left in
the output folder: the adapters, log.jsonl, and `merged`, which transformers and vLLM load.
One device; more than one is not promised.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from ...assembly.encode import Encoder
from ...errors import PeepccError
from ..example import Example, NoExample, read_examples
from ..training.batches import TRAINING_FILES
from ..verify import newest_clang
from .recipe import Recipe, read_recipe

SUPERVISED, REINFORCED, MERGED = "supervised", "reinforced", "merged"


@click.command()
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", help="Folder or hub name, in place of the recipe's.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training set, in place of the recipe's.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for what is made, in place of the recipe's."
)
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(config: Path, model: str | None, data: Path | None, out: Path | None, clang: str | None) -> None:
    """Teach the language model that CONFIG names, with the settings in it."""
    try:
        recipe = read_recipe(config, model=model, data=data, out=out)
        clang = clang or newest_clang()
        finetune(recipe, examples(Path(recipe.data), Encoder(clang)), clang)
    except (PeepccError, OSError) as error:
        raise click.ClickException(getattr(error, "reason", str(error))) from None


def examples(folder: Path, encoder: Encoder) -> tuple[Example, ...]:
    """Of all training files. Raises NoExample, OSError."""
    found = tuple(each for file in sorted(folder.glob(TRAINING_FILES)) for each in read_examples(file, encoder))
    if not found:
        raise NoExample(f"no examples in {folder}: its files should be named {TRAINING_FILES}")
    return found


def finetune(recipe: Recipe, taught: tuple[Example, ...], clang: str) -> None:
    """All stages.

    Raises PeepccError where the output folder was begun with another recipe, or the loss is no number.
    """
    from .loop import learn
    from .model import adapted, base, merge, words
    from .reinforcement import Reinforced
    from .supervised import Supervised

    out = Path(recipe.out)
    _claim(out, recipe)
    tokenizer = words(recipe.model)
    model = adapted(base(recipe), recipe.lora, out / SUPERVISED)
    supervised = Supervised(model, tokenizer, taught, recipe, clang)
    learn(model, supervised.backward, recipe.supervised, recipe.seed, out, SUPERVISED)
    if recipe.reinforced:
        reinforced = Reinforced(model, tokenizer, taught, recipe, clang, out / SUPERVISED)
        learn(model, reinforced.backward, recipe.reinforced, recipe.seed + 1, out, REINFORCED)
    merge(model, tokenizer, supervised.end, out / MERGED)
    click.echo(f"{out / MERGED}: peeplab serve {out / MERGED}")


def _claim(out: Path, recipe: Recipe) -> None:
    file = out / "recipe.json"
    told = json.dumps(asdict(recipe), indent=1) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") != told:
        raise PeepccError(f"{out} was begun with another recipe: choose another folder")
    out.mkdir(parents=True, exist_ok=True)
    file.write_text(told, encoding="utf-8")
