"""`--peepcc-report=FILE`: the explanation as JSON, one object a translation unit, safe under `make -j`.

The file is a JSON object {"schema": 2, "units": [...]}; each compile adds its unit under a
lock. It holds no key and nothing of the environment. A window that was asked about again in parts is followed by those parts.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

from ..hunks import edited
from ..propose.protocol import Refusal, Reply
from ..validate.verdict import Verdict
from .outcome import Outcome, UnitReport, item_text

SCHEMA = 2


def append(file: str, unit: UnitReport) -> None:
    """Adds `unit` to the report in `file`; a file that is no report of this schema is replaced."""
    path = Path(file)
    lock = os.open(path.parent, os.O_RDONLY)  # the folder: a lock file would be left behind
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = _read(path)
        report["units"].append(_unit(unit))
        partial = Path(f"{file}.{os.getpid()}")
        partial.write_text(json.dumps(report, indent=1) + "\n")
        partial.replace(path)
    finally:
        os.close(lock)


def _read(path: Path) -> dict:
    try:
        report = json.loads(path.read_text())
    except (OSError, ValueError):
        report = None
    valid = isinstance(report, dict) and report.get("schema") == SCHEMA and isinstance(report.get("units"), list)
    return report if valid else {"schema": SCHEMA, "units": []}


def _unit(unit: UnitReport) -> dict:
    return {
        "source": unit.source,
        "policy": unit.policy,
        "instructions": {"before": unit.instructions, "after": unit.instructions_after},
        "regions": dict(unit.regions),
        "left_alone": dict(unit.left_alone),
        "counters": unit.counters,
        "applied": dict(zip((Verdict.ACCEPTED_PROVED.value, Verdict.ACCEPTED_EMULATED.value), unit.applied)),
        "unproved": [asdict(each) for each in unit.unproved],
        "windows": [_outcome(outcome) for outcome in unit.outcomes],
    }


def _outcome(outcome: Outcome) -> dict:
    window, judgement, reply = outcome.window, outcome.judgement, outcome.reply
    shown, unproved = judgement.counterexample, outcome.unproved
    return {
        "function": window.function,
        "line": window.lines[0] + 1,
        "source": [item_text(item) for item in window.items],
        "proposal": _lines(reply) if reply else None,
        "error": reply.error if reply else None,
        "confidence": None if reply is None or reply.confidence is None else round(reply.confidence, 4),
        "refused": [{"proposal": _lines(each), "verdict": each.verdict, "reason": each.reason} for each in outcome.refused],
        "result": [item_text(item) for item in edited(window, outcome.chosen)],
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "states": judgement.states,
        "emulated": judgement.emulated,
        "saved": outcome.saved,
        "unproved": {"reason": unproved.reason, "instructions": outcome.proposed} if unproved else None,
        "counterexample": {"inputs": dict(shown.inputs), "outcomes": {name: list(pair) for name, pair in shown.outcomes.items()}} if shown else None,
        "rewrite": outcome.number,
        "applied": outcome.applied,
    }


def _lines(proposed: Reply | Refusal) -> list[str] | None:
    return None if proposed.lines is None else list(proposed.lines)
