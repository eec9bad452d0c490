"""The backend `mutator`: plausible, mostly wrong rewrites of every window. A test instrument, of no use in a build.

It asks no model and looks at nothing but the lines: shortcuts that save instructions, and
often a mistake on top. A request always gets the same proposal, on any machine, and never
more instructions than it has. It promises nothing about right or wrong: it is there so
that the validators are worked hard.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from random import Random

from ..protocol import Reply, Request
from .mistakes import Lines, mistaken
from .shortcuts import SHORTCUTS

_MOST_SHORTCUTS = 3
_SPOILT = 0.4  # of the proposals get a mistake on top


class Mutator:
    """One proposal for each request."""

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        for request in requests:
            if time.monotonic() >= deadline:
                return
            lines = mutated(request)
            yield Reply(request.key, lines, "\n".join(lines), "mutator")


def mutated(request: Request) -> Lines:
    """The instruction lines proposed for a request; its own where nothing was found to change."""
    rng = Random(request.key)
    source = tuple(line for line in request.lines if not line.endswith(":"))
    lines = source
    for _ in range(rng.randint(1, _MOST_SHORTCUTS)):
        lines = _shortened(lines, rng)
    if lines == source or rng.random() < _SPOILT:
        made = mistaken(lines, rng)
        lines = made[1] if made else lines
    return lines


def _shortened(lines: Lines, rng: Random) -> Lines:
    """After one shortcut: a random one of those that are possible, left_out only now and then."""
    possible = [
        found for shortcut in SHORTCUTS for at in range(len(lines)) if (found := shortcut(lines, at)) is not None
    ]
    if not possible:
        return lines
    clever = possible[len(lines) :]  # the first shortcut is possible everywhere
    return rng.choice(clever if clever and rng.random() < 0.75 else possible)
