"""Cuts a function into windows: the sequences that are offered to a model and judged.

A window is a run of an extended basic block (a chain in which each block has the one
before as its only predecessor) between things that are never touched, at most `limit`
instructions long, with what is live at each way out and what is known at its entry.
It promises that control enters a window only at its first instruction. What is known holds of
the code as it is: a rewrite may rest on a register that is dead there, so that not every two
rewrites go together (`optimize/conflicts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ..assembly.labels import OPENING_MARK
from ..assembly.syntax import Block, Function, Instruction, Module, Symbol
from ..clock import unhurried
from .bitcode_facts import ModuleFacts
from .dataflow.framework import own_facts
from .dataflow.known_values import KnownAt
from .dataflow.liveness import Liveness
from .extent import places, switches_section
from .left_alone import erratum, hardening
from .left_alone.barriers import TRANSPARENT_DIRECTIVES, region_of
from .left_alone.functions import why_left_alone
from .obligation import FALL, INDIRECT, RETURN, Kind, Known, Obligation, Program, Step
from .registers import NONE, Parts, union

_BRANCHES = (Kind.JUMP, Kind.CONDITIONAL, Kind.RETURN)
_NOP = 0xD503201F  # clang writes none but as room for somebody to patch, or to keep instructions apart
LIMIT = 16  # instructions in a window: what the default model was trained on


@dataclass(frozen=True, slots=True)
class Window:
    """`items` are instructions and internal label names in order; `lines[i]` is where item i stands.

    `distance`: in instructions' worth of bytes, at most, from any instruction here to each label outside that it
    branches to. `erratum`: no proposal may hold what `erratum.py` keeps away from memory accesses.
    """

    function: str
    items: tuple[Instruction | str, ...]
    lines: tuple[int, ...]
    source: Program
    live_out: Mapping[str, Parts]
    known: Known
    aliases: Mapping[str, str]
    ordered: bool
    distance: Mapping[str, int]
    erratum: bool = False

    def obligation(self, target: Program) -> Obligation:
        return Obligation(self.source, target, self.live_out, self.known, self.aliases, self.ordered)

    @property
    def mentioned(self) -> Parts:
        return union(step.effect.reads | step.effect.writes for step in self.source.steps)

    @property
    def labels(self) -> frozenset[str]:
        """Branch targets that a proposal may name."""
        return (
            frozenset(self.source.labels)
            | frozenset(self.aliases)
            | (frozenset(self.live_out) - {FALL, RETURN, INDIRECT})
        )


def windows(
    module: Module,
    function: Function,
    steps: Mapping[int, Step],
    live: Liveness,
    known: KnownAt,
    facts: ModuleFacts,
    limit: int = LIMIT,
    check: Callable[[], None] = unhurried,
) -> tuple[Window, ...]:
    """The windows of one function, in order; none where the function must be left whole. `check` may raise."""
    if why_left_alone(module, function, steps, facts) is not None:
        return ()
    about = own_facts(function, facts)
    if about is None:
        return ()
    ordered = about.volatile or about.atomic or about.inline_asm or about.strict_alignment
    ordered = ordered or bool(hardening.follows(about.hardening, hardening.Follow.ORDERED))
    pinned = hardening.pinned(about.hardening, facts.traps, function, steps)
    if about.erratum:
        pinned = frozenset(pinned) | erratum.pinned(function, steps)
    runs = [tuple(run) for run in _runs(module, function, steps, limit, pinned)]
    entry = known.each(run[0] for run in runs)
    home, at = _blocks(function)
    before = places(module, function)
    lines = module.lines[function.first : function.last]
    starts = {label: place for line, place in zip(lines, before) for label in line.labels if label in home}
    found: list[Window] = []
    for run in runs:
        check()
        aliases, ways = _ways_out(module, function, run, steps, home, at[run[-1]], live)
        window = _window(module, function.name, run, steps, aliases, ways, next(entry), ordered)
        ends = before[run[0] - function.first], before[run[-1] - function.first]
        away = {label: max(abs(starts[label] - end) for end in ends) for label in (*ways, *aliases) if label in starts}
        found.append(replace(window, erratum=about.erratum, distance=MappingProxyType(away)))
    return tuple(found)


def live_outs(
    module: Module, function: Function, steps: Mapping[int, Step], windows: Iterable[Window], live: Liveness
) -> Iterator[Mapping[str, Parts]]:
    """What is live at each way out of each window of the function, by another liveness than its own."""
    home, at = _blocks(function)
    return (_ways_out(module, function, window.lines, steps, home, at[window.lines[-1]], live)[1] for window in windows)


def _blocks(function: Function) -> tuple[Mapping[str, Block], Mapping[int, Block]]:
    """The blocks by label and by line of an instruction."""
    return (
        {label: block for block in function.blocks for label in block.labels},
        {line: block for block in function.blocks for line in block.instructions},
    )


def _runs(
    module: Module, function: Function, steps: Mapping[int, Step], limit: int, pinned: Container[int]
) -> Iterator[list[int]]:
    """Line indices (instructions, and labels inside the run) of each run without a boundary, as is all that is
    `pinned`.
    """
    run: list[int] = []
    size = 0
    previous: Block | None = None
    for block in function.blocks:
        if not _continues(previous, block):
            yield from _closed(module, run)
            run, size = [], 0
        dispatch = _dispatch_start(block, steps)
        for index in range(block.first, block.last):
            line = module.lines[index]
            if line.instruction is not None and line.readable:
                untouchable = (
                    index >= dispatch
                    or index in pinned
                    or line.labels
                    or region_of(steps.get(index))
                    or steps[index].word == _NOP
                    or _leaves(steps[index], function.local)
                )
                if size == limit or untouchable:
                    yield from _closed(module, run)
                    run, size = [], 0
                if untouchable:
                    continue
                run.append(index)
                size += 1
            elif line.readable and line.labels and line.directive is None:
                if run and set(line.labels) & set(block.labels):
                    run.append(index)
            elif (
                not line.readable
                or OPENING_MARK.match(line.text)
                or (line.directive and line.directive.name not in TRANSPARENT_DIRECTIVES)
            ):
                yield from _closed(module, run)
                run, size = [], 0
        previous = block
    yield from _closed(module, run)


def _leaves(step: Step, local: Collection[str]) -> bool:
    """A branch that may lead out of the function: a tail call, if only of itself, or a target that no block names."""
    return any(target not in local for target in _targets(step))


def _continues(previous: Block | None, block: Block) -> bool:
    return (
        previous is not None
        and not block.entered
        and block.predecessors == (previous.index,)
        and block.first == previous.last
    )


def _closed(module: Module, run: list[int]) -> Iterator[list[int]]:
    while run and module.lines[run[-1]].instruction is None:
        run = run[:-1]
    if run:
        yield run


def _dispatch_start(block: Block, steps: Mapping[int, Step]) -> int:
    """Where a jump-table dispatch begins in its block: the first relocated instruction before a br."""
    last = steps.get(block.instructions[-1]) if block.instructions else None
    if last is None or last.effect.kind is not Kind.INDIRECT:
        return block.last
    return next((i for i in block.instructions if i in steps and steps[i].relocated), block.last)


def _window(
    module: Module,
    function: str,
    run: Sequence[int],
    steps: Mapping[int, Step],
    aliases: Mapping[str, str],
    live_out: Mapping[str, Parts],
    known: Known,
    ordered: bool,
) -> Window:
    items: list[Instruction | str] = []
    lines: list[int] = []
    program: list[Step] = []
    labels: dict[str, int] = {}
    for index in run:
        line = module.lines[index]
        for label in line.labels:
            items.append(label)
            lines.append(index)
            labels[label] = len(program)
        if line.instruction is not None:
            items.append(line.instruction)
            lines.append(index)
            program.append(steps[index])
    return Window(
        function,
        tuple(items),
        tuple(lines),
        Program(tuple(program), MappingProxyType(labels)),
        MappingProxyType(live_out),
        known,
        MappingProxyType(aliases),
        ordered,
        MappingProxyType({}),
    )


def _ways_out(
    module: Module,
    function: Function,
    run: Sequence[int],
    steps: Mapping[int, Step],
    home: Mapping[str, Block],
    last: Block,
    live: Liveness,
) -> tuple[dict[str, str], dict[str, Parts]]:
    """(aliases, live-outs) of a run that ends in the block `last`."""
    inside = {label for index in run for label in module.lines[index].labels}
    aliases = dict.fromkeys(_labels_after(module, function, run[-1]), FALL)
    fall = live.after[run[-1]]
    if steps[run[-1]].effect.kind in _BRANCHES:  # `after` counts what only the ways to its label need
        fall = _behind(module, function, last, run[-1], live, NONE if _never_falls(steps[run[-1]]) else fall)
    live_out = {FALL: fall}
    for index, step in ((index, steps[index]) for index in run if module.lines[index].instruction):
        if step.effect.kind is Kind.RETURN:
            live_out[RETURN] = live.after[index]
        for label in _targets(step):
            if label in inside or label in aliases:
                continue
            block = home.get(label)
            if block is not None:
                key, *others = (name for name in block.labels if name in function.local)
                aliases |= dict.fromkeys(others, key)
                live_out[key] = live.block_in[block.index]
    return aliases, live_out


def _never_falls(step: Step) -> bool:
    return step.effect.kind is not Kind.CONDITIONAL


def _behind(module: Module, function: Function, last: Block, line: int, live: Liveness, otherwise: Parts) -> Parts:
    """What is live right behind the last block's last line; `otherwise` where other blocks than its next follow it."""
    if last.index + 1 == len(function.blocks):
        return otherwise
    follows = function.blocks[last.index + 1]
    between = module.lines[line + 1 : min(follows.instructions, default=follows.last)]
    return otherwise if any(map(switches_section, between)) else live.block_in[follows.index]


def _targets(step: Step) -> Iterator[str]:
    if step.effect.kind in (Kind.JUMP, Kind.CONDITIONAL):
        yield from (operand.name for operand in step.instruction.operands if isinstance(operand, Symbol))


def _labels_after(module: Module, function: Function, index: int) -> tuple[str, ...]:
    """Local labels between this instruction and the next: they name the fall-through address."""
    found: list[str] = []
    for line in module.lines[index + 1 : function.last]:
        if line.directive and not line.directive.name.startswith((".cfi_", ".loc", ".p2align", ".balign", ".align")):
            break
        found.extend(label for label in line.labels if label in function.local)
        if line.instruction is not None or not line.readable:
            break
    return tuple(found)
