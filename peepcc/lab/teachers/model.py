"""The teacher `model`: what the embedded model itself proposes, for expert iteration: its accepted proposals become
targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...assembly.parse import Unreadable, parse_instruction
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...optimize.edits import edited, hunks
from ...propose.model.embedded import Embedded
from ...propose.request import request_of

DEFAULT = Path(__file__).parents[2] / "models" / "default" / "ct2"


class Model:
    def __init__(self, folder: Path = DEFAULT):
        """Raises PeepccError where the folder holds no model."""
        self._model = Embedded(folder)

    def teach(self, window: Window, encoder: Encoder) -> Iterator[tuple[str, ...]]:
        """The whole reply, then each of its edits alone: a part may be right where the whole is not."""
        for reply in self._model.propose([request_of(window)], math.inf):
            try:
                edits = (
                    hunks(window, [parse_instruction(line) for line in reply.lines or ()])
                    if reply.lines is not None
                    else ()
                )
            except Unreadable:
                return
            for chosen in dict.fromkeys((edits, *((each,) for each in edits))):
                if chosen:
                    yield tuple(
                        print_instruction(item) for item in edited(window, chosen) if isinstance(item, Instruction)
                    )
