"""The state that both programs start from: registers as variables, with what is known put in."""

from __future__ import annotations

from collections.abc import Mapping

from ....analysis.obligation import Known
from ..terms.term import Term
from . import flags as flag_terms
from .memory import Terms
from .step import Entry, State


def entry(known: Known, aliases: Mapping[str, str], havoc: bool) -> Entry:
    """Registers as variables named x0, q0, sp, n ...; what is known is put in."""
    terms = Terms()
    registers = {f"x{n}": value for n, value in _known(terms, known).items()}
    registers |= {f"q{n}": terms.var(f"q{n}", 128) for n in range(32)} | {"sp": terms.var("sp", 64)}
    flags = flag_terms.of_bits(terms, *(terms.var(name, 1) for name in ("n", "z", "c", "v")))
    return Entry(terms, State(registers, flags, terms.memory()), aliases, havoc)


def _known(terms: Terms, known: Known) -> dict[int, Term]:
    group = {n: n for n in range(31)}
    for equal in known.equal:
        root = min(group[n] for n in equal)
        joined = {group[n] for n in equal}
        group = {n: root if of in joined else of for n, of in group.items()}
    values: dict[int, Term] = {}
    for root in sorted(set(group.values())):
        members = [n for n in range(31) if group[n] == root]
        constants = [known.constants[n] for n in members if n in known.constants]
        zero = min(known.zero_extended.get(n, 64) for n in members)
        sign = min(known.sign_extended.get(n, 64) for n in members)
        if zero < 64 and zero >= sign:
            zero, sign = sign - 1, 64
        if constants:
            value = terms.const(constants[0], 64)
        elif zero <= sign:
            value = terms.zext(terms.var(f"x{root}", zero), 64) if zero else terms.const(0, 64)
        else:
            value = terms.sext(terms.var(f"x{root}", sign), 64)
        values |= dict.fromkeys(members, value)
    return values
