"""Names that the assembler would read as registers, in quotes.

The compiler prints a branch to the function `fp` as `bl fp`, and its own assembler does not
take that text. A name in quotes is the same symbol. It changes nothing but branches, as all
other places of a symbol are read as one.
"""

from __future__ import annotations

import re

_NAMES = rb"(?:[a-z]{1,2}[0-9]{1,2}|[xw]zr|w?sp|fp|lr|nzcv|vg|ffr|fp[cms]r)(?:\.[\w.$]*)?"
_BRANCH = re.compile(rb"^([ \t]*(?:b|bl|bc?\.[a-z]{2})[ \t]+)(" + _NAMES + rb")(?=[ \t]*(?://|\r?$))", re.I | re.M)


def quoted(text: bytes) -> bytes:
    """The text with each branch to such a name in quotes; every other byte is kept."""
    return _BRANCH.sub(rb'\1"\2"', text)
