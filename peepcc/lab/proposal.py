"""What somebody proposed for a window, as instructions and as a claim: for those in the laboratory who judge without a
build.

It promises no more than the syntax gate; length and cost are the caller's to look at.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.encoded import program
from ..analysis.left_alone.barriers import region_of
from ..analysis.obligation import Obligation
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..assembly.syntax import Instruction
from ..optimize.edits import edited, hunks
from ..validate.syntax_gate import Refused, check


def checked(window: Window, lines: Sequence[str]) -> tuple[Instruction, ...] | None:
    """The lines as instructions that may stand in the window; None for any others."""
    try:
        return check(lines, [step.instruction for step in window.source.steps], window.labels)
    except Refused:
        return None


def claimed(window: Window, target: tuple[Instruction, ...], encoder: Encoder) -> Obligation | None:
    """That `target` may stand for the window; None where it does not assemble, or holds what is never touched."""
    after = program(edited(window, hunks(window, target)), encoder)
    return None if after is None or any(map(region_of, after.steps)) else window.obligation(after)
