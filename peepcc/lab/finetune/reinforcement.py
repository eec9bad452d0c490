"""The second stage: the model's own replies, each worth what the validators say, against the other replies to the same
question.

A policy gradient as in GRPO, with one step of the optimiser a batch: a reply's advantage is
its reward less the mean of its group, in standard deviations; a group whose replies are
worth the same teaches nothing. Optionally held near the supervised model. trl has this too,
with far more to install and to keep in step with.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...propose.model.language import Undecodable
from ...propose.protocol import Failure, FailureKind, Reply, Request
from ...propose.request import request_of
from ...propose.server import chat
from ..example import Example
from .conversations import direct
from .recipe import Recipe
from .reward import Rewarder
from .sampling import draw
from .supervised import Choice, Spoken, log_likelihoods, question, spoken

_REFERENCE = "reference"


class Reinforced:
    """`supervised`: the folder of the first stage's adapter, the reference."""

    def __init__(self, model, tokenizer, taught: Sequence[Example], recipe: Recipe, clang: str, supervised: Path):
        self._model = model
        self._tokenizer = tokenizer
        self._recipe = recipe
        self._plan = recipe.reinforced
        self._end = spoken(tokenizer, direct(taught[0]))[0].answer[-1]
        fitting = [
            each
            for each in taught
            if len(question(tokenizer, request_of(each.window))) + self._plan.longest <= recipe.longest
        ]
        self._choice = Choice(fitting, self._plan.unchanged)
        self._rewarder = Rewarder(clang)
        if self._plan.divergence:
            model.load_adapter(supervised, _REFERENCE, is_trainable=False)
            model.set_adapter("default")

    def backward(self, step: int) -> Mapping[str, float]:
        """Asks, judges, and adds up the gradients of one batch."""
        plan = self._plan
        chosen = self._choice.of(plan.prompts, f"reinforced {self._recipe.seed} {step}")
        asked = [question(self._tokenizer, request_of(each.window)) for each in chosen for _ in range(plan.replies)]
        answers = draw(self._model, asked, plan.temperature, plan.longest, self._end, self._tokenizer.pad_token_id)
        examples = [each for each in chosen for _ in range(plan.replies)]
        rewards = self._rewarder.rewards(
            [(each.window, self._read(request_of(each.window), answer)) for each, answer in zip(examples, answers)]
        )
        weights = [
            weight
            for at in range(0, len(rewards), plan.replies)
            for weight in advantages(rewards[at : at + plan.replies])
        ]
        said = [Spoken(*each) for each in zip(asked, answers, weights) if each[2] or plan.divergence]
        loss, divergence = self._gradients(said)
        return {
            "loss": loss,
            "reward": statistics.fmean(rewards),
            "best": statistics.fmean(_best(rewards, plan.replies)),
            "useful": sum(each > 0 for each in rewards) / len(rewards),
            "divergence": divergence,
        }

    def _gradients(self, said: Sequence[Spoken]) -> tuple[float, float]:
        """Adds up the gradients; the loss, and how far the model is from the reference, in nats a token."""
        import torch

        count, total, away = sum(len(each.answer) for each in said), 0.0, 0.0
        temperature, pad = self._plan.temperature, self._tokenizer.pad_token_id
        self._model.eval()  # the replies were drawn without dropout
        for at in range(0, len(said), self._recipe.together):
            part = said[at : at + self._recipe.together]
            likely, mask, weights = log_likelihoods(self._model, part, pad, temperature)
            # Worth of a token times its probability over what it was when it was drawn, which is 1: only the gradient
            # tells.
            loss = -(weights * (likely - likely.detach()).exp() * mask).sum() / count
            if self._plan.divergence:
                self._model.set_adapter(_REFERENCE)
                with torch.no_grad():
                    before = log_likelihoods(self._model, part, pad, temperature)[0]
                self._model.set_adapter("default")
                apart = (((before - likely).exp() - (before - likely) - 1) * mask).sum() / count
                loss = loss + self._plan.divergence * apart
                away += float(apart.detach())
            loss.backward()
            total += float(loss.detach())
        return total, away

    def _read(self, request: Request, answer: tuple[int, ...]) -> Reply:
        if answer[-1] != self._end:
            return Reply(request.key, None, failure=Failure(FailureKind.UNPARSED, "an answer that was cut off"))
        text = self._tokenizer.decode(answer, skip_special_tokens=True)
        try:
            return Reply(request.key, chat.lines(request, text), text)
        except Undecodable as problem:
            return Reply(request.key, None, text, failure=Failure(FailureKind.UNPARSED, problem.reason))


def advantages(rewards: Sequence[float]) -> list[float]:
    """Of one group: by how many standard deviations each is above the mean; 0 where all are worth the same."""
    spread = statistics.pstdev(rewards)
    mean = statistics.fmean(rewards)
    return [(each - mean) / spread if spread else 0.0 for each in rewards]


def _best(rewards: Sequence[float], size: int) -> list[float]:
    return [max(rewards[at : at + size]) for at in range(0, len(rewards), size)]
