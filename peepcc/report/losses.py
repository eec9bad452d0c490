"""How much a unit lost, by what is reported of it.

It says nothing of what was judged and not kept: that is no loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..optimize.losses import Losses
from ..optimize.outcome import Outcome, UnitReport
from ..settings import Settings
from ..validate.verdict import Verdict

_FUNCTION = re.compile(r"^\t\.type\t([^\n]*),[@%]function$", re.M)
_NO_SERVER = ("unparsed", "too-late", "not asked")  # how the error of a reply begins that a server is not to blame for


def losses(told: UnitReport, text: str, settings: Settings) -> Losses:
    """`text`: the unit's, before the rewrite."""
    late = sum(outcome.judgement.verdict is Verdict.TOO_LATE for outcome in told.outcomes)
    reasons = list(filter(None, map(_reason, told.outcomes)))
    return Losses(
        late,
        told.missed.instructions,
        len(reasons),
        reasons[0] if reasons else "",
        tuple(_unmatched(told.source, text, settings)),
    )


def _reason(outcome: Outcome) -> str | None:
    reply = outcome.reply
    error = reply.error if reply is not None and reply.lines is None else None
    return None if error is None or error.startswith(_NO_SERVER) else error


def _unmatched(source: str, text: str, settings: Settings) -> Iterator[str]:
    functions = _FUNCTION.findall(text) if settings.only or settings.skip else []
    for option in ("only", "skip"):
        globs = getattr(settings, option)
        if globs and not any(settings.names(globs, source, function) for function in ("", *functions)):
            yield option
