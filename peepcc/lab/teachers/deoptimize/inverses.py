"""Inverse rewrites: one instruction said in two, a value made again, a copy nobody needs.

Those here take an instruction and a free register and give what may stand for it, or None where
they do not fit.
"""

from __future__ import annotations

from dataclasses import replace

from ....assembly.parse import parse_instruction
from ....assembly.print import print_instruction, print_operand
from ....assembly.syntax import Immediate, Instruction, Memory, Name, Register
from .. import instruction_text as c

Code = list[Instruction]


def parsed(*lines: str) -> Code:
    return [parse_instruction(line) for line in lines]


def in_width(operand: Register, scratch: str) -> str:
    """The free register in the operand's width."""
    return operand.name[0] + scratch[1:] if operand.name[0] in "wx" and operand.name not in ("wsp", "sp") else scratch


def are_plain(*operands) -> bool:
    return all(
        isinstance(o, Register) and o.name[0] in "wx" and o.modifier is None and o.name not in ("wsp", "wzr", "xzr")
        for o in operands
    )


def constant_in_register(i: Instruction, scratch: str) -> Code | None:
    """`add x0, x1, #5` with the 5 in a register."""
    if i.mnemonic not in (
        "add",
        "sub",
        "adds",
        "subs",
        "cmp",
        "cmn",
        "and",
        "orr",
        "eor",
        "tst",
        "ands",
    ) or not isinstance(i.operands[-1], Immediate):
        return None
    number = i.operands[-1]
    if (
        number.modifier
        or not are_plain(*i.operands[:-1])
        or not 0 < number.value < 1 << 16
        or "sp" in print_instruction(i)
    ):
        return None
    register = in_width(i.operands[0], scratch)
    return [*parsed(f"mov {register}, #{number.value}"), replace(i, operands=(*i.operands[:-1], Register(register)))]


def negated_constant(i: Instruction, scratch: str) -> Code | None:
    """`sub w0, w1, #1` as the sum with -1."""
    if (
        i.mnemonic not in ("add", "sub")
        or not isinstance(i.operands[-1], Immediate)
        or i.operands[-1].modifier
        or not are_plain(*i.operands[:-1])
    ):
        return None
    if "sp" in print_instruction(i) or not 0 < i.operands[-1].value < 4096:
        return None
    register = in_width(i.operands[0], scratch)
    other = "sub" if i.mnemonic == "add" else "add"
    return [
        *parsed(f"mov {register}, #-{i.operands[-1].value}"),
        replace(i, mnemonic=other, operands=(*i.operands[:-1], Register(register))),
    ]


def shift_apart(i: Instruction, scratch: str) -> Code | None:
    """A shifted or extended operand made by an instruction of its own."""
    if i.mnemonic not in (
        "add",
        "sub",
        "and",
        "orr",
        "eor",
        "bic",
        "cmp",
        "cmn",
        "tst",
        "adds",
        "subs",
        "ands",
    ) or not isinstance(i.operands[-1], Register):
        return None
    last = i.operands[-1]
    if last.modifier is None or not are_plain(*i.operands[:-1], replace(last, modifier=None)):
        return None
    register = in_width(i.operands[0], scratch)
    if last.modifier in ("lsl", "lsr", "asr", "ror"):
        first, rest = f"{last.modifier} {register}, {last.name}, #{last.amount}", Register(register)
    elif last.modifier == "uxtw" and register[0] == "x":
        first, rest = (
            f"mov w{register[1:]}, {last.name}",
            Register(register, "lsl", last.amount) if last.amount else Register(register),
        )
    elif last.modifier[1:] in ("xtb", "xth", "xtw"):
        narrow = "w" if last.modifier[0] == "u" else register[0]
        first, rest = (
            f"{last.modifier} {narrow}{register[1:]}, {last.name}",
            Register(register, "lsl", last.amount) if last.amount else Register(register),
        )
    else:
        return None
    return [*parsed(first), replace(i, operands=(*i.operands[:-1], rest))]


def multiply_apart(i: Instruction, scratch: str) -> Code | None:
    """madd and its like as a product and a sum."""
    names = {
        "madd": ("mul", "add"),
        "msub": ("mul", "sub"),
        "smaddl": ("smull", "add"),
        "umaddl": ("umull", "add"),
        "smsubl": ("smull", "sub"),
        "umsubl": ("umull", "sub"),
    }
    if i.mnemonic not in names or not are_plain(*i.operands):
        return None
    product, total = names[i.mnemonic]
    to, left, right, base = (o.name for o in i.operands)
    register = in_width(i.operands[0], scratch)
    return parsed(f"{product} {register}, {left}, {right}", f"{total} {to}, {base}, {register}")


def shift_as_product(i: Instruction, scratch: str) -> Code | None:
    if (
        i.mnemonic != "lsl"
        or not isinstance(i.operands[2], Immediate)
        or not are_plain(*i.operands[:2])
        or i.operands[2].value > 12
    ):
        return None
    register = in_width(i.operands[0], scratch)
    return parsed(
        f"mov {register}, #{1 << int(i.operands[2].value)}",
        f"mul {i.operands[0].name}, {i.operands[1].name}, {register}",
    )


def field_apart(i: Instruction, scratch: str) -> Code | None:
    """Bit fields as two shifts, or as a shift and a mask."""
    if i.mnemonic not in ("ubfx", "sbfx", "ubfiz", "sbfiz") or not are_plain(*i.operands[:2]):
        return None
    low, wide = (int(o.value) for o in i.operands[2:])
    to, source, bits = i.operands[0].name, i.operands[1].name, 8 * c.width(i.operands[0].name)
    register = in_width(i.operands[0], scratch)
    if i.mnemonic == "ubfx":
        return parsed(f"lsr {register}, {source}, #{low}", f"and {to}, {register}, #{(1 << wide) - 1}")
    if i.mnemonic == "ubfiz":
        return parsed(f"and {register}, {source}, #{(1 << wide) - 1}", f"lsl {to}, {register}, #{low}")
    if i.mnemonic == "sbfx":
        return parsed(f"lsl {register}, {source}, #{bits - low - wide}", f"asr {to}, {register}, #{bits - wide}")
    return (
        parsed(f"lsl {register}, {source}, #{bits - wide}", f"asr {to}, {register}, #{bits - wide - low}")
        if wide + low < bits
        else None
    )


def select_apart(i: Instruction, scratch: str) -> Code | None:
    """csinc, cset and their like as a csel of values made before it."""
    o, register = (
        i.operands,
        in_width(i.operands[0], scratch) if i.operands and isinstance(i.operands[0], Register) else "",
    )
    if i.mnemonic in ("cset", "csetm") and isinstance(o[-1], Name):
        return parsed(
            f"mov {register}, #{1 if i.mnemonic == 'cset' else -1}",
            f"csel {o[0].name}, {register}, {o[0].name[0]}zr, {o[-1].text}",
        )
    if i.mnemonic in ("csinc", "csinv", "csneg") and are_plain(*o[:3]):
        return parsed(
            _modified(i.mnemonic[2:], register, o[2].name), f"csel {o[0].name}, {o[1].name}, {register}, {o[3].text}"
        )
    if i.mnemonic in ("cinc", "cinv", "cneg") and are_plain(*o[:2]):
        return parsed(
            _modified(i.mnemonic[1:], register, o[1].name), f"csel {o[0].name}, {register}, {o[1].name}, {o[2].text}"
        )
    return None


def _modified(kind: str, register: str, source: str) -> str:
    return {
        "inc": f"add {register}, {source}, #1",
        "inv": f"mvn {register}, {source}",
        "neg": f"neg {register}, {source}",
    }[kind]


def address_apart(i: Instruction, scratch: str) -> Code | None:
    """The address in a register of its own."""
    memory = i.operands[-1] if i.operands and isinstance(i.operands[-1], Memory) else None
    if memory is None or memory.mode != "offset" or memory.offset is None:
        return None
    offset = memory.offset
    if isinstance(offset, Immediate) and 0 < abs(offset.value) < 4096:
        first = f"{'add' if offset.value > 0 else 'sub'} {scratch}, {memory.base}, #{abs(offset.value)}"
    elif isinstance(offset, Register) and (offset.modifier != "sxtx"):
        first = f"add {scratch}, {memory.base}, {print_operand(offset)}"
    else:
        return None
    plain = i.mnemonic.replace("ldur", "ldr").replace("stur", "str")
    return [*parsed(first), Instruction(plain, (*i.operands[:-1], Memory(scratch)))]


def index_apart(i: Instruction, scratch: str) -> Code | None:
    """The index extended or shifted before."""
    memory = i.operands[-1] if i.operands and isinstance(i.operands[-1], Memory) else None
    if (
        memory is None
        or not isinstance(memory.offset, Register)
        or memory.offset.modifier not in ("lsl", "sxtw", "uxtw")
    ):
        return None
    offset = memory.offset
    if offset.modifier == "lsl":
        first, rest = f"lsl {scratch}, {offset.name}, #{offset.amount}", Register(scratch)
    else:
        first = f"sxtw {scratch}, {offset.name}" if offset.modifier == "sxtw" else f"mov w{scratch[1:]}, {offset.name}"
        rest = Register(scratch, "lsl", offset.amount) if offset.amount else Register(scratch)
    return [*parsed(first), replace(i, operands=(*i.operands[:-1], replace(memory, offset=rest)))]


def pair_apart(i: Instruction, scratch: str) -> Code | None:
    """ldp and stp as two accesses."""
    if (
        i.mnemonic not in ("ldp", "stp")
        or i.operands[2].mode != "offset"
        or not isinstance(i.operands[2].offset, Immediate | None)
    ):
        return None
    first, second, memory = i.operands
    start, size = int(memory.offset.value) if memory.offset else 0, c.width(first.name)
    if (i.mnemonic == "ldp" and c.name(first.name) == c.name(memory.base)) or start < 0:
        return None
    name = "ldr" if i.mnemonic == "ldp" else "str"
    return [
        Instruction(name, (each, Memory(memory.base, Immediate(at) if at else None)))
        for each, at in ((first, start), (second, start + size))
    ]


def writeback_apart(i: Instruction, scratch: str) -> Code | None:
    """A pre- or post-indexed access and the sum by itself."""
    memory = i.operands[-1] if i.operands and isinstance(i.operands[-1], Memory) else None
    if memory is None or memory.mode == "offset" or memory.base == "sp" or not isinstance(memory.offset, Immediate):
        return None
    value = int(memory.offset.value)
    total = parsed(f"{'add' if value > 0 else 'sub'} {memory.base}, {memory.base}, #{abs(value)}")
    access = Instruction(i.mnemonic, (*i.operands[:-1], Memory(memory.base)))
    return [*total, access] if memory.mode == "pre" else [access, *total]


def branch_by_compare(i: Instruction, scratch: str) -> Code | None:
    """cbz, tbz and their like by flags."""
    if i.mnemonic in ("cbz", "cbnz"):
        flags, condition = f"cmp {i.operands[0].name}, #0", "eq" if i.mnemonic == "cbz" else "ne"
    elif i.mnemonic in ("tbz", "tbnz"):
        bit = int(i.operands[1].value)
        top = bit == 8 * c.width(i.operands[0].name) - 1
        flags = f"cmp {i.operands[0].name}, #0" if top else f"tst {i.operands[0].name}, #{1 << bit}"
        condition = {(True, "tbz"): "ge", (True, "tbnz"): "lt", (False, "tbz"): "eq", (False, "tbnz"): "ne"}[
            top, i.mnemonic
        ]
    else:
        return None
    return [*parsed(flags), Instruction(f"b.{condition}", (i.operands[-1],))]


def branch_by_value(i: Instruction, scratch: str) -> Code | None:
    """The condition in a register first."""
    if not i.mnemonic.startswith("b."):
        return None
    register = Register(f"w{scratch[1:]}")
    return [*parsed(f"cset {register.name}, {i.mnemonic[2:]}"), Instruction("cbnz", (register, i.operands[0]))]


def flags_apart(i: Instruction, scratch: str) -> Code | None:
    """ands, and subs and adds with zero in mind, as the result and its compare."""
    if i.mnemonic != "ands" or not are_plain(*i.operands[:2]) or i.operands[0].name[1:] == "zr":
        return None
    return [replace(i, mnemonic="and"), *parsed(f"cmp {i.operands[0].name}, #0")]


def extended_again(i: Instruction, scratch: str) -> Code | None:
    """An extension of what is extended."""
    if not i.operands or not are_plain(i.operands[0]):
        return None
    to = i.operands[0].name
    mask = {"ldrb": 255, "ldrh": 65535, "ldurb": 255, "ldurh": 65535, "cset": 1, "uxtb": 255, "uxth": 65535}.get(
        i.mnemonic
    )
    if mask:
        return [i, *parsed(f"and {to}, {to}, #{mask}")]
    if to[0] == "w" and c.writes(i) == {c.name(to)} and not c.is_store(i) and i.mnemonic not in c.KEEPERS:
        return [i, *parsed(f"mov {to}, {to}")]
    return None


def result_copied(i: Instruction, scratch: str) -> Code | None:
    """The result in another register first."""
    if (
        not i.operands
        or not are_plain(i.operands[0])
        or c.is_store(i)
        or i.mnemonic in c.KEEPERS
        or c.writes(i) - {"nzcv"} != {c.name(i.operands[0].name)}
    ):
        return None
    register = in_width(i.operands[0], scratch)
    return [replace(i, operands=(Register(register), *i.operands[1:])), c.mov(i.operands[0].name, register)]


def negated_twice(i: Instruction, scratch: str) -> Code | None:
    """bic, orn, eon with the inverse made first; mneg as a product and neg."""
    names = {"bic": "and", "orn": "orr", "eon": "eor"}
    if i.mnemonic in names and are_plain(*i.operands):
        register = in_width(i.operands[0], scratch)
        return parsed(
            f"mvn {register}, {i.operands[2].name}",
            f"{names[i.mnemonic]} {i.operands[0].name}, {i.operands[1].name}, {register}",
        )
    if i.mnemonic == "mneg" and are_plain(*i.operands):
        register = in_width(i.operands[0], scratch)
        return parsed(
            f"mul {register}, {i.operands[1].name}, {i.operands[2].name}", f"neg {i.operands[0].name}, {register}"
        )
    return None


LOCAL = (
    constant_in_register,
    negated_constant,
    shift_apart,
    multiply_apart,
    shift_as_product,
    field_apart,
    select_apart,
    address_apart,
    index_apart,
    pair_apart,
    writeback_apart,
    branch_by_compare,
    branch_by_value,
    flags_apart,
    extended_again,
    result_copied,
    negated_twice,
)
