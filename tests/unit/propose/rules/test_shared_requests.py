"""A use of a rule counts for the windows that have what it rests on, and for no other with the same request."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known
from peepcc.analysis.registers import x
from peepcc.analysis.windows import Window
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.clock import TooLate
from peepcc.optimize.check import Judge
from peepcc.propose.request import request_of
from peepcc.propose.rules.proposer import by_rules
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

ENCODER = Encoder("clang-19")


def window(known: Known) -> Window:
    lines = ("mov w8, #4660", "movk w8, #1, lsl #16", "str w8, [x0]")
    items = tuple(map(parse_instruction, lines))
    live = MappingProxyType({FALL: x(19)})
    nothing = MappingProxyType({})
    return Window("f", items, (0, 1, 2), program(items, ENCODER), live, known, nothing, False, nothing)


def outcomes(*windows: Window):
    judge = Judge(ENCODER, Unit("clang-19", "f.c"), "proved", time.monotonic() + 60)
    return judge.ruled(windows, by_rules(windows))


HELD = window(Known(constants=MappingProxyType({5: 0x11234})))  # x5 is none of the registers that a request tells of
FREE = window(Known())


def test_a_constant_that_another_register_holds_is_not_made():
    (outcome,) = outcomes(HELD)
    assert outcome.judgement.verdict is Verdict.ACCEPTED_PROVED
    assert outcome.judgement.rules and outcome.saved == 2


def test_an_equal_request_without_that_knowledge_keeps_its_code():
    assert request_of(HELD).key == request_of(FREE).key
    for pair in ((HELD, FREE), (FREE, HELD)):
        found = dict(zip(map(id, pair), outcomes(*pair)))
        assert found[id(HELD)].saved == 2
        assert not found[id(FREE)].chosen, found[id(FREE)].reply


def test_equal_windows_share_what_rules_make_of_them():
    both = outcomes(HELD, replace(HELD, function="g"))
    assert [outcome.saved for outcome in both] == [2, 2]


def test_windows_that_come_too_late_are_left():
    looks = iter((False, True, True))

    def check():
        if next(looks):
            raise TooLate

    assert by_rules((HELD, FREE), check) == (by_rules((HELD,))[0], None)
