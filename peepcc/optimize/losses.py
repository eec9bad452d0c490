"""What a unit lost that the user may want back, as a value: to the budget, a server, globs without match, a bug."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Losses:
    """`late`: windows that there was no time for; `unreached`: instructions in functions not looked into.

    `unanswered`: windows that the server gave no proposal for, and `reason`: the first one's.
    `disputed`: rewrites that the rule book allows and a validator refuted, and `rules`, that made the first one.
    `unmatched`: those of the options "only" and "skip" of which no glob matches the file or a function of it.
    """

    late: int = 0
    unreached: int = 0
    unanswered: int = 0
    reason: str = ""
    unmatched: tuple[str, ...] = ()
    disputed: int = 0
    rules: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.late or self.unreached or self.unanswered or self.unmatched or self.disputed)
