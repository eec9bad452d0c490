"""The syntax gate: what a proposal may consist of, before anything is assembled.

It promises that the result is plain instructions which name no symbol that the source
window does not name, and branch to local labels only. It does not promise that they assemble,
or that they are right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum

from ..assembly.branches import Flow, flow, target
from ..assembly.parse import parse_line
from ..assembly.syntax import Instruction, Memory, Symbol
from ..errors import PeepccError

_MOST_LINES = 256
_LONGEST_LINE = 120
_COMMENT = re.compile(r"\s*//\s*$")
# Exceptions, system registers, barriers, hints, exclusives, atomics, ordered accesses, authentication, calls.
_FORBIDDEN = re.compile(
    r"""svc|hvc|smc|hlt|brk|udf|dcps[123]|eret\w*|drps|mrs|msr|msrr|mrrs|sys|sysl|sysp|ic|dc|at|tlbi|cfp|cpp|dvp
    |dmb|dsb|isb|sb|csdb|esb|psb|tsb|hint|yield|wfe|wfi|wfet|wfit|sev|sevl|clrex|bti|dgh|gcsb|chkfeat
    |(ld|st)a?l?xp?r?[bh]?|ldaxr[bh]?|ldaxp|stlxr[bh]?|stlxp|ldxr[bh]?|ldxp|stxr[bh]?|stxp
    |ldl?ar[bh]?|stll?r[bh]?|ldapu?r\w*|stlur\w*|ldtr\w*|sttr\w*|ldg\w*|stg\w*|st2g|stz2?g\w*|irg|gmi|subps?|addg|subg
    |casp?a?l?[bh]?|swpp?a?l?[bh]?|(ld|st)(add|clr|eor|set|smax|smin|umax|umin)a?l?[bh]?|rcw\w*
    |ldiapp|stilp|ldap1|stl1|prfu?m|pac\w*|aut\w*|xpac\w*|ret[ab]\w*|bl|blr\w*|br[ab]\w+|ld64b|st64b\w*|tcancel|tstart|tcommit|ttest""",
    re.VERBOSE,
)

_WEAKER = re.compile(
    r"(?:ld|st)t?np"
)  # without the order by addresses that other loads have, and with a hint about caches

# Extensions of the architecture that a function may do without, whatever its file is built for (`target("nocrc")`).
_EXTENSIONS = tuple(
    map(
        re.compile,
        (
            r"crc32\w+",
            r"aes\w+",
            r"pmull2?",
            r"sha1\w+",
            r"sha256\w+",
            r"sha512\w+",
            r"sm3\w+",
            r"sm4\w+",
            r"eor3|bcax|rax1|xar",
            r"sqrdml[as]h",
            r"[su]dot",
            r"fcmla|fcadd",
            r"fml[as]l2?",
            r"fjcvtzs",
            r"frint(?:32|64)[xz]",
            r"rmif|setf(?:8|16)|cfinv|(?:ax|xa)flag",
        ),
    )
)


class RefusalKind(Enum):
    UNREADABLE = "unreadable"  # no list of plain instructions
    FORBIDDEN = "forbidden"  # an instruction that may not stand in a proposal for this source
    SYMBOL = "symbol"  # a symbol, or a way out, that the source does not have


class Refused(PeepccError):
    """A proposal is not a list of instructions that may stand here; `reason` says why."""

    def __init__(self, kind: RefusalKind, reason: str):
        super().__init__(reason)
        self.kind = kind


def check(lines: Sequence[str], source: Sequence[Instruction], labels: Collection[str]) -> tuple[Instruction, ...]:
    """The instructions of `lines`, without blank ones. Raises Refused.

    `labels`: what a branch may go to besides the symbols that `source` names.
    """
    if len(lines) > _MOST_LINES:
        raise Refused(RefusalKind.UNREADABLE, f"more than {_MOST_LINES} lines")
    known = {symbol for each in source for symbol in _symbols(each)}
    weaker = {each.mnemonic for each in source if _WEAKER.fullmatch(each.mnemonic)}
    found = []
    for line in lines:
        instruction = _instruction(line)
        if instruction is None:
            continue
        if _WEAKER.fullmatch(instruction.mnemonic) and instruction.mnemonic not in weaker:
            raise Refused(
                RefusalKind.FORBIDDEN, f"an access that orders less than those of the source: {instruction.mnemonic}"
            )
        if any(
            each.fullmatch(instruction.mnemonic) and not any(each.fullmatch(other.mnemonic) for other in source)
            for each in _EXTENSIONS
        ):
            raise Refused(
                RefusalKind.FORBIDDEN,
                f"an instruction of an extension that the source does not use: {instruction.mnemonic}",
            )
        branch = flow(instruction) in (Flow.JUMP, Flow.CONDITIONAL)
        if branch and target(instruction) is None:
            raise Refused(RefusalKind.SYMBOL, f"a branch to no label: {instruction.mnemonic}")
        for symbol in _symbols(instruction):
            if branch and not symbol.name.startswith(
                ".L"
            ):  # whatever the window says: a linker may put another function there
                raise Refused(RefusalKind.SYMBOL, f"a branch to a symbol that is no local label: {symbol.name[:40]}")
            jumps = branch and symbol == Symbol(symbol.name) and symbol.name in labels
            if symbol not in known and not jumps:
                raise Refused(RefusalKind.SYMBOL, f"a symbol that the source does not name: {symbol.name[:40]}")
        found.append(instruction)
    return tuple(found)


def _instruction(line: str) -> Instruction | None:
    """None for a blank line."""
    if len(line) > _LONGEST_LINE:
        raise Refused(RefusalKind.UNREADABLE, f"a line of more than {_LONGEST_LINE} characters")
    text = _COMMENT.sub("", line.rstrip("\n")).replace("\t", " ").strip()
    if not text.isascii() or not text.isprintable():
        raise Refused(RefusalKind.UNREADABLE, "a character that is not printable ASCII")
    if ";" in text or "//" in text or "/*" in text:
        raise Refused(RefusalKind.UNREADABLE, "a comment, or several statements on a line")
    if not text:
        return None
    parsed = parse_line(text)
    if parsed.labels or parsed.directive is not None:
        raise Refused(RefusalKind.UNREADABLE, f"a label or directive: {text[:40]}")
    if parsed.instruction is None or not parsed.readable:
        raise Refused(RefusalKind.UNREADABLE, f"not an instruction: {text[:40]}")
    mnemonic = parsed.instruction.mnemonic
    if _FORBIDDEN.fullmatch(mnemonic):
        raise Refused(RefusalKind.FORBIDDEN, f"an instruction that a proposal may not hold: {mnemonic}")
    return parsed.instruction


def _symbols(instruction: Instruction) -> list[Symbol]:
    inner = [each.offset if isinstance(each, Memory) else each for each in instruction.operands]
    return [each for each in inner if isinstance(each, Symbol)]
