"""Where the C comes from: upstream sources of Debian packages, fetched by apt-get, and programs that csmith makes.

The same package version holds the same files everywhere, and the same seed makes the same
program with the same csmith; what was found is told by `Source`, for the statistics.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from ...errors import PeepccError
from ...process import run
from .packages import Package

CSMITH = "csmith"
_SMALLEST, _LARGEST = (
    2_000,
    200_000,
)  # bytes of a C file: there is little in some, and amalgamations would be most of a set
_OPTIONS = ("--max-funcs", "6", "--max-block-depth", "3", "--no-argc")  # as long as a file of a package


class NoSource(PeepccError):
    """A package that cannot be had, or not in the version that is asked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the files of one package came from: `digest` is the sha256 of the archive, "" for programs that were
    made.
    """

    package: str
    version: str
    digest: str


def unpacked(package: Package, sources: Path) -> Source:
    """The package below `sources`, fetched where it is missing. Raises NoSource."""
    home = sources / package.name
    if not any(home.glob("*.orig.tar.*")):
        _fetch(package.name, home)
    archive = next(path for path in sorted(home.glob("*.orig.tar.*")) if path.suffix != ".asc")
    version = re.fullmatch(r".*?_(.+)\.orig\.tar\.\w+", archive.name)[1]
    if version != package.version:
        raise NoSource(f"{package.name}: {version} is to be had, and {package.version} is asked for")
    return Source(package.name, version, hashlib.sha256(archive.read_bytes()).hexdigest())


def _fetch(name: str, home: Path) -> None:
    """Whole or not at all: another process may fetch the same."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=f".{name}-") as scratch:
        got = run(("apt-get", "source", "--download-only", "-qq", name), cwd=scratch)
        archives = [path for path in Path(scratch).glob("*.orig.tar.*") if path.suffix != ".asc"]
        if not archives:
            raise NoSource(f"apt-get brings no source of {name}: {got.stderr.decode(errors='replace').strip()[-200:]}")
        made = Path(scratch, name)
        made.mkdir()
        for archive in archives:
            unpack = run(("tar", "-xf", str(archive), "-C", str(made)))
            if unpack.returncode:
                raise NoSource(f"{archive.name} does not unpack")
            archive.rename(made / archive.name)
        try:
            made.rename(home)
        except OSError:
            if not any(home.glob("*.orig.tar.*")):
                raise


def written(seed: int, count: int, sources: Path) -> Source:
    """`count` programs of csmith below `sources`, by seeds from `seed` * 1000 on.

    Raises NoSource, and OSError where there is no csmith.
    """
    home = sources / CSMITH
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:  # csmith leaves a file where it runs
        version = run((CSMITH, "--version"), cwd=scratch).stdout.decode().split()[1]
        for number in range(seed * 1000, seed * 1000 + count):
            target = home / f"{number}.c"
            if not target.exists():
                done = run((CSMITH, "--seed", str(number), *_OPTIONS), cwd=scratch)
                if done.returncode:
                    raise NoSource(f"csmith fails with seed {number}")
                partial = Path(scratch, target.name)
                partial.write_bytes(done.stdout)
                target.with_suffix(".part").write_bytes(done.stdout)
                target.with_suffix(".part").replace(target)
    return Source(CSMITH, version, "")


def files(package: Package, sources: Path) -> Iterator[str]:
    """The C files that are taken, relative to the package's folder, in order."""
    home = sources / package.name
    for path in sorted(home.rglob("*.c")):
        name = path.relative_to(home).as_posix()
        if (
            path.is_file()
            and _SMALLEST <= path.stat().st_size <= _LARGEST
            and not any(fnmatch(name, pattern) for pattern in package.left_out)
        ):
            yield name
