"""The report as a value for JSON: figures, breakdowns, mistakes, tries, and all that it takes to run it again."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ...errors import PeepccError
from ...process import run
from ...propose.request import request_of
from ...propose.server.chat import facts
from .metrics import Scored, figures, validated
from .mistakes.names import Mark, Mistake
from .scoring import Status

SCHEMA = 1
KINDS = ("all", "improved", "unchanged")
_LIBRARIES = ("peepcc", "unicorn", "pyvex", "pypcode", "bitwuzla", "z3-solver", "capstone", "ctranslate2", "numpy")
_SAMPLES = 3
_HERE = Path(__file__).parent


class NoReport(PeepccError):
    """A file that is no report of this schema."""


def summary(scored: Sequence[Scored], about: Mapping[str, object], seed: int) -> dict[str, object]:
    """`about`: command, model, examples and what else says what the run was."""
    return {
        "schema": SCHEMA,
        **about,
        "date": date.today().isoformat(),
        "figures": {kind: figures(_of_kind(scored, kind), kind, seed) for kind in KINDS},
        "breakdowns": {
            "level": _broken(scored, lambda one: (one.example.level,), seed),
            "length": _broken(scored, lambda one: (one.length,), seed, key=lambda name: int(re.match(r"\d+", name)[0])),
            "opcode class": _broken(scored, lambda one: one.classes, seed),
            "package": _broken(scored, lambda one: (one.example.package,), seed),
        },
        "statuses": {kind: _counts(Status, (one.judged.status for one in _of_kind(scored, kind))) for kind in KINDS},
        "mistakes": _mistakes(scored),
        "tries": _tries(scored),
    }


def _of_kind(scored: Sequence[Scored], kind: str) -> list[Scored]:
    return [one for one in scored if kind == "all" or one.example.improved is (kind == "improved")]


def _broken(
    scored: Sequence[Scored], names: Callable[[Scored], Iterable[str]], seed: int, key: Callable[[str], object] = str
) -> dict[str, dict]:
    """Name -> kind -> figures; improved and unchanged apart."""
    groups: dict[str, list[Scored]] = {}
    for one in scored:
        for name in names(one):
            groups.setdefault(name, []).append(one)
    return {
        name: {kind: figures(_of_kind(groups[name], kind), kind, seed) for kind in KINDS[1:]}
        for name in sorted(groups, key=key)
    }


def _counts(names, found: Iterable) -> dict[str, int]:
    counted = Counter(found)
    return {name.value: counted[name] for name in names if counted[name]}


def _mistakes(scored: Sequence[Scored]) -> dict[str, dict]:
    """Mistake -> how many, by mark, and some of them."""
    found: dict[str, dict] = {}
    for what in Mistake:
        mine = [one for one in scored if one.judged.mistake is what]
        if mine:
            found[what.value] = {
                "count": len(mine),
                "marks": _counts(Mark, (one.judged.mark for one in mine)),
                "samples": [_sample(one) for one in mine[:_SAMPLES]],
            }
    return found


def _sample(one: Scored) -> dict[str, object]:
    judged, request = one.judged, request_of(one.example.window)
    return {
        "example": one.row.number,
        "level": one.example.level,
        "window": list(request.lines),
        "facts": list(facts(request)),
        "reply": list(one.row.reply.lines) if one.row.reply.lines is not None else one.row.reply.text[:400],
        "mark": judged.mark.value,
        "share of random inputs": judged.share,
        "outputs that differ": list(judged.outputs),
        "told": judged.complaint,
    }


def _tries(scored: Sequence[Scored]) -> list[dict[str, object]]:
    """What each further try adds: where all blocks stand when so many tries are allowed."""
    most = max((len(one.row.tries) for one in scored), default=0)
    found = []
    for allowed in range(1, most + 1):
        last = [(one, one.row.tries[:allowed][-1][1]) for one in scored]
        found.append(
            {
                "tries": allowed,
                "asked": sum(len(one.row.tries) >= allowed for one in scored),
                "syntactic": sum(judged.status.syntactic for _, judged in last),
                "agree": sum(judged.status.agrees for _, judged in last),
                "validated": sum(validated(one, judged) for one, judged in last),
                "instructions saved": sum(judged.kept.instructions for _, judged in last),
            }
        )
    return found


def versions(clang: str) -> dict[str, str]:
    """Name -> version of all that the results hang on; the commit has a + where the checkout was changed."""
    commit = run(("git", "-C", str(_HERE), "describe", "--always", "--abbrev=12", "--dirty=+")).stdout.decode().strip()
    compiler = re.search(rb"\d+\.\d+[\w.]*", run((clang, "--version")).stdout)
    found = {
        "commit": commit or "unknown",
        "python": sys.version.split()[0],
        Path(clang).name: compiler[0].decode() if compiler else "?",
    }
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def check(value: object) -> Mapping:
    """The value, if it is a report. Raises NoReport, and says where it is none."""
    problem = next(_validator().iter_errors(value), None)
    if problem is not None:
        raise NoReport(f"{problem.json_path}: {problem.message[:200]}")
    return value


def read(file: Path) -> Mapping:
    """A report that was written before. Raises NoReport."""
    try:
        return check(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise NoReport(f"no report in {file}: {error}") from None


@cache
def _validator():
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((_HERE / "report.json").read_text(encoding="utf-8")))
