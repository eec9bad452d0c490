"""Codes that come and go do not mix, wherever they lie; records are seen at each distance."""

import struct

import numpy as np

from peepcc.validate.emulator import opcodes as code
from peepcc.validate.emulator.layout import FAR, RECORDS
from peepcc.validate.emulator.machine import HEAD, Machine

STRIDE, LINK = 64, 56
PADDING = 1 << 17  # in words


def stores(number, distance=0):
    """Writes `number` to each record, seen at `distance`, and skips much padding."""
    words = [*code.constant(10, HEAD), code.load(10, 10, 0)]
    loop = len(words)
    words += [
        *code.constant(11, number),
        *code.constant(12, distance),
        code.add_extended(12, 10, 12, "lsl", 0),
        code.store(11, 12, 0),
    ]
    words += [code.b(PADDING + 1), *[0] * PADDING, code.load(10, 10, LINK)]
    words.append(code.cbnz(10, 0))
    words[-1] = code.cbnz(10, loop - len(words) + 1)
    return struct.pack(f"<{len(words)}I", *words)


def test_codes_do_not_mix():
    machine, rows = Machine(), np.arange(8)
    codes = {number: stores(number) for number in range(10)}  # more than fit at once
    for number in (*codes, *codes, 0, 9, 0):
        for side in (0, 1):
            machine.run(codes[number], side, rows, STRIDE, LINK, 0, False)
            assert (machine.records(8, STRIDE)[:, 0] == number).all()


def test_only_the_rows_asked_for_are_run():
    machine = Machine()
    records = machine.records(8, STRIDE)
    machine.run(stores(5), 0, np.array([1, 6]), STRIDE, LINK, 0, False)
    assert np.flatnonzero(records[:, 0] == 5).tolist() == [1, 6]


def test_records_are_seen_far_away_as_well():
    machine = Machine()
    for distance in (1 << 32, FAR, 0):
        machine.run(stores(distance + 1, distance), 0, np.array([2]), STRIDE, LINK, 0, False)
        assert machine.records(4, STRIDE)[2, 0] == distance + 1
    assert RECORDS & 0xFFFFFFFF == 0
