"""What teachers need to know of an instruction, read off its text: no assembler, so that a rule costs microseconds.

It may be wrong or blind: what a teacher makes is judged by the validators before anyone
learns from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ...assembly.syntax import Immediate, Instruction, Memory, Register, Symbol

FLAG_SETTERS = frozenset(
    "adds subs ands bics cmp cmn tst ccmp ccmn fcmp fcmpe fccmp fccmpe negs adcs sbcs ngcs".split()
)
FLAG_READERS = frozenset(
    "cset csetm csel csinc csinv csneg cinc cinv cneg ccmp ccmn adc sbc adcs sbcs ngc ngcs fcsel fccmp fccmpe".split()
)
COMPARES = frozenset("cmp cmn tst ccmp ccmn fcmp fcmpe fccmp fccmpe".split())
KEEPERS = frozenset("movk bfi bfxil bfc ins mla mls fmla fmls sli sri ssra usra bsl bit bif tbx".split())
INVERSE = {
    "eq": "ne",
    "ne": "eq",
    "hs": "lo",
    "lo": "hs",
    "mi": "pl",
    "pl": "mi",
    "vs": "vc",
    "vc": "vs",
    "hi": "ls",
    "ls": "hi",
    "ge": "lt",
    "lt": "ge",
    "gt": "le",
    "le": "gt",
}
_SIZES = {
    "ldrb": 1,
    "strb": 1,
    "ldrsb": 1,
    "ldurb": 1,
    "sturb": 1,
    "ldursb": 1,
    "ldrh": 2,
    "strh": 2,
    "ldrsh": 2,
    "ldurh": 2,
    "sturh": 2,
    "ldursh": 2,
    "ldrsw": 4,
    "ldursw": 4,
}
_WIDTH = {"w": 4, "x": 8, "b": 1, "h": 2, "s": 4, "d": 8, "q": 16}


def name(register: str) -> str:
    """One name for all widths of a register: x3 for w3, v7 for s7; "" for the zero registers."""
    if register in ("wzr", "xzr"):
        return ""
    if register in ("sp", "wsp"):
        return "sp"
    return ("x" if register[0] in "wx" else "v") + register[1:]


def width(register: str) -> int:
    """Bytes of a scalar register."""
    return _WIDTH[register[0]] if register not in ("sp", "xzr", "wzr", "wsp") else (4 if register[0] == "w" else 8)


@dataclass(frozen=True, slots=True)
class Place:
    """A simple access: [base, #offset], `size` bytes."""

    base: str
    offset: int
    size: int

    def overlaps(self, other: Place) -> bool:
        return self.base != other.base or (
            self.offset < other.offset + other.size and other.offset < self.offset + self.size
        )


def is_load(i: Instruction) -> bool:
    return i.mnemonic.startswith("ld")


def is_store(i: Instruction) -> bool:
    return i.mnemonic.startswith("st")


def is_branch(i: Instruction) -> bool:
    return i.mnemonic in ("b", "ret", "br", "cbz", "cbnz", "tbz", "tbnz") or i.mnemonic.startswith("b.")


def place(i: Instruction) -> Place | None:
    """Where a single-register load or store with a constant offset goes; None for any other."""
    if len(i.operands) != 2 or not isinstance(i.operands[1], Memory) or not isinstance(i.operands[0], Register):
        return None
    memory = i.operands[1]
    if memory.mode != "offset" or not (memory.offset is None or isinstance(memory.offset, Immediate)):
        return None
    size = _SIZES.get(i.mnemonic, width(i.operands[0].name))
    return Place(memory.base, int(memory.offset.value) if memory.offset else 0, size)


def target(i: Instruction) -> str | None:
    last = i.operands[-1] if i.operands else None
    return last.name if is_branch(i) and isinstance(last, Symbol) else None


def inverted(i: Instruction, label: str) -> Instruction | None:
    """The conditional branch that goes to `label` where `i` does not branch; None for what is no conditional branch."""
    flip = {"cbz": "cbnz", "cbnz": "cbz", "tbz": "tbnz", "tbnz": "tbz"} | {
        f"b.{k}": f"b.{v}" for k, v in INVERSE.items()
    }
    return Instruction(flip[i.mnemonic], (*i.operands[:-1], Symbol(label))) if i.mnemonic in flip else None


def retargeted(i: Instruction, label: str) -> Instruction:
    """The branch with another label."""
    return replace(i, operands=(*i.operands[:-1], Symbol(label)))


def _names(operand) -> set[str]:
    if isinstance(operand, Register):
        return {name(operand.name)}
    if isinstance(operand, Memory):
        inner = {name(operand.offset.name)} if isinstance(operand.offset, Register) else set()
        return {name(operand.base)} | inner
    if hasattr(operand, "registers"):
        return {f"v{each.name[1:]}" for each in operand.registers}
    if hasattr(operand, "arrangement"):
        return {f"v{operand.name[1:]}"}
    return set()


@lru_cache(1 << 16)  # a rule asks the same of the same lines again and again
def writes(i: Instruction) -> frozenset[str]:
    """Names written, "nzcv" among them."""
    found: set[str] = {"nzcv"} if i.mnemonic in FLAG_SETTERS else set()
    memory = next((each for each in i.operands if isinstance(each, Memory)), None)
    if memory and memory.mode != "offset":
        found.add(name(memory.base))
    if is_store(i) or is_branch(i) or i.mnemonic in COMPARES:
        return frozenset(found - {""})
    count = 2 if i.mnemonic.startswith(("ldp", "ldnp")) else 1
    for operand in i.operands[:count]:
        found |= _names(operand)
    return frozenset(found - {""})


@lru_cache(1 << 16)
def reads(i: Instruction) -> frozenset[str]:
    found: set[str] = {"nzcv"} if i.mnemonic in FLAG_READERS or i.mnemonic.startswith("b.") else set()
    first = 0
    if not (is_store(i) or is_branch(i) or i.mnemonic in COMPARES or i.mnemonic in KEEPERS):
        first = 2 if i.mnemonic.startswith(("ldp", "ldnp")) else 1
        lane = i.operands and getattr(i.operands[0], "lane", None) is not None
        first = 0 if lane or (i.mnemonic.endswith("2") and i.mnemonic != "fcvtzs2") else first
    for operand in i.operands[first:]:
        found |= _names(operand)
    return frozenset(found - {""})


@lru_cache(1 << 16)
def reads_whole(i: Instruction) -> frozenset[str]:
    """General registers of which all 64 bits are read."""
    skip = (
        0
        if is_store(i) or is_branch(i) or i.mnemonic in COMPARES or i.mnemonic in KEEPERS
        else 2
        if i.mnemonic.startswith(("ldp", "ldnp"))
        else 1
    )
    found: set[str] = set()
    for operand in i.operands[skip:]:
        if isinstance(operand, Register) and operand.name[0] == "x":
            found.add(name(operand.name))
        elif isinstance(operand, Memory):
            found.add(name(operand.base))
            if isinstance(operand.offset, Register) and operand.offset.name[0] == "x":
                found.add(name(operand.offset.name))
    return frozenset(found)


def mov(to: str, source: str) -> Instruction:
    """A register move; `fmov` between scalar FP registers."""
    return Instruction("fmov" if to[0] in "sd" else "mov", (Register(to), Register(source)))


def renamed(i: Instruction, old: str, new: str, wide: bool) -> Instruction | None:
    """`i` reading `new` where it read `old` (names like x3).

    None where a 64-bit read of a 32-bit copy stands in the way.
    """

    def swap(register: str) -> str | None:
        if name(register) != old:
            return register
        if register[0] == "x" and not wide:
            return None
        return ("wzr" if register[0] == "w" else "xzr") if new == "" else register[0] + new[1:]

    operands = []
    skip = 0 if (is_store(i) or is_branch(i) or i.mnemonic in COMPARES) else (2 if i.mnemonic.startswith("ldp") else 1)
    for n, operand in enumerate(i.operands):
        if n < skip:
            operands.append(operand)
        elif isinstance(operand, Register):
            other = swap(operand.name)
            if other is None:
                return None
            operands.append(replace(operand, name=other))
        elif isinstance(operand, Memory):
            base = swap(operand.base)
            offset = operand.offset
            if isinstance(offset, Register):
                inner = swap(offset.name)
                if inner is None:
                    return None
                offset = replace(offset, name=inner)
            if base is None or base in ("xzr", "wzr") or (operand.mode != "offset" and base != operand.base):
                return None
            operands.append(replace(operand, base=base, offset=offset))
        elif _names(operand) & {old}:
            return None
        else:
            operands.append(operand)
    return replace(i, operands=tuple(operands))


def live_after(code: Sequence[Instruction], n: int, live_at: dict[str, set[str]], live_fall: set[str]) -> set[str]:
    """Names live after code[n] (labels left out); branches to labels not in `live_at` are internal and go forward."""
    live = set(live_fall)
    for i in reversed(code[n + 1 :]):
        live = before(i, live, live_at)
    return live


def before(i: Instruction, live: set[str], live_at: dict[str, set[str]]) -> set[str]:
    if i.mnemonic == "b":
        live = set(live_at.get(target(i) or "", live))
    elif i.mnemonic == "ret":
        live = set(live_at.get("ret", live)) | {"x30"}
    elif target(i) is not None:
        live = live | live_at.get(target(i), set())
    return (live - writes(i)) | reads(i)
