"""Rules about where values are: copies, dead code, what is held already, pairs of accesses, jumps to what follows.

Each is a function from a sequence to better ones, in the order in which they are worth trying. None is trusted: the
engine takes only what `Code.follows` allows, so that here nothing need be asked but what may be gained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from ...analysis.obligation import FALL
from ...analysis.registers import NZCV, SP, parts
from ...assembly.syntax import Immediate, Instruction, Memory, Register, Symbol
from .shapes import INVERSE, MERGING, SIZES, ZEROS, scalar_parts, shape, whole
from .state import Code

Kind = Callable[[Code], Iterator[Code]]
_SCALED = {"ldr": "ldp", "ldur": "ldp", "str": "stp", "stur": "stp"}


def dead(code: Code) -> Iterator[Code]:
    """What nothing reads."""
    for n, i in enumerate(code.lines):
        known = shape(i)
        if known is not None and known.kind in ("pure", "load") and not known.writes & code.live[n]:
            yield code.swapped(n, n + 1, ())


def held(code: Code) -> Iterator[Code]:
    """What changes nothing that is read: the register, or the flags, hold it already."""
    trace = code.trace
    if trace is None:
        return
    for n, i in enumerate(code.lines):
        known = shape(i)
        if known is None or known.kind not in ("pure", "load"):
            continue
        before, after = trace.before[n], trace.before[n + 1]
        live = known.writes & code.live[n]
        if all(before[k] == after[k] for k in range(live.bit_length()) if live >> k & 1):
            yield code.swapped(n, n + 1, ())


def copied(code: Code) -> Iterator[Code]:
    """A copy whose readers read what it was copied from."""
    for n, i in enumerate(code.lines):
        if i.mnemonic not in ("mov", "fmov") or len(i.operands) != 2:
            continue
        to, source = i.operands
        if isinstance(to, Register) and to.name not in ("sp", *ZEROS):
            name = source.name if isinstance(source, Register) else _zero(source, to.name)
            if name is not None and name != to.name:
                changed = _renamed_after(code, n, to.name, name)
                if changed is not None:
                    yield changed


def _zero(operand: object, name: str) -> str | None:
    zero = isinstance(operand, Immediate) and operand.value == 0 and operand.modifier is None
    return f"{name[0]}zr" if zero and name[0] in "wx" else None


def _renamed_after(code: Code, n: int, old: str, new: str) -> Code | None:
    """Without instruction n, and with what reads `old` after it reading `new`, until either is written."""
    lines = list(code.lines[n + 1 :])
    for m, later in enumerate(lines):
        renamed = renamed_reads(later, old, new)
        if renamed is None:
            return None
        lines[m] = renamed
        if code.touched(later)[1] & (whole(old) | whole(new) if new != "sp" else whole(old)):
            break
    return code.swapped(n, len(code.lines), lines)


def renamed_reads(i: Instruction, old: str, new: str) -> Instruction | None:
    """The instruction reading `new` where it read `old`; itself where it does not; None where it cannot."""
    known = shape(i)
    if known is None:
        return i
    if not known.reads & whole(old):
        return i
    if i.mnemonic in MERGING and isinstance(i.operands[0], Register) and _alike(i.operands[0].name, old):
        return None
    operands = list(i.operands)
    for n, operand in enumerate(operands):
        if isinstance(operand, Register) and n in known.sources and _alike(operand.name, old):
            name = _as(operand.name, old, new)
            if name is None or (name == "sp" or (name in ZEROS and not _takes_zero(i, n))):
                return None
            operands[n] = replace(operand, name=name)
        elif isinstance(operand, Memory):
            base, offset = operand.base, operand.offset
            if _alike(base, old):
                if operand.mode != "offset" or new in ZEROS or old[0] != "x":
                    return None
                base = new
            if isinstance(offset, Register) and _alike(offset.name, old):
                name = _as(offset.name, old, new)
                if name is None or name in ("sp", *ZEROS):
                    return None
                offset = replace(offset, name=name)
            operands[n] = replace(operand, base=base, offset=offset)
    return replace(i, operands=tuple(operands))


def _takes_zero(i: Instruction, n: int) -> bool:
    """Whether the zero register may stand there: not where its number means sp, or the instruction has no such form."""
    if i.mnemonic.startswith("st"):
        return True
    return i.mnemonic in ("csel", "csinc", "csinv", "csneg") or (i.mnemonic in ("madd", "msub") and n == 3)


def _alike(name: str, other: str) -> bool:
    """Names of one register, whatever the widths."""
    return name == other or (name not in ("sp", *ZEROS) and other not in ("sp", *ZEROS) and whole(name) == whole(other))


def _as(name: str, old: str, new: str) -> str | None:
    """`new` as wide as `name`; None where a copy of fewer bits is read with more."""
    if SIZES[name[0]] > SIZES[old[0]] and name[0] in "xdq":
        return None
    if new == "sp" or new[0] == name[0]:
        return new
    if new in ZEROS:
        return f"{name[0]}zr" if name[0] in "wx" else None
    return f"{name[0]}{new[1:]}"


def _copies(code: Code) -> Iterator[tuple[int, int, str, str]]:
    """(index of what makes a value, index of its copy, name copied to, name copied from)."""
    for m, i in enumerate(code.lines):
        if i.mnemonic not in ("mov", "fmov") or len(i.operands) != 2:
            continue
        to, source = i.operands
        if not (isinstance(to, Register) and isinstance(source, Register)) or {to.name, source.name} & {"sp", *ZEROS}:
            continue
        if to.name[0] != source.name[0] or to.name == source.name or parts(source.name) & code.live[m]:
            continue
        n = next((n for n in range(m - 1, -1, -1) if code.touched(code.lines[n])[1] & whole(source.name)), None)
        if n is not None and (known := shape(code.lines[n])) is not None and known.kind in ("pure", "load"):
            yield n, m, to.name, source.name


def made_in_place(code: Code) -> Iterator[Code]:
    """`lsr w8, w1, #3; mov w0, w8` makes it in w0, and what reads w8 in between reads w0."""
    for n, m, to, source in _copies(code):
        maker = _remade(code.lines[n], source, to)
        if maker is None:
            continue
        wide = [name.replace("w", "x") for name in (source, to)]
        between = [renamed_reads(i, *wide) for i in code.lines[n + 1 : m]]
        if all(i is not None for i in between):
            yield code.swapped(n, m + 1, (maker, *(i for i in between if i is not None)))


def made_late(code: Code) -> Iterator[Code]:
    """`add w9, w8, #1; str w8, [x0]; mov w8, w9` adds in w8 where the copy stood."""
    for n, m, to, source in _copies(code):
        maker = _remade(code.lines[n], source, to)
        if maker is not None:
            yield code.swapped(n, m + 1, (*code.lines[n + 1 : m], maker))


def _remade(i: Instruction, old: str, new: str) -> Instruction | None:
    """The instruction with another target."""
    known = shape(i)
    if known is None or i.mnemonic in MERGING:
        return None
    operands = list(i.operands)
    for n in known.targets:
        operand = operands[n]
        if isinstance(operand, Register) and _alike(operand.name, old):
            operands[n] = replace(operand, name=operand.name[0] + new[1:])
    return replace(i, operands=tuple(operands))


def forwarded(code: Code) -> Iterator[Code]:
    """A load, or a calculation, of what another register holds is a copy of that."""
    trace = code.trace
    if trace is None:
        return
    for n, i in enumerate(code.lines):
        known = shape(i)
        makes = known is not None and known.kind in ("load", "pure") and len(known.targets) == 1
        target = i.operands[0] if makes else None
        if not isinstance(target, Register) or target.name in ("sp", *ZEROS) or i.mnemonic in ("mov", "fmov"):
            continue
        if known is not None and known.writes_flags and code.live[n] & NZCV:
            continue
        loaded = [trace.before[n + 1][k] for k in scalar_parts(target.name)]
        names = [f"{target.name[0]}{k}" for k in range(31 if target.name[0] in "wx" else 32) if k != 18]
        holder = next((name for name in names if [trace.before[n][k] for k in scalar_parts(name)] == loaded), None)
        if holder is not None and target.name[0] in "wxsd":
            copy = "mov" if target.name[0] in "wx" else "fmov"
            yield code.swapped(n, n + 1, (Instruction(copy, (Register(target.name), Register(holder))),))


def addressed(code: Code) -> Iterator[Code]:
    """`add x8, x9, #16; ldr w0, [x8]` addresses [x9, #16] itself."""
    trace = code.trace
    if trace is None:
        return
    for n, i in enumerate(code.lines):
        memory = i.operands[-1] if i.operands else None
        if not isinstance(memory, Memory) or memory.mode != "offset" or isinstance(memory.offset, (Register, Symbol)):
            continue
        state, known = trace.before[n], shape(i)
        maker = next((m for m in range(n - 1, -1, -1) if code.touched(code.lines[m])[1] & parts(memory.base)), None)
        if known is None or maker is None or code.lines[maker].mnemonic not in ("add", "sub", "mov"):
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
    """A sum with a constant, made of another register that is a constant away: `mov x9, sp; add x9, x9, #8` adds to sp."""
    trace = code.trace
    if trace is None:
        return
    for n, i in enumerate(code.lines):
        known = shape(i)
        if known is None or i.mnemonic not in ("add", "sub") or known.writes & SP or len(known.sources) != 1:
            continue
        target, source = i.operands[0], i.operands[1]
        if not isinstance(target, Register) or target.name[0] != "x" or not isinstance(source, Register):
            continue
        base, distance = code.table.base(tuple(trace.before[n + 1][k] for k in scalar_parts(target.name)))
        for name in ("sp", *(f"x{k}" for k in range(31) if k != 18)):
            other, away = code.table.base(tuple(trace.before[n][k] for k in scalar_parts(name)))
            more = distance - away
            if other == base and name != source.name and more and abs(more) < 4096:
                kind = "add" if more > 0 else "sub"
                operands = (Register(target.name), Register(name), Immediate(abs(more)))
                yield code.swapped(n, n + 1, (Instruction(kind, operands),))


def jump_to_next(code: Code) -> Iterator[Code]:
    """`b` to what follows the window."""
    last = code.lines[-1] if code.lines else None
    label = last.operands[-1] if last is not None and last.mnemonic == "b" else None
    if isinstance(label, Symbol) and code.window.aliases.get(label.name) == FALL:
        yield code.swapped(len(code.lines) - 1, len(code.lines), ())


def branch_around_jump(code: Code) -> Iterator[Code]:
    """`b.eq NEXT; b L` is `b.ne L`."""
    if len(code.lines) < 2 or code.lines[-1].mnemonic != "b":
        return
    branch, jump = code.lines[-2:]
    flips = {"cbz": "cbnz", "cbnz": "cbz", "tbz": "tbnz", "tbnz": "tbz"}
    flips |= {f"b.{name}": f"b.{inverse}" for name, inverse in INVERSE.items()}
    label = branch.operands[-1] if branch.operands else None
    if branch.mnemonic in flips and isinstance(label, Symbol) and code.window.aliases.get(label.name) == FALL:
        turned = Instruction(flips[branch.mnemonic], (*branch.operands[:-1], jump.operands[-1]))
        yield code.swapped(len(code.lines) - 2, len(code.lines), (turned,))


def overwritten(code: Code) -> Iterator[Code]:
    """A store that a later one overwrites before anything may read it."""
    for n, i in enumerate(code.lines):
        known = shape(i)
        if known is not None and known.kind == "store" and not known.writes:
            if any((later := shape(j)) is not None and later.kind == "store" for j in code.lines[n + 1 :]):
                yield code.swapped(n, n + 1, ())


def paired(code: Code) -> Iterator[Code]:
    """Two loads or stores of neighboring slots."""
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
    offsets = [_offset(here), _offset(there)]
    size = SIZES.get(first.name[0], 0)
    if None in offsets or not size or abs(offsets[0] - offsets[1]) != size or min(offsets) % size:  # type: ignore
        return None
    low = min(offsets)  # type: ignore[type-var]
    loads = one.mnemonic.startswith("ld")
    if not -64 * size <= low <= 63 * size or (loads and whole(first.name) & (whole(second.name) | parts(here.base))):
        return None
    order = (first, second) if offsets[0] == low else (second, first)
    return Instruction(_SCALED[one.mnemonic], (*order, Memory(here.base, Immediate(low) if low else None)))


def _offset(memory: Memory) -> int | None:
    if memory.mode != "offset" or isinstance(memory.offset, (Register, Symbol)):
        return None
    return int(memory.offset.value) if memory.offset is not None else 0


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "jump-to-next": jump_to_next,
        "branch-around-jump": branch_around_jump,
        "held-already": held,
        "dead": dead,
        "copy-read": copied,
        "made-in-place": made_in_place,
        "made-late": made_late,
        "held-elsewhere": forwarded,
        "address-folded": addressed,
        "sum-rebased": rebased,
        "store-overwritten": overwritten,
        "paired": paired,
    }
)
