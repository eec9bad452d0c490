"""What a sequence costs: instructions, bytes, and cycles by llvm-mca for the processor in use.

Cycles are an estimate for many repetitions of the sequence from cache, its branches not taken.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import PeepccError
from ..process import run

_ITERATIONS = (50, 100)  # what the first ones cost more, to fill and drain the pipeline, is in both and cancels out
_SECONDS = 60.0
_BRANCH = re.compile(r"^\s*(b|b\.\w+|bc\.\w+|cbn?z|tbn?z|ret|br)\b.*$")


@dataclass(frozen=True, slots=True)
class Cost:
    """`cycles` of one repetition; None where no estimate is to be had."""

    instructions: int
    bytes: int
    cycles: float | None = None

    def __str__(self) -> str:
        cycles = "" if self.cycles is None else f", {self.cycles:.2f} cycles"
        return f"{self.instructions} instructions, {self.bytes} bytes{cycles}"


def cheaper(before: Cost, after: Cost) -> bool:
    """Worse in nothing and better in something; unknown cycles count as equal."""
    pairs: list[tuple[float, float]] = [(before.instructions, after.instructions), (before.bytes, after.bytes)]
    if before.cycles is not None and after.cycles is not None:
        pairs.append((before.cycles, after.cycles))
    return all(new <= old for old, new in pairs) and any(new < old for old, new in pairs)


def find_mca(clang: str) -> str | None:
    """The llvm-mca of the clang in use: beside it, or on PATH by the same version, or by no version."""
    found = shutil.which(clang)
    if found is None:
        return None
    real = Path(found).resolve()
    version = re.search(r"-(\d+)$", Path(found).name) or re.search(r"-(\d+)$", real.name)
    names = ([f"llvm-mca-{version[1]}"] if version else []) + ["llvm-mca"]
    beside = (folder / name for folder in (Path(found).parent, real.parent) for name in names)
    return next((str(path) for path in beside if path.is_file()), None) or next(
        filter(None, map(shutil.which, names)), None
    )


def costs(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]], mcpu: str | None, mca: str | None
) -> tuple[tuple[Cost, Cost], ...]:
    """What the two sequences of each pair cost. Where they differ in branches alone, nobody is asked for cycles."""
    asked = [text for pair in pairs if _moving(pair[0]) != _moving(pair[1]) for text in pair]
    times = dict(zip(map(tuple, asked), cycles(asked, mcpu, mca))) if asked else {}
    return tuple((_cost(before, times), _cost(after, times)) for before, after in pairs)


def _cost(sequence: Sequence[str], times: Mapping[tuple[str, ...], float | None]) -> Cost:
    return Cost(len(sequence), 4 * len(sequence), times.get(tuple(sequence)))


def _moving(sequence: Sequence[str]) -> tuple[str, ...]:
    """The lines that the estimate is made of."""
    return tuple(line for line in sequence if line.strip() and not _BRANCH.match(line))


def cycles(sequences: Sequence[Sequence[str]], mcpu: str | None, mca: str | None) -> tuple[float | None, ...]:
    """One estimate a sequence (instruction lines), of the steady state, all in two runs of `mca`; None where it gives
    none.

    Branches are taken out: a simulator of straight-line code knows no better. Sequences
    without instructions cost 0.
    """
    bodies = list(map(_moving, sequences))
    if mca is None:
        return (None,) * len(bodies)
    distinct = [body for body in dict.fromkeys(bodies) if body]
    known: dict[tuple[str, ...], float | None] = dict(zip(distinct, _estimates(distinct, mcpu, mca)))
    known[()] = 0.0
    return tuple(known[body] for body in bodies)


def _estimates(bodies: Sequence[Sequence[str]], mcpu: str | None, mca: str) -> list[float | None]:
    """None for all where a run fails: an estimate is a nicety, not worth a build."""
    if not bodies:
        return []
    text = "".join(
        f"# LLVM-MCA-BEGIN r{n}\n" + "".join(f"{line}\n" for line in body) + "# LLVM-MCA-END\n"
        for n, body in enumerate(bodies)
    )
    try:
        few, many = (_totals(text, mcpu, mca, iterations) for iterations in _ITERATIONS)
    except (PeepccError, OSError, ValueError, KeyError):
        return [None] * len(bodies)
    names = [f"r{n}" for n in range(len(bodies))]
    return [
        (many[name] - few[name]) / (_ITERATIONS[1] - _ITERATIONS[0]) if name in few and name in many else None
        for name in names
    ]


def _totals(text: str, mcpu: str | None, mca: str, iterations: int) -> dict[str, int]:
    """Cycles by region. Raises PeepccError, OSError, ValueError or KeyError where the run says nothing."""
    argv = (
        mca,
        "-mtriple=aarch64",
        f"-mcpu={mcpu or 'generic'}",
        "-mattr=+all",
        "-skip-unsupported-instructions=any",
        "-json",
        f"-iterations={iterations}",
        "-",
    )
    done = run(argv, stdin=text.encode(), timeout=_SECONDS)
    regions = json.loads(done.stdout)["CodeRegions"] if done.returncode == 0 else []
    return {region["Name"]: region["SummaryView"]["TotalCycles"] for region in regions if "SummaryView" in region}
