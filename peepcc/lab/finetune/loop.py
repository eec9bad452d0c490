"""One stage of fine-tuning: steps of the optimiser on the adapter, with a log, and with what a killed run goes on from.

What a step sees hangs on the seed and its number alone, so that a run that was killed makes
the same steps as one that was not, on the same machine.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ...errors import PeepccError
from .model import is_finished, take
from .recipe import Reinforcement, Supervision

_WARM = 0.03  # share of the steps in which the rate rises
_SAVE_SECONDS = 300
_LARGEST = 1.0  # norm of a step's gradient
_DECAY = 0.01


class Diverged(PeepccError):
    """The loss is no number any more."""


def learn(
    model,
    backward: Callable[[int], Mapping[str, float]],
    plan: Supervision | Reinforcement,
    seed: int,
    out: Path,
    stage: str,
) -> None:
    """Takes the steps that are left and leaves the adapter in `out/stage`; where it is there already, only loads it.

    `backward` adds up the gradients of a step and gives figures for the log, "loss" among them.
    Raises Diverged.
    """
    import torch

    if is_finished(out / stage):
        take(model, out / stage)
        return
    parameters = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=_DECAY)
    state = out / f"{stage}.pt"
    first = _restored(model, optimizer, state)
    saved_at = time.monotonic()
    for step in range(first, plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _share(step, plan.steps)
        torch.manual_seed(seed * 1_000_003 + step)
        optimizer.zero_grad(set_to_none=True)
        figures = backward(step)
        if not math.isfinite(figures["loss"]):
            raise Diverged(f"{stage}, step {step}: the loss is {figures['loss']}; a lower rate may help")
        torch.nn.utils.clip_grad_norm_([each for each in parameters if each.grad is not None], _LARGEST)
        optimizer.step()
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(
                json.dumps(
                    {"stage": stage, "step": step + 1, **{name: round(value, 5) for name, value in figures.items()}}
                )
                + "\n"
            )
        if time.monotonic() - saved_at >= _SAVE_SECONDS:
            _save(model, optimizer, step + 1, state)
            saved_at = time.monotonic()
    model.save_pretrained(out / stage, selected_adapters=["default"])
    state.unlink(missing_ok=True)


def _share(step: int, steps: int) -> float:
    """Of the rate: up to 1, then down towards 0."""
    warm = max(1.0, _WARM * steps)
    return min((step + 1) / warm, (steps - step) / max(1.0, steps - warm), 1.0)


def _save(model, optimizer, step: int, state: Path) -> None:
    """Whole or not at all."""
    import torch
    from peft import get_peft_model_state_dict

    partial = state.with_suffix(".partial")
    torch.save(
        {"adapter": get_peft_model_state_dict(model), "optimizer": optimizer.state_dict(), "step": step}, partial
    )
    partial.replace(state)


def _restored(model, optimizer, state: Path) -> int:
    """The number of steps that are done."""
    import torch
    from peft import set_peft_model_state_dict

    if not state.exists():
        return 0
    saved = torch.load(state, weights_only=True)
    set_peft_model_state_dict(model, saved["adapter"])
    optimizer.load_state_dict(saved["optimizer"])
    return saved["step"]
