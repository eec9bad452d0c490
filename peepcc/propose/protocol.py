"""The protocol between peepcc and whatever proposes rewrites.

A backend takes requests and yields replies, in any order, some never. It promises nothing
about a reply's text: that is checked by the syntax gate and the validators.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Iterable, Iterator, Protocol, Sequence


@dataclass(frozen=True, slots=True)
class Request:
    """One window, as text.

    `lines`: instruction lines as `assembly.print` writes them, internal labels as "name:".
    `live_out`: register names live at the fall-through; `exits`: (label, "ret" or "br",
    names) for each other exit. `fall`: labels that name the address after the window.
    `known`: facts at entry as ("const", "x1", value), ("zext", "x1", bits),
    ("sext", "x1", bits), ("equal", "x1", "x2").
    `ordered`: accesses must keep address, width and order.
    """

    lines: tuple[str, ...]
    live_out: tuple[str, ...]
    exits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fall: tuple[str, ...] = ()
    known: tuple[tuple[str, str, int | str], ...] = ()
    ordered: bool = False

    @property
    def key(self) -> str:
        """Hex digest of the content: equal requests have equal keys, on any machine."""
        return hashlib.sha256(repr((self.lines, self.live_out, self.exits, self.fall, self.known, self.ordered)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Reply:
    """`lines` is the proposed window, instruction lines only; `text` what the model wrote.

    `error` is set, and `lines` is None, where no proposal came: "unparsed: ...",
    "too-late", or what the server said.
    """

    key: str
    lines: tuple[str, ...] | None
    text: str = ""
    model: str = ""
    seconds: float = 0.0
    tokens: int = 0
    error: str | None = None


class Backend(Protocol):
    """`deadline` is in `time.monotonic()` seconds; after it nothing more is yielded."""

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]: ...


def unique(requests: Iterable[Request]) -> dict[str, Request]:
    """Requests by key, each content once."""
    return {request.key: request for request in requests}
