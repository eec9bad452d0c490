"""In code whose order of accesses counts, what an access depends on: no proposal may drop it.

Hardware orders a load before the access whose address, or stored value, was computed from it, and
programs rely on that behind relaxed and volatile loads. A register that is known to be equal, or
a value that was stored before, computes the same and breaks the order. So each access, and each
register that is live at a way out, must depend on all loads and entry registers that it depends
on in the source. It looks at registers alone: dependencies through memory are accesses again.
Control dependencies are not kept: which of two ways is gone is for branches to say, not for this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..analysis.obligation import FALL, INDIRECT, RETURN, Access, Kind, Obligation, Program, Step, exit_key
from ..analysis.registers import Parts, parts
from ..assembly.syntax import Memory, Register, Symbol

_BITS = 160  # of Parts; the origins of loads come behind those of entry registers
# The first part of the register that a part is of.
_WHOLE = tuple(bit & ~1 if bit < 62 else bit - (bit - 64) % 3 if bit >= 64 else bit for bit in range(_BITS))
_WHERE = "in code whose order of accesses counts"
_LEAVING = {Kind.RETURN: RETURN, Kind.INDIRECT: INDIRECT}


@dataclass(frozen=True, slots=True)
class _Trace:
    """Origins as bits: of the address and stored value of each element, in order, and of each part at each way out."""

    accesses: tuple[tuple[int, int], ...]
    exits: Mapping[str, Sequence[Sequence[int]]]


def lost(obligation: Obligation) -> str | None:
    """What the target no longer depends on, as a reason; None where it does, or order does not count."""
    if not obligation.ordered:
        return None
    if any(_jumps_inside(program, obligation) for program in (obligation.source, obligation.target)):
        return f"a branch inside the window hides what depends on which load, {_WHERE}"
    source, target = _trace(obligation.source, obligation), _trace(obligation.target, obligation)
    if len(source.accesses) != len(target.accesses):
        return None  # the trace decides
    if any(_drops(before, after) for before, after in zip(source.accesses, target.accesses)):
        return f"an access no longer depends on all that its address and value were computed from, {_WHERE}"
    for key, ways in target.exits.items():
        for after in ways:
            for before in source.exits.get(key, ()):
                if any(before[bit] & ~after[bit] for bit in _bits(obligation.live_at(key))):
                    return f"a register no longer depends on the load that it came from, {_WHERE}"
    return None


def _drops(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """A value that is a constant now depends on nothing, as in C."""
    return bool(before[0] & ~after[0] or (after[1] and before[1] & ~after[1]))


def _trace(program: Program, obligation: Obligation) -> _Trace:
    state = [1 << _WHOLE[bit] for bit in range(_BITS)]
    accesses: list[tuple[int, int]] = []
    exits: dict[str, list[Sequence[int]]] = {}
    for step in program.steps:
        _carry(step, state, accesses)
        for key in _ways(program, obligation, step):
            exits.setdefault(key, []).append(tuple(state))
    if not program.steps or program.steps[-1].effect.kind not in (*_LEAVING, Kind.JUMP):
        exits.setdefault(FALL, []).append(tuple(state))
    return _Trace(tuple(accesses), exits)


def _carry(step: Step, state: list[int], accesses: list[tuple[int, int]]) -> None:
    """`state` after the step, and its accesses added to `accesses`."""
    effect, address = step.effect, _address(step.effect.accesses)
    addresses, every, loaded = _of(state, address), _of(state, effect.reads), 0
    stored = _of(state, effect.reads & ~address | _values(step) & effect.reads)
    for access in effect.accesses:
        for _ in range(max(1, access.size // access.element)):
            loaded |= 0 if access.store else 1 << (_BITS + len(accesses))
            accesses.append((addresses, stored if access.store else 0))
    made = loaded | _of(state, effect.reads & ~address) if loaded else every
    back, by = _written_back(step)
    moved = addresses | _of(state, by)
    for bit in _bits(effect.writes):
        state[bit] = moved if back >> bit & 1 else made


def _values(step: Step) -> Parts:
    """Registers that are no part of an address."""
    found = 0
    for each in step.instruction.operands:
        found |= parts(each.name) if isinstance(each, Register) else 0
    return found


def _written_back(step: Step) -> tuple[Parts, Parts]:
    """The base that holds an address afterwards, and nothing that was loaded; and the register that is added to it."""
    memory = [each for each in step.instruction.operands if isinstance(each, Memory) and each.mode != "offset"]
    if not memory:
        return 0, 0
    offset = memory[0].offset
    return parts(memory[0].base), parts(offset.name) if isinstance(offset, Register) else 0


def _address(accesses: Sequence[Access]) -> Parts:
    found = 0
    for access in accesses:
        found |= parts(access.base) | (parts(access.index) if access.index else 0)
    return found


def _of(state: Sequence[int], read: Parts) -> int:
    found = 0
    for bit in _bits(read):
        found |= state[bit]
    return found


def _bits(value: Parts) -> Iterator[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


def _ways(program: Program, obligation: Obligation, step: Step) -> Iterator[str]:
    kind = step.effect.kind
    if kind in _LEAVING:
        yield _LEAVING[kind]
    if kind in (Kind.JUMP, Kind.CONDITIONAL):
        for operand in step.instruction.operands:
            if isinstance(operand, Symbol):
                key = exit_key(program, obligation.aliases, operand.name)
                if key == len(program.steps) or isinstance(key, str):
                    yield key if isinstance(key, str) else FALL


def _jumps_inside(program: Program, obligation: Obligation) -> bool:
    """Whether a branch goes to a place inside that is not right behind it anyway."""
    keys = (
        (n, exit_key(program, obligation.aliases, operand.name))
        for n, step in enumerate(program.steps)
        if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL)
        for operand in step.instruction.operands
        if isinstance(operand, Symbol)
    )
    return any(isinstance(key, int) and key not in (n + 1, len(program.steps)) for n, key in keys)
