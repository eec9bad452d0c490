"""Machine code that runs one program over all records: the loop is inside the emulator.

Before each access, inserted instructions that change neither flags nor any register of the
program compute its address, log it, and leave the record as INVALID where the address is
outside the window: so nothing ever faults. That the access ends inside the window is
checked afterwards, on the log. The program's own words run unmodified, except that direct
branches get new displacements and `ret` and `br` become jumps.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from ...analysis.obligation import FALL, INDIRECT, RETURN, Kind, Program, Step, exit_key
from ...assembly.syntax import Symbol
from . import opcodes as code
from .layout import FAR_BITS, INVALID, Layout, Side, Site, Unsupported

_BRANCHES = (Kind.JUMP, Kind.CONDITIONAL)
_REGISTER_BRANCHES = {Kind.RETURN: RETURN, Kind.INDIRECT: INDIRECT}


def exits(program: Program, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The exit keys that a program has, FALL first. Raises Unsupported for what cannot be emulated."""
    found = {FALL: None}
    for n, step in enumerate(program.steps):
        _check(step)
        if step.effect.kind in _REGISTER_BRANCHES:
            found[_REGISTER_BRANCHES[step.effect.kind]] = None
        elif step.effect.kind in _BRANCHES:
            to = goal(program, aliases, step)
            if isinstance(to, str):
                found[to] = None
            elif to <= n:
                raise Unsupported("a branch goes backwards")
    return tuple(found)


def _check(step: Step) -> None:
    name = step.instruction.mnemonic
    if step.effect.kind is Kind.PINNED:
        raise Unsupported(f"{name} must stay where it is: barrier, atomic, system, hint, or not understood")
    if step.effect.kind is Kind.CALL:
        raise Unsupported(f"{name}: a call cannot be emulated")
    if step.relocated or step.word & 0x1F000000 == 0x10000000:
        raise Unsupported(f"{name} uses an address that only the linker knows")


def goal(program: Program, aliases: Mapping[str, str], step: Step) -> int | str:
    """A step index inside the program, or an exit key."""
    label = step.instruction.operands[-1] if step.instruction.operands else None
    if not isinstance(label, Symbol) or label.addend or label.specifier:
        raise Unsupported(f"{step.instruction.mnemonic}: no label to go to")
    to = exit_key(program, aliases, label.name)
    return FALL if to == len(program.steps) else to


class _Code:
    """Words under construction; a branch to a label is patched at the end. Offsets are those of the layout."""

    def __init__(self, layout: Layout):
        self._pointer, self._bias = layout.pointer, layout.bias
        self.words: list[int] = []
        self.labels: dict[object, int] = {}
        self.fixes: list[tuple[int, object]] = []

    def emit(self, *words: int) -> None:
        self.words.extend(words)

    def load(self, t: int, offset: int) -> None:
        self.emit(code.load(t, self._pointer, offset - self._bias))

    def store(self, t: int, offset: int) -> None:
        self.emit(code.store(t, self._pointer, offset - self._bias))

    def load_q(self, t: int, offset: int) -> None:
        self.emit(code.load_q(t, self._pointer, offset - self._bias))

    def store_q(self, t: int, offset: int) -> None:
        self.emit(code.store_q(t, self._pointer, offset - self._bias))

    def mark(self, label: object) -> None:
        self.labels[label] = len(self.words)

    def branch(self, word: int, label: object) -> None:
        self.fixes.append((len(self.words), label))
        self.words.append(word)

    def assembled(self) -> bytes:
        for at, label in self.fixes:
            self.words[at] = code.retarget(self.words[at], self.labels[label] - at)
        return struct.pack(f"<{len(self.words)}I", *self.words)


def harness(
    program: Program, side: Side, layout: Layout, numbers: Mapping[str, int], aliases: Mapping[str, str], head: int
) -> bytes:
    """Code that runs from its first byte to its end over a list of records, whose first one's address is at `head`.

    `numbers`: exit key -> exit number, of all that the program has.
    """
    out = _Code(layout)
    out.emit(*code.constant(layout.pointer, head), code.load(layout.pointer, layout.pointer, 0))
    out.mark("loop")
    if layout.bias:
        out.emit(*code.add(layout.pointer, layout.pointer, layout.bias))
    _load(out, layout)
    _body(out, program, side, layout, aliases)
    _stubs(out, layout.scratch, numbers)
    out.mark("done")
    _save(out, side, layout)
    out.load(layout.pointer, layout.next)
    out.branch(code.cbnz(layout.pointer, 0), "loop")
    return out.assembled()


def _load(out: _Code, layout: Layout) -> None:
    scratch = layout.scratch
    for n, offset in layout.vectors.items():
        out.load_q(n, offset)
    if layout.rounding is not None:
        out.load(scratch, layout.rounding)
        out.emit(code.set_rounding(scratch))
    if layout.flags is not None:
        out.load(scratch, layout.flags)
        out.emit(code.set_flags(scratch))
    if layout.stack is not None:
        out.load(scratch, layout.stack)
        out.emit(*code.add(code.SP, scratch, 0))
    for n, offset in layout.general.items():
        out.load(n, offset)


def _save(out: _Code, side: Side, layout: Layout) -> None:
    """The scratch register holds the exit number."""
    scratch = layout.scratch
    out.store(scratch, side.exit)
    for n, offset in side.general.items():
        out.store(n, offset)
    for n, offset in side.vectors.items():
        out.store_q(n, offset)
    if side.flags is not None:
        out.emit(code.get_flags(scratch))
        out.store(scratch, side.flags)
    if side.stack is not None:
        out.emit(*code.add(scratch, code.SP, 0))
        out.store(scratch, side.stack)


def _body(out: _Code, program: Program, side: Side, layout: Layout, aliases: Mapping[str, str]) -> None:
    log = side.log
    sites = layout.source_sites if side is layout.source else layout.target_sites
    next_site = 0
    for n, step in enumerate(program.steps):
        out.mark(n)
        _note(out, side, n, layout)
        if n in side.selects:
            out.emit(code.get_flags(layout.scratch))
            out.store(layout.scratch, side.selects[n])
        while next_site < len(sites) and sites[next_site].step == n:
            if next_site not in side.followers:
                reach = [sites[k].access.displacement for k, first in side.followers.items() if first == next_site]
                _guard(out, sites[next_site], log + 8 * next_site, reach, layout)
            next_site += 1
        if step.effect.kind in _BRANCHES:
            to = goal(program, aliases, step)
            out.branch(step.word, to if isinstance(to, int) else ("exit", to))
        elif step.effect.kind in _REGISTER_BRANCHES:
            register = step.word >> 5 & 31
            out.store(register, side.branch)
            out.branch(code.b(0), ("exit", _REGISTER_BRANCHES[step.effect.kind]))
        else:
            out.emit(step.word)
            if n in side.compares:
                out.store_q(step.word & 31, side.compares[n])
            if n in side.stacks:
                out.emit(*code.add(layout.scratch, code.SP, 0))
                out.store(layout.scratch, side.stacks[n])
    _note(out, side, len(program.steps), layout)
    out.branch(code.b(0), ("exit", FALL))


def _note(out: _Code, side: Side, step: int, layout: Layout) -> None:
    """That control got here: any value but NOT_EXECUTED."""
    if step in side.marks:
        out.store(layout.pointer, side.marks[step])


def _guard(out: _Code, site: Site, log: int, reach: list[int], layout: Layout) -> None:
    """`reach`: displacements of what is accessed next from the same base."""
    scratch, access = layout.scratch, site.access
    base = code.SP if access.base == "sp" else int(access.base[1:])
    if access.index is not None:
        out.emit(code.add_extended(scratch, base, int(access.index[1:]), access.extend, access.shift))
        base = scratch
    if access.displacement or access.index is None:
        out.emit(*code.add(scratch, base, access.displacement))
    out.store(scratch, log)
    lowest, highest = (
        min(access.displacement, *reach, access.displacement),
        max(access.displacement, *reach, access.displacement),
    )
    _inside(out, site, lowest - access.displacement, layout)
    if highest > lowest:
        out.emit(*code.add(scratch, base, highest))
        _inside(out, site, 0, layout)


def _inside(out: _Code, site: Site, moved: int, layout: Layout) -> None:
    """That the scratch register and `moved` is an address in the window; changes it."""
    scratch = layout.scratch
    if moved + layout.bias:
        out.emit(*code.add(scratch, scratch, moved + layout.bias))
    out.emit(code.sub(scratch, scratch, layout.pointer))
    if site.wanders:
        out.emit(code.clear_bits(scratch, *FAR_BITS))
    out.emit(code.lsr(scratch, scratch, layout.size.bit_length() - 1))
    out.branch(code.cbnz(scratch, 0), "invalid")


def _stubs(out: _Code, scratch: int, numbers: Mapping[str, int]) -> None:
    for key, number in numbers.items():
        out.mark(("exit", key))
        out.emit(*code.constant(scratch, number))
        out.branch(code.b(0), "done")
    out.mark("invalid")
    out.emit(*code.constant(scratch, INVALID))
