"""What is left as clang wrote it because the user asked for it, as data: to add a hardening option is to add a rule.

What such an option adds is often dead by the rules of equality: a register that is zeroed before
a return, a check that cannot fail where all is well. Each rule says how the bitcode shows the
option and what follows for the function. Rules for instructions that are never in a window
whoever wrote them (hints, traps, barriers, calls, x18) are in `regions`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ...assembly.syntax import Function
from ..obligation import Step
from .checks import Code
from .pins import probes, returns, stack_guard, trapping, zeroing


class Follow(Enum):
    """What a rule means for its function."""

    ALONE = "no window in the function"
    LIVE = "everything is live at returns and tail calls"
    ORDERED = "accesses keep count, order, width, address and value"
    PINNED = "its instructions are in no window"


Names = frozenset[str]
Lines = frozenset[int] | None
Pins = Callable[[Code, Names], Lines]


@dataclass(frozen=True, slots=True)
class Rule:
    """`shows`: in a function's attributes, or in its body too where `body` is set.

    `pins`: lines that are in no window, from the code and the functions that are called in the
    place of traps; None where what must stay is not found, which leaves the function alone.
    """

    name: str
    why: str
    shows: re.Pattern[str]
    follows: frozenset[Follow]
    body: bool = False
    pins: Pins | None = None


_A, _L, _O, _P = Follow.ALONE, Follow.LIVE, Follow.ORDERED, Follow.PINNED

RULES: tuple[Rule, ...] = (
    Rule(
        "zero-call-used-regs",
        "registers are zeroed before a return so that nothing is left in them, though nobody may read them",
        re.compile(r'"zero-call-used-regs"="(?!skip")'),
        frozenset({_L, _P}),
        pins=zeroing,
    ),
    Rule(
        "speculative-load-hardening",
        "masks are all ones on the ways that programs go, and matter on those that a processor guesses",
        re.compile(r"\bspeculative_load_hardening\b"),
        frozenset({_A}),
    ),
    Rule(
        "straight-line-speculation",
        "a return has a barrier behind it, which another return would not have",
        re.compile(r"\+harden-sls-retbr\b"),
        frozenset({_P}),
        pins=returns,
    ),
    Rule(
        "stack-protector",
        "a check that cannot fail where nothing is written out of bounds",
        re.compile(r"\bssp(?:strong|req)?\b"),
        frozenset({_P}),
        pins=stack_guard,
    ),
    Rule(
        "stack-clash-protection",
        "stores whose only effect is that they touch a page",
        re.compile(r'"probe-stack"='),
        frozenset({_P}),
        pins=probes,
    ),
    Rule(
        "safe-stack",
        "the pointer of the other stack is read by signal handlers and other threads",
        re.compile(r"\bsafestack\b"),
        frozenset({_O}),
    ),
    Rule(
        "memory-sanitizers",
        "tags in addresses, and shadow memory, are not modelled",
        re.compile(r"\bsanitize_\w+"),
        frozenset({_A}),
    ),
    Rule(
        "unoptimized-checks",
        "at -O0 a check goes through the stack, where it is not told from other code",
        re.compile(r"\boptnone\b(?s:.*)(?:\bsafestack\b|@llvm\.(?:(?:ubsan|debug)?trap\(|[su]\w+\.with\.overflow\.))"),
        frozenset({_A}),
        body=True,
    ),
    Rule(
        "traps",
        "a check that cannot fail where the program is right",
        re.compile(r"@llvm\.(?:ubsan|debug)?trap\("),
        frozenset({_P}),
        body=True,
        pins=trapping,
    ),
    Rule(
        "kcfi",
        "a check that cannot fail where function pointers are right",
        re.compile(r'"kcfi"\(i32 '),
        frozenset({_P}),
        body=True,
        pins=trapping,
    ),
    Rule(
        "undefined-behavior-handlers",
        "a check that cannot fail where the program is right, and reports where it does",
        re.compile(r"@__(?:ubsan|cfi)_"),
        frozenset({_A}),
        body=True,
    ),
    Rule(
        "trivial-auto-var-init",
        "what a variable holds at first is overwritten where the program is right",
        re.compile("^auto-init$", re.M),
        frozenset({_O}),
        body=True,
    ),
)
_BY_NAME = {rule.name: rule for rule in RULES}


def shown(attributes: str, body: str, auto_init: bool) -> Names:
    """The names of the rules that attributes and text of a function show.

    `auto_init`: it may hold first values of variables.
    """
    whole = "\n".join((attributes, body, *(("auto-init",) if auto_init else ())))
    return frozenset(rule.name for rule in RULES if rule.shows.search(whole if rule.body else attributes))


def follows(names: Names, what: Follow) -> tuple[str, ...]:
    """Those of the rules from which `what` follows."""
    return tuple(sorted(name for name in names if what in _BY_NAME[name].follows))


def why_alone(names: Names, traps: Names, function: Function, steps: Mapping[int, Step]) -> str | None:
    """Why the function is left alone, as a user may read it; None where it is not."""
    alone = follows(names, Follow.ALONE)
    if alone:
        return f"is hardened ({alone[0]}): {_BY_NAME[alone[0]].why}"
    unfound = next((name for name, lines in _found(names, traps, function, steps) if lines is None), None)
    return f"is hardened ({unfound}), and what the option added is not told from other code" if unfound else None


def pinned(names: Names, traps: Names, function: Function, steps: Mapping[int, Step]) -> frozenset[int]:
    """The lines that stay, of a function that is not left alone."""
    return frozenset().union(*(lines or () for _, lines in _found(names, traps, function, steps)))


def _found(names: Names, traps: Names, function: Function, steps: Mapping[int, Step]) -> list[tuple[str, Lines]]:
    """What the rules that pin something find."""
    code = Code(function, steps)
    rules = ((name, _BY_NAME[name].pins) for name in follows(names, Follow.PINNED))
    return [(name, pins(code, traps)) for name, pins in rules if pins is not None]
