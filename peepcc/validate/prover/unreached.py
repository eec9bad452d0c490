"""Shows that no state at all takes a direction that the emulator's states did not take.

The question is put for every way through the program that passes the step. It promises nothing
where the answer is not a plain "none": then the direction may be a rare one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..verdict import Unreached
from .solvers.portfolio import satisfiable
from .symbolic import flags as flag_terms
from .symbolic.memory import Terms
from .symbolic.paths import Moment, Path
from .terms.term import Term, Unproved


def impossible(t: Terms, unreached: Unreached, paths: Sequence[Path], deadline: float) -> bool:
    """Whether no state takes the direction in the program whose ways through are `paths`."""
    for required in _questions(t, unreached, paths):
        answer, _, _ = satisfiable(required, (), deadline)
        if answer is not False:
            return False
    return True


def _questions(t: Terms, unreached: Unreached, paths: Sequence[Path]) -> Iterator[tuple[Term, ...]]:
    """What would have to hold together, of each way on which the direction could be taken."""
    for path in paths:
        for moment in path.trail:
            if moment.step == unreached.step:
                takes = _takes(t, unreached, moment)
                if takes is not t.false and t.not_(takes) not in path.conditions:
                    yield (*path.conditions, takes)


def _takes(t: Terms, unreached: Unreached, moment: Moment) -> Term:
    match unreached.kind:
        case "branch" if moment.guard is not None:
            holds = moment.guard
        case "select":
            holds = flag_terms.condition(t, moment.before.flags, unreached.number)
        case "lanes":
            return _some_bit(t, unreached, moment)
        case _:
            raise Unproved("a direction of no branch")
    return holds if unreached.wanted else t.not_(holds)


def _some_bit(t: Terms, unreached: Unreached, moment: Moment) -> Term:
    """Of what the step left in its vector register."""
    changed = [
        name
        for name, value in moment.after.registers.items()
        if name[0] == "q" and value is not moment.before.registers[name]
    ]
    if len(changed) != 1:
        raise Unproved("a comparison of lanes without a result")
    width = 64 * unreached.number
    result = t.extract(moment.after.registers[changed[0]], width - 1, 0)
    return t.not_(t.eq(result, t.const(0 if unreached.wanted else -1, width)))
