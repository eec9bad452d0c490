"""Which command lines may come from the cache, and the key of what was asked, but for the contents of files.

It errs towards no: what is not known to be safe is compiled anew. Every run that may be ours imports this, so it
imports next to nothing.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence

from ...settings import OPTIONS, Settings
from ...store.packed import digest
from ...store.tools import tools

# What reads or writes files that no list names, or hangs on more than files.
_PASSED_BY = (
    "@ - -save- --save- -fprofile -fauto-profile -fcs-profile -fmodule -fplugin -fpass-plugin -Xclang -mllvm "
    "-ftime -fdump -fdepfile -fembed -fcrash -B -F -iframework -ivfs -vfs -MG -MJ -arch -include-pch -emit-pch -pch "
    "-Winvalid-pch -fstack-usage --config -gcc- --gcc- -resource-dir --resource-dir -load -fuse-ctor -fxray "
    "-fbuild-session -fsave-opt -foptimization-record -working-directory -gmodules -fcas -index -flto -emit-llvm -emit-"
).split()
_VARIABLES = (
    "CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH OBJC COMPILER_PATH LIBRARY_PATH GCC_ SDKROOT SOURCE_DATE_EPOCH CLANG "
    "LLVM LIBCLANG LD_ LC_ LANG CCC_ QA_OVERRIDE MACOSX_ IPHONEOS_ PWD GLIBC_ HOME XDG_CONFIG TERM COLORTERM CLICOLOR"
).split()
_SIDE_EFFECTS = ("DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES", "AS_SECURE_LOG_FILE", "RC_DEBUG_OPTIONS", "CC_PRINT")
_NO_RESULT = frozenset(("cache", "help", "identity", "off"))


def key_of(command: Sequence[str], settings: Settings, environ: Mapping[str, str]) -> bytes | None:
    """A digest of all but files; None where nothing is kept of such a run. `command`: clang's full command line."""
    if settings.cache in (None, "", "off") or settings.report or settings.only or settings.skip:
        return None
    if settings.policy == "emulated" or settings.backend.partition(":")[0] in ("record", "replay", "vllm"):
        return None
    if not {"-c", "-S"} & set(command) or any(map(_is_passed_by, command[1:])):
        return None
    if any(name.startswith(_SIDE_EFFECTS) for name in environ):
        return None
    try:
        about = tools(command[0], settings.model, _roots(command))
        folder = os.getcwd()
        for number in (0, 1, 2):  # where one is closed, a file of ours would take its place
            os.fstat(number)
        terminal = os.get_terminal_size(2).columns if os.isatty(2) else 0
    except OSError:
        return None
    if about is None:
        return None
    variables = [f"{name}={environ[name]}" for name in sorted(environ) if name.startswith(tuple(_VARIABLES))]
    named = [f"{name}={getattr(settings, name)!r}" for name in OPTIONS if name not in _NO_RESULT]
    words = [*command, "", *variables, "", *named, "", folder, f"{terminal}"]
    return digest([about, *map(os.fsencode, words)])


def _is_passed_by(word: str) -> bool:
    return any(word == each if each == "-" else word.startswith(each) for each in _PASSED_BY)


def _roots(command: Sequence[str]) -> list[str]:
    """The systems that are compiled for: ours, and those that the command line names."""
    named = [after for before, after in itertools.pairwise(command) if before in ("--sysroot", "-isysroot")]
    return ["", *named, *(each.partition("=")[2] for each in command if each.startswith("--sysroot="))]
