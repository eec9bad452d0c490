"""How much a unit lost, by what is reported of it.

It says nothing of what was judged and not kept: that is no loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..optimize.losses import Losses
from ..optimize.outcome import Outcome, UnitReport
from ..propose.protocol import FailureKind
from ..settings import Settings
from ..validate.verdict import Verdict

_FUNCTION = re.compile(r"^\t\.type\t([^\n]*),[@%]function$", re.M)


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
        len(told.disputed),
        told.disputed[0] if told.disputed else (),
    )


def _reason(outcome: Outcome) -> str | None:
    failure = outcome.reply.failure if outcome.reply else None
    return failure.message if failure and failure.kind is FailureKind.NO_ANSWER else None


def _unmatched(source: str, text: str, settings: Settings) -> Iterator[str]:
    functions = _FUNCTION.findall(text) if settings.only or settings.skip else []
    for option in ("only", "skip"):
        globs = getattr(settings, option)
        if globs and not any(settings.names(globs, source, function) for function in ("", *functions)):
            yield option
