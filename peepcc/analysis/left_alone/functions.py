"""Why a function is left whole, as data: to add a reason is to add a line.

Each rule looks at one function of a module and at what the bitcode says, and gives a reason
that a user can read, or None. Without facts there is no window, whatever they are missing for.
What a window leaves out of a function that is not left alone is `barriers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ...assembly.syntax import Function, Module
from ..bitcode_facts import FunctionFacts, ModuleFacts
from ..dataflow.framework import own_facts
from ..obligation import Step
from . import hardening
from .barriers import CODE_SIZE_DIRECTIVES

_SCALABLE = re.compile(r"(?<![\w.:$])[zp](?:3[01]|[12]?[0-9])(?![\w$])", re.I)
_MODES = ("smstart", "smstop")

RULES: tuple[Callable[[Module, Function, FunctionFacts], str | None], ...] = (
    lambda module, function, about: function.opaque,
    lambda module, function, about: "calls what may return twice" if about.calls_returns_twice else None,
    lambda module, function, about: "has values in vector registers of an unknown length" if about.scalable else None,
    lambda module, function, about: (
        "lets others see which floating-point exceptions it raises" if about.exceptions else None
    ),
    lambda module, function, about: (
        "is built with the workaround of an unknown erratum" if about.other_erratum else None
    ),
    lambda module, function, about: "measures its own code" if _measures_code(module, function) else None,
    lambda module, function, about: (
        "touches scalable registers, or changes to a mode without vectors" if _scalable(module, function) else None
    ),
)


def why_left_alone(module: Module, function: Function, steps: Mapping[int, Step], facts: ModuleFacts) -> str | None:
    """The first reason why nothing of the function may be rewritten; None where there is none."""
    if facts.missing is not None:
        return facts.missing
    about = own_facts(function, facts)
    if about is None or not about.defined:
        return "is not defined by the bitcode: written in assembly, or added by the code generator"
    reason = next((reason for rule in RULES if (reason := rule(module, function, about))), None)
    return reason or hardening.why_alone(about.hardening, facts.traps, function, steps)


def _scalable(module: Module, function: Function) -> bool:
    """Vector registers then have bits that no part stands for, which each write of their low 128 clears; or a mode
    without vectors begins.
    """
    lines = module.lines[function.first : function.last]
    return any(
        line.instruction.mnemonic in _MODES if line.instruction else not line.readable and _SCALABLE.search(line.text)
        for line in lines
    )


def _measures_code(module: Module, function: Function) -> bool:
    return any(
        line.directive and line.directive.name in CODE_SIZE_DIRECTIVES
        for line in module.lines[function.first : function.last]
    )
