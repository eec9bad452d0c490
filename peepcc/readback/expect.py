"""From the analysis of a unit and its accepted rewrites to what the object must hold.

Words come from the steps that were analyzed and judged, in the order in which they were judged, and
never from the text that is assembled: a fault in cutting, splicing or printing shows when the object is
compared. It promises nothing about bytes between instructions that the parser cannot read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from ..analysis.obligation import Step
from ..analysis.unit_analysis import Analysed
from ..analysis.windows import Window
from ..assembly.data import data_size
from ..assembly.encode import Encoder, Encoding
from ..assembly.labels import DATA, REGION_MARK, WORD, section_statements
from ..assembly.syntax import Function, Instruction, Line, Memory, Module, Symbol
from ..optimize.edits import Hunk, edited
from .image import (
    SECTION_FLAGS,
    Alignment,
    Data,
    FunctionImage,
    Gap,
    Item,
    Mark,
    ObjectImage,
    SectionImage,
    SymbolImage,
    Word,
)

_STATEMENT = re.compile(r'("[^"]*"|[^\s,]+)(?:\s*,\s*"([a-zA-Z]*)")?(.*)', re.S)
_DEBUG = (".debug_", ".zdebug_")  # no code and no symbol is there, and more lines than anywhere else
_KNOWN_FLAGS = {".text": 0x6, ".data": 0x3, ".bss": 0x3}
_BINDINGS = {".globl": 1, ".global": 1, ".weak": 2}
_VISIBILITIES = {".internal": 1, ".hidden": 2, ".protected": 3}
# Directives that may define a symbol: by assignment, as common, or as the signature of a section's group.
_NAMING = frozenset(".set .equ .equiv = .symver .comm .lcomm .weakref .section .pushsection".split())
_FUNCTION = re.compile(r"(.+?)[ \t]*,[ \t]*[@%](?:function|gnu_indirect_function)\Z")
_SWITCH = re.compile(
    r"(?<![\w.$])\.(?:section|pushsection|text|data|bss|subsection|previous|popsection|l?comm)(?![\w.$])", re.I
)
_DESCRIPTOR_CALL = 569  # R_AARCH64_TLSDESC_CALL

Placed = tuple[int, int, Item]  # index of the section, line, what stands there
Edit = tuple[Window, Sequence[Hunk]]  # a window and what is kept of the reply about it


def expected(unit: Analysed, applied: Sequence[Edit], encoder: Encoder, added: str) -> ObjectImage:
    """The image of the object. `applied`: the accepted rewrites; `added`: the section that peepcc adds to the text."""
    lines = unit.module.lines
    sections, in_section = _sections(section_statements(unit.module))
    source = _Source(unit, encoder, {window.lines[0]: (window, hunks) for window, hunks in applied})
    looked_at = [not sections[section].name.startswith(_DEBUG) for section in in_section]
    items = [(in_section[n], n, item) for n, item in source.items(looked_at)]
    rewritten = {window.function for window, _ in applied}
    functions = (
        image for function, *_ in unit.functions if function.name in rewritten for image in _function(function, items)
    )
    private = {
        _plain(label): section
        for line, section in zip(lines, in_section)
        for label in line.labels
        if _is_private(label)
    }
    return ObjectImage(
        sections=(*sections, SectionImage(added, None)),
        symbols=tuple(_symbols(unit.module, sections, items)),
        private=private,
        functions=tuple(functions),
        names=_other_names(unit.module),
    )


def _sections(statements: Sequence[str]) -> tuple[tuple[SectionImage, ...], list[int]]:
    """The sections in the order in which an assembler makes them, and for each line the index of its own."""
    found: dict[object, SectionImage] = {}
    identity: dict[str, object] = {}
    for statement in dict.fromkeys((".text", *statements)):
        matched = _STATEMENT.match(statement)
        if matched is None:
            raise ValueError(f"not a section that the text can name: {statement!r}")
        name, flags, rest = matched.groups()
        name = name.strip('"')
        identity[statement] = (name, rest) if set(flags or "") & set("Go") or "unique" in rest else name
        stated = (
            None
            if flags is None or set(flags) - SECTION_FLAGS.keys()
            else sum(SECTION_FLAGS[each] for each in set(flags))
        )
        found.setdefault(identity[statement], SectionImage(name, _KNOWN_FLAGS.get(name, stated)))
    order = {each: n for n, each in enumerate(found)}
    return tuple(found.values()), [order[identity[statement]] for statement in statements]


def _symbols(module: Module, sections: Sequence[SectionImage], items: Sequence[Placed]) -> Iterator[SymbolImage]:
    bindings: dict[str, int] = {}
    visibilities: dict[str, int] = {}
    functions: set[str] = set()
    common = False
    for directive in (line.directive for line in module.lines if line.directive is not None):
        if directive.name in _BINDINGS:
            bindings |= {_plain(name): _BINDINGS[directive.name] for name in directive.arguments.split(",")}
        elif directive.name in _VISIBILITIES:
            visibilities |= {_plain(name): _VISIBILITIES[directive.name] for name in directive.arguments.split(",")}
        elif directive.name == ".type" and (match := _FUNCTION.match(directive.arguments)):
            functions.add(_plain(match[1]))
        common = common or directive.name in (".comm", ".lcomm")
    reached: list[int | None] = [None if common and each.name == ".bss" else 0 for each in sections]
    for section, _, item in items:
        if isinstance(item, Gap) and item.elsewhere:
            reached = [None] * len(sections)
        elif not isinstance(item, Mark):
            reached[section] = _behind(reached[section], item)
        elif not _is_private(item.label):
            yield SymbolImage(
                name=item.label,
                section=section,
                offset=reached[section],
                binding=bindings.get(item.label, 0),
                visibility=visibilities.get(item.label, 0),
                function=item.label in functions,
            )


def _behind(offset: int | None, item: Item) -> int | None:
    """The offset after `item`; None where a gap makes it unknown."""
    if offset is None or isinstance(item, Gap):
        return None
    if isinstance(item, Alignment):
        return offset + item.padding(offset)
    return offset + (item.size if isinstance(item, Data) else 4)


def _is_private(label: str) -> bool:
    """Whether no symbol table keeps the label."""
    return _plain(label).startswith(".L") or label.isdecimal()


def _other_names(module: Module) -> frozenset[str]:
    names: set[str] = set()
    for line in module.lines:
        if not line.readable:
            names.update(WORD.findall(line.text))
        elif line.directive is not None and line.directive.name in _NAMING:
            names.update(WORD.findall(line.directive.arguments))
    return frozenset(map(_plain, names))


class _Source:
    """What the items of a function are made from."""

    def __init__(self, unit: Analysed, encoder: Encoder, edits: Mapping[int, Edit]):
        self._lines, self._encoded, self._encoder, self._edits = unit.module.lines, unit.at, encoder, edits

    def items(self, looked_at: Sequence[bool]) -> Iterator[tuple[int, Item]]:
        """(line, item) of the lines that are looked at; an edited window stands as it was judged, on its first line."""
        inside: frozenset[int] = frozenset()
        descriptor: Symbol | None = None
        for n in (n for n, wanted in enumerate(looked_at) if wanted):
            if n in self._edits:
                window, hunks = self._edits[n]
                inside = frozenset(window.lines)
                yield from ((n, item) for item in self._judged(edited(window, hunks)))
            if n in inside:
                continue
            line = self._lines[n]
            yield from ((n, Mark(_plain(label))) for label in line.labels)
            if line.directive is not None and line.directive.name == ".tlsdesccall":
                descriptor = Symbol(line.directive.arguments)
            elif line.instruction is not None and line.readable:
                step = self._encoded.get(n)
                yield n, Gap() if step is None else self._analyzed(step, descriptor)
                descriptor = None
            elif (item := _of_line(line)) is not None:
                yield n, item

    def _judged(self, items: Sequence[Instruction | str]) -> Iterator[Item]:
        instructions = [item for item in items if not isinstance(item, str)]
        words = dict(zip(instructions, map(_there, self._encoder.encode_instructions(instructions))))
        for item in items:
            yield Mark(_plain(item)) if isinstance(item, str) else _word(item, words[item])

    def _analyzed(self, step: Step, descriptor: Symbol | None) -> Word:
        if descriptor is not None:
            return Word(step.word, _DESCRIPTOR_CALL, _plain(descriptor.name))
        if not step.relocated:
            return _word(step.instruction, Encoding(step.word))
        (encoding,) = self._encoder.encode_instructions((step.instruction,))
        return _word(step.instruction, Encoding(step.word, _there(encoding).relocation))


def _there(encoding: Encoding | None) -> Encoding:
    """The encoding of an instruction that assembled before. Raises ValueError where there is none now."""
    if encoding is None:
        raise ValueError("an instruction that assembled before does not now")
    return encoding


def _word(instruction: Instruction, encoding: Encoding) -> Word:
    symbol = _symbol(instruction)
    if symbol is None:
        return Word(encoding.word)
    return Word(encoding.word, encoding.relocation, _plain(symbol.name), symbol.addend)


def _function(function: Function, items: Sequence[Placed]) -> Iterator[FunctionImage]:
    """One image for each section that the function's lines are in; the first begins at its own name."""
    first = bisect_left(items, function.first, key=_line)
    last = bisect_left(items, function.last, key=_line)
    parts: dict[int, list[Item]] = {}
    for section, _, item in items[first:last]:
        parts.setdefault(section, []).append(item)
    for run in parts.values():
        marks = ((n, item.label) for n, item in enumerate(run) if isinstance(item, Mark))
        start, name = next(((n, label) for n, label in marks if not _is_private(label)), (len(run), ""))
        if start < len(run):
            yield FunctionImage(name, tuple(run[start:]), name == _plain(function.name))


def _line(placed: Placed) -> int:
    return placed[1]


def _of_line(line: Line) -> Item | None:
    """What a line without an instruction puts into the section; None for nothing."""
    if not line.readable:
        silent = not line.text.strip() or REGION_MARK.match(line.text)
        return None if silent else Gap(_SWITCH.search(line.text) is not None)
    if line.directive is None:
        return None
    name, arguments = line.directive.name, line.directive.arguments
    if name in (".p2align", ".balign", ".align"):
        size, _, rest = arguments.partition(",")
        most = rest.partition(",")[2].strip()
        if not size.strip().isdecimal() or (most and not most.isdecimal()):
            return Gap()
        bytes_ = int(size) if name == ".balign" else 1 << int(size)
        return Alignment(bytes_, int(most) if most else bytes_)
    if name not in DATA:
        return None
    known = data_size(line.directive)
    return Gap() if known is None else Data(known)


def _symbol(instruction: Instruction) -> Symbol | None:
    inner = (each.offset if isinstance(each, Memory) else each for each in instruction.operands)
    return next((each for each in inner if isinstance(each, Symbol)), None)


def _plain(name: str) -> str:
    return name.strip().strip('"')
