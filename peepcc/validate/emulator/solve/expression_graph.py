"""What each result of two programs is computed from: a graph of plain operations on 64-bit words.

A guide for finding rare states, nothing else: a walk over each program in its written
order that ignores branches, aliasing, and every instruction that it does not know. A verdict never
relies on it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from ....analysis.obligation import Program, Step
from ....assembly.syntax import Immediate, Memory, Name, Register, Symbol, VectorRegister
from ..layout import Site, sites

MASK = (1 << 64) - 1
STACK = 31
Node = int

_BINARY = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "and": "and",
    "orr": "or",
    "eor": "xor",
    "udiv": "udiv",
    "sdiv": "sdiv",
    "umulh": "mulh",
    "smulh": "mulh",
    "lsl": "shl",
    "lsr": "lsr",
    "asr": "asr",
    "ror": "ror",
}
_INVERTED = {"bic": "and", "orn": "or", "eon": "xor", "bics": "and"}
_COMPARES = {"cmp": "sub", "cmn": "add", "tst": "and", "ccmp": "sub", "ccmn": "add"}
_SETTING = {"adds": "add", "subs": "sub", "ands": "and"}
_REVERSING = ("rev", "rev16", "rev32", "rev64", "rbit")
_SELECTS = ("csel", "csinc", "csinv", "csneg", "fcsel")
_CONDITIONAL = ("cset", "csetm", "cinc", "cinv", "cneg")
_EXTENDING = {"sxtb": 8, "sxth": 16, "sxtw": 32, "uxtb": 8, "uxth": 16, "uxtw": 32}
_LOADS = {
    "ldr": 0,
    "ldur": 0,
    "ldrb": 0,
    "ldurb": 0,
    "ldrh": 0,
    "ldurh": 0,
    "ldp": 0,
    "ldrsw": 64,
    "ldursw": 64,
    "ldpsw": 64,
}
_FLOATING = {
    "fadd": "fadd",
    "fsub": "fsub",
    "fmul": "fmul",
    "fdiv": "fdiv",
    "fneg": "fneg",
    "fabs": "fabs",
    "fsqrt": "fsqrt",
}
_CONVERTING = {"scvtf": "scvtf", "ucvtf": "ucvtf", "fcvtzs": "fcvtz", "fcvtzu": "fcvtz", "fcvt": "fcvt"}
_FIELDS = ("extr", "ubfx", "sbfx", "ubfiz", "sbfiz", "bfi", "bfxil")
_KNOWN = frozenset(
    (
        *_BINARY,
        *_INVERTED,
        *_COMPARES,
        *_SETTING,
        *_REVERSING,
        *_SELECTS,
        *_EXTENDING,
        *_FLOATING,
        *_CONVERTING,
        *_FIELDS,
        *(
            "cbz cbnz tbz tbnz fcmp fcmpe fccmp fccmpe mov movz movn movk fmov mvn neg negs madd msub mneg "
            "umull smull umaddl"
        ).split(),
        *"smaddl umsubl smsubl cinc cinv cneg".split(),
    )
)


class Graph:
    """`keys[node]` = (operation, width, *arguments); arguments are nodes, or numbers of leaves and constants.

    ("in", 64, n) is x<n> at entry, 31 for sp; ("vector", 64, n) the low half of v<n>;
    ("const", 64, value); ("load", bytes, node, displacement).
    """

    def __init__(self, programs: Iterable[Program]):
        self.keys: list[tuple] = []
        self._index: dict[tuple, Node] = {}
        self.conditions: dict[tuple[int, int], Node] = {}  # (side, step) -> what is compared with zero there
        self.comparisons: dict[Node, None] = {}
        self.results: dict[Node, None] = {}
        self.addresses: set[Node] = set()
        for side, program in enumerate(programs):
            _Walk(self, side, program)

    def node(self, *key) -> Node:
        if key not in self._index:
            self._index[key] = len(self.keys)
            self.keys.append(key)
        return self._index[key]

    def const(self, value: int) -> Node:
        return self.node("const", 64, value & MASK)

    def split(self, node: Node) -> tuple[Node, int]:
        """(node, offset): a sum with a constant taken apart."""
        offset = 0
        while self.keys[node][:2] in (("add", 64), ("sub", 64)) and self.keys[self.keys[node][3]][0] == "const":
            value = self.keys[self.keys[node][3]][2]
            offset += value if self.keys[node][0] == "add" else -value
            node = self.keys[node][2]
        return node, offset & MASK


class _Walk:
    def __init__(self, graph: Graph, side: int, program: Program):
        self._graph = graph
        self._registers: dict[str, Node] = {}
        self._memory: dict[tuple, Node] = {}
        self._flags: Node | None = None
        by_step: dict[int, Site] = {site.step: site for site in sites(program)}
        for n, step in enumerate(program.steps):
            name = step.instruction.mnemonic
            reads_flags = name.startswith("b.") or name in _SELECTS or name in _CONDITIONAL
            if reads_flags and self._flags is not None:
                graph.conditions[side, n] = self._flags
            if n in by_step:
                self._access(step, by_step[n])
                continue
            if name in _KNOWN and all(
                isinstance(each, (Register, Immediate, Name, Symbol)) for each in step.instruction.operands
            ):
                self._step(side, n, step)
            elif step.instruction.operands:
                self._forget(step.instruction.operands[0])

    def _forget(self, written: object) -> None:
        if isinstance(written, (Register, VectorRegister)) and written.name not in ("wzr", "xzr"):
            self._registers[_place(written.name)] = self._graph.node("unknown", 64, len(self._graph.keys))

    def _register(self, name: str) -> Node:
        if name in ("wzr", "xzr"):
            return self._graph.const(0)
        place = _place(name)
        if place not in self._registers:
            n = int(place[1:])
            self._registers[place] = self._graph.node("in" if place[0] == "x" else "vector", 64, n)
        return self._registers[place]

    def _value(self, operand: object, width: int) -> Node:
        graph = self._graph
        if isinstance(operand, Immediate):
            if isinstance(operand.value, float):
                return graph.const(int.from_bytes(struct.pack("<f" if width == 32 else "<d", operand.value), "little"))
            return graph.const(operand.value << (operand.amount or 0))
        node = self._register(operand.name)
        if operand.modifier in _EXTENDING:
            node = self._extended(node, operand.modifier, width)
            return graph.node("shl", width, node, graph.const(operand.amount)) if operand.amount else node
        if operand.amount:
            return graph.node(_BINARY[operand.modifier], width, node, graph.const(operand.amount))
        return node

    def _extended(self, node: Node, how: str, width: int) -> Node:
        bits = _EXTENDING[how]
        if how[0] == "s":
            return self._graph.node("sext", width, node, bits)
        return self._graph.node("and", width, node, self._graph.const((1 << bits) - 1))

    def _step(self, side: int, n: int, step: Step) -> None:
        graph, name, operands = self._graph, step.instruction.mnemonic, step.instruction.operands
        width = _width(operands[0].name) if isinstance(operands[0], Register) else 64
        if name in ("cbz", "cbnz", "tbz", "tbnz"):
            node = self._register(operands[0].name)
            bits = 1 << operands[1].value if name[0] == "t" else (1 << width) - 1
            graph.conditions[side, n] = graph.node("and", 64, node, graph.const(bits))
            graph.comparisons[graph.conditions[side, n]] = None
            return
        if name in _COMPARES or name in _SETTING or name == "bics":
            pair = operands[:2] if name in _COMPARES else operands[1:3]
            self._compare(_COMPARES.get(name) or _SETTING.get(name) or "and", name == "bics", pair, width)
        elif name in ("fcmp", "fcmpe", "fccmp", "fccmpe"):
            other = graph.const(0) if isinstance(operands[1], Immediate) else self._register(operands[1].name)
            self._flags = graph.node("xor", width, self._register(operands[0].name), other)
            graph.comparisons[self._flags] = None
        if name not in _COMPARES and name[:4] not in ("fcmp", "fccm"):
            node = self._computed(name, operands, width)
            self._registers[_place(operands[0].name)] = node
            if graph.keys[node][0] not in ("in", "vector", "const", "load", "unknown"):
                graph.results[node] = None

    def _compare(self, operation: str, inverted: bool, pair: tuple, width: int) -> None:
        one, two = (self._value(each, width) for each in pair)
        if inverted:
            two = self._graph.node("xor", width, two, self._graph.const(MASK))
        self._flags = self._graph.node(operation, width, one, two)
        self._graph.comparisons[self._flags] = None

    def _computed(self, name: str, operands: tuple, width: int) -> Node:
        graph = self._graph
        const = graph.const
        name = {"adds": "add", "subs": "sub", "ands": "and", "negs": "neg"}.get(name, name)
        values = [self._value(each, width) for each in operands[1:] if isinstance(each, (Register, Immediate))]
        numbers = [each.value for each in operands[1:] if isinstance(each, Immediate)]
        if name in _BINARY:
            return graph.node(_BINARY[name], width, *values[:2])
        if name in _INVERTED:
            return graph.node(_INVERTED[name], width, values[0], graph.node("xor", width, values[1], const(MASK)))
        if name == "mov" or name in ("movz", "fmov"):
            return values[0] if width == 64 else graph.node("and", width, values[0], const((1 << width) - 1))
        if name in ("mvn", "movn"):
            return graph.node("xor", width, values[0], const(MASK))
        if name == "neg":
            return graph.node("sub", width, const(0), values[0])
        if name == "movk":
            shift = operands[1].amount or 0
            kept = graph.node("and", width, self._register(operands[0].name), const(~(0xFFFF << shift)))
            if graph.keys[graph.keys[kept][2]][0] == "const":
                return const(graph.keys[graph.keys[kept][2]][2] & ~(0xFFFF << shift) | numbers[0] << shift)
            return graph.node("or", width, kept, values[0])
        if name in ("madd", "msub", "mneg"):
            product = graph.node("mul", width, *values[:2])
            return graph.node(
                "add" if name == "madd" else "sub", width, values[2] if len(values) > 2 else const(0), product
            )
        if name in ("umull", "smull", "umaddl", "smaddl", "umsubl", "smsubl"):
            wide = [self._extended(each, "sxtw" if name[0] == "s" else "uxtw", 64) for each in values[:2]]
            product = graph.node("mul", 64, *wide)
            return (
                product
                if name.endswith("mull")
                else graph.node("add" if "add" in name else "sub", 64, values[2], product)
            )
        if name in _EXTENDING:
            return self._extended(values[0], name, width)
        if name in _REVERSING:
            return graph.node(name, width, values[0])
        if name in _SELECTS or name in ("cinc", "cinv", "cneg"):
            return graph.node("select", width, *values)
        if name in _FLOATING:
            return graph.node(_FLOATING[name], width, *values)
        if name in _CONVERTING:
            return graph.node(_CONVERTING[name], width, values[0], _width(operands[1].name))
        return self._field(name, operands, values, numbers, width)

    def _field(self, name: str, operands: tuple, values: list[Node], numbers: list[int], width: int) -> Node:
        graph = self._graph
        const = graph.const
        if name == "extr":
            upper = graph.node("shl", width, values[0], const(width - numbers[0]))
            return graph.node("or", width, upper, graph.node("lsr", width, values[1], const(numbers[0])))
        low, bits = numbers
        ones = (1 << bits) - 1
        if name in ("ubfx", "sbfx"):
            moved = graph.node("lsr", width, values[0], const(low))
            return (
                graph.node("and", width, moved, const(ones))
                if name == "ubfx"
                else graph.node("sext", width, moved, bits)
            )
        if name in ("ubfiz", "sbfiz"):
            part = (
                graph.node("and", width, values[0], const(ones))
                if name == "ubfiz"
                else graph.node("sext", width, values[0], bits)
            )
            return graph.node("shl", width, part, const(low))
        kept = self._register(operands[0].name)
        if name == "bfi":
            part = graph.node("shl", width, graph.node("and", width, values[0], const(ones)), const(low))
            return graph.node("or", width, graph.node("and", width, kept, const(~(ones << low))), part)
        if name == "bfxil":
            part = graph.node("and", width, graph.node("lsr", width, values[0], const(low)), const(ones))
            return graph.node("or", width, graph.node("and", width, kept, const(~ones)), part)
        return graph.node("unknown", 64, len(graph.keys))

    def _access(self, step: Step, site: Site) -> None:
        """Loads are leaves, or what was stored to the same place."""
        access, graph = site.access, self._graph
        base = self._register(access.base)
        if access.index is not None:
            index = self._register(access.index)
            index = self._extended(index, access.extend, 64) if access.extend in _EXTENDING else index
            base = graph.node("add", 64, base, graph.node("shl", 64, index, graph.const(access.shift)))
        root, offset = graph.split(base)
        graph.addresses |= {base, root}
        offset = offset + access.displacement & MASK
        name = step.instruction.mnemonic
        registers = [each for each in step.instruction.operands if isinstance(each, Register)]
        for k, register in enumerate(registers):
            place = (root, offset + k * access.element & MASK, access.element)
            if access.store:
                self._memory[place] = self._register(register.name)
            elif register.name not in ("wzr", "xzr"):
                loaded = self._memory.get(place)
                if loaded is None and access.element <= 8:
                    loaded = graph.node("load", *place[2:], *place[:2])
                if loaded is None:
                    loaded = graph.node("unknown", 64, len(graph.keys))
                elif name in ("ldrsb", "ldrsh", "ldursb", "ldursh", "ldrsw", "ldursw", "ldpsw"):
                    loaded = graph.node("sext", _width(register.name), loaded, 8 * access.element)
                self._registers[_place(register.name)] = loaded
        self._write_back(step)

    def _write_back(self, step: Step) -> None:
        for operand in step.instruction.operands:
            if isinstance(operand, Memory) and operand.mode != "offset":
                base = self._register(operand.base)
                moved = isinstance(operand.offset, Immediate)
                added = (
                    self._graph.const(int(operand.offset.value))
                    if moved
                    else self._graph.node("unknown", 64, len(self._graph.keys))
                )
                self._registers[_place(operand.base)] = self._graph.node("add", 64, base, added)


def _place(name: str) -> str:
    """The whole register that a name is part of: x3, v0; x31 is sp."""
    name = {"sp": "x31", "wsp": "x31", "fp": "x29", "lr": "x30"}.get(name, name)
    return ("x" if name[0] in "wx" else "v") + name[1:]


def _width(name: str) -> int:
    return {"w": 32, "s": 32, "h": 16, "b": 8}.get(name[0], 64) if name != "sp" else 64
