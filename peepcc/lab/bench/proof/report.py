"""What `peeplab bench proof` measured, as JSON and as Markdown tables, with all that it takes to measure it again."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from ....process import run
from ....validate.verdict import Verdict
from .worker import Proof

SCHEMA = 1
_ABOUT = """# What the prover proves of what the emulator accepts

Made by the command below. Windows are cut as builds cut them, whole and in parts down to two instructions. A proposal
counts once however often an equal window occurs; "weighted" counts each occurrence. It counts where it differs from the
window, is no longer, and the emulator sees no difference; whether it is cheaper is not asked. Proofs run in a process
that does nothing else: its memory is all that it holds, libraries included. Times are by the clock on a machine that
did other things too, and in brackets of the processor.
"""
_SIZES = ((1, 2), (3, 4), (5, 8), (9, 16))  # instructions a window
_LIBRARIES = ("pyvex", "pypcode", "bitwuzla", "z3-solver", "unicorn", "capstone", "llvmlite")


@dataclass(frozen=True, slots=True)
class Measured:
    """One program at one level.

    `windows`: distinct ones; `asked`: how many of these; `memory`: bytes. `unlisted`: form -> why the prover may not
    see it.
    """

    program: str
    level: str
    files: int
    left_out: int
    windows: int
    asked: int
    proofs: tuple[Proof, ...]
    memory: int
    unlisted: Mapping[str, str]

    @property
    def accepted(self) -> int:
        return len(self.proofs)

    @property
    def proved(self) -> int:
        return sum(proof.verdict is Verdict.ACCEPTED_PROVED for proof in self.proofs)


def record(measured: Sequence[Measured], command: str, libraries: Mapping[str, str]) -> dict[str, object]:
    """A value for JSON."""
    return {
        "schema": SCHEMA,
        "command": command,
        "date": date.today().isoformat(),
        "versions": dict(libraries),
        "rows": [_row(each) for each in measured],
    }


def _row(measured: Measured) -> dict[str, object]:
    proofs = measured.proofs
    weight = sum(proof.times for proof in proofs)
    proved = [proof for proof in proofs if proof.verdict is Verdict.ACCEPTED_PROVED]
    causes = Counter(_cause(proof) for proof in proofs if proof.verdict is not Verdict.ACCEPTED_PROVED)
    by = {
        name: _counts(proof for proof in proofs if proof.backend == name)
        for name in dict.fromkeys(proof.backend for proof in proofs)
    }
    sizes = {
        f"{first}-{last}": _counts(proof for proof in proofs if first <= proof.size <= last) for first, last in _SIZES
    }
    return {
        "program": measured.program,
        "level": measured.level,
        "files": measured.files,
        "not compiled": measured.left_out,
        "distinct windows": measured.windows,
        "asked": measured.asked,
        "accepted": len(proofs),
        "proved": len(proved),
        "share": _share(len(proved), len(proofs)),
        "weighted share": _share(sum(proof.times for proof in proved), weight),
        "by back-end": by,
        "by instructions": sizes,
        "causes": dict(causes.most_common()),
        "wall ms": _quantiles([1000 * proof.wall for proof in proofs]),
        "cpu ms": _quantiles([1000 * proof.cpu for proof in proofs]),
        "forms not on the list": dict(measured.unlisted),
        "memory MB": round(measured.memory / 1e6),
    }


def _counts(proofs: Iterable[Proof]) -> list[int]:
    """How many, and how many of them proved."""
    verdicts = [proof.verdict for proof in proofs]
    return [len(verdicts), verdicts.count(Verdict.ACCEPTED_PROVED)]


def _cause(proof: Proof) -> str:
    """Words of instructions left out, so that equal causes are one."""
    return (
        f"{proof.verdict.value}: {proof.reason}"
        if proof.verdict is Verdict.REFUTED
        else proof.reason.partition(": ")[0]
    )


def _share(some: int, of: int) -> float | None:
    return round(some / of, 4) if of else None


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "max": round(ordered[-1], 1),
    }


def versions(clang: str) -> dict[str, str]:
    """Name -> version of what the results hang on."""
    commit = (
        run(("git", "-C", str(Path(__file__).parent), "describe", "--always", "--abbrev=12", "--dirty=+"))
        .stdout.decode()
        .strip()
    )
    compiler = re.search(rb"\d+\.\d+[\w.]*", run((clang, "--version")).stdout)
    found = {
        "commit": commit or "unknown",
        "python": sys.version.split()[0],
        clang: compiler[0].decode() if compiler else "?",
    }
    return found | {name: version(name) for name in _LIBRARIES}


def markdown(told: Mapping) -> str:
    """Tables: shares and costs by program and level; who proposed, and how long the windows were; causes."""
    rows = told["rows"]
    columns = [f"{row['program']} {row['level']}" for row in rows]
    head = [
        "program",
        "level",
        "windows, distinct",
        "asked",
        "accepted by the emulator",
        "proved",
        "share",
        "weighted by occurrence",
        "median ms",
        "p95 ms",
        "max ms",
        "memory, MB",
    ]
    shares = [
        [
            row["program"],
            row["level"],
            f"{row['distinct windows']:,}",
            f"{row['asked']:,}",
            f"{row['accepted']:,}",
            f"{row['proved']:,}",
            _percent(row["share"]),
            _percent(row["weighted share"]),
            *(_time(row, name) for name in ("median", "p95", "max")),
            row["memory MB"],
        ]
        for row in rows
    ]
    groups = [
        [f"{title} {name}", *(_of(row[key].get(name)) for row in rows)]
        for title, key in (("proposed by", "by back-end"), ("instructions", "by instructions"))
        for name in dict.fromkeys(name for row in rows for name in row[key])
    ]
    causes = Counter()
    for row in rows:
        causes.update(row["causes"])
    reasons = [[cause, *(row["causes"].get(cause, 0) for row in rows), count] for cause, count in causes.most_common()]
    lines = [
        *_ABOUT.splitlines(),
        "",
        f"    {told['command']}",
        "",
        f"{told['date']}; " + ", ".join(f"{name} {number}" for name, number in told["versions"].items()),
        "",
        *_table(head, shares),
        "",
        *_table(["accepted / proved", *columns], groups),
        "",
        *_table(["not proved because", *columns, "all"], reasons),
        "",
        *_table(
            ["forms that the prover may not see", "why"],
            sorted({item for row in rows for item in row["forms not on the list"].items()}),
        ),
    ]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "--:|" * (len(head) - 1)
    yield from ("| " + " | ".join(map(str, row)) + " |" for row in rows)


def _time(row: Mapping, name: str) -> str:
    return f"{row['wall ms'][name]} ({row['cpu ms'][name]})" if row["wall ms"] else ""


def _of(counts: Sequence[int] | None) -> str:
    return f"{counts[0]} / {counts[1]}" if counts else "0 / 0"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}%"


def write(told: Mapping, out: Path) -> None:
    """OUT.json and OUT.md."""
    out.with_suffix(".json").write_text(json.dumps(told, indent=1) + "\n")
    out.with_suffix(".md").write_text(markdown(told))
