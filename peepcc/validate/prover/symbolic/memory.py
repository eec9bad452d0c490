"""Memory as a term: what was stored, in runs of bytes at constant distances from one base.

Stores to one base merge whatever their order, width and overlap, so that two programs that
leave the same bytes there have one term. Two bases may alias: a store to another base
starts a group on top, and a load that would have to look below it stays a load.
"""

from __future__ import annotations

from ..terms.arithmetic import Arithmetic
from ..terms.term import Term, signed

ADDRESS = 64
_NEAR = (
    1 << 62
)  # what is at most so far from one base lies apart if its distances do: no run of bytes goes around the address space


class Terms(Arithmetic):
    """All term makers."""

    def memory(self) -> Term:
        """The memory at entry."""
        return self.make("memory", (), 0)

    def split(self, address: Term) -> tuple[Term, int]:
        """The address as base and signed constant, which is less than _NEAR."""
        constant = address.data if address.op == "const" else address.data[0] if address.op == "lin" else 0
        distance = signed(constant, ADDRESS)
        return (self.plus(address, -constant), distance) if abs(distance) < _NEAR else (address, 0)

    def store(self, memory: Term, address: Term, value: Term) -> Term:
        """The memory after a store of value.width bits, lowest byte first."""
        if self.load(memory, address, value.width) is value:
            return memory
        base, offset = self.split(address)
        runs: list[tuple[int, Term]] = []
        below = memory
        if memory.op == "group" and memory.args[1] is base:
            below = memory.args[0]
            runs = list(zip(memory.data, memory.args[2:]))
        kept = [piece for run in runs for piece in self._outside(*run, offset, offset + value.width // 8)]
        joined = self._merged(sorted([*kept, (offset, value)], key=lambda run: run[0]))
        return self.make("group", (below, base, *(run[1] for run in joined)), 0, tuple(run[0] for run in joined))

    def _outside(self, start: int, value: Term, first: int, after: int) -> list[tuple[int, Term]]:
        """What of a run is not in first..after."""
        end = start + value.width // 8
        if end <= first or start >= after:
            return [(start, value)]
        pieces = []
        if start < first:
            pieces.append((start, self.extract(value, 8 * (first - start) - 1, 0)))
        if end > after:
            pieces.append((after, self.extract(value, value.width - 1, 8 * (after - start))))
        return pieces

    def _merged(self, runs: list[tuple[int, Term]]) -> list[tuple[int, Term]]:
        """Neighbours as one run."""
        joined: list[tuple[int, Term]] = []
        for start, value in runs:
            if joined and joined[-1][0] + joined[-1][1].width // 8 == start:
                joined[-1] = (joined[-1][0], self.concat((value, joined[-1][1])))
            else:
                joined.append((start, value))
        return joined

    def load(self, memory: Term, address: Term, width: int) -> Term:
        """`width` bits, a multiple of 8."""
        base, offset = self.split(address)
        return self._loaded(memory, base, offset, offset + width // 8)

    def _loaded(self, memory: Term, base: Term, first: int, after: int) -> Term:
        if memory.op != "group" or memory.args[1] is not base:
            return self.make("load", (memory, self.plus(base, first)), 8 * (after - first))
        parts: list[Term] = []  # low part first
        at = first
        for start, value in zip(memory.data, memory.args[2:]):
            end = start + value.width // 8
            if end <= at or start >= after:
                continue
            if start > at:
                parts.append(self._loaded(memory.args[0], base, at, start))
                at = start
            last = min(end, after)
            parts.append(self.extract(value, 8 * (last - start) - 1, 8 * (at - start)))
            at = last
        if at < after:
            parts.append(self._loaded(memory.args[0], base, at, after))
        return self.concat(reversed(parts))
