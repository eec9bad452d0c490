"""Rare states are found by walking back: each inversion undoes its operation, and whole graphs are solved."""

import numpy as np
import pytest

from peepcc.validate.emulator.inputs.draw import draw, recipe, spans
from peepcc.validate.emulator.inputs.value_pools import pools
from peepcc.validate.emulator.layout import RECORDS, layout, window_size
from peepcc.validate.emulator.solve.expression_graph import Graph
from peepcc.validate.emulator.solve.inverse_ops import evaluate, inverted, mask
from peepcc.validate.emulator.solve.solver import Solver

COUNT = 256
OPERATIONS = [(name, width, chosen) for width in (32, 64) for name in ("add", "sub", "xor", "mul") for chosen in (0, 1)]
OPERATIONS += [(name, width, 0) for width in (32, 64) for name in ("ror", "rev", "rbit", "rev16", "udiv")] + [
    ("mulh", 64, 0),
    ("mulh", 64, 1),
]


@pytest.mark.parametrize("operation, width, chosen", OPERATIONS)
def test_an_inversion_undoes_its_operation(operation, width, chosen):
    rng = np.random.default_rng(1)
    other = rng.integers(1, 1 << (32 if operation == "udiv" else 63), COUNT, np.uint64) & mask(width) | np.uint64(1)
    wants = rng.integers(0, 1 << 63, COUNT, np.uint64) & mask(width)
    if operation == "udiv":
        wants = wants // (other + np.uint64(1))
    good, new, _care = inverted(rng, operation, width, chosen, wants, np.full(COUNT, mask(width)), other, [])
    with np.errstate(all="ignore"):
        result = evaluate(operation, width, [new, other] if chosen == 0 else [other, new], []) & mask(width)
    assert good.sum() > COUNT // 8
    if operation == "udiv":  # the dividend may be too wide
        good = good & (wants * other <= mask(width) - other)
    assert (result == wants)[good].all()


@pytest.mark.parametrize("root", [3, 12345, 0xDEADBEEF, 0x123456789ABCDEF1])
def test_a_square_has_its_root(root):
    want = np.array([root * root & (1 << 64) - 1], np.uint64)
    _, found, _ = inverted(None, "mul", 64, 0, want, np.array([mask(64)]), None, [])
    assert found * found == want


SUMS = {
    "a hash": "mov w8, #403; movk w8, #256, lsl #16; eor w9, w0, w1; mul w9, w9, w8; mov w10, #0x5432; movk w10, "
    "#0x1234, lsl #16; cmp w9, w10",
    "a mix": "eor w0, w0, w0, lsr #16; mov w8, #0xca6b; movk w8, #0x85eb, lsl #16; mul w0, w0, w8; eor w0, w0, "
    "w0, lsr #13; cmp w0, #77",
    "a field": "ubfx x8, x0, #20, #16; rev w8, w8; mov w9, #0x12340000; cmp w8, w9",
    "memory": "ldr w8, [x0, #4]; ldrsh w9, [x1]; sub w8, w8, w9; mov w9, #0x4567; movk w9, #0x3123, lsl #16; cmp "
    "w8, w9",
    "floats": "fmul d0, d0, d1; fmov d1, #12.0; fcmp d0, d1",
}


@pytest.mark.parametrize("name", SUMS)
def test_a_comparison_is_met(claim, name):
    """No draw does that: one state in four billion."""
    obligation = claim(SUMS[name], SUMS[name])
    size = window_size(spans(obligation)) if name == "memory" else 0
    places = layout(obligation, size)
    rng = np.random.default_rng(1)
    plan = recipe(obligation, places, pools(rng, (obligation.source,), size))
    records = np.empty((COUNT, places.stride // 8), np.uint64)
    bases = RECORDS + np.arange(COUNT, dtype=np.uint64) * np.uint64(places.stride)
    draw(rng, plan, records, bases)
    solver = Solver(Graph((obligation.source,)), places, plan.pools.factors)
    node = list(solver.graph.comparisons)[-1]
    before = (solver.value(records, bases, node) == 0).sum()
    for _ in range(6):  # each walks back by one way, and not every way leads there
        solver.toward(rng, records, bases, node)
    assert before < 8 and (solver.value(records, bases, node) == 0).sum() > COUNT // 4
