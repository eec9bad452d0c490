"""Makes states in which a chosen result has a chosen value, by walking its graph back to the inputs.

So are met: a comparison with a constant behind arithmetic, a sum of two registers, a
product, a word in memory. A guide, as the graph is; what was drawn is judged like any other state.
"""

from __future__ import annotations

import numpy as np

from ..layout import Layout
from .expression_graph import MASK, STACK, Graph, Node
from .inverse_ops import SHIFTS, evaluate, inverted, mask

_DEEP = 24
_WHOLE_NUMBERS = ("add", "sub", "mul", "and", "or", "xor")
_WANTED = np.array(
    [0, 0, 0, 0, 1, MASK, 1 << 31, 1 << 63, (1 << 31) - 1, (1 << 32) - 1, 1 << 32, (1 << 63) - 1], np.uint64
)

_NEARLY = np.array([0, 0, 0, 1, MASK], np.uint64)


class Solver:
    """For one obligation. `wanted`: uint64 values that results are given, besides the usual ones."""

    def __init__(self, graph: Graph, layout: Layout, wanted: np.ndarray):
        self.graph = graph
        self._layout = layout
        self._wanted = wanted
        self._behind = self._all_behind()
        self.bound = [bool(self.leaves(node)) for node in range(len(graph.keys))]  # whether it depends on any input
        results = [node for node in graph.results if node not in graph.addresses]
        self._goals = [node for node in dict.fromkeys((*graph.comparisons, *results)) if self.bound[node]]
        self._comparisons = [node for node in graph.comparisons if node in self._goals]

    def _all_behind(self) -> list[frozenset[Node]]:
        """By node: itself, and all that it depends on."""
        found: list[frozenset[Node]] = []
        for node, key in enumerate(self.graph.keys):
            found.append(frozenset((node,)).union(*(found[each] for each in _arguments(key))))
        return found

    def leaves(self, node: Node) -> list[Node]:
        return sorted(each for each in self._behind[node] if self.graph.keys[each][0] in ("in", "vector", "load"))

    def depends(self, node: Node, on: Node) -> bool:
        return on in self._behind[node]

    def spread(self, rng: np.random.Generator, records: np.ndarray, bases: np.ndarray, thorough: bool) -> None:
        """Gives results of `records` rare values: one result a row, or all comparisons the value zero.

        `thorough`: also where an input comes in twice, which costs milliseconds.
        """
        if not self._goals:
            return
        state = _State(self, records, bases, thorough)
        turn = rng.integers(0, len(self._goals), len(records))
        together = (
            np.flatnonzero(rng.integers(0, 8, len(records)) == 0)
            if len(self._comparisons) > 1
            else np.zeros(0, np.int64)
        )
        for node in self._comparisons if len(together) else ():
            state.solve(rng, node, together, np.zeros(len(together), np.uint64))
        turn[together] = -1
        for k, node in enumerate(self._goals):
            rows = np.flatnonzero(turn == k)
            if len(rows):
                state.solve(rng, node, rows, self._wants(rng, node, len(rows)))

    def _wants(self, rng: np.random.Generator, node: Node, count: int) -> np.ndarray:
        usual = _WANTED[rng.integers(0, 4 if node in self.graph.comparisons else len(_WANTED), count)]
        other = self._wanted[rng.integers(0, len(self._wanted), count)] if len(self._wanted) else usual
        near = rng.integers(-1, 2, count).astype(np.uint64)
        kind = rng.integers(0, 4, count)
        return np.where(kind == 0, other, np.where(kind == 1, usual + near, usual))

    def value(self, records: np.ndarray, bases: np.ndarray, node: Node) -> np.ndarray:
        """What the graph says of a node, uint64 (n,)."""
        with np.errstate(all="ignore"):
            return _State(self, records, bases)._value(node, np.arange(len(records)))

    def toward(
        self, rng: np.random.Generator, records: np.ndarray, bases: np.ndarray, node: Node, whole: bool = True
    ) -> None:
        """Makes a comparison's result zero, or nearly, in all `records`.

        `whole`: at a cost of milliseconds where need be.
        """
        if node not in self._goals:
            return
        rows = np.arange(len(records))
        wants = _NEARLY[rng.integers(0, len(_NEARLY), len(records))]
        _State(self, records, bases).solve(rng, node, rows, wants, whole)


def _arguments(key: tuple) -> tuple[Node, ...]:
    operation = key[0]
    if operation in ("in", "vector", "const", "unknown"):
        return ()
    return key[2:3] if operation in ("load", "sext", "scvtf", "ucvtf", "fcvtz", "fcvt") else key[2:]


class _State:
    """Values of nodes on a block of records, and the walk back."""

    def __init__(self, solver: Solver, records: np.ndarray, bases: np.ndarray, thorough: bool = True):
        self._thorough = thorough
        self._keys = solver.graph.keys
        self._solver = solver
        self._layout = solver._layout
        self._records, self._bases = records, bases
        self._values: dict[Node, np.ndarray] = {}

    def solve(
        self, rng: np.random.Generator, node: Node, rows: np.ndarray, wants: np.ndarray, whole: bool = False
    ) -> None:
        """`whole`: where the walk back fails, one leaf is tried bit by bit."""
        width = self._keys[node][1]
        care = np.full(len(rows), mask(width))
        wants = wants & care
        with np.errstate(all="ignore"):
            self._back(rng, node, rows, wants, care, 0)
            if whole:
                self._by_bits(rng, node, rows, wants)
        self._values.clear()

    def _value(self, node: Node, rows: np.ndarray) -> np.ndarray:
        if node not in self._values:
            self._values[node] = self._computed(node)
        return self._values[node][rows]

    def _computed(self, node: Node) -> np.ndarray:
        operation, width, *rest = self._keys[node]
        count = len(self._records)
        if operation in ("in", "vector"):
            place = self._place(operation, rest[0])
            return self._records[:, place].copy() if place is not None else np.zeros(count, np.uint64)
        if operation == "const":
            return np.full(count, rest[0], np.uint64)
        if operation == "load":
            return self._loaded(width, *rest)
        if operation == "unknown":
            return np.zeros(count, np.uint64)
        rows = slice(None)
        arguments = [self._value(each, rows) for each in _arguments(self._keys[node])]
        return evaluate(operation, width, arguments, rest) & mask(width)

    def _place(self, operation: str, n: int) -> int | None:
        layout = self._layout
        if operation == "vector":
            return layout.vectors[n] // 8 if n in layout.vectors else None
        place = layout.stack if n == STACK else layout.general.get(n)
        return place // 8 if place is not None else None

    def _at(self, root: Node, offset: int, size: int, rows: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray]:
        """Where in their windows: int64, and whether inside."""
        at = (self._value(root, rows) + np.uint64(offset) - self._bases[rows]).view(np.int64)
        return at, (at >= 0) & (at <= self._layout.size - size)

    def _loaded(self, size: int, root: Node, offset: int) -> np.ndarray:
        at, inside = self._at(root, offset, size, slice(None))
        rows = np.flatnonzero(inside)
        held = np.zeros((len(at), 8), np.uint8)
        held[rows[:, None], np.arange(size)] = self._records.view(np.uint8)[
            rows[:, None], at[rows, None] + np.arange(size)
        ]
        return held.view(np.uint64)[:, 0]

    def _back(
        self, rng: np.random.Generator, node: Node, rows: np.ndarray, wants: np.ndarray, care: np.ndarray, depth: int
    ) -> None:
        """Changes inputs so that `node` gets the bits `care` of `wants`, where that is simple."""
        operation, width, *rest = self._keys[node]
        if depth > _DEEP or not len(rows):
            return
        if operation in ("in", "vector"):
            place = self._place(operation, rest[0])
            if place is not None and (operation == "vector" or rest[0] != STACK):
                self._records[rows, place] = self._records[rows, place] & ~care | wants & care
                self._values.pop(node, None)
            return
        if operation == "load":
            self._store(width, *rest, rows, wants, care)
            return
        arguments = _arguments(self._keys[node])
        free = [n for n, each in enumerate(arguments) if self._solver.bound[each]]
        if not free:
            return
        chosen = free[int(rng.integers(0, len(free)))]
        if operation in ("or", "and") and len(free) == 2:
            for each in arguments:
                self._back(rng, each, rows, wants, care, depth + 1)
            return
        if operation in SHIFTS:
            chosen = 0
            if 0 not in free:
                return
        if self._thorough and operation in _WHOLE_NUMBERS and arguments[0] != arguments[1]:
            inner = next((n for n in (0, 1) if self._solver.depends(arguments[1 - n], arguments[n])), None)
            if inner is not None and inner in free:
                new = self._locally(node, arguments[inner], rows, wants & care, care)
                self._back(rng, arguments[inner], rows, new, np.full(len(rows), mask(width)), depth + 1)
                return
        other = self._value(arguments[1 - chosen], rows) if len(arguments) == 2 else None
        same = len(arguments) == 2 and arguments[0] == arguments[1]
        found = inverted(rng, operation, width, chosen, wants, care & mask(width), None if same else other, rest)
        if found is not None:
            good, wants, care = found
            self._back(rng, arguments[chosen], rows[good], wants[good], care[good], depth + 1)

    def _store(self, size: int, root: Node, offset: int, rows: np.ndarray, wants: np.ndarray, care: np.ndarray) -> None:
        at, inside = self._at(root, offset, size, rows)
        rows, at, wants, care = rows[inside], at[inside], wants[inside], care[inside]
        places = at[:, None] + np.arange(size)
        bytes_ = self._records.view(np.uint8)
        kept = bytes_[rows[:, None], places]
        new, mask = (each.view(np.uint8).reshape(-1, 8)[:, :size] for each in (wants.copy(), care.copy()))
        bytes_[rows[:, None], places] = kept & ~mask | new & mask

    def _locally(self, node: Node, inner: Node, rows: np.ndarray, wants: np.ndarray, care: np.ndarray) -> np.ndarray:
        """Values of `inner` that give `node` the value `wants`, found bit by bit, upwards and then downwards."""
        start, width = self._value(inner, rows), self._keys[node][1]
        best = start
        for order in (range(width), range(width - 1, -1, -1)):
            tried = start.copy()
            for bit in order:
                tried ^= (self._between(node, inner, tried, rows) ^ wants) & np.uint64(1 << bit)
            wrong = (self._between(node, inner, best, rows) ^ wants) & care != 0
            best = np.where(wrong, tried, best)
        return best

    def _between(self, node: Node, inner: Node, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        if node == inner:
            return values
        if not self._solver.depends(node, inner):
            return self._value(node, rows)
        operation, width, *rest = self._keys[node]
        arguments = [self._between(each, inner, values, rows) for each in _arguments(self._keys[node])]
        if operation == "load":
            return self._value(node, rows)
        return evaluate(operation, width, arguments, rest) & mask(width)

    def _by_bits(self, rng: np.random.Generator, node: Node, rows: np.ndarray, wants: np.ndarray) -> None:
        """One leaf, from its lowest bit up or from its highest down, where the node is not yet as wanted."""
        self._values.clear()
        wrong = self._value(node, rows) != wants
        leaves = self._solver.leaves(node)
        if not leaves or not wrong.all():
            return
        leaf = leaves[int(rng.integers(0, len(leaves)))]
        width = min(64, self._keys[node][1])
        order = range(width) if rng.integers(0, 2) else range(width - 1, -1, -1)
        for bit in order:
            one = np.uint64(1 << bit)
            for each in [each for each in self._values if self._solver.depends(each, leaf)]:
                del self._values[each]
            differs = rows[(self._value(node, rows) ^ wants) & one != 0]
            self._back(rng, leaf, differs, self._value(leaf, differs) ^ one, np.full(len(differs), one), 0)
