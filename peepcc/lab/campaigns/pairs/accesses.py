"""What the loads and stores of the campaign `pairs` do, by mnemonic."""

from __future__ import annotations

from collections.abc import Sequence

from ....assembly.syntax import Memory, Operand
from .machine import WIDTHS, Machine, Operation, address, mask, name_of, signed, width

_SIZES = {"b": 1, "h": 2, "w": 4}


def _place(m: Machine, operands: Sequence[Operand], at: int) -> int:
    memory = operands[at]
    assert isinstance(memory, Memory)
    return address(m, memory, operands[at + 1] if len(operands) > at + 1 else None)


def _load(size: int = 0, signs: bool = False) -> Operation:
    """`size` in bytes; 0: that of the register."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        name = name_of(operands[0])
        length = size or WIDTHS.get(name[0], 64) // 8
        held = m.load(_place(m, operands, 1), length)
        m.put(name, signed(held, 8 * length) if signs else held)

    return operation


def _store(size: int = 0) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        name = name_of(operands[0])
        held, length = m.get(name), size or WIDTHS.get(name[0], 64) // 8
        m.store(_place(m, operands, 1), length, held)

    return operation


def _pair(stores: bool, signs: bool = False) -> Operation:
    """ldp, stp and (`signs`) ldpsw."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        names = [name_of(each) for each in operands[:2]]
        size = 4 if signs else width(names[0]) // 8
        held = [m.get(each) & mask(8 * size) for each in names]
        place = _place(m, operands, 2)
        if stores:
            m.store(place, 2 * size, held[0] | held[1] << 8 * size, size)
            return
        both = m.load(place, 2 * size, size)
        for name, part in zip(names, (both, both >> 8 * size)):
            m.put(name, signed(part, 32) if signs else part & mask(8 * size))

    return operation


OPERATIONS: dict[str, Operation] = {"ldp": _pair(False), "stp": _pair(True), "ldpsw": _pair(False, True)}
for _kind in ("r", "ur"):
    OPERATIONS |= {f"ld{_kind}": _load(), f"st{_kind}": _store(), f"ld{_kind}sw": _load(4, True)}
    OPERATIONS |= {f"ld{_kind}{each}": _load(_SIZES[each]) for each in "bh"} | {
        f"ld{_kind}s{each}": _load(_SIZES[each], True) for each in "bh"
    }
    OPERATIONS |= {f"st{_kind}{each}": _store(_SIZES[each]) for each in "bh"}
