"""Rules about where values are: copies, dead code, what is held already, pairs of accesses, jumps to what follows.

Each is a function from a sequence to better ones, in the order in which they are worth trying. None is trusted: the
engine takes only what `Code.follows` allows, so that here nothing need be asked but what may be gained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from ...analysis.obligation import FALL
from ...analysis.registers import NZCV, parts
from ...assembly.syntax import Immediate, Instruction, Memory, Register, Symbol
from .addresses import addressed, overwritten, paired, rebased
from .expression import added, logical
from .shapes import (
    COPY,
    INVERSE,
    MAKES,
    MERGING,
    REMOVABLE,
    SIZES,
    ZEROS,
    scalar_parts,
    shape,
    whole,
)
from .state import Code

Kind = Callable[[Code], Iterator[Code]]


def dead(code: Code) -> Iterator[Code]:
    """What nothing reads."""
    for n, known in enumerate(code.shapes):
        if known is not None and known.roles & REMOVABLE and not known.writes & code.live[n]:
            yield code.swapped(n, n + 1, ())


def held(code: Code) -> Iterator[Code]:
    """What changes nothing that is read: the register, or the flags, hold it already."""
    trace = code.trace
    if trace is None:
        return
    for n, known in enumerate(code.shapes):
        if known is not None and known.roles & REMOVABLE and not trace.changes(n, known.writes & code.live[n]):
            yield code.swapped(n, n + 1, ())


def copied(code: Code) -> Iterator[Code]:
    """A copy whose readers read what it was copied from."""
    if not code.roles & COPY:
        return
    for n, i in enumerate(code.lines):
        if i.mnemonic not in ("mov", "fmov") or len(i.operands) != 2:
            continue
        to, source = i.operands
        if isinstance(to, Register) and to.name not in ("sp", *ZEROS):
            name = source.name if isinstance(source, Register) else _zero(source, to.name)
            if name is not None and name != to.name and not code.left_behind(n, whole(to.name)):
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
        if code.touched(n + 1 + m)[1] & (whole(old) | whole(new) if new != "sp" else whole(old)):
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


def read_early(code: Code) -> Iterator[Code]:
    """`mov x8, x0; mov x0, x19; str x8, [x19]` stores x0 before it changes, and needs no copy."""
    if not code.roles & COPY:
        return
    for n, i in enumerate(code.lines):
        if i.mnemonic != "mov" or not isinstance(i.operands[0], Register) or not isinstance(i.operands[1], Register):
            continue
        to, source = i.operands[0].name, i.operands[1].name
        made, end = whole(to), len(code.lines)
        changed = next((m for m in range(n + 1, end) if code.touched(m)[1] & whole(source)), None)
        if changed is None or {to, source} & {"sp", *ZEROS} or code.touched(changed)[0] & made:
            continue
        ends = next((m for m in range(changed + 1, end) if code.touched(m)[1] & made), end - 1)
        readers = [m for m in range(changed + 1, ends + 1) if code.touched(m)[0] & made]
        if not readers or code.left_behind(n, made):
            continue
        lines = [renamed_reads(line, to, source) for line in code.lines[n + 1 : readers[-1] + 1]]
        late = lines.pop(changed - n - 1)
        if late is not None and all(line is not None for line in lines):
            yield code.swapped(n, readers[-1] + 1, (*(line for line in lines if line is not None), late))


def derived(code: Code) -> Iterator[Code]:
    """A constant of several instructions made in one, from a constant that a register holds."""
    trace = code.trace
    if trace is None:
        return
    for last, i in enumerate(code.lines):
        target = i.operands[0] if i.mnemonic == "movk" else None
        if not isinstance(target, Register):
            continue
        wanted = code.table.known(tuple(trace.before[last + 1][k] for k in scalar_parts(target.name)))
        first = last
        while first >= 0 and code.lines[first].mnemonic == "movk":
            writers = (m for m in range(first - 1, -1, -1) if code.touched(m)[1] & whole(target.name))
            first = next(writers, -1)
        begins = first >= 0 and code.lines[first].mnemonic == "mov" and code.lines[first].operands[0] == target
        if wanted is None or not begins:
            continue
        makers = {m for m in range(first, last + 1) if code.touched(m)[1] & whole(target.name)}
        between = [code.lines[m] for m in range(first, last + 1) if m not in makers]
        for at in (first, last):
            for new in _from_held(code, at, target.name, wanted):
                new_lines = (new, *between) if at == first else (*between, new)
                yield code.swapped(first, last + 1, new_lines)


def _from_held(code: Code, at: int, target: str, wanted: int) -> Iterator[Instruction]:
    """Instructions that make the constant from one that a register holds before line `at`."""
    bits = 32 if target[0] == "w" else 64
    state = code.trace.before[at] if code.trace is not None else []
    for name in (f"{target[0]}{k}" for k in range(31) if k != 18):
        held = code.table.known(tuple(state[k] for k in scalar_parts(name))) if state else None
        if held is None or (name == target and code.lines[at].mnemonic == "movk"):
            continue
        more = wanted - held
        for mnemonic, number in (("add", more), ("sub", -more)):
            if added(number) and number:
                shifted = ("lsl", 12) if number >> 12 else (None, None)
                amount = Immediate(number >> 12 if number >> 12 else number, *shifted)
                yield Instruction(mnemonic, (Register(target), Register(name), amount))
        for mnemonic, number in (("eor", held ^ wanted), ("orr", wanted), ("and", wanted)):
            fits = {"eor": True, "orr": held & ~wanted == 0, "and": wanted & ~held == 0}[mnemonic]
            if fits and logical(number, bits):
                yield Instruction(mnemonic, (Register(target), Register(name), Immediate(number)))


def _copies(code: Code) -> Iterator[tuple[int, int, str, str]]:
    """(index of what makes a value, index of its copy, name copied to, name copied from)."""
    if not code.roles & COPY:
        return
    for m, i in enumerate(code.lines):
        if i.mnemonic not in ("mov", "fmov") or len(i.operands) != 2:
            continue
        to, source = i.operands
        if not (isinstance(to, Register) and isinstance(source, Register)) or {to.name, source.name} & {"sp", *ZEROS}:
            continue
        if to.name[0] != source.name[0] or to.name == source.name or parts(source.name) & code.live[m]:
            continue
        n = next((n for n in range(m - 1, -1, -1) if code.touched(n)[1] & whole(source.name)), None)
        if n is not None and (known := code.shapes[n]) is not None and known.kind in ("pure", "load"):
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
    for n, known in enumerate(code.shapes):
        if known is None or not known.roles & MAKES:
            continue
        target = code.lines[n].operands[0]
        if not isinstance(target, Register) or (known.writes_flags and code.live[n] & NZCV):
            continue
        places = scalar_parts(target.name)
        if trace.before[n + 1][places[0]] >= trace.marks[n][3]:
            continue  # a value that was not there before
        loaded = [trace.before[n + 1][k] for k in places]
        names = [f"{target.name[0]}{k}" for k in range(31 if target.name[0] in "wx" else 32) if k != 18]
        holder = next((name for name in names if [trace.before[n][k] for k in scalar_parts(name)] == loaded), None)
        if holder is not None and target.name[0] in "wxsd":
            copy = "mov" if target.name[0] in "wx" else "fmov"
            yield code.swapped(n, n + 1, (Instruction(copy, (Register(target.name), Register(holder))),))


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


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "jump-to-next": jump_to_next,
        "branch-around-jump": branch_around_jump,
        "held-already": held,
        "dead": dead,
        "copy-read": copied,
        "copy-read-early": read_early,
        "constant-derived": derived,
        "made-in-place": made_in_place,
        "made-late": made_late,
        "held-elsewhere": forwarded,
        "address-folded": addressed,
        "sum-rebased": rebased,
        "store-overwritten": overwritten,
        "paired": paired,
    }
)
