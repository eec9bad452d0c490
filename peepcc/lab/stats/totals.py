"""Sums of notes and of reports, as values for JSON and as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from ...report.note import Note
from ...validate.verdict import Verdict


@dataclass(frozen=True, slots=True)
class NotesSum:
    """`units`: objects with rewrites, and theirs are all the instructions counted.

    What has no note cannot be told from clang's.
    """

    name: ClassVar[str] = "notes"
    files: int
    units: int
    proved: int
    by_rules: int
    emulated: int
    before: int
    after: int
    policies: Mapping[str, int]
    versions: Mapping[str, int]

    def value(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cost:
    """Windows that the emulator accepted and that were not proved, and the instructions that they would save."""

    windows: int = 0
    instructions: int = 0


@dataclass(frozen=True, slots=True)
class ReportsSum:
    """`units`: all that were looked at; `rewritten`: those with rewrites. `by_rules`: of those proved. `verdicts`:
    outcomes by verdict.
    """

    name: ClassVar[str] = "reports"
    files: int
    units: int
    rewritten: int
    proved: int
    by_rules: int
    emulated: int
    before: int
    after: int
    policies: Mapping[str, int]
    verdicts: Mapping[str, int]
    regions: Mapping[str, int]
    unproved: Mapping[str, Cost] = field(default_factory=dict)

    def value(self) -> dict[str, object]:
        return asdict(self)


def sum_notes(files: Sequence[Sequence[Note]]) -> NotesSum:
    """`files`: the notes of each."""
    notes = [note for each in files for note in each]
    return NotesSum(
        len(files),
        len(notes),
        sum(note.proved for note in notes),
        sum(note.rules for note in notes),
        sum(note.emulated for note in notes),
        sum(note.before for note in notes),
        sum(note.after for note in notes),
        dict(Counter(note.policy for note in notes)),
        dict(Counter(note.version for note in notes)),
    )


def sum_reports(reports: Sequence[Sequence[Mapping]]) -> ReportsSum:
    """`reports`: the units of each, by the report's schema."""
    units = [unit for report in reports for unit in report]
    windows, instructions, verdicts, regions = Counter(), Counter(), Counter(), Counter()
    for unit in units:
        regions.update(unit["regions"])
        verdicts.update(window["verdict"] for window in unit["windows"])
        for each in unit["unproved"]:
            windows[each["cause"]] += each["windows"]
            instructions[each["cause"]] += each["instructions"]
    causes = sorted(windows, key=lambda each: (-instructions[each], -windows[each], each))
    applied = [
        tuple(unit["applied"][verdict.value] for verdict in (Verdict.ACCEPTED_PROVED, Verdict.ACCEPTED_EMULATED))
        for unit in units
    ]
    return ReportsSum(
        len(reports),
        len(units),
        sum(any(each) for each in applied),
        sum(each[0] for each in applied),
        sum(unit["by_rules"] for unit in units),
        sum(each[1] for each in applied),
        sum(unit["instructions"]["before"] for unit in units),
        sum(unit["instructions"]["after"] for unit in units),
        dict(Counter(unit["policy"] for unit in units)),
        dict(verdicts),
        dict(regions),
        {cause: Cost(windows[cause], instructions[cause]) for cause in causes},
    )


def told(found: NotesSum | ReportsSum) -> Iterator[str]:
    """Lines."""
    if isinstance(found, NotesSum):
        yield (
            f"notes: {found.units:,} units with rewrites in {_files(found.files)}; "
            f"{_counts(found.policies, 'policy ')}; {_counts(found.versions, 'peepcc ')}"
        )
    else:
        yield (
            f"reports: {found.units:,} units in {_files(found.files)}, {found.rewritten:,} with rewrites; "
            f"{_counts(found.policies, 'policy ')}"
        )
    rules = f" ({found.by_rules:,} by the rule book)" if found.by_rules else ""
    yield f"  rewrites: {found.proved:,} proved{rules}, {found.emulated:,} only emulated"
    share = f" ({(found.before - found.after) / found.before:.2%})" if found.before else ""
    yield f"  instructions: {found.before:,} to {found.after:,}, {found.before - found.after:,} saved{share}"
    if isinstance(found, ReportsSum):
        yield from _table("outcomes", found.verdicts)
        yield from _table("instructions in regions that are left alone", found.regions)
        yield from _unproved(found)


def _unproved(found: ReportsSum) -> Iterator[str]:
    windows, instructions = (
        sum(getattr(each, name) for each in found.unproved.values()) for name in ("windows", "instructions")
    )
    yield f"  accepted by the emulator, not proved: {windows:,} windows, {instructions:,} instructions not saved"
    for cause, cost in found.unproved.items():
        yield f"    {cost.windows:8,} windows {cost.instructions:8,} instructions  {cause}"


def _table(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield f"  {title}:"
    for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield f"    {count:8,}  {name}"


def _counts(counts: Mapping[str, int], before: str) -> str:
    if len(counts) == 1:
        return f"{before}{next(iter(counts))}"
    return ", ".join(f"{before}{name} ({count:,})" for name, count in sorted(counts.items())) or f"no {before.strip()}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
