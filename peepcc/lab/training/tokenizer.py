"""The tokenizer files of the own model, from the vocabulary of the language.

They cut text exactly as `canonical.tokens`, and decoded tokens join without spaces. Words
outside the vocabulary become `<unk>`; the language has none.
"""

from __future__ import annotations

from ...propose.model.language import END, TOKEN_PATTERN, VOCABULARY

PAD, UNKNOWN = "<pad>", "<unk>"
IDS = {token: number for number, token in enumerate(VOCABULARY)}
SIZE = -(-len(VOCABULARY) // 8) * 8  # rows of the embedding: a multiple of what vector units like
CONTEXT = 512


def make_tokenizer():
    """A transformers `PreTrainedTokenizerFast` whose ids are the places in VOCABULARY."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordLevel(IDS, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(TOKEN_PATTERN), behavior="isolated")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])  # llguidance knows no Fuse alone
    tokenizer.add_special_tokens([AddedToken(each, special=True, normalized=False) for each in (END, PAD, UNKNOWN)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PAD,
        unk_token=UNKNOWN,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )
