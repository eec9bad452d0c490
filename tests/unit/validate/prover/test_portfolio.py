"""What is told to the solvers means what the terms mean: each solver agrees with the evaluator on values that are
given.
"""

import itertools
import random
import resource
import time

import pytest

from peepcc.validate.prover.solvers import bitwuzla as prove_bitwuzla
from peepcc.validate.prover.solvers.bitwuzla import Bitwuzla
from peepcc.validate.prover.solvers.portfolio import satisfiable
from peepcc.validate.prover.solvers.z3 import Z3
from peepcc.validate.prover.symbolic.memory import Terms
from peepcc.validate.prover.terms.term import Evaluator

pytestmark = pytest.mark.alone


def sums(t, x, y, c):
    """Each operation that a term may have, once: 64-bit x and y, 1-bit c."""
    low, memory = t.extract(y, 31, 0), t.store(t.store(t.memory(), x, y), t.plus(y, 3), t.extract(x, 15, 0))
    yield from (
        t.lin(5, ((3, x), (-7, y)), 64),
        t.mul(x, y),
        t.not_(x),
        t.concat((low, t.extract(x, 40, 9))),
        t.sext(low, 64),
    )
    yield from (t.bitwise(op, x, y) for op in ("and", "or", "xor"))
    yield from (t.ite(c, x, y), t.eq(x, y), t.ult(x, y), t.slt(x, y), t.clz(x))
    yield from (t.shl(x, y), t.lshr(x, y), t.ashr(x, y), t.divide("udiv", x, y), t.divide("sdiv", x, y))
    yield from (t.load(memory, t.plus(x, 2), 64), t.load(memory, y, 16))


CASES = [
    (
        random.Random(n).choice((0, 1, 5, 63, 64, 1 << 63, (1 << 64) - 1, random.Random(n).getrandbits(64))),
        random.Random(-n).choice((0, 1, 3, 60, 64, (1 << 64) - 1, random.Random(n + 9).getrandbits(64))),
        n & 1,
    )
    for n in range(1, 3)
]


@pytest.mark.parametrize("solver", [Bitwuzla, Z3])
@pytest.mark.parametrize("case", CASES)
def test_values_are_those_of_the_evaluator(solver, case):
    t = Terms()
    x, y, c = t.var("x", 64), t.var("y", 64), t.var("c", 1)
    given = [t.eq(x, t.const(case[0], 64)), t.eq(y, t.const(case[1], 64)), t.eq(c, t.const(case[2], 1))]
    held = {case[0] + k & (1 << 64) - 1: 17 * k + 5 & 0xFF for k in range(-8, 24)}
    variables = dict(zip("xyc", case))
    for term in sums(t, x, y, c):
        value = Evaluator([term])(variables, lambda at: held.get(at, 0), lambda *_: 0)[0]
        entry = t.and_(
            *(
                t.eq(t.load(t.memory(), t.const(at + k, 64), 8), t.const(held.get(at + k & (1 << 64) - 1, 0), 8))
                for at in case[:2]
                for k in range(12)
            )
        )
        same = t.eq(term, t.const(value, term.width))
        assert solver([*given, entry, same]).check(5.0) is True, term
        assert solver([*given, entry, t.not_(same)]).check(5.0) is False, term


@pytest.mark.parametrize("solver", [Bitwuzla, Z3])
def test_a_model_satisfies(solver):
    t = Terms()
    x, y = t.var("x", 64), t.var("y", 64)
    wanted = [
        t.ult(x, y),
        t.eq(t.plus(t.mul(t.extract(x, 7, 0), t.extract(y, 7, 0)), 1), t.const(12, 8)),
        t.eq(t.load(t.store(t.memory(), x, y), t.plus(x, 4), 64), t.const(77 << 32, 64)),
    ]
    found = solver(wanted)
    assert found.check(5.0) is True
    model = found.model()
    assert Evaluator(wanted)(model.variables, model.byte, lambda *_: 0) == [1, 1, 1]


@pytest.mark.parametrize("solver", [Bitwuzla, Z3])
def test_functions_are_any_functions(solver):
    t = Terms()
    x, y = t.var("x", 64), t.var("y", 64)
    one, two = t.uf("AddF64", (x, y), 64), t.uf("AddF64", (y, x), 64)
    assert solver([t.not_(t.eq(one, two))]).check(5.0) is True
    assert solver([t.not_(t.eq(one, two)), t.eq(x, y)]).check(5.0) is False


@pytest.mark.parametrize("solver", [Bitwuzla, Z3])
def test_time_is_kept(solver):
    t = Terms()
    x, y, z = (t.var(name, 64) for name in "xyz")
    hard = [
        t.eq(t.mul(t.mul(x, y), z), t.const((1 << 61) - 1, 64)),
        t.ult(t.const(1 << 20, 64), x),
        t.ult(x, y),
        t.ult(y, z),
        t.ult(z, t.const(1 << 40, 64)),
        t.eq(t.extract(t.mul(t.zext(x, 128), t.zext(y, 128)), 127, 64), t.const(3, 64)),
    ]
    began = time.monotonic()
    solver(hard).check(0.5)
    assert time.monotonic() - began < 2.5


def test_memory_is_kept(monkeypatch):
    """Sixteen stores to addresses in any order take Bitwuzla hundreds of MB in a few seconds, where it may."""
    t = Terms()
    addresses, values = ([t.var(f"{name}{k}", 64) for k in range(16)] for name in "av")
    forwards = backwards = t.memory()
    for address, value in zip(addresses, values):
        forwards = t.store(forwards, address, value)
    for address, value in reversed(list(zip(addresses, values))):
        backwards = t.store(backwards, address, value)
    apart = [t.ult(t.plus(one, 8), two) for one, two in itertools.pairwise(addresses)]
    question = [t.or_(*(t.not_(t.eq(t.load(forwards, at, 64), t.load(backwards, at, 64))) for at in addresses)), *apart]
    monkeypatch.setattr(prove_bitwuzla, "_MEMORY", 20)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Bitwuzla(question).check(20.0) is None
    assert time.monotonic() - began < 15 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 << 10
    assert (
        Bitwuzla([t.ult(addresses[0], addresses[1])]).check(5.0) is True
    )  # what was used once does not count against what comes


def test_the_second_solver_gets_what_the_first_leaves(monkeypatch):
    t = Terms()
    x = t.var("x", 32)
    monkeypatch.setattr(Bitwuzla, "check", lambda self, seconds: None)
    never = t.eq(
        t.bitwise("and", t.mul(x, x), t.const(2, 32)), t.const(2, 32)
    )  # a square is 0, 1 or 4 modulo 8, and 0 or 1 modulo 4
    answer, _, name = satisfiable([never], (), time.monotonic() + 5)
    assert (answer, name) == (False, "z3")
    assert satisfiable([never], (), time.monotonic() - 1) == (None, None, "")
