"""The base of every error that peepcc raises on purpose."""

from __future__ import annotations


class PeepccError(Exception):
    """`reason` is one line for a person, without a final stop."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
