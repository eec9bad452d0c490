"""All of the analysis of one translation unit, in order: text and bitcode in, windows out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Callable, Mapping

from ..assembly.blocks import functions
from ..assembly.encode import Encoder
from ..assembly.parse import parse_module
from ..assembly.syntax import Module
from .facts import read_facts
from .known import known
from .liveness import liveness
from .obligation import Step
from .regions import region_of
from .steps import steps
from .windows import Window, windows


@dataclass(frozen=True, slots=True)
class Analysed:
    module: Module
    windows: tuple[Window, ...]
    instructions: int
    regions: Mapping[str, int]


def analyse(text: str, bitcode: bytes | None, encoder: Encoder, selects: Callable[[str], bool] = lambda name: True) -> Analysed:
    """Windows of every function whose name `selects` accepts."""
    module = parse_module(text)
    facts = read_facts(bitcode)
    places = [n for n, line in enumerate(module.lines) if line.instruction is not None and line.readable]
    encoded = steps([module.lines[n].instruction for n in places], encoder)
    at: dict[int, Step] = {n: step for n, step in zip(places, encoded) if step is not None}
    found: list[Window] = []
    for function in functions(module):
        if selects(function.name):
            live = liveness(module, function, at, facts)
            found.extend(windows(module, function, at, live, known(module, function, at, facts), facts))
    regions = Counter(name for n in places if (name := region_of(at.get(n))))
    return Analysed(module, tuple(found), len(places), regions)
