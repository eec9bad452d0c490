"""`peeplab verify`: is one instruction sequence right in place of another?

Judges equality only, not cost. Exit code 0: accepted; 1: refuted, with an input that shows
it; 2: cannot say, with the reason (also where a file cannot be read as instructions).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from ..analysis.obligation import Obligation
from ..analysis.registers import ALL, Parts, parts, union
from ..assembly.encode import Encoder
from ..errors import PeepccError
from ..validate.pipeline import EMULATED, PROVED, judge
from ..validate.verdict import Judgement, Verdict
from .claim_text import Unverifiable, read_program

MARCH = "armv8.5-a+fp16+dotprod+rcpc+aes+sha3+sm4+i8mm+bf16"
FEATURES = (f"-march={MARCH}",)  # what may be asked about is more than what is compiled for


@click.command()
@click.argument("before", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("after", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--live-out",
    multiple=True,
    metavar="REGS",
    help="What is used afterwards: w0 x0 s0 d0 q0 sp nzcv, by comma or space; may be repeated. Default: everything.",
)
@click.option("--volatile", is_flag=True, help="Every access must keep its address, width and order.")
@click.option(
    "--march",
    default=MARCH,
    show_default=True,
    metavar="ARCH",
    help="The architecture and extensions that the instructions may be of.",
)
@click.option(
    "--policy",
    type=click.Choice((PROVED, EMULATED)),
    default=PROVED,
    show_default=True,
    help="The evidence that it takes to be accepted.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the judgement as JSON.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that assembles. Default: the newest on PATH.")
def command(
    before: Path,
    after: Path,
    live_out: tuple[str, ...],
    volatile: bool,
    march: str,
    policy: str,
    as_json: bool,
    clang: str | None,
) -> None:
    """Say whether the instructions in AFTER may stand for those in BEFORE.

    Exit code: 0 accepted, 1 refuted, 2 cannot say.
    """
    try:
        encoder = Encoder(clang or newest_clang(), (f"-march={march}",))
        judgement = verify(before.read_text(), after.read_text(), live_parts(live_out), volatile, encoder, policy)
    except (PeepccError, UnicodeDecodeError, OSError) as error:
        judgement = Judgement(Verdict.UNPROVED, getattr(error, "reason", str(error)))
    click.echo(json.dumps(_record(judgement), indent=2) if as_json else describe(judgement))
    sys.exit(exit_code(judgement))


def verify(before: str, after: str, live: Parts, ordered: bool, encoder: Encoder, policy: str = PROVED) -> Judgement:
    """Judges two texts of instruction lines. Raises Unverifiable where one of them has none of that."""
    source, target = (read_program(text, encoder, name) for text, name in ((before, "BEFORE"), (after, "AFTER")))
    return judge(Obligation(source, target, _Everywhere(live), ordered=ordered), policy)


class _Everywhere(dict):
    """The same live parts at each exit."""

    def __init__(self, live: Parts):
        super().__init__()
        self._live = live

    def get(self, key, default=None):
        return self._live


def live_parts(names: tuple[str, ...]) -> Parts:
    """The parts that the names stand for; everything where there are none. Raises Unverifiable."""
    words = [word for text in names for word in re.split(r"[,\s]+", text.lower()) if word]
    if not names:
        return ALL
    try:
        return union(parts(word) for word in words)
    except KeyError as error:
        raise Unverifiable(f"no register: {error.args[0]}; known are w0, x0, s0, d0, q0, sp, nzcv") from error


def newest_clang() -> str:
    """The newest clang-N on PATH, or clang. Raises Unverifiable."""
    for name in (*(f"clang-{n}" for n in range(40, 13, -1)), "clang"):
        if shutil.which(name):
            return name
    raise Unverifiable("no clang on PATH")


def exit_code(judgement: Judgement) -> int:
    if judgement.verdict.accepted or judgement.verdict is Verdict.UNCHANGED:
        return 0
    return 1 if judgement.verdict is Verdict.REFUTED else 2


def describe(judgement: Judgement) -> str:
    """The verdict line, states tried, and the counterexample where there is one."""
    word = ("accepted", "refuted", "cannot say")[exit_code(judgement)]
    lines = [f"{word} ({judgement.verdict.value})" + (f": {judgement.reason}" if judgement.reason else "")]
    if judgement.states:
        lines.append(f"states tried: {judgement.states}")
    example = judgement.counterexample
    if example is not None:
        width = max(map(len, (*example.inputs, *example.outcomes, "output")))
        lines.append("with")
        lines += [f"  {name:{width}}  {value}" for name, value in example.inputs.items()]
        lines.append(f"  {'output':{width}}  before | after")
        lines += [f"  {name:{width}}  {one} | {two}" for name, (one, two) in example.outcomes.items()]
    return "\n".join(lines)


def _record(judgement: Judgement) -> dict:
    example = judgement.counterexample
    return {
        "verdict": ("accepted", "refuted", "cannot-say")[exit_code(judgement)],
        "outcome": judgement.verdict.value,
        "reason": judgement.reason,
        "states": judgement.states,
        "counterexample": None if example is None else {key: dict(value) for key, value in asdict(example).items()},
    }
