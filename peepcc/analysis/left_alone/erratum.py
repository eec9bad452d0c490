"""Erratum 835769 of the Cortex-A53: a 64-bit multiply-accumulate right behind a memory access may compute something
else.

Where the compiler works around it (`-mfix-cortex-a53-835769`, the default for Android and OHOS)
it puts a nop between the two. So that no rewrite brings them together, such instructions and
the one before each are in no window of the function, and none may stand in a proposal.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from ...assembly.syntax import Function
from ..obligation import Step

REGION = "erratum"


def accumulates(step: Step) -> bool:
    """madd, msub, and the long ones, of 64 bits and onto another register than xzr."""
    return step.word >> 24 == 0x9B and step.word >> 10 & 31 != 31


def pinned(function: Function, steps: Mapping[int, Step]) -> frozenset[int]:
    """Lines that stay as they are."""
    lines = sorted(line for block in function.blocks for line in block.instructions)
    behind = {after: line for line, after in itertools.pairwise(lines)}
    found = {line for line in lines if line in steps and accumulates(steps[line])}
    return frozenset(found | {behind[line] for line in found if line in behind})
