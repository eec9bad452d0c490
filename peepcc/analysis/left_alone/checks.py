"""Finds the checks that a hardening option added: what fails, the branches to it, and what they compare.

The assembly does not say which option an instruction came from, so that more may be taken for
a check than is one. What is not found is a computation more than two steps away from its
branch, or behind a load: its value still decides, which the proof of a rewrite respects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ...assembly.syntax import Block, Function
from ..obligation import Access, Kind, Step
from ..registers import NONE, NZCV, SP, Parts

_STEPS = 2  # from a comparison back to what its operands are made of: a product and its sign, a constant in two halves

Fails = Callable[[Step], bool]


@dataclass(frozen=True, slots=True)
class Code:
    """A function with its steps by line of the module."""

    function: Function
    steps: Mapping[int, Step]

    def lines(self) -> Iterator[tuple[int, Step]]:
        lines = (line for block in self.function.blocks for line in block.instructions)
        return ((line, self.steps[line]) for line in lines if line in self.steps)


def failing(code: Code, fails: Fails) -> frozenset[int]:
    """The blocks in which the program ends, and those that only jump there."""
    blocks = code.function.blocks
    failed = {line for line, step in code.lines() if fails(step)}
    found = {block.index for block in blocks if failed.intersection(block.instructions)}
    grows = True
    while grows:
        there = (block for block in blocks if block.successors and found.issuperset(block.successors))
        jumps = {block.index for block in there if _only_jumps(code, block)}
        grows = not jumps <= found
        found |= jumps
    return frozenset(found)


def guarded(code: Code, failures: frozenset[int]) -> Iterator[tuple[int, frozenset[int]]]:
    """(branch, what it rests on) for each conditional branch with a way to one of the blocks `failures`."""
    for block in code.function.blocks:
        last = block.instructions[-1] if block.instructions else -1
        if last in code.steps and code.steps[last].effect.kind is Kind.CONDITIONAL and failures & set(block.successors):
            yield last, origins(code, block, last)


def origins(code: Code, block: Block, line: int) -> frozenset[int]:
    """The lines that make what `line` of `block` reads, in its block and in those that lead only there."""
    wanted = [NONE] * (_STEPS + 1)  # by steps back; flags are no step of their own
    _want(wanted, 0, code.steps[line].effect.reads)
    found: set[int] = set()
    for each in _before(code, block, line):
        step = code.steps.get(each)
        if step is None or step.effect.kind is Kind.CALL:
            break
        level = next((n for n, parts in enumerate(wanted) if parts & step.effect.writes), None)
        if level is None:
            continue
        found.add(each)
        wanted = [parts & ~step.effect.writes for parts in wanted]
        if not step.effect.accesses:
            _want(wanted, level, step.effect.reads)
    return frozenset(found)


def stores(code: Code, slot: Access) -> frozenset[int]:
    """The lines that store to the very place that a load reads, named in the same way."""
    accesses = ((line, access) for line, step in code.lines() for access in step.effect.accesses)
    return frozenset(line for line, access in accesses if access.store and _same(access, slot))


def made(code: Code, line: int) -> frozenset[int]:
    """The lines that make what `line` reads."""
    return frozenset().union(*(origins(code, each, line) for each in code.function.blocks if line in each.instructions))


def _want(wanted: list[Parts], level: int, reads: Parts) -> None:
    wanted[level] |= reads & NZCV
    if level < _STEPS:
        wanted[level + 1] |= reads & ~(NZCV | SP)


def _before(code: Code, block: Block, line: int) -> Iterator[int]:
    """The lines that control came through on its only way to `line`, backward."""
    yield from reversed([each for each in block.instructions if each < line])
    seen = {block.index}
    while len(block.predecessors) == 1 and not block.entered and block.predecessors[0] not in seen:
        block = code.function.blocks[block.predecessors[0]]
        seen.add(block.index)
        yield from reversed(block.instructions)


def _only_jumps(code: Code, block: Block) -> bool:
    return all(line in code.steps and code.steps[line].effect.kind is Kind.JUMP for line in block.instructions)


def _same(one: Access, other: Access) -> bool:
    here, there = ((each.base, each.index, each.displacement, each.size) for each in (one, other))
    return here == there
