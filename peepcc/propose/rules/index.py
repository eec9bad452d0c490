"""Which rules may begin at two instructions: templates by the forms of the first two lines of their patterns.

The index of the packaged book is a file beside it, `index.json`, which `peeplab rules index` writes: to read it is
cheap, and a rule is read only where its forms occur. An index that is not that of the book costs uses, no more:
what matches is decided by the rule itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .forms import condition, filled, number, shifted
from .template import Binding, Line, Number, Slot

INDEX = Path(__file__).with_name("index.json")
Links = Sequence[tuple[int, int]]
Fixed = Sequence[tuple[int, int, object]]
Entry = tuple[int, int, int, Links, Fixed]
"""Order in the book, number of the rule, number of its template; places where the registers of both lines must be the
same; (0 or 1 for the line, place, number or condition that must stand there)."""


@dataclass(frozen=True, slots=True)
class Index:
    """`pairs`: form of the first line -> form of the second -> entries. `singles`: of patterns of one line.

    Where all numbers and conditions of the first line are fixed, they are part of its form.
    """

    pairs: Mapping[str, Mapping[str, Sequence[Entry]]]
    singles: Mapping[str, Sequence[Entry]]


def index_of(rules: Iterable[Sequence[tuple[int, Sequence[Line]]]]) -> Index:
    """`rules`: the width and the pattern of each template of each rule."""
    pairs: dict[str, dict[str, list[Entry]]] = {}
    singles: dict[str, list[Entry]] = {}
    order = 0
    for rule, templates in enumerate(rules):
        for template, (width, pattern) in enumerate(templates):
            forms = [form_of_line(line, width) for line in pattern[:2]]
            whole = bool(forms[0].values) and None not in forms[0].values
            first = filled(forms[0].text, forms[0].values) if whole else forms[0].text
            fixed = [(n, at, value) for n, form in enumerate(forms) for at, value in form.fixed() if n or not whole]
            if len(pattern) == 1:
                singles.setdefault(first, []).append((order, rule, template, (), fixed))
            else:
                entry = (order, rule, template, forms[0].links(forms[1]), fixed)
                pairs.setdefault(first, {}).setdefault(forms[1].text, []).append(entry)
            order += 1
    return Index(pairs, singles)


def written(index: Index) -> str:
    """The text of the file: one first form a line."""
    parts = (
        ",\n".join(f"{json.dumps(form)}:{json.dumps(entries, separators=(',', ':'))}" for form, entries in each.items())
        for each in (index.pairs, index.singles)
    )
    pairs, singles = parts
    return f'{{"pairs":{{\n{pairs}\n}},"singles":{{\n{singles}\n}}}}\n'


def read(text: str) -> Index:
    """Raises ValueError, KeyError."""
    value = json.loads(text)
    return Index(value["pairs"], value["singles"])


@dataclass(frozen=True, slots=True)
class LineForm:
    """`text`: the form of all instructions that a line may match. `names`: its register variables from left to right.

    `values`: its numbers and conditions, None where they are not fixed.
    """

    text: str
    names: tuple[str, ...]
    values: tuple[object, ...]

    def links(self, other: LineForm) -> Links:
        """Places in two lines of a pattern where the same register must stand."""
        return tuple((self.names.index(name), n) for n, name in enumerate(other.names) if name in self.names)

    def fixed(self) -> Iterator[tuple[int, object]]:
        """Place, and what must stand there."""
        return ((n, value) for n, value in enumerate(self.values) if value is not None)


def form_of_line(line: Line, width: int) -> LineForm:
    names: list[str] = []
    values: list[object] = []
    mnemonic = line.mnemonic
    if mnemonic.startswith("b."):
        values.append(_condition(line.condition) if line.condition is not None else condition(mnemonic[2:]))
        mnemonic = "b."
    parts = [_of_slot(each, width, names, values) for each in line.slots]
    return LineForm("|".join((mnemonic, *parts)), tuple(names), tuple(values))


def _of_slot(slot: Slot, width: int, names: list[str], values: list[object]) -> str:
    if slot.kind in ("register", "fixed"):
        if slot.kind == "register":
            names.append(slot.name)
        if slot.amount is not None:
            values.append(_value(slot.amount, width))
        name = slot.letter if slot.kind == "register" else slot.name
        return name + shifted(slot.modifier, slot.amount is not None)
    if slot.kind == "number" and slot.number is not None:
        values.append(_value(slot.number, width))
        return number(slot.modifier)
    if slot.kind == "memory":
        inner = [_of_slot(each, width, names, values) for each in slot.inner]
        if len(inner) == 1:
            values.append(None)
        return f"[{slot.name or 'offset'} {inner[0]} {inner[1] if len(inner) > 1 else number(None)}]"
    if slot.kind == "condition":
        values.append(_condition(slot))
        return "?"
    return "@"


def _condition(slot: Slot) -> str | None:
    return slot.name if slot.letter == "=" else None


def _value(found: Number, width: int) -> int | None:
    """None where it is not the same in every use."""
    try:
        return found.value(Binding(numbers={"W": width}))
    except KeyError:
        return None
