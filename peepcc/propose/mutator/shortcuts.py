"""Shortcuts that save an instruction and are right only where what they do not look at allows: a test instrument.

They are the rewrites that models like: a copy, an extension or a reload left out, two
instructions in one. None looks at what lies between, at aliasing, liveness or widths. So
most results are wrong, and some are right. A shortcut gets lines and a place, and gives
fewer lines or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .mistakes import CONDITIONS, REGISTER, Lines, is_access, joined, split

Shortcut = Callable[[Sequence[str], int], "Lines | None"]

_OPPOSITE = {cc: CONDITIONS[n ^ 1] for n, cc in enumerate(CONDITIONS)}
_EXTENSIONS = ("sxtw", "sxtb", "sxth", "uxtb", "uxth", "and", "ubfx", "sbfx")
_ADDRESS = re.compile(r"\[(x\d+|sp)(?:, #(-?\d+))?\]")
_BYTES = {"w": 4, "x": 8, "s": 4, "d": 8, "q": 16}


def renamed(line: str, old: str, new: str) -> str:
    """`line` with register number of `old` changed into that of `new` in all widths of its bank.

    Zero registers keep their width.
    """
    integer = old[0] in "wx"

    def swap(match: re.Match[str]) -> str:
        if (match[1] in "wx") is not integer or match[2] != old[1:]:
            return match[0]
        return match[1] + (new[1:] if new[1:].isdigit() else "zr")

    return REGISTER.sub(swap, line)


def _is_register(text: str) -> bool:
    return REGISTER.fullmatch(text) is not None


def left_out(lines: Sequence[str], at: int) -> Lines:
    return (*lines[:at], *lines[at + 1 :])


def branch_left_out(lines: Sequence[str], at: int) -> Lines | None:
    """A jump may go to what follows anyway."""
    return left_out(lines, at) if lines[at].startswith(("b ", "b.", "cb", "tb")) else None


def copy_left_out(lines: Sequence[str], at: int) -> Lines | None:
    """All that follows reads the source of the copy."""
    mnemonic, parts = split(lines[at])
    if mnemonic not in ("mov", "fmov") or not (
        len(parts) == 2 and _is_register(parts[0]) and (_is_register(parts[1]) or parts[1] in ("wzr", "xzr"))
    ):
        return None
    return (*lines[:at], *(renamed(line, *parts) for line in lines[at + 1 :]))


def extension_left_out(lines: Sequence[str], at: int) -> Lines | None:
    """A value is taken to be as narrow as it should be."""
    mnemonic, parts = split(lines[at])
    if mnemonic not in _EXTENSIONS or len(parts) < 2 or not (_is_register(parts[0]) and _is_register(parts[1])):
        return None
    return (*lines[:at], *(renamed(line, parts[0], parts[1]) for line in lines[at + 1 :]))


def constant_inside(lines: Sequence[str], at: int) -> Lines | None:
    """A constant moves into the instruction that reads it."""
    mnemonic, parts = split(lines[at])
    if mnemonic != "mov" or len(parts) != 2 or not _is_register(parts[0]) or not parts[1].startswith("#"):
        return None
    for n in range(at + 1, len(lines)):
        other, operands = split(lines[n])
        if len(operands) > 1 and operands[-1][1:] == parts[0][1:] and _is_register(operands[-1]):
            return (*lines[:at], *lines[at + 1 : n], joined(other, [*operands[:-1], parts[1]]), *lines[n + 1 :])
        if parts[1] == "#0" and other.startswith("st") and operands[0][1:] == parts[0][1:] and operands[0][0] in "wx":
            return (
                *lines[:at],
                *lines[at + 1 : n],
                joined(other, [f"{operands[0][0]}zr", *operands[1:]]),
                *lines[n + 1 :],
            )
    return None


def reload_left_out(lines: Sequence[str], at: int) -> Lines | None:
    """A register still holds what memory held."""
    mnemonic, parts = split(lines[at])
    if not mnemonic.startswith("ld") or len(parts) != 2 or not _is_register(parts[0]):
        return None
    for earlier in reversed(lines[:at]):
        other, operands = split(earlier)
        if is_access(other) and len(operands) == 2 and operands[1] == parts[1] and _is_register(operands[0]):
            return (*lines[:at], *(renamed(line, parts[0], operands[0]) for line in lines[at + 1 :]))
    return None


def overwritten_store_left_out(lines: Sequence[str], at: int) -> Lines | None:
    """A later store goes to the same place."""
    mnemonic, parts = split(lines[at])
    later = (split(line) for line in lines[at + 1 :])
    if mnemonic.startswith("st") and any(
        other.startswith("st") and operands[-1] == parts[-1] for other, operands in later
    ):
        return left_out(lines, at)
    return None


def two_in_one_access(lines: Sequence[str], at: int) -> Lines | None:
    """Two loads or stores with one base become a pair, at the lower offset."""
    one, *rest = lines[at:]
    mnemonic, parts = split(one)
    if mnemonic not in ("ldr", "str", "ldur", "stur") or not (where := _ADDRESS.fullmatch(parts[-1])):
        return None
    for n, line in enumerate(rest, at + 1):
        other, operands = split(line)
        there = _ADDRESS.fullmatch(operands[-1]) if other[:2] == mnemonic[:2] and len(operands) == 2 else None
        if there and there[1] == where[1] and operands[0][0] == parts[0][0]:
            (low, first), (_, second) = sorted([(int(where[2] or 0), parts[0]), (int(there[2] or 0), operands[0])])
            size = _BYTES.get(parts[0][0], 4)
            pair = f"{mnemonic[:2]}p {first}, {second}, [{where[1]}, #{low // size * size}]"
            return (*lines[:at], pair, *lines[at + 1 : n], *lines[n + 1 :])
    return None


def compare_inside(lines: Sequence[str], at: int) -> Lines | None:
    """A comparison with zero, or a bit test, goes into the next branch."""
    mnemonic, parts = split(lines[at])
    branch, label = split(lines[at + 1]) if at + 1 < len(lines) else ("", [])
    if (
        not branch.startswith("b.")
        or mnemonic not in ("cmp", "tst", "subs", "ands")
        or not parts
        or not _is_register(parts[0])
    ):
        return None
    value, sign = parts[-2] if mnemonic in ("subs", "ands") else parts[0], 63 if parts[0][0] == "x" else 31
    new = {
        "eq": f"cbz {value}",
        "ls": f"cbz {value}",
        "ne": f"cbnz {value}",
        "hi": f"cbnz {value}",
        "gt": f"cbnz {value}",
        "le": f"tbnz {value}, #{sign}",
        "lt": f"tbnz {value}, #{sign}",
        "mi": f"tbnz {value}, #{sign}",
        "ge": f"tbz {value}, #{sign}",
        "pl": f"tbz {value}, #{sign}",
    }.get(branch[2:])
    return (*lines[:at], f"{new}, {label[0]}", *lines[at + 2 :]) if new and _is_register(value) else None


def condition_inside(lines: Sequence[str], at: int) -> Lines | None:
    """`cset` and a later branch on its result become a branch on the flags."""
    mnemonic, parts = split(lines[at])
    if mnemonic not in ("cset", "csetm"):
        return None
    for n in range(at + 1, len(lines)):
        other, operands = split(lines[n])
        if other in ("cbz", "cbnz", "tbz", "tbnz") and operands[0][1:] == parts[0][1:]:
            cc = parts[1] if "n" in other else _OPPOSITE[parts[1]]
            return (*lines[:at], *lines[at + 1 : n], f"b.{cc} {operands[-1]}", *lines[n + 1 :])
    return None


def branch_turned(lines: Sequence[str], at: int) -> Lines | None:
    """`b.eq A; b B` becomes `b.ne B`."""
    (mnemonic, _), (after, label) = split(lines[at]), split(lines[at + 1]) if at + 1 < len(lines) else ("", [])
    if after != "b" or not mnemonic.startswith("b.") or mnemonic[2:] not in _OPPOSITE:
        return None
    return (*lines[:at], f"b.{_OPPOSITE[mnemonic[2:]]} {label[0]}", *lines[at + 2 :])


def shift_inside(lines: Sequence[str], at: int) -> Lines | None:
    """`lsl a, b, #n; add c, d, a` becomes `add c, d, b, lsl #n`; an extension likewise."""
    mnemonic, parts = split(lines[at])
    if (
        mnemonic not in ("lsl", "lsr", "asr", "sxtw", "uxtb", "sxtb")
        or not all(map(_is_register, parts[:2]))
        or (len(parts) == 3 and parts[2][0] != "#")
    ):
        return None
    how = f"{mnemonic} {parts[2]}" if len(parts) == 3 else mnemonic
    for n in range(at + 1, len(lines)):
        other, operands = split(lines[n])
        if other in ("add", "sub", "and", "orr", "eor", "cmp", "subs", "adds", "bic") and operands[-1] == parts[0]:
            return (*lines[:at], *lines[at + 1 : n], joined(other, [*operands[:-1], parts[1], how]), *lines[n + 1 :])
    return None


def product_inside(lines: Sequence[str], at: int) -> Lines | None:
    """`mul; add` becomes `madd`, `fmul; fadd` becomes `fmadd` (which rounds once)."""
    mnemonic, parts = split(lines[at])
    fused = {
        ("mul", "add"): "madd",
        ("mul", "sub"): "msub",
        ("fmul", "fadd"): "fmadd",
        ("fmul", "fsub"): "fmsub",
        ("mul", "neg"): "mneg",
    }
    for n in range(at + 1, len(lines)):
        other, operands = split(lines[n])
        if (mnemonic, other) in fused and parts[0] in operands[1:]:
            rest = [operand for operand in operands[1:] if operand != parts[0]][:1]
            return (
                *lines[:at],
                *lines[at + 1 : n],
                joined(fused[mnemonic, other], [operands[0], *parts[1:3], *rest]),
                *lines[n + 1 :],
            )
    return None


def address_inside(lines: Sequence[str], at: int) -> Lines | None:
    """`add a, b, c; ldr r, [a]` becomes `ldr r, [b, c]`."""
    mnemonic, parts = split(lines[at])
    if mnemonic != "add" or len(parts) < 3 or parts[0][0] != "x":
        return None
    for n in range(at + 1, len(lines)):
        if is_access(lines[n]) and f"[{parts[0]}]" in lines[n]:
            return (
                *lines[:at],
                *lines[at + 1 : n],
                lines[n].replace(f"[{parts[0]}]", f"[{', '.join(parts[1:])}]"),
                *lines[n + 1 :],
            )
    return None


def narrow_load(lines: Sequence[str], at: int) -> Lines | None:
    """A load and the extension after it become the load of that width."""
    mnemonic, parts = split(lines[at])
    after, operands = split(lines[at + 1]) if at + 1 < len(lines) else ("", [])
    how = {"uxtb": "ldrb", "uxth": "ldrh", "sxtb": "ldrsb", "sxth": "ldrsh", "sxtw": "ldrsw", "and": "ldrb"}.get(after)
    if not mnemonic.startswith("ldr") or how is None or len(operands) < 2 or operands[1][1:] != parts[0][1:]:
        return None
    return (*lines[:at], joined(how, [operands[0], *parts[1:]]), *lines[at + 2 :])


SHORTCUTS: tuple[Shortcut, ...] = (
    left_out,
    branch_left_out,
    copy_left_out,
    extension_left_out,
    constant_inside,
    reload_left_out,
    overwritten_store_left_out,
    two_in_one_access,
    compare_inside,
    condition_inside,
    branch_turned,
    shift_inside,
    product_inside,
    address_inside,
    narrow_load,
)
