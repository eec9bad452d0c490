"""What the process does that `peeplab bench proof` gives the proofs to: nothing but proving, so that its memory is the
prover's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ....analysis.obligation import Obligation
from ....validate.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that the emulator accepted; `times`: how many equal windows there are."""

    backend: str
    obligation: Obligation
    times: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The prover's answer on one proposal that `times` equal windows of `size` instructions got.

    Seconds by the clock and of the processor.
    """

    backend: str
    size: int
    times: int
    verdict: Verdict
    reason: str
    wall: float
    cpu: float


def proofs(accepted: Sequence[Accepted]) -> tuple[tuple[Proof, ...], int]:
    """One proof each, and the most bytes that this process has held."""
    from ....validate.prover.equivalence import prove  # lifters and solvers: for the process that proves alone

    found = []
    for each in accepted:
        wall, cpu = time.perf_counter(), time.process_time()
        judgement = prove(each.obligation)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = len(each.obligation.source.steps)
        found.append(Proof(each.backend, size, each.times, judgement.verdict, judgement.reason, wall, cpu))
    return tuple(found), _largest()


def _largest() -> int:
    """Bytes that this process has had in memory at most; what getrusage says is also of the one that started it."""
    found = re.search(r"^VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
