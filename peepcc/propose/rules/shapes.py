"""How the integer instructions that rules handle read and write, from their text, without an assembler.

It fails closed: what is not listed here has no shape, and is then known by its effect or not at all. The words that
the assembler makes later are compared with this (`agrees`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...analysis.obligation import Effect
from ...analysis.registers import NONE, NZCV, SP, Parts, parts, q, x
from ...assembly.syntax import Immediate, Instruction, Memory, Name, Operand, Register, Symbol
from .forms import form_of

COPY, SUM, OFFSET, SCALED = 1, 2, 4, 8  # a mov, an add or sub, an access that writes no address, one of a pair
MAKES, REMOVABLE = 16, 32  # what makes one register and is no mov; what only makes something
COMPARES = frozenset("cmp cmn tst ccmp ccmn".split())
SETTERS = frozenset("adds subs ands bics negs adcs sbcs ngcs".split()) | COMPARES
SELECTS = frozenset("csel csinc csinv csneg cset csetm cinc cinv cneg".split())
FLAG_READERS = SELECTS | frozenset("ccmp ccmn adc sbc ngc adcs sbcs ngcs".split())
MERGING = frozenset("movk bfi bfxil bfc".split())
PURE = (
    frozenset(
        """add sub and orr eor bic orn eon mul madd msub mneg smull umull smaddl umaddl smsubl umsubl smnegl umnegl
        smulh umulh udiv sdiv lsl lsr asr ror mov mvn neg clz cls rbit rev rev16 rev32 ubfx sbfx ubfiz sbfiz extr
        sxtb sxth sxtw uxtb uxth adc sbc ngc""".split()
    )
    | SELECTS
    | (SETTERS - COMPARES)
)
LOADS = {"ldr": 0, "ldur": 0, "ldrb": 1, "ldurb": 1, "ldrh": 2, "ldurh": 2, "ldrsb": 1, "ldursb": 1}
LOADS |= {"ldrsh": 2, "ldursh": 2, "ldrsw": 4, "ldursw": 4}
STORES = {"str": 0, "stur": 0, "strb": 1, "sturb": 1, "strh": 2, "sturh": 2}
PAIRS = frozenset(("ldp", "stp"))
ZEROS = frozenset(("wzr", "xzr"))
SIZES = {"w": 4, "x": 8, "s": 4, "d": 8, "q": 16}
_ROLES = {"mov": COPY, "add": SUM, "sub": SUM} | dict.fromkeys(("ldr", "ldur", "str", "stur"), SCALED)
_INVERSE = "eq ne hs lo mi pl vs vc hi ls ge lt gt le".split()
INVERSE = {one: _INVERSE[n ^ 1] for n, one in enumerate(_INVERSE)}


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind`: "pure", "load", "store" or "branch". `targets`, `sources`: operand indices of registers written and read.

    `flags`: whether NZCV is read and written. `memory`: index of the address operand, or -1. `reads`, `writes`: parts.
    `form`, `filled`, `registers`, `values`: as `form_of` makes them. `roles`: of COPY, SUM and so on.
    """

    kind: str
    targets: tuple[int, ...]
    sources: tuple[int, ...]
    reads_flags: bool
    writes_flags: bool
    memory: int
    reads: Parts
    writes: Parts
    form: str
    filled: str
    registers: tuple[int, ...]
    values: tuple[object, ...]
    roles: int = 0


@lru_cache(1 << 14)
def shape(i: Instruction) -> Shape | None:
    """None for what is not known here."""
    mnemonic, operands = i.mnemonic, i.operands
    if mnemonic == "b" or mnemonic.startswith("b.") or mnemonic in ("cbz", "cbnz", "tbz", "tbnz", "ret"):
        return _branch(i)
    if not operands:
        return None
    if mnemonic in PURE or mnemonic in MERGING or mnemonic in COMPARES:
        return _processing(i)
    if mnemonic in LOADS or mnemonic in STORES or mnemonic in PAIRS:
        return _access(i)
    return None


def _branch(i: Instruction) -> Shape | None:
    if i.mnemonic == "ret":
        return Shape("branch", (), (), False, False, -1, x(30), NONE, *form_of(i)) if not i.operands else None
    registers = [n for n, each in enumerate(i.operands) if isinstance(each, Register)]
    last = i.operands[-1] if i.operands else None
    if not isinstance(last, Symbol) or last.addend or last.specifier:
        return None
    flags = i.mnemonic.startswith("b.")
    reads = NZCV if flags else NONE
    for n in registers:
        reads |= parts(named(i.operands[n]))
    return Shape("branch", (), tuple(registers), flags, False, -1, reads, NONE, *form_of(i))


def _processing(i: Instruction) -> Shape | None:
    for each in i.operands:
        plain = isinstance(each, Register) and ((each.name[0] in "wx" and each.name != "wsp") or each.name == "sp")
        number = isinstance(each, Immediate) and isinstance(each.value, int)
        if not (plain or number or isinstance(each, Name)):
            return None
    if not isinstance(i.operands[0], Register) or len(i.operands) < 2:
        return None
    compares = i.mnemonic in COMPARES
    registers = [n for n, each in enumerate(i.operands) if isinstance(each, Register)]
    sources = tuple(n for n in registers if n or compares or i.mnemonic in MERGING)
    targets = () if compares else (0,)
    flags, sets = i.mnemonic in FLAG_READERS, i.mnemonic in SETTERS
    reads, writes = (NZCV if flags else NONE), (NZCV if sets else NONE)
    for n in sources:
        reads |= parts(named(i.operands[n]))
    for n in targets:
        writes |= whole(named(i.operands[n]))
    roles = REMOVABLE | _ROLES.get(i.mnemonic, 0) | (MAKES if _makes(i, targets) else 0)
    return Shape("pure", targets, sources, flags, sets, -1, reads, writes, *form_of(i), roles)


def _access(i: Instruction) -> Shape | None:
    pair = i.mnemonic in PAIRS
    data = (0, 1) if pair else (0,)
    if len(i.operands) != len(data) + 1 or not isinstance(i.operands[-1], Memory):
        return None
    if not all(isinstance(i.operands[n], Register) and named(i.operands[n])[0] in SIZES for n in data):
        return None
    names = [named(i.operands[n]) for n in data]
    sized = LOADS.get(i.mnemonic, STORES.get(i.mnemonic, 0))
    if "sp" in names or (sized and names[0][0] not in "wx"):
        return None
    memory = i.operands[-1]
    assert isinstance(memory, Memory)
    offset = memory.offset
    if isinstance(offset, Symbol) or (isinstance(offset, Register) and memory.mode != "offset"):
        return None
    address = parts(memory.base) | (parts(offset.name) if isinstance(offset, Register) else NONE)
    back = whole(memory.base) if memory.mode != "offset" else NONE
    stores = i.mnemonic.startswith("st")
    held = NONE
    for name in names:
        held |= parts(name) if stores else whole(name)
    if back and back & held:
        return None
    reads, writes = address | (held if stores else NONE), back | (NONE if stores else held)
    read, made, at = (data, (), len(data)) if stores else ((), data, len(data))
    kind, roles = "store" if stores else "load", (0 if back else OFFSET) | _ROLES.get(i.mnemonic, 0)
    if not stores:
        roles |= REMOVABLE | (MAKES if _makes(i, data) else 0)
    return Shape(kind, made, read, False, False, at, reads, writes, *form_of(i), roles)


def _makes(i: Instruction, targets: tuple[int, ...]) -> bool:
    """Whether it makes one register that something may read, and is no copy."""
    return len(targets) == 1 and i.mnemonic != "mov" and named(i.operands[0]) not in ("sp", *ZEROS)


def named(operand: Operand) -> str:
    """The name of a scalar register; empty for any other operand."""
    return operand.name if isinstance(operand, Register) else ""


def whole(name: str) -> Parts:
    """The parts that a write of the register changes."""
    if name in ZEROS:
        return NONE
    if name == "sp":
        return SP
    return x(int(name[1:])) if name[0] in "wx" else q(int(name[1:]))


def agrees(i: Instruction, effect: Effect) -> bool:
    """Whether an instruction's shape says of registers what its word says; what has no shape is taken by its word."""
    known = shape(i)
    return known is None or known.kind == "branch" or (known.reads, known.writes) == (effect.reads, effect.writes)


def bits(value: Parts) -> Iterator[int]:
    """The numbers of the parts in a set."""
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


@lru_cache(1 << 10)
def whole_parts(name: str) -> tuple[int, ...]:
    """The parts that a write of the register changes, lowest first, as numbers of bits in `Parts`."""
    return tuple(bits(whole(name)))


@lru_cache(1 << 10)
def scalar_parts(name: str) -> tuple[int, ...]:
    """The parts of a register, lowest first, as numbers of bits in `Parts`; none for the zero registers."""
    return tuple(bits(parts(name)))
