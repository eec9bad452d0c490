"""The workers of one training run: processes of one thread each, that read batches of their own and share what they
learn.

A model this small gains little from threads within an operation: on two cores 6,000
tokens a second, with two workers 10,500. All workers hold the same weights: they start
from the same ones and take the same steps.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Team:
    """`rank`: this worker's number, below `size`."""

    rank: int = 0
    size: int = 1

    def share(self, model, seconds: float) -> float:
        """Makes every gradient the mean of the workers' and returns the mean of their seconds."""
        if self.size == 1:
            return seconds
        import torch

        gradients = [each.grad for each in model.parameters()]
        sums = torch.cat([*(each.flatten() for each in gradients), torch.tensor([seconds])])
        torch.distributed.all_reduce(sums)
        *means, mean_seconds = (sums / self.size).split([*(each.numel() for each in gradients), 1])
        for gradient, mean in zip(gradients, means):
            gradient.copy_(mean.view_as(gradient))
        return float(mean_seconds)


def together(size: int, work: Callable[..., None], *arguments: Any) -> None:
    """Calls `work(team, *arguments)` in so many processes, or here where it is one, and waits.

    What a worker raises stops all.
    """
    import torch

    if size == 1:
        torch.set_num_threads(1)
        return work(Team(), *arguments)
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(_worker, (size, Path(folder) / "meeting", work, arguments), nprocs=size)


def _worker(rank: int, size: int, meeting: Path, work: Callable[..., None], arguments: tuple) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")  # the machine's name need not lead anywhere
    import torch

    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=meeting.as_uri(), rank=rank, world_size=size)
    try:
        work(Team(rank, size), *arguments)
    except Exception:
        traceback.print_exc()  # before the others lose this one: what they then say may be all that is passed on
        raise
    torch.distributed.destroy_process_group()
