"""Makes states in which a chosen result has a chosen value, by walking its graph back to the inputs.

So are met: a comparison with a constant behind arithmetic, a sum of two registers, a
product, a word in memory. A guide, as the graph is; what was drawn is judged like any other state.
"""

from __future__ import annotations

import numpy as np

from .emulate_graph import MASK, STACK, Graph, Node
from .emulate_layout import Layout

_SHIFTS = ("shl", "lsr", "asr", "ror")
_FLOATS = {32: (np.uint32, np.float32), 64: (np.uint64, np.float64)}
_SIXTY_FOUR = np.uint64(64)
_DEEP = 24
_WANTED = np.array([0, 0, 0, 0, 1, MASK, 1 << 31, 1 << 63, (1 << 31) - 1, (1 << 32) - 1, 1 << 32, (1 << 63) - 1], np.uint64)


def _mask(width: int) -> np.uint64:
    return np.uint64((1 << width) - 1)


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

    def spread(self, rng: np.random.Generator, records: np.ndarray, bases: np.ndarray) -> None:
        """Gives results of `records` rare values: one result a row, or all comparisons the value zero."""
        if not self._goals:
            return
        state = _State(self, records, bases)
        turn = rng.integers(0, len(self._goals), len(records))
        together = np.flatnonzero(rng.integers(0, 8, len(records)) == 0) if len(self._comparisons) > 1 else np.zeros(0, np.int64)
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

    def toward(self, rng: np.random.Generator, records: np.ndarray, bases: np.ndarray, node: Node) -> None:
        """Makes a comparison's result zero, or nearly, in all `records`."""
        if node not in self._goals:
            return
        rows = np.arange(len(records))
        wants = rng.choice(np.array([0, 0, 0, 1, MASK], np.uint64), len(records))
        _State(self, records, bases).solve(rng, node, rows, wants, whole=True)


def _arguments(key: tuple) -> tuple[Node, ...]:
    operation = key[0]
    if operation in ("in", "vector", "const", "unknown"):
        return ()
    return key[2:3] if operation in ("load", "sext", "scvtf", "ucvtf", "fcvtz", "fcvt") else key[2:]


class _State:
    """Values of nodes on a block of records, and the walk back."""

    def __init__(self, solver: Solver, records: np.ndarray, bases: np.ndarray):
        self._keys = solver.graph.keys
        self._solver = solver
        self._layout = solver._layout
        self._records, self._bases = records, bases
        self._values: dict[Node, np.ndarray] = {}

    def solve(self, rng: np.random.Generator, node: Node, rows: np.ndarray, wants: np.ndarray, whole: bool = False) -> None:
        """`whole`: where the walk back fails, one leaf is tried bit by bit."""
        width = self._keys[node][1]
        care = np.full(len(rows), _mask(width))
        wants = wants & care
        with np.errstate(all="ignore"):
            self._back(rng, node, rows, wants, care, 0)
            if whole:
                self._by_bits(rng, node, rows, wants)
        self._values.clear()

    def _value(self, node: Node, rows: np.ndarray) -> np.ndarray:
        if node not in self._values:
            with np.errstate(all="ignore"):
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
        return _evaluate(operation, width, arguments, rest) & _mask(width)

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
        held[rows[:, None], np.arange(size)] = self._records.view(np.uint8)[rows[:, None], at[rows, None] + np.arange(size)]
        return held.view(np.uint64)[:, 0]

    def _back(self, rng: np.random.Generator, node: Node, rows: np.ndarray, wants: np.ndarray, care: np.ndarray, depth: int) -> None:
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
        if operation in _SHIFTS:
            chosen = 0
            if 0 not in free:
                return
        if len(arguments) == 2 and arguments[0] != arguments[1]:
            inner = next((n for n in (0, 1) if self._solver.depends(arguments[1 - n], arguments[n])), None)
            if inner is not None and inner in free:
                new = self._locally(node, arguments[inner], rows, wants & care, care)
                self._back(rng, arguments[inner], rows, new, np.full(len(rows), _mask(width)), depth + 1)
                return
        other = self._value(arguments[1 - chosen], rows) if len(arguments) == 2 else None
        same = len(arguments) == 2 and arguments[0] == arguments[1]
        found = _inverted(rng, operation, width, chosen, wants, care & _mask(width), None if same else other, rest)
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
        return _evaluate(operation, width, arguments, rest) & _mask(width)

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
            self._values.clear()
            differs = rows[(self._value(node, rows) ^ wants) & one != 0]
            self._back(rng, leaf, differs, self._value(leaf, differs) ^ one, np.full(len(differs), one), 0)


def _float(values: np.ndarray, width: int) -> np.ndarray:
    bits, kind = _FLOATS[width]
    return values.astype(bits).view(kind)


def _bits(values: np.ndarray, width: int) -> np.ndarray:
    bits, kind = _FLOATS[width]
    return values.astype(kind).view(bits).astype(np.uint64)


def _signed(values: np.ndarray, bits: int) -> np.ndarray:
    return (values << np.uint64(64 - bits)).view(np.int64) >> np.int64(64 - bits)


def _evaluate(operation: str, width: int, arguments: list[np.ndarray], rest: list) -> np.ndarray:
    one, two = arguments[0], arguments[1] if len(arguments) > 1 else None
    low = one & _mask(width)
    if operation in ("add", "sub", "mul", "and", "or", "xor"):
        return {"add": np.add, "sub": np.subtract, "mul": np.multiply, "and": np.bitwise_and,
                "or": np.bitwise_or, "xor": np.bitwise_xor}[operation](one, two)
    if operation in _SHIFTS:
        amount = two & np.uint64(width - 1)
        if operation == "shl":
            return low << amount
        if operation == "asr":
            return (_signed(low, width) >> amount.astype(np.int64)).view(np.uint64)
        return low >> amount | (low << (np.uint64(width) - amount & np.uint64(63)) if operation == "ror" else np.uint64(0))
    if operation == "udiv":
        other = two & _mask(width)
        return np.where(other == 0, np.uint64(0), low // np.maximum(other, np.uint64(1)))
    if operation == "sdiv":
        return low // np.maximum(two & _mask(width), np.uint64(1))  # as if both were positive
    if operation == "sext":
        return _signed(one, rest[1]).view(np.uint64)
    if operation in ("rev", "rev16", "rev32", "rev64", "rbit"):
        return _reversed(low, operation, width)
    if operation == "select":
        return one
    return _evaluate_float(operation, width, arguments, rest)


def _evaluate_float(operation: str, width: int, arguments: list[np.ndarray], rest: list) -> np.ndarray:
    if width not in _FLOATS:
        return arguments[0]
    if operation == "scvtf":
        return _bits(_signed(arguments[0], rest[1]), width)
    if operation == "ucvtf":
        return _bits(arguments[0] & _mask(rest[1]) if len(rest) > 1 else arguments[0], width)
    if operation == "fcvtz":
        return _float(arguments[0], rest[1]).astype(np.int64).view(np.uint64) if rest[1] in _FLOATS else arguments[0]
    if operation == "fcvt":
        return _bits(_float(arguments[0], rest[1]), width) if rest[1] in _FLOATS else arguments[0]
    values = [_float(each, width) for each in arguments]
    result = {"fadd": lambda: values[0] + values[1], "fsub": lambda: values[0] - values[1], "fmul": lambda: values[0] * values[1],
              "fdiv": lambda: values[0] / values[1], "fneg": lambda: -values[0], "fabs": lambda: np.abs(values[0]),
              "fsqrt": lambda: np.sqrt(values[0])}[operation]()
    return _bits(result, width)


def _reversed(values: np.ndarray, operation: str, width: int) -> np.ndarray:
    size = {"rev": width, "rev16": 16, "rev32": 32, "rev64": 64, "rbit": width}[operation] // 8
    bytes_ = values.copy().view(np.uint8).reshape(-1, 8)
    if operation == "rbit":
        bytes_ = np.packbits(np.unpackbits(bytes_, axis=1, bitorder="little"), axis=1, bitorder="big")
    turned = bytes_[:, : width // 8].reshape(len(values), -1, size)[:, :, ::-1].reshape(len(values), -1)
    result = np.zeros((len(values), 8), np.uint8)
    result[:, : width // 8] = turned
    return result.view(np.uint64)[:, 0]


Found = tuple[np.ndarray, np.ndarray, np.ndarray] | None  # rows that can be, what the argument must be, which bits of it


def _below(care: np.ndarray) -> np.ndarray:
    """All bits up to the highest one of `care`."""
    for shift in (1, 2, 4, 8, 16, 32):
        care = care | care >> np.uint64(shift)
    return care


def _inverted(
    rng: np.random.Generator, operation: str, width: int, chosen: int, wants: np.ndarray, care: np.ndarray, other: np.ndarray | None, rest: list
) -> Found:
    """What argument `chosen` must be, where the other is `other` (None: the same as this one)."""
    every = np.ones(len(wants), bool)
    if operation in ("rev", "rev16", "rev32", "rev64", "rbit"):
        return every, _reversed(wants, operation, width), _reversed(care, operation, width)
    if operation == "sext":
        return every, wants, care & _mask(rest[1])
    if operation == "select":
        return every, wants, care
    if operation[0] == "f" or operation.endswith("cvtf"):
        return _inverted_float(operation, width, chosen, wants, other, rest)
    if other is None:
        return (every, _square_root(wants), _below(care)) if operation == "mul" else None
    if operation == "xor":
        return every, wants ^ other, care
    if operation in ("add", "sub"):
        new = wants - other if operation == "add" else wants + other if chosen == 0 else other - wants
        return every, new, _below(care)
    if operation == "and":
        return every, wants, care & other
    if operation == "or":
        return every, wants, care & ~other
    if operation in _SHIFTS:
        return _inverted_shift(operation, width, wants, care, other & np.uint64(width - 1))
    if operation == "mul":
        return _inverted_product(width, wants, _below(care), other & _mask(width))
    if operation in ("udiv", "sdiv") and chosen == 0:
        remainder = rng.integers(0, 1 << 62, len(wants), np.uint64) % np.maximum(other, np.uint64(1))
        return every, wants * other + remainder, np.full(len(wants), _mask(width))
    return None


def _inverted_shift(operation: str, width: int, wants: np.ndarray, care: np.ndarray, amount: np.ndarray) -> Found:
    every = np.ones(len(wants), bool)
    if operation == "shl":
        return every, wants >> amount, care >> amount
    if operation in ("lsr", "asr"):
        return every, wants << amount, care << amount & _mask(width)
    back = np.uint64(width) - amount & np.uint64(width - 1)
    turn = [each << amount & _mask(width) | (each & _mask(width)) >> back for each in (wants, care)]
    return every, *(np.where(amount == 0, one, two) for one, two in zip((wants, care), turn))


def _inverted_product(width: int, wants: np.ndarray, care: np.ndarray, other: np.ndarray) -> Found:
    lowest = other & (np.uint64(0) - other)
    good = (other != 0) & (wants & (lowest - np.uint64(1)) == 0)
    zeros = np.zeros(len(other), np.uint64)
    for shift in (32, 16, 8, 4, 2, 1):
        zeros += np.where(lowest >> zeros >= np.uint64(1 << shift), np.uint64(shift), np.uint64(0))
    odd = other >> zeros | np.uint64(1)
    inverse = odd
    for _ in range(5):
        inverse = inverse * (np.uint64(2) - odd * inverse)
    small = (wants & _mask(width)) // np.maximum(other, np.uint64(1))  # so that a wide product is as wanted too
    exact = small * other == wants & _mask(width)
    return good, np.where(exact, small, (wants >> zeros) * inverse), care


def _square_root(wants: np.ndarray) -> np.ndarray:
    """Over the integers where there is one, else modulo 2**64, from the lowest bit up."""
    root = np.sqrt(wants.astype(np.float64)).astype(np.uint64)
    for near in (root + np.uint64(1), root - np.uint64(1)):
        root = np.where(near * near == wants, near, root)
    odd = np.ones(len(wants), np.uint64)
    for bit in range(3, 64):
        odd += ((odd * odd ^ wants) >> np.uint64(bit) & np.uint64(1)) << np.uint64(bit - 1)
    return np.where(root * root == wants, root, odd)


def _inverted_float(operation: str, width: int, chosen: int, wants: np.ndarray, other: np.ndarray | None, rest: list) -> Found:
    if width not in _FLOATS and operation != "fcvtz":
        return None
    every, care = np.ones(len(wants), bool), np.full(len(wants), _mask(rest[1] if operation in ("scvtf", "fcvt", "fcvtz") else width))
    if operation == "fcvtz":
        return (every, _bits(_signed(wants, width), rest[1]), care) if rest[1] in _FLOATS else None
    value = _float(wants, width)
    if operation == "fcvt":
        return (every, _bits(value, rest[1]), care) if rest[1] in _FLOATS else None
    if operation in ("scvtf", "ucvtf"):
        return every, value.astype(np.int64).view(np.uint64), care
    if operation in ("fneg", "fabs", "fsqrt"):
        return every, _bits({"fneg": -value, "fabs": value, "fsqrt": value * value}[operation], width), care
    if other is None:
        new = {"fmul": np.sqrt(value), "fadd": value / 2}.get(operation, value)
        return every, _bits(new, width), care
    known = _float(other, width)
    new = {"fadd": value - known, "fsub": value + known if chosen == 0 else known - value,
           "fmul": value / known, "fdiv": value * known if chosen == 0 else known / value}[operation]
    return every, _bits(new, width), care
