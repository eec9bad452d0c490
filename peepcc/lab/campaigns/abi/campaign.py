"""The campaign `abi`: callers and callees of all shapes understand each other, whoever compiled which."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path

from ..build import clang, fallbacks, kept, linked, peepcc, ran, verdicts
from ..runner import PROPOSERS, Campaign, Item, Options, Record
from .source import sources

_FLAGS = ("-fexceptions",)
_SECONDS = 20.0
_FILES = ("caller", "callee")


def items(options: Options) -> Iterator[Item]:
    """A set of functions a number, at every level; back-ends take turns."""
    for n in count():
        for m, level in enumerate(options.levels):
            backend = options.backends[(n + m) % len(options.backends)]
            seed = 1_000_000 * options.seed + n
            yield Item(f"{seed} {level} {backend}", (seed, level, backend))


def compared(item: Item, options: Options) -> Record:
    """The four programs of two files and two compilers say the same."""
    seed, level, backend = item.work
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, text in zip(_FILES, sources(seed)):
            (folder / f"{name}.c").write_text(text)
            if clang(options, level, *_FLAGS, "-c", folder / f"{name}.c", "-o", folder / f"{name}-clang.o").returncode:
                return Record(
                    {}, (f"{item.key}: clang does not compile {name}.c; kept in {kept(item.key, folder, options)}",)
                )
            done = peepcc(
                options,
                backend,
                folder / f"{name}.json",
                level,
                *_FLAGS,
                "-c",
                folder / f"{name}.c",
                "-o",
                folder / f"{name}-peepcc.o",
            )
            if done.returncode:
                return Record(
                    {}, (f"{item.key}: peepcc exits with {done.returncode}; kept in {kept(item.key, folder, options)}",)
                )
            told = verdicts(folder / f"{name}.json")
            counts += Counter({"files": 1, "files with a rewrite": int(told["applied"] > 0)}) + fallbacks(done) + told
        outputs = {}
        for pair in product(("clang", "peepcc"), repeat=2):
            executable = folder / "-".join(pair)
            linked(options, [folder / f"{name}-{compiler}.o" for name, compiler in zip(_FILES, pair)], executable)
            outputs[pair] = ran(executable, _SECONDS)
            counts["programs"] += 1
        expected = outputs["clang", "clang"]
        if expected.status != 0:
            return Record(
                counts,
                (
                    f"{item.key}: clang's own program exits with {expected.status}; kept in "
                    f"{kept(item.key, folder, options)}",
                ),
            )
        different = [
            "caller by {}, callee by {}".format(*pair) for pair, output in outputs.items() if output != expected
        ]
        if different:
            return Record(
                counts,
                (f"{item.key}: another output: {'; '.join(different)}; kept in {kept(item.key, folder, options)}",),
            )
    return Record(counts)


campaign = Campaign("abi", "programs", 4_000, items, compared, backends=PROPOSERS, budget=2.0, tools=("qemu-aarch64",))
