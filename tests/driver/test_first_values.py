"""What -ftrivial-auto-var-init stores stays, also where the optimizer dropped the mark by which the bitcode shows
it.
"""

import re

import pytest

from ..support.forced import TARGET, rebuilt

SOURCE = """void use(void *);
void pair(long n, long x) { long b[2]; b[n & 1] = 7; b[0] = x; b[1] = n; use(b); }
long plain(long n, long x) { return n * x + 1; }
"""


@pytest.mark.parametrize("more", [(), ("-save-temps=obj",), ("-Xclang", "-ftrivial-auto-var-init=pattern")])
def test_a_first_value_that_is_overwritten_is_stored(more, bench):
    """Each proposal leaves out a store of the pattern, which what the program stores then covers whole."""
    flags = () if "-Xclang" in more else ("-ftrivial-auto-var-init=pattern",)
    bench.fresh({"pair.c": SOURCE})
    argv = [TARGET, "-O1", *flags, *more, "-S", "pair.c", "-o", "pair.s"]
    asked = []

    def reply(lines):
        asked.append(lines)
        return [line for line in lines if not re.match(r"stp x8, x8, |mov x8, #-6148914691236517206", line)]

    rebuilt(bench, argv, reply)
    assert any("stp x8, x8" in line for lines in asked for line in lines)
    assert "stp\tx8, x8, [sp" in (bench.folder / "pair.s").read_text()
