"""What is in the sets and what they were made from: counts, hashes, versions and the command, as JSON and as Markdown.

Equal sets have equal reports: nothing here tells a time or a machine.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from ...process import run
from .compile import GCC
from .select import TRAIN, WILD, Gathered, Row
from .sources import Source

SCHEMA = 1
_LIBRARIES = ("bitwuzla", "capstone", "llvmlite", "pypcode", "pyvex", "unicorn", "z3-solver")
_LENGTHS = (2, 4, 8, 16)


def report(
    gathered: Gathered, paths: Mapping[str, Path], sources: Sequence[Source], command: str, clang: str
) -> dict[str, object]:
    """A value for JSON."""
    learnt = {row.key for row in gathered.rows[TRAIN]}
    sets = {}
    for name, path in paths.items():
        rows = gathered.rows[name]
        packed = path.read_bytes()
        sets[name] = {
            "file": path.name,
            "bytes": len(packed),
            "sha256": hashlib.sha256(packed).hexdigest(),
            "sha256 of the text": hashlib.sha256(gzip.decompress(packed)).hexdigest(),
            **_counts(rows),
        }
        if name == WILD:
            sets[name] |= {
                "distinct forms": len({row.key for row in rows}),
                "windows whose form is in train": sum(row.key in learnt for row in rows),
            }
    return {
        "schema": SCHEMA,
        "command": command,
        "versions": versions(clang),
        "sources": [asdict(each) for each in sources],
        "sets": sets,
        "seen": dict(gathered.seen),
        "left out": dict(gathered.doubled),
        "lost": list(gathered.lost),
    }


def versions(clang: str) -> dict[str, str]:
    found = {name: run((name, "--version")).stdout.decode().partition("\n")[0].strip() for name in (clang, GCC)}
    return {"python": sys.version.split()[0], **found, **{library: version(library) for library in _LIBRARIES}}


def _counts(rows: Sequence[Row]) -> dict[str, object]:
    examples = [json.loads(row.example) for row in rows]
    improved = [each for each in examples if each["teacher"]]
    by = {}
    for field in ("package", "level", "teacher", "evidence"):
        by[f"by {field}"] = dict(sorted(Counter(each[field] or "none" for each in examples).items()))
    lengths = Counter(next(most for most in (*_LENGTHS, 10**9) if _length(each) <= most) for each in examples)
    by["by instructions, at most"] = {str(most): count for most, count in sorted(lengths.items())}
    by["improved by package"] = dict(sorted(Counter(each["package"] for each in improved).items()))
    by["improved by level"] = dict(sorted(Counter(each["level"] for each in improved).items()))
    return {
        "rows": len(rows),
        "improved": len(improved),
        "unchanged": len(rows) - len(improved),
        "instructions": sum(map(_length, examples)),
        "instructions saved": sum(_length(each) - len(each["target"]) for each in improved),
        **by,
    }


def _length(example: Mapping[str, list]) -> int:
    return sum(not line.endswith(":") for line in example["lines"])


def markdown(told: Mapping[str, object]) -> str:
    """The same for people: a table of the sets, and one of what is in them."""
    sets = told["sets"]
    lines = [
        "# The sets of examples",
        "",
        "Made by",
        "",
        f"    {told['command']}",
        "",
        "| | " + " | ".join(sets) + " |",
        "|---" * (len(sets) + 1) + "|",
    ]
    for field in ("rows", "improved", "unchanged", "instructions", "instructions saved", "bytes"):
        lines.append(f"| {field} | " + " | ".join(f"{each[field]:,}" for each in sets.values()) + " |")
    if wild := sets.get(WILD):
        lines += [
            "",
            f"`wild` holds {wild['distinct forms']:,} distinct forms; "
            f"{wild['windows whose form is in train']:,} of its windows have a form that is also in "
            f"`train`.",
        ]
    for field in ("level", "teacher", "evidence", "instructions, at most", "package"):
        names = dict.fromkeys(name for each in sets.values() for name in each[f"by {field}"])
        lines += ["", f"| by {field} | " + " | ".join(sets) + " |", "|---" * (len(sets) + 1) + "|"]
        lines += [
            f"| {name} | " + " | ".join(f"{each[f'by {field}'].get(name, 0):,}" for each in sets.values()) + " |"
            for name in names
        ]
    lines += ["", "| file | sha256 | sha256 of the text |", "|---|---|---|"]
    lines += [f"| {each['file']} | `{each['sha256']}` | `{each['sha256 of the text']}` |" for each in sets.values()]
    lines += [
        "",
        "| left out | |",
        "|---|---|",
        *(f"| {name} | {count:,} |" for name, count in told["left out"].items()),
    ]
    lines += ["", "| seen | |", "|---|---|", *(f"| {name} | {count:,} |" for name, count in told["seen"].items())]
    lines += [
        "",
        "| source | version |",
        "|---|---|",
        *(f"| {each['package']} | {each['version']} |" for each in told["sources"]),
    ]
    lines += ["", "| with | |", "|---|---|", *(f"| {name} | {text} |" for name, text in told["versions"].items()), ""]
    return "\n".join(lines)
