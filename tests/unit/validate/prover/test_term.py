"""The rules that bring terms into normal form: what comes out has the value of what went in, on random values."""

import random

import pytest

from peepcc.validate.prover.symbolic.memory import Terms
from peepcc.validate.prover.terms.term import Evaluator, Term

WIDTHS = (1, 8, 16, 32, 64)


def signed(value, width):
    return value - (value >> width - 1 << width)


def mask(width):
    return (1 << width) - 1


class Pair:
    """Makes a term and computes its value at the same time."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.terms = Terms()
        self.variables = {}
        self.pool: list[tuple[Term, int]] = []
        for width in WIDTHS:
            for n in range(3):
                name, value = f"v{width}.{n}", self.corner(width)
                self.variables[name] = value
                self.pool.append((self.terms.var(name, width), value))
            for value in (0, 1, mask(width), 1 << width - 1, self.rng.getrandbits(width)):
                self.pool.append((self.terms.const(value, width), value & mask(width)))

    def corner(self, width):
        return self.rng.choice(
            (
                0,
                1,
                mask(width),
                1 << width - 1,
                (1 << width - 1) - 1,
                self.rng.getrandbits(width),
                self.rng.getrandbits(width),
            )
        ) & mask(width)

    def any(self, width=None):
        found = self.rng.choice(self.pool[-30:] if self.rng.random() < 0.5 else self.pool)
        return found if width is None or found[0].width == width else self.fitted(found, width)

    def fitted(self, found, width):
        term, value = found
        if term.width > width:
            low = self.rng.randrange(term.width - width + 1)
            return self.terms.extract(term, low + width - 1, low), value >> low & mask(width)
        if self.rng.random() < 0.5:
            return self.terms.zext(term, width), value
        return self.terms.sext(term, width), signed(value, term.width) & mask(width)

    def step(self):
        t, rng = self.terms, self.rng
        one, a = self.any()
        width = one.width
        two, b = self.any(width)
        constant = rng.random() < 0.3
        amount = t.const(rng.randrange(width + 2), width) if constant else two
        by = amount.data if constant else b
        condition, c = self.any(1)
        low = rng.randrange(width)
        high = rng.randrange(low, width)
        choices = [
            lambda: (t.add(one, two), a + b),
            lambda: (t.minus(one, two), a - b),
            lambda: (t.mul(one, two), a * b),
            lambda: (t.negative(one), -a),
            lambda: (t.not_(one), ~a),
            lambda: (t.plus(one, b), a + b),
            lambda: (t.bitwise("and", one, two), a & b),
            lambda: (t.bitwise("or", one, two), a | b),
            lambda: (t.bitwise("xor", one, two), a ^ b),
            lambda: (t.extract(one, high, low), a >> low),
            lambda: (t.concat((two, one)), b << width | a) if width <= 32 else (one, a),
            lambda: (t.ite(condition, one, two), a if c else b),
            lambda: (t.shl(one, amount), a << by if by < width else 0),
            lambda: (t.lshr(one, amount), a >> by),
            lambda: (t.ashr(one, amount), signed(a, width) >> min(by, width)),
            lambda: (t.eq(one, two), a == b),
            lambda: (t.ult(one, two), a < b),
            lambda: (t.slt(one, two), signed(a, width) < signed(b, width)),
            lambda: (t.divide("udiv", one, two), a // b if b else 0),
            lambda: (t.divide("sdiv", one, two), quotient(a, b, width)),
            lambda: (t.clz(one), width - a.bit_length()),
        ]
        term, value = rng.choice(choices)()
        value = int(value) & mask(term.width)
        if term.width in WIDTHS:
            self.pool.append((term, value))
        return term, value


def quotient(a, b, width):
    one, two = signed(a, width), signed(b, width)
    return 0 if not two else abs(one) // abs(two) * (1 if (one < 0) == (two < 0) else -1)


@pytest.mark.parametrize("seed", range(150))
def test_rules_keep_the_value(seed):
    pair = Pair(seed)
    made = [pair.step() for _ in range(60)]
    values = Evaluator([term for term, _ in made])(pair.variables, lambda address: 0, lambda *_: 0)
    for (term, expected), value in zip(made, values):
        assert value == expected, term


@pytest.mark.parametrize("seed", range(150))
def test_memory_is_what_was_stored_last(seed):
    """Against an array of bytes, with bases that may or may not alias."""
    rng, t = random.Random(seed), Terms()
    bases = [t.var(name, 64) for name in ("a", "b")]
    variables = {"a": 0x1000, "b": rng.choice((0x1000, 0x1004, 0x0FFC, 0x1001, 0x2000))}
    bytes_at_entry = lambda address: address * 37 & 0xFF  # noqa: E731
    array: dict[int, int] = {}
    memory, made = t.memory(), []
    for step in range(24):
        base, offset, size = rng.choice(bases), rng.randrange(-8, 24), rng.choice((1, 2, 4, 8, 16))
        address, at = t.plus(base, offset), variables[base.data] + offset
        if rng.random() < 0.5:
            if made and rng.random() < 0.3:
                value, number = made[-1]
                value, number = (
                    (t.extract(value, 8 * size - 1, 0), number & mask(8 * size))
                    if value.width >= 8 * size
                    else (t.zext(value, 8 * size), number)
                )
            else:
                name = f"v{step}"
                variables[name] = number = rng.getrandbits(8 * size)
                value = t.var(name, 8 * size)
            memory = t.store(memory, address, value)
            array |= {at + k: number >> 8 * k & 0xFF for k in range(size)}
        else:
            number = sum(array.get(at + k, bytes_at_entry(at + k)) << 8 * k for k in range(size))
            made.append((t.load(memory, address, 8 * size), number))
    values = Evaluator([term for term, _ in made])(variables, bytes_at_entry, lambda *_: 0)
    assert values == [number for _, number in made]


def test_equal_terms_are_one():
    t = Terms()
    x, y = t.var("x", 64), t.var("y", 64)
    assert t.add(x, x) is t.shl(x, t.const(1, 64)) is t.mul(x, t.const(2, 64))
    assert t.minus(t.add(x, y), y) is x
    assert t.bitwise("and", x, t.const(0xFF, 64)) is t.zext(t.extract(x, 7, 0), 64)
    assert t.plus(t.not_(x), 1) is t.negative(x)
    assert t.eq(t.minus(x, y), t.const(0, 64)) is t.eq(y, x)
    assert t.ult(t.const(5, 64), x) is t.not_(t.ult(x, t.const(6, 64)))


def test_stores_merge_and_alias():
    t = Terms()
    x, y = t.var("x", 64), t.var("y", 64)
    a, b = t.var("a", 64), t.var("b", 64)
    pair = t.store(t.memory(), x, t.concat((b, a)))
    assert t.store(t.store(t.memory(), t.plus(x, 8), b), x, a) is pair
    assert t.load(t.store(t.memory(), x, a), x, 64) is a
    assert t.load(t.store(t.store(t.memory(), x, a), y, b), x, 64) is not a
    assert t.store(t.memory(), x, t.load(t.memory(), x, 64)) is t.memory()
