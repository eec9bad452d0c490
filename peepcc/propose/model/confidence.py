"""How likely a reply of the embedded model is right.

`peeplab calibrate` measures it, and writes it beside the weights. It promises nothing about a
single reply: of many that get 0.8, about eight in ten are right where the code is like that
which it was measured on.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from ...errors import PeepccError

FILE = "confidence.json"


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic function of a reply's score: the sum of the natural logarithms of its words' probabilities."""

    offset: float
    slope: float

    def of(self, score: float) -> float:
        """The probability, 0..1, that the validators accept the reply as it is."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.offset + self.slope * score))))


def read_confidence(folder: Path) -> Confidence | None:
    """That of the model in the folder, None where it was never measured. Raises PeepccError."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Confidence(float(told["offset"]), float(told["slope"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PeepccError(f"{folder / FILE} cannot be read: {error}") from None
