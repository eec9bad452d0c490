"""The instances of a rule: every alias pattern of its registers, every condition, and immediates as many as asked
for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType

from ...analysis.encoded import program
from ...analysis.obligation import FALL, Known, Obligation
from ...analysis.registers import ALL
from ...assembly.encode import Encoder
from ...assembly.syntax import Instruction, Name, Register
from ...propose.rules.book import Template
from ...propose.rules.expression import FUNCTIONS
from ...propose.rules.matching import given_up
from ...propose.rules.shapes import INVERSE
from ...propose.rules.template import Binding, Line, built

FEW = 64  # so many values of one immediate are all tried, one by one
_FIRST = 3  # variables are x3, x4 ...
_READER = 19  # and what reads flags goes to x19, x20 ...


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule's two sides under one binding."""

    template: Template
    binding: Binding
    source: tuple[Instruction, ...]
    target: tuple[Instruction, ...]

    def readers(self) -> tuple[Instruction, ...]:
        """What reads the flags by each condition that the rule allows, into registers that it does not use."""
        allowed = sorted(self.template.flags or ())
        return tuple(Instruction("cset", (Register(f"w{_READER + n}"), Name(name))) for n, name in enumerate(allowed))

    def obligation(self, encoder: Encoder) -> Obligation | None:
        """None where a side does not assemble."""
        sides = [program((*side, *self.readers()), encoder) for side in (self.source, self.target)]
        if sides[0] is None or sides[1] is None:
            return None
        live = ALL & ~given_up(self.template, self.binding)
        bits = {self.binding.registers[name]: width for name, width in self.template.zero_above.items()}
        known = Known(zero_extended=MappingProxyType(bits))
        return Obligation(sides[0], sides[1], {FALL: live, **dict.fromkeys(self.binding.labels.values(), live)}, known)


def instance(template: Template, binding: Binding) -> Instance:
    sides = [tuple(built(line, binding) for line in lines) for lines in (template.pattern, template.replacement)]
    return Instance(template, binding, *sides)


def aliases(template: Template) -> Iterator[Mapping[str, int]]:
    """Registers for the variables: every way in which some may be the same, as far as the rule allows."""
    for groups in partitions(template.registers):
        found = {name: _FIRST + n for n, group in enumerate(groups) for name in group}
        if not any(found[one] == found[two] for one, two in template.distinct):
            yield found


def partitions(names: Sequence[str]) -> Iterator[list[list[str]]]:
    """Every way to put the names into groups."""
    if not names:
        yield []
        return
    for rest in partitions(names[1:]):
        yield [[names[0]], *rest]
        for n, group in enumerate(rest):
            yield [*rest[:n], [names[0], *group], *rest[n + 1 :]]


def conditions(template: Template) -> Iterator[Mapping[str, str]]:
    """Every choice of conditions for the variables."""
    names = sorted({name for line in (*template.pattern, *template.replacement) for name in _conditions(line)})
    allowed = [sorted(template.conditions.get(name, frozenset(INVERSE))) for name in names]
    return (dict(zip(names, chosen)) for chosen in product(*allowed))


def _conditions(line: Line) -> Iterator[str]:
    for slot in (*line.slots, *((line.condition,) if line.condition else ())):
        if slot.kind == "condition" and slot.letter != "=":
            yield slot.name


def labels(template: Template) -> Mapping[str, str]:
    slots = [slot for line in template.pattern for slot in line.slots if slot.kind == "label"]
    return {slot.name: f".L{slot.name}" for slot in slots}


def few(template: Template) -> list[str]:
    """The immediates of which all values are tried."""
    return [name for name, (least, most) in template.numbers.items() if most - least < FEW]


def many(template: Template) -> list[str]:
    """The immediates that become symbols."""
    return [name for name in template.numbers if name not in few(template)]


def values(template: Template, names: Sequence[str]) -> Iterator[Mapping[str, int]]:
    """All values of these immediates, those that `where` forbids among them."""
    ranges = [range(template.numbers[name][0], template.numbers[name][1] + 1) for name in names]
    return (dict(zip(names, chosen)) for chosen in product(*ranges))


def admitted(template: Template, numbers: Mapping[str, int]) -> bool:
    return all(holds(numbers) for holds in template.where)


def drawn(template: Template, numbers: Mapping[str, int], rng: random.Random) -> Mapping[str, int] | None:
    """Values for the immediates that are many, beside `numbers`, which `where` allows; None where none was found."""
    for _ in range(2000):
        found = {**numbers, "W": template.width}
        for name in many(template):
            found[name] = _draw(*template.numbers[name], template.width, rng)
        if admitted(template, found):
            return found
    return None


def _draw(least: int, most: int, width: int, rng: random.Random) -> int:
    choice = rng.randrange(5)
    if choice == 0:
        value = rng.choice((least, most, min(most, least + 1)))
    elif choice == 1:
        value = 1 << rng.randrange(width)
    elif choice == 2:
        value = rng.choice(logical(width))
    elif choice == 3:
        value = rng.randrange(least, most + 1) & rng.choice((0xFFF, 0xFFF000, 0xFFFF, -1, -1 << 48))
    else:
        value = rng.randrange(least, most + 1)
    return value if least <= value <= most else rng.randrange(least, most + 1)


@cache
def logical(width: int) -> tuple[int, ...]:
    """The immediates of and, orr and eor."""
    found = set()
    size = 2
    while size <= width:
        for ones in range(1, size):
            for turn in range(size):
                one = (1 << ones) - 1
                one = (one >> turn | one << size - turn) & (1 << size) - 1
                found.add(sum(one << size * n for n in range(width // size)))
        size *= 2
    assert all(FUNCTIONS["logical"](value, width) for value in found)
    return tuple(sorted(found))
