"""What a model is told about a refused reply: the assembler's message, or the input that shows the difference.

Nothing of the target goes in: a model that tries again knows no more than a compiler could tell it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...validate.verdict import Counterexample

_LONGEST = 1500
_MOST_VALUES = 24


def assembler_says(target: Sequence[Instruction], encoder: Encoder) -> str:
    """The first line that does not assemble, and what clang says of it; of lines of which one does not."""
    bad = next((i for i, encoding in zip(target, encoder.encode_instructions(target)) if encoding is None), None)
    if bad is None:
        return "a label stands there twice"
    return f"{print_instruction(bad)}: {encoder.complaint(bad) or 'not exactly one instruction'}"


def shown(what: str, example: Counterexample | None = None) -> str:
    """A few lines of text: what is wrong, and the counterexample where there is one."""
    lines = [what + "."]
    if example is not None:
        lines.append("With these values before the window:")
        lines += [f"  {name} = {value}" for name, value in list(example.inputs.items())[:_MOST_VALUES]]
        lines.append("this comes out differently:")
        lines += [
            f"  {name}: {one} by the window, {two} by your lines"
            for name, (one, two) in list(example.outcomes.items())[:_MOST_VALUES]
        ]
    return "\n".join(lines)[:_LONGEST]
