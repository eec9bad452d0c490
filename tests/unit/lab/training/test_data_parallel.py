"""Workers hold the mean of what each found, and one that fails stops the others."""

import subprocess
import sys

SCRIPT = """
import json
import sys
from pathlib import Path

import torch

from peepcc.lab.training.data_parallel import together


def work(team, folder):
    if folder is None:
        if team.rank:
            raise ValueError("lost")
        torch.distributed.barrier()
    model = torch.nn.Linear(2, 1)
    model.weight.grad, model.bias.grad = torch.tensor([[1.0, 2.0]]) * team.rank, torch.full((1,), 8.0 * team.rank)
    seconds = team.share(model, 10.0 + team.rank)
    found = [model.weight.grad.tolist(), model.bias.grad.tolist(), seconds, torch.get_num_threads()]
    (folder / str(team.rank)).write_text(json.dumps(found))


if __name__ == "__main__":
    together(2, work, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
"""


def run(folder, *arguments):
    (folder / "script.py").write_text(SCRIPT)
    return subprocess.run(
        [sys.executable, str(folder / "script.py"), *arguments], capture_output=True, text=True, timeout=300
    )


def test_gradients_and_seconds_are_the_mean_of_the_workers(tmp_path):
    done = run(tmp_path, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert {(tmp_path / name).read_text() for name in "01"} == {"[[[0.5, 1.0]], [4.0], 10.5, 1]"}


def test_a_worker_that_fails_stops_all(tmp_path):
    done = run(tmp_path)
    assert done.returncode and "lost" in done.stderr
