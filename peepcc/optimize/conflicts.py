"""Which accepted rewrites of a function go together.

Each was judged by itself, beside code as the compiler wrote it. What is known at a window's
entry may be about a register that the window does not read: nothing there is live for the code
before, whose rewrite may leave something else in it. So a rewrite that reads such a register
makes it live at its entry, and each rewrite before must keep what it did not have to keep.
It promises that the rewrites it lets through are right together, if each is right by itself;
not that no better choice among them exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..analysis.dataflow.liveness import liveness
from ..analysis.encoded import must_assemble
from ..analysis.obligation import FALL, RETURN, Kind, Obligation, exit_key
from ..analysis.registers import ALL, NONE, Parts, names, union
from ..analysis.unit_analysis import Analysed
from ..analysis.windows import Window, live_outs
from ..assembly.encode import Encoder
from ..assembly.syntax import Function, Symbol
from ..clock import ALL_TIME, Clock
from ..validate.verdict import Verdict
from .edits import edited
from .outcome import Outcome


@dataclass(frozen=True, slots=True)
class _Rewrite:
    """`needs`: parts that it reads at its entry and the source does not. `written`: by source or target."""

    outcome: Outcome
    needs: Parts
    written: Parts


def together(
    outcomes: Sequence[Outcome], analysed: Analysed, encoder: Encoder, clock: Clock = ALL_TIME
) -> Iterator[Outcome]:
    """The outcomes in their order; an accepted one that does not go with the others is unproved.

    Once the clock has stopped, all that rest on what another rewrite might change count as such.
    """
    known = {function.name: (function, live.before) for function, live, _ in analysed.functions}
    for name, group in groupby(outcomes, key=lambda outcome: outcome.window.function):
        function, before = known[name]
        each = tuple(group)
        rewrites = [
            _rewrite(outcome, before[outcome.window.lines[0]], encoder)
            for outcome in each
            if outcome.judgement.verdict.accepted
        ]
        dropped = {id(rewrite.outcome): rewrite.needs for rewrite in _dropped(rewrites, analysed, function, clock)}
        yield from (_unproved(outcome, dropped[id(outcome)]) if id(outcome) in dropped else outcome for outcome in each)


def _rewrite(outcome: Outcome, live: Parts, encoder: Encoder) -> _Rewrite:
    window = outcome.window
    target = must_assemble(edited(window, outcome.chosen), encoder)
    written = union(step.effect.writes for step in (*window.source.steps, *target.steps))
    return _Rewrite(outcome, _read(window.obligation(target)) & window.known.registers & ~live, written)


def _read(obligation: Obligation) -> Parts:
    """What the target's outcome hangs on at its entry: what it reads, and what it leaves as it is for the code after
    it.
    """
    steps = obligation.target.steps
    live = [NONE] * len(steps) + [obligation.live_at(FALL)]

    def at(label: str) -> Parts:
        way = exit_key(obligation.target, obligation.aliases, label)
        return live[way] if isinstance(way, int) else obligation.live_at(way)

    changed = True
    while changed:
        changed = False
        for n, step in reversed(list(enumerate(steps))):
            kind, labels = (
                step.effect.kind,
                [operand.name for operand in step.instruction.operands if isinstance(operand, Symbol)],
            )
            if kind is Kind.PLAIN:
                after = live[n + 1]
            elif kind is Kind.CONDITIONAL:
                after = live[n + 1] | union(map(at, labels))
            elif kind is Kind.JUMP:
                after = union(map(at, labels))
            else:
                after = obligation.live_at(RETURN) if kind is Kind.RETURN else ALL
            now = step.effect.reads | after & ~step.effect.writes
            changed = changed or now != live[n]
            live[n] = now
    return live[0]


def _dropped(rewrites: Sequence[_Rewrite], analysed: Analysed, function: Function, clock: Clock) -> Iterator[_Rewrite]:
    """Those that must go; of several that rest on one register the one that saves least goes first."""
    left = list(rewrites)
    while needy := [each for each in left if each.needs]:
        if clock.over:
            yield from needy
            return
        clash = _clash(left, analysed, function, {each.outcome.window.lines[0]: each.needs for each in needy})
        if not clash:
            return
        worst = min((each for each in needy if each.needs & clash), key=lambda each: each.outcome.saved)
        left.remove(worst)
        yield worst


def _clash(rewrites: Sequence[_Rewrite], analysed: Analysed, function: Function, needs: Mapping[int, Parts]) -> Parts:
    """The parts that the needs make live behind a rewrite which was not judged by them, and which they do not just pass
    through.
    """
    live = liveness(analysed.module, function, analysed.at, analysed.facts, needs)
    clash = NONE
    windows = [each.outcome.window for each in rewrites]
    outs = live_outs(analysed.module, function, analysed.at, windows, live)
    for each, window, wanted in zip(rewrites, windows, outs):
        clash |= union(parts & ~_promised(window, way) for way, parts in wanted.items()) & each.written
    return clash


def _promised(window: Window, way: str) -> Parts:
    """What was live at a way out when the window was judged; it may know the place by another of its names."""
    return window.live_out.get(window.aliases.get(way, way), NONE)


def _unproved(outcome: Outcome, needs: Parts) -> Outcome:
    reason = f"rests on a register that another rewrite changes: {', '.join(names(needs))}"
    return replace(
        outcome,
        judgement=replace(outcome.judgement, verdict=Verdict.UNPROVED, reason=reason),
        chosen=(),
        before=None,
        after=None,
    )
