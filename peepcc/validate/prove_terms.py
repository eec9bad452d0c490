"""Bit-vector terms: hash-consed, so that equal terms are one object within one proof.

Values only, with what any of them means (`Evaluator`); `prove_bits` and `prove_arithmetic`
bring terms into normal form when they are made. A term of width 0 is a memory.
"""

from __future__ import annotations

from typing import Callable, Iterable, Iterator, Mapping

Uninterpreted = Callable[[str, tuple[int, ...], int], int]  # name, arguments, width -> value


class Term:
    """`op` over `args`, `width` bits; `data` holds what is no term. Made by `Table.make` only.

    const: value. var: name. lin: (constant, coefficients of args). extract: lowest bit.
    uf: name. group: offsets of the stored args[2:] from the address args[1], on the memory args[0].
    and, or, xor, mul and concat (high part first) have two or more args.
    """

    __slots__ = ("op", "args", "width", "data", "number")

    def __init__(self, op: str, args: tuple["Term", ...], width: int, data, number: int):
        self.op, self.args, self.width, self.data, self.number = op, args, width, data, number

    def __repr__(self) -> str:
        data = "" if self.data is None else f"{self.data!r}" if self.op != "const" else f"{self.data:#x}"
        return f"{self.op}{self.width}({', '.join(filter(None, (data, *map(repr, self.args))))})"


class Table:
    """All terms of one proof."""

    def __init__(self):
        self._terms: dict[tuple, Term] = {}
        self.true = self.const(1, 1)
        self.false = self.const(0, 1)

    def make(self, op: str, args: tuple[Term, ...], width: int, data=None) -> Term:
        """The term as it stands, without simplification."""
        key = (op, width, data, *(arg.number for arg in args))
        found = self._terms.get(key)
        if found is None:
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
    """Says what `roots` are for given inputs; for many inputs, the order of work is found once."""

    def __init__(self, roots: Iterable[Term]):
        self._roots = tuple(roots)
        self._order = tuple(subterms(self._roots))

    def __call__(self, variables: Mapping[str, int], memory: Callable[[int], int], uninterpreted: Uninterpreted) -> list:
        """Values of the roots; a memory is address -> byte of what was written. `memory`: the byte at an address at entry.

        Raises KeyError for a variable that is missing.
        """
        values: dict[int, object] = {}
        for term in self._order:
            args = [values[arg.number] for arg in term.args]
            values[term.number] = self._of(term, args, variables, memory, uninterpreted)
        return [values[root.number] for root in self._roots]

    def _of(self, term: Term, args: list, variables, memory, uninterpreted):
        match term.op:
            case "const":
                return term.data
            case "var":
                return variables[term.data] & (1 << term.width) - 1
            case "uf":
                return uninterpreted(term.data, tuple(args), term.width)
            case "memory":
                return {}
            case "group":
                return _stored(term, args)
            case "load":
                written, address = args
                found = (address + k & (1 << 64) - 1 for k in range(term.width // 8))
                return sum((written[at] if at in written else memory(at)) << 8 * k for k, at in enumerate(found))
        return _value(term, args)


def _stored(term: Term, args: list) -> dict[int, int]:
    """Address -> byte, for all that was written."""
    written = dict(args[0])
    for offset, value, value_term in zip(term.data, args[2:], term.args[2:]):
        for k in range(value_term.width // 8):
            written[(args[1] + offset + k) & (1 << 64) - 1] = value >> 8 * k & 0xFF
    return written


def _value(term: Term, args: list[int]) -> int:
    width, mask = term.width, (1 << term.width) - 1
    inner = term.args[0].width
    match term.op:
        case "lin":
            return (term.data[0] + sum(k * v for k, v in zip(term.data[1], args))) & mask
        case "mul":
            result = 1
            for value in args:
                result = result * value & mask
            return result
        case "and" | "or" | "xor":
            result = args[0]
            for value in args[1:]:
                result = result & value if term.op == "and" else result | value if term.op == "or" else result ^ value
            return result
        case "not":
            return ~args[0] & mask
        case "extract":
            return args[0] >> term.data & mask
        case "concat":
            result = 0
            for arg, value in zip(term.args, args):
                result = result << arg.width | value
            return result
        case "sext":
            return signed(args[0], inner) & mask
        case "ite":
            return args[1] if args[0] else args[2]
        case "eq":
            return int(args[0] == args[1])
        case "ult":
            return int(args[0] < args[1])
        case "slt":
            return int(signed(args[0], inner) < signed(args[1], inner))
        case "shl":
            return args[0] << args[1] & mask if args[1] < width else 0
        case "lshr":
            return args[0] >> args[1]
        case "ashr":
            return signed(args[0], width) >> min(args[1], width) & mask
        case "udiv":
            return args[0] // args[1] if args[1] else mask
        case "sdiv":
            one, two = signed(args[0], width), signed(args[1], width)
            if not two:
                return 1 if one < 0 else mask
            return (abs(one) // abs(two) * (1 if (one < 0) == (two < 0) else -1)) & mask
        case "clz":
            return width - args[0].bit_length()
    raise KeyError(term.op)
