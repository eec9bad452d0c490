"""The grammar that a server holds one reply to: our reply language, narrowed to what one window has.

The operand rules are those of assembly/aarch64.lark; names, numbers and blanks are as
`canonical` writes them. Promises that what it admits decodes; not that it assembles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .language import MNEMONICS, UNCHANGED, Prompt

_SCALAR = frozenset(
    """
 adc adcs add adds and ands asr asrv bfc bfi bfxil bic bics ccmn ccmp cinc cinv cls clz cmn cmp cneg cset csetm csel
 csinc csinv csneg eon eor extr lsl lslv lsr lsrv madd mneg mov movk movn movz msub mul mvn neg negs ngc ngcs orn
 orr rbit rev rev16 rev32 ror rorv sbc sbcs sbfiz sbfx sdiv smaddl smnegl smsubl smulh smull sub subs sxtb sxth sxtw
 tst ubfiz ubfx udiv umaddl umnegl umsubl umulh umull uxtb uxth
""".split()
)
_BARE = ("nop", "ret")
_MEMORY = re.compile(r"(?:ld|st)[a-z0-9]+")
_CONDITIONAL = tuple(name for name in MNEMONICS if name.startswith("b."))
_JUMPS = ("b", "cbz", "cbnz", "tbz", "tbnz", *_CONDITIONAL)
_JUMP = """
jump: ("b " | CONDITIONAL) LABEL
    | ("cbz " | "cbnz ") register _COMMA LABEL
    | ("tbz " | "tbnz ") register _COMMA INTEGER _COMMA LABEL"""
_TRANSFER = """
transfer: TRANSFER (register [_COMMA register] | register_list) _COMMA memory [_COMMA (immediate | register)]"""
_FLOAT = r"FLOAT: /#-?[0-9]{1,2}\.[0-9]{1,7}/"
_OTHERS = r"""
instruction: MNEMONIC operand _COMMA operand (_COMMA (operand | modifier))*
register: REGISTER
condition: CONDITION
modifier: (SHIFT | EXTEND) [" " INTEGER]
INTEGER: /#-?(?:0|[1-9][0-9]{0,19})/
_COMMA: ","
"""


def reply_grammar(prompt: Prompt) -> str:
    """Lark text, in the part of the syntax that llguidance reads too; the start rule is `start`."""
    written = {line.split(" ")[0] for line in prompt.source}
    vector = any(bank == "v" for bank, _ in prompt.registers)
    kinds, parts = ["instruction"], []
    bare = [name for name in _BARE if name in written]
    if bare:
        kinds.append("BARE")
        parts.append(f"BARE: {_choice(bare)}")
    if prompt.labels:
        kinds.append("jump")
        parts += [
            f"CONDITIONAL: {_choice(f'{name} ' for name in _CONDITIONAL)}",
            f"LABEL: {_choice(prompt.labels)}",
            _JUMP,
        ]
    if "[" in prompt.text:
        kinds.append("transfer")
        parts += [
            f"TRANSFER: {_choice(f'{name} ' for name in MNEMONICS if _MEMORY.fullmatch(name))}",
            _shared("memory", "WRITEBACK"),
            _TRANSFER if vector else _TRANSFER.replace(" | register_list", ""),
        ]
    if vector:
        parts += [f"VECTOR: {_choice(_vectors(prompt))}", _FLOAT, _shared("vector", "register_list", "LANE")]
    parts += [
        f"MNEMONIC: {_choice(f'{name} ' for name in _others(vector))}",
        f"REGISTER: {_choice(_registers(prompt))}",
    ]
    parts += [
        _operand(vector),
        f"immediate: INTEGER{' | FLOAT' * vector}",
        _shared("SHIFT", "EXTEND"),
        f"CONDITION: {_choice(name[2:] for name in _CONDITIONAL)}",
        _OTHERS,
    ]
    head = [f'start: "{UNCHANGED}" | [line ("\\n" line)* ["\\n"]]', f"line: {' | '.join(kinds)}"]
    if prompt.source:
        head[0] += ' | edit ("\\n" edit)* ["\\n"]'
        head += ["edit: INDEX [line]", f"INDEX: {_choice(f'@{n}' for n in range(1, len(prompt.source) + 1))}"]
    return "\n".join([*head, *parts])


def _others(vector: bool) -> Iterator[str]:
    for name in MNEMONICS:
        if name in _SCALAR or (vector and name not in (*_BARE, *_JUMPS) and not _MEMORY.fullmatch(name)):
            yield name


def _registers(prompt: Prompt) -> Iterator[str]:
    yield from ("xzr", "wzr")
    yield from (name for name in ("sp", "wsp", "x29", "w29", "x30", "w30") if re.search(rf"\b{name}\b", prompt.text))
    for bank, number in prompt.registers:
        yield from (f"{kind}{number}" for kind in ("xw" if bank == "x" else "bhsdq"))


def _vectors(prompt: Prompt) -> Iterator[str]:
    for bank, number in prompt.registers:
        if bank == "v":
            yield from (
                f"v{number}.{shape}" for shape in ("8b", "16b", "4h", "8h", "2s", "4s", "1d", "2d", "1q", *"bhsd")
            )


def _choice(names: Iterable[object]) -> str:
    """Longer names first: a lexer that takes the first alternative must not stop at `x1` of `x10`."""
    return " | ".join(f'"{name}"' for name in sorted(map(str, names), key=lambda name: (-len(name), name)))


def _operand(vector: bool) -> str:
    """The operands of an instruction that neither jumps nor reads memory."""
    names = re.split(r"[\s|]+", _definitions()["operand"])
    dropped = {"symbol", "memory"} | (set() if vector else {"vector", "register_list"})
    return f"operand: {' | '.join(name for name in names if name not in dropped)}"


def _shared(*names: str) -> str:
    """Definitions as the reader of assembly has them, without blanks and without symbols (only jumps have labels)."""
    found = {name: _definitions()[name].replace(" | symbol", "").replace(r"[ \t]*", "") for name in names}
    return "\n".join(f"{name}: {body}" for name, body in found.items())


@cache
def _definitions() -> dict[str, str]:
    """Rules and terminals of the assembly grammar by name, without tree shapes, priorities and the option of
    capitals.
    """
    text = (Path(__file__).parents[2] / "assembly" / "aarch64.lark").read_text(encoding="utf-8")
    text = re.sub(r"^//.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"[ \t]*->[ \t]*\w+", "", text)
    found = re.findall(r"^\??(\w+)(?:\.\d+)?:[ \t]*(.*(?:\n[ \t]+.*)*)", text, flags=re.MULTILINE)
    return {name: re.sub(r"/i[ \t]*$", "/", body.rstrip()) for name, body in found}
