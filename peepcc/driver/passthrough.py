"""Command lines that are clang's from the first look, and the way to clang.

Every run comes through here, so it imports next to nothing. The look may only err towards
clang: what it lets pass, the plan still decides (`driver.plan`).
"""

from __future__ import annotations

import os
import sys
from _signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal  # type: ignore[import-not-found]  # `signal` takes 3 ms more

from ..bear import unrecorded

TYPE_CHECKING = False  # a type checker takes it for True; nothing is imported that a pass-through does not need
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from typing import NoReturn

# Answers of the driver itself, and jobs that end before there is an object.
_WHOLE = frozenset(("-E", "-M", "-MM", "-fsyntax-only", "--version", "-v", "-###", "--analyze", "-emit-ast"))
_STARTS = ("-cc1", "-print-", "--print-", "-dump", "--help")
# Done by the driver beside its jobs, so that running its jobs would not do them.
_BESIDE = ("-MJ", "-gen-cdb-fragment-path", "-fproc-stat-report", "-ccc-")
_BESIDE_VARIABLES = ("CC_PRINT_", "CC_LOG_", "CCC_OVERRIDE_OPTIONS")  # the last can add any of them
MORE_THAN_JOBS = "clang is asked for more than its jobs show"
_USUAL = ("/usr/local/bin", "/usr/bin", "/bin")


def is_clangs(argv: Sequence[str], environ: Mapping[str, str], program: str = "") -> bool:
    """Whether the first look leaves it to clang. `program`: the name that we were called by."""
    return reason_for_clang(argv, environ, program) is not None


def reason_for_clang(argv: Sequence[str], environ: Mapping[str, str], program: str = "") -> str | None:
    """Why it is clang's: empty where nothing here can be C on its way to an object or assembly file, a sentence where
    it can; None: it may be ours.
    """
    endings = () if is_cxx(program) else (".c", ".i")  # a C++ compiler takes them for C++
    if any(map(_is_answer, argv)) or not _may_name_c(argv, endings):
        return ""
    from .probes import is_probe
    from .streams.read_once import reads_once  # only for what may be ours
    from .streams.response_files import words

    all_words = words(argv)
    if all_words is None:
        return "the command line is too long, or a part of it can be read only once"
    if any(map(_is_answer, all_words)) or not _may_name_c(all_words, endings):
        return ""
    if any(map(asks_for_more, all_words)) or any(name.startswith(_BESIDE_VARIABLES) for name in environ):
        return MORE_THAN_JOBS
    if is_probe(all_words, _folder()):
        return "it is a build system's question about the compiler"
    return "an input can be read only once" if reads_once(all_words) else None


def asks_for_more(word: str) -> bool:
    """Whether clang, given this word, answers itself, or does something beside its jobs."""
    return _is_answer(word) or word.startswith(_BESIDE)


def _is_answer(word: str) -> bool:
    return word in _WHOLE or word.startswith(_STARTS)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return ""


def is_cxx(program: str) -> bool:
    """Whether a compiler of that name is a C++ compiler, as clang tells it: c++, g++, aarch64-linux-gnu-peepcc++,
    clang++-19.
    """
    return program.rstrip("0123456789.").rstrip("-").endswith("++")


def _may_name_c(words: Sequence[str], endings: tuple[str, ...]) -> bool:
    return any(each == "-" or each.endswith(endings) or each.startswith(("-x", "@", "--language")) for each in words)


def command_for(clang: str, argv: Sequence[str], program: str = "") -> list[str]:
    """clang's command line: for AArch64 where the host is something else and `argv` does not say, for C++ where
    `program` says so.
    """
    if argv and argv[0].startswith("-cc1"):  # -cc1 counts only where it is first
        return [clang, *argv]
    target = () if os.uname().machine in ("aarch64", "arm64") else ("--target=aarch64-linux-gnu",)
    mode = ("--driver-mode=g++",) if is_cxx(program) else ()
    return [clang, *target, *mode, *argv]  # of several, clang takes the last


def find_clang(wanted: str | None, path: str, myself: str) -> str | None:
    """`wanted`, or the newest `clang-N` on `path`, or `clang`; never peepcc by another name.

    Called by its path, as a compiler may be without a useful PATH, peepcc looks in the usual folders too.
    """
    found = _first_clang(wanted, [folder for folder in path.split(os.pathsep) if folder], myself)
    if found is None and "/" in myself and not myself.endswith(".py"):  # `python -m` names its file, whoever calls it
        found = _first_clang(wanted, _USUAL, myself)
    return found


def _first_clang(wanted: str | None, folders: Sequence[str], myself: str) -> str | None:
    newest: dict[int, list[str]] = {}
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if name == "clang":
                newest.setdefault(-1, []).append(os.path.join(folder, name))
            elif name.startswith("clang-") and name[6:].isdecimal():
                newest.setdefault(int(name[6:]), []).append(os.path.join(folder, name))
    candidates = [each for version in sorted(newest, reverse=True) for each in newest[version]]
    if wanted:
        given = [wanted] if "/" in wanted else [os.path.join(folder, wanted) for folder in folders]
        candidates = given + candidates if any(map(_runs, given)) else given
    for candidate in candidates:
        if _runs(candidate) and not _is_peepcc(candidate, myself):
            return candidate
    return None


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _is_peepcc(path: str, myself: str) -> bool:
    real = _real(path)
    if real == _real(myself):
        return True
    try:
        with open(real, "rb") as file:
            head = file.read(1024)
    except OSError:
        return False
    return head.startswith(b"#!") and b"peepcc" in head


def _real(path: str) -> str:
    return os.path.realpath(os.path.join("/proc/self/cwd", path))  # also where the working directory was removed


def restore_locale(environ: MutableMapping[str, str]) -> None:
    """Take back what Python adds to the environment where the locale is C: children have theirs from our caller."""
    if environ.get("LC_CTYPE") in ("C.UTF-8", "C.utf8", "UTF-8"):
        with open("/proc/self/environ", "rb") as file:
            given = file.read()
        if b"\0LC_CTYPE=" not in b"\0" + given:
            del environ["LC_CTYPE"]


def hand_over(command: Sequence[str]) -> NoReturn:
    """Become clang, by its full command line. Never returns."""
    for number in (SIGPIPE, SIGXFSZ):  # Python ignores them, and what is ignored stays so in clang
        signal(number, SIG_DFL)
    os.environ["PEEPCC_OFF"] = "1"
    try:
        os.execv(unrecorded(command[0], os.environ)[0], [*command])
    except OSError as error:
        sys.exit(f"peepcc: error: cannot run {command[0]}: {error.strerror}")
