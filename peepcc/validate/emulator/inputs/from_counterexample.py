"""Puts inputs of earlier counterexamples into drawn states: a proposal that is wrong in the same way is refuted at
once.

What is there of a name, or of an address, that the states do not have is passed over. All
addresses move together, to where the state has its memory. Nothing promises that the
state is then valid; it is judged or dropped like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from ...verdict import Counterexample
from ..layout import FAR, NOT_EXECUTED, RECORDS, Layout
from .draw import Recipe, satisfy

_MASK = NOT_EXECUTED
_NEAR = 1 << 16  # so far from what is accessed may a pointer to it be
_LINE = 64


def put(plan: Recipe, given: Sequence[Counterexample], records: np.ndarray, bases: np.ndarray) -> None:
    """Changes the first len(given) rows of uint64 `records` (n, words) at `bases`; they satisfy what is known."""
    for row, example in enumerate(given[: len(records)]):
        _put(plan.layout, example, records[row], int(bases[row]))
    if given:
        satisfy(plan, records[: len(given)])


def _put(layout: Layout, example: Counterexample, record: np.ndarray, base: int) -> None:
    values = {name: int(text, 16) for name, text in example.inputs.items()}
    memory = {int(name[1:-1], 16): (len(example.inputs[name]) - 1) // 2 for name in values if name[0] == "["}
    places = [_offset(address) for address in memory]
    low, high = (
        min(places, default=0) & -_LINE,
        max((_offset(address) + size for address, size in memory.items()), default=0),
    )
    far = min(memory, default=0) - RECORDS & FAR  # of the nearest: the window itself, not another sight of it
    room = max(layout.size - (high - low), 0) // 2 & -_LINE  # the same room on either side

    def moved(value: int) -> int:
        near = bool(memory) and low - _NEAR <= _offset(value) < high + _NEAR
        return value + base - RECORDS - far + room - low & _MASK if near else value

    for name, value in values.items():
        for place, word in _words(layout, name, value):
            record[place // 8] = moved(word) if name[0] in "xs" else word
    window = record[layout.window].view(np.uint8)
    for address, size in sorted(memory.items(), key=lambda each: each[1]):  # the long ones last, as they show pointers
        at, value = _offset(address) - low + room, values[f"[{address:#x}]"]
        for k in range(0, size, 8):
            width = min(8, size - k)
            word = value >> 8 * k & (1 << 8 * width) - 1
            if at + k + width <= layout.size:
                window[at + k : at + k + width] = np.frombuffer(
                    (moved(word) if width == 8 else word).to_bytes(width, "little"), np.uint8
                )


def _offset(address: int) -> int:
    """An address as the distance from the first record, the same for all that are seen at one place."""
    return address - RECORDS & ~FAR & _MASK


def _words(layout: Layout, name: str, value: int) -> Iterator[tuple[int, int]]:
    """(byte in the record, 64-bit word) of a register, if the state has it."""
    named = {"sp": (layout.stack, 0), "nzcv": (layout.flags, 28), "fpcr": (layout.rounding, 0)}.get(name)
    found = re.fullmatch(r"([xq])(\d+)", name)
    if named is not None:
        place, shift = named
        if place is not None:
            yield place, value << shift & _MASK
    elif found is not None:
        place = (layout.general if found[1] == "x" else layout.vectors).get(int(found[2]))
        if place is not None:
            yield place, value & _MASK
            if found[1] == "q":
                yield place + 8, value >> 64 & _MASK
