"""The teacher `rules`: small peephole rules, applied in a fixed order until none fires, so that targets are consistent.

Each is a function from a `Lesson` to a better one, or None. They aim at what clang -O0 to
-Os leaves in a window; none is trusted: a pair counts once the validators have accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....assembly.print import print_instruction
from ....assembly.syntax import Immediate, Instruction, Register
from ....propose.protocol import Request
from ....propose.request import request_of
from .. import instruction_text as c
from ..task import Lesson, lesson
from .copies import compared_twice, extension_folded, extension_unread, made_in_place, made_late, move_dropped
from .folding import constant_folded, multiply_folded, offset_folded
from .stores import dead_store, paired, zero_stored

Rule = Callable[[Lesson], Lesson | None]


class Rules:
    """What the rules make of a window, together.

    Then what they make of it without pairs, which cost some processors more.
    """

    def teach(self, window: Window, encoder: Encoder) -> Iterator[tuple[str, ...]]:
        source = lesson(request_of(window))
        for made in dict.fromkeys(improved(source, rules).code for rules in (RULES, _UNPAIRED)):
            if made != source.code:
                yield tuple(map(print_instruction, made))


def taught(request: Request) -> tuple[str, ...]:
    """The lines of the best window that the rules find; the source's own where they find none."""
    return tuple(print_instruction(i) for i in improved(lesson(request)).code)


def improved(source: Lesson, rules: Sequence[Rule] | None = None) -> Lesson:
    """What the rules, all by default, make of it together; itself where that is no better."""
    now = source
    for _ in range(60):
        better = next((found for rule in rules or RULES if (found := rule(now)) is not None), None)
        if better is None:
            break
        now = better
    return now if _worth(now.code) < _worth(source.code) else source


def _worth(code: Sequence[Instruction]) -> tuple[int, int]:
    """Instructions, then accesses: rules that only prepare others are no gain by themselves."""
    return len(code), sum(c.is_load(i) or c.is_store(i) for i in code)


def jump_to_next(x: Lesson) -> Lesson | None:
    """`b` to the instruction after it; the last one, or one before an internal label that nothing else reaches."""
    for n, i in enumerate(x.code):
        if i.mnemonic == "b" and ((n + 1 == len(x.code) and c.target(i) in x.fall) or c.target(i) in x.inside):
            return x.without(n)
    return None


def branch_around_jump(x: Lesson) -> Lesson | None:
    """`b.eq NEXT; b L` is `b.ne L`."""
    if len(x.code) < 2 or x.code[-1].mnemonic != "b" or c.target(x.code[-2]) not in x.fall:
        return None
    inverse = c.inverted(x.code[-2], c.target(x.code[-1]))
    return inverse and x.swapped(len(x.code) - 2, len(x.code), (inverse,))


def forwarded(x: Lesson) -> Lesson | None:
    """A load of what a register still holds becomes a move, or nothing."""
    if x.ordered:
        return None
    held: dict[c.Place, str] = {}
    wide: set[str] = {r for r, bits in x.zero_extended.items() if bits <= 32} | set(x.constants)
    for n, i in enumerate(x.code):
        where = c.place(i)
        if where and c.is_load(i) and (holder := held.get(where)):
            new = _moved(i, holder, wide)
            if new is not None:
                return x.swapped(n, n + 1, new)
        if c.is_store(i):
            held = {k: v for k, v in held.items() if where and not k.overlaps(where)}
        held = {k: v for k, v in held.items() if c.name(v) not in c.writes(i) and c.name(k.base) not in c.writes(i)}
        for r in c.writes(i):
            wide.discard(r)
        if i.operands and isinstance(i.operands[0], Register) and i.operands[0].name[0] in "wsd" and not c.is_store(i):
            wide |= c.writes(i)
        if (
            where
            and i.mnemonic in ("ldr", "str", "ldur", "stur", "strb", "strh", "ldrb", "ldrh")
            and c.name(where.base) not in c.writes(i)
        ):
            held[where] = i.operands[0].name
    return None


def _moved(i: Instruction, holder: str, wide: set[str]) -> tuple[Instruction, ...] | None:
    to = i.operands[0].name
    if i.mnemonic in ("ldr", "ldur") and to[0] == holder[0] and to[0] in "wxsd":
        if to == holder and (to[0] == "x" or c.name(to) in wide):
            return ()
        return (c.mov(to, holder),)
    if i.mnemonic in ("ldrsw", "ldursw") and holder[0] == "w" and holder != "wzr":
        return (Instruction("sxtw", (Register(to), Register(holder))),)
    if i.mnemonic in ("ldrb", "ldurb", "ldrh", "ldurh") and holder[0] == "w" and holder != "wzr":
        return (Instruction("and", (Register(to), Register(holder), Immediate(0xFF if "b" in i.mnemonic else 0xFFFF))),)
    return None


def copy_propagated(x: Lesson) -> Lesson | None:
    """Reads of a copy read its source, as far as both hold."""
    for n, i in enumerate(x.code):
        if (
            i.mnemonic not in ("mov", "fmov")
            or len(i.operands) != 2
            or not all(isinstance(o, Register) for o in i.operands)
        ):
            continue
        to, source = i.operands[0].name, i.operands[1].name
        if (
            (to[0] != source[0] and source not in ("wzr", "xzr"))
            or "sp" in (to, source)
            or c.name(to) == c.name(source)
        ):
            continue
        for m in range(n + 1, len(x.code)):
            later = x.code[m]
            if c.name(to) in c.reads(later) and later.mnemonic not in c.KEEPERS:
                new = c.renamed(later, c.name(to), c.name(source), to[0] != "w")
                if new is not None and new != later and _encodable(new):
                    return x.swapped(m, m + 1, (new,))
            if c.writes(later) & {c.name(to), c.name(source)}:
                break
    return None


def _encodable(i: Instruction) -> bool:
    """Zero registers stand for sp in some places: leave those alone."""
    zero = any(isinstance(o, Register) and o.name in ("wzr", "xzr") for o in i.operands)
    return not zero or c.is_store(i) or i.mnemonic in ("mov", "csel", "orr", "and", "madd", "msub")


def known_value(x: Lesson) -> Lesson | None:
    """A constant or copy that its register already holds at entry."""
    written: set[str] = set()
    for n, i in enumerate(x.code):
        if i.mnemonic == "mov" and i.operands[0].name[0] in "wx" and c.writes(i) and not c.writes(i) & written:
            r = c.name(i.operands[0].name)
            source = i.operands[1]
            if isinstance(source, Register) and source.name in ("wzr", "xzr"):
                source = Immediate(0)
            if isinstance(source, Immediate) and x.constants.get(r) == int(source.value) % (
                1 << 8 * c.width(i.operands[0].name)
            ):
                return x.without(n)
            if isinstance(source, Register) and source.name[0] == "x" and c.name(source.name) not in written:
                pair = (r, c.name(source.name))
                if pair in x.equal or pair[::-1] in x.equal:
                    return x.without(n)
        written |= c.writes(i)
    return None


def extension_dropped(x: Lesson) -> Lesson | None:
    """`and w0, w0, #0xff` and its like on a value that is no wider."""
    bits = dict(x.zero_extended)
    for n, i in enumerate(x.code):
        want = {"uxtb": 8, "uxth": 16}.get(i.mnemonic)
        if (
            i.mnemonic == "and"
            and isinstance(i.operands[2], Immediate)
            and i.operands[2].value in (1, 0xFF, 0xFFFF, 0xFFFFFFFF)
        ):
            want = int(i.operands[2].value).bit_length()
        if (
            i.mnemonic == "mov"
            and len(i.operands) == 2
            and isinstance(i.operands[1], Register)
            and i.operands[0] == i.operands[1]
            and i.operands[0].name[0] == "w"
        ):
            want = 32
        if want and isinstance(i.operands[1], Register) and bits.get(c.name(i.operands[1].name), 64) <= want:
            to, source = i.operands[0].name, i.operands[1].name
            if c.name(to) == c.name(source):
                return x.without(n)
            return x.swapped(n, n + 1, (c.mov(to, source),)) if i.mnemonic != "mov" else None
        for r in c.writes(i):
            bits.pop(r, None)
        if c.writes(i) - {"nzcv"} and isinstance(i.operands[0], Register) and not c.is_store(i):
            made = _result_bits(i)
            if made:
                bits[c.name(i.operands[0].name)] = made
    return None


def _result_bits(i: Instruction) -> int | None:
    fixed = {"ldrb": 8, "ldurb": 8, "ldrh": 16, "ldurh": 16, "cset": 1, "uxtb": 8, "uxth": 16}.get(i.mnemonic)
    if (
        i.mnemonic in ("and", "ands")
        and len(i.operands) > 2
        and isinstance(i.operands[2], Immediate)
        and i.operands[2].value >= 0
    ):
        fixed = int(i.operands[2].value).bit_length()
    return fixed or (32 if i.operands[0].name[0] == "w" else None)


def condition_absorbed(x: Lesson) -> Lesson | None:
    """`cset w8, ge; tbnz w8, #0, L` is `b.ge L` where the flags still stand."""
    for n, i in enumerate(x.code):
        if i.mnemonic not in ("tbnz", "tbz", "cbnz", "cbz") or (i.mnemonic[0] == "t" and i.operands[1].value != 0):
            continue
        r = c.name(i.operands[0].name)
        for m in range(n - 1, -1, -1):
            maker = x.code[m]
            if r in c.writes(maker):
                if maker.mnemonic == "cset":
                    cc = maker.operands[1].text
                    cc = cc if "n" in i.mnemonic else c.INVERSE[cc]
                    return x.swapped(n, n + 1, (Instruction(f"b.{cc}", (i.operands[-1],)),))
                break
            if "nzcv" in c.writes(maker):
                break
    return None


def compare_absorbed(x: Lesson) -> Lesson | None:
    """A comparison with zero, or a test of one bit, whose flags only the next branch reads."""
    for n, i in enumerate(x.code[:-1]):
        branch = x.code[n + 1]
        if (
            not branch.mnemonic.startswith("b.")
            or "nzcv" not in c.writes(i)
            or "nzcv" in x.live(n + 1)
            or _flags_at(x, branch)
        ):
            continue
        cc, label = branch.mnemonic[2:], branch.operands[-1]
        compared = i.mnemonic == "cmp" or i.mnemonic == "subs"
        source = i.operands[0] if i.mnemonic in ("cmp", "tst") else i.operands[1]
        last = i.operands[-1]
        if (
            compared
            and isinstance(last, Immediate)
            and last.value == 0
            and isinstance(source, Register)
            and source.modifier is None
            and source.name not in ("sp", "wsp")
        ):
            sign = Immediate(8 * c.width(source.name) - 1)
            new = {
                "eq": Instruction("cbz", (source, label)),
                "ne": Instruction("cbnz", (source, label)),
                "ge": Instruction("tbz", (source, sign, label)),
                "lt": Instruction("tbnz", (source, sign, label)),
                "pl": Instruction("tbz", (source, sign, label)),
                "mi": Instruction("tbnz", (source, sign, label)),
                "hi": Instruction("cbnz", (source, label)),
                "ls": Instruction("cbz", (source, label)),
            }.get(cc)
        elif (
            i.mnemonic in ("tst", "ands")
            and isinstance(last, Immediate)
            and last.value > 0
            and last.value & last.value - 1 == 0
            and cc in ("eq", "ne")
        ):
            new = Instruction(
                "tbz" if cc == "eq" else "tbnz", (source, Immediate(int(last.value).bit_length() - 1), label)
            )
        else:
            new = None
        if new is not None:
            keep = (
                ()
                if i.mnemonic in ("cmp", "tst")
                or c.name(i.operands[0].name) not in x.live(n + 1) | c.reads(new) | _live_to(x, branch)
                else _plain(i)
            )
            if keep and c.name(keep[0].operands[0].name) in c.reads(new):
                continue
            return x.swapped(n, n + 2, (*keep, new))
    return None


def _flags_at(x: Lesson, branch: Instruction) -> bool:
    return "nzcv" in _live_to(x, branch)


def _live_to(x: Lesson, branch: Instruction) -> frozenset[str]:
    label = c.target(branch)
    return x.live_fall if label in x.fall else x.live_at.get(label, frozenset())


def _plain(i: Instruction) -> tuple[Instruction, ...]:
    """The instruction without its flags; nothing where it then copies a register onto itself."""
    plain = replace(i, mnemonic={"subs": "sub", "ands": "and", "adds": "add"}[i.mnemonic])
    same = plain.mnemonic == "sub" and plain.operands[0] == plain.operands[1] and plain.operands[2] == Immediate(0)
    return () if same else (plain,)


def dead_code(x: Lesson) -> Lesson | None:
    """What nothing reads."""
    at = {label: set(names) for label, names in x.live_at.items()}
    live = set(x.live_fall)
    kept: list[Instruction] = []
    for i in reversed(x.code):
        stays = c.is_store(i) or c.is_branch(i) or (c.is_load(i) and x.ordered) or not c.writes(i)
        if stays or c.writes(i) & live:
            kept.append(i)
            live = c.before(i, live, at)
    return x.swapped(0, len(x.code), kept[::-1]) if len(kept) < len(x.code) else None


RULES: tuple[Rule, ...] = (
    jump_to_next,
    branch_around_jump,
    condition_absorbed,
    forwarded,
    copy_propagated,
    zero_stored,
    constant_folded,
    offset_folded,
    known_value,
    extension_dropped,
    compare_absorbed,
    multiply_folded,
    move_dropped,
    extension_unread,
    extension_folded,
    made_in_place,
    made_late,
    compared_twice,
    dead_store,
    dead_code,
    paired,
)
_UNPAIRED = tuple(rule for rule in RULES if rule is not paired)
