"""Replies drawn from a language model as its probabilities are: no setting that it brings along narrows them."""

from __future__ import annotations

from collections.abc import Sequence

Tokens = tuple[int, ...]


def draw(model, asked: Sequence[Tokens], temperature: float, longest: int, end: int, pad: int) -> list[Tokens]:
    """One reply to each question: up to the token `end`, itself included, or to `longest` tokens.

    The caller seeds torch.
    """
    import torch

    device, width = next(model.parameters()).device, max(map(len, asked))
    ids = torch.tensor([[pad] * (width - len(each)) + list(each) for each in asked], device=device)
    mask = torch.tensor([[0] * (width - len(each)) + [1] * len(each) for each in asked], device=device)
    model.eval()
    with torch.no_grad():
        drawn = model.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=True,
            temperature=temperature,
            top_k=0,
            top_p=1.0,
            repetition_penalty=1.0,
            max_new_tokens=longest,
            eos_token_id=end,
            pad_token_id=pad,
        )
    return [_until(row[width:].tolist(), end) for row in drawn]


def _until(ids: list[int], end: int) -> Tokens:
    return tuple(ids[: ids.index(end) + 1] if end in ids else ids)
