"""The protocol between peepcc and whatever proposes rewrites.

A backend takes requests and yields replies, in any order, some never. Some can be told that
a reply was not kept, and why, and try again. It promises nothing about a reply's text: that is
checked by the syntax gate and the validators.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Request:
    """One window, as text.

    `lines`: instruction lines as `assembly.print` writes them, internal labels as "name:".
    `live_out`: register names live at the fall-through; `exits`: (label, "ret" or "br",
    names) for each other exit. `fall`: labels that name the address after the window.
    `known`: facts at entry as ("const", "x1", value), ("zext", "x1", bits),
    ("sext", "x1", bits), ("equal", "x1", "x2").
    `ordered`: accesses must keep address, width and order. `dying`: for each instruction the
    registers that it mentions and that nothing reads after it (`analysis.window_liveness`); they follow from the rest.
    """

    lines: tuple[str, ...]
    live_out: tuple[str, ...]
    exits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fall: tuple[str, ...] = ()
    known: tuple[tuple[str, str, int | str], ...] = ()
    ordered: bool = False
    dying: tuple[tuple[str, ...], ...] = ()

    @property
    def key(self) -> str:
        """Hex digest of the content: equal requests have equal keys, on any machine."""
        return _digest((self.lines, self.live_out, self.exits, self.fall, self.known, self.ordered))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that was not kept, and why, in plain values.

    `lines` and `text` are the reply's, `verdict` the name of a verdict, `reason` what the
    syntax gate, the assembler or the proof said. `inputs`: (register or "[address]", hex
    value) of an input that tells source and proposal apart; `outcomes`: (name, the source's,
    the proposal's) of what differs there. Both are empty where no such input is known.
    `rules`: of the rule book, where it is what made the reply.
    """

    lines: tuple[str, ...] | None
    text: str
    verdict: str
    reason: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[tuple[str, str, str], ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A window again, with the replies about it that were refused, or "unchanged" and unsure: at least one, oldest
    first.
    """

    request: Request
    refused: tuple[Refusal, ...]

    @property
    def key(self) -> str:
        """Hex digest of the request and the refused replies, on any machine; what showed them wrong may vary."""
        return _digest((self.request.key, *((each.lines, each.text) for each in self.refused)))


def _digest(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


class FailureKind(Enum):
    """Why no proposal came."""

    UNPARSED = "unparsed"  # an answer came that cannot be read as a proposal
    TOO_LATE = "too-late"
    NOT_ASKED = "not-asked"  # the backend has no words for the window, or a file no reply
    NO_ANSWER = "no-answer"  # the server, or the process, that should answer did not


@dataclass(frozen=True, slots=True)
class Failure:
    """`message` says more than the kind, and may be empty."""

    kind: FailureKind
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """`key` is that of the request or repair.

    `lines` is the proposed window, instruction lines only; `text` what the model wrote.

    `failure` is set, and `lines` is None, where no proposal came. `score`: the sum of the natural
    logarithms of the probabilities of its words, `confidence`: how likely it is right, 0..1, by
    what was measured; None where the backend does not say. `unsure`: it leaves the window as it is,
    and may have another answer.
    """

    key: str
    lines: tuple[str, ...] | None
    text: str = ""
    model: str = ""
    seconds: float = 0.0
    tokens: int = 0
    failure: Failure | None = None
    score: float | None = None
    confidence: float | None = None
    unsure: bool = False

    @property
    def proposes(self) -> bool:
        """Whether somebody proposed something, be it unreadable: a server that fails proposes nothing."""
        return self.lines is not None or (self.failure is not None and self.failure.kind is FailureKind.UNPARSED)


class Backend(Protocol):
    """`deadline` is in `time.monotonic()` seconds; after it nothing more is yielded."""

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]: ...


@runtime_checkable
class Repairer(Protocol):
    """A backend that may try again; it yields nothing for what it cannot repair.

    `usual`: how many times it is worth asking about a window.
    """

    usual: int

    def repair(self, repairs: Sequence[Repair], deadline: float) -> Iterator[Reply]: ...


def unique(requests: Iterable[Request]) -> dict[str, Request]:
    """Requests by key, each content once."""
    return {request.key: request for request in requests}
