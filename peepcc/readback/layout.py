"""Lays the items of a function over the bytes of an object: which instruction stands at which offset.

A function without gaps has one layout. Gaps have unknown lengths: every length for which the words behind
fit is a layout, the shortest first. Distances and relocations are not looked at here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import PeepccError
from .fields import field_of
from .image import Alignment, Data, Gap, Item, Mark, Word

_NOP = 0xD503201F
_MOST_TRIALS = 100_000  # of a segment behind a gap, in one function


class Unplaceable(PeepccError):
    """No layout fits; `reason` continues the function's name: `+0x8 holds …`."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Offsets in the section: of each word, of each label, and (first, end) of each gap."""

    words: tuple[tuple[int, Word], ...]
    labels: dict[str, int]
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    words: tuple[tuple[int, Word], ...]
    labels: tuple[tuple[str, int], ...]


def placements(items: Sequence[Item], data: bytes, start: int, end: int | None) -> Iterator[Placement]:
    """The layouts of `items` from offset `start` of the section `data`, up to exactly `end` where that is known.

    Raises Unplaceable after the last one, with the difference that stands furthest back.
    """
    segments = _segments(items)
    layer = _Layer(data, start, len(data) if end is None else end)
    pending = [layer.at_once(segments[0])]
    chosen: list[_Segment] = []
    while pending:
        depth = len(pending) - 1
        del chosen[depth:]
        segment = next(pending[-1], None)
        if segment is None:
            pending.pop()
            continue
        chosen.append(segment)
        if depth + 1 < len(segments):
            pending.append(layer.anywhere(segments[depth + 1], segment.end))
        elif end is None or segment.end == end:
            yield _placement(chosen)
        else:
            layer.fail(segment.end, f"is where the code ends, and the symbol's size says {end - start:#x} bytes")
    raise Unplaceable(layer.failure)


def _segments(items: Sequence[Item]) -> list[list[Item]]:
    """The items between gaps; neighboring gaps are one."""
    segments: list[list[Item]] = [[]]
    for item in items:
        if not isinstance(item, Gap):
            segments[-1].append(item)
        elif segments[-1] or len(segments) == 1:
            segments.append([])
    return segments


def _placement(chosen: Sequence[_Segment]) -> Placement:
    words = tuple(word for segment in chosen for word in segment.words)
    labels = {label: offset for segment in chosen for label, offset in segment.labels}
    return Placement(words, labels, tuple((before.end, after.start) for before, after in itertools.pairwise(chosen)))


class _Layer:
    """Lays segments over one section's bytes and remembers the difference that stands furthest back."""

    def __init__(self, data: bytes, start: int, limit: int):
        self._data, self._start, self._limit = data, start, limit
        self._furthest, self._trials = -1, 0
        self.failure = ""

    def at_once(self, items: Sequence[Item]) -> Iterator[_Segment]:
        segment = self._laid(items, self._start)
        if segment is not None:
            yield segment

    def anywhere(self, items: Sequence[Item], first: int) -> Iterator[_Segment]:
        for offset in range(first, self._limit + 1, 4):
            self._trials += 1
            if self._trials > _MOST_TRIALS:
                self.failure = " has too much inline assembly to be read back"
                return
            segment = self._laid(items, offset)
            if segment is not None:
                yield segment

    def fail(self, offset: int, what: str) -> None:
        if offset > self._furthest:
            self._furthest, self.failure = offset, f"+{offset - self._start:#x} {what}"

    def _laid(self, items: Sequence[Item], start: int) -> _Segment | None:
        offset = start
        words: list[tuple[int, Word]] = []
        labels: list[tuple[str, int]] = []
        for item in items:
            if isinstance(item, Word):
                if not self._fits(item, offset):
                    return None
                words.append((offset, item))
                offset += 4
            elif isinstance(item, Mark):
                labels.append((item.label, offset))
            elif isinstance(item, Alignment):
                if not self._padded(offset, item.padding(offset)):
                    return None
                offset += item.padding(offset)
            elif isinstance(item, Data):
                offset += item.size
        return _Segment(start, offset, tuple(words), tuple(labels))

    def _fits(self, item: Word, offset: int) -> bool:
        if offset + 4 > self._limit:
            self.fail(offset, "lies behind the end of the function, and an instruction should stand there")
            return False
        found = int.from_bytes(self._data[offset : offset + 4], "little")
        field = field_of(item.word) if item.symbol else None
        if (found ^ item.word) & ~(field.mask if field else 0):
            self.fail(offset, f"holds {found:08x} instead of {item.word:08x}")
            return False
        return True

    def _padded(self, offset: int, padding: int) -> bool:
        """Padding in code is nops, as far as whole words reach."""
        for at in range(offset, offset + padding - 3, 4):
            found = int.from_bytes(self._data[at : at + 4], "little")
            if found != _NOP:
                self.fail(at, f"holds {found:08x} instead of padding")
                return False
        return True
