"""The list of instruction forms that the prover may see: those that were tested, and nothing else.

`forms.json` is made by `lab/forms/survey.py`, which compares each form with the emulator. It holds
for the versions of the libraries that it names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ...assembly.syntax import (
    Immediate,
    Instruction,
    Memory,
    Name,
    Operand,
    Register,
    RegisterList,
    Symbol,
    VectorRegister,
)

LIST = Path(__file__).with_name("forms.json")
LIBRARIES = ("pyvex", "archinfo")  # whose version the list holds for
CONDITIONS = frozenset("eq ne cs hs cc lo mi pl vs vc hi ls ge lt gt le al nv".split())


@dataclass(frozen=True, slots=True)
class Forms:
    """`tested`: the forms that agreed with the emulator; `versions`: library -> version."""

    tested: frozenset[str]
    versions: dict[str, str]

    @property
    def hold(self) -> bool:
        """The libraries are those that the list was made with."""
        return all(self.versions.get(name) == _installed(name) for name in LIBRARIES)


@cache
def _installed(library: str) -> str:
    return version(library)


@cache
def forms() -> Forms:
    """The list in the package."""
    data = json.loads(LIST.read_text())
    return Forms(frozenset(data["tested"]), dict(data["versions"]))


def form(instruction: Instruction) -> str:
    """The mnemonic and the kinds of its operands: `add x x #`, `ldr w [x x lsl #]`, `mla v.4s v.4s v.s[]`."""
    return " ".join((instruction.mnemonic, *map(_operand, instruction.operands)))


def _operand(operand: Operand) -> str:
    match operand:
        case Register():
            return _kind(operand.name) + _modified(operand)
        case VectorRegister():
            return f"v.{operand.arrangement}" + ("" if operand.lane is None else "[]")
        case RegisterList():
            inner = ",".join(map(_operand, operand.registers))
            return "{" + inner + "}" + ("" if operand.lane is None else "[]")
        case Immediate():
            return "#" + ("f" if isinstance(operand.value, float) else "") + _modified(operand)
        case Memory():
            offset = "" if operand.offset is None else " " + _operand(operand.offset)
            return f"[{_kind(operand.base)}{offset}]" + {"pre": "!", "post": "+"}.get(operand.mode, "")
        case Name():
            return "?" if operand.text in CONDITIONS else operand.text
        case Symbol():
            return "label" if operand.specifier is None else f":{operand.specifier}:"
    raise TypeError(operand)


def _kind(name: str) -> str:
    return (
        name if name in ("sp", "wsp", "xzr", "wzr") else name.rstrip("0123456789") if name not in ("fp", "lr") else "x"
    )


def _modified(operand: Register | Immediate) -> str:
    return "" if operand.modifier is None else f" {operand.modifier}" + ("" if operand.amount is None else " #")
