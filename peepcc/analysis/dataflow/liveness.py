"""Which register parts may still be read: backward dataflow over one function.

Too much may be said to be live, never too little. Memory is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ...assembly.syntax import Block, Function, Module
from ...clock import unhurried
from ..bitcode_facts import FunctionFacts, ModuleFacts
from ..left_alone import hardening
from ..obligation import Kind, Step
from ..registers import ALL, ALWAYS_LIVE_AT_EXIT, NONE, RESULTS, VECTORS, Parts, union
from . import framework as flow


@dataclass(frozen=True, slots=True)
class Liveness:
    """`before`, `after`: line index of an instruction -> parts live there; after it, at all its successors together.

    After a return, a tail call or an unknown `br` that is what the world outside may read.
    `block_in`: parts live at the start of each block.
    """

    before: Mapping[int, Parts]
    after: Mapping[int, Parts]
    block_in: tuple[Parts, ...]


@dataclass(frozen=True, slots=True)
class _Transfer:
    """before = (after & keep) | gen, of one line or (`line` -1) of a whole block."""

    line: int
    gen: Parts
    keep: Parts

    def before(self, after: Parts) -> Parts:
        return (after & self.keep) | self.gen


def liveness(
    module: Module,
    function: Function,
    steps: Mapping[int, Step],
    facts: ModuleFacts,
    also: Mapping[int, Parts] = MappingProxyType({}),
    check: Callable[[], None] = unhurried,
) -> Liveness:
    """Live parts of `function`; `steps` maps line indices of the module to what was encoded there.

    `also`: line index of an instruction -> parts that count as read right before it. `check` may raise.
    """
    if function.opaque is not None:
        lines = (line for block in function.blocks for line in block.instructions)
        all_live = MappingProxyType(dict.fromkeys(lines, ALL))
        return Liveness(all_live, all_live, (ALL,) * len(function.blocks))
    caller = flow.own_facts(function, facts)
    transfers = [
        [
            replace(each, gen=each.gen | also.get(each.line, NONE))
            for each in _transfers(module, function, block, steps, facts)
        ]
        for block in function.blocks
    ]
    exits = [_exit(block, steps, caller, facts) for block in function.blocks]
    for index in _endless(function):
        exits[index] |= ALWAYS_LIVE_AT_EXIT if caller and caller.standard_convention else ALL
    block_in = _solve(function, [_compose(each) for each in transfers], exits, check)
    before: dict[int, Parts] = {}
    after: dict[int, Parts] = {}
    for block, parts in zip(function.blocks, transfers):
        live = _out(block, exits, block_in)
        for each in reversed(parts):
            after[each.line] = live
            live = before[each.line] = each.before(live)
    own = [line for block in function.blocks for line in block.instructions]
    kept = NONE if caller is None or caller.floating else VECTORS  # they are somebody else's
    live_before, live_after = (
        MappingProxyType({line: found.get(line, ALL) | kept for line in own}) for found in (before, after)
    )
    return Liveness(live_before, live_after, tuple(each | kept for each in block_in))


def _transfers(
    module: Module, function: Function, block: Block, steps: Mapping[int, Step], facts: ModuleFacts
) -> list[_Transfer]:
    caller = flow.own_facts(function, facts)
    pad_follows = any(function.blocks[each].entered for each in block.successors)
    found = []
    for event in flow.events(module, block, steps):
        if event.step is None:
            found.append(_Transfer(event.line, ALL, NONE))
        elif event.step.effect.kind is not Kind.CALL:
            effect = event.step.effect
            found.append(_Transfer(event.line, effect.reads, ALL & ~effect.writes))
        elif (call := flow.call(event, caller, facts)) is None:
            found.append(_Transfer(event.line, ALL, NONE))
        elif call.returns or pad_follows:
            found.append(_Transfer(event.line, call.reads, ALL & ~call.clobbers))
        else:  # what an unwinder or a debugger finds in the frames above
            found.append(_Transfer(event.line, call.reads | ALWAYS_LIVE_AT_EXIT, NONE))
    return found


def _compose(transfers: Sequence[_Transfer]) -> _Transfer:
    gen, keep = NONE, ALL
    for each in reversed(transfers):
        gen, keep = (gen & each.keep) | each.gen, keep & each.keep
    return _Transfer(-1, gen, keep)


def _exit(block: Block, steps: Mapping[int, Step], caller: FunctionFacts | None, facts: ModuleFacts) -> Parts:
    """What is live after the block on the ways that leave the function."""
    if not block.leaves:
        return NONE if block.successors else ALL
    last = steps.get(block.instructions[-1]) if block.instructions else None
    if (
        last is None
        or caller is None
        or not caller.standard_convention
        or hardening.follows(caller.hardening, hardening.Follow.LIVE)
    ):
        return ALL
    if last.effect.kind is Kind.RETURN:
        return (RESULTS if caller.results is None else caller.results) | ALWAYS_LIVE_AT_EXIT
    wanted = flow.tail_call(last, caller, facts)
    return ALL if wanted is None else wanted


def _endless(function: Function) -> Iterable[int]:
    """Blocks from which no way leads out: callers' registers still matter to unwinders there."""
    reaching = {block.index for block in function.blocks if block.leaves or not block.successors}
    pending = list(reaching)
    while pending:
        for index in function.blocks[pending.pop()].predecessors:
            if index not in reaching:
                reaching.add(index)
                pending.append(index)
    return (block.index for block in function.blocks if block.index not in reaching)


def _solve(
    function: Function, wholes: Sequence[_Transfer], exits: Sequence[Parts], check: Callable[[], None]
) -> list[Parts]:
    block_in = [NONE] * len(function.blocks)
    changed = True
    while changed:
        check()
        changed = False
        for block in reversed(function.blocks):
            live = wholes[block.index].before(_out(block, exits, block_in))
            if live != block_in[block.index]:
                block_in[block.index] = live
                changed = True
    return block_in


def _out(block: Block, exits: Sequence[Parts], block_in: Sequence[Parts]) -> Parts:
    return exits[block.index] | union(block_in[index] for index in block.successors)
