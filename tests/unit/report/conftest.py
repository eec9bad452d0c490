"""Reports of a function that is judged for real."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from peepcc.analysis.unit_analysis import analyse_by
from peepcc.assembly.encode import Encoder
from peepcc.optimize.check import Judge
from peepcc.optimize.outcome import UnitReport
from peepcc.optimize.pipeline import numbered
from peepcc.optimize.subdivide import closer
from peepcc.propose.protocol import Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit

from ...support.stated import stated


@dataclass(frozen=True)
class Desk:
    """`report(body, reply)`: `reply(lines)` gives the lines proposed for a window's, or None for no reply."""

    policy: str = "proved"

    def report(
        self, body: str, reply: Callable[[Sequence[str]], Sequence[str] | None], first=None, last=None
    ) -> UnitReport:
        encoder = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
        text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
        analysed = analyse_by(text, stated(text), encoder)
        judge = Judge(encoder, Unit("clang-19", "f.c"), self.policy, time.monotonic() + 60)

        def look(windows):
            asked = {request_of(window).key: reply(request_of(window).lines) for window in windows}
            return judge.outcomes(
                windows, {key: Reply(key, tuple(lines)) for key, lines in asked.items() if lines is not None}
            )

        outcomes = numbered(tuple(closer(look(analysed.windows()), look)), first, last)
        saved = sum(outcome.saved for outcome in outcomes if outcome.applied)
        return UnitReport(
            "f.c", self.policy, analysed.instructions, analysed.instructions - saved, analysed.regions, outcomes
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def emulated_desk() -> Desk:
    return Desk("emulated")
