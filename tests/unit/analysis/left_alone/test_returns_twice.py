"""What may return twice is known by its name and through pointers to it, also where no attribute says so."""

from __future__ import annotations

import pytest

from peepcc.analysis.bitcode_facts import read_facts
from peepcc.analysis.left_alone.returns_twice import by_name

NAMES = """setjmp _setjmp __setjmp sigsetjmp _sigsetjmp __sigsetjmp __setjmp14 __sigsetjmp14 setjmp_syscall qsetjmp
    savectx vfork __vfork __libc_vfork getcontext __getcontext _rtsetjmp""".split()
FLAGS = [("-O0",), ("-O1",), ("-O2", "-fno-builtin"), ("-O0", "-ffreestanding"), ("-O1", "-fno-builtin-setjmp")]
WAYS = {
    "called": "int f(void *b) {{ int x = 1; if ({name}(b)) return x; x = 2; g(); return x; }}",
    "through a pointer": "int f(void *b) {{ int (*volatile p)(void *) = {name}; int x = p(b); g(); return x; }}",
    "through a variable": "int (*v)(void *) = {name}; int f(void *b) {{ int x = v(b); g(); return x; }}",
    "handed over": "int h(int (*p)(void *)); int k(void) {{ return h({name}); }}"
    " int f(int (*p)(void *), void *b) {{ return p(b) + 1; }}",
}


def twice(tools, source, flags):
    found = read_facts(tools.bitcode(source, *flags, "-Wno-everything")).functions
    return {name for name, facts in found.items() if facts.calls_returns_twice}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_known_by_its_name(tools, name):
    source = f"int {name}(void *); void g(void);" + WAYS["called"].format(name=name)
    for flags in FLAGS:
        assert "f" in twice(tools, source, flags), flags


DECLARED = [
    'int s(void *) __asm__("setjmp");',
    'int s(void *) __asm__("\\001_setjmp");',
    'static int s(void *) __attribute__((weakref("setjmp")));',
    '__attribute__((returns_twice)) int s(void *) __asm__("odd name");',
    "__attribute__((returns_twice)) int s(void *);",
]


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("way", WAYS)
def test_it_is_known_by_its_symbol_and_through_pointers(tools, way, declared, flags):
    assert "f" in twice(tools, f"{declared} void g(void); {WAYS[way].format(name='s')}", flags)


@pytest.mark.parametrize("flags", FLAGS)
def test_it_is_known_through_an_alias(tools, flags):
    source = """__attribute__((returns_twice, noinline)) int s(void *b) { return *(int *)b; }
        int t(void *) __attribute__((alias("s"))); void g(void);""" + WAYS["called"].format(name="t")
    assert "f" in twice(tools, source, flags)


@pytest.mark.parametrize("flags", FLAGS)
def test_others_are_not(tools, flags):
    source = """void longjmp(void *, int); int resetjmp(int); int my_setjmp(void *); int setjmp(void *);
        int f(int (*p)(int)) { return p(my_setjmp(p)) + resetjmp(2); } int h(void *b) { return setjmp(b); }"""
    assert twice(tools, source, flags) == {"h"}


def test_names_that_hold_such_a_name_are_others():
    for name in ("longjmp", "my_setjmp", "resetjmp", "fork", "avfork", "setcontext", "swapcontext"):
        assert not by_name(name)
