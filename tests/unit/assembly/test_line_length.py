"""A line twice as long takes about twice as long to read, whatever its author wrote there."""

from __future__ import annotations

import time

import pytest

from peepcc.assembly.labels import OPENING_MARK, REGION_MARK
from peepcc.assembly.parse import _LABEL, _QUICK, _STATEMENT

PATTERNS = {
    "_QUICK": _QUICK,
    "_STATEMENT": _STATEMENT,
    "_LABEL": _LABEL,
    "OPENING_MARK": OPENING_MARK,
    "REGION_MARK": REGION_MARK,
}
LINES = {
    "blanks": " {n}!",
    "blanks before a name": "\t{n}a{n}",
    "blanks behind a name": "a \t{n}!",
    "names": "a {n}",
    "labels": "a: {n}",
    "colons": ":{n}",
    "quotes": '"{n}',
    "escapes": '.x "\\a{n}',
    "slashes": ".x /{n}/*",
    "specifiers": "mov x0, :a{n}:b{n}/",
    "blanks behind a mark": "#APP {n}x",
    "digits": "1{n}",
}
_BEGIN = 4000


def long(form: str, n: int) -> str:
    """The form with the character before each `{n}` repeated."""
    *parts, last = form.split("{n}")
    return "".join(part[:-1] + part[-1] * n for part in parts) + last


@pytest.mark.parametrize("form", LINES.values(), ids=LINES)
@pytest.mark.parametrize("name", PATTERNS)
def test_reading_a_line_takes_linear_time(name, form):
    """Hundredths of a second are not compared; the shortest of three is what the machine needs."""

    def seconds(n):
        line, took = long(form, n), []
        for _ in range(3):
            begun = time.process_time()
            PATTERNS[name].match(line)
            took.append(time.process_time() - begun)
        return min(took)

    assert seconds(2 * _BEGIN) < max(0.02, 3 * seconds(_BEGIN))
