"""What a build tells about itself: explanation for people, a JSON file for machines."""

from __future__ import annotations

import sys

from ..settings import Settings
from .explain import explain
from .outcome import UnitReport
from .record import append


def publish(unit: UnitReport, settings: Settings) -> None:
    """Writes what the settings ask for; raises OSError where the report file cannot be written."""
    if settings.explain:
        sys.stderr.write(explain(unit))
    if settings.report:
        append(settings.report, unit)
