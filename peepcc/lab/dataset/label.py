"""What the teachers together make of windows: the cheapest proposal of each window that the validators accept.

A target is one that a build would keep: through the syntax gate, in no region, no worse in
instructions, bytes and cycles and better in one, emulated, and proved where the prover can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ...analysis.encoded import program
from ...analysis.left_alone.barriers import region_of
from ...analysis.obligation import Program
from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...optimize.cost import Cost, cheaper, cycles, find_mca
from ...optimize.edits import edited, hunks
from ...validate.emulator.differential import emulate
from ...validate.prover.equivalence import prove
from ...validate.syntax_gate import Refused, check
from ...validate.verdict import Verdict
from ..example import EMULATED, PROVED, UNCHANGED, body
from ..teachers import Teacher
from .minimize_edit import nearest

STATES = 160  # one round; a pair is taught, not compiled: the build judges again on many more
_SOLVER = 30.0  # seconds: long, since a verdict must not hang on how busy the machine is
_EACH = 2  # proposals of one teacher about one window

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best body of a window, who found it and what it is worth.

    The window's own, "" and UNCHANGED where there is none.
    """

    target: Lines
    teacher: str
    evidence: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    teacher: str
    lines: Lines
    after: Program


class School:
    """Asks teachers and judges what they say. `refused` counts proposals by teacher and by what came of them."""

    def __init__(self, teachers: Mapping[str, Teacher], encoder: Encoder, clang: str):
        self._teachers = teachers
        self._encoder = encoder
        self._mca = find_mca(clang)
        self.refused: Counter[str] = Counter()

    def best(
        self,
        windows: Sequence[Window],
        names: Iterable[str] | None = None,
        offered: Mapping[int, tuple[str, Lines]] | None = None,
    ) -> list[Found]:
        """One for each window, in order. `names`: the teachers to ask, all of them by default.

        `offered`: by the window's place, a name and a body to be judged beside what the teachers say.
        """
        asked = list(self._teachers if names is None else names)
        parsed = [list(self._parsed(window, asked, (offered or {}).get(n))) for n, window in enumerate(windows)]
        self._encoder.encode_instructions([line for each in parsed for _, _, target in each for line in target])
        ready = [
            [c for proposal in each if (c := self._allowed(window, *proposal))] for window, each in zip(windows, parsed)
        ]
        return [self._found(window, each) for window, each in zip(windows, self._priced(windows, ready))]

    def _parsed(
        self, window: Window, names: Sequence[str], offered: tuple[str, Lines] | None
    ) -> Iterator[tuple[str, Lines, tuple[Instruction, ...]]]:
        """(teacher, lines, instructions) of each distinct proposal that is no longer than the window."""
        seen = {body(window)}
        source = [step.instruction for step in window.source.steps]
        for name, lines in self._proposed(window, names, offered):
            if lines in seen or len(lines) > len(source):
                continue
            seen.add(lines)
            try:
                yield name, lines, check(lines, source, window.labels)
            except Refused:
                self.refused[f"{name}: not allowed"] += 1

    def _proposed(
        self, window: Window, names: Sequence[str], offered: tuple[str, Lines] | None
    ) -> Iterator[tuple[str, Lines]]:
        if offered:
            yield offered
        for name in names:
            yield from ((name, lines) for lines in islice(self._teachers[name].teach(window, self._encoder), _EACH))

    def _allowed(self, window: Window, name: str, lines: Lines, target: tuple[Instruction, ...]) -> _Candidate | None:
        found = self._candidate(window, name, target)
        if found is None:
            self.refused[f"{name}: not allowed"] += 1
        return found

    def _candidate(self, window: Window, name: str, target: tuple[Instruction, ...]) -> _Candidate | None:
        after = program(edited(window, hunks(window, target)), self._encoder)
        if after is None or any(map(region_of, after.steps)):
            return None
        return _Candidate(name, tuple(print_instruction(each) for each in target), after)

    def _priced(self, windows: Sequence[Window], candidates: Sequence[list[_Candidate]]) -> list[list[_Candidate]]:
        """The cheaper ones of each window, cheapest first."""
        asked = [n for n, each in enumerate(candidates) if each]
        texts = [body(windows[n]) for n in asked] + [each.lines for n in asked for each in candidates[n]]
        costs = (
            [Cost(len(text), 4 * len(text), time) for text, time in zip(texts, cycles(texts, None, self._mca))]
            if texts
            else []
        )
        after = iter(costs[len(asked) :])
        result: list[list[_Candidate]] = [[] for _ in candidates]
        for n, before in zip(asked, costs):
            priced = [(each, next(after)) for each in candidates[n]]
            kept = [(cost, each) for each, cost in priced if cheaper(before, cost)]
            self.refused.update(f"{each.teacher}: no cheaper" for each, cost in priced if not cheaper(before, cost))
            kept.sort(key=lambda pair: (pair[0].instructions, pair[0].cycles or 0.0))  # stable: the first teacher first
            result[n] = [each for _, each in kept]
        return result

    def _found(self, window: Window, candidates: Iterable[_Candidate]) -> Found:
        for each in candidates:
            evidence = self._evidence(window, each)
            if evidence:
                found = Found(each.lines, each.teacher, evidence)
                return self.nearer(window, found) if each.teacher in self._teachers else found
        return Found(body(window), "", UNCHANGED)

    def nearer(self, window: Window, found: Found) -> Found:
        """The same gain in fewer changed lines, where that is to be had with the same evidence."""
        source = body(window)
        if len(found.target) == len(source):  # what is gained are cycles, and any other line may cost them
            return found
        lines = nearest(source, found.target, lambda lines: self._holds(window, lines))
        ready = [each for each in [self._read(window, found.teacher, lines)] if each] if lines != found.target else []
        for each in self._priced([window], [ready])[0]:
            if self._evidence(window, each) == found.evidence:
                return replace(found, target=each.lines)
        return found

    def _holds(self, window: Window, lines: Lines) -> bool:
        candidate = self._read(window, "", lines)
        return (
            candidate is not None
            and emulate(window.obligation(candidate.after), states=STATES).verdict is Verdict.ACCEPTED_EMULATED
        )

    def _read(self, window: Window, name: str, lines: Lines) -> _Candidate | None:
        try:
            return self._candidate(
                window, name, check(lines, [step.instruction for step in window.source.steps], window.labels)
            )
        except Refused:
            return None

    def _evidence(self, window: Window, candidate: _Candidate) -> str | None:
        obligation = window.obligation(candidate.after)
        emulated = emulate(obligation, states=STATES).verdict
        if emulated is not Verdict.ACCEPTED_EMULATED:
            self.refused[f"{candidate.teacher}: {emulated.value}"] += 1
            return None
        proof = prove(obligation, seconds=_SOLVER).verdict
        if proof is Verdict.REFUTED:  # what the emulator did not see: rare, and worth a look
            self.refused[f"{candidate.teacher}: refuted by proof"] += 1
            return None
        return PROVED if proof is Verdict.ACCEPTED_PROVED else EMULATED
