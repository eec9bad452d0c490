"""What the bitcode of a compile says about its functions: signatures and unsafe contents.

The assembly alone does not say which registers hold arguments and results, nor that a
load is volatile. Facts are never guessed: what is not sure is None or the careful flag,
and bitcode that cannot be read gives no functions at all, and says why. Bitcode that a disk has
damaged in the middle is not survived: LLVM's reader may abort on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ..clock import unhurried
from . import abi
from .inline_asm_marks import writes_marks
from .left_alone import hardening, returns_twice
from .registers import VECTORS, Parts

_MAGIC = b"BC\xc0\xde"
_TRIPLE = re.compile(  # those of plain AAPCS64: architecture, vendor, system with its version, environment
    r"aarch64(?:-[^-]+)?-(?:linux|none|unknown|freebsd|netbsd|openbsd|fuchsia)[\d.]*"
    r"(?:-(?:gnu|gnut64|musl|elf|ohos|android[\d.]*))?"
)
# Parameter attributes that do not move an argument to another register.
_HARMLESS = re.compile(
    r"(noundef|nonnull|noalias|nocapture|captures|readonly|readnone|writeonly|writable|dead_on_unwind|dead_on_return"
    r"|dereferenceable(_or_null)?|align|alignstack|returned|zeroext|signext|noext|immarg|range|nofpclass|initializes"
    r"|nofree|allocptr|allocalign)\b"
)
_CONVENTION = re.compile(r"\b(\w*cc|cc ?\d+|\w+_pcs\w*|aarch64_\w+)\b")
# x18 may be taken away: it is never touched, whoever owns it.
_FIXED_REGISTERS = re.compile(r"\+(reserve|call-saved)-x(?!18\b)\d|\baarch64_|no_caller_saved_registers")
_FORBIDS_VECTORS = re.compile(r"-fp-armv8|-neon\b|\+general-regs-only|noimplicitfloat|aarch64_pstate_sm")
_OTHER_ERRATUM = re.compile(r"\+fix-cortex-(?!a53-835769\b)")
_NAME = r"\"[^\"\n]*\"|[-\w.$]+"
_LINKAGE = r"(?:[a-z_]+(?:\([a-z]*\))? )*"
# Variables, and what is called by another's name.
_OTHER = re.compile(rf"^@({_NAME}) = ({_LINKAGE}(?:alias|ifunc) )?", re.MULTILINE)
_ALIASED = re.compile(rf"^@(?:{_NAME}) = {_LINKAGE}alias (.+), ptr @({_NAME})(?:$|,)", re.MULTILINE)
_HEADER = re.compile(r"^(define|declare) ", re.MULTILINE)
# Floating-point exceptions are the program's to read; what the target's own intrinsics raise no metadata says.
_EXCEPTIONS = re.compile(r'!"fpexcept\.(?!ignore)|@llvm\.aarch64\.')
_OPERATION = r"^\s+(?:%[^=\n]* = )?"
_VOLATILE = re.compile(
    _OPERATION + r"(?:(?:load|store|cmpxchg(?: weak)?|atomicrmw)(?: atomic)? volatile\b"
    r"|(?:tail |musttail |notail )?call .*@llvm\.mem(?:cpy|move|set)\.[^(]*\(.*i1 true\))",
    re.MULTILINE,
)
# Of the target's own intrinsics those that compute, and load or store vectors as C does; others may order accesses,
# as exclusives, barriers, hints and system registers do.
_PLAIN_INTRINSIC = r"neon\.|crc32|crypto\.|frint|fjcvtzs|cls|sve\.|sdiv|udiv"
_ATOMIC = re.compile(
    _OPERATION
    + r"(?:(?:load|store) atomic\b|cmpxchg\b|atomicrmw\b|fence\b)|@llvm\.(?:mem\w+\.element\.unordered"
    + rf"|aarch64\.(?!{_PLAIN_INTRINSIC})|read_volatile_register|write_register)",
    re.MULTILINE,
)
_CALLS = _OPERATION + r"(?:(?:tail|musttail|notail) )?(?:call|invoke|callbr) "
_CALLING = ("call", "invoke", "callbr")
_CALL = re.compile(_CALLS + r"([^(%@{[<]*)", re.MULTILINE)
_SCALABLE_CALL = re.compile(_CALLS + r".*<vscale", re.MULTILINE)
_CHAIN = re.compile(r"(?<![%@\w.])nest\b(?=[ ,)])")  # a static chain, in x18 or x15 by the version of clang
_CHAINED_CALL = re.compile(_CALLS + r".*(?<![%@\w.])nest\b(?=[ ,)])", re.MULTILINE)
_NAMED_CALL = re.compile(_CALLS + r"([^(%@{[<\n]*)[^@\n]*@(\"[^\"\n]*\"|[-\w.$]+)\((.*)", re.MULTILINE)
# Strings come in pairs of quotes, which no string holds; inline assembly may be as long as its author likes.
_STRING = re.compile(r'(\basm (?:\w+ )*)?"[^"\n]*"')
_AUTO_INIT = re.compile(r'^!(\d+) = !\{[^\n]*!"auto-init"', re.MULTILINE)
_VARIABLE = r"= alloca "
_TRAP_FUNCTION = re.compile(r'"trap-func-name"="([^"]+)"')
_ESCAPED = re.compile(r"\\([0-9A-F]{2})")


_Value = Any  # a module, function, argument or type of llvmlite, which has no annotations


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """Facts of one function, by its symbol.

    `arguments` and `results`: register parts, None where unknown. `standard_convention`:
    it keeps what AAPCS64 says is kept, and no more is expected of it. `standard_calls`:
    so do all that it calls through pointers. `floating`: it may change vector registers as
    AAPCS64 lets it. `strict_alignment`: no access may become one that needs another alignment.
    `erratum`: it works around what `erratum.py` is about, `other_erratum`: around another. `scalable`: it has
    values in vector registers of a length that is not known. `exceptions`: which floating-point exceptions it
    raises may be looked at. `hardening`: the rules of `hardening`
    that hold. Of a function that is only declared, the flags about its body are False and mean nothing.
    """

    name: str
    arguments: Parts | None
    results: Parts | None
    standard_convention: bool
    volatile: bool = False
    atomic: bool = False
    inline_asm: bool = False
    calls_returns_twice: bool = False
    noreturn: bool = False
    defined: bool = False
    standard_calls: bool = True
    floating: bool = True
    strict_alignment: bool = False
    erratum: bool = False
    other_erratum: bool = False
    scalable: bool = False
    exceptions: bool = False
    hardening: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """`missing`: why there are none, as a user may read it; None where there are.

    `traps`: the functions that are called in the place of a trap.
    """

    functions: Mapping[str, FunctionFacts] = field(default_factory=lambda: MappingProxyType({}))
    missing: str | None = None
    traps: frozenset[str] = frozenset()

    @staticmethod
    def none(why: str) -> ModuleFacts:
        return ModuleFacts(missing=why)


def read_facts(
    bitcode: bytes | None, check: Callable[[], None] = unhurried, *, initializes: bool = False
) -> ModuleFacts:
    """The facts in `bitcode`; none where it is missing, cut short or not bitcode that LLVM reads. `check` may raise.

    `initializes`: the compile gave automatic variables a first value; the optimizer drops the marks of some.
    """
    if not bitcode:
        return ModuleFacts.none("there is no bitcode of the file")
    if not bitcode.startswith(_MAGIC) or len(bitcode) % 4:
        return ModuleFacts.none("the bitcode of the file is damaged, or wrapped as another target does")
    import llvmlite.binding as llvm  # late: a third of a second, and only compiles need it

    context = llvm.create_context()  # of its own: the global one keeps every type for ever
    try:
        module = llvm.parse_bitcode(bitcode, context)
    except RuntimeError as error:
        return ModuleFacts.none(f"the bitcode of the file cannot be read: {str(error).splitlines()[0][:200]}")
    with module:
        if not _TRIPLE.fullmatch(module.triple):
            return ModuleFacts.none(f"the target {module.triple} is none of those whose calling convention is known")
        return _module_facts(module, check, initializes)


@dataclass(frozen=True, slots=True)
class _Calls:
    """What a body's calls say: `mismatched` are functions called by another type than their own, `odd` by another
    convention.
    """

    inline_asm: bool
    returns_twice: bool
    mismatched: frozenset[str]
    odd: frozenset[str]


def _module_facts(module: _Value, check: Callable[[], None], initializes: bool) -> ModuleFacts:
    whole = str(module)
    if writes_marks(whole):
        return ModuleFacts.none("inline assembly of the file writes the compiler's own marks around such assembly")
    texts = [_without_assembly(text) for text in _function_texts(whole)]
    values = list(module.functions)
    if len(texts) != len(values):
        return ModuleFacts.none("the bitcode of the file shows other functions than it has")
    types = {value.name: _Type.of(value) for value in values}
    pointed = returns_twice.taken(whole, [name for name, each in types.items() if each.returns_twice])
    found: dict[str, FunctionFacts] = {}
    misused = {_symbol(types[name].value) for name in _aliased_otherwise(whole, types)}
    odd: set[str] = set()
    auto_init = re.compile(
        "|".join((*(rf"!annotation !{n}\b" for n in _AUTO_INIT.findall(whole)), *([_VARIABLE] if initializes else [])))
        or r"(?!)"
    )
    double: set[str] = set()  # `f` and `\1f` are one symbol, of which two types tell
    for value, text in zip(values, texts):
        check()
        if value.name.startswith("llvm."):
            continue
        calls = _calls(value, text, types, pointed)
        misused |= {_symbol(types[name].value) for name in calls.mismatched}
        odd |= {_symbol(types[name].value) for name in calls.odd}
        facts = _function_facts(value, text, calls, auto_init)
        double |= {facts.name} & found.keys()
        found[facts.name] = facts
    for name in misused & found.keys():
        found[name] = replace(found[name], arguments=None, results=None)
    for name in odd & found.keys():
        found[name] = replace(found[name], standard_convention=False)
    kept = {name: facts for name, facts in found.items() if name not in double}
    for name in (_other_names(whole) | double & abi.RUNTIME.keys()) - kept.keys():
        kept[name] = FunctionFacts(name, None, None, standard_convention=False)
    return ModuleFacts(MappingProxyType(kept), traps=frozenset(_TRAP_FUNCTION.findall(whole)))


def _other_names(text: str) -> set[str]:
    """Symbols that are called in a way that is not known: aliases, and what only bears the name of a helper of the code
    generator.
    """
    names = {_unquoted(name).removeprefix("\1"): bool(alias) for name, alias in _OTHER.findall(text)}
    return {name for name, alias in names.items() if alias or name in abi.RUNTIME}


def _aliased_otherwise(text: str, types: Mapping[str, _Type]) -> set[str]:
    """The functions that an alias calls by another type, which may expect more of a result."""
    aliases = ((kind, _unquoted(name)) for kind, name in _ALIASED.findall(text))
    return {name for kind, name in aliases if name in types and kind != str(types[name].value.global_value_type)}


def _unquoted(name: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), name.strip('"'))


def _function_texts(text: str) -> Iterator[str]:
    """The text of each function in module order, a definition with its body."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    for start in starts:
        first_line = text[start : text.index("\n", start)]
        end = text.index("\n}", start) if first_line.startswith("define") else start + len(first_line)
        yield text[start:end]


def _without_assembly(text: str) -> str:
    """The text of a function, that of inline assembly left out: nothing in it is the compiler's."""
    return _STRING.sub(lambda found: f'{found[1]}""' if found[1] else found[0], text)


def _function_facts(value: _Value, text: str, calls: _Calls, auto_init: re.Pattern[str]) -> FunctionFacts:
    header, _, body = text.partition("\n")
    attributes = " ".join(_attributes(value))
    words = re.sub(r'"[^"]*"', "", attributes).split()
    standard = _standard(re.split(r"[%{\[<(@]", header, maxsplit=1)[0]) and not _FIXED_REGISTERS.search(attributes)
    arguments, results = _signature(value)
    if "-fp-armv8" in attributes:  # floating point then travels in general registers
        arguments = None if arguments is None or arguments & VECTORS else arguments
        results = None if results is None or results & VECTORS else results
    return FunctionFacts(
        name=_symbol(value),
        arguments=arguments,
        results=results,
        standard_convention=standard and "vscale" not in str(value.global_value_type) and not _CHAIN.search(header),
        volatile=bool(_VOLATILE.search(body)),
        atomic=bool(_ATOMIC.search(body)),
        inline_asm=calls.inline_asm or "naked" in words,
        calls_returns_twice=calls.returns_twice,
        noreturn="noreturn" in words,
        defined=not value.is_declaration,
        standard_calls=all(_standard(match[1]) for match in _CALL.finditer(body))
        and not _SCALABLE_CALL.search(body)
        and not _CHAINED_CALL.search(body),
        floating=not _FORBIDS_VECTORS.search(attributes),
        strict_alignment="+strict-align" in attributes,
        erratum="+fix-cortex-a53-835769" in attributes,
        other_erratum=_OTHER_ERRATUM.search(attributes) is not None,
        scalable="<vscale" in text,
        exceptions="strictfp" in words and _EXCEPTIONS.search(body) is not None,
        hardening=hardening.shown(attributes, body, auto_init.search(body) is not None),
    )


def _symbol(value: _Value) -> str:
    """The name as the assembly writes it, without quotes."""
    name = str(value.name)
    if name.startswith("\1"):
        return name[1:]
    return f".L{name}" if value.linkage.name == "private" else name


def _standard(words: str) -> bool:
    """Whether the words before a type name no calling convention but C's and its internal twin."""
    return all(word == "fastcc" for word in _CONVENTION.findall(words))


def _attributes(value: _Value) -> list[str]:
    return [each.decode("utf-8", "replace") for each in value.attributes]


@dataclass(frozen=True, slots=True)
class _Type:
    """A function's own type as text, whether its result goes where x8 says, and whether it may return twice."""

    value: _Value
    result: str
    parameters: tuple[str, ...]
    variadic: bool
    indirect: bool
    returns_twice: bool

    @staticmethod
    def of(value: _Value) -> _Type:
        kind = value.global_value_type
        parameters = tuple(str(each) for each in kind.get_function_parameters())
        marked = any("returns_twice" in each for each in _attributes(value))
        twice = marked or returns_twice.by_name(_symbol(value))
        indirect = any(each.startswith("sret") for argument in value.arguments for each in _attributes(argument))
        return _Type(value, str(kind.get_function_return()), parameters, kind.is_function_vararg, indirect, twice)


def _calls(value: _Value, text: str, types: Mapping[str, _Type], pointed: bool) -> _Calls:
    """`pointed`: a call through a pointer may return twice."""
    asm = twice = False
    mismatched, odd = _otherwise(text, types)
    calling = any(word in text for word in _CALLING)  # to ask each instruction takes long
    for block in value.blocks if calling else ():
        for instruction in block.instructions:
            opcode = instruction.opcode
            if opcode not in _CALLING:
                continue
            *given, callee = instruction.operands
            kind = callee.value_kind.name
            asm = asm or kind == "inline_asm"
            twice = twice or (opcode != "callbr" and any("returns_twice" in each for each in _attributes(instruction)))
            twice = twice or (pointed and kind not in ("function", "inline_asm"))
            if kind != "function" or callee.name.startswith("llvm."):
                continue
            own = types[callee.name]
            twice = twice or own.returns_twice
            passed = tuple(str(each.type) for each in (given[:-2] if opcode == "invoke" else given))
            if own.variadic:
                passed = passed[: len(own.parameters)]
            result = str(instruction.type)
            if passed != own.parameters or result != own.result:
                mismatched.add(callee.name)
                odd |= {callee.name} if any("vscale" in each for each in (*passed, result)) else set()
    return _Calls(asm, twice, frozenset(mismatched), frozenset(odd))


def _otherwise(text: str, types: Mapping[str, _Type]) -> tuple[set[str], set[str]]:
    """The functions called with the result at another place than their own, and those called by another convention."""
    mismatched, odd = set(), set()
    for words, name, passed in _NAMED_CALL.findall(text):
        name = _unquoted(name)
        if (own := types.get(name)) is None or name.startswith("llvm."):
            continue
        mismatched |= {name} if (" sret(" in passed) != own.indirect else set()
        odd |= set() if _standard(words) and not _CHAIN.search(passed) else {name}
    return mismatched, odd


def _signature(value: _Value) -> tuple[Parts | None, Parts | None]:
    kind = value.global_value_type
    shape = _shape(kind.get_function_return())
    results = abi.results(shape) if shape else None
    if kind.is_function_vararg or results is None:
        return None, results  # a result in memory moves the arguments
    shapes = [_argument(argument) for argument in value.arguments]
    known = [shape for shape in shapes if shape is not None]
    return (abi.arguments(known) if len(known) == len(shapes) else None), results


def _argument(argument: _Value) -> abi.Shape | None:
    attributes = _attributes(argument)
    unusual = [each for each in attributes if not _HARMLESS.match(each)]
    if unusual and all(each.startswith("sret") for each in unusual):
        return abi.Shape((), indirect=True)
    return None if unusual else _shape(argument.type)


def _shape(kind: _Value) -> abi.Shape | None:
    pieces = _pieces(kind)
    return None if pieces is None else abi.Shape(pieces, together=kind.is_array and bool(pieces))


def _pieces(kind: _Value) -> tuple[str, ...] | None:
    """A type as scalar pieces, None where it is none that C code is known to give."""
    name = kind.type_kind.name
    if name == "void":
        return ()
    if name == "integer":
        width = kind.type_width
        return ("w",) if width <= 32 else ("x",) if width <= 64 else ("xx",) if width == 128 else None
    if name == "pointer":
        return ("x",) if str(kind) == "ptr" else None
    if name in ("half", "bfloat", "float", "double", "fp128"):
        return ({"double": "d", "fp128": "q"}.get(name, "s"),)
    if name == "vector":
        whole, single = kind.type_width, kind.type_width // kind.element_count
        return ({64: "d", 128: "q"}[whole],) if whole in (64, 128) and single in (8, 16, 32, 64) else None
    if name == "array":
        elements = list(kind.elements) * kind.element_count if kind.element_count <= 8 else [None]
    elif name == "struct":
        elements = list(kind.elements)
    else:
        return None
    found: tuple[str, ...] = ()
    for each in elements:
        inner = None if each is None else _pieces(each)
        if inner is None:
            return None
        found += inner
    return found
