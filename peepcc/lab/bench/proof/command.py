"""`peeplab bench proof`: how much of what the emulator accepts is proved, why the rest is not, and what a proof takes.

Windows of real C are cut as builds cut them, several proposers are asked, and whatever
the emulator accepts is put to the prover in a process of its own, whose memory is watched.
It measures the two validators only: what is cheaper, and what of a reply is kept, is not asked.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import islice
from pathlib import Path

import click

from ....analysis.obligation import Obligation
from ....analysis.unit_analysis import analyse
from ....analysis.windows import Window
from ....assembly.encode import Encoder
from ....errors import PeepccError
from ....optimize.subdivide import askable
from ....propose.protocol import Request
from ....propose.registry import make_backend
from ....propose.request import request_of
from ....settings import read_settings
from ....validate.pipeline import EMULATED, judge
from ....validate.prover.form_allowlist import LIST, form
from ...dataset.command import LEVELS, compiled
from ...proposal import checked, claimed
from ...teachers import TEACHERS
from ...verify import newest_clang
from .report import Measured, markdown, record, versions, write
from .worker import Accepted, Proof, proofs

BACKENDS = ("rules", "combine", "embedded", "mutator")
_PATIENCE = 600.0  # seconds for all replies of one back-end about one program at one level

Lines = tuple[str, ...]


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS), help="Only these. Default: -O1 and -O2.")
@click.option(
    "--backend",
    "backends",
    multiple=True,
    help=f"Who proposes: peepcc's back-ends and the teachers {', '.join(TEACHERS)}. Default: {', '.join(BACKENDS)}.",
)
@click.option(
    "--windows", "most", default=4000, show_default=True, help="Distinct windows of one program at one level."
)
@click.option("--seed", default=1, show_default=True, help="Which windows are taken where there are more.")
@click.option("--out", type=click.Path(path_type=Path), help="Write OUT.json and OUT.md.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that compiles. Default: the newest on PATH.")
def command(
    sources: tuple[Path, ...],
    levels: tuple[str, ...],
    backends: tuple[str, ...],
    most: int,
    seed: int,
    out: Path | None,
    clang: str | None,
) -> None:
    """The share of accepted rewrites that is proved, by cause, for each of SOURCES: a folder of C files, or one
    file.
    """
    clang = clang or newest_clang()
    levels, backends = levels or ("-O1", "-O2"), backends or BACKENDS
    words = [
        "peeplab bench proof",
        *(source.name for source in sources),
        *(f"--level {each}" for each in levels),
        *(f"--backend {each}" for each in backends),
        f"--windows {most} --seed {seed}",
    ]
    measured: list[Measured] = []
    for source in sources:
        for level in levels:
            measured.append(measure(source.absolute(), level, backends, most, seed, clang))
            told = record(measured, " ".join(words), versions(clang))
            if out:
                write(told, out)  # what there is, each time: it may take an hour
    click.echo(markdown(told), nl=False)


def measure(source: Path, level: str, backends: Sequence[str], most: int, seed: int, clang: str) -> Measured:
    """One program at one level."""
    home, files = (source, sorted(source.rglob("*.c"))) if source.is_dir() else (source.parent, [source])
    encoder = Encoder(clang)
    windows: dict[Request, Window] = {}
    times: Counter[Request] = Counter()
    left_out = 0
    for file in files:
        made = compiled(file, level, home, clang)
        if made is None:
            left_out += 1
            continue
        analysed = analyse(*made, encoder)
        for window in (window for whole in analysed.windows() for window in askable(whole)):
            request = request_of(window)
            windows.setdefault(request, window)
            times[request] += 1
    asked = sorted(windows, key=lambda request: request.key)
    random.Random(seed).shuffle(asked)
    asked = asked[:most]
    accepted = list(_accepted(windows, times, asked, backends, encoder))
    found, memory = _proofs(accepted)
    name = source.name if source.is_dir() else source.stem
    return Measured(
        name,
        level,
        len(files) - left_out,
        left_out,
        len(windows),
        len(asked),
        found,
        memory,
        _unlisted(windows.values()),
    )


def _unlisted(windows: Iterable[Window]) -> dict[str, str]:
    """Forms of instructions in windows that the prover may not see, and why."""
    data = json.loads(LIST.read_text())
    found = {form(each) for each in {step.instruction for window in windows for step in window.source.steps}}
    return {
        each: data["refused"][each]["why"] if each in data["refused"] else "not surveyed"
        for each in sorted(found - set(data["tested"]))
    }


def _accepted(
    windows: dict[Request, Window],
    times: Counter[Request],
    asked: Sequence[Request],
    backends: Sequence[str],
    encoder: Encoder,
) -> Iterator[Accepted]:
    """Each distinct proposal that the emulator accepts, once, as that of the first back-end that made it."""
    seen: set[tuple[Request, Lines]] = set()
    for backend in backends:
        parsed = []
        for request, lines in _proposals(windows, asked, backend, encoder):
            fits = (request, lines) not in seen and len(lines) <= len(windows[request].source.steps)
            target = checked(windows[request], lines) if fits else None
            seen.add((request, lines))
            if target is not None:
                parsed.append((request, target))
        encoder.encode_instructions([line for _, target in parsed for line in target])
        for request, target in parsed:
            obligation = claimed(windows[request], target, encoder)
            if obligation and judge(obligation, EMULATED).verdict.accepted:
                yield Accepted(backend, obligation, times[request])


def _proposals(
    windows: dict[Request, Window], asked: Sequence[Request], backend: str, encoder: Encoder
) -> Iterator[tuple[Request, Lines]]:
    if backend in TEACHERS:
        teacher = TEACHERS[backend]()
        yield from (
            (request, lines) for request in asked for lines in islice(teacher.teach(windows[request], encoder), 1)
        )
        return
    settings, _ = read_settings([f"--peepcc-backend={backend}"], os.environ)
    by_key = {request.key: request for request in asked}
    for reply in make_backend(settings).propose(asked, time.monotonic() + _PATIENCE):
        if reply.lines is not None:
            yield by_key[reply.key], reply.lines


def _proofs(accepted: Sequence[Accepted]) -> tuple[tuple[Proof, ...], int]:
    """One proof each, and the most bytes that a process held which did nothing else."""
    plain = [replace(each, obligation=_plain(each.obligation)) for each in accepted]
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(proofs, plain).result()
    except BrokenProcessPool:
        raise PeepccError("the process that proves has died") from None


def _plain(obligation: Obligation) -> Obligation:
    """Equal, with mappings that go from process to process."""
    known = obligation.known
    source, target = (replace(each, labels=dict(each.labels)) for each in (obligation.source, obligation.target))
    facts = replace(
        known, **{name: dict(getattr(known, name)) for name in ("constants", "zero_extended", "sign_extended")}
    )
    return replace(
        obligation,
        source=source,
        target=target,
        live_out=dict(obligation.live_out),
        known=facts,
        aliases=dict(obligation.aliases),
    )
