"""Bit-vector terms: hash-consed, so that equal terms are one object within one proof.

Values only, with what any of them means (`Evaluator`); `prove_bits` and `prove_arithmetic`
bring terms into normal form when they are made. A term of width 0 is a memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ....errors import PeepccError

_MOST_TERMS = 60_000  # far more than what is ever proved has

Uninterpreted = Callable[[str, tuple[int, ...], int], int]  # name, arguments, width -> value


class Unproved(PeepccError):
    """The prover cannot say anything; `reason` is a few words, up to the first colon the same for the same cause."""


class Term:
    """`op` over `args`, `width` bits; `data` holds what is no term. Made by `Table.make` only.

    const: value. var: name. lin: (constant, coefficients of args). extract: lowest bit.
    uf: name. group: offsets of the stored args[2:] from the address args[1], on the memory args[0].
    and, or, xor, mul and concat (high part first) have two or more args.
    """

    __slots__ = ("args", "data", "number", "op", "width")

    def __init__(self, op: str, args: tuple[Term, ...], width: int, data, number: int):
        self.op, self.args, self.width, self.data, self.number = op, args, width, data, number

    def __repr__(self) -> str:
        data = "" if self.data is None else f"{self.data!r}" if self.op != "const" else f"{self.data:#x}"
        return f"{self.op}{self.width}({', '.join(filter(None, (data, *map(repr, self.args))))})"


class Table:
    """All terms of one proof."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}
        self.extracts: dict[tuple[int, int, int], Term] = {}
        self.true = self.const(1, 1)
        self.false = self.const(0, 1)

    def make(self, op: str, args: tuple[Term, ...], width: int, data=None) -> Term:
        """The term as it stands, without simplification. Raises Unproved when there are too many."""
        key = (op, width, data, *(arg.number for arg in args))
        found = self._terms.get(key)
        if found is None:
            if len(self._terms) > _MOST_TERMS:
                raise Unproved("the terms grow too large")
            found = self._terms[key] = Term(op, args, width, data, len(self._terms))
        return found

    def const(self, value: int, width: int) -> Term:
        return self.make("const", (), width, value & ((1 << width) - 1))

    def var(self, name: str, width: int) -> Term:
        return self.make("var", (), width, name)

    def uf(self, name: str, args: Iterable[Term], width: int) -> Term:
        return self.make("uf", tuple(args), width, name)


def subterms(roots: Iterable[Term]) -> Iterator[Term]:
    """Every term below `roots`, once, each after its arguments."""
    done: set[int] = set()
    stack = [(root, False) for root in roots]
    while stack:
        term, ready = stack.pop()
        if term.number in done:
            continue
        if ready:
            done.add(term.number)
            yield term
        else:
            stack.append((term, True))
            stack.extend((arg, False) for arg in term.args if arg.number not in done)


def signed(value: int, width: int) -> int:
    return value - (value >> width - 1 << width)


class Evaluator:
    """Says what `roots` are for given inputs: one Python function, made once and called for many inputs."""

    def __init__(self, roots: Iterable[Term]):
        roots = tuple(roots)
        lines = [f"    t{term.number} = {_code(term)}" for term in subterms(roots)]
        result = ", ".join(f"t{root.number}" for root in roots)
        space = {"stored": _stored, "loaded": _loaded, "quotient": _quotient}
        exec(
            "\n".join(("def run(variables, memory, uninterpreted):", *lines, f"    return [{result}]")), space
        )  # only numbers and names of ours
        self._run = space["run"]

    def __call__(
        self, variables: Mapping[str, int], memory: Callable[[int], int], uninterpreted: Uninterpreted
    ) -> list:
        """Values of the roots; a memory is address -> byte of what was written.

        `memory`: the byte at an address at entry.

        Raises KeyError for a variable that is missing.
        """
        return self._run(variables, memory, uninterpreted)


def _code(term: Term) -> str:
    """The value of a term as a Python expression over those of its arguments."""
    args = [f"t{arg.number}" for arg in term.args]
    mask, joined = (1 << term.width) - 1, ", ".join(args)
    inner = term.args[0].width if args else 0
    half = 1 << inner >> 1
    match term.op:
        case "const":
            return f"{term.data}"
        case "var":
            return f"variables[{term.data!r}] & {mask}"
        case "uf":
            return f"uninterpreted({term.data!r}, ({joined},), {term.width})"
        case "memory":
            return "{}"
        case "group":
            sizes = tuple(arg.width // 8 for arg in term.args[2:])
            return f"stored({args[0]}, {args[1]}, {term.data}, {sizes}, ({', '.join(args[2:])},))"
        case "load":
            return f"loaded({joined}, {term.width // 8}, memory)"
        case "lin":
            return f"({term.data[0]} + {' + '.join(f'{k} * {arg}' for k, arg in zip(term.data[1], args))}) & {mask}"
        case "mul":
            return f"({' * '.join(args)}) & {mask}"
        case "and" | "or" | "xor":
            return {"and": " & ", "or": " | ", "xor": " ^ "}[term.op].join(args)
        case "not":
            return f"{args[0]} ^ {mask}"
        case "extract":
            return f"{args[0]} >> {term.data} & {mask}"
        case "concat":
            places = [sum(arg.width for arg in term.args[k + 1 :]) for k in range(len(args))]
            return " | ".join(f"{arg} << {place}" for arg, place in zip(args, places))
        case "sext":
            return f"({args[0]} ^ {half}) - {half} & {mask}"
        case "ite":
            return f"{args[1]} if {args[0]} else {args[2]}"
        case "eq":
            return f"int({args[0]} == {args[1]})"
        case "ult":
            return f"int({args[0]} < {args[1]})"
        case "slt":
            return f"int({args[0]} ^ {half} < {args[1]} ^ {half})"
        case "shl":
            return f"{args[0]} << {args[1]} & {mask} if {args[1]} < {term.width} else 0"
        case "lshr":
            return f"{args[0]} >> min({args[1]}, {term.width})"
        case "ashr":
            return f"({args[0]} ^ {half}) - {half} >> min({args[1]}, {term.width}) & {mask}"
        case "udiv" | "sdiv":
            return f"quotient({term.op!r}, {joined}, {term.width})"
        case "clz":
            return f"{term.width} - {args[0]}.bit_length()"
    raise KeyError(term.op)


def _stored(
    written: dict[int, int], address: int, offsets: tuple[int, ...], sizes: tuple[int, ...], values: tuple[int, ...]
) -> dict[int, int]:
    """Address -> byte, for all that was written."""
    written = dict(written)
    for offset, size, value in zip(offsets, sizes, values):
        for k in range(size):
            written[address + offset + k & (1 << 64) - 1] = value >> 8 * k & 0xFF
    return written


def _loaded(written: dict[int, int], address: int, size: int, memory: Callable[[int], int]) -> int:
    found = (address + k & (1 << 64) - 1 for k in range(size))
    return sum((written[at] if at in written else memory(at)) << 8 * k for k, at in enumerate(found))


def _quotient(op: str, one: int, two: int, width: int) -> int:
    """As SMT-LIB has it: by zero is all ones, or 1 for a negative dividend."""
    if op == "udiv":
        return one // two if two else (1 << width) - 1
    one, two = signed(one, width), signed(two, width)
    if not two:
        return 1 if one < 0 else (1 << width) - 1
    return (abs(one) // abs(two) * (1 if (one < 0) == (two < 0) else -1)) & (1 << width) - 1
