"""Instructions to steps: encode in one batch, attach effects.

It promises that a Step's word is what the assembler in use makes of the instruction at
address 0; a branch to a label therefore has displacement 0, and its target is in the
instruction alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from ..assembly.encode import Encoder
from ..assembly.syntax import Instruction
from .effects import effect
from .obligation import Program, Step


def steps(instructions: Sequence[Instruction], encoder: Encoder) -> tuple[Step | None, ...]:
    """One step per instruction, None where it does not assemble to exactly one word."""
    encodings = encoder.encode_instructions(instructions)
    return tuple(
        Step(instruction, encoding.word, effect(encoding.word), encoding.relocated) if encoding else None
        for instruction, encoding in zip(instructions, encodings)
    )


def program(items: Sequence[Instruction | str], encoder: Encoder) -> Program | None:
    """The program of `items`, where a str names the label of the item after it.

    None where an instruction does not assemble, or a label is defined twice.
    """
    labels: dict[str, int] = {}
    instructions: list[Instruction] = []
    for item in items:
        if not isinstance(item, str):
            instructions.append(item)
        elif item in labels:
            return None
        else:
            labels[item] = len(instructions)
    found = tuple(step for step in steps(instructions, encoder) if step is not None)
    return Program(found, MappingProxyType(labels)) if len(found) == len(instructions) else None


def must_assemble(items: Sequence[Instruction | str], encoder: Encoder) -> Program:
    """The program of items that have assembled before. Raises ValueError where they do not now."""
    found = program(items, encoder)
    if found is None:
        raise ValueError("instructions that assembled before do not now")
    return found
