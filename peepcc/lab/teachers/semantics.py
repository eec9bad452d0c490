"""What integer instructions compute, said once over an algebra: LLVM values for `combine`, test vectors for `search`.

Not a model that anything is accepted by: the validators have their own. An instruction
that is not here is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ...assembly.syntax import Immediate, Instruction, Memory, Name, Register
from . import instruction_text as c

V = TypeVar("V")
_INVERTED = {"bic": "and", "bics": "ands", "orn": "orr", "eon": "eor", "mvn": "orr"}
_LOGIC = {"and": "and", "ands": "and", "tst": "and", "orr": "or", "eor": "xor"}
_SHIFTS = {"lsl": "shl", "lsr": "lshr", "asr": "ashr", "lslv": "shl", "lsrv": "lshr", "asrv": "ashr"}
_EXTENDS = {
    "sxtb": (8, True),
    "sxth": (16, True),
    "sxtw": (32, True),
    "uxtb": (8, False),
    "uxth": (16, False),
    "uxtw": (32, False),
}
_SELECTS = {
    "csel": "",
    "csinc": "inc",
    "csinv": "inv",
    "csneg": "neg",
    "cset": "inc",
    "csetm": "inv",
    "cinc": "inc",
    "cinv": "inv",
    "cneg": "neg",
}
_LOADS = {"ldrb": (1, False), "ldrh": (2, False), "ldrsb": (1, True), "ldrsh": (2, True), "ldrsw": (4, True)}
_STORES = {"strb": 1, "strh": 2}
_WIDE = {
    "smull": True,
    "umull": False,
    "smaddl": True,
    "umaddl": False,
    "smsubl": True,
    "umsubl": False,
    "smnegl": True,
    "umnegl": False,
}
_SUBTRACTED = {
    "eq": "eq",
    "ne": "ne",
    "hs": "uge",
    "lo": "ult",
    "hi": "ugt",
    "ls": "ule",
    "ge": "sge",
    "lt": "slt",
    "gt": "sgt",
    "le": "sle",
}
_OF_RESULT = {"eq": "eq", "ne": "ne", "mi": "slt", "pl": "sge"}
_OF_LOGIC = {
    **_OF_RESULT,
    "ge": "sge",
    "lt": "slt",
    "gt": "sgt",
    "le": "sle",
    "hi": None,
    "hs": None,
    "ls": "all",
    "lo": "all",
    "vs": None,
    "vc": "all",
}
_SYNONYMS = {"cs": "hs", "cc": "lo"}


class Algebra(Protocol[V]):
    """Values of 1 to 128 bits.

    Operands of `binary`, `compare` and `choose` have equal widths; shift amounts are below the width.
    """

    def number(self, bits: int, value: int) -> V: ...
    def bits(self, value: V) -> int: ...
    def binary(self, operation: str, left: V, right: V) -> V: ...
    def unary(self, operation: str, value: V) -> V: ...
    def resized(self, value: V, bits: int, signed: bool) -> V: ...
    def compare(self, predicate: str, left: V, right: V) -> V: ...
    def choose(self, condition: V, yes: V, no: V) -> V: ...
    def load(self, base: V, offset: V, size: int) -> V: ...
    def store(self, base: V, offset: V, value: V) -> None: ...


class NotModelled(Exception):
    """An instruction or condition that is not here; the state must not be used further."""


@dataclass(frozen=True, slots=True)
class Flags(Generic[V]):
    """Of `left - right`, `left + right` or a logical result (`right` None); or, where `condition` fails, the constant
    `otherwise`.
    """

    kind: str
    left: V
    right: V | None = None
    condition: V | None = None
    otherwise: int = 0


class State(Generic[V]):
    """Registers (64 bits, by `code.name`, also "sp") and flags over an algebra."""

    def __init__(
        self, algebra: Algebra[V], registers: dict[str, V], flags: Flags[V] | Callable[[str], V] | None = None
    ):
        self.algebra = algebra
        self.registers = registers
        self.flags = flags

    def run(self, i: Instruction) -> None:
        """Raises NotModelled for anything but the integer instructions here."""
        try:
            self._run(i)
        except (KeyError, AttributeError, IndexError, ValueError, TypeError) as error:
            raise NotModelled(f"{i.mnemonic}: {error}") from None

    def holds(self, condition: str) -> V:
        """One bit. Raises NotModelled where the flags are not known."""
        condition = _SYNONYMS.get(condition, condition)
        if callable(self.flags):
            return self.flags(condition)
        if self.flags is None:
            raise NotModelled("flags of somebody else")
        return self._holds(self.flags, condition)

    def taken(self, branch: Instruction) -> V:
        """Whether a conditional branch goes to its label."""
        name = branch.mnemonic
        if name.startswith("b."):
            return self.holds(name[2:])
        value = self.read(branch.operands[0])
        if name in ("tbz", "tbnz"):
            mask = self.algebra.number(self.algebra.bits(value), 1 << int(branch.operands[1].value))
            value = self.algebra.binary("and", value, mask)
        elif name not in ("cbz", "cbnz"):
            raise NotModelled(name)
        zero = self.algebra.number(self.algebra.bits(value), 0)
        return self.algebra.compare("ne" if "n" in name else "eq", value, zero)

    def read(self, operand: Register | Immediate, bits: int | None = None) -> V:
        """The operand's value with its shift or extension, in its own width or, of a number, `bits`."""
        a = self.algebra
        if isinstance(operand, Immediate):
            value = int(operand.value) << (operand.amount or 0 if operand.modifier == "lsl" else 0)
            return a.number(bits, value % (1 << bits))
        own = 8 * c.width(operand.name)
        name = c.name(operand.name)
        if name[:1] == "v":
            raise NotModelled("floating point")
        value = a.number(own, 0) if not name else a.resized(self.registers[name], own, False)
        if operand.modifier in _EXTENDS or operand.modifier in ("uxtx", "sxtx"):
            wide, signed = _EXTENDS.get(operand.modifier, (64, False))
            value = a.resized(a.resized(value, min(wide, own), False), bits or own, signed)
            return a.binary("shl", value, a.number(a.bits(value), operand.amount or 0))
        if operand.modifier == "ror":
            return self._rotated(value, a.number(own, operand.amount))
        if operand.modifier:
            return a.binary(_SHIFTS[operand.modifier], value, a.number(own, operand.amount or 0))
        return value

    def write(self, operand: Register, value: V) -> None:
        """A write of w<n> clears the upper half of x<n>."""
        name = c.name(operand.name)
        if name == "sp" or name[:1] == "v":
            raise NotModelled("a write of sp or of a vector register")
        if name:
            self.registers[name] = self.algebra.resized(value, 64, False)

    def _run(self, i: Instruction) -> None:
        name, o = i.mnemonic, i.operands
        if (
            name in ("ldp", "ldpsw", "stp")
            or name in _LOADS
            or name in _STORES
            or name in ("ldr", "str")
            or name.startswith(("ldur", "stur"))
        ):
            return self._accessed(name.replace("ldur", "ldr").replace("stur", "str"), o)
        to = o[0]
        bits = 8 * c.width(to.name)
        for group in (_arithmetic, _logical, _moved, _shifted, _selected, _multiplied):
            value = group(self, name, o, bits)
            if value is not None:
                return None if name in c.COMPARES else self.write(to, value)
        raise NotModelled(name)

    def _accessed(self, name: str, o: Sequence) -> None:
        a, memory = self.algebra, o[-1] if isinstance(o[-1], Memory) else o[-2]
        base, offset = self.registers[c.name(memory.base)], memory.offset
        if isinstance(offset, Register):
            moved = self.read(offset, 64)
        else:
            moved = a.number(64, int(offset.value) % (1 << 64) if offset else 0)
        at = a.number(64, 0) if memory.mode == "post" else moved
        targets = [each for each in o if isinstance(each, Register)]
        width = c.width(targets[0].name)
        size, signed = _LOADS.get("ldrsw" if name == "ldpsw" else name, (_STORES.get(name, width), False))
        places = [
            (each, at if not n else a.binary("add", at, a.number(64, size * n))) for n, each in enumerate(targets)
        ]
        if name.startswith("st"):
            for each, place in places:
                a.store(base, place, a.resized(self.read(each), 8 * size, False))
        else:
            for each, value in [(each, a.load(base, place, size)) for each, place in places]:
                self.write(each, a.resized(value, 8 * c.width(each.name), signed))
        if memory.mode != "offset":
            self.write(Register(memory.base), a.binary("add", base, moved))

    def _holds(self, flags: Flags[V], condition: str) -> V:
        a = self.algebra
        if flags.condition is not None:
            inner = self._holds(Flags(flags.kind, flags.left, flags.right), condition)
            return a.choose(flags.condition, inner, a.number(1, int(_constant_holds(flags.otherwise, condition))))
        bits = a.bits(flags.left)
        zero = a.number(bits, 0)
        if flags.kind == "logic":
            predicate = _OF_LOGIC[condition]
            return (
                a.number(1, int(predicate == "all"))
                if predicate in (None, "all")
                else a.compare(predicate, flags.left, zero)
            )
        if flags.kind == "sub" and condition in _SUBTRACTED:
            return a.compare(_SUBTRACTED[condition], flags.left, flags.right)
        if condition in _OF_RESULT:
            return a.compare(_OF_RESULT[condition], a.binary(flags.kind, flags.left, flags.right), zero)
        if flags.kind == "add" and condition in ("hs", "lo"):
            return a.compare(
                "ult" if condition == "hs" else "uge", a.binary("add", flags.left, flags.right), flags.left
            )
        if flags.kind == "add" and condition in (
            "ge",
            "lt",
            "gt",
            "le",
        ):  # the sign of the sum as it would be in more bits
            wide = a.binary("add", a.resized(flags.left, bits + 1, True), a.resized(flags.right, bits + 1, True))
            return a.compare("s" + condition, wide, a.number(bits + 1, 0))
        raise NotModelled(f"{condition} of {flags.kind}")

    def _rotated(self, value: V, amount: V) -> V:
        a = self.algebra
        bits = a.bits(value)
        back = a.binary("and", a.binary("sub", a.number(bits, 0), amount), a.number(bits, bits - 1))
        return a.binary("or", a.binary("lshr", value, amount), a.binary("shl", value, back))

    def _set(self, kind: str, left: V, right: V | None = None) -> None:
        self.flags = Flags(kind, left, right)


def _constant_holds(nzcv: int, condition: str) -> bool:
    n, z, carry, v = (bool(nzcv & bit) for bit in (8, 4, 2, 1))
    yes = {"eq": z, "hs": carry, "mi": n, "vs": v, "hi": carry and not z, "ge": n == v, "gt": n == v and not z}
    return yes[condition] if condition in yes else not yes[c.INVERSE[condition]]


def _arithmetic(s: State, name: str, o: Sequence, bits: int):
    a = s.algebra
    if name in ("ccmp", "ccmn"):
        condition = s.holds(o[3].text)
        s.flags = Flags(
            "sub" if name == "ccmp" else "add", s.read(o[0]), s.read(o[1], bits), condition, int(o[2].value)
        )
        return s.read(o[0])
    if name in ("neg", "negs"):
        left, right, kind = a.number(bits, 0), s.read(o[1]), "sub"
    elif name in ("cmp", "cmn"):
        left, right, kind = s.read(o[0]), s.read(o[1], bits), "sub" if name == "cmp" else "add"
    elif name in ("add", "sub", "adds", "subs"):
        left, right, kind = s.read(o[1]), s.read(o[2], bits), name[:3]
    else:
        return None
    if name[-1] == "s" or name in ("cmp", "cmn"):
        s._set(kind, left, right)
    return a.binary(kind, left, right)


def _logical(s: State, name: str, o: Sequence, bits: int):
    a = s.algebra
    plain = _INVERTED.get(name, name)
    if plain not in _LOGIC:
        return None
    left = a.number(bits, 0) if name == "mvn" else s.read(o[0] if name == "tst" else o[1])
    right = s.read(o[-1], bits)
    if name in _INVERTED:
        right = a.binary("xor", right, a.number(bits, (1 << bits) - 1))
    value = a.binary(_LOGIC[plain], left, right)
    if plain in ("ands", "tst"):
        s._set("logic", value)
    return value


def _moved(s: State, name: str, o: Sequence, bits: int):
    a = s.algebra
    if name in ("mov", "movz"):
        return s.read(o[1], bits)
    if name == "movn":
        return a.binary("xor", s.read(o[1], bits), a.number(bits, (1 << bits) - 1))
    if name == "movk":
        shift = o[1].amount or 0
        kept = a.binary("and", s.read(o[0]), a.number(bits, ((1 << bits) - 1) & ~(0xFFFF << shift)))
        return a.binary("or", kept, s.read(o[1], bits))
    if name in _EXTENDS:
        wide, signed = _EXTENDS[name]
        return a.resized(a.resized(s.read(o[1]), wide, False), bits, signed)
    if name in ("clz", "rbit", "rev"):
        return a.unary(name, s.read(o[1]))
    if name == "rev16" or name == "rev32":
        return _reversed_parts(s, o, bits, 16 if name == "rev16" else 32)
    return None


def _reversed_parts(s: State, o: Sequence, bits: int, part: int):
    """Bytes reversed in each part of so many bits."""
    a, value = s.algebra, s.read(o[1])
    turned = a.unary("rev", value)
    if part == bits:
        return turned
    if 2 * part == bits:
        return s._rotated(turned, a.number(bits, part))
    if bits == 32 and part == 16:
        return s._rotated(turned, a.number(bits, 16))
    raise NotModelled("rev16 of 64 bits")


def _shifted(s: State, name: str, o: Sequence, bits: int):
    a = s.algebra
    if name in _SHIFTS or name in ("ror", "rorv"):
        amount = a.binary("and", s.read(o[2], bits), a.number(bits, bits - 1))
        return a.binary(_SHIFTS[name], s.read(o[1]), amount) if name in _SHIFTS else s._rotated(s.read(o[1]), amount)
    if name == "extr":
        low = int(o[3].value)
        right = a.binary("lshr", s.read(o[2]), a.number(bits, low))
        return right if not low else a.binary("or", right, a.binary("shl", s.read(o[1]), a.number(bits, bits - low)))
    if name not in ("ubfx", "sbfx", "ubfiz", "sbfiz", "bfi", "bfxil", "bfc"):
        return None
    low, wide = (int(each.value) for each in o[-2:])
    source = a.number(bits, 0) if name == "bfc" else s.read(o[1])
    if name in ("ubfx", "sbfx", "bfxil"):
        source, low = a.binary("lshr", source, a.number(bits, low)), 0
    field = a.resized(a.resized(source, wide, False), bits, name[0] == "s") if wide < bits else source
    field = a.binary("shl", field, a.number(bits, low))
    if name[0] != "b":
        return field
    kept = ((1 << bits) - 1) & ~(((1 << wide) - 1) << low)
    return a.binary("or", a.binary("and", s.read(o[0]), a.number(bits, kept)), field)


def _selected(s: State, name: str, o: Sequence, bits: int):
    if name not in _SELECTS:
        return None
    a = s.algebra
    condition = s.holds(o[-1].text if isinstance(o[-1], Name) else o[-1].name)
    if name in ("cset", "csetm"):
        return a.resized(condition, bits, name == "csetm")
    if name in ("cinc", "cinv", "cneg"):
        yes = no = s.read(o[1])
    else:
        yes, no = s.read(o[1]), s.read(o[2])
    changed = yes if len(o) == 3 else no
    kind = _SELECTS[name]
    if kind == "inc":
        changed = a.binary("add", changed, a.number(bits, 1))
    elif kind == "inv":
        changed = a.binary("xor", changed, a.number(bits, (1 << bits) - 1))
    elif kind == "neg":
        changed = a.binary("sub", a.number(bits, 0), changed)
    return a.choose(condition, changed, no) if len(o) == 3 else a.choose(condition, yes, changed)


def _multiplied(s: State, name: str, o: Sequence, bits: int):
    a = s.algebra
    if name in ("mul", "mneg", "madd", "msub"):
        product = a.binary("mul", s.read(o[1]), s.read(o[2]))
    elif name in _WIDE:
        product = a.binary("mul", *(a.resized(s.read(each), 64, _WIDE[name]) for each in o[1:3]))
    elif name in ("smulh", "umulh"):
        wide = a.binary("mul", *(a.resized(s.read(each), 128, name[0] == "s") for each in o[1:3]))
        return a.resized(a.binary("lshr", wide, a.number(128, 64)), 64, False)
    else:
        return None
    if len(o) == 4:
        return a.binary("sub" if "sub" in name else "add", s.read(o[3]), product)
    return a.binary("sub", a.number(bits, 0), product) if "neg" in name else product
