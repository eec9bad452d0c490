"""By what, where and in what time a unit was made: what a report needs so that two of them can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .. import __version__
from ..optimize.outcome import UnitReport
from ..process import run
from ..propose.registry import weights
from ..settings import Settings
from ..translation_unit import Unit


@dataclass(frozen=True, slots=True)
class Made:
    """`directory`: where the compiler ran, empty where that is gone. `arguments`: clang's. `model`: who proposed, None
    where nobody did. `weights`: SHA-256 of a model's file.
    """

    output: str
    directory: str
    arguments: tuple[str, ...]
    peepcc: str
    clang: str
    model: str | None
    weights: str | None
    seconds: float


def made(report: UnitReport, unit: Unit, settings: Settings, seconds: float) -> Made:
    """Raises OSError where clang or the weights cannot be asked."""
    said = run((unit.clang, "--version")).stdout.decode(errors="replace").partition("\n")[0].strip()
    names = sorted({outcome.reply.model for outcome in report.outcomes if outcome.reply and outcome.reply.model})
    file = weights(settings)
    digest = None
    if file is not None:
        with open(file, "rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    model = ", ".join(names) or None
    return Made(unit.output, unit.directory, unit.arguments, __version__, said, model, digest, round(seconds, 3))
