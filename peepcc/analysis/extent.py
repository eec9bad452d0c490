"""How far a branch may have to reach: what stands between two lines of a function, in instructions' worth of bytes.

More may be said than there is, never less. What the text does not tell the length of (inline assembly, another
section) is beyond the reach of every branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from ..assembly.data import data_size
from ..assembly.labels import DATA, REGION_MARK
from ..assembly.syntax import Directive, Function, Line, Module

_UNKNOWN = 1 << 32
_WORD = 4
_ALIGNS = (".p2align", ".balign", ".align")
_SWITCHES = (".text", ".data", ".bss", ".section", ".subsection", ".pushsection", ".popsection", ".previous")


def places(module: Module, function: Function) -> Sequence[int]:
    """For each line of the function, from its first, how much stands before it; one more for what follows."""
    return tuple(accumulate(map(_most, module.lines[function.first : function.last]), initial=0))


def _most(line: Line) -> int:
    if not line.readable:
        return 0 if not line.text.strip() or REGION_MARK.match(line.text) else _UNKNOWN
    if line.instruction is not None:
        return 1
    return 0 if line.directive is None else _of_directive(line.directive)


def switches_section(line: Line) -> bool:
    """Whether what follows may lie elsewhere than what stands before."""
    return line.directive is not None and line.directive.name in _SWITCHES


def _of_directive(directive: Directive) -> int:
    if directive.name in _ALIGNS:
        return _padding(directive)
    if directive.name in DATA:
        size = data_size(directive)
        return _UNKNOWN if size is None else -(-size // _WORD)
    return _UNKNOWN if directive.name in _SWITCHES else 0


def _padding(directive: Directive) -> int:
    size = directive.arguments.partition(",")[0].strip()
    if not size.isdecimal():
        return _UNKNOWN
    return -(-(int(size) if directive.name == ".balign" else 1 << min(int(size), 32)) // _WORD)
