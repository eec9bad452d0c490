"""Programs that build systems compile to learn of the compiler, and never ship: clang alone builds them.

Told by names that the tools keep for themselves, listed here and in docs/builds.md; one
file that has no such name makes the whole command line ours. Every run that may be ours
comes through here, so it imports next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # a type checker takes it for True; nothing is imported that a pass-through does not need
if TYPE_CHECKING:
    from collections.abc import Sequence

# Files in the working folder, or in `sub`, where automake tries names with a folder.
_FILES = (
    "conftest.c",  # autoconf, Ruby's mkmf
    "conftstm.c",  # libtool
    "_configtest.c",  # distutils and setuptools
)
_FILE_FOLDERS = ("", "./", "sub/")
# Folders, of the file or the one that the compiler runs in.
_FOLDERS = (
    "/CMakeFiles/CMakeScratch/",  # CMake: testCCompiler.c, CMakeCCompilerABI.c, CheckIncludeFile.c, src.c, ...
    "/CMakeFiles/CMakeTmp/",  # CMake before 3.25
    "/meson-private/",  # Meson: sanitycheckc.c, tmp*/testfile.c
    "/.sconf_temp/",  # SCons: conftest_*.c
    "/config.tests/",  # qmake
)
_FOLDER_STARTS = (
    "/.conf_check_",  # waf: .conf_check_<hash>/test.c
    "/ffconf.",  # FFmpeg and its like: ffconf.<random>/test.c
)
_NO_SOURCE_AFTER = ("-o", "-x", "--output", "--language")


def is_probe(words: Sequence[str], folder: str) -> bool:
    """Whether all C of a command line, which runs in `folder`, is such a program, or none."""
    sources = [each for each in words if each.endswith((".c", ".i"))]
    if "-" in words:
        return False
    if not sources:
        return _compiles_nothing(words)
    return _is_probe_folder(f"{folder}/") or all(map(_is_probe_file, sources))


def _is_probe_file(path: str) -> bool:
    folder, slash, name = path.rpartition("/")
    return (name in _FILES and folder + slash in _FILE_FOLDERS) or _is_probe_folder(f"/{folder}/")


def _is_probe_folder(path: str) -> bool:
    inside = path.partition("/CMakeFiles/")[2].partition("/")[2]  # CMakeFiles/<version>/CompilerIdC/CMakeCCompilerId.c
    return inside.startswith("CompilerId") or any(each in path for each in (*_FOLDERS, *_FOLDER_STARTS))


def _compiles_nothing(words: Sequence[str]) -> bool:
    """Whether /dev/null is the only source, as where the Linux kernel asks for options."""
    inputs = {
        word for before, word in zip(["", *words], words) if not word.startswith("-") and before not in _NO_SOURCE_AFTER
    }
    return inputs == {"/dev/null"}
