"""The own model's shapes, fresh weights, and the optimisers that they are trained with."""

from __future__ import annotations

from pathlib import Path

from ..propose.canonical import END
from .tokenizer import CONTEXT, IDS, PAD, SIZE

MODELS = Path(__file__).parent.parent / "models"
DEFAULT = "default"
SHAPES = {  # heads of 32, which vLLM's attention takes on every processor
    DEFAULT: {"hidden_size": 192, "num_hidden_layers": 4, "num_attention_heads": 6, "num_key_value_heads": 6, "intermediate_size": 512},
    "tenth": {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2, "intermediate_size": 176},
}
MATRIX_RATE, REST_RATE = 8e-3, 4e-3
_DECAY = 0.05


def make_model(shape: str = DEFAULT):
    """The model of that name in SHAPES. The caller seeds torch."""
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(
        vocab_size=SIZE, max_position_embeddings=CONTEXT, tie_word_embeddings=True,
        bos_token_id=None, eos_token_id=IDS[END], pad_token_id=IDS[PAD], **SHAPES[shape],
    ))


class Optimiser:
    """Muon for the matrices of the layers, AdamW for embeddings and norms."""

    def __init__(self, model):
        import torch

        matrices = [each for name, each in model.named_parameters() if each.ndim == 2 and "embed" not in name]
        rest = [each for name, each in model.named_parameters() if each.ndim != 2 or "embed" in name]
        self._parts = (
            (torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=_DECAY, adjust_lr_fn="match_rms_adamw"), MATRIX_RATE),
            (torch.optim.AdamW(rest, lr=REST_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True), REST_RATE))

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
