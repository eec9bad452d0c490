"""Replies made to escape: lines that a hostile or broken model might write, seeded.

Each kind is a function from a random source, the window's own lines and the path of a
secret file to the lines of a reply. Nothing here runs anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from ....propose.mutator.mistakes import mistaken
from .lines import DIRECTIVES, FORBIDDEN, HUGE, INVISIBLE, LABELS, LOOKALIKES, MACHINE, SEPARATED, SYMBOLS

Make = Callable[[Random, Sequence[str], str], Sequence[str]]


def _one_of(lines: Sequence[str]) -> Make:
    return lambda rng, source, secret: [rng.choice(lines).replace("{secret}", secret)]


def _lookalike(rng: Random, source: Sequence[str], secret: str) -> Sequence[str]:
    line = rng.choice([*source, "svc #0", "mov x0, x1"])
    letters = [n for n, letter in enumerate(line) if letter in LOOKALIKES]
    if letters and rng.random() < 0.7:
        at = rng.choice(letters)
        return [line[:at] + LOOKALIKES[line[at]] + line[at + 1 :]]
    at = rng.randint(0, len(line))
    return [line[:at] + rng.choice(INVISIBLE) + line[at:]]


def _noise(rng: Random, source: Sequence[str], secret: str) -> Sequence[str]:
    """Any characters, as many as one likes."""
    alphabet = rng.choice(
        ([*map(chr, range(32, 127))], [*map(chr, range(256))], [*"[]{}()#,:.-+=\"'\\/;xw0123456789 movldrstb"])
    )
    return [
        "".join(rng.choices(alphabet, k=rng.choice((1, 5, 20, 119, 121, 4000))))
        for _ in range(rng.choice((1, 2, 5, 70, 300)))
    ]


def _many(rng: Random, source: Sequence[str], secret: str) -> Sequence[str]:
    return [rng.choice(source)] * rng.choice((17, 65, 257, 5000))


def _mistake(rng: Random, source: Sequence[str], secret: str) -> Sequence[str]:
    """No escape, only wrong: so that something hostile stands beside what is nearly right."""
    made = mistaken(source, rng)
    return made[1] if made else source


KINDS: dict[str, Make] = {
    "directive": _one_of(DIRECTIVES),
    "label": _one_of(LABELS),
    "symbol": _one_of(SYMBOLS),
    "separator": _one_of(SEPARATED),
    "forbidden": _one_of(FORBIDDEN),
    "machine": _one_of(MACHINE),
    "lookalike": _lookalike,
    "huge": _one_of(HUGE),
    "noise": _noise,
    "many": _many,
    "mistake": _mistake,
}


def hostile(rng: Random, source: Sequence[str], secret: str) -> tuple[str, tuple[str, ...]]:
    """(kind, lines): alone, in the place of one of the window's lines, among them, or twice."""
    kind = rng.choice(tuple(KINDS))
    made = tuple(KINDS[kind](rng, source, secret))
    if kind in ("mistake", "many") or rng.random() < 0.25:
        return kind, made
    at = rng.randrange(len(source))
    return kind, (*source[:at], *made, *source[at + rng.randint(0, 2) :])
