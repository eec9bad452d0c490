"""One mistake in a rewrite, of the kinds that models make: a test instrument, for the back-end `mutator` and for
campaigns.

A mistake is a function from instruction lines, a place among them and a random source to
other lines of the same number or fewer, or None where it has no object there. The result
may fail to assemble, and now and then it means the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Lines = tuple[str, ...]
Mistake = Callable[[Sequence[str], int, Random], str | Lines | None]  # one line: what stands in the place of line n

CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le")
REGISTER = re.compile(r"\b([wxbhsdqv])(\d+)\b")
_NUMBER = re.compile(r"#(-?\d+)\b(?!\.)")
_CONDITION = re.compile(rf"(?<=, |b\.)({'|'.join(CONDITIONS)})\b")
_ARRANGEMENT = re.compile(r"\.(8b|16b|4h|8h|2s|4s|2d)\b")
_COMMA = re.compile(r", (?![^\[{]*[\]}])")
_LIKE = (  # operations that are taken for each other
    "add sub",
    "adds subs",
    "and orr eor bic",
    "orn orr",
    "lsl lsr asr ror",
    "udiv sdiv",
    "mul mneg",
    "madd msub",
    "umull smull",
    "umaddl smaddl",
    "umulh smulh",
    "ubfx sbfx",
    "ubfiz sbfiz",
    "bfi bfxil",
    "csel csinc csinv csneg",
    "cset csetm",
    "cinc cinv cneg",
    "cmp cmn",
    "tst cmp",
    "ccmp ccmn",
    "ldr ldrb ldrh ldrsb ldrsh ldrsw",
    "ldrb ldrsb",
    "ldrh ldrsh",
    "ldr ldrsw",
    "ldur ldurb ldurh ldursb ldursh ldursw",
    "str strb strh",
    "stur sturb sturh",
    "cbz cbnz",
    "tbz tbnz",
    "sxtb uxtb sxth uxth sxtw",
    "sxtw mov",
    "rev rev16 rbit",
    "clz cls",
    "adc sbc",
    "mov mvn",
    "mov movn",
    "neg mvn",
    "fadd fsub",
    "fmul fnmul fdiv",
    "fmadd fmsub fnmadd fnmsub",
    "fmin fminnm",
    "fmax fmaxnm",
    "fmaxnm fminnm",
    "fcvtzs fcvtzu",
    "scvtf ucvtf",
    "fcmp fcmpe",
    "smax umax",
    "smin umin",
    "cmgt cmhi cmge cmhs cmeq",
    "fcmgt fcmge fcmeq",
    "sshr ushr",
    "sshll ushll",
    "zip1 zip2",
    "uzp1 uzp2",
    "trn1 trn2",
)
_CONFUSED = {
    name: tuple(
        dict.fromkeys(other for group in _LIKE if name in group.split() for other in group.split() if other != name)
    )
    for group in _LIKE
    for name in group.split()
}
_FLAGS = {"add": "adds", "sub": "subs", "and": "ands", "bic": "bics", "adc": "adcs", "sbc": "sbcs", "neg": "negs"}
_FLAGS |= {setting: plain for plain, setting in _FLAGS.items()}
_ZERO = {"w": "wzr", "x": "xzr"}


def split(line: str) -> tuple[str, list[str]]:
    """Mnemonic and operands: `ldr x0, [x1, #8]` is ldr with x0 and [x1, #8]."""
    mnemonic, _, rest = line.partition(" ")
    return mnemonic, _COMMA.split(rest) if rest else []


def joined(mnemonic: str, operands: Sequence[str]) -> str:
    return f"{mnemonic} {', '.join(operands)}" if operands else mnemonic


def is_access(line: str) -> bool:
    return line.startswith(("ld", "st"))


def mistaken(lines: Sequence[str], rng: Random) -> tuple[str, Lines] | None:
    """(kind, lines) with one mistake of a random kind in a random line; None where there is no line."""
    for kind in rng.sample(_KINDS, len(_KINDS)):
        for at in rng.sample(range(len(lines)), len(lines)):
            made = MISTAKES[kind](lines, at, rng)
            found = (*lines[:at], made, *lines[at + 1 :]) if isinstance(made, str) else made
            if found is not None and found != tuple(lines):
                return kind, found
    return None


def operands(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """Two operands changed places."""
    mnemonic, parts = split(lines[at])
    plain = [n for n, part in enumerate(parts) if REGISTER.fullmatch(part) or part in _ZERO.values()]
    if len(plain) < 2:
        return None
    one, other = sorted(rng.sample(plain, 2))
    parts[one], parts[other] = parts[other], parts[one]
    return joined(mnemonic, parts)


def register(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """Another register that occurs, or the zero register."""
    numbers = sorted({match[2] for line in lines for match in REGISTER.finditer(line)})

    def other(match: re.Match[str]) -> str:
        return _ZERO[match[1]] if match[1] in _ZERO and rng.random() < 0.1 else match[1] + rng.choice(numbers)

    return _replaced(REGISTER, lines[at], rng, other)


def width(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """Another width: of all registers of the line, of one, or of its lanes."""
    other = {"w": "x", "x": "w", "s": "d", "d": "s", "q": "d", "b": "h", "h": "s"}
    if _ARRANGEMENT.search(lines[at]):
        wider = {"8b": "16b", "16b": "8b", "4h": "8h", "8h": "4h", "2s": "4s", "4s": "2s", "2d": "4s"}
        return _ARRANGEMENT.sub(lambda match: f".{wider[match[1]]}", lines[at])

    def changed(match: re.Match[str]) -> str:
        return other.get(match[1], match[1]) + match[2]

    if rng.random() < 0.3:
        return _replaced(REGISTER, lines[at], rng, changed)
    head, bracket, tail = lines[at].partition("[")  # a base stays 64 bits wide
    return REGISTER.sub(changed, head) + bracket + tail


def condition(lines: Sequence[str], at: int, rng: Random) -> str | None:
    return _replaced(
        _CONDITION, lines[at], rng, lambda match: rng.choice([each for each in CONDITIONS if each != match[1]])
    )


def immediate(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """Off by one, or by one slot or power of two."""

    def other(match: re.Match[str]) -> str:
        value = int(match[1])
        near = (value + 1, value - 1, value + 1, value - 1, value + 8, value - 8)
        return f"#{rng.choice((*near, value * 2, value // 2, value ^ 0xFF))}"

    return _replaced(_NUMBER, lines[at], rng, other)


def operation(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """Another operation of its kind: signed for unsigned, a byte for a word, or for and."""
    mnemonic, parts = split(lines[at])
    return joined(rng.choice(_CONFUSED[mnemonic]), parts) if mnemonic in _CONFUSED else None


def flags(lines: Sequence[str], at: int, rng: Random) -> str | None:
    """The form that sets flags for the one that does not, or the other way round."""
    mnemonic, parts = split(lines[at])
    if mnemonic in ("cmp", "cmn", "tst") and parts and REGISTER.fullmatch(parts[0]):
        return joined({"cmp": "sub", "cmn": "add", "tst": "and"}[mnemonic], [parts[0], *parts])
    return joined(_FLAGS[mnemonic], parts) if mnemonic in _FLAGS else None


def order(lines: Sequence[str], at: int, rng: Random) -> Lines | None:
    """Two accesses changed places, or one moved past its neighbours."""
    accesses = [n for n, line in enumerate(lines) if is_access(line)]
    if not accesses:
        return None
    one = rng.choice(accesses)
    other = rng.choice(accesses) if len(accesses) > 1 and rng.random() < 0.7 else rng.randrange(len(lines))
    changed = list(lines)
    if rng.random() < 0.5:
        changed[one], changed[other] = changed[other], changed[one]
    else:
        changed.insert(other, changed.pop(one))
    return tuple(changed)


def dropped(lines: Sequence[str], at: int, rng: Random) -> Lines:
    return (*lines[:at], *lines[at + 1 :])


MISTAKES: dict[str, Mistake] = {
    "operands": operands,
    "register": register,
    "width": width,
    "condition": condition,
    "immediate": immediate,
    "operation": operation,
    "flags": flags,
    "order": order,
    "dropped": dropped,
}
_KINDS = tuple(MISTAKES)


def _replaced(pattern: re.Pattern[str], line: str, rng: Random, new: Callable[[re.Match[str]], str]) -> str | None:
    """One occurrence gives way to what `new` makes of its match."""
    found = list(pattern.finditer(line))
    if not found:
        return None
    match = rng.choice(found)
    return line[: match.start()] + new(match) + line[match.end() :]
