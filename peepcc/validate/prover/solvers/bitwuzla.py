"""Terms for Bitwuzla: the one importer of it."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from typing import Any

import bitwuzla
from bitwuzla import Kind, Option, Result

from ..terms.term import Term, subterms
from .model import Model

_PLAIN = {
    "and": Kind.BV_AND,
    "or": Kind.BV_OR,
    "xor": Kind.BV_XOR,
    "not": Kind.BV_NOT,
    "concat": Kind.BV_CONCAT,
    "mul": Kind.BV_MUL,
    "shl": Kind.BV_SHL,
    "lshr": Kind.BV_SHR,
    "ashr": Kind.BV_ASHR,
    "udiv": Kind.BV_UDIV,
    "sdiv": Kind.BV_SDIV,
}
_MEMORY = 512  # MB that the process may grow by before the solver gives up
_TESTS = {"eq": Kind.EQUAL, "ult": Kind.BV_ULT, "slt": Kind.BV_SLT}


class Bitwuzla:
    """Whether `required` (1-bit terms) can all be 1."""

    def __init__(self, required: Sequence[Term]):
        self._manager = bitwuzla.TermManager()
        self._made: dict[int, bitwuzla.Term] = {}
        self._functions: dict[tuple[object, ...], bitwuzla.Term] = {}
        self._variables: dict[str, bitwuzla.Term] = {}
        m = self._manager
        self._byte, self._address = m.mk_bv_sort(8), m.mk_bv_sort(64)
        self._memory = m.mk_const(m.mk_array_sort(self._address, self._byte), "memory")
        self._one = m.mk_bv_value(m.mk_bv_sort(1), 1)
        for term in subterms(required):
            self._made[term.number] = self._term(term)
        options = bitwuzla.Options()
        options.set(Option.PRODUCE_MODELS, True)
        options.set(
            Option.MEMORY_LIMIT, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + _MEMORY
        )  # it counts the whole process
        self._options = options
        self._holding = [m.mk_term(Kind.EQUAL, [self._made[term.number], self._one]) for term in required]
        self._solver: Any = None

    def check(self, seconds: float) -> bool | None:
        """None: no answer in time, or in the memory."""
        self._options.set(Option.TIME_LIMIT_PER, max(1, int(seconds * 1000)))
        self._solver = bitwuzla.Bitwuzla(self._manager, self._options)
        for each in self._holding:
            self._solver.assert_formula(each)
        return {Result.SAT: True, Result.UNSAT: False}.get(self._solver.check_sat())

    def model(self) -> Model:
        m = self._manager

        def byte(address: int) -> int:
            select = m.mk_term(Kind.ARRAY_SELECT, [self._memory, m.mk_bv_value(self._address, address)])
            return self._number(select)

        return Model({name: self._number(term) for name, term in self._variables.items()}, byte)

    def _number(self, term: Any) -> int:
        return int(self._solver.get_value(term).value(10))

    def _term(self, term: Term) -> Any:
        m, args = self._manager, [self._made[arg.number] for arg in term.args]
        op = term.op
        if op in _PLAIN:
            return m.mk_term(_PLAIN[op], args)
        if op in _TESTS:
            return m.mk_term(Kind.ITE, [m.mk_term(_TESTS[op], args), self._one, m.mk_bv_value(m.mk_bv_sort(1), 0)])
        if op == "const":
            return m.mk_bv_value(m.mk_bv_sort(term.width), term.data)
        if op == "var":
            self._variables[term.data] = found = m.mk_const(m.mk_bv_sort(term.width), term.data)
            return found
        if op == "lin":
            return self._sum(term, args)
        if op == "extract":
            return m.mk_term(Kind.BV_EXTRACT, args, [term.data + term.width - 1, term.data])
        if op == "sext":
            return m.mk_term(Kind.BV_SIGN_EXTEND, args, [term.width - term.args[0].width])
        if op == "ite":
            return m.mk_term(Kind.ITE, [m.mk_term(Kind.EQUAL, [args[0], self._one]), *args[1:]])
        if op == "uf":
            return self._applied(term, args)
        if op == "clz":
            return self._leading(term, args[0])
        if op == "memory":
            return self._memory
        if op == "load":
            places = [self._at(args[1], k) for k in reversed(range(term.width // 8))]
            found = [m.mk_term(Kind.ARRAY_SELECT, [args[0], place]) for place in places]
            return m.mk_term(Kind.BV_CONCAT, found) if len(found) > 1 else found[0]
        if op == "group":
            return self._stored(term, args)
        raise KeyError(op)

    def _sum(self, term: Term, args: list[Any]) -> Any:
        m, sort = self._manager, self._manager.mk_bv_sort(term.width)
        constant, factors = term.data
        minus = (1 << term.width) - 1
        parts = [m.mk_bv_value(sort, constant)] if constant else []
        for factor, arg in zip(factors, args):
            parts.append(
                arg
                if factor == 1
                else m.mk_term(Kind.BV_NEG, [arg])
                if factor == minus
                else m.mk_term(Kind.BV_MUL, [arg, m.mk_bv_value(sort, factor)])
            )
        return m.mk_term(Kind.BV_ADD, parts) if len(parts) > 1 else parts[0]

    def _at(self, address: Any, offset: int) -> Any:
        m = self._manager
        return (
            m.mk_term(Kind.BV_ADD, [address, m.mk_bv_value(self._address, offset & (1 << 64) - 1)])
            if offset
            else address
        )

    def _stored(self, term: Term, args: list[Any]) -> Any:
        m, memory = self._manager, args[0]
        for offset, value, size in zip(term.data, args[2:], (arg.width for arg in term.args[2:])):
            for k in range(size // 8):
                byte = m.mk_term(Kind.BV_EXTRACT, [value], [8 * k + 7, 8 * k])
                memory = m.mk_term(Kind.ARRAY_STORE, [memory, self._at(args[1], offset + k), byte])
        return memory

    def _applied(self, term: Term, args: list[Any]) -> Any:
        m = self._manager
        key = (term.data, term.width, tuple(arg.width for arg in term.args))
        if key not in self._functions:
            sort = m.mk_fun_sort([m.mk_bv_sort(arg.width) for arg in term.args], m.mk_bv_sort(term.width))
            self._functions[key] = m.mk_const(sort, f"f{len(self._functions)}")
        return m.mk_term(Kind.APPLY, [self._functions[key], *args])

    def _leading(self, term: Term, arg: Any) -> Any:
        m, sort = self._manager, self._manager.mk_bv_sort(term.width)
        result = m.mk_bv_value(sort, term.width)
        for bit in range(term.width):
            test = m.mk_term(Kind.EQUAL, [m.mk_term(Kind.BV_EXTRACT, [arg], [bit, bit]), self._one])
            result = m.mk_term(Kind.ITE, [test, m.mk_bv_value(sort, term.width - 1 - bit), result])
        return result
