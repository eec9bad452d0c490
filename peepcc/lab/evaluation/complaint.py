"""What a model is told about a refused reply: the assembler's message, or the input that shows the difference.

Nothing of the target goes in: a model that tries again knows no more than a compiler could tell it.
"""

from __future__ import annotations

import re
from typing import Sequence

from ...process import run
from ...validate.verdict import Counterexample

_ERROR = re.compile(r"<stdin>:(\d+):(\d+): (error: .*)")
_LONGEST = 1500
_MOST_VALUES = 24


def assembler_says(lines: Sequence[str], clang: str) -> str:
    """The first error that clang's assembler has about the lines, with the line."""
    done = run((clang, "--target=aarch64-linux-gnu", "-c", "-x", "assembler", "-", "-o", "/dev/null"), stdin="".join(f"{line}\n" for line in lines).encode())
    found = _ERROR.search(done.stderr.decode(errors="replace"))
    if found is None:
        return "a line does not assemble to exactly one instruction"
    number = int(found[1])
    return f"{found[3]}, in line {number}: {lines[number - 1] if 0 < number <= len(lines) else ''}"


def shown(what: str, example: Counterexample | None = None) -> str:
    """A few lines of text: what is wrong, and the counterexample where there is one."""
    lines = [what + "."]
    if example is not None:
        lines.append("With these values before the window:")
        lines += [f"  {name} = {value}" for name, value in list(example.inputs.items())[:_MOST_VALUES]]
        lines.append("this comes out differently:")
        lines += [f"  {name}: {one} by the window, {two} by your lines" for name, (one, two) in list(example.outcomes.items())[:_MOST_VALUES]]
    return "\n".join(lines)[:_LONGEST]
