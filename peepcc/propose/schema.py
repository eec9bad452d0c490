"""What a request and its reply look like where they leave or enter the process: schema.json, and its validator."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Mapping

from ..errors import PeepccError
from .protocol import Reply, Request

SCHEMA = 1


class Misshapen(PeepccError):
    """A value that is not of the schema."""


def dumped(reply: Reply, request: Request | None = None) -> dict[str, object]:
    """The reply as a value for JSON. What differs from run to run (times, counts) is left out."""
    lines = None if reply.lines is None else list(reply.lines)
    asked = {} if request is None else {"request": dumped_request(request)}
    return {"schema": SCHEMA, "key": reply.key, **asked, "lines": lines, "text": reply.text, "model": reply.model, "error": reply.error}


def loaded(value: object) -> Reply:
    """The reply that the value is. Raises Misshapen, also where it tells a request that has another key."""
    checked = check(value, "reply")
    if "request" in checked and loaded_request(checked["request"]).key != checked["key"]:
        raise Misshapen("$.key: not that of the request")
    lines = checked["lines"]
    return Reply(checked["key"], None if lines is None else tuple(lines), checked["text"], checked["model"], error=checked["error"])


def dumped_request(request: Request) -> dict[str, object]:
    """The request as a value for JSON."""
    return {
        "lines": list(request.lines),
        "live_out": list(request.live_out),
        "exits": [[way, list(names)] for way, names in request.exits],
        "fall": list(request.fall),
        "known": [list(fact) for fact in request.known],
        "ordered": request.ordered,
    }


def loaded_request(value: object) -> Request:
    """The request that the value is. Raises Misshapen."""
    checked = check(value, "request")
    exits = tuple((way, tuple(names)) for way, names in checked["exits"])
    known = tuple(tuple(fact) for fact in checked["known"])
    return Request(tuple(checked["lines"]), tuple(checked["live_out"]), exits, tuple(checked["fall"]), known, checked["ordered"])


def check(value: object, kind: str) -> Mapping[str, object]:
    """The value, if it is what the schema calls `kind`: "request" or "reply". Raises Misshapen."""
    problem = next(_validator(kind).iter_errors(value), None)
    if problem is not None:
        raise Misshapen(f"{problem.json_path}: {problem.message[:200]}")
    return value


@cache
def _validator(kind: str):
    from jsonschema import Draft202012Validator  # only what comes from outside, or is to stay, needs it

    schema = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
