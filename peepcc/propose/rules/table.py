"""Numbers for values and for what is in memory: equal keys have equal numbers.

Memory is a stack of layers, each of stores at constant distances from one base, which do not overlap: in which order
they were made does not count. A load looks through a layer of its own base only where nothing there overlaps it.
"""

from __future__ import annotations

from ...analysis.registers import ALL

Value = tuple[int, ...]  # numbers of the parts of a register, lowest first
Place = tuple[object, int]  # what an address is counted from, and how far it is
PARTS = ALL.bit_length()
_FAR = 1 << 40
MEMORY = PARTS  # the number of memory at the entry; smaller ones are the parts of registers there


class Table:
    """All numbers of one window. `constants`: number -> 32-bit value; `widths`: number -> bits that may be set."""

    def __init__(self) -> None:
        self.size = MEMORY + 1
        self._numbers: dict[object, int] = {}
        self._pairs: dict[object, tuple[int, int]] = {}
        self.constants: dict[int, int] = {}
        self.widths: dict[int, int] = {}
        self.sums: dict[Value, tuple[Value, int]] = {}  # value -> value of which it is so much more
        self.summed: dict[Value, list[int]] = {}  # value -> lower halves of those that are so much more
        self.layers: dict[int, tuple[int, object, tuple[tuple[tuple[int, int], int], ...]]] = {}
        self.zero = self.constant(0)

    def number(self, key: object) -> int:
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self.size
            self.size += 1
        return found

    def pair(self, key: object) -> tuple[int, int]:
        """Two numbers: the lower and the upper half of one value."""
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = self.size, self.size + 1
            self.size += 2
        return found

    def constant(self, value: int) -> int:
        found = self.number(("constant", value))
        self.constants[found] = value
        self.widths[found] = value.bit_length()
        return found

    def wide(self, value: int, size: int) -> Value:
        """A constant as a value of so many parts."""
        low = self.constant(value & 0xFFFFFFFF)
        return (low,) if size == 1 else (low, self.constant(value >> 32 & 0xFFFFFFFF))

    def known(self, value: Value) -> int | None:
        """The constant that it is."""
        constants, known = self.constants, 0
        for n, part in enumerate(value):
            if part not in constants:
                return None
            known |= constants[part] << 32 * n
        return known

    def cut(self, part: int, width: int) -> int:
        """The low bits of a part, all above them 0."""
        if self.widths.get(part, 32) <= width:
            return part
        if part in self.constants:
            return self.constant(self.constants[part] & (1 << width) - 1)
        found = self.number(("cut", width, part))
        self.widths[found] = width
        return found

    def sign(self, low: int) -> int:
        """The upper half of a sign-extended lower half."""
        if low in self.constants:
            return self.constant(0xFFFFFFFF if self.constants[low] >> 31 else 0)
        return self.zero if self.widths.get(low, 32) < 32 else self.number(("sign", low))

    def base(self, value: Value) -> tuple[Value, int]:
        """What the 64-bit value is counted from, and how far it is: a constant from 0, which keeps its order."""
        found = self.sums.get(value)
        if found is None:
            constant = self.known(value) if len(value) == 2 and value[0] in self.constants else None
            small = constant is not None and constant < _FAR
            found = ((self.zero, self.zero), constant) if small and constant is not None else (value, 0)
        return found

    def plus(self, value: Value, more: int) -> Value:
        """A 64-bit value and a constant."""
        constant = self.known(value) if len(value) == 2 and value[0] in self.constants else None
        if constant is not None:
            return self.wide(constant + more, 2)
        base, already = self.base(value)
        total = already + more
        if not -_FAR < total < _FAR:
            base, total = value, more
        if total == 0:
            return base if len(base) == 2 else self.halves(base)
        found = self.pair(("sum", base, total))
        if found not in self.sums:
            self.sums[found] = base, total
            self.summed.setdefault(base, []).append(found[0])
        return found

    def halves(self, stack: Value) -> Value:
        """What sp holds, as a value of two parts."""
        found = self.pair(("half", stack))
        if found not in self.sums:
            self.sums[found] = stack, 0
            self.summed.setdefault(stack, []).append(found[0])
        return found


def stored(table: Table, memory: int, base: object, place: tuple[int, int], part: int) -> int:
    layer = table.layers.get(memory)
    below, kept = memory, [(place, part)]
    if layer is not None and layer[1] == base:
        others = [each for each in layer[2] if each[0] != place]
        if not any(_overlap(place, each[0]) for each in others):
            below, kept = layer[0], [*others, (place, part)]
    made = tuple(sorted(kept)) if len(kept) > 1 else tuple(kept)
    found = table.number(("layer", below, base, made))
    table.layers[found] = below, base, made
    return found


def loaded(table: Table, memory: int, base: object, place: tuple[int, int]) -> int:
    while (layer := table.layers.get(memory)) is not None and layer[1] == base:
        held = next((part for each, part in layer[2] if each == place), None)
        if held is not None:
            return held
        if any(_overlap(place, each) for each, _ in layer[2]):
            break
        memory = layer[0]
    found = table.number(("load", memory, base, place))
    if place[1] < 4:
        table.widths[found] = 8 * place[1]
    return found


def _overlap(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] < two[0] + two[1] and two[0] < one[0] + one[1]
