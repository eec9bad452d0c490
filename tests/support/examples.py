"""What the tests of `peeplab evaluate` share: examples made by hand, and a judge of replies to them."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known
from peepcc.analysis.registers import parts, union
from peepcc.analysis.windows import Window
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.lab.evaluation.scoring import Judged, judge_all
from peepcc.lab.example import PROVED, UNCHANGED, Example
from peepcc.propose.protocol import Reply
from peepcc.propose.request import request_of

CLANG = "clang-19"


@cache
def encoder() -> Encoder:
    return Encoder(CLANG)


def example(
    source: str,
    live: str,
    target: str | None = None,
    *,
    exits: dict[str, str] | None = None,
    ordered: bool = False,
    known: Known = Known(),
    level: str = "-O2",
    evidence: str | None = None,
) -> Example:
    """Lines are separated by ` / `; `exits`: label -> live names there."""
    items = tuple(line[:-1] if line.endswith(":") else parse_instruction(line) for line in source.split(" / "))
    found = program(items, encoder())
    live_out = {FALL: union(map(parts, live.split()))} | {
        label: union(map(parts, names.split())) for label, names in (exits or {}).items()
    }
    window = Window(
        "",
        items,
        (0,) * len(items),
        found,
        MappingProxyType(live_out),
        known,
        MappingProxyType({}),
        ordered,
        MappingProxyType({}),
    )
    body = tuple(line for line in source.split(" / ") if not line.endswith(":"))
    improved = target is not None
    return Example(
        window,
        tuple(target.split(" / ")) if target else () if improved else body,
        "rules" if improved else "",
        evidence or (PROVED if improved else UNCHANGED),
        "hand",
        level,
    )


def reply(one: Example, lines: str | None, **more) -> Reply:
    return Reply(
        request_of(one.window).key,
        None if lines is None else tuple(line for line in lines.split(" / ") if line),
        **more,
    )


def judged(one: Example, lines: str | None, **more) -> Judged:
    return judge_all([(one, reply(one, lines, **more))], encoder(), CLANG, 1)[0]
