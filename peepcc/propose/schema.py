"""What a reply looks like where it leaves or enters the process: schema.json, and its validator."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Mapping

from ..errors import PeepccError
from .protocol import Reply

SCHEMA = 1


class Misshapen(PeepccError):
    """A value that is not of the schema."""


def dumped(reply: Reply) -> dict[str, object]:
    """The reply as a value for JSON. What differs from run to run (times, counts) is left out."""
    lines = None if reply.lines is None else list(reply.lines)
    return {"schema": SCHEMA, "key": reply.key, "lines": lines, "text": reply.text, "model": reply.model, "error": reply.error}


def loaded(value: object) -> Reply:
    """The reply that the value is. Raises Misshapen."""
    checked = check(value)
    lines = checked["lines"]
    return Reply(checked["key"], None if lines is None else tuple(lines), checked["text"], checked["model"], error=checked["error"])


def check(value: object) -> Mapping[str, object]:
    """The value, if it is of the schema. Raises Misshapen."""
    problem = next(_validator().iter_errors(value), None)
    if problem is not None:
        raise Misshapen(f"{problem.json_path}: {problem.message[:200]}")
    return value


@cache
def _validator():
    from jsonschema import Draft202012Validator  # only replies from outside need it

    return Draft202012Validator(json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8")))
