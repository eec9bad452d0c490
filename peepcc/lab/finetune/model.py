"""The language model that is taught: loaded, given adapters, and merged with them at the end."""

from __future__ import annotations

from pathlib import Path

from ...errors import PeepccError
from .recipe import Lora, Recipe

# For models that come without one: that of Llama-2-chat, turn by turn.
_TEMPLATE = (
    "{% for each in messages %}{% if each.role == 'user' %}{{ bos_token or '' }}[INST] {{ each.content }} [/INST]"
    "{% else %} {{ each.content }} {{ eos_token }}{% endif %}{% endfor %}"
)
_ADAPTER = "adapter_config.json"


def words(name: str):
    """The tokenizer, which has a chat template and a padding token afterwards.

    Raises PeepccError where there is none.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise PeepccError(f"no tokenizer in {name}: {error}") from None
    tokenizer.chat_template = tokenizer.chat_template or _TEMPLATE
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    return tokenizer


def base(recipe: Recipe):
    """The frozen model, on a GPU where there is one. Raises PeepccError."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(recipe.seed)
    try:
        model = AutoModelForCausalLM.from_pretrained(recipe.model, dtype=getattr(torch, recipe.dtype))
    except (OSError, ValueError, AttributeError) as error:
        raise PeepccError(f"no model in {recipe.model}: {error}") from None
    if recipe.recompute:
        model.gradient_checkpointing_enable()
        model.enable_input_require_grads()
    return model.to("cuda" if torch.cuda.is_available() else "cpu")


def adapted(model, lora: Lora, finished: Path):
    """The model with its adapter: that of a finished stage where the folder holds one, else a fresh one, which changes
    nothing yet.
    """
    from peft import LoraConfig, PeftModel, get_peft_model

    if is_finished(finished):
        return PeftModel.from_pretrained(model, finished, is_trainable=True)
    return get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM",
            r=lora.rank,
            lora_alpha=lora.alpha,
            lora_dropout=lora.dropout,
            target_modules=list(lora.targets),
        ),
    )


def is_finished(stage: Path) -> bool:
    return (stage / _ADAPTER).is_file()


def take(model, stage: Path) -> None:
    """The adapter's weights become those of a finished stage."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(model, load_file(stage / "adapter_model.safetensors"))


def merge(model, tokenizer, end: int, out: Path) -> None:
    """Writes the whole model, which ends its replies by the token `end` wherever it is served."""
    merged = model.merge_and_unload(adapter_names=["default"])
    ends = merged.generation_config.eos_token_id
    merged.generation_config.eos_token_id = sorted(
        {end, *(ends if isinstance(ends, list) else [] if ends is None else [ends])}
    )
    merged.save_pretrained(out)
    tokenizer.save_pretrained(out)
