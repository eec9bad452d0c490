"""Writes a wrong acceptance as a claim file for tests/pairs.

What a claim file cannot say is told in comments: facts at entry, and what differs from
exit to exit (it has one live-out, the union). So a claim may be refuted where the case
that it comes from was not: look before it is committed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...analysis.obligation import Known, Obligation
from ...analysis.registers import names, union
from ...assembly.syntax import Instruction
from ...optimize.edits import item_text
from ...validate.verdict import Counterexample


def claim(
    before: Sequence[Instruction | str],
    after: Sequence[Instruction | str],
    obligation: Obligation,
    cause: str,
    shown: Counterexample | None,
) -> str:
    """The text of a claim file that says ERROR; `cause` is its first line."""
    mentioned = union(
        step.effect.reads | step.effect.writes for each in (obligation.source, obligation.target) for step in each.steps
    )
    live = union(parts & mentioned for parts in obligation.live_out.values())
    lines = [
        f"// ERROR: {cause}",
        f"// live-out: {', '.join(names(live))}",
        *(["// volatile"] if obligation.ordered else []),
    ]
    lines += [f"// known: {fact}" for fact in _facts(obligation.known)]
    if shown:
        lines += [f"// with {name} = {value}" for name, value in shown.inputs.items()]
        lines += [f"// {name}: {one} | {other}" for name, (one, other) in shown.outcomes.items()]
    return "\n".join((*lines, *map(item_text, before), "// =>", *map(item_text, after))) + "\n"


def keep(text: str, folder: Path) -> Path:
    """The file of a claim, named by its content."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"found-{hashlib.sha256(text.encode()).hexdigest()[:10]}.s"
    path.write_text(text)
    return path


def _facts(known: Known) -> Iterator[str]:
    yield from (f"x{n} is {value:#x}" for n, value in sorted(known.constants.items()))
    yield from (f"x{n} has {bits} bits, zero-extended" for n, bits in sorted(known.zero_extended.items()))
    yield from (f"x{n} has {bits} bits, sign-extended" for n, bits in sorted(known.sign_extended.items()))
    yield from (" = ".join(f"x{n}" for n in sorted(group)) + " at entry" for group in known.equal)
