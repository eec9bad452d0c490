"""The campaign `programs`: csmith's programs print the same checksum built by clang and by peepcc."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from ...process import run
from .build import clang, fallbacks, kept, linked, peepcc, ran, verdicts
from .runner import PROPOSERS, Campaign, Item, Options, Record

CSMITH = {  # each configuration in turn
    "volatile-packed": ("--volatiles", "--volatile-pointers", "--bitfields", "--packed-struct", "--no-float"),
    "float": ("--float", "--bitfields", "--no-packed-struct"),
}
# Small, so that most windows and their parts are judged within the budget.
_SIZE = (
    "--max-funcs",
    "3",
    "--max-block-size",
    "3",
    "--max-block-depth",
    "2",
    "--max-expr-complexity",
    "6",
    "--max-struct-fields",
    "5",
    "--max-array-dim",
    "2",
    "--max-array-len-per-dim",
    "4",
)
_INCLUDE = "-I/usr/include/csmith"
_EXECUTABLES = (
    "clang.exe",
    "peepc.exe",
)  # as long as each other: the length moves the stack, and some programs print where it is
_SECONDS = 3.0  # for a program of clang's; peepcc's may take ten times as long


def items(options: Options) -> Iterator[Item]:
    """A program a number: configurations, levels and back-ends take turns, so that each meets each."""
    for n in count():
        config = list(CSMITH)[n % len(CSMITH)]
        level = options.levels[n // len(CSMITH) % len(options.levels)]
        backend = options.backends[n // len(CSMITH) // len(options.levels) % len(options.backends)]
        seed = 1_000_000 * options.seed + n
        yield Item(f"{config} {level} {backend} {seed}", (config, level, backend, seed))


def compared(item: Item, options: Options) -> Record:
    config, level, backend, seed = item.work
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = run(
            ("csmith", "--seed", str(seed), *CSMITH[config], *_SIZE, "-o", str(folder / "program.c")), cwd=str(folder)
        )  # it leaves platform.info where it runs
        if made.returncode:
            return Record({"csmith failed": 1})
        return same(item.key, folder, folder / "program.c", (level, _INCLUDE), (), backend, options)


def same(
    key: str,
    folder: Path,
    source: Path,
    flags: tuple[str, ...],
    libraries: tuple[str, ...],
    backend: str,
    options: Options,
    clean: bool = False,
) -> Record:
    """Both builds of a source and what their programs do. `clean`: a program counts only where clang's exits with 0.

    Equal objects make equal programs and are not run, but where that tells whether one
    counts. What differs stays in OUT/wrong, with all that it was made of.
    """
    report, objects, executables = (
        folder / "report.json",
        (folder / "clang.o", folder / "peepcc.o"),
        [folder / name for name in _EXECUTABLES],
    )
    if clang(options, *flags, "-c", source, "-o", objects[0]).returncode:
        return Record({"not compiled by clang": 1})
    done = peepcc(options, backend, report, *flags, "-c", source, "-o", objects[1])
    if done.returncode or not objects[1].exists():
        return Record(
            {"programs": 1}, (f"{key}: peepcc exits with {done.returncode}; kept in {kept(key, folder, options)}",)
        )
    equal = objects[0].read_bytes() == objects[1].read_bytes()
    if clean or not equal:
        if not linked(options, objects[:1], executables[0], *libraries):
            return Record({"not linked by clang": 1})
        expected = ran(executables[0], _SECONDS, folder)
        if expected.status is None or (clean and expected.status):
            return Record({"too long under clang" if expected.status is None else "failed under clang": 1})
    counts = Counter({"programs": 1}) + fallbacks(done) + verdicts(report)
    counts["programs with a rewrite"] = int(counts["applied"] > 0)
    if equal:
        return Record(+counts + Counter({"same object": 1}))
    if not linked(options, objects[1:], executables[1], *libraries):
        return Record(counts, (f"{key}: does not link; kept in {kept(key, folder, options)}",))
    found = ran(executables[1], 10 * _SECONDS, folder)
    if found != expected:
        return Record(
            counts,
            (
                f"{key}: {found.status}, {found.output[-60:]!r} instead of {expected.status}, "
                f"{expected.output[-60:]!r}; kept in {kept(key, folder, options)}",
            ),
        )
    return Record(+counts + Counter({"same behaviour": 1}))


campaign = Campaign(
    "programs", "programs", 10_000, items, compared, backends=PROPOSERS, budget=2.0, tools=("csmith", "qemu-aarch64")
)
