"""Which lines of a function stay because of a hardening option: one function for each shape of what options add.

What is taken for the option's may be more than it added, and costs a rewrite then. `None`: what must
stay was not found, so that the whole function has to.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from ...assembly.labels import symbols
from ...assembly.syntax import Immediate, Register
from ..obligation import Kind, Step
from ..registers import NZCV, SP
from .checks import Code, Fails, failing, guarded, made, origins, stores

_FRAME = ("sp", "x29")
_BASE_POINTER = "x19"  # where the stack is realigned and grows
_ZEROES = ("mov", "movz", "movi", "fmov")
_GUARD_FAILS = ("__stack_chk_fail", "__stack_smash_handler")
_TRAPS = ("brk", "udf", "hlt")


def zeroing(code: Code, traps: frozenset[str]) -> frozenset[int]:
    """A register that becomes zero, wherever: the scheduler may part what was put before a return."""
    return frozenset(line for line, step in code.lines() if step.instruction.mnemonic in _ZEROES and _is_zero(step))


def stack_guard(code: Code, traps: frozenset[str]) -> frozenset[int] | None:
    """The checks, the stores of the guard to the places that they load, and what is stored there."""
    fails = _names(_GUARD_FAILS)
    if not any(fails(step) for _, step in code.lines()):
        return frozenset()
    if _called_elsewhere(code, fails):
        return None
    failures = failing(code, fails)
    found, checks = set(_inside(code, failures)), list(guarded(code, failures))
    for branch, rests_on in checks:
        loads = [access for line in rests_on for access in code.steps[line].effect.accesses if not access.store]
        of_frame = [each for each in loads if each.base in _FRAME]
        slots = of_frame or [each for each in loads if each.base == _BASE_POINTER]
        kept = frozenset().union(*(stores(code, slot) for slot in slots))
        if not kept:
            return None
        found |= {branch, *rests_on, *kept, *(line for each in kept for line in made(code, each))}
    return frozenset(found) if checks else None


def trapping(code: Code, traps: frozenset[str]) -> frozenset[int] | None:
    """Traps, the branches to them, and what these compare."""
    named = _names(traps)
    if _called_elsewhere(code, named):
        return None
    failures = failing(code, lambda step: step.instruction.mnemonic in _TRAPS or named(step))
    checks = (line for branch, rests_on in guarded(code, failures) for line in (branch, *rests_on))
    return frozenset((*_inside(code, failures), *checks))


def probes(code: Code, traps: frozenset[str]) -> frozenset[int]:
    """Accesses that touch a new page of the stack, and the loops around them, which compare sp."""
    found = {line for line, step in code.lines() if _probes_stack(step)}
    for block in code.function.blocks:
        last = block.instructions[-1] if block.instructions else -1
        if last in code.steps and code.steps[last].effect.kind is Kind.CONDITIONAL:
            rests_on = origins(code, block, last)
            if any(_compares_sp(code.steps[line]) for line in rests_on):
                found |= {last, *rests_on}
    return frozenset(found)


def returns(code: Code, traps: frozenset[str]) -> frozenset[int]:
    """Every return: what stands behind it must not be left behind."""
    return frozenset(line for line, step in code.lines() if step.effect.kind is Kind.RETURN)


def _names(names: Container[str]) -> Fails:
    """Whether a step calls one of the functions, or makes its address for a call through a register."""
    return lambda step: any(name in names for name in symbols(step.instruction))


def _called_elsewhere(code: Code, fails: Fails) -> bool:
    """Whether an address is made in a block that does not end with the call: then the block that fails is not known."""
    for block in code.function.blocks:
        calls = [
            line for line in block.instructions if line in code.steps and code.steps[line].effect.kind is Kind.CALL
        ]
        if any(
            line in code.steps and fails(code.steps[line]) and line > max(calls, default=-1)
            for line in block.instructions
        ):
            return True
    return False


def _inside(code: Code, failures: frozenset[int]) -> Iterator[int]:
    return (line for index in failures for line in code.function.blocks[index].instructions)


def _is_zero(step: Step) -> bool:
    last = step.instruction.operands[-1]
    return (isinstance(last, Immediate) and last.value == 0) or (
        isinstance(last, Register) and last.name in ("wzr", "xzr")
    )


def _probes_stack(step: Step) -> bool:
    first = step.instruction.operands[:1]
    zero = any(isinstance(each, Register) and each.name in ("xzr", "wzr") for each in first)
    return zero and any(access.base == "sp" for access in step.effect.accesses)


def _compares_sp(step: Step) -> bool:
    return bool(step.effect.reads & SP and step.effect.writes & NZCV)
