"""From judged replies to figures with confidence intervals, of any group of blocks.

docs/evaluation.md defines each figure in a sentence; the names here are those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...propose.model.language import UNCHANGED
from ..example import EMULATED, Example
from . import bleu
from .intervals import ends, resampled, wilson
from .journal import Row
from .mistakes.opcode_classes import length_class, opcode_classes
from .scoring import Judged, Status


@dataclass(frozen=True, slots=True)
class Scored:
    """An example and what became of it, ready to be counted.

    `sums` is a row of the columns in _COLUMNS, after those of BLEU.
    """

    example: Example
    row: Row
    length: str
    classes: tuple[str, ...]
    sums: tuple[float, ...]

    @property
    def judged(self) -> Judged:
        return self.row.judged


_COLUMNS = ("one", "kept", "kept bytes", "kept cycles", "target", "target bytes", "target cycles", "tokens", "seconds")


def scored(example: Example, row: Row) -> Scored:
    judged = row.judged
    kept, target = judged.kept, judged.target
    spent = [sum(getattr(reply, name) for reply, _ in row.tries) for name in ("tokens", "seconds")]
    sums = (
        *bleu.counts(judged.lines, example.target),
        1,
        kept.instructions,
        kept.bytes,
        kept.cycles,
        target.instructions,
        target.bytes,
        target.cycles,
        *spent,
    )
    return Scored(example, row, length_class(len(example.source)), opcode_classes(example.window.source.steps), sums)


def validated(one: Scored, judged: Judged | None = None) -> bool:
    """Not a copy, and proved; where the target itself was not proved, the emulator's acceptance is enough."""
    status = (judged or one.judged).status
    return status is Status.PROVED or (status is Status.EMULATED and one.example.evidence == EMULATED)


def exact(one: Scored) -> bool:
    return one.judged.lines == one.example.target


def exact_or_better(one: Scored) -> bool:
    return validated(one) and one.judged.lines is not None and len(one.judged.lines) <= len(one.example.target)


def unchanged(one: Scored) -> bool:
    return one.judged.status is Status.COPY


# name -> whether a block counts; each is a share of all blocks of its group
SHARES: Mapping[str, Callable[[Scored], bool]] = {
    "exact match": exact,
    "syntactic accuracy": lambda one: one.judged.status.syntactic,
    "IO accuracy": lambda one: one.judged.status.agrees,
    "proved accuracy": lambda one: one.judged.status in (Status.COPY, Status.PROVED),
    "non-copy validated": validated,
    "answered unchanged": unchanged,
}
_IMPROVED = {"exact or better": exact_or_better}
_UNCHANGED = {
    "answered unchanged by the first token": lambda one: unchanged(one) and one.row.reply.text.strip() == UNCHANGED
}
# name -> (column, column that it is divided by)
_RATIOS = {
    "share of the teacher's gain": ("kept", "target"),
    "instructions saved a block": ("kept", "one"),
    "bytes saved a block": ("kept bytes", "one"),
    "cycles saved a block": ("kept cycles", "one"),
    "tokens a block": ("tokens", "one"),
    "seconds a block": ("seconds", "one"),
}
_TOTALS = {
    "instructions saved": "kept",
    "bytes saved": "kept bytes",
    "cycles saved": "kept cycles",
    "instructions the teacher saves": "target",
}

Figure = dict[str, float]


def figures(group: Sequence[Scored], kind: str, seed: int) -> dict[str, Figure]:
    """`kind`: "all", "improved" or "unchanged": which figures have a meaning.

    Each has value, low and high (95%), and of how many.
    """
    shares = SHARES | (_IMPROVED if kind == "improved" else _UNCHANGED if kind == "unchanged" else {})
    found: dict[str, Figure] = {}
    for name, counts in shares.items():
        some = sum(map(counts, group))
        low, high = wilson(some, len(group))
        found[name] = _figure(some / len(group) if group else 0.0, low, high, len(group))
    values = np.array([one.sums for one in group], float).reshape(len(group), bleu.SIZE + len(_COLUMNS))
    total = values.sum(0)
    sums = resampled(values, seed)  # once: all figures of a group are of the same resamples
    found["BLEU"] = _figure(bleu.score(total[: bleu.SIZE]), *ends(bleu.scores(sums[:, : bleu.SIZE])), len(group))
    for name, (over, under) in _RATIOS.items():
        one, two = bleu.SIZE + _COLUMNS.index(over), bleu.SIZE + _COLUMNS.index(under)
        if total[two] or under == "one":
            found[name] = _figure(
                total[one] / total[two] if total[two] else 0.0,
                *ends(sums[:, one] / np.maximum(sums[:, two], 1e-9)),
                len(group),
            )
    for name, column in _TOTALS.items():
        found[name] = {"value": round(float(total[bleu.SIZE + _COLUMNS.index(column)]), 2), "of": len(group)}
    return found


def _figure(value: float, low: float, high: float, of: int) -> Figure:
    return {"value": round(float(value), 5), "low": round(low, 5), "high": round(high, 5), "of": of}
