"""Templates as data, and what becomes of them: pairs of instruction sequences, right ones and wrong ones.

Text in braces is an expression over the parameters: `{n + 1}`, `{inv(c)}`; `bits` is the width that `r` stands for.
A template's `why` says from which definition or identity its pair is right; a wrong one's `mistake` says what is
wrong. Nothing here says that either is so: `shown` tries it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

INVERSE = dict(
    zip("eq ne hs lo mi pl vs vc hi ls ge lt gt le".split(), "ne eq lo hs pl mi vc vs ls hi lt ge le gt".split())
)
SWAPPED = {
    "eq": "eq",
    "ne": "ne",
    "hs": "ls",
    "lo": "hi",
    "hi": "lo",
    "ls": "hs",
    "ge": "le",
    "lt": "gt",
    "gt": "lt",
    "le": "ge",
}
_OR_NAN = {"lt": "mi", "mi": "lt", "le": "ls", "ls": "le", "gt": "hi", "hi": "gt"}  # the same, but for NaNs
_GENERAL = (*range(18), *range(19, 29))  # x18, x29 and x30 have duties
_REGISTER = re.compile(r"\b([wxbhsdqv])(\d+)\b")
_EXPRESSION = re.compile(r"\{([^{}]+)\}")
_FAILS = dict(zip(INVERSE, (0, 4, 0, 2, 0, 8, 0, 1, 0, 2, 8, 0, 4, 0)))  # NZCV with which a condition does not hold
_HELPERS = {
    "fails": _FAILS.__getitem__,
    "holds": lambda condition: _FAILS[INVERSE[condition]],
    "inv": INVERSE.__getitem__,
    "swap": SWAPPED.__getitem__,
    "or_nan": _OR_NAN.__getitem__,
    "min": min,
    "max": max,
    "abs": abs,
    "hex": hex,
    "str": str,
    "size": lambda bank: {"w": 4, "x": 8, "s": 4, "d": 8, "q": 16}[bank],
    "log2": lambda number: number.bit_length() - 1,
    "__builtins__": {},
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake: what is given here stands in place of what the right pair has."""

    mistake: str
    target: str | None = None
    source: str | None = None
    live: str | None = None
    known: str | None = None
    ordered: bool | None = None
    when: str = "True"


@dataclass(frozen=True, slots=True)
class Template:
    """`live`: what is used afterwards, `x0 nzcv`, or by exit: `x0; "
    ".LBB0_1: x1`. `known`: facts at entry, as `facts` reads them."""

    name: str
    why: str
    parameters: Mapping[str, Sequence]
    source: str
    target: str
    live: str
    wrong: tuple[Wrong, ...]
    known: str = ""
    ordered: bool = False
    when: str = "True"


@dataclass(frozen=True, slots=True)
class Pair:
    """`mistake` is empty for the right one."""

    template: str
    mistake: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    live: str
    known: str
    ordered: bool

    @property
    def digest(self) -> str:
        """Equal for pairs that differ in the names of registers alone."""
        text = "\n".join(
            (*self.source, "=>", *self.target, f"live {self.live}", f"known {self.known}", str(self.ordered))
        )
        names: dict[tuple[bool, str], int] = {}

        def numbered(match: re.Match) -> str:
            key = match[1] in "wx", match[2]
            return f"{match[1]}{names.setdefault(key, len(names))}"

        return hashlib.sha256(_REGISTER.sub(numbered, text).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds at entry, by register number."""

    constants: Mapping[int, int] = field(default_factory=dict)
    zero_extended: Mapping[int, int] = field(default_factory=dict)
    sign_extended: Mapping[int, int] = field(default_factory=dict)
    equal: tuple[frozenset[int], ...] = ()


def facts(text: str) -> Facts:
    """`x1 = 5; x2 zext 8; x3 sext 16; x4 == x5`."""
    found = Facts({}, {}, {})
    equal = []
    for words in (part.split() for part in text.split(";") if part.strip()):
        register = int(words[0][1:])
        if words[1] == "==":
            equal.append(frozenset((register, int(words[2][1:]))))
        else:
            {"=": found.constants, "zext": found.zero_extended, "sext": found.sign_extended}[words[1]][register] = (
                int(words[2], 0) & (1 << 64) - 1
            )
    return Facts(found.constants, found.zero_extended, found.sign_extended, tuple(equal))


def instances(template: Template, most: int, seed: int) -> list[dict[str, object]]:
    """Up to `most` choices of the parameters, spread over all that the template allows."""
    names = tuple(template.parameters)
    choices = (dict(zip(names, values)) for values in product(*template.parameters.values()))
    allowed = [each for each in choices if _holds(template.when, each)]
    return allowed if len(allowed) <= most else Random(f"{seed} {template.name}").sample(allowed, most)


def pairs(template: Template, choice: Mapping[str, object], rng: Random) -> Iterator[Pair]:
    """The right pair and each wrong one, all with the same registers, which are drawn."""
    general, vectors = rng.sample(_GENERAL, len(_GENERAL)), rng.sample(range(32), 32)

    def text(written: str) -> str:
        found = _EXPRESSION.sub(lambda match: str(_evaluated(match[1], choice)), written)
        found = _EXPRESSION.sub(
            lambda match: str(_evaluated(match[1], choice)), found
        )  # a parameter may hold text in braces
        return _REGISTER.sub(
            lambda match: f"{match[1]}{(general if match[1] in 'wx' else vectors)[int(match[2])]}", found
        )

    def pair(mistake: str, wrong: Wrong) -> Pair:
        source, target, live, known = (
            text(theirs if theirs is not None else ours)
            for theirs, ours in (
                (wrong.source, template.source),
                (wrong.target, template.target),
                (wrong.live, template.live),
                (wrong.known, template.known),
            )
        )
        return Pair(
            template.name,
            mistake,
            _lines(source),
            _lines(target),
            live,
            known,
            template.ordered if wrong.ordered is None else wrong.ordered,
        )

    yield pair("", Wrong(""))
    for each in template.wrong:
        if _holds(each.when, choice):
            yield pair(text(each.mistake), each)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split(";") if line.strip())


def _holds(expression: str, choice: Mapping[str, object]) -> bool:
    return bool(_evaluated(expression, choice))


def _evaluated(expression: str, choice: Mapping[str, object]) -> object:
    return eval(expression, {**_HELPERS, "bits": 32 if choice.get("r") in ("w", "s") else 64, **choice})
