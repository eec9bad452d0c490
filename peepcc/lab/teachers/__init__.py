"""The teachers: where the pairs come from that the model learns.

A teacher rewrites a window, a maker makes a worse window from a good one. Each is one
file, known here by name and imported when it is asked for. They promise nothing: a
proposal may be wrong or no better, and counts once the validators have accepted it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...propose.protocol import Request


class Teacher(Protocol):
    """`teach` yields bodies for the window, best first: instruction lines without labels.

    Nothing where it finds nothing.
    """

    def teach(self, window: Window, encoder: Encoder) -> Iterator[tuple[str, ...]]: ...


class Maker(Protocol):
    """`make` yields windows with a better body each.

    What is live, known and aliased is carried over from a window that it was given.
    """

    def make(
        self, windows: Sequence[Window], encoder: Encoder, rng: random.Random
    ) -> Iterator[tuple[Window, tuple[str, ...]]]: ...


def taught(request: Request) -> tuple[str, ...]:
    """The lines of the best body that the rules find; the source's own where they find none."""
    from .rules.engine import taught as by_rules

    return by_rules(request)


def _named(module: str, name: str) -> Callable[[], object]:
    """A factory that imports when it is called: LLVM, the emulator and the model are not for everybody."""
    return lambda: getattr(import_module(f".{module}", __name__), name)()


MODEL = "model"  # whose replies may hang on the processor
TEACHERS: Mapping[str, Callable[[], Teacher]] = MappingProxyType(
    {
        "rules": _named("rules.engine", "Rules"),
        "combine": _named("combine.teacher", "Combine"),
        "search": _named("search.teacher", "Search"),
        MODEL: _named("model", "Model"),
    }
)
MAKERS: Mapping[str, Callable[[], Maker]] = MappingProxyType(
    {
        "deoptimise": _named("deoptimize.maker", "Deoptimise"),
        "harvest": _named("harvest", "Harvest"),
    }
)
