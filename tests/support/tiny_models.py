"""Language models of a few thousand random weights, of the architectures that are fine-tuned in earnest, with a
tokenizer and a chat template.

python tests/support/tiny_models.py llama FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

# As Qwen2.5's, short.
CHAT = (
    "{% for each in messages %}<|im_start|>{{ each.role }}\n{{ each.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
PROMPTS = Path(__file__).parents[2] / "peepcc/propose/server/prompts"


def tiny(kind: str, folder: Path) -> Path:
    """`kind`: "llama" (as the base model: no template) or "qwen2". The folder, as transformers reads it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(1)
    tokenizer = words(template=kind == "qwen2")
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,  # heads of 32: vLLM's on a processor take no smaller ones
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen2ForCausalLM(Qwen2Config(**shape))
    model.lm_head.weight.data *= 15  # adapters do not reach it, and as it comes it makes all words about equally likely
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def words(template: bool):
    """Byte pairs learnt from our prompts: any text can be written, and a question is some 250 tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([(PROMPTS / "chat.txt").read_text()] * 50, trainer)
    named = (
        {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
        if template
        else {"bos_token": "<s>", "eos_token": "</s>"}
    )
    made = PreTrainedTokenizerFast(tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **named)
    made.chat_template = CHAT if template else None
    return made


if __name__ == "__main__":
    print(tiny(sys.argv[1], Path(sys.argv[2])))
