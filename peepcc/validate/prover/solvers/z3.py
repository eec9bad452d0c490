"""Terms for z3: the one importer of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import z3

from ..terms.term import Term, subterms
from .model import Model


class Z3:
    """Whether `required` (1-bit terms) can all be 1."""

    def __init__(self, required: Sequence[Term]):
        self._context = z3.Context()
        self._made: dict[int, z3.ExprRef] = {}
        self._variables: dict[str, z3.ExprRef] = {}
        self._memory = z3.Array("memory", z3.BitVecSort(64, self._context), z3.BitVecSort(8, self._context))
        self._solver = z3.Solver(ctx=self._context)
        for term in subterms(required):
            self._made[term.number] = self._term(term)
        self._solver.add(*(self._made[term.number] == self._const(1, 1) for term in required))

    def check(self, seconds: float) -> bool | None:
        """None: no answer in time."""
        self._solver.set("timeout", max(1, int(seconds * 1000)))
        answer = self._solver.check()
        return True if answer == z3.sat else False if answer == z3.unsat else None

    def model(self) -> Model:
        found = self._solver.model()

        def number(term: Any) -> int:
            return int(found.eval(term, model_completion=True).as_long())

        return Model(
            {name: number(term) for name, term in self._variables.items()},
            lambda address: number(z3.Select(self._memory, self._const(address, 64))),
        )

    def _const(self, value: int, width: int) -> Any:
        return z3.BitVecVal(value, width, self._context)

    def _term(self, term: Term) -> Any:
        args = [self._made[arg.number] for arg in term.args]
        match term.op:
            case "const":
                return self._const(term.data, term.width)
            case "var":
                self._variables[term.data] = found = z3.BitVec(term.data, term.width, self._context)
                return found
            case "and" | "or" | "xor" | "mul":
                return self._folded(term.op, args)
            case "not":
                return ~args[0]
            case "lin":
                result = self._const(term.data[0], term.width)
                for factor, arg in zip(term.data[1], args):
                    result = result + arg * self._const(factor, term.width)
                return result
            case "extract":
                return z3.Extract(term.data + term.width - 1, term.data, args[0])
            case "concat":
                return z3.Concat(*args)
            case "sext":
                return z3.SignExt(term.width - term.args[0].width, args[0])
            case "ite":
                return z3.If(args[0] == self._const(1, 1), args[1], args[2])
            case "eq":
                return self._bit(args[0] == args[1])
            case "ult":
                return self._bit(z3.ULT(*args))
            case "slt":
                return self._bit(args[0] < args[1])
            case "shl":
                return args[0] << args[1]
            case "lshr":
                return z3.LShR(*args)
            case "ashr":
                return args[0] >> args[1]
            case "udiv":
                return z3.UDiv(*args)
            case "sdiv":
                return args[0] / args[1]
        return self._rare(term, args)

    def _rare(self, term: Term, args: list[Any]) -> Any:
        match term.op:
            case "uf":
                name = f"{term.data} {term.width} {[arg.width for arg in term.args]}"
                return z3.Function(name, *(arg.sort() for arg in args), z3.BitVecSort(term.width, self._context))(*args)
            case "clz":
                result = self._const(term.width, term.width)
                for bit in range(term.width):
                    result = z3.If(
                        z3.Extract(bit, bit, args[0]) == self._const(1, 1),
                        self._const(term.width - 1 - bit, term.width),
                        result,
                    )
                return result
            case "memory":
                return self._memory
            case "load":
                found = [z3.Select(args[0], args[1] + self._const(k, 64)) for k in reversed(range(term.width // 8))]
                return z3.Concat(*found) if len(found) > 1 else found[0]
            case "group":
                memory = args[0]
                for offset, value, size in zip(term.data, args[2:], (arg.width for arg in term.args[2:])):
                    for k in range(size // 8):
                        memory = z3.Store(
                            memory, args[1] + self._const(offset + k, 64), z3.Extract(8 * k + 7, 8 * k, value)
                        )
                return memory
        raise KeyError(term.op)

    def _folded(self, op: str, args: list[Any]) -> Any:
        result = args[0]
        for arg in args[1:]:
            result = (
                result & arg
                if op == "and"
                else result | arg
                if op == "or"
                else result ^ arg
                if op == "xor"
                else result * arg
            )
        return result

    def _bit(self, test: Any) -> Any:
        return z3.If(test, self._const(1, 1), self._const(0, 1))
