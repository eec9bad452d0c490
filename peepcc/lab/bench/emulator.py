"""`peeplab bench emulator`: how fast states are judged, for typical blocks."""

from __future__ import annotations

import time
from functools import partial
from statistics import median

import click

from ...analysis.obligation import Obligation
from ...assembly.encode import Encoder
from ...validate.emulator.differential import Emulator
from ..verify import newest_clang, read_program

_BLOCKS = {
    "six instructions": "add w8, w0, w1\nlsl w8, w8, #2\nand w8, w8, #0xff\n"
    "sub w9, w8, w2\neor w0, w9, w1\nadd w0, w0, #3",
    "six, two loads and a store": "ldr w8, [x0]\nldr w9, [x1, #4]\nadd w8, w8, w9\n"
    "add w8, w8, #1\nstr w8, [x2]\nmov w0, w8",
    "six of -O0": "str w0, [sp, #12]\nldr w8, [sp, #12]\nldr x9, [sp, #16]\nldrsw x10, [sp, #8]\n"
    "ldr w0, [x9, x10, lsl #2]\nadd w0, w0, w8",
    "six of floating point": "fmul d0, d0, d1\nfadd d0, d0, d2\nfmov d3, d1\nfsub d0, d0, d3\nfneg d0, d0\nfabs d1, d1",
}

_WRONG = 20


@click.command()
@click.option("--states", default=65536, show_default=True, help="States of each block for the rate.")
def command(states: int) -> None:
    """States per second (both sides run and compared), and what one judgement of 4,096 states takes, and one that is
    refuted.
    """
    encoder = Encoder(newest_clang())
    emulator = Emulator()
    click.echo(f"{'block':28} {'states/s':>10} {'one judgement':>14} {'one refuted':>14}")
    for name, text in _BLOCKS.items():
        source = read_program(text, encoder)
        obligation = Obligation(source, source, {})
        emulator.judge(obligation, states=256)
        rate = states / _seconds(partial(emulator.judge, obligation, states=states))
        single = min(_seconds(partial(emulator.judge, obligation)) for _ in range(5))
        refuted = median(_seconds(partial(emulator.judge, wrong)) for wrong in _wrong(text, encoder))
        click.echo(f"{name:28} {rate:10,.0f} {1e3 * single:11.1f} ms {1e3 * refuted:11.1f} ms")


def _wrong(text: str, encoder: Encoder) -> list[Obligation]:
    """Claims that the last instruction may go.

    Each of a source that the emulator has not seen, as a constant is another.
    """
    texts = [f"mov x17, #{n}\n{text}" for n in range(1, _WRONG + 1)]
    return [
        Obligation(read_program(each, encoder), read_program(each.rpartition("\n")[0], encoder), {}) for each in texts
    ]


def _seconds(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
