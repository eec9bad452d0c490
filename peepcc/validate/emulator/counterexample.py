"""Makes a readable counterexample of a record: inputs, and each output that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np

from ...analysis.obligation import FALL, Obligation
from ...analysis.registers import NZCV, q, union, x
from ..verdict import Counterexample
from .access_log import logged
from .compare import Runs, differences
from .layout import FAR, INVALID, NOT_EXECUTED, Layout


def counterexample(
    obligation: Obligation, layout: Layout, runs: Runs, row: int, keys: tuple[str, ...]
) -> Counterexample:
    """The example that record number `row` is, whose texts are made when they are asked for: most never are."""
    alone = Runs(*(each[row : row + 1].copy() for each in (runs.records, runs.bases, runs.memory, runs.source_memory)))
    texts = cache(lambda: _texts(obligation, layout, alone, keys))
    return Counterexample(_Later(lambda: texts()[0]), _Later(lambda: texts()[1]))


class _Later(Mapping):
    """A dict that is made when it is first looked at; copied and pickled as a plain one."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], dict]):
        self._make = make

    def __getitem__(self, name: str) -> object:
        return self._make()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())

    def __repr__(self) -> str:
        return repr(self._make())

    def __reduce__(self) -> tuple:
        return dict, (dict(self._make()),)


def _texts(
    obligation: Obligation, layout: Layout, runs: Runs, keys: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """(inputs, outcomes) of the only record in `runs`."""
    outcomes = {}
    for each in differences(obligation, layout, runs, keys):
        if each.rows[0]:
            show = (lambda value: _exit(value, keys)) if each.name == "exit" else _hex
            outcomes[each.name] = tuple(
                side if isinstance(side, str) else show(side[0]) for side in (each.source, each.target)
            )
    record, base = runs.records[0], int(runs.bases[0])
    words = [int(name[1:-1], 16) for name in outcomes if name.startswith("[")]
    return _inputs(obligation, layout, record) | _memory(layout, record, runs.memory[0], base, words), outcomes


def _inputs(obligation: Obligation, layout: Layout, record: np.ndarray) -> dict[str, str]:
    steps = (*obligation.source.steps, *obligation.target.steps)
    read = union(step.effect.reads for step in steps)
    written = union(step.effect.writes for step in steps)
    inputs = {f"x{n}": _hex(record[at // 8]) for n, at in layout.general.items() if (read | written) & x(n)}
    inputs |= {
        f"q{n}": _hex(record[at // 8 : at // 8 + 2]) for n, at in layout.vectors.items() if (read | written) & q(n)
    }
    if layout.stack is not None:
        inputs["sp"] = _hex(record[layout.stack // 8])
    if layout.flags is not None and (read | written) & NZCV:
        inputs["nzcv"] = _hex(record[layout.flags // 8] >> np.uint64(28))
    if layout.rounding is not None and record[layout.rounding // 8]:
        inputs["fpcr"] = _hex(record[layout.rounding // 8])
    return inputs


def _memory(layout: Layout, record: np.ndarray, memory: np.ndarray, base: int, words: list[int]) -> dict[str, str]:
    """The bytes at entry of what the two sides access, by access, and of the 64-bit `words`."""
    window = memory.tobytes()
    found = dict.fromkeys(words, 8)
    for side, its_sites in ((layout.source, layout.source_sites), (layout.target, layout.target_sites)):
        for address, site in zip(logged(record[None], side, its_sites)[0].tolist(), its_sites):
            if address != NOT_EXECUTED and 0 <= (address - base & ~FAR) <= layout.size - site.access.size:
                found[address] = max(found.get(address, 0), site.access.size)
    return {
        f"[{address:#x}]": "0x" + window[(address - base & ~FAR) : (address - base & ~FAR) + size][::-1].hex()
        for address, size in sorted(found.items())
    }


def _exit(number: np.uint64, keys: tuple[str, ...]) -> str:
    if int(number) == INVALID:
        return "an access outside the memory"
    key = keys[int(number) - 1]
    return "falls through" if key == FALL else key


def _hex(value: np.ndarray | np.uint64) -> str:
    """A vector register's two words are one number, the second above the first."""
    words = np.atleast_1d(value).tolist()
    return hex(words[0] | words[1] << 64 if len(words) == 2 else words[0])
