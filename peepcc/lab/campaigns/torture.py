"""The campaign `torture`: no program of gcc's c-torture execute set that passes with clang fails with peepcc.

The programs are gcc's, are fetched from Debian's source package when they are missing,
and are not part of peepcc.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ...errors import PeepccError
from ...process import run
from .programs import same
from .runner import PROPOSERS, Campaign, Item, Options, Record

PACKAGE = "gcc-12"
_INSIDE = "/gcc/testsuite/gcc.c-torture/execute/"
_FLAGS = ("-std=gnu89", "-fwrapv")


def items(options: Options) -> Iterator[Item]:
    """Every program at every level, the levels of one program together; back-ends take turns."""
    home = programs(options.sources[0] if options.sources else options.out.parent / "gcc-torture")
    files = sorted(home.rglob("*.c"))
    for n, source in enumerate(files):
        for m, level in enumerate(options.levels):
            backend = options.backends[(n + m) % len(options.backends)]
            yield Item(f"{source.relative_to(home)} {level} {backend}", (str(source), level, backend))


def compared(item: Item, options: Options) -> Record:
    source, level, backend = item.work
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(source, Path(scratch, "program.c"))
        include = f"-I{Path(source).parent}"
        return same(
            item.key,
            Path(scratch),
            Path(scratch, "program.c"),
            (level, *_FLAGS, include),
            ("-lm",),
            backend,
            options,
            clean=True,
        )


def programs(home: Path) -> Path:
    """The folder of the programs; fetched by apt-get where it is empty. Raises PeepccError."""
    if not any(home.rglob("*.c")):
        with tempfile.TemporaryDirectory() as scratch:
            done = run(("apt-get", "source", "--download-only", "-qq", PACKAGE), cwd=scratch)
            archive = next((each for each in Path(scratch).glob("*.orig.tar.*") if each.suffix != ".asc"), None)
            if archive is None:
                raise PeepccError(
                    f"apt-get source {PACKAGE} brings nothing (a deb-src entry is needed): "
                    f"{done.stderr.decode().strip()[-200:]}"
                )
            partial = home.with_name(f"{home.name}.part")
            shutil.rmtree(partial, ignore_errors=True)
            _unpack(archive, partial)
            shutil.rmtree(home, ignore_errors=True)
            partial.replace(home)
    return home


def _unpack(archive: Path, home: Path) -> None:
    """The execute set of gcc's sources, which Debian wraps in a second archive."""
    with tarfile.open(archive) as outer:
        inner = next((member for member in outer if ".tar" in member.name), None)
        source = {"fileobj": outer.extractfile(inner), "mode": "r|*"} if inner else {"name": archive}
        with tarfile.open(**source) as whole:
            for member in whole:
                if member.isfile() and _INSIDE in member.name:
                    place = home / member.name.partition(_INSIDE)[2]
                    if not place.resolve().is_relative_to(home.resolve()):
                        raise PeepccError(f"a member of {archive.name} lies outside: {member.name}")
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(whole.extractfile(member).read())


campaign = Campaign(
    "torture", "programs", 1_592 * 4, items, compared, backends=PROPOSERS, budget=2.0, tools=("qemu-aarch64",)
)
