"""The moves of the walk on one stretch: an instruction redrawn among all that might stand there, two swapped, one
dropped, one put in.

Numbers, registers and conditions are those of the stretch and what they suggest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from ....assembly.syntax import Immediate, Instruction, Name, Register
from .. import instruction_text as c
from ..semantics import Flags, NotModelled, State
from .pool import Pool, Words, compares, inserts, pool
from .segment import Code, Stretch
from .vector_eval import Vector

HEAT = 1.0  # bits a state: a code that is so much more wrong is taken e times as seldom
_OTHER = 0.2  # how often an instruction is redrawn for another register or width
_LIKED = 32  # of a place's rewrites that seem right, so many are told
_KEPT = 8  # pools of a stretch
_MOST_REGISTERS = 7
_MOST_NUMBERS = 10
_FIELDS = ("ubfx", "sbfx", "ubfiz", "sbfiz", "bfi", "bfxil")

_Made = tuple[np.ndarray, Callable[[int], Instruction]]  # wrong bits a state of each line, the instruction of each


class Moves:
    """On the code of one stretch. `looked` counts sequences that were run."""

    def __init__(self, stretch: Stretch, rng: np.random.Generator):
        self.stretch = stretch
        self.looked = 0
        self._rng = rng
        self._words = _words(stretch)
        self._pools: dict[tuple[Code, int], Pool] = {}
        self._writable = sorted({name for i in _instructions(stretch.code) for name in c.writes(i) - {"nzcv"}})

    def wrong(self, code: Code) -> float:
        """Wrong bits a state; infinite for what is not modelled."""
        self.looked += 1
        state = self.stretch.state()
        try:
            return float(self.stretch.on(state, code) + self.stretch.end(state)) / self.stretch.tests
        except (NotModelled, KeyError):
            return np.inf

    def place(self, code: Code) -> int:
        """Of a free step."""
        free = [n for n, item in enumerate(code) if not isinstance(item, int)]
        return free[self._rng.integers(len(free))]

    def dropped(self, code: Code) -> Code:
        n = self.place(code)
        return code[:n] + code[n + 1 :]

    def swapped(self, code: Code) -> Code:
        """Two neighbours, of which one at least is free."""
        n = self.place(code)
        n = max(n - 1, 0) if n == len(code) - 1 or self._rng.integers(2) else n
        return (*code[:n], *reversed(code[n : n + 2]), *code[n + 2 :])

    def grown(self, code: Code) -> tuple[list[Code], Code, float]:
        """With an instruction more, otherwise like `redrawn`."""
        n = int(self._rng.integers(len(code) + 1))
        like = self.stretch.code[self.place(self.stretch.code)]
        return self.redrawn((*code[:n], like, *code[n:]), n, elsewhere=True)

    def redrawn(self, code: Code, n: int, elsewhere: bool = False) -> tuple[list[Code], Code, float]:
        """(codes that seem right, a code drawn by its wrong bits, those bits) with another instruction at n."""
        item = code[n]
        if item.mnemonic in c.COMPARES:
            return self._drawn(code, n, self._compares(code, n, item))
        to = min(c.writes(item) - {"nzcv"}, default="")  # what is written to the zero register is lost
        if not to or elsewhere or self._rng.random() < _OTHER:
            to = self._writable[self._rng.integers(len(self._writable))]
        wide = item.operands[0].name[0] == "x"
        if self._rng.random() < _OTHER:
            wide = not wide
        return self._drawn(code, n, self._values(code, n, Register(("x" if wide else "w") + to[1:])))

    def _drawn(self, code: Code, n: int, made: _Made | None) -> tuple[list[Code], Code, float]:
        if made is None:
            return [], code, np.inf
        wrong, at = made
        self.looked += len(wrong)
        weights = np.cumsum(np.exp((wrong.min() - wrong) / HEAT))
        drawn = min(int(np.searchsorted(weights, self._rng.random() * weights[-1])), len(wrong) - 1)
        lines = [drawn, *self._rng.permutation(np.flatnonzero(wrong == 0))[:_LIKED].tolist()]
        other, *right = [(*code[:n], at(line), *code[n + 1 :]) for line in lines]
        return right, other, float(wrong[drawn])

    def _values(self, code: Code, n: int, to: Register) -> _Made | None:
        bits, name = 8 * c.width(to.name), c.name(to.name)
        try:
            before, state = self._before(code[:n])
            lines = self._lines(code[:n], state, bits)
            rest = inserts(self._words, self._rows(state), bits, state.registers[name].array)
            values = np.concatenate([lines.values, rest.values])
            state.registers[name] = Vector(64, values)
            wrong = before + self.stretch.on(state, code[n + 1 :]) + self.stretch.end(state)
        except (NotModelled, KeyError):
            return None

        def at(line: int) -> Instruction:
            mnemonic, operands = lines.at(line) if line < len(lines.values) else rest.at(line - len(lines.values))
            return Instruction(mnemonic, (to, *operands))

        return np.broadcast_to(wrong, len(values)) / self.stretch.tests, at

    def _before(self, code: Code) -> tuple[np.ndarray, State]:
        state = self.stretch.state()
        return self.stretch.on(state, code), state

    def _rows(self, state: State) -> np.ndarray:
        return np.array([state.registers[name].array for name in self._words.registers])

    def _lines(self, code: Code, state: State, bits: int) -> Pool:
        """The pool after `code`, which comes up again and again."""
        key = (code, bits)
        if key not in self._pools:
            if len(self._pools) == _KEPT:
                self._pools.pop(next(iter(self._pools)))
            self._pools[key] = pool(self._words, self._rows(state), bits, _holds(state, self._words))
        return self._pools[key]

    def _compares(self, code: Code, n: int, item: Instruction) -> _Made | None:
        bits = 8 * c.width(item.operands[0].name)
        try:
            before, state = self._before(code[:n])
            left, right, at = compares(self._words, self._rows(state), bits)
            state.flags = Flags("sub", Vector(bits, left), Vector(bits, right))
            wrong = before + self.stretch.on(state, code[n + 1 :]) + self.stretch.end(state)
        except (NotModelled, KeyError):
            return None
        return np.broadcast_to(wrong, len(left)) / self.stretch.tests, at


def _instructions(code: Code) -> Iterator[Instruction]:
    return (item for item in code if not isinstance(item, int))


def _holds(state: State, words: Words) -> dict[str, np.ndarray]:
    found = {}
    for condition in words.conditions:
        try:
            found[condition] = state.holds(condition).array != 0
        except NotModelled:
            continue
    return found


def _words(stretch: Stretch) -> Words:
    code = list(_instructions(stretch.code))
    registers: dict[str, None] = {}
    for i in code:
        registers |= dict.fromkeys(sorted(name for name in (c.reads(i) | c.writes(i)) - {"nzcv"} if name[0] == "x"))
    numbers, amounts, fields, conditions = {0, 1}, set(), set(), {}
    for i in code:
        values = [o.value % (1 << 64) << (o.amount or 0) for o in i.operands if isinstance(o, Immediate)]
        if i.mnemonic in _FIELDS:
            low, wide = values[-2:]
            fields.add((low, wide))
            amounts |= {low, wide}
        elif i.mnemonic in ("lsl", "lsr", "asr", "ror", "extr"):
            amounts |= set(values)
        else:
            numbers |= set(values)
        amounts |= {o.amount for o in i.operands if isinstance(o, Register) and o.amount}
        for name in (o.text for o in i.operands if isinstance(o, Name)):
            conditions |= dict.fromkeys((name, c.INVERSE[name]))
    return Words(
        tuple(registers)[:_MOST_REGISTERS],
        _numbers(numbers),
        _masks(numbers, amounts),
        _amounts(amounts),
        _fields(fields, amounts),
        tuple(conditions)[:4],
        any("mul" in i.mnemonic or "madd" in i.mnemonic for i in code),
    )


def _numbers(own: set[int]) -> tuple[int, ...]:
    """Then their sums and differences, and neighbours."""
    more = [n for pair in combinations(sorted(own), 2) for n in (sum(pair), pair[1] - pair[0])]
    return tuple(dict.fromkeys([*sorted(own), *more]))[:_MOST_NUMBERS]


def _masks(numbers: set[int], amounts: set[int]) -> tuple[int, ...]:
    ones = [(1 << k) - 1 for k in sorted(amounts | {8, 16})]
    moved = [
        each for n in sorted(numbers) if n > 1 for k in sorted(amounts) for each in (n << k, n >> k) if each < 1 << 64
    ]
    more = [each for a, b in combinations(sorted(numbers), 2) for each in (a & b, a | b, a ^ b)]
    return tuple(dict.fromkeys(n for n in (*sorted(numbers), *ones, *moved, *more) if n))[:_MOST_NUMBERS]


def _amounts(own: set[int]) -> tuple[int, ...]:
    """Then their sums and differences, and what is missing to a whole register."""
    more = [n for pair in combinations(sorted(own), 2) for n in (sum(pair), pair[1] - pair[0])]
    rest = [bits - n for n in sorted(own) for bits in (32, 64)]
    return tuple(
        dict.fromkeys(n for n in (*sorted(own), *more, 1, 2, 3, *rest) if 0 < n < 32 or (n in own and 0 < n < 64))
    )[:5]


def _fields(own: set[tuple[int, int]], amounts: set[int]) -> tuple[tuple[int, int], ...]:
    more = [(low, wide) for low in (0, *sorted(amounts)) for wide in (*sorted(amounts), 8, 16, 32)]
    return tuple(
        dict.fromkeys(
            (low, wide)
            for low, wide in (*sorted(own), *more)
            if wide > 0 and low + wide <= 64 and (low or wide not in (8, 16, 32))
        )
    )[:_MOST_NUMBERS]
