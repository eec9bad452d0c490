"""What every dataflow over a function agrees on: which lines act, and what a call does.

It errs on one side only: a line that may do something and is not understood is an event
without a step, and a call whose convention is not sure is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...assembly.labels import OPENING_MARK
from ...assembly.syntax import Block, Function, Line, Module, Symbol
from .. import abi
from ..bitcode_facts import FunctionFacts, ModuleFacts
from ..obligation import Kind, Step
from ..registers import ALWAYS_LIVE_AT_EXIT, ARGUMENTS, CALL_CLOBBERED, NONE, PLATFORM, SP, Parts, x

_SILENT = frozenset(
    ".loc .p2align .align .balign .file .globl .global .weak .hidden .local .protected .internal .type .size .text"
    " .section .pushsection .popsection .previous .tlsdesccall .variant_pcs .addrsig .addrsig_sym .ident .set .equ"
    " .loh .cv_loc".split()
)
_ENDS = (Kind.JUMP, Kind.INDIRECT, Kind.RETURN)


@dataclass(frozen=True, slots=True)
class Event:
    """Line `line` does what `step` says, or something unknown where that is None.

    `descriptor`: it is the call of a TLS descriptor, which has a convention of its own.
    """

    line: int
    step: Step | None
    descriptor: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """`reads` and `clobbers` are register parts; memory and the stack are not said."""

    reads: Parts
    clobbers: Parts
    returns: bool = True


def events(module: Module, block: Block, steps: Mapping[int, Step]) -> Iterator[Event]:
    """What happens in `block`, in order; what lies behind its last jump is data."""
    own = frozenset(block.instructions)
    descriptor = False
    for index in range(block.first, block.last):
        line = module.lines[index]
        if line.directive is not None and line.directive.name == ".tlsdesccall":
            descriptor = True
        elif index in own and line.readable:
            step = steps.get(index)
            yield Event(index, step, descriptor)
            descriptor = False
            if step is not None and step.effect.kind in _ENDS:
                return
        elif not _silent(line):
            yield Event(index, None)


def _silent(line: Line) -> bool:
    """Whether it does nothing.

    Inline assembly without a line hides its operands from the compiler, as the author asked.
    """
    if not line.readable or line.instruction is not None or OPENING_MARK.match(line.text):
        return False
    return line.directive is None or line.directive.name in _SILENT or line.directive.name.startswith(".cfi_")


def target(step: Step) -> str | None:
    """The symbol that a branch or call names, without quotes; None for a register or an expression."""
    last = step.instruction.operands[-1] if step.instruction.operands else None
    if not isinstance(last, Symbol) or last.addend or last.specifier:
        return None
    return last.name.strip('"')


def call(event: Event, caller: FunctionFacts | None, facts: ModuleFacts) -> Call | None:
    """What the call of `event` reads and clobbers under AAPCS64; None where another convention may hold."""
    step = event.step
    if step is None or event.descriptor or caller is None or not caller.standard_convention:
        return None  # an odd caller may count on more than the callee's own convention says
    if step.instruction.mnemonic == "blr":
        if not caller.standard_calls:
            return None
        return Call(ARGUMENTS | SP | PLATFORM | step.effect.reads, CALL_CLOBBERED)
    name = target(step) if step.instruction.mnemonic == "bl" else None
    return None if name is None else callee(name, facts)


def callee(name: str, facts: ModuleFacts) -> Call | None:
    """What a call of symbol `name` reads and clobbers; None where another convention may hold.

    A symbol that the bitcode does not name is none of its functions: an outlined piece of
    code, or a helper that keeps to rules of its own.
    """
    called = facts.functions.get(name)
    if called is None:
        arguments = abi.RUNTIME.get(name) if facts.functions else None
        return None if arguments is None else Call(arguments | SP | PLATFORM, CALL_CLOBBERED)
    if not called.standard_convention:
        return None
    arguments = ARGUMENTS if called.arguments is None else called.arguments | abi.RUNTIME.get(name, NONE)
    return Call(arguments | SP | PLATFORM, CALL_CLOBBERED, returns=not called.noreturn)


def tail_call(step: Step, caller: FunctionFacts | None, facts: ModuleFacts) -> Parts | None:
    """The parts that a jump out of the function must find; None where that is not sure."""
    name = target(step)
    if name is None or step.effect.kind is not Kind.JUMP or caller is None or not caller.standard_convention:
        return None
    found = callee(name, facts)
    return None if found is None else found.reads | ALWAYS_LIVE_AT_EXIT | x(30)


def own_facts(function: Function, facts: ModuleFacts) -> FunctionFacts | None:
    return facts.functions.get(function.name.strip('"'))
