"""A piece of a window for the walk: steps that may be written anew, steps that stay, and what has to come out of the
whole.

What stays (loads, stores, branches, floating point) asks for the registers that it reads
and gives what it gave; so memory is never modelled here. As rough as the vectors are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....analysis.obligation import Kind, Step
from ....analysis.registers import NZCV, Parts, union, w, x
from ....analysis.windows import Window
from ....assembly.syntax import Immediate, Instruction, Register
from .. import instruction_text as c
from ..semantics import NotModelled, State
from ..straight_line import at_label
from .vector_eval import Moment, Vector, Vectors

FEWEST, MOST = 3, 5  # free steps of a stretch
_LONGEST = 10  # steps
_FREE = frozenset(
    """add sub adds subs neg negs and ands orr eor bic bics orn eon mvn mov movz movn movk lsl lsr asr ror ubfx sbfx
    ubfiz sbfiz bfi bfxil
    sxtb sxth sxtw uxtb uxth uxtw extr csel csinc csinv csneg cset csetm cinc cinv cneg mul mneg madd msub umull
    smull umaddl smaddl umsubl smsubl
    cmp cmn tst ccmp ccmn""".split()
)
_KEPT = ("x18", "x29", "x30", "sp")  # never written by the walk

Item = Instruction | int  # an int is the place of a step that stays
Code = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Register `name` must hold `values` (n,) where `mask` (n,) has ones."""

    name: str
    values: np.ndarray
    mask: np.ndarray

    def wrong(self, registers: dict[str, Vector]) -> np.ndarray:
        """Wrong bits, of (..., n) summed over the states."""
        return np.bitwise_count((registers[self.name].array ^ self.values) & self.mask).sum(-1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Stays:
    """`taken`: what a conditional branch must decide, where `here`.

    `flags`: what it leaves in them, None if nothing.
    """

    step: Step
    asks: tuple[Ask, ...]
    taken: np.ndarray | None
    here: np.ndarray
    gives: dict[str, Vector]
    flags: object


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps first..last-1 as `code`.

    `fewest`: no shorter code can do, counted in free steps. `flagged`: free steps may set flags.
    """

    first: int
    last: int
    code: Code
    stays: dict[int, Stays]
    registers: dict[str, Vector]
    flags: object
    asks: tuple[Ask, ...]
    fewest: int
    flagged: bool

    def state(self) -> State:
        return State(Vectors(self.tests), dict(self.registers), self.flags)

    @property
    def tests(self) -> int:
        return len(next(iter(self.registers.values())).array)

    def on(self, state: State, code: Sequence[Item]) -> np.ndarray:
        """Runs `code`; wrong bits, for each row of what the state holds. Raises NotModelled."""
        wrong = np.zeros((), np.int64)
        for item in code:
            if isinstance(item, int):
                wrong = wrong + self._met(state, self.stays[item])
            else:
                state.run(item)
        return wrong

    def end(self, state: State) -> np.ndarray:
        """Wrong bits of what is asked for after the last step."""
        return sum((ask.wrong(state.registers) for ask in self.asks), np.zeros((), np.int64))

    def _met(self, state: State, stays: Stays) -> np.ndarray:
        wrong = sum((ask.wrong(state.registers) for ask in stays.asks), np.zeros((), np.int64))
        if stays.taken is not None:
            other = (state.taken(stays.step.instruction).array != 0) != stays.taken
            wrong = wrong + _DECISION * (other & stays.here).sum(-1, dtype=np.int64)
        state.registers.update(stays.gives)
        if stays.flags is not None:
            state.flags = stays.flags
        return wrong


_DECISION = 16  # bits that a wrong decision counts for


def free(step: Step) -> bool:
    """Whether the walk can say the step otherwise."""
    i = step.instruction
    if i.mnemonic not in _FREE or step.effect.kind is not Kind.PLAIN or step.effect.accesses or step.relocated:
        return False
    return (
        all((isinstance(o, Immediate) and isinstance(o.value, int)) or not isinstance(o, Immediate) for o in i.operands)
        and not (c.writes(i) & set(_KEPT))
        and all(o.name[0] in "wx" for o in i.operands if isinstance(o, Register))
    )


def stretches(window: Window, found: Sequence[Moment], live: Sequence[Parts]) -> Iterator[Stretch]:
    """All of the window that might be shorter, by their first step. `found`: the window's moments."""
    steps = window.source.steps
    entered = {
        window.source.labels.get(step.instruction.operands[-1].name)
        for step in steps
        if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL)
    }
    for first, step in enumerate(steps):
        if not free(step):
            continue
        count = 0
        for last in range(first + 1, min(first + _LONGEST, len(found) - 1, len(steps)) + 1):
            now = steps[last - 1]
            if (last - 1 in entered and last - 1 > first) or now.effect.kind not in (Kind.PLAIN, Kind.CONDITIONAL):
                break
            count += free(now)
            if count > MOST:
                break
            if count >= FEWEST and (free(now) or now.effect.kind is Kind.CONDITIONAL):
                made = _stretch(window, first, last, found, live)
                if made is not None:
                    yield made


def _stretch(window: Window, first: int, last: int, found: Sequence[Moment], live: Sequence[Parts]) -> Stretch | None:
    """None where it cannot be shorter, or asks for what is not modelled."""
    steps = window.source.steps[first:last]
    leaving = live[last] | union(
        at_label(window, window.source, live, each) for each in steps if each.effect.kind is Kind.CONDITIONAL
    )
    flagged = not leaving & NZCV
    start = {name: Vector(64, array) for name, array in found[first].registers.items()}
    changed = union(step.effect.writes for step in steps)
    code: list[Item] = []
    stays: dict[int, Stays] = {}
    for n, step in enumerate(steps, first):
        if free(step) and (flagged or not step.effect.writes & NZCV):
            code.append(step.instruction)
        else:
            code.append(n)
            try:
                stays[n] = _stays(window, n, found, live, changed)
            except NotModelled:
                return None
    asks = _asks(live[last] & changed, found[last], found[last].here)
    made = Stretch(first, last, tuple(code), stays, start, found[first].flags, asks, 0, flagged)
    made = replace(made, fewest=_fewest(made))
    frees = sum(not isinstance(item, int) for item in code)
    return made if frees >= FEWEST and made.fewest < frees and _sound(made) else None


def _stays(window: Window, n: int, found: Sequence[Moment], live: Sequence[Parts], changed: Parts) -> Stays:
    """`changed`: parts that a step of the stretch writes. Raises NotModelled."""
    step, moment = window.source.steps[n], found[n]
    asks = _asks(step.effect.reads & changed, moment, moment.here)
    taken = None
    if step.effect.kind is Kind.CONDITIONAL:
        state = State(
            Vectors(len(moment.here)),
            {name: Vector(64, array) for name, array in moment.registers.items()},
            moment.flags,
        )
        taken = state.taken(step.instruction).array != 0
        asks = _asks(at_label(window, window.source, live, step) & changed, moment, moment.here & taken)
    elif step.effect.reads & NZCV:
        raise NotModelled("reads flags")
    gives = {
        name: Vector(64, found[n + 1].registers[name])
        for name in c.writes(step.instruction)
        if name in found[n + 1].registers
    }
    return Stays(step, asks, taken, moment.here, gives, found[n + 1].flags if step.effect.writes & NZCV else None)


def _asks(wanted: Parts, moment: Moment, here: np.ndarray) -> tuple[Ask, ...]:
    """For the general registers of `wanted`, as they are at the moment."""
    found = []
    for n in range(31):
        part = wanted & x(n)
        if part and f"x{n}" in moment.registers:
            mask = np.where(here, np.uint64(0xFFFFFFFFFFFFFFFF if part & ~w(n) else 0xFFFFFFFF), np.uint64(0))
            found.append(Ask(f"x{n}", moment.registers[f"x{n}"], mask))
    return tuple(found)


def _fewest(stretch: Stretch) -> int:
    """Values that are asked for, each in a register that no step that stays puts it into: so many free steps it
    takes.
    """
    given = {name: [value.array] for name, value in stretch.registers.items()}
    for stays in stretch.stays.values():
        for name, value in stays.gives.items():
            given.setdefault(name, []).append(value.array)
    needed: list[Ask] = []
    for ask in (*(ask for stays in stretch.stays.values() for ask in stays.asks), *stretch.asks):
        known = [*given.get(ask.name, ()), *(other.values for other in needed if other.name == ask.name)]
        if not any((((values ^ ask.values) & ask.mask) == 0).all() for values in known):
            needed.append(ask)
    return len(needed) + _compares(stretch)


def _compares(stretch: Stretch) -> int:
    """1 where a branch on flags decides otherwise on those that the stretch begins with.

    An instruction that makes flags and a value counts once.
    """
    if any(stays.flags is not None for stays in stretch.stays.values()) or any(
        c.writes(item) > {"nzcv"} and "nzcv" in c.writes(item) for item in stretch.code if not isinstance(item, int)
    ):
        return 0
    state = stretch.state()
    on_flags = [stays for stays in stretch.stays.values() if stays.taken is not None and stays.step.effect.reads & NZCV]
    try:
        return int(
            any(
                (((state.taken(stays.step.instruction).array != 0) != stays.taken) & stays.here).any()
                for stays in on_flags
            )
        )
    except NotModelled:
        return int(bool(on_flags))


def _sound(stretch: Stretch) -> bool:
    """Whether the code does what is asked by this model of it: otherwise nothing that is found would mean anything."""
    state = stretch.state()
    try:
        return not (stretch.on(state, stretch.code) + stretch.end(state)).any()
    except (NotModelled, KeyError):
        return False
