"""`peeplab export`: a checkpoint as the two folders that servers and peepcc load.

`hf/` is what vLLM and transformers load (bfloat16 weights, config, tokenizer), `ct2/` what
the embedded backend loads (8-bit integers). Both say the same up to rounding.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import click

from ...propose.model.language import END
from .command import CHECKPOINT
from .model import MODELS, make_model
from .tokenizer import IDS, PAD, make_tokenizer

DEFAULT = MODELS / "default"


@click.command()
@click.argument("checkpoint", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    default=DEFAULT,
    type=click.Path(file_okay=False, path_type=Path),
    help="The model folder. Default: that of the package.",
)
def command(checkpoint: Path, out: Path) -> None:
    """Turn a checkpoint (or the folder that train left it in) into the folders hf and ct2."""
    export(checkpoint / CHECKPOINT if checkpoint.is_dir() else checkpoint, out)
    for file in sorted(each for part in ("hf", "ct2") for each in (out / part).iterdir()):
        click.echo(f"{file.stat().st_size:>9} {file.relative_to(out)}")


def export(checkpoint: Path, out: Path) -> None:
    """Writes `hf/` and `ct2/` in `out`, in place of those that are there; other files stay."""
    import torch
    from ctranslate2.converters import TransformersConverter

    saved = torch.load(checkpoint, weights_only=True)
    model = make_model(saved["shape"])
    model.load_state_dict(saved["model"])
    model.generation_config.update(eos_token_id=IDS[END], pad_token_id=IDS[PAD], bos_token_id=None, do_sample=False)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as made:
        folder = Path(made)
        model.to(torch.bfloat16).save_pretrained(folder / "hf")
        make_tokenizer().save_pretrained(folder / "hf")
        _amend(
            folder / "hf" / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast"
        )  # known to transformers 4 and 5
        TransformersConverter(str(folder / "hf")).convert(str(folder / "ct2"), quantization="int8_float32")
        _amend(
            folder / "ct2" / "config.json", bos_token=END
        )  # it must have one, though none is ever put before a prompt
        for part in ("hf", "ct2"):
            shutil.rmtree(out / part, ignore_errors=True)
            (folder / part).rename(out / part)


def _amend(file: Path, **values: str) -> None:
    file.write_text(
        json.dumps({**json.loads(file.read_text(encoding="utf-8")), **values}, indent=2) + "\n", encoding="utf-8"
    )
