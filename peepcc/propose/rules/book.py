"""The rule book: rules as they stand in `book.jsonl`, checked, and spelled out for each width and choice.

A rule in the book was proved in general form when it entered (`peeplab rules prove` proves it again); nothing here
proves anything. Whether the file is of the schema is checked here without a library; that a rule is one at all where
its lines are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from . import index
from .expression import Function, Malformed, compiled
from .index import INDEX, Index
from .shapes import COMPARES, INVERSE
from .template import Line, line_of

BOOK = Path(__file__).with_name("book.jsonl")
VERSION = 1
_REQUIRED = frozenset("id version pattern replacement origin uses".split())
_FIELDS = _REQUIRED | frozenset("widths choices dead low distinct zero_above numbers where conditions flags".split())


@dataclass(frozen=True, slots=True)
class Template:
    """One rule at one width with one choice. `results`: register variables written that are not `dead`.

    `flags`: the only conditions by which what follows may read the flags; None where these are as before, or dead.

    `numbers`: immediate -> (least, most), both included. `where`: functions of the numbers that must not be 0, and
    `told` their texts.
    """

    rule: str
    width: int
    pattern: tuple[Line, ...]
    replacement: tuple[Line, ...]
    dead: frozenset[str]
    results: frozenset[str]
    low: frozenset[str]
    distinct: tuple[tuple[str, str], ...]
    zero_above: Mapping[str, int]
    numbers: Mapping[str, tuple[int, int]]
    where: tuple[Function, ...]
    told: tuple[str, ...]
    conditions: Mapping[str, frozenset[str]]
    flags: frozenset[str] | None
    registers: tuple[str, ...]

    def admits(self, registers: Mapping[str, int], numbers: Mapping[str, int], conditions: Mapping[str, str]) -> bool:
        """Whether the values of the variables are among those that the rule was proved for."""
        if any(registers[one] == registers[two] for one, two in self.distinct):
            return False
        if any(conditions[name] not in allowed for name, allowed in self.conditions.items()):
            return False
        if any(not least <= numbers[name] <= most for name, (least, most) in self.numbers.items()):
            return False
        return all(holds(numbers) for holds in self.where)


@dataclass(frozen=True, slots=True)
class Book:
    """`rules`: the text of each, as in the file, read when it is asked for. `index`: which may be used where."""

    rules: tuple[str, ...]
    index: Index

    @property
    def count(self) -> int:
        return len(self.rules)

    def template(self, rule: int, number: int) -> Template:
        """One of the templates of a rule, both by their numbers. Raises Malformed."""
        return _read_templates(self.rules[rule])[number]


@cache
def packaged() -> Book:
    """The book in the package."""
    rules = tuple(BOOK.read_text(encoding="utf-8").splitlines())
    return Book(rules, index.read(INDEX.read_text(encoding="utf-8")))


@lru_cache(1 << 12)
def _read_templates(text: str) -> tuple[Template, ...]:
    return tuple(templates(json.loads(text)))


def read_rules(path: Path) -> list[dict[str, object]]:
    """The rules of a file. Raises Malformed, OSError."""
    found = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            value = json.loads(text)
        except ValueError:
            raise Malformed(f"{path.name}, line {number}: not JSON") from None
        found.append(value)
    return found


def book_of(rules: Iterable[Mapping[str, object]]) -> Book:
    """Raises Malformed."""
    texts: list[str] = []
    seen: set[object] = set()
    patterns = []
    for rule in rules:
        if rule.get("id") in seen:
            raise Malformed(f"two rules are called {rule['id']}")
        seen.add(rule.get("id"))
        patterns.append([(template.width, template.pattern) for template in templates(rule)])
        texts.append(json.dumps(rule))
    return Book(tuple(texts), index.index_of(patterns))


def templates(rule: Mapping[str, object]) -> Iterator[Template]:
    """One for each width and choice. Raises Malformed."""
    _check(rule)
    choices: Mapping[str, Sequence[str]] = rule.get("choices", {})  # type: ignore[assignment]
    lines = [*rule["pattern"], *rule["replacement"]]  # type: ignore[misc]
    both = any(" r" in each or "[r" in each for each in lines)
    widths = rule.get("widths", [32, 64] if both else [64])
    for n in range(max((len(each) for each in choices.values()), default=1)):
        chosen = {name: values[n] for name, values in choices.items()}
        for width in widths:  # type: ignore[attr-defined]
            yield _template(rule, width, chosen)


def _check(rule: Mapping[str, object]) -> None:
    name = rule.get("id", "a rule")
    if not rule.keys() >= _REQUIRED or not rule.keys() <= _FIELDS:
        raise Malformed(f"{name}: fields {sorted((_REQUIRED - rule.keys()) | (rule.keys() - _FIELDS))}")
    if rule["version"] != VERSION:
        raise Malformed(f"{name}: version {rule['version']} is not {VERSION}")
    if len({len(each) for each in rule.get("choices", {}).values()}) > 1:  # type: ignore[attr-defined]
        raise Malformed(f"{name}: lists of choices of different lengths")


def _filled(text: str, chosen: Mapping[str, str]) -> str:
    for name, value in chosen.items():
        text = text.replace("{" + name + "}", value)
    return text


def _template(rule: Mapping[str, object], width: int, chosen: Mapping[str, str]) -> Template:
    def lines(name: str) -> tuple[Line, ...]:
        return tuple(line_of(_filled(each, chosen), width) for each in rule[name])  # type: ignore[attr-defined]

    pattern, replacement = lines("pattern"), lines("replacement")
    if any(map(_leaves, (*pattern[:-1], *replacement[:-1]))):
        raise Malformed(f"{rule['id']}: a branch that is not last")  # what is read at its label is not looked at
    dead = frozenset(rule.get("dead", ()))  # type: ignore[call-overload]
    made, remade = written(pattern), written(replacement)
    registers = sorted(frozenset().union(*(line.names() for line in pattern)))
    if not remade <= made | dead or not frozenset().union(*(line.names() for line in replacement)) <= set(registers):
        raise Malformed(f"{rule['id']}: the replacement writes or names what the pattern does not")
    edges = {
        name: tuple(each if isinstance(each, int) else compiled(each)({"W": width}) for each in limits)
        for name, limits in rule.get("numbers", {}).items()  # type: ignore[attr-defined]
    }
    told = tuple(_filled(each, chosen) for each in rule.get("where", ()))  # type: ignore[attr-defined]
    allowed = {
        name: frozenset(_filled(each, chosen) for each in some)
        for name, some in rule.get("conditions", {}).items()  # type: ignore[attr-defined]
    }
    if any(not some <= INVERSE.keys() for some in allowed.values()):
        raise Malformed(f"{rule['id']}: not conditions")
    return Template(
        str(rule["id"]),
        width,
        pattern,
        replacement,
        dead,
        made - dead,
        frozenset(rule.get("low", ())),  # type: ignore[call-overload]
        tuple((str(one), str(two)) for one, two in rule.get("distinct", ())),  # type: ignore[attr-defined]
        MappingProxyType(dict(rule.get("zero_above", {}))),  # type: ignore[call-overload]
        MappingProxyType(edges),  # type: ignore[arg-type]
        tuple(map(compiled, told)),
        told,
        MappingProxyType(allowed),
        frozenset(rule["flags"]) if "flags" in rule else None,  # type: ignore[call-overload]
        tuple(registers),
    )


def _leaves(line: Line) -> bool:
    """Whether control may go elsewhere from it."""
    return (
        line.condition is not None
        or line.mnemonic in ("b", "br", "ret")
        or any(slot.kind == "label" for slot in line.slots)
    )


def written(lines: Iterable[Line]) -> frozenset[str]:
    """Register variables that the lines write."""
    found: set[str] = set()
    for line in lines:
        found |= {slot.inner[0].name for slot in line.slots if slot.kind == "memory" and slot.name}
        if line.condition is not None or line.mnemonic in COMPARES or line.mnemonic.startswith(("st", "cb", "tb")):
            continue
        count = 2 if line.mnemonic == "ldp" else 1
        found |= {slot.name for slot in line.slots[:count] if slot.kind == "register"}
    return frozenset(found)
