"""Values of a window as numbers: equal numbers are equal values, whatever the registers are called.

What an instruction makes is a number for its operation and the numbers of what it reads; nothing is calculated but
copies, constants, upper halves, additions of constants to an address and what a store left in memory. So two
sequences whose numbers agree wherever somebody looks (`same`) do the same: the operations need not be understood for
it. That is all that carries a reordering, a renaming, a dropped copy or a forwarded load. It promises nothing where
it says no. `Unknown` is raised for what it does not follow: calls, pinned instructions, relocations, joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...analysis.obligation import FALL, RETURN, Effect, Kind
from ...analysis.registers import ALL, NONE, SP
from ...analysis.windows import Window
from ...assembly.print import print_instruction
from ...assembly.syntax import Immediate, Instruction, Memory, Name, Register, Symbol
from ...errors import PeepccError
from .shapes import INVERSE, LOADS, MERGING, SIZES, STORES, ZEROS, Shape, bits, scalar_parts, shape, whole_parts
from .table import Table, Value, loaded, stored

COMMUTING = frozenset("add adds and ands orr eor mul cmn tst umull smull smulh umulh".split())
Place = tuple[object, int]  # what an address is counted from, and how far it is
Effects = Mapping[Instruction, Effect]


class Unknown(PeepccError):
    """Something that values are not followed through."""


@dataclass(slots=True)
class Event:
    """A way out, or a change of sp: what happens, memory and all parts at that time, and which parts are looked at."""

    what: tuple[object, str | None]
    memory: int
    state: list[int]
    live: int


@dataclass(slots=True)
class Trace:
    """`accesses`: (events before it, bytes touched) in order. `before`: the state before each instruction, and at the end.

    `opaque`: (events before it, what it did) of instructions known by their effect only.
    """

    events: list[Event] = field(default_factory=list)
    accesses: list[tuple[int, frozenset[object]]] = field(default_factory=list)
    opaque: list[tuple[int, object]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)


class Run:
    """One sequence for one window."""

    def __init__(self, table: Table, window: Window, effects: Effects, code: Sequence[Instruction]):
        self.table, self.window, self.effects, self.code = table, window, effects, code
        self.state = entry(table, window)
        self.memory = table.number("memory")
        self.trace = Trace()

    def run(self) -> Trace:
        """Raises Unknown."""
        ended = False
        for n, i in enumerate(self.code):
            if ended:
                raise Unknown("code behind a jump")
            self.trace.before.append(self.state[:])
            known = shape(i)
            if known is None:
                self._opaque(i)
            elif known.kind == "branch":
                ended = self._branch(i, known, n)
            elif known.kind == "pure":
                self._pure(i, known)
            else:
                self._access(i, known)
        if not ended:
            self._event(("exit",), FALL)
        self.trace.before.append(self.state[:])
        return self.trace

    def _event(self, what: object, way: str | None = None) -> None:
        live = NONE if way is None else self.window.live_out.get(way, ALL)
        self.trace.events.append(Event((what, way), self.memory, self.state[:], live))

    def _branch(self, i: Instruction, known: Shape, n: int) -> bool:
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
        last = n + 1 == len(self.code)
        if i.mnemonic == "b":
            if not last:
                raise Unknown("a jump in the middle")
            self._event(("exit",), way)
            return True
        if last and way == FALL:
            return False  # both ways lead there
        flags = (self.state[63],) if known.reads_flags else ()
        self._event((i.mnemonic, *flags, *(self._operand(each) for each in i.operands[:-1])), way)
        return False

    def read(self, name: str) -> Value:
        if name in ZEROS:
            return (self.table.zero,) * (1 if name[0] == "w" else 2)
        return tuple(self.state[n] for n in scalar_parts(name))

    def write(self, name: str, value: Value) -> None:
        """What of the register the value does not fill becomes 0."""
        if name in ZEROS:
            return
        for n, place in enumerate(whole_parts(name)):
            self.state[place] = value[n] if n < len(value) else self.table.zero

    def _operand(self, operand: object, width: int = 2) -> object:
        if isinstance(operand, Register):
            value = self.read(operand.name)
            constant = self.table.known(value) if operand.name != "sp" else None
            shown: object = value if constant is None else ("constant", constant, len(value))
            return shown if operand.modifier is None else (shown, operand.modifier, operand.amount)
        if isinstance(operand, Immediate):
            value = int(operand.value)
            if operand.modifier is None:
                return ("constant", value & (1 << 32 * width) - 1, width)
            return ("shifted", value, operand.modifier, operand.amount)
        if isinstance(operand, Name):
            return operand.text
        raise Unknown("an operand")

    def _pure(self, i: Instruction, known: Shape) -> None:
        target = i.operands[0] if known.targets else None
        name = target.name if isinstance(target, Register) else ""
        if name == "sp":
            self._stack(i)
            return
        simple = self._simple(i, name) if name else None
        if simple is not None:
            self.write(name, simple)
            return
        first = next((each for each in i.operands if isinstance(each, Register)), None)
        width = 1 if first is not None and first.name[0] == "w" else 2
        operands = [self._operand(each, width) for each in (i.operands if not name else i.operands[1:])]
        if i.mnemonic in MERGING:
            operands.insert(0, self.read(name))
        if i.mnemonic in COMMUTING and not any(isinstance(each, Register) and each.modifier for each in i.operands):
            operands = sorted(operands, key=repr)
        key = (i.mnemonic, width, *operands, *((self.state[63],) if known.reads_flags else ()))
        if name:
            made = tuple(self.table.number((key, n)) for n in range(width))
            self.write(name, self._narrow(i, made))
        if known.writes_flags:
            self.state[63] = self.table.number((_flags_key(key), "nzcv"))

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
        plain = isinstance(last, Immediate) and last.modifier is None and 0 <= int(last.value) < 1 << 32
        return int(last.value) if plain else None

    def _stack(self, i: Instruction) -> None:
        """A write of sp: by a constant, or it is not followed; nothing crosses it."""
        first, last = i.operands[1], i.operands[-1]
        by = i.mnemonic in ("add", "sub") and isinstance(last, Immediate) and isinstance(first, Register)
        if not by or first.name != "sp":
            raise Unknown("sp moves")
        moved = self.table.number(("sp", self.read("sp"), print_instruction(i)))
        self.state[SP.bit_length() - 1] = moved
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
        key = (print_instruction(i), tuple(self.state[n] for n in bits(effect.reads)))
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

    def _access(self, i: Instruction, known: Shape) -> None:
        memory = i.operands[known.memory]
        names = [each.name for each in i.operands if isinstance(each, Register)]
        if not isinstance(memory, Memory) or (memory.mode != "offset" and memory.base == "sp"):
            raise Unknown("sp moves")
        size = LOADS.get(i.mnemonic) or STORES.get(i.mnemonic) or SIZES[names[0][0]]
        base, offset = self._address(memory)
        touched: set[object] = {(base, offset + n) for n in range(len(names) * size)}
        if memory.base == "sp":
            touched.add("through sp")  # a processor may check the alignment of sp
        self.trace.accesses.append((len(self.trace.events), frozenset(touched)))
        places = [offset + n * size for n in range(len(names))]
        if known.kind == "store":
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
        return tuple(table.number((kind, name[0], parts, n)) for n in range(1 if name[0] == "w" else 2))


def _flags_key(key: tuple[object, ...]) -> tuple[object, ...]:
    """The same for an operation and the comparison that sets the same flags."""
    return ({"cmp": "subs", "cmn": "adds", "tst": "ands"}.get(str(key[0]), key[0]), *key[1:])


def entry(table: Table, window: Window) -> list[int]:
    """The numbers of all parts at the window's entry, with what is known put in."""
    state = [table.number(("entry", n)) for n in range(ALL.bit_length())]
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


def traced(table: Table, window: Window, effects: Effects, code: Sequence[Instruction]) -> Trace:
    """Raises Unknown."""
    return Run(table, window, effects, code).run()


def same(one: Trace, two: Trace) -> bool:
    """Whether the second may stand for the first."""
    left, right = _events(one.events), _events(two.events)
    if len(left) != len(right):
        return False
    for before, after in zip(left, right):
        if before.what != after.what or before.memory != after.memory or before.live != after.live:
            return False
        unequal = before.state != after.state
        if unequal and any(before.state[n] != after.state[n] for n in bits(before.live)):
            return False
    return one.opaque == two.opaque and _covered(one, two)


def _covered(one: Trace, two: Trace) -> bool:
    """Each byte that the second touches the first touches as early, and nothing crosses a change of sp."""
    moves = [n + 1 for n, event in enumerate(two.events) if event.what[0][0] == "sp"]
    for segment, touched in two.accesses:
        floor = max((n for n in moves if n <= segment), default=0)
        if touched - frozenset().union(*(places for at, places in one.accesses if floor <= at <= segment)):
            return False
    return True


def _events(events: list[Event]) -> list[Event]:
    """With the last choice of two ways in one form: `b.ne A; b B` is `b.eq B; b A`."""
    if len(events) < 2:
        return events
    choice, other = events[-2], events[-1]
    how, way = choice.what
    if other.what[0] != ("exit",) or not isinstance(how, tuple) or choice.memory != other.memory:
        return events
    if choice.state != other.state:
        return events
    mnemonic = str(how[0])
    flips = {"cbnz": "cbz", "tbnz": "tbz"} | {
        f"b.{inverse}": f"b.{name}" for name, inverse in INVERSE.items() if name < inverse
    }
    if mnemonic not in flips:
        return events
    changed = Event(((flips[mnemonic], *how[1:]), other.what[1]), choice.memory, choice.state, other.live)
    return [*events[:-2], changed, Event((("exit",), way), other.memory, other.state, choice.live)]
