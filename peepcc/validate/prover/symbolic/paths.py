"""Runs a program on terms: one state for each way through it, with the condition of that way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ....analysis.obligation import FALL, INDIRECT, RETURN, Kind, Program, Step, exit_key
from ....assembly.syntax import Symbol
from ..form_allowlist import form, forms
from ..lift.corrections import lifted
from ..lift.pcode import DISAGREE, opinion
from ..terms.term import Term, Unproved
from .step import Entry, Run, State


class Disagreement(Unproved):
    """The two lifters differ on `word`: one of them has a bug."""

    def __init__(self, word: int):
        super().__init__("the two lifters disagree")
        self.word = word


_MOST_PATHS = 64


@dataclass(frozen=True, slots=True)
class Moment:
    """One step on a way; `guard`: of a conditional branch, 1 where it is taken."""

    step: int
    before: State
    after: State
    guard: Term | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A way through a program: taken where all `conditions` (1-bit) hold; `goal` is where `ret` and `br` go.

    `trail`: the steps on it but for jumps.
    """

    conditions: tuple[Term, ...]
    exit: str
    goal: Term | None
    state: State
    trail: tuple[Moment, ...] = ()


_Branch = tuple[int, tuple[Term, ...], State, tuple[Moment, ...]]  # where a way goes on: (step, conditions, ...)


def paths(start: Entry, program: Program, listed: bool = True) -> tuple[Path, ...]:
    """Every way through. `listed`: each form must be on the list of tested ones.

    Raises Unproved: too many ways, a branch backwards, or an instruction that is not known.
    """
    if listed:
        _check(program)
    found: list[Path] = []
    todo: list[_Branch] = [(0, (), start.state, ())]
    while todo:
        for following in _walk(start, program, *todo.pop()):
            if isinstance(following, Path):
                found.append(following)
            else:
                todo.append(following)
        if len(found) + len(todo) > _MOST_PATHS:
            raise Unproved("too many ways through")
    return tuple(found)


def _check(program: Program) -> None:
    tested = forms()
    if not tested.hold:
        raise Unproved("the list of tested forms is for another version of the lifter")
    for step in program.steps:
        if step.effect.kind in (Kind.PINNED, Kind.CALL):
            raise Unproved("must stay as it is")
        if step.relocated or step.word & 0x1F000000 == 0x10000000:
            raise Unproved("an address that only the linker knows")
        if form(step.instruction) not in tested.tested:
            raise Unproved(f"a form that was not tested: {form(step.instruction)}")
        if step.effect.kind is not Kind.JUMP and opinion(step, lifted(step.word)) == DISAGREE:
            raise Disagreement(step.word)


def _walk(
    start: Entry, program: Program, at: int, conditions: tuple[Term, ...], state: State, trail: tuple[Moment, ...]
) -> Iterator[Path | _Branch]:
    """Runs to the next branch that may go two ways, or an exit."""
    terms = start.terms
    while at < len(program.steps):
        step = program.steps[at]
        kind = step.effect.kind
        if kind in (Kind.PINNED, Kind.CALL):
            raise Unproved("must stay as it is")
        if kind is Kind.JUMP:
            goal = _goal(program, start.aliases, step, at)
            if isinstance(goal, str):
                yield Path(conditions, goal, None, state, trail)
                return
            at = goal
            continue
        code = lifted(step.word)
        run = Run(start, step, state)
        after = run.run(code)
        if kind is Kind.PLAIN:
            if code.guard is not None or code.goal is not None:
                raise Unproved("the lifter and the decoder disagree")
            state, at, trail = after, at + 1, (*trail, Moment(at, state, after))
        elif kind is Kind.CONDITIONAL and code.guard is not None and code.goal is None:
            goal = _goal(program, start.aliases, step, at)
            guard = run.value(code.guard)
            trail = (*trail, Moment(at, state, after, guard))
            for taken, where in ((guard, goal), (terms.not_(guard), at + 1)):
                if taken is terms.false or terms.not_(taken) in conditions:
                    continue
                ways = conditions if taken is terms.true or taken in conditions else (*conditions, taken)
                yield Path(ways, where, None, after, trail) if isinstance(where, str) else (where, ways, after, trail)
            return
        elif kind in (Kind.RETURN, Kind.INDIRECT) and code.goal is not None and code.guard is None:
            yield Path(
                conditions,
                RETURN if kind is Kind.RETURN else INDIRECT,
                run.value(code.goal),
                after,
                (*trail, Moment(at, state, after)),
            )
            return
        else:
            raise Unproved("the lifter and the decoder disagree")
    yield Path(conditions, FALL, None, state, trail)


def _goal(program: Program, aliases: Mapping[str, str], step: Step, at: int) -> int | str:
    label = step.instruction.operands[-1] if step.instruction.operands else None
    if not isinstance(label, Symbol) or label.addend or label.specifier:
        raise Unproved("a branch without a label")
    goal = exit_key(program, aliases, label.name)
    if goal == len(program.steps):
        return FALL
    if isinstance(goal, int) and goal <= at:
        raise Unproved("a branch goes backwards")
    return goal
