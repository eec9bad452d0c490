"""Shows by running both sides that a wrong pair differs, and looks whether a right one does.

What must be equal is said here anew, not taken from the judge: the way out, what is live there, memory, and no
access where the source has none. What only a signal or an alignment check would see is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from ....assembly.parse import parse_instruction
from ....assembly.syntax import Immediate, Instruction, Memory, Register, VectorRegister
from .accesses import OPERATIONS as ACCESSES
from .floats import DOUBLE, SINGLE, default_nan, infinity
from .floats import OPERATIONS as FLOATS
from .integers import OPERATIONS as INTEGERS
from .machine import Accessed, Machine, mask, run
from .template import Facts, Pair, facts
from .vectors import OPERATIONS as VECTORS

OPERATIONS = {**INTEGERS, **VECTORS, **FLOATS, **ACCESSES}
_SP = 0x7FFE_0000
_BASE = 0x20_0000
_FILLS = (0, mask(64), 0x8080_8080_8080_8080, 0x7F7F_7F7F_7F7F_7F7F, 0x0000_0001_8000_0000, 0xFFFF_FFFF_0000_0000)

Items = tuple[Instruction | str, ...]


def items(lines: Sequence[str]) -> Items:
    """Instructions, and labels by their names."""
    return tuple(line[:-1] if line.endswith(":") else parse_instruction(line) for line in lines)


def difference(pair: Pair, count: int, rng: Random) -> str | None:
    """An input on which both sides differ, and how; None where no state of so many shows one."""
    source, target, held = items(pair.source), items(pair.target), facts(pair.known)
    live = _live(pair.live)
    for start in states(source, target, held, count, rng):
        one, two = start.copy(), start.copy()
        exits = run(one, source, OPERATIONS), run(two, target, OPERATIONS)
        found = _differs(one, two, exits, live, pair.ordered)
        if found:
            return f"{found}, with {_told(start, source, target)}"
    return None


def _live(text: str) -> dict[str, list[str]]:
    """Live registers by exit; `*` for any other."""
    found = {"*": []}
    for part in text.split(";"):
        key, colon, names = part.rpartition(":")
        found[key.strip() if colon else "*"] = names.split()
    return found


def _differs(
    one: Machine, two: Machine, exits: tuple[str, str], live: dict[str, list[str]], ordered: bool
) -> str | None:
    if exits[0] != exits[1]:
        return f"goes to {exits[0] or 'the end'} | {exits[1] or 'the end'}"
    for name in (*live.get(exits[0], live["*"]), "sp"):
        left, right = (m.flags if name == "nzcv" else m.get(name) for m in (one, two))
        if left != right:
            return f"{name}: {_hex(left)} | {_hex(right)}"
    for place in {*one.memory, *two.memory}:
        if one.byte(place) != two.byte(place):
            return f"[{place:#x}]: {one.byte(place):#x} | {two.byte(place):#x}"
    if not _bytes(two.log, True) <= _bytes(one.log, True) or not _bytes(two.log, False) <= _bytes(one.log, False):
        return "an access where the source has none"
    if ordered and one.log != two.log:
        return "another order of accesses"
    return None


def _bytes(log: Sequence[Accessed], store: bool) -> set[int]:
    """Where something is stored, or accessed at all."""
    return {each.address + k & mask(64) for each in log if each.store or not store for k in range(each.size)}


def _hex(held: int | tuple[int, ...]) -> str:
    return hex(held) if isinstance(held, int) else "".join(map(str, held))


def _told(start: Machine, source: Items, target: Items) -> str:
    """The registers that either side names, and the flags."""
    general, vectors = _Places(source, target).named
    shown = [f"x{n} {start.x[n]:#x}" for n in general] + [f"q{n} {start.v[n]:#x}" for n in vectors]
    return ", ".join((*shown, f"nzcv {_hex(start.flags)}"))


class _Places:
    """What two programs name: registers, numbers, and which registers are parts of addresses."""

    def __init__(self, source: Items, target: Items):
        steps = [step for step in (*source, *target) if isinstance(step, Instruction)]
        operands = [each for step in steps for each in step.operands]
        memories = [each for each in operands if isinstance(each, Memory)]
        inner = [each.offset if isinstance(each, Memory) else each for each in operands]
        names = [each.name for each in inner if isinstance(each, (Register, VectorRegister))] + [
            each.base for each in memories
        ]
        self.named = tuple(
            sorted({int(name[1:]) for name in names if name[0] in bank and name[1:].isdigit()})
            for bank in ("wx", "bhsdqv")
        )
        self.numbers = [int(each.value) << (each.amount or 0) for each in inner if isinstance(each, Immediate)]
        self.near = (0, *self.numbers, *(-each for each in self.numbers if each < 1 << 16))
        self.bases = _numbers(each.base for each in memories)
        self.indices = _numbers(each.offset.name for each in memories if isinstance(each.offset, Register))
        self.compared = _numbers(
            each.name
            for step in steps
            if step.mnemonic == "cmp"
            for each in step.operands
            if isinstance(each, Register)
        )


def _numbers(names: Iterable[str]) -> list[int]:
    return sorted({int(name[1:]) for name in names if name[1:].isdigit()})


def states(source: Items, target: Items, held: Facts, count: int, rng: Random) -> Iterator[Machine]:
    """States at random, of corners mostly: equal and nearly equal registers, bases that are near each other or not."""
    places = _Places(source, target)
    general, vectors = places.named
    for _ in range(count):
        x, v = [0] * 31, [0] * 32
        for n in general:
            x[n] = _value(places.numbers, rng)
        for n in general:
            if rng.random() < 0.3:
                x[n] = _like(x[rng.choice(general)], rng)
        for n in vectors:
            v[n] = _vector(rng) if rng.random() < 0.8 else v[rng.choice(vectors)]
        _address(x, places, rng)
        _impose(x, held, rng)
        flags = tuple(rng.randrange(2) for _ in range(4))
        yield Machine(x, v, _SP, flags, rng.getrandbits(64), rng.choice((None, None, *_FILLS)))


def _like(held: int, rng: Random) -> int:
    """The same, its negative, or what differs by one or above bit 31."""
    return rng.choice((held, held ^ 1 << 32 + rng.randrange(32), held + 1, held - 1, -held)) & mask(64)


def _address(x: list[int], places: _Places, rng: Random) -> None:
    for n in places.indices:
        x[n] = rng.choice((x[n], rng.randrange(8), -rng.randrange(8) & mask(64), -rng.randrange(8) & mask(32)))
    first = rng.choice((_SP, _BASE + rng.randrange(64), _BASE + rng.randrange(64)))
    for n in places.bases:
        near = first + rng.choice(places.near)
        x[n] = rng.choice((near + rng.randrange(-8, 9), near, first, _BASE + 4096 * n, _BASE + 4096 * n)) & mask(64)
    if places.bases and rng.random() < 0.3:  # an end that a pointer runs to
        x[rng.choice(places.compared or places.bases)] = x[rng.choice(places.bases)] + rng.choice(places.near) & mask(
            64
        )


def _impose(x: list[int], held: Facts, rng: Random) -> None:
    for n, bits in held.zero_extended.items():
        x[n] = rng.choice((x[n] & mask(bits), mask(bits) - rng.randrange(2), 1 << bits - 1))
    for n, bits in held.sign_extended.items():
        low = rng.choice((x[n] & mask(bits), 1 << bits - 1, mask(bits - 1)))
        x[n] = (low ^ 1 << bits - 1) - (1 << bits - 1) & mask(64)
    for n, number in held.constants.items():
        x[n] = number
    for group in held.equal:
        for n in group:
            x[n] = x[min(group)]


def _value(numbers: Sequence[int], rng: Random) -> int:
    """A corner, a number of the text or next to one, or any; with anything above bit 31 half of the time."""
    kind, near = rng.randrange(9), rng.choice(numbers) if numbers else 0
    if kind < 3:
        found = (0, near, -near)[kind] + rng.randrange(-2, 3)
    elif kind == 3:
        found = (1 << rng.randrange(64)) + rng.randrange(-1, 2)
    elif kind == 4:
        found = (1 << rng.choice((7, 15, 30, 31, 32, 62, 63))) + rng.randrange(-2, 2)
    else:
        found = rng.getrandbits((64, 32, 31, 8)[kind - 5]) * rng.choice((1, -1))
    return found & mask(32) | rng.getrandbits(32) << 32 if rng.random() < 0.25 else found & mask(64)


def _vector(rng: Random) -> int:
    bits = rng.choice((8, 16, 32, 32, 64, 64, 128))
    return sum(_lane(bits, rng) << at for at in range(0, 128, bits))


def _lane(bits: int, rng: Random) -> int:
    if bits in (32, 64) and rng.random() < 0.7:
        f = SINGLE if bits == 32 else DOUBLE
        one = f.bias << f.precision
        found = rng.choice(
            (
                0,
                one,
                one + rng.randrange(1 << f.precision),
                one + (rng.randrange(1, 40) << f.precision),
                one + (rng.randrange(1, 40) << f.precision) + rng.getrandbits(f.precision),
                infinity(f, 0),
                default_nan(f) | rng.getrandbits(8),
                f.top << f.precision | 1 + rng.getrandbits(8),
                rng.getrandbits(8) + 1,
                infinity(f, 0) - 1,
                one + (1 << f.precision - 1),
            )
        )
        return found | rng.randrange(2) << bits - 1
    return rng.choice(
        (
            0,
            1,
            mask(bits),
            1 << bits - 1,
            mask(bits - 1),
            rng.getrandbits(bits),
            rng.getrandbits(bits),
            rng.randrange(8),
        )
    )
