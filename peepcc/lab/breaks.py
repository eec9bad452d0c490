"""Small breaks of a rewrite, as a model makes them: one operand, width, condition, immediate, operation or line."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

_OPERATIONS = {
    "add": "sub",
    "sub": "add",
    "adds": "subs",
    "subs": "adds",
    "and": "orr",
    "orr": "eor",
    "eor": "and",
    "bic": "and",
    "lsr": "asr",
    "asr": "lsr",
    "lsl": "lsr",
    "udiv": "sdiv",
    "sdiv": "udiv",
    "mul": "mneg",
    "madd": "msub",
    "msub": "madd",
    "umull": "smull",
    "smull": "umull",
    "umulh": "smulh",
    "ubfx": "sbfx",
    "sbfx": "ubfx",
    "ubfiz": "sbfiz",
    "csel": "csinc",
    "csinc": "csinv",
    "csinv": "csneg",
    "csneg": "csel",
    "cset": "csetm",
    "cmp": "cmn",
    "cmn": "cmp",
    "tst": "cmp",
    "ldr": "ldrb",
    "ldrb": "ldrsb",
    "ldrsb": "ldrb",
    "ldrh": "ldrsh",
    "ldrsh": "ldrh",
    "ldrsw": "ldr",
    "strb": "strh",
    "strh": "strb",
    "cbz": "cbnz",
    "cbnz": "cbz",
    "tbz": "tbnz",
    "tbnz": "tbz",
    "fadd": "fsub",
    "fsub": "fadd",
    "fmul": "fnmul",
    "fmadd": "fmsub",
    "fmin": "fminnm",
    "fmax": "fmaxnm",
    "fcvtzs": "fcvtzu",
    "scvtf": "ucvtf",
    "sxtw": "uxtb",
    "uxtb": "uxth",
    "uxth": "uxtb",
    "sxtb": "uxtb",
    "rev": "rbit",
    "clz": "cls",
    "adc": "sbc",
    "sbc": "adc",
}
_CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le")
_REGISTER = re.compile(r"\b([wxsdqv])(\d+)\b")
_NUMBER = re.compile(r"#(-?)(0x[0-9a-fA-F]+|\d+)")
_CONDITION = re.compile(rf"(?<=, |b\.)({'|'.join(_CONDITIONS)})\b")


def breaks(text: str, rng: random.Random) -> Iterator[str]:
    """Texts that differ from `text` in one line, without end; not all of them assemble, and some mean the same."""
    lines = text.splitlines()
    candidates = [n for n, line in enumerate(lines) if line and not line.startswith("//") and not line.endswith(":")]
    while candidates:
        at = rng.choice(candidates)
        broken = rng.choice((_register, _register, _width, _condition, _number, _operation, _dropped))(lines, at, rng)
        if broken is not None and broken != lines[at]:
            yield "\n".join((*lines[:at], *([broken] if broken else []), *lines[at + 1 :])) + "\n"


def _replaced(pattern: re.Pattern, line: str, rng: random.Random, new) -> str | None:
    """One occurrence gives way to what `new` makes of its match."""
    found = list(pattern.finditer(line))
    if not found:
        return None
    match = rng.choice(found)
    return line[: match.start()] + new(match) + line[match.end() :]


def _register(lines: list[str], at: int, rng: random.Random) -> str | None:
    """Another register that occurs."""
    numbers = sorted({match[2] for line in lines for match in _REGISTER.finditer(line)})
    return _replaced(_REGISTER, lines[at], rng, lambda match: match[1] + rng.choice(numbers))


def _width(lines: list[str], at: int, rng: random.Random) -> str:
    other = {"w": "x", "x": "w", "s": "d", "d": "s", "q": "d"}
    return _REGISTER.sub(lambda match: other.get(match[1], match[1]) + match[2], lines[at])


def _condition(lines: list[str], at: int, rng: random.Random) -> str | None:
    return _replaced(_CONDITION, lines[at], rng, lambda match: rng.choice(_CONDITIONS))


def _number(lines: list[str], at: int, rng: random.Random) -> str | None:
    return _replaced(
        _NUMBER, lines[at], rng, lambda match: f"#{int(match[1] + str(int(match[2], 0))) + rng.choice((-1, 1, 4, 8))}"
    )


def _operation(lines: list[str], at: int, rng: random.Random) -> str | None:
    name, _, rest = lines[at].partition(" ")
    return f"{_OPERATIONS[name]} {rest}" if name in _OPERATIONS else None


def _dropped(lines: list[str], at: int, rng: random.Random) -> str:
    return ""
