"""Uses of template rules in a sequence: what matches, what may stand together, and what the rule needs to hold there.

The instructions of a pattern need not be neighbors: they are moved together if the values of the sequence stay the
same (`Code.follows`). Then the replacement may stand for them, by the proof of the rule, if what the rule gives up is
read by nobody behind them, and what it rests on is known before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...analysis.registers import NONE, NZCV, Parts, w, x
from ...assembly.syntax import Instruction, Name
from .book import Book, Template
from .index import Entry, Index
from .shapes import Shape, shape
from .state import Code
from .template import Binding, built, matches

REACH = 12  # instructions that a pattern may be spread over


def uses(code: Code, book: Book) -> Iterator[tuple[str, Code]]:
    """(rule, the sequence with it used), each allowed; first those that begin first, then in the order of the book."""
    for template, places, binding in matched(code.lines, code.shapes, book):
        used = _used(template, code, places, binding)
        if used is not None:
            yield template.rule, used


def matched(
    lines: Sequence[Instruction], shapes: Sequence[Shape | None], book: Book
) -> Iterator[tuple[Template, tuple[int, ...], Binding]]:
    """Where patterns match: which, the lines, and what the variables stand for. `shapes`: those of the lines."""
    for n, entries in _beginning(shapes, book.index):
        for _, rule, number in entries:
            template = book.template(rule, number)
            for places, binding in _found(template, lines, n):
                yield template, places, binding


def _beginning(shapes: Sequence[Shape | None], index: Index) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """(line, [order, rule, template]) of what may match from there on, by forms, registers and numbers of two lines."""
    present = frozenset(each.form for each in shapes if each is not None)
    for n, first in enumerate(shapes):
        if first is None:
            continue
        found: set[tuple[int, int, int]] = set()
        for form in (first.form, first.filled) if first.values else (first.form,):
            seconds = index.pairs.get(form)
            if seconds is not None and not seconds.keys().isdisjoint(present):
                for second in shapes[n + 1 : n + REACH]:
                    if second is not None and second.form in seconds:
                        found.update(_fitting(seconds[second.form], first, second))
            if form in index.singles:
                found.update(_fitting(index.singles[form], first, first))
        if found:
            yield n, sorted(found)


def _fitting(entries: Sequence[Entry], first: Shape, second: Shape) -> Iterator[tuple[int, int, int]]:
    """Those whose registers that must be the same are, and whose fixed numbers are there."""
    for order, rule, number, linked, fixed in entries:
        for one, two in linked:
            if first.registers[one] != second.registers[two]:
                break
        else:
            for line, place, value in fixed:
                if (second if line else first).values[place] != value:
                    break
            else:
                yield order, rule, number


def _found(template: Template, lines: Sequence[Instruction], n: int) -> Iterator[tuple[tuple[int, ...], Binding]]:
    """Where the pattern matches from instruction n on."""
    binding = Binding(numbers={"W": template.width})
    if not matches(template.pattern[0], lines[n], binding):
        return
    todo: list[tuple[tuple[int, ...], Binding]] = [((n,), binding)]
    while todo:
        places, binding = todo.pop()
        if len(places) == len(template.pattern):
            if template.admits(binding.registers, binding.numbers, binding.conditions):
                yield places, binding
            continue
        line = template.pattern[len(places)]
        more = []
        for m in range(places[-1] + 1, min(len(lines), n + REACH)):
            i = lines[m]
            same = i.mnemonic == line.mnemonic if line.condition is None else i.mnemonic.startswith("b.")
            if same and len(i.operands) == len(line.slots):
                tried = binding.copy()
                if matches(line, i, tried):
                    more.append(((*places, m), tried))
        todo += reversed(more)


def _used(template: Template, code: Code, places: tuple[int, ...], binding: Binding) -> Code | None:
    first, last, count = places[0], places[-1], len(places)
    block = tuple(code.lines[n] for n in places)
    others = tuple(code.lines[n] for n in range(first, last + 1) if n not in places)
    new = tuple(built(line, binding) for line in template.replacement)
    if any(shape(i) is None for i in new):
        return None
    for at in (last - count + 1, first) if others else (first,):
        together = (
            code
            if not others
            else code.swapped(first, last + 1, (*others, *block) if at != first else (*block, *others))
        )
        if (not others or code.follows(together)) and _allowed(template, together, at, count, binding):
            return together.swapped(at, at + count, new)
    return None


def _allowed(template: Template, code: Code, at: int, count: int, binding: Binding) -> bool:
    """Whether what the rule rests on holds around the instructions that are about to give way."""
    trace = code.trace
    unread = given_up(template, binding)
    if template.flags is not None:
        if not _flags_seen(code, at + count, template.flags):
            return False
        unread &= ~NZCV  # they are read as far as the rule allows
    if trace is None or code.live[at + count - 1] & unread:
        return False
    before, table = trace.before[at], code.table
    for name, width in template.zero_above.items():
        low, high = before[2 * binding.registers[name] : 2 * binding.registers[name] + 2]
        if high != table.zero or table.widths.get(low, 32) > width:
            return False
    return True


def _flags_seen(code: Code, after: int, conditions: frozenset[str]) -> bool:
    """Whether what follows reads the flags by these conditions only, and nobody behind the window does."""
    for n in range(after, len(code.lines)):
        i = code.lines[n]
        reads, writes = code.touched(n)
        if reads & NZCV:
            named = [each.text for each in i.operands if isinstance(each, Name)]
            named += [i.mnemonic[2:]] if i.mnemonic.startswith("b.") else []
            if len(named) != 1 or {"cs": "hs", "cc": "lo"}.get(named[0], named[0]) not in conditions:
                return False
        if writes & NZCV:
            return True
        known = code.shapes[n]
        if known is not None and known.kind == "branch" and code.live_at_branch(i) & NZCV:
            return False
    return not code.live_behind & NZCV


def given_up(template: Template, binding: Binding) -> Parts:
    """What the replacement need not leave as the pattern does."""
    results, halves, dead = NONE, NONE, NONE
    for name in template.results:
        number = binding.registers[name]
        results |= w(number) if name in template.low else x(number)
        halves |= x(number) & ~w(number) if name in template.low else NONE
    for name in template.dead:
        dead |= NZCV if name == "nzcv" else x(binding.registers[name])
    if template.flags is not None:
        dead |= NZCV
    return (dead | halves) & ~results
