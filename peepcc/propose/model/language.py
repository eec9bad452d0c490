"""The language between peepcc and its own model: a window as short text, and replies back.

Registers are numbered by first use, labels are T0, T1, ... and NEXT for the address after
the window, so that windows that differ in names only are one prompt. Behind a line's number
stand the registers that die there: `@3x1,n,csel w0,w1,w2,eq`. A reply is the
whole window as instruction lines in those names; or edits, which are shorter: `@3` drops
source line 3, `@3mov w0,w1` puts that in its place (more than once: more lines); or UNCHANGED
alone. The words are long where code is alike: a register takes the comma behind it along.

It promises that `decode` names no register or label that the window does not have; whether
the instructions are right is for the validators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...errors import PeepccError
from ..protocol import Request

UNCHANGED = "="
END = "</s>"
ASK = ">"
MAX_LINES = 16
MAX_REPLY_LINES = 2 * MAX_LINES

MNEMONICS = tuple(
    sorted(
        set(
            """
 abs adc adcs add addp adds addv and ands asr asrv b bfc bfi bfxil bic bics bif bit bsl cbnz cbz ccmn ccmp cinc cinv
 clz cls
 cmeq cmge cmgt cmhi cmhs cmle cmlt cmn cmp cmtst cneg cnt cset csetm csel csinc csinv csneg dup eon eor ext extr
 fabd fabs fadd faddp fccmp fcmeq fcmge fcmgt fcmp fcmpe fcsel fcvt fcvtas fcvtau fcvtl fcvtl2 fcvtms fcvtmu fcvtn
 fcvtn2
 fcvtps fcvtpu fcvtzs fcvtzu fdiv fmadd fmax fmaxnm fmin fminnm fmla fmls fmov fmsub fmul fneg fnmadd fnmsub fnmul
 frinta frinti frintm frintn frintp frintx frintz fsqrt fsub ins ld1 ld1r ldp ldpsw ldr ldrb ldrh ldrsb ldrsh ldrsw ldur
 ldurb ldurh ldursb ldursh ldursw lsl lslv lsr lsrv madd mla mls mneg mov movi movk movn movz msub mul mvn mvni neg negs
 ngc ngcs nop not orn orr rbit ret rev rev16 rev32 rev64 ror rorv sbc sbcs sbfiz sbfx scvtf sdiv shl shrn smaddl smax
 smaxv smin sminv smlal smlal2 smsubl smnegl smov smulh smull smull2 sshl sshll sshll2 sshr ssra st1 stp str strb strh
 stur sturb sturh sub subs sxtb sxth sxtl sxtl2 sxtw tbl tbnz tbz trn1 trn2 tst uabd uaddlv uaddw uaddw2 ubfiz ubfx
 ucvtf
 udiv umaddl umax umaxv umin uminv umlal umlal2 umov umsubl umnegl umulh umull umull2 ushl ushll ushll2 ushr usra uxtb
 uxth uxtl uxtl2 uzp1 uzp2 xtn xtn2 zip1 zip2
""".split()
        )
        | {f"b.{c}" for c in "eq ne hs lo mi pl vs vc hi ls ge lt gt le".split()}
    )
)
_CONDITIONS = tuple("eq ne hs lo mi pl vs vc hi ls ge lt gt le al".split())
_SHIFTS = tuple("lsl lsr asr ror msl uxtb uxth uxtw uxtx sxtb sxth sxtw sxtx".split())
_ARRANGEMENTS = tuple(".8b .16b .4h .8h .2s .4s .1d .2d .1q .b .h .s .d".split())

_NUMBERS = 256  # a number below it is one word, with or without its #; others are spelt by digit
_X, _W = tuple(f"x{n}" for n in range(31)), tuple(f"w{n}" for n in range(31))
_SCALARS = tuple(f"{c}{n}" for c in "sdq" for n in range(32))
_INDICES = range(1, MAX_LINES + 1)

VOCABULARY: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            END,
            "<pad>",
            "<unk>",
            UNCHANGED,
            ASK,
            "\n",
            ",",
            "[",
            "]",
            "]\n",
            "!",
            "{",
            "}",
            "#",
            "#-",
            "-",
            "<",
            "~",
            ":",
            " ",
            ".",
            *"0123456789",
            "L ",
            "K ",
            "O",
            "n",
            *(f"{mark}{n}" for mark in ("", "#") for n in range(_NUMBERS)),
            *(
                f"{label}{end}"
                for label in ("NEXT", *(f"T{n}" for n in range(MAX_LINES + 1)))
                for end in ("", "\n", ":\n")
            ),
            *(f"@{n}{end}" for n in _INDICES for end in ("", "\n")),
            *(f"{mark}{r}{end}" for mark in ("", "[") for r in (*_X, "sp") for end in ("", ",", "\n")),
            *(f"{r}{end}" for r in (*_W, "wsp", "xzr", "wzr", *_SCALARS) for end in ("", ",", "\n")),
            *(f"{c}{n}" for c in "bhv" for n in range(32)),
            *(f"{mnemonic} " for mnemonic in MNEMONICS),
            "ret",
            "nop",
            *_CONDITIONS,
            *_SHIFTS,
            *(f"{shift} " for shift in _SHIFTS),
            *_ARRANGEMENTS,
        )
    )
)

_SMALL = r"(?<!\d)(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\d)"
_TOKEN = re.compile(
    r"@\d+\n?|\.\d?\d?[bhsdq](?![a-z0-9])|(?:NEXT|T\d+)(?::?\n)?|[LK] |b\.[a-z]{2} ?"
    r"|\[?(?:x(?:30|[12]\d|\d)|sp)(?!\w)[,\n]?|(?:w(?:30|[12]\d|\d|sp|zr)|xzr|[sdq](?:3[01]|[12]\d|\d))(?!\w)[,\n]?"
    rf"|[a-z][a-z0-9]* ?|O|#?{_SMALL}|#-|\]\n|\n|\d|[^\w]"
)
TOKEN_PATTERN = _TOKEN.pattern  # the tokenizer files are built from it
_IDS = frozenset(VOCABULARY)
_REGISTER = re.compile(r"\b([xwbhsdqv])(\d+)\b")
_BRANCH = re.compile(r"(b|b\.[a-z]{2}|cbn?z|tbn?z)\b")


class Undecodable(PeepccError):
    """A reply that is not of the language, or names what the window does not have."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """`text` is what the model reads. `registers` and `labels` map canonical names back to the window's.

    `source`: the window's instruction lines in its own names, which edits leave as they are.
    """

    text: str
    registers: Mapping[tuple[str, int], int]
    labels: Mapping[str, str]
    source: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The model's tokens; joined they give `text` back."""
    return _TOKEN.findall(text)


def encode(request: Request) -> Prompt | None:
    """The prompt of a window; None where the language has no words for it (then it is not asked)."""
    names = _Names(request)
    try:
        body = "".join(names.line(line) for line in request.lines)
        text = f"{body}{names.facts(request)}{ASK}"
    except Undecodable:
        return None
    split = tokens(text)
    if not set(split) <= _IDS or "".join(split) != text:
        return None
    source = tuple(line for line in request.lines if not line.endswith(":"))
    back = {(bank, new): old for (bank, old), new in names.registers.items()}
    return Prompt(
        text,
        MappingProxyType(back),
        MappingProxyType({new: old for old, new in reversed(names.labels.items())}),
        source,
    )


def decode(prompt: Prompt, reply: str) -> tuple[str, ...]:
    """The proposed lines in the window's own names; the source's where it says unchanged.

    Raises Undecodable.
    """
    reply = reply.removesuffix(END).strip()
    if reply == UNCHANGED:
        return prompt.source
    lines = [line.strip() for line in reply.split("\n")] if reply else []
    if len(lines) > MAX_REPLY_LINES:
        raise Undecodable("more lines than any rewrite needs")
    if any(line.startswith("@") for line in lines):
        return _edited(prompt, lines)
    return tuple(_restored(prompt, line) for line in lines)


def reply_text(prompt_lines: tuple[str, ...], target: tuple[str, ...]) -> str:
    """The reply that turns canonical source lines into canonical target lines, as the model is taught it."""
    from difflib import SequenceMatcher  # only training asks for it

    if prompt_lines == target:
        return UNCHANGED
    parts = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, prompt_lines, target, autojunk=False).get_opcodes():
        old, new = list(range(i1, i2)), list(target[j1:j2])
        if tuple(new) == prompt_lines[i1:i2]:
            continue
        if not old:  # an insertion says the line beside it again
            beside = max(i1 - 1, 0)
            old, new = [beside], [prompt_lines[beside], *new] if i1 else [*new, prompt_lines[beside]]
        shared = [*zip(old, new), *((n, "") for n in old[len(new) :]), *((old[-1], line) for line in new[len(old) :])]
        parts += [f"@{n + 1}{line}\n" for n, line in shared]
    return "".join(parts)


class _Names:
    """Canonical names of one window, given out in order of first use."""

    def __init__(self, request: Request):
        self.registers: dict[tuple[str, int], int] = {}
        self.labels: dict[str, str] = dict.fromkeys(request.fall, "NEXT")
        self.dying = request.dying
        self.count = 0
        self.targets = 0

    def line(self, line: str) -> str:
        if line.endswith(":"):
            return f"{self.label(line[:-1])}:\n"
        self.count += 1
        if self.count > MAX_LINES:
            raise Undecodable("longer than a prompt")
        text = self.instruction(line)  # first: names are given out in the order of the text
        return f"@{self.count}{self.dead()}{text}\n"

    def dead(self) -> str:
        """The registers that die at this line; nothing where the request does not tell."""
        here = self.dying[self.count - 1 : self.count]
        return "".join(f"{'n' if name == 'nzcv' else self.seen(name) or name}," for names in here for name in names)

    def instruction(self, line: str) -> str:
        """One instruction line in canonical names, without the spaces that say nothing."""
        head, comma, last = line.rpartition(" ")
        if _BRANCH.match(line) and comma:
            return self.rename(head).replace(", ", ",") + " " * (not head.endswith(",")) + self.label(last)
        return self.rename(line).replace(", ", ",").replace("{ ", "{").replace(" }", "}")

    def rename(self, text: str) -> str:
        return _REGISTER.sub(lambda match: match[1] + str(self.number(match[1], int(match[2]))), text)

    def number(self, kind: str, number: int) -> int:
        """x29 and x30 keep their numbers: frame and link are no ordinary registers."""
        bank = "x" if kind in "xw" else "v"
        if bank == "x" and number > 28:
            return number
        taken = sum(1 for each, _ in self.registers if each == bank)
        return self.registers.setdefault((bank, number), taken)

    def label(self, name: str) -> str:
        if name not in self.labels:
            self.labels[name] = f"T{self.targets}"
            self.targets += 1
        return self.labels[name]

    def facts(self, request: Request) -> str:
        live = {name for names in (request.live_out, *(names for _, names in request.exits)) for name in names}
        shown = [self.seen(name) for name in live if name != "nzcv"]
        yes = sorted((name for name in shown if name), key=lambda name: (name[0] not in "xw", int(name[1:]), name))
        lines = [f"L {','.join([*yes, *(['n'] if 'nzcv' in live else [])])}\n"]
        lines += [f"K {fact}\n" for fact in self.known(request)]
        return "".join(lines) + ("O\n" if request.ordered else "")

    def seen(self, name: str) -> str | None:
        """The canonical name of a register that the lines mention."""
        if name in ("sp", "x29", "x30"):
            return None
        bank = "x" if name[0] in "xw" else "v"
        number = self.registers.get((bank, int(name[1:])))
        return None if number is None else f"{name[0]}{number}"

    def known(self, request: Request) -> Iterator[str]:
        for kind, name, value in request.known:
            here = self.seen(name)
            if here is None:
                continue
            if isinstance(value, int) and kind == "const" and value < 1 << 16:
                yield f"{here}#{value}"
            elif isinstance(value, int) and kind in ("zext", "sext"):
                bits = next((each for each in (1, 8, 16, 32) if value <= each), None)
                if bits:
                    yield f"{here}{'<' if kind == 'zext' else '~'}{bits}"
            elif kind == "equal" and (other := self.seen(str(value))):
                yield f"{here}={other}"


def _edited(prompt: Prompt, lines: list[str]) -> tuple[str, ...]:
    """The source after those edits that mean something here: one bad line must not lose the others."""
    edits: dict[int, list[str]] = {}
    refused: Undecodable | None = None
    for line in lines:
        edit = re.fullmatch(r"@([1-9]\d?)(.*)", line)
        if not edit:
            raise Undecodable(f"no edit: {line[:40]!r}")
        try:
            new = _new_lines(prompt, int(edit[1]), edit[2])
        except Undecodable as error:
            refused = error
        else:
            edits.setdefault(int(edit[1]), []).extend(new)
    if refused and not edits:
        raise refused
    return tuple(new for n, line in enumerate(prompt.source, 1) for new in edits.get(n, (line,)))


def _new_lines(prompt: Prompt, index: int, text: str) -> list[str]:
    if index > len(prompt.source):
        raise Undecodable(f"no edit of this window: @{index}")
    return [_restored(prompt, text)] if text else []


def _restored(prompt: Prompt, line: str) -> str:
    if "@" in line or not line:
        raise Undecodable(f"no instruction: {line[:40]!r}")

    def register(match: re.Match[str]) -> str:
        bank, number = ("x" if match[1] in "xw" else "v"), int(match[2])
        if bank == "x" and number > 28:
            return match[0]
        if (bank, number) not in prompt.registers:
            raise Undecodable(f"no such register: {match[0]}")
        return f"{match[1]}{prompt.registers[bank, number]}"

    def label(match: re.Match[str]) -> str:
        if match[0] not in prompt.labels:
            raise Undecodable(f"no such label: {match[0]}")
        return prompt.labels[match[0]]

    restored = _REGISTER.sub(register, line)
    return re.sub(r"\bNEXT\b|\bT\d+\b", label, restored)


def training_pair(request: Request, target: tuple[str, ...]) -> tuple[str, str] | None:
    """(prompt text, reply text) for a window and its rewrite in the window's own names.

    None where a word is missing.
    """
    prompt = encode(request)
    if prompt is None:
        return None
    names = _Names(request)
    source = tuple(names.instruction(line) for line in request.lines if not line.endswith(":"))
    known = dict(names.registers)
    reply = reply_text(source, tuple(names.instruction(line) for line in target))
    ok = names.registers == known and set(tokens(reply)) <= _IDS
    return (prompt.text, reply) if ok else None
