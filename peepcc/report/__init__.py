"""What a build tells about itself: explanation for people, a file of JSON Lines for machines."""

from __future__ import annotations

import sys

from ..errors import PeepccError
from ..optimize.outcome import UnitReport
from ..settings import Settings
from ..translation_unit import Unit
from .explain import explain
from .made import made
from .record import append


def publish(told: UnitReport, unit: Unit, settings: Settings, seconds: float) -> None:
    """Writes what the settings ask for. A report that cannot be written is said on stderr: the rewrites are kept."""
    if settings.explain:
        sys.stderr.write(explain(told))
    if settings.report:
        try:
            append(settings.report, told, made(told, unit, settings, seconds))
        except (PeepccError, OSError) as error:
            reason = error.reason if isinstance(error, PeepccError) else error.strerror
            print(f"peepcc: {settings.report}: {unit.source} is not in the report: {reason}", file=sys.stderr)
