"""What the drawn states are like: known facts hold, accesses fit, corners and relations occur."""

import numpy as np
import pytest

from peepcc.analysis.obligation import Known
from peepcc.validate.emulator.inputs.draw import draw, recipe, spans
from peepcc.validate.emulator.inputs.value_pools import pools
from peepcc.validate.emulator.layout import RECORDS, layout, window_size

COUNT = 4096


def drawn(obligation, seed=1):
    size = window_size(spans(obligation)) if obligation.source.steps[0].effect.accesses else 0
    places = layout(obligation, size)
    rng = np.random.default_rng(seed)
    plan = recipe(obligation, places, pools(rng, (obligation.source, obligation.target), size))
    records = np.empty((COUNT, places.stride // 8), np.uint64)
    bases = RECORDS + np.arange(COUNT, dtype=np.uint64) * np.uint64(places.stride)
    draw(rng, plan, records, bases)
    return places, records, bases


@pytest.mark.parametrize("seed", range(5))
def test_what_is_known_holds(claim, seed):
    known = Known({3: 77}, {4: 8}, {5: 16}, (frozenset({6, 7}),))
    text = "ldr x0, [x6]; add x3, x3, x4; add x5, x5, x6; add x7, x7, x3"
    places, records, _ = drawn(claim(text, text, known=known), seed)
    values = {n: records[:, at // 8] for n, at in places.general.items()}
    assert (values[3] == 77).all()
    assert (values[4] < 256).all()
    assert (values[5] == values[5].astype(np.uint16).view(np.int16).astype(np.int64).view(np.uint64)).all()
    assert (values[6] == values[7]).all()


def test_corners_relations_and_flags_occur(claim):
    places, records, _ = drawn(claim("sdiv w0, w1, w2; ccmp w0, w2, #0, eq", "sdiv w0, w1, w2; ccmp w0, w2, #0, eq"))
    one, two = (records[:, places.general[n] // 8] for n in (1, 2))
    assert (one == two).sum() > 50
    assert (one == two + np.uint64(1)).sum() > 5
    low = np.uint64(0xFFFFFFFF)
    assert ((one & low == 0x80000000) & (two & low == 0xFFFFFFFF)).any()
    assert ((two & low == 0) & (two != 0)).any()
    assert set((records[:, places.flags // 8] >> np.uint64(28)).tolist()) == set(range(16))


def test_pointers_alias_exactly_partly_and_not(claim):
    text = "ldr x0, [x1, #16]; str x0, [x2, #-8]; ldr x3, [sp, #24]"
    places, records, bases = drawn(claim(text, text))
    first = records[:, places.general[1] // 8] + np.uint64(16) - bases
    second = records[:, places.general[2] // 8] - np.uint64(8) - bases
    assert (first <= places.size - 8).all() and (second <= places.size - 8).all()
    distance = np.abs((first - second).view(np.int64))
    assert (distance == 0).sum() > 100 and ((distance > 0) & (distance < 8)).sum() > 100 and (distance >= 8).sum() > 100
    assert (records[:, places.stack // 8] % np.uint64(16) == 0).all()


def test_constants_of_the_code_occur(claim):
    text = "mov w8, #0xbeef; movk w8, #0xdead, lsl #16; cmp w0, w8; cset w0, hi"
    places, records, _ = drawn(claim(text, text))
    value = records[:, places.general[0] // 8] & np.uint64(0xFFFFFFFF)
    assert all((value == 0xDEADBEEF + near).any() for near in (-1, 0, 1))
