"""What a proposal is judged on: the values that analysis hands to proposers and validators.

Values only; who makes them is `windows`, who judges them `validate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from ..assembly.syntax import Instruction
from .registers import ALL, Parts, union, x

FALL = ""  # exit key of the address right after the sequence
RETURN = "ret"  # exit key of `ret`: the successor is the value in its register
INDIRECT = "br"  # exit key of `br`


class Kind(Enum):
    """How an instruction moves control, or that it must stay where it is."""

    PLAIN = "plain"
    JUMP = "jump"  # b label
    CONDITIONAL = "conditional"  # b.cond, cbz, cbnz, tbz, tbnz
    INDIRECT = "indirect"  # br
    RETURN = "return"  # ret
    CALL = "call"  # bl, blr
    PINNED = "pinned"  # barrier, atomic, exclusive, acquire/release, system, hint, PAC, prefetch, trap


@dataclass(frozen=True, slots=True)
class Access:
    """One contiguous access: address = base + extend(index) << shift + displacement.

    The address is the one before any writeback. `size` is in bytes, the whole of a pair.
    `element` is the size of each single-copy element (8 for `ldp x0, x1`).
    """

    base: str  # "x0".."x30" or "sp"
    index: str | None  # "x9" or "w9"
    extend: str  # "lsl", "uxtw", "sxtw", "sxtx"; "lsl" where there is no index
    shift: int
    displacement: int
    size: int
    element: int
    store: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an instruction reads, writes and accesses; partial writes say so by reading nothing.

    A write of w<n> writes x<n> (upper half zero); a write of s<n> or d<n> writes all of v<n>.
    Lane inserts and movk read what they keep.
    """

    kind: Kind
    reads: Parts
    writes: Parts
    accesses: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One encoded instruction: `word` is its 32 bits as assembled at address 0.

    `relocated` is True where the assembler left a relocation that is not a branch to a
    label (adrp, :lo12:, :got:, TLS, literal): the word alone does not say what it does.
    """

    instruction: Instruction
    word: int
    effect: Effect
    relocated: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A straight sequence with internal labels: name -> index of the step after it (0..len)."""

    steps: tuple[Step, ...]
    labels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Known:
    """What holds at entry. Registers are numbers 0..30; values are unsigned 64-bit.

    `zero_extended[n] = k`: x<n> < 2**k. `sign_extended[n] = k`: x<n> is the sign extension
    of its low k bits. `equal`: groups of two or more registers with equal 64-bit values.
    """

    constants: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    zero_extended: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    sign_extended: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    equal: tuple[frozenset[int], ...] = ()

    @property
    def registers(self) -> Parts:
        """All of each register that something is known of."""
        return union(
            x(n)
            for n in {
                *self.constants,
                *self.zero_extended,
                *self.sign_extended,
                *(n for group in self.equal for n in group),
            }
        )


@dataclass(frozen=True, slots=True)
class Obligation:
    """Claim: under `known`, `target` may stand for `source`.

    `live_out` maps exit keys (FALL, RETURN, INDIRECT, label) to live parts; a key that is
    missing means ALL. `aliases` maps a label to the exit key it is the same address as (the
    label right after the window maps to FALL). `ordered`: the trace of accesses (address,
    width, order, kind) must stay as it is (volatile, atomics).
    """

    source: Program
    target: Program
    live_out: Mapping[str, Parts]
    known: Known = Known()
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ordered: bool = False

    def live_at(self, exit_key: str) -> Parts:
        return self.live_out.get(exit_key, ALL)


def exit_key(program: Program, aliases: Mapping[str, str], label: str) -> str | int:
    """Where a branch to `label` goes: a step index inside `program`, or an exit key."""
    if label in program.labels:
        return program.labels[label]
    return aliases.get(label, label)
