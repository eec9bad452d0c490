"""`peeplab dataset`: pairs of windows and better windows, from real C, each judged by the emulator.

One shard is one source file at one level; a shard that exists is not made again, so a
killed run goes on.
"""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import click

from ..analysis.steps import program
from ..analysis.translation_unit import analyse
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..assembly.parse import parse_instruction
from ..hunks import edited, hunks
from ..process import run
from ..propose.canonical import training_pair
from ..propose.protocol import Request
from ..validate.emulate import emulate
from .packages import HELD_OUT, PACKAGES
from .teachers import taught

LEVELS = ("-O0", "-O1", "-O2", "-Os")
CUTS = (16, 8, 4, 11, 6, 3)  # instructions a window: what builds ask about, and the same code through other frames
_UNCHANGED, _UNCHANGED_SHARE = 6, 0.45  # windows left as they are in a shard: so many, and so many for each improved pair
STATES = 256  # a pair is taught, not compiled: the build judges again on sixteen times as many


@dataclass(frozen=True, slots=True)
class Task:
    """One shard: `source` at `level`, at most `limit` improved pairs, shuffled by `seed`."""

    package: str
    source: Path
    level: str
    seed: int
    limit: int
    clang: str
    shard: Path


@click.command("dataset")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the shards.")
@click.option("--sources", type=click.Path(path_type=Path), required=True, help="Folder for the unpacked packages; filled where empty.")
@click.option("--seed", default=1, show_default=True)
@click.option("--limit", default=150, show_default=True, help="Improved pairs a shard.")
@click.option("--workers", default=2, show_default=True)
@click.option("--minutes", default=600.0, show_default=True, help="Start no shard after this long.")
@click.option("--package", "packages", multiple=True, help="Only these; default: all that are trained on or held out.")
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS), help="Only these; default: all.")
@click.option("--clang", default="clang-19", show_default=True)
def command(out: Path, sources: Path, seed: int, limit: int, workers: int, minutes: float, packages: tuple[str, ...], levels: tuple[str, ...], clang: str) -> None:
    """Make training and held-out pairs."""
    out.mkdir(parents=True, exist_ok=True)
    tasks = [task for package in packages or PACKAGES + HELD_OUT for task in _tasks(package, sources, out, seed, limit, clang) if task.level in (levels or LEVELS)]
    random.Random(seed).shuffle(tasks)
    todo = [task for task in tasks if not task.shard.exists()]
    started = time.monotonic()
    stop = started + 60 * minutes
    with ProcessPoolExecutor(workers) as pool:
        waiting = [pool.submit(_shard, task, stop) for task in todo]
        for done, future in enumerate(as_completed(waiting), 1):
            future.result()
            rate = done / (time.monotonic() - started)
            click.echo(f"\r{done}/{len(todo)} shards, {(len(todo) - done) / rate / 60:.0f} min left ", nl=False)
    click.echo()


def unpacked(package: str, sources: Path) -> Path:
    """The package's upstream source below `sources`, fetched by apt-get where it is missing."""
    home = sources / package
    if not home.exists():
        home.mkdir(parents=True)
        run(("apt-get", "source", "--download-only", "-qq", package), cwd=str(home))
        for archive in home.glob("*.orig.tar.*"):
            if archive.suffix != ".asc":
                run(("tar", "-xf", str(archive), "-C", str(home)))
    return home


def _tasks(package: str, sources: Path, out: Path, seed: int, limit: int, clang: str) -> Iterator[Task]:
    home = unpacked(package, sources)
    for source in sorted(home.rglob("*.c")):
        for level in LEVELS:
            name = hashlib.sha256(f"{source.relative_to(home)}{level}".encode()).hexdigest()[:12]
            yield Task(package, source, level, seed, limit, clang, out / f"{package}{level}-{name}.jsonl")


def _shard(task: Task, stop: float) -> None:
    if time.monotonic() > stop:
        return
    found = list(_pairs(task, stop))
    partial = task.shard.with_suffix(".part")
    partial.write_text("".join(json.dumps(pair) + "\n" for pair in found))
    partial.replace(task.shard)


def compiled(source: Path, level: str, home: Path, clang: str) -> tuple[str, bytes] | None:
    """(assembly, bitcode) of one file, or None where it does not compile by itself."""
    own = {header.parent for header in home.rglob("*.h")}
    folders = sorted(own | {folder.parent for folder in own if folder != home}, key=lambda path: (len(path.parts), path))[:32]
    include = [f"-I{source.parent}", *(f"-idirafter{folder}" for folder in folders)]  # system headers come first
    base = (clang, "--target=aarch64-linux-gnu", level, "-w")
    with tempfile.TemporaryDirectory() as scratch:
        bitcode = Path(scratch, "unit.bc")
        made = run((*base, *include, "-c", "-emit-llvm", str(source), "-o", str(bitcode)))
        if made.returncode:
            return None
        text = run((*base, "-x", "ir", "-Xclang", "-disable-llvm-passes", "-S", str(bitcode), "-o", "-"))
        return text.stdout.decode(), bitcode.read_bytes()


def _pairs(task: Task, stop: float) -> Iterator[dict]:
    """Improved pairs up to the limit, and some windows that the teachers leave as they are."""
    home = task.source
    while home.parent.name != task.package and home.parent != home:
        home = home.parent
    made = compiled(task.source, task.level, home, task.clang)
    if made is None:
        return
    encoder = Encoder(task.clang)
    analysed = analyse(*made, encoder)
    lessons = list(_lessons([window for cut in CUTS for window in analysed.windows(cut)], task.limit, random.Random(f"{task.seed}{task.shard.name}")))
    encoder.encode([line for _, _, target, _ in lessons for line in target])  # one run of clang, not one a pair
    for window, request, target, (prompt, reply) in lessons:
        if time.monotonic() > stop:
            return
        source = _instructions(request)
        if target == source or _holds(window, target, encoder):
            yield {"prompt": prompt, "reply": reply, "package": task.package, "level": task.level, "saved": len(source) - len(target)}


def _lessons(windows: Sequence[Window], limit: int, rng: random.Random) -> Iterator[tuple[Window, Request, tuple[str, ...], tuple[str, str]]]:
    """(window, request, target, pair) in random order, each prompt once."""
    requests = {window.request(): window for window in windows}
    order = sorted(requests, key=lambda request: request.key)
    rng.shuffle(order)
    seen: set[str] = set()
    improved = same = 0
    for request in order:
        target = taught(request)
        pair = training_pair(request, target)
        if pair is None or pair[0] in seen:
            continue
        seen.add(pair[0])
        changed = target != _instructions(request)
        if changed and improved < limit or not changed and same < improved * _UNCHANGED_SHARE + _UNCHANGED:
            improved, same = improved + changed, same + (not changed)
            yield requests[request], request, target, pair


def _instructions(request: Request) -> tuple[str, ...]:
    return tuple(line for line in request.lines if not line.endswith(":"))


def _holds(window: Window, target: tuple[str, ...], encoder: Encoder) -> bool:
    after = program(edited(window, hunks(window, [parse_instruction(line) for line in target])), encoder)
    return after is not None and emulate(window.obligation(after), states=STATES).verdict.accepted
