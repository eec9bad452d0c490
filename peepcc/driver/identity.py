"""`--peepcc-identity`: one line with all that an object may hang on beside clang's arguments and input.

For ccache and its like, which know nothing of `PEEPCC_*` variables, models and libraries:
as ccache's `compiler_check` it runs once for each compile, so it loads no library. It
promises nothing about a served model: its name and address say not what answers there.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import __version__
from ..process import run
from ..settings import OPTIONS, Settings
from .plan import checked

_PACKAGE = Path(__file__).parent.parent
_NOT_THE_COMPILER = {"lab", "models", "__pycache__"}
_NO_RESULT = ("help", "identity", "cache")  # settings that no object hangs on


def identity(clang: str, settings: Settings) -> str:
    """The line. Raises PeepccError where clang does not tell its version, and OSError where a file cannot be read."""
    folder = Path(settings.model) if settings.model else _PACKAGE / "models" / "default"
    recorded = settings.backend.partition(":")[2] if settings.backend.startswith("replay:") else ""
    version = os.fsdecode(checked(run([clang, "--version"]), f"{clang} --version").stdout).partition("\n")[0]
    parts = [
        f"peepcc {__version__}",
        f"code {_digest(_files(_PACKAGE))}",
        f"model {_digest(_files(folder)) if folder.is_dir() else 'none'}",
        *([f"replies {_digest([Path(recorded)])}"] if recorded else []),
        f"{version} at {clang}",
        f"Python {sys.version.partition(' ')[0]}",
        f"libraries {' '.join(_libraries())}",
        "settings " + " ".join(f"{name}={getattr(settings, name)!r}" for name in OPTIONS if name not in _NO_RESULT),
    ]
    return "; ".join(" ".join(part.split()) for part in parts)


def _files(folder: Path) -> Iterator[Path]:
    """All files of the folder that the compiler reads, in an order that is the same everywhere."""
    for each in sorted(folder.iterdir()):
        if each.is_dir() and each.name not in _NOT_THE_COMPILER:
            yield from _files(each)
        elif each.is_file():
            yield each


def _digest(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        found.update(f"{path.name}\0{len(data)}\0".encode(errors="surrogateescape"))
        found.update(data)
    return found.hexdigest()[:16]


def _libraries() -> list[str]:
    """Names and versions of all distributions that our Python finds; `importlib.metadata` takes longer than clang."""
    found: set[str] = set()
    for folder in filter(os.path.isdir, sys.path):
        found.update(name.removesuffix(".dist-info") for name in os.listdir(folder) if name.endswith(".dist-info"))
    return sorted(found)
