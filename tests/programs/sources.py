"""The programs' sources: Debian's copies of the original archives, fetched once, never committed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from recipes.recipe import Failed

_ORIGINAL = re.compile(r".*\.orig\.tar\.[a-z0-9]+\Z")  # not .orig-www.tar.xz


def archive(package: str, cache: Path) -> Path:
    """The original archive of a Debian source package. Raises Failed where it cannot be fetched."""
    folder = cache / "sources" / package
    if not _found(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        done = subprocess.run(
            ["apt-get", "source", "--download-only", "-qq", package], cwd=folder, capture_output=True, text=True
        )
        if done.returncode or not _found(folder):
            raise Failed(f"apt-get source {package} (is deb-src in Debian's sources?):\n{done.stderr}")
    return _found(folder)[0]


def unpack(package: str, cache: Path, folder: Path) -> None:
    """The sources as they are, fresh, in `folder` itself. Raises Failed."""
    original = archive(package, cache)
    shutil.rmtree(folder, ignore_errors=True)
    partial = folder.with_name(f"{folder.name}.unpacking")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    subprocess.run(
        ["tar", "-xf", original, "-C", partial], check=True
    )  # Debian 12's tarfile cannot keep files inside the folder
    (top,) = partial.iterdir()
    top.rename(folder)
    partial.rmdir()


def _found(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if _ORIGINAL.match(path.name)]
