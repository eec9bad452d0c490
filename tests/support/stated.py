"""Facts for assembly that no C was compiled to: each function is defined, and nothing else is known of it."""

from __future__ import annotations

import re
from types import MappingProxyType

from peepcc.analysis.bitcode_facts import FunctionFacts, ModuleFacts

_FUNCTION = re.compile(r"^\s*\.type\s+(.+?)\s*,\s*[@%]function", re.MULTILINE)


def stated(assembly: str) -> ModuleFacts:
    """Of every function in the text. Its memory accesses count as volatile."""
    names = [name.strip('"') for name in _FUNCTION.findall(assembly)]
    facts = {
        name: FunctionFacts(name, None, None, standard_convention=False, volatile=True, defined=True) for name in names
    }
    return ModuleFacts(MappingProxyType(facts))
