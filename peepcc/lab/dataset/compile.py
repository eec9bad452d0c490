"""One C file to assembly and what is known of it, by clang or by gcc, as far as it compiles by itself."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from ...analysis.bitcode_facts import read_facts
from ...process import run

LEVELS = ("-O0", "-O1", "-O2", "-Os")
GCC = "aarch64-linux-gnu-gcc"
_CSMITH = "/usr/include/csmith"
_SECONDS = 120.0
_BRANCH = re.compile(r"^(\s+b)(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(?=\s)", re.MULTILINE)
_CONDITION = re.compile(r"(, c[sc])$", re.MULTILINE)
_SPELLED = {"cs": "hs", "cc": "lo"}


def compiled(source: Path, level: str, home: Path, clang: str) -> tuple[str, bytes] | None:
    """(assembly, bitcode) of one file by clang, or None where it does not compile by itself."""
    with tempfile.TemporaryDirectory() as scratch:
        bitcode = _bitcode(source, level, home, clang, Path(scratch, "unit.bc"))
        if bitcode is None:
            return None
        text = run(
            (*_clang(clang, level), "-x", "ir", "-Xclang", "-disable-llvm-passes", "-S", str(bitcode), "-o", "-"),
            timeout=_SECONDS,
        )
        return text.stdout.decode(), bitcode.read_bytes()


def compiles(source: Path, home: Path, clang: str) -> bool:
    """Whether a file compiles by itself."""
    return (
        run((*_clang(clang, "-O0"), *_include(source, home), "-fsyntax-only", str(source)), timeout=_SECONDS).returncode
        == 0
    )


def compiled_by_gcc(source: Path, level: str, home: Path, clang: str) -> tuple[str, bytes] | None:
    """(assembly in clang's spelling, bitcode of clang's -O0) of one file by gcc; None where either does not compile it.

    gcc says nothing of its functions, so clang's word on signatures is taken. It inlines
    as it likes: a file is taken only where no function of it is volatile, atomic, has inline
    assembly or returns twice. Callers must not know which registers a callee spares.
    """
    with tempfile.TemporaryDirectory() as scratch:
        found = _bitcode(source, "-O0", home, clang, Path(scratch, "unit.bc"))
        if found is None:
            return None
        bitcode = found.read_bytes()
    functions = read_facts(bitcode).functions.values()
    if not functions or any(
        each.volatile or each.atomic or each.inline_asm or each.calls_returns_twice for each in functions
    ):
        return None
    done = run(
        (GCC, level, "-w", "-fno-ipa-ra", *_include(source, home), "-S", str(source), "-o", "-"), timeout=_SECONDS
    )
    return None if done.returncode else (spelled(done.stdout.decode()), bitcode)


def spelled(text: str) -> str:
    """gcc's assembly in clang's spelling of conditions: `b.eq`, `hs` and `lo`."""
    text = _BRANCH.sub(lambda match: f"{match[1]}.{_SPELLED.get(match[2], match[2])}", text)
    return _CONDITION.sub(lambda match: f", {_SPELLED[match[1][2:]]}", text)


def _clang(clang: str, level: str) -> tuple[str, ...]:
    return clang, "--target=aarch64-linux-gnu", level, "-w"


def _bitcode(source: Path, level: str, home: Path, clang: str, out: Path) -> Path | None:
    made = run(
        (*_clang(clang, level), *_include(source, home), "-c", "-emit-llvm", str(source), "-o", str(out)),
        timeout=_SECONDS,
    )
    return None if made.returncode else out


def _include(source: Path, home: Path) -> tuple[str, ...]:
    """Every folder of headers, behind the system's own."""
    own = {header.parent for header in home.rglob("*.h")}
    folders = sorted(
        own | {folder.parent for folder in own if folder != home}, key=lambda path: (len(path.parts), path)
    )[:32]
    return (f"-I{source.parent}", *(f"-idirafter{folder}" for folder in (*folders, _CSMITH)))
