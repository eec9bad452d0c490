"""How an instruction moves control, by its syntax alone: what cutting into blocks needs.

An unknown instruction that names a symbol counts as a conditional branch. What registers
and memory it touches is `analysis.effects`.
"""

from __future__ import annotations

from enum import Enum

from .syntax import Instruction, Symbol

CONDITIONS = frozenset("eq ne cs hs cc lo mi pl vs vc hi ls ge lt gt le al nv".split())
ADDRESSES = frozenset("adr adrp ldr ldrsw ldrb ldrh ldrsb ldrsh str prfm add movz movk movn mov".split())
_FIXED = {
    "b": "jump",
    "bl": "call",
    "ret": "return",
    "eret": "return",
    "drps": "return",
    "br": "indirect",
    "brk": "trap",
    "hlt": "trap",
    "udf": "trap",
    "cbz": "conditional",
    "cbnz": "conditional",
    "tbz": "conditional",
    "tbnz": "conditional",
}


class Flow(Enum):
    NEXT = "next"
    CALL = "call"  # bl, blr
    JUMP = "jump"  # b
    CONDITIONAL = "conditional"
    INDIRECT = "indirect"  # br
    RETURN = "return"
    TRAP = "trap"  # brk, hlt, udf: a debugger may go on after it


def flow(instruction: Instruction) -> Flow:
    mnemonic = instruction.mnemonic
    if mnemonic in _FIXED:
        return Flow(_FIXED[mnemonic])
    if mnemonic.startswith("blr"):
        return Flow.CALL
    if mnemonic.startswith(("bra", "brb")):
        return Flow.INDIRECT
    if mnemonic.startswith(("ret", "eret")):
        return Flow.RETURN
    if conditional_branch(mnemonic):
        return Flow.CONDITIONAL
    if mnemonic not in ADDRESSES and any(isinstance(each, Symbol) for each in instruction.operands):
        return Flow.CONDITIONAL
    return Flow.NEXT


def conditional_branch(mnemonic: str) -> bool:
    """b.eq, bc.eq, and gcc's beq."""
    head, _, condition = mnemonic.partition(".")
    if condition:
        return head in ("b", "bc")
    return len(mnemonic) == 3 and mnemonic[0] == "b" and mnemonic[1:] in CONDITIONS


def target(instruction: Instruction) -> str | None:
    """The label that a branch goes to; None where it is no plain label (an offset, `.`, `1f`)."""
    operand = instruction.operands[-1] if instruction.operands else None
    if not isinstance(operand, Symbol) or operand != Symbol(operand.name):
        return None
    return None if operand.name == "." else operand.name
