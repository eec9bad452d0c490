"""The maker `harvest`: where two optimisation levels compile one function to windows that do the same, the shorter one
teaches.

Windows correspond where the same function computes the same values from the same number
of registers. It wants the windows of one source at several levels, together.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np

from ...analysis.obligation import FALL, Kind, exit_key
from ...analysis.registers import ALL, NZCV, names, union, w, x
from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction, Symbol
from ...propose.request import request_of
from . import instruction_text as c
from .search.vector_eval import Moment, drawn, foreign_flags, run_on

_MOST_INPUTS, _MOST_PAIRS = 5, 400
_REGISTER = re.compile(r"\b([xw])(\d+)\b")
_SALT = 7


@dataclass(frozen=True, slots=True)
class _Shape:
    """A window by what it reads and leaves.

    `results`: registers that it writes and somebody reads, with their masks.
    """

    window: Window
    inputs: tuple[str, ...]
    results: tuple[tuple[str, int], ...]
    labels: tuple[str, ...]
    kind: tuple

    @property
    def size(self) -> int:
        return len(self.window.source.steps)


class Harvest:
    def make(
        self, windows: Sequence[Window], encoder: Encoder, rng: random.Random
    ) -> Iterator[tuple[Window, tuple[str, ...]]]:
        """Each longer window with the shortest body that computes the same, in its own registers."""
        groups: dict[tuple, list[_Shape]] = defaultdict(list)
        for window in {request_of(window): window for window in windows}.values():
            shape = _shape(window)
            if shape is not None:
                groups[window.function, shape.kind].append(shape)
        for group in groups.values():
            group.sort(key=lambda shape: shape.size)
            pairs = [(long, short) for long in group for short in group if short.size < long.size]
            done: set[int] = set()
            for long, short in pairs[:_MOST_PAIRS]:
                lines = None if id(long) in done else _translated(long, short)
                if lines is not None:
                    done.add(id(long))
                    yield long.window, lines


def _shape(window: Window) -> _Shape | None:
    """None for what this maker does not look at: vectors, relocations, flags that leave."""
    steps = window.source.steps
    if len(steps) < 2 or any(
        step.relocated or step.effect.kind in (Kind.PINNED, Kind.CALL, Kind.INDIRECT) for step in steps
    ):
        return None
    mentioned = names(window.mentioned)
    if (
        any(name[0] not in "xw" and name not in ("sp", "nzcv") for name in mentioned)
        or union(window.live_out.values()) & window.mentioned & NZCV
    ):
        return None
    read = written = 0
    for step in steps:
        read |= step.effect.reads & ~written
        written |= step.effect.writes
    live = union(window.live_out.values())
    inputs = tuple(f"x{n}" for n in range(31) if read & x(n))
    results = tuple(
        (f"x{n}", (1 << 64) - 1 if live & x(n) & ~w(n) else (1 << 32) - 1) for n in range(31) if written & live & x(n)
    )
    labels = tuple(
        dict.fromkeys(
            operand.name for step in steps for operand in step.instruction.operands if isinstance(operand, Symbol)
        )
    )
    stores = tuple(sorted(access.size for step in steps for access in step.effect.accesses if access.store))
    ways = tuple(window.aliases.get(label) == FALL for label in labels)
    if len(inputs) > _MOST_INPUTS or (not results and not stores):
        return None
    kind = (len(inputs), len(results), stores, ways, steps[-1].effect.kind, "sp" in mentioned, window.ordered)
    return _Shape(window, inputs, results, labels, kind)


def _translated(long: _Shape, short: _Shape) -> tuple[str, ...] | None:
    """The body of `short` in the registers of `long`; None where no order of its inputs computes the same."""
    rng = np.random.default_rng(_SALT)
    values, flags = drawn(long.window, rng, ()), foreign_flags(rng)
    after, stores = run_on(long.window, values, flags)
    for order in islice(permutations(long.inputs), 120):
        given = {own: values[other] for own, other in zip(short.inputs, order)} | {"sp": values["sp"]}
        blank = {name: np.zeros_like(values["sp"]) for name in _mentioned(short.window) if name not in given}
        there, stored = run_on(short.window, given | blank, flags)
        if not _ended(long, after) or not _ended(short, there) or not _same_stores(stores, stored):
            continue
        outputs = _matched(long, short, after[-1], there[-1])
        if outputs is not None and not _same_ways(long, short, after, there, outputs):
            continue
        if outputs is not None:
            mapping = _mapping(long, short, dict(zip(short.inputs, order)), outputs)
            if mapping is not None:
                return _renamed(short, mapping, dict(zip(short.labels, long.labels)))
    return None


def _ended(shape: _Shape, found: Sequence[Moment]) -> bool:
    whole = shape.size if shape.window.source.steps[-1].effect.kind in (Kind.JUMP, Kind.RETURN) else shape.size + 1
    return len(found) == whole


def _same_stores(left: Sequence, right: Sequence) -> bool:
    return len(left) == len(right) and all(
        a[1] == b[1] and (a[0] == b[0]).all() and (a[2] == b[2]).all() for a, b in zip(left, right)
    )


def _matched(long: _Shape, short: _Shape, after: Moment, there: Moment) -> dict[str, str] | None:
    """`short`'s result -> `long`'s with the same values."""
    if (after.here != there.here).any():
        return None
    here = after.here
    found: dict[str, str] = {}
    for name, mask in long.results:
        wanted = after.registers[name][here] & np.uint64(mask)
        match = next(
            (
                own
                for own, _ in short.results
                if own not in found and (there.registers[own][here] & np.uint64(mask) == wanted).all()
            ),
            None,
        )
        if match is None:
            return None
        found[match] = name
    return found


def _same_ways(
    long: _Shape, short: _Shape, after: Sequence[Moment], there: Sequence[Moment], outputs: Mapping[str, str]
) -> bool:
    """Whether branches part the states alike, and leave what their labels want."""
    ways = [
        [n for n, step in enumerate(shape.window.source.steps) if step.effect.kind is Kind.CONDITIONAL]
        for shape in (long, short)
    ]
    if len(ways[0]) != len(ways[1]):
        return False
    for n, m in zip(*ways):
        now, then = after[n], after[n + 1] if n + 1 < len(after) else after[n]
        if (now.here != there[m].here).any() or (m + 1 < len(there) and (then.here != there[m + 1].here).any()):
            return False
        left = now.here & ~then.here
        wanted = long.window.live_out.get(
            exit_key(
                long.window.source, long.window.aliases, long.window.source.steps[n].instruction.operands[-1].name
            ),
            ALL,
        )
        if any(
            wanted & x(int(other[1:])) and (now.registers[other] != there[m].registers[own])[left].any()
            for own, other in outputs.items()
        ):
            return False
    return True


def _mentioned(window: Window) -> list[str]:
    return sorted({c.name(name) for name in names(window.mentioned) if name[0] in "xw"})


def _mapping(
    long: _Shape, short: _Shape, inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> dict[str, str] | None:
    """A register of `long` for each of `short`.

    None where one would be two, or an input that lives on would be overwritten.
    """
    mapping = dict(inputs)
    for own, other in outputs.items():
        if mapping.setdefault(own, other) != other:
            return None
    taken = set(mapping.values())
    written = {name for step in short.window.source.steps for name in c.writes(step.instruction)}
    kept = union(long.window.live_out.values())
    pool = [
        name
        for name in _mentioned(long.window)
        if name not in taken and name not in ("x18", "x29", "x30") and not kept & x(int(name[1:]))
    ]
    for name in _mentioned(short.window):
        if name not in mapping:
            if not pool:
                return None
            mapping[name] = pool.pop(0)
    if any(
        not _apart(short, own, other)
        for own in mapping
        for other in mapping
        if own < other and mapping[own] == mapping[other]
    ):
        return None
    results = {name for name, _ in long.results}
    return (
        mapping
        if all(mapping[name] in results or not kept & x(int(mapping[name][1:])) for name in written if name in mapping)
        else None
    )


def _apart(short: _Shape, own: str, other: str) -> bool:
    """Whether one is done with before the other begins."""
    steps = [step.instruction for step in short.window.source.steps]
    results = {name for name, _ in short.results}
    spans = []
    for name in (own, other):
        at = [n for n, i in enumerate(steps) if name in c.reads(i)]
        begins = (
            -1 if name in short.inputs else min((n for n, i in enumerate(steps) if name in c.writes(i)), default=-1)
        )
        spans.append((begins, len(steps) if name in results else max(at, default=begins)))
    first, second = sorted(spans)
    return first[1] <= second[0]


def _renamed(short: _Shape, mapping: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, ...]:
    lines = []
    for step in short.window.source.steps:
        i = step.instruction
        operands = tuple(Symbol(labels[o.name]) if isinstance(o, Symbol) else o for o in i.operands)
        text = print_instruction(Instruction(i.mnemonic, operands))
        head, _, last = text.rpartition(" ")
        renamed = _REGISTER.sub(
            lambda match: match[1] + mapping[f"x{match[2]}"][1:],
            head if isinstance(operands[-1] if operands else None, Symbol) else text,
        )
        lines.append(f"{renamed} {last}" if isinstance(operands[-1] if operands else None, Symbol) else renamed)
    return tuple(lines)
