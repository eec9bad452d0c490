"""Shorter code that users reported to compilers and that clang still leaves: proposed, it is accepted with a proof.

Each .c file beside this one names its report and, per function, the code. Whether a model or a rule proposes it in a
build is not asked here.
"""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.optimize.check import Judge
from peepcc.propose.protocol import Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

FILES = sorted(Path(__file__).parent.glob("*.c"))
CODE = {
    (path.name, name): tuple(line.strip() for line in code.split(";"))
    for path in FILES
    for name, code in re.findall(r"^ \* (\w+): (.*;.*)$", path.read_text(), re.M)
}
# Right, one instruction shorter, and one cycle longer in llvm-mca's model of the default processor: the price refuses
# it.
SLOWER = {("b13.c", "triple")}


@pytest.fixture(scope="module")
def units():
    known = {}

    def unit(name: str):
        if name not in known:
            path = Path(__file__).with_name(name)
            argv = ["clang-19", "--target=aarch64-linux-gnu", "-O2", path, "-o", "-"]
            outputs = [
                subprocess.run([*argv, *more], capture_output=True, check=True).stdout
                for more in (["-S"], ["-c", "-emit-llvm"])
            ]
            encoder = Encoder("clang-19")
            known[name] = analyse(outputs[0].decode(), outputs[1], encoder), encoder
        return known[name]

    return unit


@pytest.mark.parametrize("file, function", CODE)
def test_the_reported_code_is_accepted(file, function, units):
    unit, encoder = units(file)
    (window,) = (each for each in unit.windows() if each.function == function)
    reply = Reply(request_of(window).key, CODE[file, function])
    judge = Judge(encoder, Unit("clang-19", file), "proved", time.monotonic() + 60)
    (outcome,) = judge.outcomes([window], {reply.key: reply})
    expected = Verdict.COSTLIER if (file, function) in SLOWER else Verdict.ACCEPTED_PROVED
    assert outcome.judgement.verdict is expected, outcome.judgement.reason
    if expected.accepted:
        assert outcome.after.instructions == len(reply.lines) < outcome.before.instructions
