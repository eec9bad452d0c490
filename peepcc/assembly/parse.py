"""Reads assembly text into lines, so that later stages see operands and not characters.

Each distinct line is read once. What the grammar does not know is kept verbatim and
marked unreadable. It promises nothing about whether an assembler takes a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError
from lark.lexer import PatternRE, TerminalDef

from ..clock import unhurried
from ..errors import PeepccError
from .syntax import (
    Directive,
    Immediate,
    Instruction,
    Line,
    Memory,
    Module,
    Name,
    Operand,
    Register,
    RegisterList,
    Symbol,
    VectorRegister,
)

_Items = list[Any]  # children of a rule: tokens, None for what is left out, and what other rules made
_Statement = tuple[tuple[str, ...], Directive | None, Instruction | None]


class Unreadable(PeepccError):
    """The text is not exactly one instruction that the grammar knows."""


WHOLE_WORDS = frozenset({"REGISTER", "VECTOR", "SHIFT", "EXTEND", "CONDITION", "FLOAT", "INTEGER", "MNEMONIC"})

# Instructions whose bare words are names of the architecture; elsewhere they are symbols.
_CONDITIONAL = frozenset("csel csinc csinv csneg cset csetm cinc cinv cneg ccmp ccmn fcsel fccmp fccmpe".split())
_NAMING = _CONDITIONAL | frozenset(
    (
        "dmb dsb isb ic dc at tlbi cfp cpp dvp mrs msr sys sysl prfm prfum rprfm bti psb tsb csync gcsb smstart smstop"
    ).split()
)
# Instructions that take an address, where `asr` or `eq` after a comma is a symbol of that name.
_ADDRESSING = frozenset("adr adrp b bl cbz cbnz tbz tbnz".split())
_SCALABLE = re.compile(r"[zp](?:3[01]|[12]?[0-9])(?:\.[bhsdq])?\Z", re.I)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("aarch64.lark").read_text()
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        start=["line", "instruction"],
        transformer=_Build(),
        edit_terminals=_end_at_word_end,
        maybe_placeholders=True,
    )


def _end_at_word_end(terminal: TerminalDef) -> TerminalDef:
    if terminal.name in WHOLE_WORDS:
        pattern = terminal.pattern
        terminal.pattern = PatternRE(f"(?:{pattern.value})(?![A-Za-z0-9_.$])", pattern.flags)
    return terminal


def _integer(text: str) -> int:
    return int(text.replace("#", "").replace(" ", "").replace("\t", ""), 0)


class _Build(Transformer[Token, Instruction]):
    """Grammar rules to syntax values. ValueError: the words are known, the sentence is not."""

    def line(self, items: _Items) -> _Statement:
        labels = tuple(_label(item) for item in items if getattr(item, "type", "") == "LABEL")
        rest = items[len(labels)] if len(items) > len(labels) else None
        directive = rest if isinstance(rest, Directive) else None
        instruction = rest if isinstance(rest, Instruction) else None
        return labels, directive, instruction

    def directive(self, items: _Items) -> Directive:
        return Directive(str(items[0]), (items[1] or "").strip(" \t"))

    def assignment(self, items: _Items) -> Directive:
        return Directive("=", f"{items[0][:-1].rstrip()}, {items[1].strip()}")

    def instruction(self, items: _Items) -> Instruction:
        mnemonic = items[0].lower()
        operands: list[Operand] = []
        for item in items[1:]:
            if item is not None:
                _append(operands, item, mnemonic)
        return Instruction(mnemonic, tuple(operands))

    def register(self, items: _Items) -> Register:
        return Register(items[0].lower())

    def vector(self, items: _Items) -> VectorRegister:
        name, _, arrangement = items[0].lower().partition(".")
        return VectorRegister(name, arrangement or None, _lane(items[1]))

    def vectors(self, items: _Items) -> RegisterList:
        *registers, lane = items
        return RegisterList(tuple(registers), _lane(lane))

    def vector_range(self, items: _Items) -> RegisterList:
        first, last, lane = items
        if first.arrangement != last.arrangement:
            raise ValueError("a range of different arrangements")
        begin = int(first.name[1:])
        length = (int(last.name[1:]) - begin) % 32 + 1
        if length > 4:
            raise ValueError("a range of more than four registers")
        names = (f"v{(begin + n) % 32}" for n in range(length))
        return RegisterList(tuple(VectorRegister(name, first.arrangement) for name in names), _lane(lane))

    def immediate(self, items: _Items) -> Immediate | _Integer:
        token = items[0]
        if token.type == "FLOAT":
            return Immediate(float(token.replace("#", "").strip()))
        return _Integer(_integer(token), token)

    def modifier(self, items: _Items) -> _Modifier:
        word, amount = items
        return _Modifier(word.lower(), None if amount is None else _integer(amount), str(word))

    def condition(self, items: _Items) -> Name:
        return Name(str(items[0]))

    def symbol(self, items: _Items) -> Symbol:
        specifier, name, addend = items
        return Symbol(str(name), _integer(addend or "0"), specifier and specifier.strip("#:"))

    def difference(self, items: _Items) -> Symbol:
        specifier, left, right, addend = items
        return Symbol(f"{left}-{right}", _integer(addend or "0"), specifier and specifier.strip("#:"))

    def literal_number(self, items: _Items) -> Symbol:
        return Symbol(str(_integer(items[0])), 0, "=")

    def literal_symbol(self, items: _Items) -> Symbol:
        return Symbol(str(items[0]), _integer(items[1] or "0"), "=")

    def memory(self, items: _Items) -> Memory:
        base, offset, modifier, writeback = items
        if isinstance(offset, _Integer):
            offset = Immediate(offset.value)
        if modifier is not None:
            if not isinstance(offset, Register):
                raise ValueError("a shifted offset that is no register")
            offset = _modified(offset, modifier)
        if isinstance(offset, Symbol) and offset.specifier is None:
            raise ValueError("an offset that is a bare symbol")
        return Memory(base.name, offset, "pre" if writeback else "offset")


class _Integer:
    """An integer on its way into an Immediate: `fmov` needs to know how it was spelled."""

    __slots__ = ("spelling", "value")

    def __init__(self, value: int, spelling: str):
        self.value, self.spelling = value, spelling


class _Modifier:
    """A shift or extend on its way into the operand before it."""

    __slots__ = ("amount", "spelling", "word")

    def __init__(self, word: str, amount: int | None, spelling: str):
        self.word, self.amount, self.spelling = word, amount, spelling


def _label(token: Token) -> str:
    return str(token[:-1]).rstrip(" \t")


def _lane(token: Token | None) -> int | None:
    return None if token is None else int(token.strip()[1:-1])


def _append(operands: list[Operand], item: Any, mnemonic: str) -> None:
    """Adds one operand, or joins a modifier or a post-index to the one before."""
    last = operands[-1] if operands else None
    if isinstance(item, _Integer):
        item = _number(item, mnemonic)
    if isinstance(item, _Modifier):
        if mnemonic in _ADDRESSING and item.amount is None:
            operands.append(Symbol(item.spelling))
        elif isinstance(last, (Register, Immediate, Symbol)) and last.modifier is None:
            operands[-1] = _modified(last, item)
        else:
            raise ValueError("a modifier without an operand")
    elif isinstance(last, Memory):
        if last.mode != "offset" or last.offset is not None or not isinstance(item, (Immediate, Register)):
            raise ValueError("an operand after a memory operand that is no post-index")
        operands[-1] = Memory(last.base, item, "post")
    elif isinstance(item, (Name, Symbol)):
        operands.append(_word(item, mnemonic))
    else:
        operands.append(item)


def _modified(operand: Register | Immediate | Symbol, modifier: _Modifier) -> Operand:
    if modifier.amount is None and modifier.word[1:3] != "xt":
        raise ValueError("a shift without an amount")
    if isinstance(operand, Register):
        return Register(operand.name, modifier.word, modifier.amount)
    if isinstance(operand, Immediate):
        return Immediate(operand.value, modifier.word, modifier.amount)
    return Symbol(operand.name, operand.addend, operand.specifier, modifier.word, modifier.amount)


def _number(item: _Integer, mnemonic: str) -> Immediate:
    """fmov reads `1` as 1.0 and `0x70` as the encoded byte of 1.0; only the first is read here."""
    if mnemonic == "fmov":
        if "x" in item.spelling.lower():
            raise ValueError("an encoded float")
        return Immediate(float(item.value))
    return Immediate(item.value)


def _word(item: Name | Symbol, mnemonic: str) -> Name | Symbol:
    if isinstance(item, Name):
        return item if mnemonic in _CONDITIONAL else _word(Symbol(item.text), mnemonic)
    if mnemonic in _NAMING and item == Symbol(item.name):
        return Name(item.name)
    if mnemonic not in _ADDRESSING and _SCALABLE.match(item.name):
        raise ValueError("a scalable operand")
    return item


# The quick way for what needs no grammar: labels, directives, comments.
_NAME = r"[A-Za-z_.$][A-Za-z0-9_.$]*"
_COMMENT = r"(?://[^\r\n]*)?\r?\n?\Z"
_ARGUMENTS = r'(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|/(?![/*])|[^"/;\r\n])*'
_DIRECTIVE = r"\.[A-Za-z0-9_][A-Za-z0-9_.]*"
_QUICK = re.compile(
    rf"[ \t]*+(?:({_NAME}|[0-9]+)[ \t]*:)?[ \t]*"
    rf"(?:({_DIRECTIVE})(?![A-Za-z0-9_.$]|[ \t]*[=:])({_ARGUMENTS}))?{_COMMENT}"
)
_STATEMENT = re.compile(r'[ \t]*([A-Za-z][^"/;:=\r\n]*(?::[a-z0-9_]+:[^"/;:=\r\n]*)?)' + _COMMENT)
_LABEL = re.compile(rf'[ \t]*({_NAME}|[0-9]+|"[^"\r\n]*")[ \t]*:')
_LINES = 1 << 12  # between two looks at the clock
_REGION_BEGIN = ("//APP", "#APP", "// Start of file scope inline assembly")
_REGION_END = ("//NO_APP", "#NO_APP", "// End of file scope inline assembly")


# A compiler's branch goes to a symbol also where the symbol is called like a register, which no assembler reads so.
_BRANCH = re.compile(rf"(b|bl|bc?\.[a-z]{{2}})[ \t]+({_NAME})[ \t]*\Z", re.I)


def _parsed(text: str) -> Instruction:
    """Raises LarkError and ValueError."""
    return cast(Instruction, _parser().parse(text, start="instruction"))  # what the transformer makes of the tree


def _compiled(text: str) -> Instruction:
    """Raises what the grammar does."""
    branch = _BRANCH.match(text)
    return Instruction(branch[1].lower(), (Symbol(branch[2]),)) if branch else _parsed(text)


def parse_instruction(text: str) -> Instruction:
    """Exactly one instruction: no label, directive, comment or second statement. Raises Unreadable."""
    bare = text.strip(" \t\n")
    if any(mark in bare for mark in ("//", "/*", ";", "\n", "\r")) or not bare[:1].isalpha():
        raise Unreadable(f"not exactly one instruction: {text!r}")
    try:
        return _parsed(bare)
    except (LarkError, ValueError) as error:
        raise Unreadable(f"not an instruction that the grammar knows: {text!r}") from error


def parse_line(text: str) -> Line:
    """One line with or without its newline; never raises, marks what it cannot read."""
    quick = _QUICK.match(text)
    if quick:
        label, name, arguments = quick.groups()
        directive = Directive(name, arguments.strip(" \t")) if name else None
        return Line(text, (label,) if label else (), directive)
    statement = _STATEMENT.match(text)
    try:
        if statement:
            return Line(text, (), None, _compiled(statement[1]))
        return Line(text, *cast(_Statement, _parser().parse(text, start="line")))
    except (LarkError, ValueError):
        label = _LABEL.match(text)
        return Line(text, (label[1],) if label else (), readable=False)


def parse_module(text: str, check: Callable[[], None] = unhurried) -> Module:
    """All lines of `text`; joining their texts gives `text` back. `check` is called now and then, and may raise."""
    known: dict[str, Line] = {}
    lines = []
    inside = False
    for n, line in enumerate(re.findall(r"[^\n]*\n|[^\n]+", text)):
        if n % _LINES == 0:
            check()
        mark = line.strip(" \t\r\n")
        if mark in _REGION_END:
            inside = False
        elif mark in _REGION_BEGIN:
            inside = True
        elif inside:
            lines.append(Line(line, readable=False))
            continue
        if line not in known:
            known[line] = parse_line(line)
        lines.append(known[line])
    return Module(tuple(lines))
