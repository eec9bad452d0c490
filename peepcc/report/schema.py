"""What a unit of a report looks like: schema.json, and its validator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from ..errors import PeepccError


class Misshapen(PeepccError):
    """A value that is not a report of this schema."""


def check(value: object) -> Mapping[str, object]:
    """The value, if it is a unit as `--peepcc-report` writes it. Raises Misshapen."""
    problem = next(_validator().iter_errors(value), None)
    if problem is not None:
        raise Misshapen(f"{problem.json_path}: {problem.message[:200]}")
    return cast(Mapping[str, object], value)  # the schema says so


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # a compile writes reports and reads none

    return Draft202012Validator(json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8")))
