"""By what an object was made: clang, where its driver looks, and this program with its weights and libraries.

Files are told by size, inode and times, since to read them all takes longer than clang; a change of any byte gives
another time of change. Every run that may come from the cache imports this.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from .packed import digest

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_NOT_THE_COMPILER = {"lab", "__pycache__"}
_LIBRARIES = ("libclang-cpp", "libLLVM", "libclang.")
_RELEASES = ("/etc/os-release", "/etc/debian_version", "/etc/lsb-release", "/etc/redhat-release")
_CONFIGURATIONS = ("/etc/clang", "/etc/llvm")


def tools(clang: str, model: str | None, roots: list[str]) -> bytes | None:
    """A digest; None where this clang cannot be told: a script may start any other.

    `model`: a folder of weights, where they are not ours. `roots`: where systems to compile for lie, "" for our own.
    """
    real = os.path.realpath(clang)
    try:
        with open(real, "rb") as file:
            if file.read(4) != b"\x7fELF" or "clang" not in os.path.basename(real):
                return None
    except OSError:
        return None
    parts = [sys.version.encode(), os.fsencode(clang), os.fsencode(real), _about(real)]
    parts += _driver(clang, real, roots)
    parts += _tree(_PACKAGE)
    parts += _tree(model) if model else ()
    parts += _libraries()
    return digest(parts)


def _about(path: str) -> bytes:
    try:
        found = os.stat(path)
    except OSError:
        return b"-"
    return b"%d %d %d %d" % (found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _driver(clang: str, real: str, roots: list[str]) -> Iterator[bytes]:
    """What clang's driver finds out on the disk: its libraries, configuration files, GCC's folders, systems."""
    library = os.path.join(os.path.dirname(real), "..", "lib")
    for name in _names(library):
        if name.startswith(_LIBRARIES):
            yield os.fsencode(name) + b"\0" + _about(os.path.join(library, name))
    for folder in {os.path.dirname(clang): 1, os.path.dirname(real): 1, **dict.fromkeys(_CONFIGURATIONS, 1)}:
        for name in _names(folder):
            if name.endswith(".cfg"):
                yield os.fsencode(name) + b"\0" + _about(os.path.join(folder, name))
    for root in (os.path.dirname(os.path.dirname(real)), *(f"{each}/usr" for each in roots), *filter(None, roots)):
        yield pack_names(root, [name for name in _names(f"{root}/include") if "aarch64" in name])
        for kind in ("lib/gcc", "lib/gcc-cross", "lib64/gcc", "lib64/gcc-cross"):
            for triple in _names(f"{root}/{kind}"):
                yield pack_names(f"{kind}/{triple}", _names(f"{root}/{kind}/{triple}"))
    yield from map(_about, _RELEASES)


def pack_names(folder: str, names: list[str]) -> bytes:
    return b"\0".join(map(os.fsencode, (folder, *names)))


def _tree(folder: str) -> Iterator[bytes]:
    """All files of a folder but those of the lab."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in _NOT_THE_COMPILER:
                yield from _tree(entry.path)
        else:
            yield os.fsencode(entry.path) + b"\0" + _about(entry.path)


def _libraries() -> Iterator[bytes]:
    """Names and times of all distributions beside our Python, and those that a .pth file there leads to."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    here = os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "lib", version, "site-packages")
    folders = [here]
    for name in _names(here):
        if name.endswith(".pth"):
            try:
                with open(os.path.join(here, name), "rb") as file:
                    folders += os.fsdecode(file.read()).splitlines()
            except OSError:
                pass
    for folder in dict.fromkeys((*folders, *sys.path)):
        if folder.startswith("/"):
            for name in _names(folder):
                if name.endswith(".dist-info"):
                    yield os.fsencode(name) + b"\0" + _about(os.path.join(folder, name, "RECORD"))
