"""The first stage: chats in which the question is answered with the teachers' target, as the recipe's modes work.

Loss on what is taught only.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...errors import PeepccError
from ...propose.protocol import Request
from ...propose.server import chat
from ..example import Example
from .conversations import Turn, Worked, direct
from .recipe import Recipe

_DRAWS = 16  # of a batch, until something in it is short enough


@dataclass(frozen=True, slots=True)
class Spoken:
    """Token ids of a question and its answer. `weight`: of the answer's tokens in the loss."""

    question: tuple[int, ...]
    answer: tuple[int, ...]
    weight: float = 1.0


class Supervised:
    """`end`: the token that ends an answer."""

    def __init__(self, model, tokenizer, taught: Sequence[Example], recipe: Recipe, clang: str):
        self._model = model
        self._tokenizer = tokenizer
        self._recipe = recipe
        self._choice = Choice(taught, recipe.supervised.unchanged)
        self._worked = Worked(clang, recipe.seed)
        self.end = spoken(tokenizer, direct(taught[0]))[0].answer[-1]

    def backward(self, step: int) -> Mapping[str, float]:
        """Adds up the gradients of one batch; what is too long is left out.

        Raises PeepccError where nothing is left, however often it draws.
        """
        said = next(filter(None, (self._drawn(step, again) for again in range(_DRAWS))), None)
        if said is None:
            raise PeepccError(
                f"none of {_DRAWS * self._recipe.supervised.batch} examples is within {self._recipe.longest} tokens"
            )
        self._model.train()
        total, count = 0.0, sum(len(each.answer) for each in said)
        for at in range(0, len(said), self._recipe.together):
            likely, mask, _ = log_likelihoods(
                self._model, said[at : at + self._recipe.together], self._tokenizer.pad_token_id
            )
            loss = -(likely * mask).sum() / count
            loss.backward()
            total += float(loss.detach())
        return {"loss": total}

    def _drawn(self, step: int, again: int) -> list[Spoken]:
        seed = f"{self._recipe.seed} {step}" + (f" {again}" if again else "")
        rng = random.Random(f"modes {seed}")
        chosen = self._choice.of(self._recipe.supervised.batch, seed)
        talks = (
            self._worked.conversation(example, rng.choice(self._recipe.supervised.modes), rng) for example in chosen
        )
        said = (each for turns in talks for each in spoken(self._tokenizer, turns))
        return [each for each in said if len(each.question) + len(each.answer) <= self._recipe.longest]


class Choice:
    """Draws examples, of which a share has nothing to gain, as far as there are both."""

    def __init__(self, examples: Sequence[Example], unchanged: float):
        self._improved = [each for each in examples if each.improved]
        self._others = [each for each in examples if not each.improved]
        self._share = 0.0 if not self._others else 1.0 if not self._improved else unchanged

    def of(self, count: int, seed: str) -> list[Example]:
        """Equal seeds draw equally."""
        rng = random.Random(seed)
        return [rng.choice(self._others if rng.random() < self._share else self._improved) for _ in range(count)]


def question(tokenizer, request: Request) -> tuple[int, ...]:
    """What a server would give the model to read, as token ids."""
    return _ids(tokenizer, _rendered(tokenizer, [("user", chat.text(request))], True))


def spoken(tokenizer, turns: Sequence[Turn]) -> tuple[Spoken, ...]:
    """Each turn that is taught, up to the token that ends it, as the answer to all before it."""
    return tuple(
        _spoken(tokenizer, [(each.role, each.text) for each in turns[: n + 1]])
        for n, turn in enumerate(turns)
        if turn.taught
    )


def _spoken(tokenizer, turns: Sequence[chat.Message]) -> Spoken:
    asked, whole = _rendered(tokenizer, turns[:-1], True), _rendered(tokenizer, turns, False)
    answer = whole[len(asked) :].rstrip() if whole.startswith(asked) else f"{turns[-1][1]}{tokenizer.eos_token}"
    return Spoken(_ids(tokenizer, asked), _ids(tokenizer, answer))


def _rendered(tokenizer, turns: Sequence[chat.Message], ask: bool) -> str:
    return tokenizer.apply_chat_template(
        [{"role": role, "content": text} for role, text in turns], tokenize=False, add_generation_prompt=ask
    )


def _ids(tokenizer, text: str) -> tuple[int, ...]:
    return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])


def log_likelihoods(model, said: Sequence[Spoken], pad: int, temperature: float = 1.0):
    """(log-likelihood of a token after those before it, 1.0 where it is an answer's, weight), the last (sequences, 1).

    The others are (sequences, positions at which some sequence has a token of its answer):
    logits of all that is read would be most of the memory, and much of the time.
    """
    import torch

    device = next(model.parameters()).device
    width = max(len(each.question) + len(each.answer) for each in said)
    ids = torch.full((len(said), width), pad)
    mask = torch.zeros((len(said), width))
    for row, each in enumerate(said):
        end = len(each.question) + len(each.answer)
        ids[row, :end] = torch.tensor(each.question + each.answer)
        mask[row, len(each.question) : end] = 1.0
    ids, mask = ids.to(device), mask.to(device)
    at = mask.any(0).nonzero().squeeze(-1)
    logits = (
        model(input_ids=ids, use_cache=False, logits_to_keep=at - 1).logits.float() / temperature
    )  # padding is on the right: nothing looks there
    likely = torch.log_softmax(logits, -1).gather(-1, ids[:, at, None]).squeeze(-1)
    return likely, mask[:, at], torch.tensor([[each.weight] for each in said], device=device)
