"""All of the analysis of one translation unit, in order: text and bitcode in, windows out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ..assembly.blocks import functions
from ..assembly.encode import Encoder
from ..assembly.parse import parse_module
from ..assembly.syntax import Function, Module
from ..clock import unhurried
from .bitcode_facts import ModuleFacts, read_facts
from .dataflow.framework import own_facts
from .dataflow.known_values import KnownAt, known
from .dataflow.liveness import Liveness, liveness
from .encoded import steps
from .left_alone import erratum
from .left_alone.barriers import region_of
from .left_alone.functions import why_left_alone
from .obligation import Step
from .windows import LIMIT, Window, windows


@dataclass(frozen=True, slots=True)
class Analysed:
    """`at`: line index -> its step. `chosen`: the functions selected.

    `functions`: those of them that were looked into, with what is live and known there.
    `left_alone`: the name of each selected function that has no windows -> why.
    """

    module: Module
    at: Mapping[int, Step]
    chosen: tuple[Function, ...]
    functions: tuple[tuple[Function, Liveness, KnownAt], ...]
    facts: ModuleFacts
    instructions: int
    regions: Mapping[str, int]
    left_alone: Mapping[str, str]

    def windows(self, limit: int = LIMIT) -> tuple[Window, ...]:
        """The windows of at most `limit` instructions, in order. Those of half a limit lie in those of the limit."""
        return tuple(
            window
            for function, live, here in self.functions
            for window in windows(self.module, function, self.at, live, here, self.facts, limit)
        )

    def into(self, function: Function, check: Callable[[], None] = unhurried) -> tuple[Function, Liveness, KnownAt]:
        """What is live and known in a chosen function. `check` is called now and then, and may raise."""
        live = liveness(self.module, function, self.at, self.facts, check=check)
        return function, live, known(self.module, function, self.at, self.facts, check)


def surveyed(
    text: str,
    facts: Callable[[], ModuleFacts],
    encoder: Encoder,
    selects: Callable[[str], bool] = lambda name: True,
    reading: Callable[[], None] = unhurried,
    check: Callable[[], None] = unhurried,
) -> Analysed:
    """What must be known of the whole unit before any function is looked into; none is.

    `selects` tells by its name whether a function is chosen. `reading`, while the text is read, and
    `check`, later, are called now and then, and may raise.
    """
    module = parse_module(text, reading)
    found = facts()
    places = [n for n, line in enumerate(module.lines) if line.instruction is not None and line.readable]
    check()
    encoded = steps([module.lines[n].own_instruction for n in places], encoder)
    at: dict[int, Step] = {n: step for n, step in zip(places, encoded) if step is not None}
    check()
    chosen = tuple(function for function in functions(module, check) if selects(function.name))
    regions = Counter(name for n in places if (name := region_of(at.get(n))))
    around = (function for function in chosen if (about := own_facts(function, found)) and about.erratum)
    regions[erratum.REGION] += sum(len(erratum.pinned(function, at)) for function in around)
    left_alone = {function.name: why for function in chosen if (why := why_left_alone(module, function, at, found))}
    return Analysed(module, at, chosen, (), found, len(places), +regions, MappingProxyType(left_alone))


def analyse(
    text: str, bitcode: bytes | None, encoder: Encoder, selects: Callable[[str], bool] = lambda name: True
) -> Analysed:
    """Everything about the functions whose name `selects` accepts, by what the bitcode says of them."""
    return analyse_by(text, read_facts(bitcode), encoder, selects)


def analyse_by(
    text: str, facts: ModuleFacts, encoder: Encoder, selects: Callable[[str], bool] = lambda name: True
) -> Analysed:
    """The same by facts that are given."""
    found = surveyed(text, lambda: facts, encoder, selects)
    return replace(found, functions=tuple(map(found.into, found.chosen)))
