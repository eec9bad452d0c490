"""From windows in which nothing was found to ones in which something may be: real code with a few lines changed at
random.

Compilers leave little to find, and the same little again and again; a line or two of other
opcodes, operands or numbers makes what they would not have written, in surroundings that
they did. What is to be found there the teachers must say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from ...assembly.encode import Encoder
from ..example import Example
from ..teachers.instruction_text import INVERSE
from .perturb import (
    NUMBER,
    REGISTER,
    Change,
    Changed,
    Pair,
    add,
    changed,
    drop,
    forget,
    learn,
    live,
    loosely_kept,
    rename,
    renamed,
)

_MOST = 4  # changes in one
_ALIKE = tuple(
    tuple(each.split())
    for each in (
        "add sub and orr eor adds subs ands bic mul",
        "lsl lsr asr ror",
        "ldr ldrb ldrh ldrsb ldrsh",
        "str strb strh",
        "csel csinc csinv csneg",
        "cset csetm",
        "sxtb sxth sxtw uxtb uxth mov mvn neg",
        "cmp tst cmn",
        "madd msub",
        "ubfx sbfx ubfiz bfi bfxil",
        "cbz cbnz",
        "tbz tbnz",
        "smull umull",
        "sdiv udiv",
    )
)
_KIN = {name: kin for kin in _ALIKE for name in kin}
_NUMBERS = (0, 1, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 127, 128, 255, 255, 256, 65535)


def mutated(examples: Sequence[Example], each: int, encoder: Encoder, rng: random.Random) -> Iterator[Changed]:
    """Up to `each` mutants of every window."""
    return changed(examples, each, _MOST, _CHANGES, encoder, rng)


def _number(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """Another number in one line."""
    kept = [n for n in pair.kept if NUMBER.search(pair.parts[n][0][0])]
    new = rng.choice((*_NUMBERS, rng.randrange(64), 1 << rng.randrange(13), (1 << rng.randrange(1, 17)) - 1))
    return bool(kept) and pair.put(n := rng.choice(kept), NUMBER.sub(f"#{new}", pair.parts[n][0][0]))


def _opcode(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """A line does something else with its operands."""
    kept = pair.kept
    if not kept:
        return False
    n = rng.choice(kept)
    mnemonic, space, operands = pair.parts[n][0][0].partition(" ")
    kin = tuple(f"b.{each}" for each in INVERSE) if mnemonic.startswith("b.") else _KIN.get(mnemonic, ())
    return bool(kin) and pair.put(n, f"{rng.choice(kin)}{space}{operands}")


def _operand(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """One operand is another register of the window."""
    kept = [n for n in pair.kept if REGISTER.search(pair.parts[n][0][0])]
    here = pair.registers
    if not kept or not here:
        return False
    n = rng.choice(kept)
    line = pair.parts[n][0][0]
    found = rng.choice(list(REGISTER.finditer(line)))
    return pair.put(n, f"{line[: found.start(2)]}{rng.choice(here)}{line[found.end(2) :]}")


def _again(pair: Pair, loose: Sequence[str], rng: random.Random) -> bool:
    """A line comes again later, as it is or with other registers."""
    kept = loosely_kept(pair)
    if not kept:
        return False
    n = rng.choice(kept)
    line = pair.parts[n][0][0]
    line = renamed(line, pair, rng) if rng.random() < 0.5 else line
    pair.parts.insert(rng.randint(min(n, pair.last), pair.last), ((line,), (line,)))
    return True


_CHANGES: tuple[Change, ...] = (
    drop,
    add,
    add,
    rename,
    forget,
    learn,
    live,
    _number,
    _number,
    _opcode,
    _opcode,
    _again,
    _operand,
    _operand,
    _operand,
)
