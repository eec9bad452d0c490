"""What is asked of a use of the rule book where neither emulator nor solver looks at it.

The general proofs of the rules, and the comparison of values (`propose/rules/values.py`), say that the target does
the same, if its lines, and those of the source, do what rules take them to do. So each word that the assembler made
is compared with its line: registers and flags, the way that control takes, and the bytes that it accesses. What the
validators refuse without running anything is refused here as well.
"""

from __future__ import annotations

from ..analysis.obligation import Access, Kind, Obligation, Step
from ..assembly.syntax import Immediate, Instruction, Memory, Register
from ..propose.rules.shapes import LOADS, SIZES, STORES, Shape, named, shape
from ..validate.pipeline import unrun
from ..validate.verdict import Judgement, Verdict

_BRANCHES = (Kind.JUMP, Kind.CONDITIONAL, Kind.RETURN)


def by_rule(obligation: Obligation, rules: tuple[str, ...]) -> Judgement | None:
    """ACCEPTED_PROVED by `rules`, or what refuses the target; None where the rules are no evidence of it.

    They are none where a word does not do what its line says, so far as rules read lines.
    """
    if not all(map(_as_read, (*obligation.source.steps, *obligation.target.steps))):
        return None
    refused = unrun(obligation)
    if refused is not None:
        return refused
    return Judgement(Verdict.ACCEPTED_PROVED, f"by the rule book: {', '.join(dict.fromkeys(rules))}", rules=rules)


def _as_read(step: Step) -> bool:
    """Whether the word does what rules read in its line; a line that they do not read they leave as it is."""
    known, effect = shape(step.instruction), step.effect
    if step.relocated:
        return False
    if known is None:
        return effect.kind is Kind.PLAIN
    if known.kind == "branch":
        return effect.kind in _BRANCHES and (known.reads, known.writes) == (effect.reads, effect.writes)
    same = effect.kind is Kind.PLAIN and (known.reads, known.writes) == (effect.reads, effect.writes)
    return same and effect.accesses == _accesses(step.instruction, known)


def _accesses(i: Instruction, known: Shape) -> tuple[Access, ...]:
    """What the line says that it accesses."""
    if known.memory < 0:
        return ()
    memory = i.operands[known.memory]
    assert isinstance(memory, Memory)
    names = [named(i.operands[n]) for n in (known.targets or known.sources)]
    element = LOADS.get(i.mnemonic) or STORES.get(i.mnemonic) or SIZES[names[0][0]]
    index = memory.offset if isinstance(memory.offset, Register) else None
    distance = memory.offset.value if isinstance(memory.offset, Immediate) and memory.mode != "post" else 0
    return (
        Access(
            memory.base,
            index.name if index else None,
            (index.modifier if index else None) or "lsl",
            (index.amount if index else None) or 0,
            int(distance),
            element * len(names),
            element,
            known.kind == "store",
        ),
    )
