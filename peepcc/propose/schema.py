"""What a request and its reply look like where they leave or enter the process: schema.json, and its validator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from ..errors import PeepccError
from .protocol import Failure, FailureKind, Refusal, Repair, Reply, Request

SCHEMA = 2


class Misshapen(PeepccError):
    """A value that is not of the schema."""


def dumped(reply: Reply, asked: Request | Repair | None = None) -> dict[str, Any]:
    """The reply as a value for JSON, with what was asked. What differs from run to run (times, counts) is left out."""
    lines = None if reply.lines is None else list(reply.lines)
    told = (
        {}
        if asked is None
        else dumped_repair(asked)
        if isinstance(asked, Repair)
        else {"request": dumped_request(asked)}
    )
    return {
        "schema": SCHEMA,
        "key": reply.key,
        **told,
        "lines": lines,
        "text": reply.text,
        "model": reply.model,
        "failure": dumped_failure(reply.failure),
        **({"unsure": True} if reply.unsure else {}),
    }


def loaded(value: object) -> Reply:
    """The reply that the value is. Raises Misshapen, also where it tells a request or repair that has another key."""
    checked = check(value, "reply")
    if "request" in checked and _asked(checked).key != checked["key"]:
        raise Misshapen("$.key: not that of what was asked")
    lines = checked["lines"]
    return Reply(
        checked["key"],
        None if lines is None else tuple(lines),
        checked["text"],
        checked["model"],
        failure=loaded_failure(checked["failure"]),
        unsure=checked.get("unsure", False),
    )


def dumped_failure(failure: Failure | None) -> dict[str, str] | None:
    """The failure of a reply as a value for JSON."""
    return None if failure is None else {"kind": failure.kind.value, "message": failure.message}


def loaded_failure(value: Mapping[str, str] | None) -> Failure | None:
    """The failure that the value is, which must be of the schema."""
    return None if value is None else Failure(FailureKind(value["kind"]), value["message"])


def dumped_repair(repair: Repair) -> dict[str, Any]:
    """The repair as a value for JSON."""
    return {"request": dumped_request(repair.request), "refused": [_dumped_refusal(each) for each in repair.refused]}


def _dumped_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "lines": None if refusal.lines is None else list(refusal.lines),
        "text": refusal.text,
        "verdict": refusal.verdict,
        "reason": refusal.reason,
        "inputs": [list(each) for each in refusal.inputs],
        "outcomes": [list(each) for each in refusal.outcomes],
    }


def loaded_repair(value: object) -> Repair:
    """The repair that the value is. Raises Misshapen."""
    checked = check(value, "repair")
    return Repair(loaded_request(checked["request"]), tuple(map(_refusal, checked["refused"])))


def _refusal(value: Mapping[str, Any]) -> Refusal:
    lines = value["lines"]
    return Refusal(
        None if lines is None else tuple(lines),
        value["text"],
        value["verdict"],
        value["reason"],
        tuple(map(tuple, value["inputs"])),
        tuple(map(tuple, value["outcomes"])),
    )


def _asked(value: Mapping[str, Any]) -> Request | Repair:
    if "refused" in value:
        return loaded_repair({name: value[name] for name in ("request", "refused")})
    return loaded_request(value["request"])


def dumped_request(request: Request) -> dict[str, Any]:
    """The request as a value for JSON."""
    return {
        "lines": list(request.lines),
        "live_out": list(request.live_out),
        "exits": [[way, list(names)] for way, names in request.exits],
        "fall": list(request.fall),
        "known": [list(fact) for fact in request.known],
        "ordered": request.ordered,
        "dying": [list(names) for names in request.dying],
    }


def loaded_request(value: object) -> Request:
    """The request that the value is. Raises Misshapen."""
    checked = check(value, "request")
    exits = tuple((way, tuple(names)) for way, names in checked["exits"])
    known = tuple(tuple(fact) for fact in checked["known"])
    return Request(
        tuple(checked["lines"]),
        tuple(checked["live_out"]),
        exits,
        tuple(checked["fall"]),
        known,
        checked["ordered"],
        tuple(map(tuple, checked["dying"])),
    )


def check(value: object, kind: str) -> Mapping[str, Any]:
    """The value, if it is what the schema calls `kind`: "request", "repair" or "reply". Raises Misshapen."""
    problem = next(_validator(kind).iter_errors(value), None)
    if problem is not None:
        raise Misshapen(f"{problem.json_path}: {problem.message[:200]}")
    return cast(Mapping[str, Any], value)  # the schema says so


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator  # only what comes from outside, or is to stay, needs it

    schema = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
