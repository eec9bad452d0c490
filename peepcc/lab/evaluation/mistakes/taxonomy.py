"""Which mistake a refuted reply makes: by the smallest change that mends it, else by what differs.

A change of one operand that makes the reply right names the mistake best. Where there is
none, the outputs that differ do. The name is a help for those who look for patterns; that
the reply is wrong is not in doubt here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from ....analysis.encoded import program
from ....analysis.obligation import Obligation, Program
from ....analysis.registers import parts, union
from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....assembly.print import print_instruction
from ....assembly.syntax import Instruction
from ....optimize.edits import edited, hunks
from ...teachers import instruction_text as c
from .names import Mistake
from .nearest_fix import lost, mends

_STRAYS = ("load of", "store of", "access")

Test = Callable[[Obligation], bool]


def mistake(
    window: Window,
    target: Sequence[Instruction],
    reply: Program,
    differing: Collection[str],
    mended: Test,
    encoder: Encoder,
) -> Mistake:
    """`reply`: the program of `target`.

    `differing`: names of outputs that differ, as counterexamples have them. `mended`: whether an obligation holds now.
    """
    source = [step.instruction for step in window.source.steps]
    before, after = (
        [print_instruction(i) for i in lines if c.is_load(i) or c.is_store(i)] for lines in (source, target)
    )
    if before != after and Counter(before) == Counter(after):
        return Mistake.MEMORY_ORDER
    if window.ordered and len(before) != len(after):
        return Mistake.MEMORY_MISSING if len(after) < len(before) else Mistake.MEMORY_EXTRA
    tried = mends(source, target, sorted(window.labels))
    encoder.encode_instructions([i for mend in tried for i in mend.target])  # in one run
    for mend in tried:
        changed = program(edited(window, hunks(window, mend.target)), encoder)
        if changed is not None and mended(window.obligation(changed)):
            return mend.mistake
    return _by_outputs(window, target, reply, differing)


def _by_outputs(window: Window, target: Sequence[Instruction], reply: Program, differing: Collection[str]) -> Mistake:
    source = [step.instruction for step in window.source.steps]
    if set(differing) == {"nzcv"}:
        return Mistake.FLAGS
    dropped = _dropped(source, target)
    if dropped:
        return lost(dropped)
    exits = "exit" in differing or "branch target" in differing
    if exits and [i for i in source if c.is_branch(i)] != [i for i in target if c.is_branch(i)]:
        return Mistake.CONTROL
    memory = _of_memory(window, reply, differing)
    if memory is not None:
        return memory
    written = [union(step.effect.writes for step in each.steps) for each in (window.source, reply)]
    if any(name != "nzcv" and _parts(name) & (written[0] ^ written[1]) for name in differing):
        return Mistake.LIVE_OUT
    return Mistake.CONTROL if exits and len(differing) == 1 else Mistake.OPERATION


def _dropped(source: Sequence[Instruction], target: Sequence[Instruction]) -> list[Instruction]:
    """The lines that are missing, of a reply that is the source without some lines; nothing of any other."""
    rest = iter(target)
    wanted = next(rest, None)
    missing = []
    for line in source:
        if line == wanted:
            wanted = next(rest, None)
        else:
            missing.append(line)
    return missing if wanted is None else []


def _of_memory(window: Window, reply: Program, differing: Collection[str]) -> Mistake | None:
    strays = [name for name in differing if name.startswith(_STRAYS)]
    accesses, stores = (
        (
            [access for step in window.source.steps for access in step.effect.accesses if access.store >= only],
            [access for step in reply.steps for access in step.effect.accesses if access.store >= only],
        )
        for only in (False, True)
    )
    if "order of accesses" in differing and not strays:
        return _of_trace(*accesses)
    if strays:
        if len(accesses[1]) > len(accesses[0]):
            return Mistake.MEMORY_EXTRA
        sizes = [sorted(access.size for access in each) for each in accesses]
        return Mistake.MEMORY_ADDRESS if sizes[0] == sizes[1] or len(sizes[0]) != len(sizes[1]) else Mistake.MEMORY_SIZE
    if any(name in ("access below sp", "frame", "alignment of sp at an access") for name in differing):
        return Mistake.MEMORY_ADDRESS
    if any(name == "memory" or name.startswith("[") for name in differing):
        return Mistake.MEMORY_MISSING if len(stores[1]) < len(stores[0]) else Mistake.MEMORY_VALUE
    return None


def _of_trace(before: Sequence, after: Sequence) -> Mistake:
    """Accesses that must stay as they are did not."""
    if len(after) != len(before):
        return Mistake.MEMORY_MISSING if len(after) < len(before) else Mistake.MEMORY_EXTRA
    if Counter(before) == Counter(after):
        return Mistake.MEMORY_ORDER
    same_sizes = sorted(access.size for access in before) == sorted(access.size for access in after)
    return Mistake.MEMORY_ADDRESS if same_sizes else Mistake.MEMORY_SIZE


def _parts(name: str) -> int:
    try:
        return parts(name)
    except KeyError:
        return 0
