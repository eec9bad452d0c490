"""What happened to each window: the value that explain, report and counters are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..analysis.source_positions import Position
from ..analysis.windows import Window
from ..propose.protocol import Refusal, Reply
from ..validate.verdict import Judgement, Verdict
from .cost import Cost
from .edits import Hunk

_LONGEST = 500  # characters of a reason that goes back to a model


@dataclass(frozen=True, slots=True)
class Outcome:
    """`judgement` is of the whole reply; `chosen` are the hunks that were accepted, `left` how many were not.

    `number` is the rewrite's place in the translation unit, from 1, where one was accepted;
    `applied` is False where first/last left it out. `refused`: the replies about the window that
    went back to the model, oldest first; `reply` is the one that was kept, or else the last. `tried`: all
    proposals about the window but that one, each with its verdict, oldest first. `asked`: all replies about the
    window and about what was kept of it, whatever became of them, oldest first.
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
    refused: tuple[Refusal, ...] = ()
    tried: tuple[Refusal, ...] = ()
    asked: tuple[Reply, ...] = ()

    @property
    def saved(self) -> int:
        """Instructions that the accepted hunks save."""
        return self.before.instructions - self.after.instructions if self.before and self.after else 0

    @property
    def unproved(self) -> Judgement | None:
        """The judgement of a whole reply in which the emulator saw no difference, and which was not proved."""
        whole = self.judgement.whole or self.judgement
        return whole if whole.emulated and whole.verdict is Verdict.UNPROVED else None

    @property
    def proposed(self) -> int:
        """Instructions that the whole reply would save."""
        lines = self.reply.lines if self.reply else None
        return 0 if lines is None else len(self.window.source.steps) - sum(bool(line.strip()) for line in lines)


@dataclass(frozen=True, slots=True)
class Unproved:
    """What one cause costs: windows whose proposals the emulator accepted, and the instructions that these would save
    beyond what was kept.
    """

    cause: str
    windows: int
    instructions: int


@dataclass(frozen=True, slots=True)
class NotReached:
    """What the budget did not suffice to look into: functions, and the instructions in them."""

    functions: int = 0
    instructions: int = 0


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One translation unit: its outcomes, instruction counts, instructions by untouched region.

    `left_alone`: functions without windows, with why. `missed`: what was not reached in time. `positions`: in
    the C source, by line of the assembly text.
    """

    source: str
    policy: str
    instructions: int
    instructions_after: int
    regions: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    left_alone: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    missed: NotReached = NotReached()
    positions: Mapping[int, Position] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def counters(self) -> dict[str, int]:
        """Outcomes by verdict name, plus instructions left in regions that are never touched."""
        regions = {"unsafe-region-instructions": sum(self.regions.values())}
        against = len(self.disputed)
        return dict(verdict_counts(self.outcomes)) | regions | ({"rules-refuted": against} if against else {})

    @property
    def applied(self) -> tuple[int, int]:
        """Rewrites that are in the object: those proved, and those that only the emulator accepted."""
        verdicts = verdict_counts(outcome for outcome in self.outcomes if outcome.applied)
        return verdicts[Verdict.ACCEPTED_PROVED.value], verdicts[Verdict.ACCEPTED_EMULATED.value]

    @property
    def disputed(self) -> tuple[tuple[str, ...], ...]:
        """The rules of each rewrite that the rule book allows and a validator refuted: one of the two is wrong."""
        earlier = (each for outcome in self.outcomes for each in outcome.tried)
        tried: list[Outcome | Refusal] = [*self.outcomes, *earlier]
        return tuple(rules for each in tried if (rules := _refuted_rules(each)))

    @property
    def by_rules(self) -> int:
        """Rewrites in the object whose evidence is the rule book's: they are among those proved."""
        return sum(outcome.applied and bool(outcome.judgement.rules) for outcome in self.outcomes)

    @property
    def unproved(self) -> tuple[Unproved, ...]:
        """By cause, the dearest first. A window's parts count with it, and what they save is taken off."""
        saved: Counter[int] = Counter()
        for outcome in self.outcomes:
            saved[outcome.window.lines[0]] += outcome.saved
        windows: Counter[str] = Counter()
        instructions: Counter[str] = Counter()
        seen: set[int] = set()
        for outcome in self.outcomes:
            if outcome.unproved and outcome.window.lines[0] not in seen:
                seen.update(outcome.window.lines)
                cause = cause_of(outcome.unproved)
                windows[cause] += 1
                instructions[cause] += max(0, outcome.proposed - sum(saved[line] for line in outcome.window.lines))
        return tuple(
            Unproved(cause, windows[cause], instructions[cause])
            for cause in sorted(windows, key=lambda each: (-instructions[each], each))
        )


def with_history(kept: Outcome, before: Outcome, after: Outcome) -> Outcome:
    """`kept`, which is `after` or made of `before`, with the proposals and replies of both: `after` is of a later
    reply.
    """
    other = before if kept is after else after
    return replace(kept, tried=(*before.tried, refusal(other)), asked=(*before.asked, *after.asked))


def refusal(outcome: Outcome) -> Refusal:
    """The reply of an outcome, and what the validators say of the whole of it."""
    reply, judgement = outcome.reply, outcome.judgement.whole or outcome.judgement
    shown = judgement.counterexample
    reason = judgement.reason[:_LONGEST]
    return Refusal(
        reply.lines if reply else None,
        reply.text if reply else "",
        judgement.verdict.value,
        reason,
        tuple(shown.inputs.items()) if shown else (),
        tuple((name, *sides) for name, sides in shown.outcomes.items()) if shown else (),
        judgement.rules,
    )


def _refuted_rules(tried: Outcome | Refusal) -> tuple[str, ...]:
    """The rules that made what a validator refuted; empty where none did, or nothing was refuted."""
    if isinstance(tried, Refusal):
        return tried.rules if tried.verdict == Verdict.REFUTED.value else ()
    judgement = tried.judgement.whole or tried.judgement
    return judgement.rules if judgement.verdict is Verdict.REFUTED else ()


def cause_of(judgement: Judgement) -> str:
    """The reason without what follows its first colon, so that equal causes are one."""
    return judgement.reason.partition(":")[0]


def saved(outcomes: Iterable[Outcome]) -> tuple[int, float]:
    """Instructions, then cycles, that the accepted hunks save together."""
    kept = [(outcome.before, outcome.after) for outcome in outcomes if outcome.before and outcome.after]
    cycles = [(before.cycles or 0.0) - (after.cycles or 0.0) for before, after in kept]
    return sum(before.instructions - after.instructions for before, after in kept), sum(cycles)


def verdict_counts(outcomes: Iterable[Outcome]) -> Counter[str]:
    return Counter(outcome.judgement.verdict.value for outcome in outcomes)
