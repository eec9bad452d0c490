"""A loop whose head is a function's entry goes round within its function, also where the program has another function
of that name.
"""

from __future__ import annotations

import pytest

from ..support.forced import TARGET, output, rebuilt

SELF = """
void f(volatile unsigned long *p, const unsigned *tab) {
  for (;;) {
    unsigned c = p[1];
    unsigned long v = p[2];
    if (p[0] == 0) return;
    p[1] = tab[((unsigned)(v >> 32) ^ c) & 255] ^ (c >> 8);
    p[0]--;
  }
}
"""
MAIN = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
static int calls;
void f(volatile unsigned long *p, const unsigned *tab) {
  calls++;
  ((void (*)(volatile unsigned long *, const unsigned *))dlsym(RTLD_NEXT, "f"))(p, tab);
}
int main(void) {
  static unsigned tab[256];
  unsigned long p[3] = {5, 1, 0x123456789};
  for (int i = 0; i < 256; i++) tab[i] = i * 7u;
  f(p, tab);
  printf("calls %d, p %lu %lu\n", calls, p[0], p[1]);
}
"""


def _to_symbol(lines):
    """One instruction fewer, and round the loop by the function's name."""
    if "lsr x9, x9, #32" not in lines or not lines[-1].startswith("b ."):
        return None
    at = lines.index("lsr x9, x9, #32")
    return [*lines[:at], "eor x9, x8, x9, lsr #32", *lines[at + 2 : -1], "b f"]


def _to_label(lines):
    there = _to_symbol(lines)
    return there and [*there[:-1], lines[-1]]


@pytest.mark.parametrize("reply, kept", [(_to_symbol, 0), (_to_label, 1)])
def test_the_way_back_stays_in_the_function(bench, reply, kept):
    bench.fresh({"self.c": SELF, "main.c": MAIN})
    done = rebuilt(bench, ["-O1", "-fPIC", "-c", "self.c"], reply)
    assert f"rewrites applied: {kept} proved".encode() in done.stderr or kept == 0, done.stderr
    assert kept or b"no local label: f" in done.stderr, done.stderr
    for command in (
        ["-shared", "self.o", "-o", "libself.so"],
        ["-O1", "main.c", "-L.", "-lself", "-rdynamic", "-o", "main"],
    ):
        assert bench.run([bench.clang, TARGET, *command]).code == 0
    assert output(bench.folder / "main", libraries=str(bench.folder)) == b"calls 1, p 0 309\n"
