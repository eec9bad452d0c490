"""What a window may never hold, as data: to add a rule is to add a line.

Each rule looks at one instruction and its step. Regions that are not instructions (inline
assembly, directives that measure code, hand-written files) end a window in `windows`, or
never reach it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..obligation import Kind, Step
from ..registers import SP, x


@dataclass(frozen=True, slots=True)
class Region:
    """`holds(step)` is True where the instruction must stay as the compiler wrote it."""

    name: str
    why: str
    holds: Callable[[Step], bool]


_FRAME = SP | x(29) | x(30)

REGIONS: tuple[Region, ...] = (
    Region(
        "ordered",
        "barriers, atomics, exclusives, system registers, hints and traps have effects that no state shows",
        lambda step: step.effect.kind is Kind.PINNED,
    ),
    Region("call", "a call may do anything", lambda step: step.effect.kind is Kind.CALL),
    Region(
        "indirect-branch",
        "a br belongs to a jump table, a computed goto or a tail call",
        lambda step: step.effect.kind is Kind.INDIRECT,
    ),
    Region(
        "frame", "CFI describes sp, x29 and x30 at each instruction", lambda step: bool(step.effect.writes & _FRAME)
    ),
    Region(
        "platform-register",
        "x18 is the platform's",
        lambda step: bool((step.effect.writes | step.effect.reads) & x(18)),
    ),
    Region("relocation", "half of a relocation pair, TLS or GOT sequence, or a literal", lambda step: step.relocated),
)

CODE_SIZE_DIRECTIVES = frozenset(
    {
        ".org",
        ".if",
        ".ifdef",
        ".ifndef",
        ".else",
        ".endif",
        ".rept",
        ".irp",
        ".macro",
        ".fill",
        ".space",
        ".skip",
        ".inst",
        ".incbin",
    }
)
TRANSPARENT_DIRECTIVES = frozenset({".loc"})


def region_of(step: Step | None) -> str | None:
    """The name of the first rule that holds; "unreadable" for an instruction without a step."""
    if step is None:
        return "unreadable"
    return next((region.name for region in REGIONS if region.holds(step)), None)
