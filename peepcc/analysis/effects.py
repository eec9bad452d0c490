"""What one instruction word reads, writes and accesses: capstone names the operands, tables say the rest.

Capstone's own access flags are wrong for dozens of forms (they call the destination of
`adds` read and the left side of `cmp` written, lose what narrowing `2` forms and vector
`orr` immediates keep, and know nothing of `fmadd`), so only its operand lists are used. AArch64 data processing is
regular: the first operand is written, the others are read; the tables here hold what is not. Loads and
stores are read off the word by `accesses`.

Not promised: FPCR and FPSR (no parts stand for them), the value of a relocated field
(`Step.relocated`), and anything at all about a PINNED instruction's memory: it has no
accesses listed and must stay where it is. A test compares all of it with an emulator.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import capstone
from capstone import arm64

from .accesses import lane_holds, lane_keeps, transfer
from .obligation import Effect, Kind
from .registers import ALL, NONE, NZCV, SP, Parts, d, parts, q, w, x

UNKNOWN = Effect(Kind.PINNED, ALL, ALL)

# (mask, value, reads flags, writes flags)
_FLAGS = (
    (0x1FE00000, 0x1A000000, True, False),  # adc, sbc (and rmif, setf8, setf16, which keep some)
    (0x3FE00000, 0x3A000000, True, True),  # adcs, sbcs, rmif, setf8, setf16
    (0x1FE00000, 0x1A800000, True, False),  # csel and its kin
    (0x1FE00000, 0x1A400000, True, True),  # ccmp, ccmn
    (0xFF200C00, 0x1E200C00, True, False),  # fcsel
    (0xFF200C00, 0x1E200400, True, True),  # fccmp, fccmpe
    (0xFF203C00, 0x1E202000, False, True),  # fcmp, fcmpe
    (0xFFFFFC00, 0x1E7E0000, False, True),  # fjcvtzs
    (0x3F800000, 0x31000000, False, True),  # adds, subs: immediate
    (0x3F200000, 0x2B000000, False, True),  # adds, subs: shifted register
    (0x3FE00000, 0x2B200000, False, True),  # adds, subs: extended register
    (0x7F800000, 0x72000000, False, True),  # ands: immediate
    (0x7F000000, 0x6A000000, False, True),  # ands, bics: register
)

# Tagging and pointer authentication inside the data-processing groups; (mask, value).
_UNKNOWN = (
    (0xBF800000, 0x91800000),  # addg, subg
    (0x5FE0FC00, 0x1AC00000),  # subp, subps
    (0xFFE0FC00, 0x9AC01000),  # irg
    (0xFFE0FC00, 0x9AC01400),  # gmi
    (0xFFE0FC00, 0x9AC03000),  # pacga
    (0xFFFF0000, 0xDAC10000),  # pacia ... xpacd
)

# General registers whose old value survives in part; (mask, value).
_MERGING = (
    (0x7F800000, 0x72800000),  # movk
    (0x7F800000, 0x33000000),  # bfm: bfi, bfc, bfxil
)

# Vector instructions that read all of their first operand besides writing it.
_ACCUMULATING = frozenset(
    """mla mls fmla fmls fmlal fmlal2 fmlsl fmlsl2 smlal smlal2 smlsl smlsl2 umlal umlal2 umlsl umlsl2
    sqdmlal sqdmlal2 sqdmlsl sqdmlsl2 sqrdmlah sqrdmlsh saba uaba sabal sabal2 uabal uabal2 sadalp uadalp
    ssra usra srsra ursra sli sri bsl bit bif tbx suqadd usqadd sdot udot fcmla aese aesd sha1c sha1m sha1p sha1su0
    sha1su1 sha256h sha256h2
    sha256su0 sha256su1 sha512h sha512h2 sha512su0 sha512su1 sm3partw1 sm3partw2 sm3tt1a sm3tt1b sm3tt2a
    sm3tt2b sm4e""".split()
)

# These write the upper half and keep the lower.
_NARROWING_HIGH = frozenset(
    """xtn2 sqxtn2 uqxtn2 sqxtun2 shrn2 rshrn2 sqshrn2 sqrshrn2 uqshrn2 uqrshrn2 sqshrun2 sqrshrun2
    addhn2 raddhn2 subhn2 rsubhn2 fcvtn2 fcvtxn2""".split()
)

# The emulator does not run these, so no test confirms what the tables would say.
_UNCONFIRMED = frozenset("usdot sudot smmla ummla usmmla bfdot bfmmla bfmlalb bfmlalt bfcvt bfcvtn bfcvtn2".split())

_NO_DESTINATION = frozenset("cmp cmn tst ccmp ccmn fcmp fcmpe fccmp fccmpe rmif setf8 setf16".split())

# Hints: immediate -> (reads, writes). One that is not listed may get a meaning that uses registers, as 40 has.
_HINTS = {
    # nop, yield, wfe, wfi, sev, sevl, dgh, esb, psb csync, tsb csync, gcsb dsync, csdb, clrbhb, and bti
    **dict.fromkeys((*range(7), *range(16, 21), 22, *range(32, 40, 2)), (NONE, NONE)),
    7: (x(30), x(30)),  # xpaclri
    **dict.fromkeys((8, 10, 12, 14), (x(17) | x(16), x(17))),  # pacia1716, pacib1716, autia1716, autib1716
    **dict.fromkeys(range(24, 32), (x(30) | SP, x(30))),  # pac and aut, keys a and b, modifiers zero and sp
    39: (x(16), NONE),  # pacm: the next signing instruction takes in the program counter, which x16 holds at a return
    40: (x(16), x(16)),  # chkfeat
}
_BARRIERS = frozenset((1, 2, 4, 5, 6, 7))  # dsb nxs, clrex, dsb, dmb, isb, sb; what is between is not understood


@lru_cache(maxsize=1 << 16)
def effect(word: int) -> Effect:
    """What the instruction `word` does; one that is not understood is PINNED and uses everything."""
    group = word >> 25 & 15
    if group in (10, 11):
        return _control(word)
    if group & 5 == 4:
        found = transfer(word)
        return Effect(Kind.PLAIN, found.reads, found.writes, (found.access,)) if found else _other_memory(word)
    if group in (8, 9, 5, 13, 7, 15) and not _matches(_UNKNOWN, word):
        return _processing(word)
    return UNKNOWN


def _matches(patterns: tuple[tuple[int, int], ...], word: int) -> bool:
    return any(word & mask == value for mask, value in patterns)


def _x(n: int) -> Parts:
    return NONE if n == 31 else x(n)


def _control(word: int) -> Effect:
    """Branches, exceptions and the system space."""
    t, n = word & 31, word >> 5 & 31
    if word & 0x7C000000 == 0x14000000:
        return Effect(Kind.CALL, NONE, x(30)) if word >> 31 else Effect(Kind.JUMP, NONE, NONE)
    if word & 0xFF000000 == 0x54000000:  # b.cond, bc.cond
        return Effect(Kind.CONDITIONAL, NZCV, NONE)
    if word & 0x7E000000 == 0x34000000:  # cbz, cbnz
        return Effect(Kind.CONDITIONAL, NONE if t == 31 else x(t) if word >> 31 else w(t), NONE)
    if word & 0x7E000000 == 0x36000000:  # tbz, tbnz
        return Effect(Kind.CONDITIONAL, NONE if t == 31 else x(t) if word >> 31 else w(t), NONE)
    if word & 0xFF9FFC1F == 0xD61F0000 and word >> 21 & 3 < 3:
        kind, writes = ((Kind.INDIRECT, NONE), (Kind.CALL, x(30)), (Kind.RETURN, NONE))[word >> 21 & 3]
        return Effect(kind, _x(n), writes)
    if word == 0xD503201F:
        return Effect(Kind.PLAIN, NONE, NONE)
    if word & 0xFFFFF01F == 0xD503201F:
        hint = _HINTS.get(word >> 5 & 127)
        return Effect(Kind.PINNED, *hint) if hint else UNKNOWN
    if word & 0xFFFFF01F == 0xD503301F and word >> 5 & 7 in _BARRIERS:
        return Effect(Kind.PINNED, NONE, NONE)
    if word & 0xFFF00000 == 0xD5300000:  # mrs; every register is taken to hold the flags
        return Effect(Kind.PINNED, NZCV, _x(t))
    if word & 0xFFFFFFE0 == 0xD51B4200:  # msr nzcv
        return Effect(Kind.PINNED, _x(t), NZCV)
    if word & 0xFFF00000 == 0xD5100000:
        return Effect(Kind.PINNED, _x(t) | NZCV, NONE)
    return UNKNOWN


def _other_memory(word: int) -> Effect:
    """Of the loads and stores that are pinned, those whose registers are worth knowing."""
    t, n = word & 31, word >> 5 & 31
    base = SP if n == 31 else x(n)
    if word & 0x3F000000 == 0x18000000:  # literals: ldr w, ldr x, ldrsw; prfm has no result
        return Effect(Kind.PINNED, NONE, NONE if word >> 30 == 3 else _x(t))
    if word & 0x3F000000 == 0x1C000000 and word >> 30 < 3:
        return Effect(Kind.PINNED, NONE, q(t))
    if word & 0xFFC00000 == 0xF9800000 or word & 0xFFE00C00 == 0xF8800000:  # prfm, prfum
        return Effect(Kind.PINNED, base, NONE)
    if word & 0x3FFFFC00 == 0x08DFFC00:  # ldar
        return Effect(Kind.PINNED, base, _x(t))
    if word & 0x3FFFFC00 == 0x089FFC00:  # stlr
        return Effect(Kind.PINNED, base | _x(t), NONE)
    return UNKNOWN


@cache
def _disassembler() -> capstone.Cs:
    engine = capstone.Cs(capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM)
    engine.detail = True
    return engine


def _processing(word: int) -> Effect:
    """Data processing: the first operand is written, the others are read, and then the tables."""
    found = next(_disassembler().disasm(word.to_bytes(4, "little"), 0), None)
    if found is None or found.mnemonic in _UNCONFIRMED:
        return UNKNOWN
    reads = writes = NONE
    for position, operand in enumerate(o for o in found.operands if o.type == arm64.ARM64_OP_REG):
        name = found.reg_name(operand.reg)
        name = _NUMBERED.get(name, name)
        if position == 0 and found.mnemonic not in _NO_DESTINATION:
            writes, kept = _written(found.mnemonic, name, operand, word)
            reads |= kept
        else:
            reads |= _read(found.mnemonic, name, operand)
    for mask, value, reads_flags, writes_flags in _FLAGS:
        if word & mask == value:
            reads |= NZCV if reads_flags else NONE
            writes |= NZCV if writes_flags else NONE
    return Effect(Kind.PLAIN, reads, writes)


_LANE_WIDTH = {
    arm64.ARM64_VAS_1B: 1,
    arm64.ARM64_VAS_1H: 2,
    arm64.ARM64_VAS_1S: 4,
    arm64.ARM64_VAS_2H: 4,
    arm64.ARM64_VAS_4B: 4,
    arm64.ARM64_VAS_1D: 8,
    arm64.ARM64_VAS_INVALID: 8,  # fmov v0.d[1], x1
}


_HALF = (arm64.ARM64_VAS_8B, arm64.ARM64_VAS_4H, arm64.ARM64_VAS_2S, arm64.ARM64_VAS_1D)
_HIGH_OF_HALF = ("fmlal2", "fmlsl2")  # written .4h, taken from the upper half
_NUMBERED = {"fp": "x29", "lr": "x30"}


def _read(mnemonic: str, name: str, operand: Any) -> Parts:
    if name[0] != "v":
        return parts(name)
    n = int(name[1:])
    if operand.vector_index >= 0:
        width = _LANE_WIDTH[operand.vas] * (2 if mnemonic == "fcmla" else 1)  # a complex number is two lanes
        return lane_holds(operand.vector_index, width) << 64 + 3 * n
    return d(n) if operand.vas in _HALF and mnemonic not in _HIGH_OF_HALF else q(n)


def _written(mnemonic: str, name: str, operand: Any, word: int) -> tuple[Parts, Parts]:
    """(written, kept and thus read) of a destination."""
    if name[0] in "wx" or name == "sp":
        whole = parts(name if name in ("sp", "wsp") else "x" + name[1:])
        return whole, parts(name) if _matches(_MERGING, word) else NONE
    n = int(name[1:])
    if operand.vector_index >= 0:
        return q(n), lane_keeps(operand.vector_index, _LANE_WIDTH[operand.vas]) << 64 + 3 * n
    if mnemonic in _NARROWING_HIGH:
        return q(n), d(n)
    if mnemonic in _ACCUMULATING or (mnemonic in ("orr", "bic") and word & 0x9FF80400 == 0x0F000400):
        return q(n), _read(mnemonic, name, operand)
    return q(n), NONE
