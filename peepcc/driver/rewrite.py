"""From clang's text and bitcode of a unit to the text that is assembled, what its object must hold, and what is told of
it.

Runs in the forked child. It brings every library that there is, so the driver imports it only there.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from ..analysis.source_positions import positions
from ..assembly.encode import Encoder
from ..clock import Clock
from ..optimize.edits import spliced
from ..optimize.outcome import UnitReport
from ..optimize.pipeline import optimize_unit
from ..readback.expect import expected
from ..readback.image import Rewritten
from ..report.explain import explain
from ..report.losses import losses
from ..report.made import made
from ..report.note import SECTION, assembly, note_of
from ..report.record import line
from ..settings import Settings
from ..translation_unit import Unit


def rewrite_unit(text: str, bitcode: bytes | None, unit: Unit, settings: Settings) -> Rewritten:
    """The rewritten assembly text of one translation unit; `text` itself where nothing was kept.

    Errors of any stage propagate: the driver answers them with clang's own object.
    """
    begun = time.monotonic()
    encoder = Encoder(unit.clang, unit.target_flags)
    optimized = optimize_unit(text, bitcode, unit, settings, encoder, Clock(begun + settings.budget))
    report = optimized.report
    if optimized.analysis is not None and (settings.explain or settings.report):
        report = replace(report, positions=positions(text, unit.located))
    rewritten = Rewritten(
        text,
        losses=losses(report, text, settings),
        explanation=explain(report) if settings.explain else "",
        entry=_entry(report, unit, settings, time.monotonic() - begun),
    )
    note = note_of(report)
    if note is None or optimized.analysis is None:
        return rewritten
    edits = optimized.edits
    return replace(
        rewritten,
        text=spliced(optimized.analysis.module, edits) + assembly(note),
        image=expected(optimized.analysis, edits, encoder, SECTION),
    )


def _entry(report: UnitReport, unit: Unit, settings: Settings, seconds: float) -> bytes:
    """The unit's line of the report, empty where none is asked for, or where a file that it tells of cannot be read."""
    if not settings.report:
        return b""
    try:
        return line(report, made(report, unit, settings, seconds))
    except OSError as error:
        print(f"peepcc: {settings.report}: {unit.source} is not in the report: {error.strerror}", file=sys.stderr)
        return b""
