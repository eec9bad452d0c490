"""Rules about addresses and what is accessed there: sums folded into addresses, overwritten stores, pairs.

As in `dataflow.py` none is trusted: the engine takes only what `Code.follows` allows.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.registers import SP, parts
from ...assembly.syntax import Immediate, Instruction, Memory, Register, Symbol
from .shapes import COPY, OFFSET, SCALED, SIZES, SUM, ZEROS, scalar_parts, whole
from .state import Code

_SCALED = {"ldr": "ldp", "ldur": "ldp", "str": "stp", "stur": "stp"}


def addressed(code: Code) -> Iterator[Code]:
    """`add x8, x9, #16; ldr w0, [x8]` addresses [x9, #16] itself."""
    trace = code.trace
    if trace is None or not (code.roles & OFFSET and code.roles & (SUM | COPY)):
        return
    for n, known in enumerate(code.shapes):
        if known is None or not known.roles & OFFSET:
            continue
        i, state = code.lines[n], trace.before[n]
        memory = i.operands[-1]
        if not isinstance(memory, Memory) or isinstance(memory.offset, (Register, Symbol)):
            continue
        maker = next((m for m in range(n - 1, -1, -1) if code.touched(m)[1] & parts(memory.base)), None)
        if maker is None or code.lines[maker].mnemonic not in ("add", "sub", "mov"):
            continue
        base, distance = code.table.base(tuple(state[k] for k in scalar_parts(memory.base)))
        source = code.lines[maker].operands[1]
        if not isinstance(source, Register) or source.name[0] not in "xs" or source.modifier is not None:
            continue
        from_base, from_distance = code.table.base(tuple(state[k] for k in scalar_parts(source.name)))
        total = distance - from_distance + (int(memory.offset.value) if isinstance(memory.offset, Immediate) else 0)
        mnemonic = reaching(i, total)
        if from_base == base and source.name not in ("xzr", memory.base) and mnemonic:
            new = Memory(source.name, Immediate(total) if total else None)
            yield code.swapped(n, n + 1, (Instruction(mnemonic, (*i.operands[:-1], new)),))


def reaching(i: Instruction, offset: int) -> str | None:
    """The name under which the access takes an offset; None where there is none."""
    first = i.operands[0]
    letter = first.name[0] if isinstance(first, Register) else ""
    plain = i.mnemonic.replace("ldur", "ldr").replace("stur", "str")
    size = {"b": 1, "h": 2}.get(plain[-1], 4 if plain == "ldrsw" else SIZES.get(letter, 0))
    if not size:
        return None
    if plain in ("ldp", "stp"):
        return plain if offset % size == 0 and -64 * size <= offset < 64 * size else None
    if offset % size == 0 and 0 <= offset < 4096 * size:
        return plain
    return plain.replace("ldr", "ldur").replace("str", "stur") if -256 <= offset < 256 else None


def rebased(code: Code) -> Iterator[Code]:
    """A sum with a constant, made of another register: `mov x9, sp; add x9, x9, #8` adds to sp."""
    trace = code.trace
    if trace is None or not code.roles & SUM:
        return
    for n, known in enumerate(code.shapes):
        if known is None or not known.roles & SUM or known.writes & SP or not _adds_constant(code, n):
            continue
        i = code.lines[n]
        target, source = i.operands[0], i.operands[1]
        if not isinstance(target, Register) or target.name[0] != "x" or not isinstance(source, Register):
            continue
        if target.name in ZEROS:
            continue
        maker = next((m for m in range(n - 1, -1, -1) if code.touched(m)[1] & known.reads), None)
        if maker is None or code.left_behind(maker, known.reads):
            continue  # nothing is saved where the source is there anyhow
        base, distance = code.table.base(tuple(trace.before[n + 1][k] for k in scalar_parts(target.name)))
        lows = {base[0], *code.table.summed.get(base, ())}
        if sum(map(trace.before[n].count, lows)) < 2:
            continue  # the source alone holds something that is a constant away
        for name in ("sp", *(f"x{k}" for k in range(31) if k != 18)):
            other, away = code.table.base(tuple(trace.before[n][k] for k in scalar_parts(name)))
            more = distance - away
            if other == base and name != source.name and more and abs(more) < 4096:
                kind = "add" if more > 0 else "sub"
                operands = (Register(target.name), Register(name), Immediate(abs(more)))
                yield code.swapped(n, n + 1, (Instruction(kind, operands),))


def _adds_constant(code: Code, n: int) -> bool:
    """Whether the last operand of a sum is a number, or a register that holds a constant."""
    last, trace = code.lines[n].operands[-1], code.trace
    if isinstance(last, Register):
        if trace is None or last.modifier is not None or last.name[0] != "x" or last.name in ZEROS:
            return False
        return code.table.known(tuple(trace.before[n][k] for k in scalar_parts(last.name))) is not None
    return isinstance(last, Immediate)


def overwritten(code: Code) -> Iterator[Code]:
    """A store that a later one overwrites before anything may read it, or that changes nothing."""
    trace = code.trace
    if trace is None:
        return
    stores = [access for access in trace.accesses if access.stores]
    for at, store in enumerate(stores):
        known, n = code.shapes[store.line], store.line
        if known is None or known.writes or at + 1 == len(stores):
            continue
        written: set[object] = set()
        for later in stores[at + 1 :]:
            if later.base == store.base:
                written.update(range(later.offset, later.offset + later.size))
        if trace.memory[n] == trace.memory[n + 1] or written.issuperset(range(store.offset, store.offset + store.size)):
            yield code.swapped(n, n + 1, ())


def paired(code: Code) -> Iterator[Code]:
    """Two loads or stores of neighboring slots."""
    if not code.roles & SCALED:
        return
    for n, one in enumerate(code.lines):
        if one.mnemonic not in _SCALED:
            continue
        for m in range(n + 1, min(n + 6, len(code.lines))):
            made = _pair(one, code.lines[m])
            if made is not None:
                yield code.swapped(n, m + 1, (made, *code.lines[n + 1 : m]))
                yield code.swapped(n, m + 1, (*code.lines[n + 1 : m], made))


def _pair(one: Instruction, two: Instruction) -> Instruction | None:
    if two.mnemonic not in _SCALED or _SCALED[one.mnemonic] != _SCALED[two.mnemonic]:
        return None
    (first, here), (second, there) = one.operands, two.operands
    if not (isinstance(first, Register) and isinstance(second, Register) and first.name[0] == second.name[0]):
        return None
    if not (isinstance(here, Memory) and isinstance(there, Memory) and here.base == there.base):
        return None
    left, right = _offset(here), _offset(there)
    size = SIZES.get(first.name[0], 0)
    if left is None or right is None or not size or abs(left - right) != size or min(left, right) % size:
        return None
    low = min(left, right)
    loads = one.mnemonic.startswith("ld")
    if not -64 * size <= low <= 63 * size or (loads and whole(first.name) & (whole(second.name) | parts(here.base))):
        return None
    order = (first, second) if left == low else (second, first)
    return Instruction(_SCALED[one.mnemonic], (*order, Memory(here.base, Immediate(low) if low else None)))


def _offset(memory: Memory) -> int | None:
    if memory.mode != "offset" or isinstance(memory.offset, (Register, Symbol)):
        return None
    return int(memory.offset.value) if memory.offset is not None else 0
