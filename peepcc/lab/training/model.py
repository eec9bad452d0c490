"""The own model: its shapes, fresh weights, how it is known and read again, and the optimisers that it is trained
with.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import PeepccError
from ...propose.model.language import END, VOCABULARY
from .tokenizer import CONTEXT, IDS, PAD, SIZE

MODELS = Path(__file__).parents[2] / "models"
DEFAULT = "default"
SHAPES = {  # heads of 32, which vLLM's attention takes on every processor
    DEFAULT: {
        "hidden_size": 256,
        "num_hidden_layers": 6,
        "num_attention_heads": 8,
        "num_key_value_heads": 8,
        "intermediate_size": 704,
    },
    "tenth": {
        "hidden_size": 96,
        "num_hidden_layers": 3,
        "num_attention_heads": 3,
        "num_key_value_heads": 3,
        "intermediate_size": 256,
    },
}
MATRIX_RATE, REST_RATE = 2e-3, 2e-3  # at 8e-3 the loss stands still after 1,000 steps
_DECAY = 0.05


def make_model(shape: str = DEFAULT):
    """The model of that name in SHAPES. The caller seeds torch."""
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=SIZE,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=IDS[END],
            pad_token_id=IDS[PAD],
            **SHAPES[shape],
        )
    )


def narrow(model) -> None:
    """Makes its linear layers multiply in bfloat16; weights, sums and all else stay in float32.

    Where a processor has matrix units (AMX), the products take a sixth of the time.
    Autocast would do it to attention too, which is slower in bfloat16.
    """
    import torch

    def multiply(self, x):
        return (x.bfloat16() @ self.weight.bfloat16().t()).float()

    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            module.forward = multiply.__get__(module)


class Known(NamedTuple):
    """`shape`: its name in SHAPES. `weights`: a state_dict."""

    shape: str
    weights: dict[str, Any]


def is_ours(model: Path) -> bool:
    """Whether its words are those of our language."""
    try:
        words = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return isinstance(words, dict) and all(words.get(word) == n for n, word in enumerate(VOCABULARY))


def own_folder(folder: Path) -> Path:
    """The folder that transformers reads: the one given, or `hf` in it.

    Raises PeepccError where it holds no model of ours.
    """
    hf = folder / "hf" if (folder / "hf").is_dir() else folder
    if not is_ours(hf):
        raise PeepccError(f"no model of ours in {folder}")
    return hf


def read_model(folder: Path) -> Known:
    """A model that `export` made, or its folder `hf`. Raises PeepccError where it is none of ours."""
    import torch
    from transformers import LlamaForCausalLM

    model = LlamaForCausalLM.from_pretrained(own_folder(folder), dtype=torch.float32)
    shape = next(
        (
            name
            for name, sizes in SHAPES.items()
            if all(getattr(model.config, size) == value for size, value in sizes.items())
        ),
        None,
    )
    if shape is None:
        raise PeepccError(f"the model in {folder} has none of our shapes")
    return Known(shape, model.state_dict())


class Optimiser:
    """Muon for the matrices of the layers, AdamW for embeddings and norms."""

    def __init__(self, model):
        import torch

        matrices = [each for name, each in model.named_parameters() if each.ndim == 2 and "embed" not in name]
        rest = [each for name, each in model.named_parameters() if each.ndim != 2 or "embed" in name]
        self._parts = (
            (
                torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=_DECAY, adjust_lr_fn="match_rms_adamw"),
                MATRIX_RATE,
            ),
            (torch.optim.AdamW(rest, lr=REST_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True), REST_RATE),
        )

    def step(self, share: float) -> None:
        """One step at this share of the full rates; gradients are gone after it."""
        for part, rate in self._parts:
            for group in part.param_groups:
                group["lr"] = rate * share
            part.step()
            part.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict]:
        return [part.state_dict() for part, _ in self._parts]

    def load_state_dict(self, saved: list[dict]) -> None:
        for (part, _), state in zip(self._parts, saved):
            part.load_state_dict(state)
