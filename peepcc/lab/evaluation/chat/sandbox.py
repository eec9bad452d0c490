"""Runs what a model writes in chain-of-code: instructions in the emulator, expressions in a small evaluator.

The text is hostile until shown otherwise. Instructions pass the syntax gate of proposals,
run in the harness that judges (every access is checked before it is made, no branch goes
backwards, no call, no system instruction), on one state with a memory of its own. Nothing
of the host is read, written or run but the assembler, on lines that passed the gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from ....analysis.encoded import program
from ....analysis.obligation import FALL, INDIRECT, RETURN, Obligation, Program
from ....analysis.registers import ALL, NZCV, q, union, x
from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....errors import PeepccError
from ....validate.emulator.access_log import complete, valid
from ....validate.emulator.harness import exits, harness
from ....validate.emulator.layout import INVALID, RECORDS, Layout, Unsupported, layout
from ....validate.emulator.machine import HEAD, Machine, NotRun
from ....validate.syntax_gate import Refused, check
from .chain_of_code import Print, Run, Set, Store, read
from .expressions import MASK, Wrong, value

MEMORY = 4096  # bytes at m
_BASE = RECORDS
_MOST_OUTPUT = 4000
_SHIFT = {"nzcv": 28}
WAYS = {FALL: "falls through", RETURN: "returns", INDIRECT: "goes to an address in a register"}


def results(text: str, window: Window, encoder: Encoder) -> str:
    """What the model sees of its code: a line a result.

    Where something is wrong the rest is not run, and the last line says why.
    """
    lines: list[str] = []
    try:
        for line in _Sandbox(window, encoder).lines(text):
            lines.append(line)
            if sum(map(len, lines)) > _MOST_OUTPUT:
                raise Wrong("more output than is shown")
    except PeepccError as error:
        lines.append(f"error: {error.reason}")
    return "\n".join(lines)[: _MOST_OUTPUT + 200] or "nothing was run or printed"


class _Sandbox:
    """`before` holds what was set, `after` what the last run left: names x0..x30, sp, nzcv, q0..q31; and both
    memories.
    """

    def __init__(self, window: Window, encoder: Encoder):
        self._window, self._encoder = window, encoder
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.memory = bytearray(MEMORY)
        self.left = bytearray(MEMORY)

    def lines(self, text: str) -> Iterator[str]:
        runs = 0
        for command in read(text):
            match command:
                case Set(name, expression):
                    self._set(name, value(expression, self._name(self.before), self._word(self.memory)))
                case Store(offset, expression):
                    at = value(offset, self._name(self.before), self._word(self.memory))
                    _inside(at)
                    self.memory[at : at + 8] = value(
                        expression, self._name(self.before), self._word(self.memory)
                    ).to_bytes(8, "little")
                case Run(lines):
                    runs += 1
                    yield f"run {runs}{' (window)' if lines is None else ''}: {self._run(lines)}"
                case Print(expressions):
                    for expression in expressions:
                        number = value(
                            expression,
                            self._name(self.after or self.before),
                            self._word(self.left if self.after else self.memory),
                        )
                        yield f"{expression} = {number:#x}"

    def _set(self, name: str, number: int) -> None:
        whole, mask = _whole(name)
        self.before[whole] = number & mask

    def _name(self, values: Mapping[str, int]):
        def name(word: str) -> int:
            if word == "m":
                return _BASE
            whole, mask = _whole(word.lower())
            return values.get(whole, 0) & mask

        return name

    def _word(self, memory: bytearray):
        def word(at: int) -> int:
            at = at - _BASE if at >= _BASE else at
            _inside(at)
            return int.from_bytes(memory[at : at + 8], "little")

        return word

    def _run(self, lines: tuple[str, ...] | None) -> str:
        code = self._window.source if lines is None else self._program(lines)
        for extended in (False, True):
            try:
                return self._emulated(code, extended)
            except NotRun:
                continue
            except Unsupported as error:
                raise Wrong(f"this cannot be run: {error.reason}") from None
        raise Wrong("this cannot be run: the emulator does not know an instruction")

    def _program(self, lines: tuple[str, ...]) -> Program:
        source = [step.instruction for step in self._window.source.steps]
        try:
            found = program(check(lines, source, self._window.labels), self._encoder)
        except Refused as error:
            raise Wrong(error.reason) from None
        if found is None:
            raise Wrong("a line does not assemble to exactly one instruction")
        return found

    def _emulated(self, code: Program, extended: bool) -> str:
        """Runs `code` on the state before, and says what it wrote and where it went."""
        obligation = Obligation(code, code, {}, aliases=self._window.aliases)
        keys = exits(code, obligation.aliases)
        place = layout(obligation, MEMORY if any(step.effect.accesses for step in code.steps) else 0, ALL)
        machine = _machine()
        record = machine.records(1, place.stride)
        record[:] = np.uint64(MASK)
        self._put(place, record[0])
        numbers = {key: n for n, key in enumerate(keys, 1)}
        machine.run(
            harness(code, place.source, place, numbers, obligation.aliases, HEAD),
            0,
            np.arange(1),
            place.stride,
            place.next,
            None,
            extended,
        )
        complete(record, place.source, place.source_sites, slice(None))
        bases = np.array([_BASE], np.uint64)
        if (
            int(record[0, place.source.exit // 8]) == INVALID
            or not valid(record, bases, place.source, place.source_sites, place.size)[0]
        ):
            raise Wrong(
                f"an access outside the memory: set pointers to m + OFFSET, with all accesses below {MEMORY} bytes"
            )
        self._take(place, record[0])
        key = keys[int(record[0, place.source.exit // 8]) - 1]
        return "; ".join((*self._written(code), WAYS.get(key, f"goes to {key}")))

    def _put(self, place: Layout, record: np.ndarray) -> None:
        if place.size:
            record[place.window] = np.frombuffer(bytes(self.memory), np.uint64)
        for n, at in place.general.items():
            record[at // 8] = np.uint64(self.before.get(f"x{n}", 0))
        for n, at in place.vectors.items():
            number = self.before.get(f"q{n}", 0)
            record[at // 8], record[at // 8 + 1] = np.uint64(number & MASK), np.uint64(number >> 64)
        for name, at in (("sp", place.stack), ("nzcv", place.flags)):
            if at is not None:
                record[at // 8] = np.uint64(self.before.get(name, 0) << _SHIFT.get(name, 0))
        if place.rounding is not None:
            record[place.rounding // 8] = np.uint64(0)

    def _take(self, place: Layout, record: np.ndarray) -> None:
        side = place.source
        self.after = dict(self.before)
        self.after |= {f"x{n}": int(record[at // 8]) for n, at in side.general.items()}
        self.after |= {f"q{n}": int(record[at // 8]) | int(record[at // 8 + 1]) << 64 for n, at in side.vectors.items()}
        self.after |= {
            name: int(record[at // 8]) >> _SHIFT.get(name, 0)
            for name, at in (("sp", side.stack), ("nzcv", side.flags))
            if at is not None
        }
        self.left = bytearray(record[place.window].tobytes()) if place.size else bytearray(self.memory)

    def _written(self, code: Program) -> Iterator[str]:
        written = union(step.effect.writes for step in code.steps)
        yield from (f"x{n} = {self.after[f'x{n}']:#x}" for n in range(31) if written & x(n))
        yield from (f"q{n} = {self.after[f'q{n}']:#x}" for n in range(32) if written & q(n))
        if written & NZCV:
            yield f"nzcv = {self.after['nzcv']:#06b}"
        if any(access.store for step in code.steps for access in step.effect.accesses):
            changed = [at for at in range(0, MEMORY, 8) if self.left[at : at + 8] != self.memory[at : at + 8]]
            yield from (f"m[{at}] = {int.from_bytes(self.left[at : at + 8], 'little'):#x}" for at in changed[:8])


def _whole(name: str) -> tuple[str, int]:
    """The register that holds the named part, and the part's mask. Raises Wrong."""
    fixed = {"sp": ("sp", MASK), "nzcv": ("nzcv", 15), "xzr": ("xzr", 0), "wzr": ("xzr", 0)}
    if name in fixed:
        return fixed[name]
    letter, number = name[:1], name[1:]
    if letter in "xwqdshb" and number.isdecimal() and len(number) <= 2 and int(number) < (31 if letter in "xw" else 32):
        bits = {"x": 64, "w": 32, "q": 128, "d": 64, "s": 32, "h": 16, "b": 8}[letter]
        return ("x" if letter in "xw" else "q") + str(int(number)), (1 << bits) - 1
    raise Wrong(f"no register: {name[:20]}")


def _inside(at: int) -> None:
    if not 0 <= at <= MEMORY - 8:
        raise Wrong(f"m has the offsets 0 to {MEMORY - 8}")


@cache
def _machine() -> Machine:
    return Machine()
