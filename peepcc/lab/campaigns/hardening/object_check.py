"""The instructions of an object by function, as lines of text that can be compared between builds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ....errors import PeepccError
from ....process import run

_UNSCALED = re.compile(r"^(ld|st)u(?=r)")
_FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
_LINE = re.compile(r"^ *([0-9a-f]+): *\t?([^\t]+)(?:\t(.*))?$")
_RELOCATION = re.compile(r"^\s+[0-9a-f]+:\s+R_AARCH64_\w+\s+(\S+)")
_TARGET = re.compile(r"0x([0-9a-f]+) <.*>$")
_FAILS = re.compile(r"^brk |^bl __(?:stack_chk_fail|ubsan_)|^bl (?:abort|overflowed)$")
_SETS_FLAGS = ("cmp", "cmn", "subs", "adds", "tst", "ands", "ccmp", "ccmn")


@dataclass(slots=True)
class _Line:
    address: int
    text: str
    target: int | None


def lines_of(path: Path, clang: str) -> Mapping[str, Counter[str]]:
    """Each function's instructions, with no addresses. What belongs to a check says that it leads to a failure."""
    functions: dict[str, list[_Line]] = defaultdict(list)
    name = ""
    for line in _disassembled(path, clang).splitlines():
        if found := _FUNCTION.match(line):
            name = name if found[1].startswith(".") else found[1]  # room before a function is nobody's
        elif (found := _RELOCATION.match(line)) and functions[name]:
            last = functions[name][-1]
            last.text, last.target = f"{last.text.split(' <')[0].strip()} {found[1].partition('+')[0]}", None
        elif found := _LINE.match(line):
            operands = found[3] or ""
            target = _TARGET.search(operands)
            text = _TARGET.sub("<>", operands.partition(" //")[0])
            functions[name].append(
                _Line(int(found[1], 16), f"{found[2]} {text}".strip(), int(target[1], 16) if target else None)
            )
    return {name: Counter(_marked(lines)) for name, lines in functions.items() if lines}


def mnemonics(lines: Counter[str]) -> Counter[str]:
    """How many there are of each; another form of the same access, for another frame, counts as the same."""
    found: Counter[str] = Counter()
    for line, count in lines.items():
        found[_UNSCALED.sub(r"\1", line.split()[0])] += count
    return found


def _disassembled(path: Path, clang: str) -> str:
    tool = Path(clang).with_name(Path(clang).name.replace("clang", "llvm-objdump"))  # of the same version
    done = run((str(tool), "-d", "-r", "--no-show-raw-insn", "--mattr=+all", str(path)))
    if done.returncode:
        raise PeepccError(f"llvm-objdump cannot read {path.name}: {done.stderr.decode().strip()}")
    return done.stdout.decode()


def _marked(lines: list[_Line]) -> list[str]:
    at = {line.address: n for n, line in enumerate(lines)}
    checks: set[int] = set()
    for n, line in enumerate(lines):
        conditional = line.target is not None and not line.text.startswith(("b ", "bl ", "adr"))
        if conditional and _leads_to_failure(lines, at, line.target, n):
            checks |= {n, *_compared(lines, n)}
    return [f"{line.text} => fails" if n in checks else line.text for n, line in enumerate(lines)]


def _compared(lines: list[_Line], branch: int) -> set[int]:
    """The comparison before a branch on flags, loads of what it compares, and stores to the places that these read."""
    near = range(branch - 1, max(branch - 6, -1), -1)
    comparison = next((n for n in near if lines[n].text.split()[0] in _SETS_FLAGS), None)
    if comparison is None or not lines[branch].text.startswith("b."):
        return set()
    registers = set(re.findall(r"\bx\d+\b", lines[comparison].text))
    before = range(comparison - 1, max(comparison - 8, -1), -1)
    loads = {n: match[1] for n in before if (match := re.match(r"ldu?r (x\d+), \[", lines[n].text))}
    last = (next((n for n, loaded in loads.items() if loaded == register), comparison) for register in registers)
    found = {comparison, *last}
    places = [lines[n].text.partition("[")[2] for n in found if "[sp" in lines[n].text or "[x29" in lines[n].text]
    return found | {
        n for n, line in enumerate(lines) if re.match(r"stu?r x", line.text) and line.text.partition("[")[2] in places
    }


def _leads_to_failure(lines: list[_Line], at: Mapping[int, int], target: int, branch: int) -> bool:
    """Where the branch is taken, or where it is not: the check of -O0 and KCFI goes around what fails."""
    ways = (at.get(target), branch + 1)
    return any(_fails(lines, at, way) for way in ways if way is not None)


def _fails(lines: list[_Line], at: Mapping[int, int], start: int) -> bool:
    """Within a few instructions, over jumps, the program ends."""
    n: int | None = start
    for _ in range(8):
        if n is None or n >= len(lines):
            return False
        line = lines[n]
        if _FAILS.match(line.text):
            return True
        if line.text.split()[0] in ("ret", "bl", "blr", "br", "cbz", "cbnz", "tbz", "tbnz") or line.text.startswith(
            "b."
        ):
            return False
        n = at.get(line.target) if line.text.startswith("b ") and line.target is not None else n + 1
    return False
