"""Runs both sides on one input, wherever that input has its memory, and tells which of the claimed differences come.

The other way round to `emulate`: the input is given, by a solver or a run before, and any
address in it is mapped when it is touched. One instruction at a time, so that nothing lies near the code.
It promises nothing about inputs that the processor cannot have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import unicorn
from unicorn import arm64_const as arm64

from ...analysis.obligation import FALL, INDIRECT, RETURN, Access, Kind, Obligation, Program, exit_key
from ...assembly.syntax import Symbol
from ..verdict import Counterexample
from .layout import Unsupported

_PAGE = 1 << 12
_ALL = (1 << 64) - 1
_X = [getattr(arm64, f"UC_ARM64_REG_X{n}") for n in range(31)]
_Q = [getattr(arm64, f"UC_ARM64_REG_Q{n}") for n in range(32)]
# name's first letter -> the bits of the register that an outcome of that name may be about
_BITS = {
    "x": (_ALL, _ALL << 32 & _ALL),
    "w": (0xFFFFFFFF,),
    "s": (0xFFFFFFFF,),
    "d": (_ALL, _ALL << 32 & _ALL),
    "q": ((1 << 128) - 1, _ALL << 64),
}


@dataclass(frozen=True, slots=True)
class Made:
    """An access that was made; `stack`: sp before it, `lowest`: the lower of that and sp after it."""

    access: Access
    address: int
    stack: int
    lowest: int

    @property
    def bytes(self) -> set[int]:
        return {self.address + k & _ALL for k in range(self.access.size)}


@dataclass(slots=True)
class _Trace:
    made: list[Made] = field(default_factory=list)
    highest: int = 0  # how far above its value at entry sp was


def unshown(obligation: Obligation, example: Counterexample) -> tuple[str, ...]:
    """The names of those outcomes that a run on the example's input does not show.

    Raises Unsupported where it cannot run.
    """
    try:
        sides = [_Run(program, obligation, example) for program in (obligation.source, obligation.target)]
        return tuple(name for name, (one, two) in example.outcomes.items() if not _shows(name, one, two, *sides))
    except unicorn.UcError as error:
        raise Unsupported(f"the input does not run: {error}") from error


class _Run:
    """One program on one input: `value`, `held`, `trace`, `exit` and `goal` (of ret and br) are what it left."""

    def __init__(self, program: Program, obligation: Obligation, example: Counterexample):
        self._engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        self._engine.ctl_set_cpu_model(arm64.UC_CPU_ARM64_MAX)
        self._engine.hook_add(unicorn.UC_HOOK_MEM_UNMAPPED, self._unmapped)
        self._mapped: set[int] = set()
        used = {int(name[1:-1], 16) & -_PAGE for name in example.inputs if name[0] == "["}
        self._code = next(page for page in range(1 << 20, 1 << 30, 1 << 20) if not {page - _PAGE, page} & used)
        self._map(self._code)
        for name, text in example.inputs.items():
            self._put(name, text)
        self._entry = self.value("sp")
        self.trace, self.goal = _Trace(), None
        self.exit = self._run(program, obligation)

    def _put(self, name: str, text: str) -> None:
        value = int(text, 16)
        if name[0] == "[":
            for k, byte in enumerate(value.to_bytes((len(text) - 1) // 2, "little")):  # one by one, as addresses wrap
                address = int(name[1:-1], 16) + k & _ALL
                self._map(address & -_PAGE)
                self._engine.mem_write(address, bytes((byte,)))
        else:
            self._engine.reg_write(_register(name), value << 28 if name == "nzcv" else value)

    def _map(self, page: int) -> None:
        if page not in self._mapped:
            self._engine.mem_map(page, _PAGE)
            self._mapped.add(page)

    def _unmapped(self, engine, kind, address: int, size: int, value, data) -> bool:
        for page in {address & -_PAGE, address + size - 1 & -_PAGE}:
            self._map(page)
        return True

    def _run(self, program: Program, obligation: Obligation) -> str:
        at = 0
        while at < len(program.steps):
            step = program.steps[at]
            if step.effect.kind in (Kind.PINNED, Kind.CALL) or step.relocated:
                raise Unsupported("an instruction that is not run")
            addresses = [self._address(access) for access in step.effect.accesses]
            before = self.value("sp")
            here = self._step(step.word, step.effect.kind)
            lowest = min(before, self.value("sp"), key=self._raised)
            self.trace.made += [
                Made(access, address, before, lowest) for access, address in zip(step.effect.accesses, addresses)
            ]
            self.trace.highest = max(self.trace.highest, self._raised(self.value("sp")))
            if step.effect.kind in (Kind.RETURN, Kind.INDIRECT):
                self.goal = here
                return RETURN if step.effect.kind is Kind.RETURN else INDIRECT
            if here == self._code + 8:
                label = step.instruction.operands[-1]
                goal = exit_key(program, obligation.aliases, label.name) if isinstance(label, Symbol) else at
                if isinstance(goal, int) and goal <= at:
                    raise Unsupported("a branch goes backwards")
                if isinstance(goal, str):
                    return goal
                at = goal
            else:
                at += 1
        return FALL

    def _step(self, word: int, kind: Kind) -> int:
        """Runs one instruction, a branch to a label as one to two words on; the address after it."""
        if kind in (Kind.CONDITIONAL, Kind.JUMP):
            places = (
                0x3FFFFFF if kind is Kind.JUMP else 0x3FFF << 5 if word & 0x7E000000 == 0x36000000 else 0x7FFFF << 5
            )
            word = word & ~places | 2 << (0 if kind is Kind.JUMP else 5)
        self._engine.mem_write(self._code, word.to_bytes(4, "little"))
        self._engine.ctl_flush_tb()
        self._engine.emu_start(self._code, self._code + 4 if kind is Kind.PLAIN else _ALL - 3, count=1)
        return self._engine.reg_read(arm64.UC_ARM64_REG_PC)

    def _address(self, access: Access) -> int:
        address = self.value(access.base) + access.displacement
        if access.index is not None:
            index = self.value("x" + access.index[1:])
            if access.extend in ("uxtw", "sxtw"):
                index &= 0xFFFFFFFF
                index -= (index >> 31) << 32 if access.extend == "sxtw" else 0
            address += index << access.shift
        return address & _ALL

    def _raised(self, stack: int) -> int:
        distance = stack - self._entry & _ALL
        return distance - (distance >> 63 << 64)

    def value(self, name: str) -> int:
        number = self._engine.reg_read(_register(name))
        return number >> 28 & 15 if name == "nzcv" else number

    def held(self, address: int, size: int) -> int:
        for page in {address & -_PAGE, (address + size - 1 & _ALL) & -_PAGE}:
            self._map(page)
        return int.from_bytes(
            b"".join(bytes(self._engine.mem_read(address + k & _ALL, 1)) for k in range(size)), "little"
        )


def _register(name: str) -> int:
    named = {"sp": arm64.UC_ARM64_REG_SP, "nzcv": arm64.UC_ARM64_REG_NZCV, "fpcr": arm64.UC_ARM64_REG_FPCR}.get(name)
    return named if named is not None else (_X if name[0] in "xw" else _Q)[int(name[1:])]


def _shows(name: str, one: str, two: str, source: _Run, target: _Run) -> bool:
    """Whether the outcome comes, with the values that were claimed; False of an outcome that a run does not show."""
    if name == "exit":
        return (source.exit or "falls through", target.exit or "falls through") == (one, two) and one != two
    if source.exit != target.exit:
        return False
    if name == "branch target":
        return source.goal != target.goal and (source.goal, target.goal) == (int(one, 16), int(two, 16))
    if name in ("sp", "nzcv"):
        return source.value(name) != target.value(name) and (source.value(name), target.value(name)) == (
            int(one, 16),
            int(two, 16),
        )
    if re.fullmatch(r"[xwsdq]\d+", name):
        values = [side.value(name if name[0] in "xw" else "q" + name[1:]) for side in (source, target)]
        masked = [tuple(value & mask for value in values) for mask in _BITS[name[0]]]
        return one != two and (int(one, 16), int(two, 16)) in masked
    if name[0] == "[":
        held = [tuple(side.held(int(name[1:-1], 16), size) for side in (source, target)) for size in (1, 2, 4, 8)]
        return one != two and (int(one, 16), int(two, 16)) in held
    return _breaks_a_rule(name, two, source.trace, target.trace)


def _breaks_a_rule(name: str, two: str, source: _Trace, target: _Trace) -> bool:
    if name == "order of accesses":
        orders = [
            [(made.address, made.access.size, made.access.element, made.access.store) for made in side.made]
            for side in (source, target)
        ]
        return orders[0] != orders[1]
    if name == "frame":
        return target.highest > source.highest
    if name == "alignment of sp at an access":
        odd = [
            any(made.access.base == "sp" and made.access.index is None and made.stack % 16 for made in side.made)
            for side in (source, target)
        ]
        return odd == [False, True]
    if name == "access below sp":
        below = [
            [made for made in side.made if 0 < (made.lowest - made.address & _ALL) < 1 << 63]
            for side in (source, target)
        ]
        return any(_stray(made, below[0]) for made in below[1])
    found = re.fullmatch(r"(load|store) of (\d+) bytes", name)
    return found is not None and any(
        made.address == int(two, 16)
        and made.access.size == int(found[2])
        and made.access.store is (found[1] == "store")
        and _stray(made, source.made)
        for made in target.made
    )


def _stray(made: Made, allowed: list[Made]) -> bool:
    return bool(
        made.bytes - {each for other in allowed if other.access.store or not made.access.store for each in other.bytes}
    )
