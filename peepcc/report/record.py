"""`--peepcc-report=FILE`: the explanation as the line of a file of JSON Lines.

It holds no key and nothing of the environment. A window that was asked about again in parts is followed by
those parts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from ..analysis.source_positions import Position, first_of
from ..optimize.edits import edited, item_text
from ..optimize.outcome import Outcome, UnitReport
from ..propose.protocol import Refusal, Reply
from ..propose.schema import dumped_failure
from ..validate.verdict import Verdict
from .file import headed
from .made import Made


def line(unit: UnitReport, made: Made) -> bytes:
    """The unit's line. A unit is known by its source, its output and the working directory."""
    key = hashlib.sha256(repr((made.directory, unit.source, made.output)).encode(errors="replace")).hexdigest()[:32]
    return headed(key, json.dumps(_unit(unit, made))[1:].encode() + b"\n")


def _unit(unit: UnitReport, made: Made) -> dict[str, object]:
    return {
        "source": unit.source,
        **asdict(made),
        "policy": unit.policy,
        "instructions": {"before": unit.instructions, "after": unit.instructions_after},
        "regions": dict(unit.regions),
        "left_alone": dict(unit.left_alone),
        "counters": unit.counters,
        "applied": dict(zip((Verdict.ACCEPTED_PROVED.value, Verdict.ACCEPTED_EMULATED.value), unit.applied)),
        "by_rules": unit.by_rules,
        "missed": asdict(unit.missed),
        "unproved": [asdict(each) for each in unit.unproved],
        "windows": [_outcome(outcome, unit.positions) for outcome in unit.outcomes],
    }


def _outcome(outcome: Outcome, positions: Mapping[int, Position]) -> dict[str, object]:
    window, judgement, reply = outcome.window, outcome.judgement, outcome.reply
    shown, unproved = judgement.counterexample, outcome.unproved
    return {
        "function": window.function,
        "position": None if (place := first_of(window.lines, positions)) is None else asdict(place),
        "assembly_line": window.lines[0] + 1,
        "source": [item_text(item) for item in window.items],
        "proposal": _lines(reply) if reply else None,
        "failure": dumped_failure(reply.failure) if reply else None,
        "confidence": None if reply is None or reply.confidence is None else round(reply.confidence, 4),
        "refused": [
            {"proposal": _lines(each), "verdict": each.verdict, "reason": each.reason, "rules": list(each.rules)}
            for each in outcome.tried
        ],
        "result": [item_text(item) for item in edited(window, outcome.chosen)],
        "verdict": judgement.verdict.value,
        "rules": list(judgement.rules),
        "reason": judgement.reason,
        "states": judgement.states,
        "emulated": judgement.emulated,
        "saved": outcome.saved,
        "unproved": {"reason": unproved.reason, "instructions": outcome.proposed} if unproved else None,
        "counterexample": {
            "inputs": dict(shown.inputs),
            "outcomes": {name: list(pair) for name, pair in shown.outcomes.items()},
        }
        if shown
        else None,
        "rewrite": outcome.number,
        "applied": outcome.applied,
    }


def _lines(proposed: Reply | Refusal) -> list[str] | None:
    return None if proposed.lines is None else list(proposed.lines)
