"""`peeplab dataset`: three sets of examples from real C, each example judged by the validators.

`train` is learnt from; `test` is of packages that `train` shares nothing with; `wild` is
every window of those packages at -O2 and -Os, as they come. `--more` adds to `train` what is rare in it. Which examples
these are follows from the seed and the recipe alone, on any number of processes or machines. One
shard is one unit (a file by one compiler at one level); a shard that exists is not made
again, so a run that was killed or paused goes on.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import click

from ...analysis.windows import LIMIT
from ...assembly.encode import Encoder
from ..example import key, read_examples
from ..teachers import MODEL, TEACHERS
from ..verify import newest_clang
from ..worker_pool import each, each_on_ray
from .compile import LEVELS, compiled, compiles
from .packages import TEST, TRAINING, WIDER, WIDEST, Package
from .report import markdown, report, versions
from .select import SETS, TRAIN, Size, gather, write_sets
from .shard import ACROSS, BY_GCC, CLANG, Shares, Unit, make
from .sources import CSMITH, Source, files, unpacked, written

__all__ = ["LEVELS", "command", "compiled"]
_ALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """`files`: of each training package, at most; `test_files`: of each test package.

    `programs`: of csmith, to train on.

    `levels`: at which clang compiles; `thorough`: every file at all of them, by gcc as well, and the levels are
    compared; else at one.
    """

    training: tuple[Package, ...]
    test: tuple[Package, ...]
    files: int
    test_files: int
    programs: int
    learnt: Shares
    tested: Shares
    train_size: Size
    test_size: Size
    levels: tuple[str, ...] = LEVELS
    thorough: bool = True


def full(seed: int, teachers: tuple[str, ...]) -> Recipe:
    return Recipe(
        TRAINING,
        TEST,
        9,
        _ALL,
        12,
        Shares(seed, teachers, 260, 0.4, 60, (40, 80), 32),
        Shares(seed, teachers, 320, 0.4, 60, (80, 120), 32),
        Size(80_000, 50_000),
        Size(18_000, 13_000),
    )


def small(seed: int, teachers: tuple[str, ...]) -> Recipe:
    """A few seconds' worth of the same."""
    tiny = Shares(seed, teachers, 6, 0.5, 4, (8, 16), 2)
    return Recipe(
        tuple(each for each in TRAINING if each.name in ("libb64", "liblzf")),
        tuple(each for each in TEST if each.name == "giflib"),
        1,
        1,
        1,
        tiny,
        tiny,
        Size(60, 40),
        Size(30, 20),
    )


def rare(recipe: Recipe, packages: tuple[Package, ...]) -> Recipe:
    """Optimised code alone, little of which can be improved: all files, each at one level, more windows are asked of
    all teachers, and all that is found is taken.
    """
    learnt = replace(
        recipe.learnt, improved=_ALL, asked=(0, 2 * recipe.learnt.asked[1]), made=0, cuts=(LIMIT,), shortest=3
    )
    return replace(
        recipe,
        training=packages,
        test=(),
        programs=0,
        files=_ALL,
        learnt=learnt,
        train_size=Size(_ALL, _ALL),
        levels=LEVELS[1:],
        thorough=False,
    )


def _few(packages: tuple[Package, ...], is_small: bool) -> tuple[Package, ...]:
    return tuple(each for each in packages if not is_small or each.name in ("cliquer", "kissfft"))


@click.command("dataset")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the sets, and for the shards that they come from.",
)
@click.option(
    "--sources",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the unpacked packages; filled where empty. Default: OUT/sources.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--small", "is_small", is_flag=True, help="A few seconds' worth, to see that it works.")
@click.option(
    "--more",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Only make more to train on, of optimised code, for the sets in this folder: forms of its test set "
    "are left out.",
)
@click.option("--wider", is_flag=True, help="With --more: of the packages that nothing else is made of.")
@click.option("--widest", is_flag=True, help="The same of another list of such packages.")
@click.option(
    "--ask-model", is_flag=True, help="The default model is a teacher too; what it says may hang on the processor."
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@click.option(
    "--cluster", metavar="ADDRESS", help='Work on the Ray cluster at this address ("auto": the one of this machine).'
)
@click.option("--minutes", type=float, help="Pause after this long: the same command then goes on.")
@click.option("--clang", envvar="PEEPCC_CLANG", help="The clang that compiles. Default: the newest on PATH.")
def command(
    out: Path,
    sources: Path | None,
    seed: int,
    is_small: bool,
    more: Path | None,
    wider: bool,
    widest: bool,
    ask_model: bool,
    workers: int | None,
    cluster: str | None,
    minutes: float | None,
    clang: str | None,
) -> None:
    """Make the training, test and wild sets.

    Exit code: 0 made, 3 paused before they could be.
    """
    if ((wider or widest) and not more) or (wider and widest):
        raise click.UsageError("--wider or --widest, one of them, goes with --more")
    clang = clang or newest_clang()
    recipe = (small if is_small else full)(seed, tuple(name for name in TEACHERS if ask_model or name != MODEL))
    recipe = (
        rare(recipe, _few(WIDER if wider else WIDEST, is_small) if wider or widest else recipe.training)
        if more
        else recipe
    )
    sources = (sources or out / "sources").absolute()
    (out / "shards").mkdir(parents=True, exist_ok=True)
    found = [
        *(unpacked(package, sources) for package in (*recipe.training, *recipe.test)),
        written(seed, recipe.programs, sources),
    ]
    units = _planned(out, recipe, seed, sources, found, clang)
    todo = [unit for unit in units if not _shard(out, unit).exists()]
    stop = float("inf") if minutes is None else time.monotonic() + 60 * minutes
    work = partial(_made, recipe=recipe, sources=sources, clang=clang)
    paused = partial(_is_late, stop)
    results = (
        each_on_ray(work, todo, cluster, paused)
        if cluster
        else each(work, todo, workers or os.cpu_count() or 1, paused)
    )
    done = _collect(results, out, len(units), len(todo))
    if done < len(todo):
        click.echo(f"paused: {len(todo) - done} of {len(units)} units are still to be made; the same command goes on")
        sys.exit(3)
    elsewhere = frozenset(map(key, read_examples(more / "test.jsonl.gz", Encoder(clang)))) if more else frozenset()
    gathered = gather(
        ((unit, _shard(out, unit)) for unit in units),
        seed,
        recipe.train_size,
        recipe.test_size,
        elsewhere,
        (TRAIN,) if more else SETS,
    )
    named = f"more {more.name}" if more else ""
    given = {"small": is_small, named: more, "wider": wider, "widest": widest, "ask-model": ask_model}
    options = "".join(f" --{name}" for name, value in given.items() if value)
    told = report(
        gathered, write_sets(gathered, out), found, f"peeplab dataset --seed {seed}{options} --out {out.name}", clang
    )
    (out / "statistics.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (out / "statistics.md").write_text(markdown(told), encoding="utf-8")
    click.echo(
        ", ".join(f"{name}: {each['rows']} ({each['improved']} improved)" for name, each in told["sets"].items())
    )


def _units(recipe: Recipe, seed: int, sources: Path, clang: str) -> Iterator[Unit]:
    """Each file at each level by clang, at one level by gcc, and at all levels together.

    Files that compile by themselves.
    """
    for packages, most, test in ((recipe.training, recipe.files, False), (recipe.test, recipe.test_files, True)):
        for package in packages:
            names = sorted(files(package, sources))
            random.Random(f"{seed} {package.name}").shuffle(names)
            home = sources / package.name
            good = (name for name in names if compiles(home / name, home / Path(name).parts[0], clang))
            yield from (unit for name in islice(good, most) for unit in _of_file(recipe, package.name, name, test))
    for number in range(seed * 1000, seed * 1000 + recipe.programs):
        yield from _of_file(recipe, CSMITH, f"{number}.c", False)


def _of_file(recipe: Recipe, package: str, name: str, test: bool) -> Iterator[Unit]:
    at = hashlib.sha256(f"{package} {name}".encode()).digest()[0]
    if not recipe.thorough:
        yield Unit(package, name, CLANG, recipe.levels[(recipe.learnt.seed + at) % len(recipe.levels)], test)
        return
    yield from (Unit(package, name, CLANG, level, test) for level in recipe.levels)
    by_gcc = LEVELS[at % len(LEVELS)]
    yield Unit(package, name, BY_GCC, by_gcc, test)
    yield Unit(package, name, ACROSS, "", test)


def _made(unit: Unit, recipe: Recipe, sources: Path, clang: str) -> bytes:
    for package in (*recipe.training, *recipe.test):
        if package.name == unit.package:
            unpacked(package, sources)  # another machine of a cluster may not have it yet
    if unit.package == CSMITH:
        written(recipe.learnt.seed, recipe.programs, sources)
    try:
        return make(unit, recipe.tested if unit.test else recipe.learnt, sources, clang)
    except (
        Exception
    ) as error:  # a fault of a teacher in one unit of thousands must not cost the others; the statistics tell it
        return _lost(unit, f"{type(error).__name__}: {error}"[:200])


def _lost(unit: Unit, why: str) -> bytes:
    return json.dumps({"unit": asdict(unit), "seen": {"units lost": 1}, "lost": why}).encode() + b"\n"


def _is_late(stop: float) -> bool:
    return time.monotonic() > stop


def _collect(results: Iterator[tuple[Unit, bytes | None]], out: Path, units: int, todo: int) -> int:
    """Writes the shards as they come and says how it goes; how many there were."""
    started = time.monotonic()
    done = examples = lost = 0
    for done, (unit, rows) in enumerate(results, 1):
        rows = _lost(unit, "its process died, twice") if rows is None else rows
        shard = _shard(out, unit)
        shard.parent.mkdir(exist_ok=True)
        part = shard.with_suffix(".part")
        part.write_bytes(gzip.compress(rows, mtime=0))
        part.replace(shard)
        examples, lost = examples + rows.count(b"\n") - 1, lost + (b'"lost": "' in rows.partition(b"\n")[0])
        left = (todo - done) * (time.monotonic() - started) / done
        end = time.strftime("%H:%M", time.localtime(time.time() + left))
        click.echo(
            f"\r{units - todo + done}/{units} units ({lost} lost), {examples} examples, "
            f"{left / 60:.0f} min left, until {end} ",
            nl=False,
            err=True,
        )
    click.echo(err=True)
    return done


def _shard(out: Path, unit: Unit) -> Path:
    return out / "shards" / f"{unit.name}.jsonl.gz"


def _planned(out: Path, recipe: Recipe, seed: int, sources: Path, found: Sequence[Source], clang: str) -> list[Unit]:
    """The units, in the order in which they are made.

    Shards of another recipe, version or state of the code are not mixed with these.
    """
    path = out / "plan.json"
    about = {
        "recipe": asdict(recipe),
        "sources": [asdict(each) for each in found],
        "versions": versions(clang),
        "code": _code(),
    }
    about = json.loads(json.dumps(about))
    if path.exists():
        plan = json.loads(path.read_text(encoding="utf-8"))
        if plan["about"] != about:
            raise click.UsageError(f"{out} was begun with another seed, recipe, version or code: choose another folder")
        return [Unit(**unit) for unit in plan["units"]]
    units = list(_units(recipe, seed, sources, clang))
    random.Random(seed).shuffle(units)  # so that the rate of the first ones tells that of all
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"about": about, "units": [asdict(unit) for unit in units]}, indent=1), encoding="utf-8")
    part.replace(path)
    return units


def _code() -> str:
    """A digest of this package."""
    home = Path(__file__).parents[2]
    return hashlib.sha256(
        b"".join(path.relative_to(home).as_posix().encode() + path.read_bytes() for path in sorted(home.rglob("*.py")))
    ).hexdigest()
