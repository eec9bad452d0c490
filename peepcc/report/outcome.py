"""What happened to each window: the value that explain, report and counters are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Iterable, Mapping

from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction
from ..cost import Cost
from ..hunks import Hunk
from ..propose.protocol import Reply
from ..validate.verdict import Judgement
from ..analysis.windows import Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """`judgement` is of the whole reply; `chosen` are the hunks that were accepted, `left` how many were not.

    `number` is the rewrite's place in the translation unit, from 1, where one was accepted;
    `applied` is False where first/last left it out.
    """

    window: Window
    reply: Reply | None
    judgement: Judgement
    chosen: tuple[Hunk, ...] = ()
    before: Cost | None = None
    after: Cost | None = None
    left: int = 0
    number: int | None = None
    applied: bool = False


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One translation unit: its outcomes, instruction counts, and instructions by untouched region."""

    source: str
    instructions: int
    instructions_after: int
    regions: Mapping[str, int]
    outcomes: tuple[Outcome, ...]

    @property
    def counters(self) -> dict[str, int]:
        """Outcomes by verdict name, plus instructions left in regions that are never touched."""
        return dict(verdict_counts(self.outcomes)) | {"unsafe-region-instructions": sum(self.regions.values())}


def verdict_counts(outcomes: Iterable[Outcome]) -> Counter[str]:
    return Counter(outcome.judgement.verdict.value for outcome in outcomes)


def item_text(item: Instruction | str) -> str:
    """An instruction as it is printed, a label with its colon."""
    return f"{item}:" if isinstance(item, str) else print_instruction(item)
