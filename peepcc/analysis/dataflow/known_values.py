"""What registers are known to hold, at any line: forward dataflow over one function.

Everything said holds on every way to the line; much that holds is not said. Where control
may come from a place that no edge shows, nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ...assembly.syntax import Block, Function, Immediate, Instruction, Module, Register, Symbol
from ...clock import unhurried
from ..bitcode_facts import FunctionFacts, ModuleFacts
from ..extent import switches_section
from ..obligation import Kind, Known, Step
from ..registers import NZCV, PLATFORM, Parts, x
from . import framework as flow
from .value_domain import ANY, Value, both, bounded, constant, either, is_wide, number, operand, written

_REGISTERS = range(31)
_LINKERS = x(16) | x(17)  # where sections lie far apart a linker puts code between a branch and its label


@dataclass(frozen=True, slots=True)
class _Compare:
    """The flags are those of x<left>, or its low 32 bits, minus `right`: a number or a register's."""

    width: int
    left: int
    right: int
    register: bool


@dataclass(frozen=True, slots=True)
class _State:
    """`values` and `classes` by register number; equal class, equal value. `compare`: see there."""

    values: tuple[Value, ...] = (ANY,) * 31
    classes: tuple[int, ...] = tuple(_REGISTERS)
    compare: _Compare | None = None


_NOTHING = _State()


@dataclass(frozen=True, slots=True)
class KnownAt:
    """What is known right before the instruction on a line of the module."""

    _module: Module
    _steps: Mapping[int, Step]
    _facts: ModuleFacts
    _caller: FunctionFacts | None
    _block_of: Mapping[int, Block]
    _block_in: tuple[_State | None, ...]

    def before(self, line: int) -> Known:
        return next(self.each((line,)))

    def each(self, lines: Iterable[int]) -> Iterator[Known]:
        """What is known before each of `lines`, which ascend: a block is walked once for all of its lines."""
        block: Block | None = None
        state: _State | None = None
        events: Iterator[flow.Event] = iter(())
        ahead: flow.Event | None = None
        for line in lines:
            if block is None or self._block_of.get(line) is not block:
                block = self._block_of.get(line)
                state = None if block is None else self._block_in[block.index]
                events = flow.events(self._module, block, self._steps) if block and state else iter(())
                ahead = next(events, None)
            while state is not None and ahead is not None and ahead.line < line:
                state, ahead = _after(state, ahead, self._caller, self._facts), next(events, None)
            yield Known() if state is None else _public(state)  # None: no way leads there that the edges show


def known(
    module: Module,
    function: Function,
    steps: Mapping[int, Step],
    facts: ModuleFacts,
    check: Callable[[], None] = unhurried,
) -> KnownAt:
    """What is known in `function`; `steps` maps line indices of the module to what was encoded there.

    `check` is called now and then, and may raise.
    """
    caller = flow.own_facts(function, facts)
    block_of = {line: block for block in function.blocks for line in block.instructions}
    if function.opaque is not None:
        entries: tuple[_State | None, ...] = (None,) * len(function.blocks)
    else:
        entries = _solve(module, function, steps, caller, facts, check)
    return KnownAt(module, steps, facts, caller, MappingProxyType(block_of), entries)


def carried(entry: Known, steps: Sequence[Step]) -> Known:
    """What is known after `steps`, which control walks from the first to the last and none of which calls anything."""
    state = _NOTHING
    for group in entry.equal:
        first, *others = sorted(group)
        for other in others:
            state = _join(state, first, other)
    for n in _REGISTERS:
        given = bounded(entry.zero_extended.get(n, 64), entry.sign_extended.get(n, 64))
        state = _refine(state, n, constant(entry.constants[n]) if n in entry.constants else given)
    for step in steps:
        state = _stepped(state, step)
    return _public(state)


def _solve(
    module: Module,
    function: Function,
    steps: Mapping[int, Step],
    caller: FunctionFacts | None,
    facts: ModuleFacts,
    check: Callable[[], None],
) -> tuple[_State | None, ...]:
    entries: list[_State | None] = [_NOTHING if block.entered or not block.index else None for block in function.blocks]
    pending = {block.index for block in function.blocks if entries[block.index] is not None}
    split = any(map(switches_section, module.lines[function.first : function.last]))
    while pending:
        check()
        index = min(pending)
        pending.discard(index)
        block, state = function.blocks[index], entries[index] or _NOTHING
        last: Step | None = None
        for event in flow.events(module, block, steps):
            state, last = _after(state, event, caller, facts), event.step
        for successor in block.successors:
            new = _along(state, function, block, successor, last)
            new = _kill(new, _LINKERS) if split else new
            old = entries[successor]
            met = new if old is None else _meet(old, new)
            if met != old:
                entries[successor] = met
                pending.add(successor)
    return tuple(entries)


def _after(state: _State, event: flow.Event, caller: FunctionFacts | None, facts: ModuleFacts) -> _State:
    step = event.step
    if step is None:
        return _NOTHING
    if step.effect.kind is Kind.CALL:
        call = flow.call(event, caller, facts)
        return _NOTHING if call is None else _kill(state, call.clobbers | PLATFORM)
    return _stepped(state, step)


def _stepped(state: _State, step: Step) -> _State:
    kind, writes = step.effect.kind, step.effect.writes
    if kind is not Kind.PLAIN:
        return _kill(state, writes) if writes else state
    given = {n: value for n, value in written(step.instruction, state.values.__getitem__).items() if writes & x(n)}
    compare = _compare(step.instruction, state) if writes & NZCV else state.compare
    source = _copied(step.instruction, given, state)
    killed = _kill(state, writes & ~NZCV)
    if compare is not None and _changes(writes, compare):
        compare = None
    if source in given:  # a copy of itself
        return _State(state.values, state.classes, compare)
    if not given:
        return _State(killed.values, killed.classes, compare)
    values, classes = list(killed.values), list(killed.classes)
    for n, value in given.items():
        values[n] = value
        if source is not None:
            classes[n] = killed.classes[source]
            values[n] = both(value, state.values[source])
    return _State(tuple(values), _canonical(classes), compare)


def _changes(writes: Parts, compare: _Compare) -> bool:
    used = x(compare.left) | (x(compare.right) if compare.register else 0)
    return bool(writes & used)


def _kill(state: _State, writes: Parts) -> _State:
    gone = [n for n in _REGISTERS if writes & x(n)]
    compare = state.compare
    if compare is not None and (writes & NZCV or _changes(writes, compare)):
        compare = None
    if not gone:
        return state if compare is state.compare else _State(state.values, state.classes, compare)
    values, classes = list(state.values), list(state.classes)
    for n in gone:
        values[n], classes[n] = ANY, ~n  # a class of its own
    return _State(tuple(values), _canonical(classes), compare)


def _canonical(classes: Sequence[Hashable]) -> tuple[int, ...]:
    first: dict[Hashable, int] = {}
    return tuple(first.setdefault(each, n) for n, each in enumerate(classes))


def _copied(instruction: Instruction, given: Mapping[int, Value], state: _State) -> int | None:
    """The register of which the one register written becomes an equal, if any."""
    if len(given) != 1 or len(instruction.operands) != 2:
        return None
    source = instruction.operands[1]
    if not isinstance(source, Register) or source.modifier is not None or (n := number(source.name)) is None:
        return None
    zero = state.values[n].zero
    if instruction.mnemonic == "mov" and (source.name[0] != "w" or zero <= 32):
        return n
    limit = {"sxtw": 31, "uxtw": 32, "uxtb": 8, "uxth": 16, "sxtb": 7, "sxth": 15}.get(instruction.mnemonic)
    return n if limit is not None and zero <= limit else None


def _compare(instruction: Instruction, state: _State) -> _Compare | None:
    """What the flags that `instruction` sets compare; None where it is no plain comparison."""
    operands = instruction.operands
    if instruction.mnemonic == "subs" and len(operands) == 3:
        operands = operands[1:]
    elif instruction.mnemonic not in ("cmp", "cmn") or len(operands) != 2:
        return None
    left, right = operands
    if not isinstance(left, Register) or left.modifier is not None or (n := number(left.name)) is None:
        return None
    width = 64 if left.name[0] == "x" or left.name in ("lr", "fp") else 32
    value = operand(right, width, state.values.__getitem__).constant
    if value is not None:
        if instruction.mnemonic == "cmn" and value == 0:
            return None  # its carry is not that of a subtraction
        return _Compare(width, n, value if instruction.mnemonic != "cmn" else -value & ((1 << width) - 1), False)
    if instruction.mnemonic == "cmn" or not isinstance(right, Register) or right.modifier is not None:
        return None
    m = number(right.name)
    return None if m is None else _Compare(width, n, m, True)


def _meet(left: _State, right: _State) -> _State:
    if left == right:
        return left
    values = tuple(either(a, b) for a, b in zip(left.values, right.values))
    classes = _canonical(list(zip(_keys(left), _keys(right))))
    return _State(values, classes, left.compare if left.compare == right.compare else None)


def _keys(state: _State) -> list[Hashable]:
    """Equal keys, equal values: constants count too."""
    return [("#", v.constant) if v.constant is not None else c for v, c in zip(state.values, state.classes)]


def _along(state: _State, function: Function, block: Block, successor: int, last: Step | None) -> _State:
    """The state on the edge from `block` to `successor`, after what its last branch found out."""
    if last is None or last.effect.kind is not Kind.CONDITIONAL or len(set(block.successors)) != 2:
        return state
    instruction = last.instruction
    label = instruction.operands[-1]
    if not isinstance(label, Symbol) or label.addend:
        return state
    taken = label.name in function.blocks[successor].labels
    if taken == (successor == block.index + 1):
        return state  # the label is not what tells the two edges apart
    if instruction.mnemonic in ("cbz", "cbnz"):
        return _equals_zero(state, instruction) if taken == (instruction.mnemonic == "cbz") else state
    if instruction.mnemonic in ("tbz", "tbnz"):
        return _bit(state, instruction, taken == (instruction.mnemonic == "tbnz"))
    condition = instruction.mnemonic.partition(".")[2]
    return _compared(state, condition if taken else _OPPOSITE.get(condition, ""))


_OPPOSITE = {"eq": "ne", "ne": "eq", "lo": "hs", "hs": "lo", "ls": "hi", "hi": "ls", "cc": "hs", "cs": "lo"}


def _equals_zero(state: _State, instruction: Instruction) -> _State:
    register = instruction.operands[0]
    if not isinstance(register, Register) or (n := number(register.name)) is None:
        return state
    if not is_wide(register) and state.values[n].zero > 32:
        return state
    return _refine(state, n, constant(0))


def _bit(state: _State, instruction: Instruction, is_set: bool) -> _State:
    register, position = instruction.operands[:2]
    n = number(register.name) if isinstance(register, Register) else None
    bit = position.whole if isinstance(position, Immediate) else None
    if n is None or bit is None:
        return state
    if not is_set and state.values[n].zero <= bit + 1:
        return _refine(state, n, bounded(bit))
    if is_set and bit == 0 and state.values[n].zero <= 1:
        return _refine(state, n, constant(1))
    return state


def _compared(state: _State, condition: str) -> _State:
    compare = state.compare
    if compare is None or (compare.width == 32 and state.values[compare.left].zero > 32):
        return state
    if compare.register:
        if condition != "eq" or (compare.width == 32 and state.values[compare.right].zero > 32):
            return state
        return _join(state, compare.left, compare.right)
    if condition == "eq":
        return _refine(state, compare.left, constant(compare.right))
    if condition in ("lo", "cc") and compare.right:
        return _refine(state, compare.left, bounded((compare.right - 1).bit_length()))
    if condition == "ls":
        return _refine(state, compare.left, bounded(compare.right.bit_length()))
    return state


def _refine(state: _State, n: int, value: Value) -> _State:
    """`value` holds of x<n> too, and so of all its equals."""
    values = tuple(
        both(old, value) if same == state.classes[n] else old for old, same in zip(state.values, state.classes)
    )
    return _State(values, state.classes, state.compare)


def _join(state: _State, left: int, right: int) -> _State:
    value = both(state.values[left], state.values[right])
    joined = [state.classes[left] if each == state.classes[right] else each for each in state.classes]
    return _refine(_State(state.values, _canonical(joined), state.compare), left, value)


def _public(state: _State) -> Known:
    constants: dict[int, int] = {}
    zero: dict[int, int] = {}
    sign: dict[int, int] = {}
    groups: dict[int, set[int]] = {}
    for n in _REGISTERS:
        value = state.values[n]
        groups.setdefault(state.classes[n], set()).add(n)
        if value.constant is not None:
            constants[n] = value.constant
        elif value.zero < 64:
            zero[n] = value.zero
        if value.constant is None and value.sign < 64 and value.sign <= value.zero:
            sign[n] = value.sign
    equal = tuple(frozenset(group) for group in groups.values() if len(group) > 1)
    return Known(MappingProxyType(constants), MappingProxyType(zero), MappingProxyType(sign), equal)
