"""The names of mistakes and of what they would cost: the taxonomy, as data."""

from __future__ import annotations

from enum import Enum


class Mistake(Enum):
    """What is wrong with a reply; the value is its name in reports. Each wrong reply has exactly one."""

    PARSE = "does not parse"
    ASSEMBLE = "does not assemble"
    FORBIDDEN = "forbidden instruction"
    REGISTER = "wrong register"
    WIDTH = "wrong width or extension"
    IMMEDIATE = "wrong immediate"
    CONDITION = "wrong condition"
    FLAGS = "flags clobbered"
    LIVE_OUT = "live-out lost"
    MEMORY_VALUE = "memory: value"
    MEMORY_ADDRESS = "memory: address"
    MEMORY_SIZE = "memory: size"
    MEMORY_ORDER = "memory: order"
    MEMORY_MISSING = "memory: missing"
    MEMORY_EXTRA = "memory: extra"
    CONTROL = "control flow"
    OPERATION = "wrong operation"  # computes something else, and no small change of another kind mends it


class Mark(Enum):
    """What the mistake would have cost."""

    HARMLESS = "harmless"  # caught, and some of the rest of the reply is kept
    FATAL = "fatal if accepted"  # differs on common inputs, or is no program at all; nothing of the reply is kept
    INSIDIOUS = "insidious"  # differs on fewer than RARE of random inputs: testing alone would miss it


RARE = 1 / 1000


def mark(share: float | None, usable: bool) -> Mark:
    """`share`: of random inputs, those that show a difference; None for what cannot be run.

    `usable`: some of the reply is kept.

    Insidious comes first: that the rest is usable makes a rare difference no easier to see.
    """
    if share is not None and share < RARE:
        return Mark.INSIDIOUS
    return Mark.HARMLESS if usable else Mark.FATAL
