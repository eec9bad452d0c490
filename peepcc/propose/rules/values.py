"""Values of a window as numbers: equal numbers are equal values, whatever the registers are called.

What an instruction makes is a number for its operation and the numbers of what it reads; nothing is calculated but
copies, constants, upper halves, additions of constants to an address and what a store left in memory. So two
sequences whose numbers agree wherever somebody looks (`same`) do the same: the operations need not be understood for
it. That is all that carries a reordering, a renaming, a dropped copy or a forwarded load. It promises nothing where
it says no. `Unknown` is raised for what it does not follow: calls, pinned instructions, relocations, joins.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from ...analysis.obligation import FALL, RETURN, Effect, Kind
from ...analysis.registers import ALL, NONE, NZCV, SP
from ...analysis.windows import Window
from ...assembly.print import print_instruction
from ...assembly.syntax import Immediate, Instruction, Memory, Name, Register, Symbol
from ...errors import PeepccError
from .comparison import Access, Event, Trace
from .shapes import LOADS, MERGING, SIZES, STORES, ZEROS, Shape, bits, scalar_parts, whole_parts
from .table import MEMORY, PARTS, Place, Table, Value, loaded, stored

_NZCV = NZCV.bit_length() - 1
_SP = SP.bit_length() - 1
_FOLDED: Mapping[str, Callable[[int, int], int]] = {
    "add": operator.add, "sub": operator.sub, "and": operator.and_, "orr": operator.or_, "eor": operator.xor
}  # fmt: skip
_SIMPLE = frozenset(
    "mov movk uxtb uxth and orr eor sxtw add sub".split()
)  # copies, constants, cuts and sums are among them
_NARROWING = frozenset("cset and orr eor csel csinc lsr ubfx".split())
_FLAGS = {"cmp": "subs", "cmn": "adds", "tst": "ands"}
COMMUTING = frozenset("add adds and ands orr eor mul cmn tst umull smull smulh umulh".split())
Effects = Mapping[Instruction, Effect]
Begun = tuple[Trace, int]


class Unknown(PeepccError):
    """Something that values are not followed through."""


class Run:
    """One sequence for one window."""

    def __init__(self, table: Table, window: Window, effects: Effects, begun: Begun | None):
        self.table, self.window, self.effects = table, window, effects
        if begun is None:
            self.state, self.memory, self.trace = entry(table, window), MEMORY, Trace()
        else:
            before, line = begun
            self.state, self.memory, self.trace = before.before[line][:], before.memory[line], before.cut(line)

    def run(self, code: Sequence[Instruction], shapes: Sequence[Shape | None]) -> Trace:
        """Raises Unknown."""
        ended, trace = False, self.trace
        for n in range(len(trace.before), len(code)):
            if ended:
                raise Unknown("code behind a jump")
            self._mark()
            i, known = code[n], shapes[n]
            if known is None:
                self._opaque(i)
            elif known.kind == "pure":
                self._pure(i, known)
            elif known.kind == "branch":
                ended = self._branch(i, known, n + 1 == len(code))
            else:
                self._access(i, known, n)
        if not ended:
            self._event(("exit",), FALL)
        self._mark()
        return trace

    def _mark(self) -> None:
        trace = self.trace
        trace.before.append(self.state[:])
        trace.memory.append(self.memory)
        trace.marks.append((len(trace.events), len(trace.accesses), len(trace.opaque), self.table.size))

    def _event(self, what: tuple[object, ...], way: str | None = None) -> None:
        live = NONE if way is None else self.window.live_out.get(way, ALL)
        self.trace.events.append(Event((what, way), self.memory, self.state[:], live))

    def _branch(self, i: Instruction, known: Shape, last: bool) -> bool:
        """Whether nothing follows."""
        if i.mnemonic == "ret":
            self._event(("ret", self.read("x30")), RETURN)
            return True
        label = i.operands[-1]
        if not isinstance(label, Symbol):
            raise Unknown("a branch to no label")
        if label.name in self.window.source.labels:
            raise Unknown("a branch inside")
        way = self.window.aliases.get(label.name, label.name)
        if i.mnemonic == "b":
            if not last:
                raise Unknown("a jump in the middle")
            self._event(("exit",), way)
            return True
        if last and way == FALL:
            return False  # both ways lead there
        flags = (self.state[_NZCV],) if known.reads_flags else ()
        self._event((i.mnemonic, *flags, *(self._operand(each) for each in i.operands[:-1])), way)
        return False

    def read(self, name: str) -> Value:
        if name in ZEROS:
            zero = self.table.zero
            return (zero,) if name[0] == "w" else (zero, zero)
        places, state = scalar_parts(name), self.state
        if len(places) == 2:
            return state[places[0]], state[places[1]]
        return (state[places[0]],) if len(places) == 1 else tuple(state[n] for n in places)

    def write(self, name: str, value: Value) -> None:
        """What of the register the value does not fill becomes 0."""
        if name in ZEROS:
            return
        places, state = whole_parts(name), self.state
        if len(places) == 2:
            state[places[0]] = value[0]
            state[places[1]] = value[1] if len(value) == 2 else self.table.zero
            return
        for n, place in enumerate(places):
            state[place] = value[n] if n < len(value) else self.table.zero

    def _operand(self, operand: object, width: int = 2) -> object:
        if isinstance(operand, Register):
            value = self.read(operand.name)
            constant = None
            if value[0] in self.table.constants and operand.name != "sp":
                constant = self.table.known(value)
            shown: object = value if constant is None else ("constant", constant, len(value))
            return shown if operand.modifier is None else (shown, operand.modifier, operand.amount)
        if isinstance(operand, Immediate):
            number = int(operand.value)
            if operand.modifier is None:
                return ("constant", number & (1 << 32 * width) - 1, width)
            return ("shifted", number, operand.modifier, operand.amount)
        if isinstance(operand, Name):
            return operand.text
        raise Unknown("an operand")

    def _pure(self, i: Instruction, known: Shape) -> None:
        mnemonic, inputs = i.mnemonic, i.operands
        first = inputs[0]
        assert isinstance(first, Register)
        name = first.name if known.targets else ""
        if name == "sp":
            self._stack(i)
            return
        if name and mnemonic in _SIMPLE:
            simple = self._simple(i, name)
            if simple is not None:
                self.write(name, simple)
                return
        width = 1 if first.name[0] == "w" else 2
        operands = [self._operand(each, width) for each in (inputs[1:] if name else inputs)]
        if mnemonic in MERGING:
            operands.insert(0, self.read(name))
        if mnemonic in COMMUTING and not any(isinstance(each, Register) and each.modifier for each in inputs):
            operands = _ordered(operands)
        key = (mnemonic, width, *operands)
        if known.reads_flags:
            key = (*key, self.state[_NZCV])
        if name:
            made = self.table.pair(key)
            value = made if width == 2 else made[:1]
            self.write(name, self._narrow(i, value) if mnemonic in _NARROWING else value)
        if known.writes_flags:
            self.state[_NZCV] = self.table.number(((_FLAGS.get(mnemonic, mnemonic), *key[1:]), "nzcv"))

    def _narrow(self, i: Instruction, made: Value) -> Value:
        """The value with what is known of its width, in bits."""
        width = self._width(i, 32 * len(made))
        self.table.widths[made[0]] = min(width, 32)
        return made if width > 32 or len(made) == 1 else (made[0], self.table.zero)

    def _width(self, i: Instruction, most: int) -> int:
        if i.mnemonic == "cset":
            return 1
        plain = [each for each in i.operands[1:] if isinstance(each, Register) and each.modifier is None]
        widths = [self._held(each.name) for each in plain]
        last = i.operands[-1]
        number = int(last.value) if isinstance(last, Immediate) and last.modifier is None else None
        if i.mnemonic == "and" and number is not None:
            return min(most, *widths, number.bit_length() if number >= 0 else most)
        if i.mnemonic == "and" and len(plain) == 2:
            return min(most, *widths)
        if i.mnemonic in ("orr", "eor") and number is not None and number >= 0 and widths:
            return min(most, max(widths[0], number.bit_length()))
        if (i.mnemonic in ("orr", "eor") and len(plain) == 2) or i.mnemonic == "csel":
            return min(most, max(widths))
        if i.mnemonic == "csinc":
            return min(most, max(widths[0], widths[1] + 1))
        if i.mnemonic == "lsr" and number is not None:
            return max(0, min(most, widths[0]) - number)
        if i.mnemonic == "ubfx" and number is not None:
            return min(most, number)
        return most

    def _held(self, name: str) -> int:
        """How many bits of the register may be set."""
        value = self.read(name)
        if len(value) == 2 and value[1] != self.table.zero:
            return 64
        return self.table.widths.get(value[0], 32)

    @staticmethod
    def _mask(i: Instruction) -> int | None:
        last = i.operands[-1]
        if isinstance(last, Immediate) and last.modifier is None and 0 <= int(last.value) < 1 << 32:
            return int(last.value)
        return None

    def _stack(self, i: Instruction) -> None:
        """A write of sp: by a constant, or it is not followed; nothing crosses it."""
        first, last = i.operands[1], i.operands[-1]
        by = i.mnemonic in ("add", "sub") and isinstance(last, Immediate)
        if not by or not isinstance(first, Register) or first.name != "sp":
            raise Unknown("sp moves")
        moved = self.table.number(("sp", self.read("sp"), print_instruction(i)))
        self.state[_SP] = moved
        self._event(("sp", moved))

    def _simple(self, i: Instruction, name: str) -> Value | None:
        """The value where it is a copy, a constant, a cut or a sum with a constant."""
        table, size = self.table, 1 if name[0] == "w" else 2
        last = i.operands[-1]
        if i.mnemonic == "mov" and isinstance(last, Register):
            if last.name == "sp":
                return table.halves(self.read("sp")) if size == 2 else None
            return self.read(last.name)[:size]
        if i.mnemonic == "mov" and isinstance(last, Immediate) and last.modifier is None:
            return table.wide(int(last.value) & (1 << 32 * size) - 1, size)
        if i.mnemonic == "movk" and isinstance(last, Immediate) and last.modifier in (None, "lsl"):
            before, shift = table.known(self.read(name)), last.amount or 0
            if before is None:
                return None
            return table.wide(before & ~(0xFFFF << shift) | int(last.value) << shift, size)
        source = i.operands[1] if len(i.operands) > 1 else None
        if not isinstance(source, Register):
            return None
        folded = self._folded(i, source, size)
        if folded is not None:
            return folded
        width = {"uxtb": 8, "uxth": 16}.get(i.mnemonic)
        mask = self._mask(i) if i.mnemonic == "and" else None
        if mask is not None and mask & (mask + 1) == 0:
            width = mask.bit_length()
        if i.mnemonic == "sxtw" and size == 2:
            low = self.read(source.name)[0]
            return low, table.sign(low)
        if width and source.modifier is None:
            return (table.cut(self.read(source.name)[0], width), *((table.zero,) * (size - 1)))
        if i.mnemonic in ("add", "sub") and size == 2 and len(i.operands) == 3 and source.name != "xzr":
            more = self._constant(last)
            if more is not None:
                return table.plus(self.read(source.name), more if i.mnemonic == "add" else -more)
        return None

    def _folded(self, i: Instruction, source: Register, size: int) -> Value | None:
        """The constant that a constant and an immediate make."""
        last, apply = i.operands[-1], _FOLDED.get(i.mnemonic)
        if (
            apply is None
            or not isinstance(last, Immediate)
            or last.modifier not in (None, "lsl")
            or source.name == "sp"
        ):
            return None
        held = self.table.known(self.read(source.name))
        if held is None or len(i.operands) != 3 or source.modifier is not None:
            return None
        return self.table.wide(apply(held, int(last.value) << (last.amount or 0)) & (1 << 32 * size) - 1, size)

    def _constant(self, operand: object) -> int | None:
        """The number that it adds, where that is a small constant."""
        if isinstance(operand, Immediate):
            return int(operand.value) << (operand.amount or 0 if operand.modifier == "lsl" else 0)
        plain = isinstance(operand, Register) and operand.modifier is None and operand.name[0] == "x"
        value = self.table.known(self.read(operand.name)) if plain else None  # type: ignore[attr-defined]
        return value if value is not None and value < 1 << 24 else None

    def _opaque(self, i: Instruction) -> None:
        """Known by its effect only: its text, and all that it reads."""
        effect = self.effects.get(i)
        if effect is None or effect.kind is not Kind.PLAIN or effect.writes & SP:
            raise Unknown(i.mnemonic)
        key: tuple[object, ...] = (print_instruction(i), tuple(self.state[n] for n in bits(effect.reads)))
        self.trace.opaque.append((len(self.trace.events), key))
        if effect.accesses:
            key = (*key, self.memory)
            self.memory = self.table.number(("after", key))
        for n in bits(effect.writes):
            self.state[n] = self.table.number((key, n))

    def _address(self, memory: Memory) -> Place:
        base, offset = self.table.base(self.read(memory.base))
        if isinstance(memory.offset, Register):
            more = memory.offset
            return ("index", base, offset, self.read(more.name), more.modifier, more.amount), 0
        if isinstance(memory.offset, Immediate) and memory.mode != "post":
            offset += int(memory.offset.value)
        return base, offset

    def _access(self, i: Instruction, known: Shape, line: int) -> None:
        memory = i.operands[known.memory]
        names = [each.name for each in i.operands if isinstance(each, Register)]
        if not isinstance(memory, Memory) or (memory.mode != "offset" and memory.base == "sp"):
            raise Unknown("sp moves")
        size = LOADS.get(i.mnemonic) or STORES.get(i.mnemonic) or SIZES[names[0][0]]
        base, offset = self._address(memory)
        stores, stack, segment = known.kind == "store", memory.base == "sp", len(self.trace.events)
        self.trace.accesses.append(Access(segment, base, offset, len(names) * size, stack, stores, line))
        places = [offset + n * size for n in range(len(names))]
        if stores:
            for name, at in zip(names, places):
                self._store(base, at, size, self.read(name))
        else:
            loaded = [self._load(i.mnemonic, base, at, size, name) for name, at in zip(names, places)]
            for name, value in zip(names, loaded):
                self.write(name, value)
        if memory.mode != "offset" and isinstance(memory.offset, Immediate):
            self.write(memory.base, self.table.plus(self.read(memory.base), int(memory.offset.value)))

    def _store(self, base: object, offset: int, size: int, value: Value) -> None:
        table = self.table
        if size < 4:
            pieces = [((offset, size), table.cut(value[0], 8 * size))]
        elif size == 16:
            pieces = [((offset, 4), value[0]), ((offset + 4, 4), value[1]), ((offset + 8, 8), value[2])]
        else:
            pieces = [((offset + 4 * n, 4), part) for n, part in enumerate(value)]
        for place, part in pieces:
            self.memory = stored(table, self.memory, base, place, part)

    def _load(self, mnemonic: str, base: object, offset: int, size: int, name: str) -> Value:
        table = self.table
        if size == 16:
            places = [(offset, 4), (offset + 4, 4), (offset + 8, 8)]
        elif size == 8:
            places = [(offset, 4), (offset + 4, 4)]
        else:
            places = [(offset, size)]
        parts = tuple(loaded(table, self.memory, base, place) for place in places)
        if not mnemonic.startswith(("ldrs", "ldurs")):
            return parts
        kind = mnemonic.replace("ldur", "ldr")
        if kind == "ldrsw":
            return parts[0], table.sign(parts[0])
        found = table.pair((kind, name[0], parts))
        return found if name[0] == "x" else found[:1]


def _ordered(operands: list[object]) -> list[object]:
    """In an order that depends on the operands alone."""
    if len(operands) == 2:
        one, two = operands
        if isinstance(one, tuple) and isinstance(two, tuple) and isinstance(one[0], int) and isinstance(two[0], int):
            return operands if one <= two else [two, one]
    return sorted(operands, key=repr)


def entry(table: Table, window: Window) -> list[int]:
    """The numbers of all parts at the window's entry, with what is known put in."""
    state = list(range(PARTS))
    known = window.known
    for group in known.equal:
        first, *others = sorted(group)
        for other in others:
            state[2 * other : 2 * other + 2] = state[2 * first : 2 * first + 2]
    for n, width in known.zero_extended.items():
        if width <= 32:
            state[2 * n + 1] = table.zero
            table.widths[state[2 * n]] = min(width, table.widths.get(state[2 * n], 32))
    for n, width in known.sign_extended.items():
        if width <= 32 and known.zero_extended.get(n, 64) > 32:
            state[2 * n + 1] = table.sign(state[2 * n])
    for n, value in known.constants.items():
        state[2 * n : 2 * n + 2] = table.wide(value, 2)
    return state


def traced(
    table: Table,
    window: Window,
    effects: Effects,
    code: Sequence[Instruction],
    shapes: Sequence[Shape | None],
    begun: Begun | None = None,
) -> Trace:
    """`begun`: the trace of another sequence of the window, and how many first instructions are the same.

    Raises Unknown.
    """
    return Run(table, window, effects, begun).run(code, shapes)
