"""The budget is a bound: a rewrite ends within one and a half budgets and a second, with what was accepted by then."""

from __future__ import annotations

import subprocess
import time
from functools import cache

import pytest

from peepcc.clock import longest
from peepcc.driver.rewrite import rewrite_unit
from peepcc.settings import Settings
from peepcc.translation_unit import Unit

pytestmark = pytest.mark.alone
_FUNCTION = """int f{n}(int*p,int a,int b){{
int t={n}; for(int k=0;k<b;k++){{ if(p[k]<a) t-=p[k]; else t+=(a<<{m})+b*{n}; }}
switch(a){{case 1:return t+1;case 2:return t*3;case 3:return t-p[2];case 4:return t^p[1];case 5:return b;}}
return t/({n}+1); }}
"""
_PROOF = "unsigned h{n}(unsigned a,unsigned b){{ return (a*b+{n})%(b|1)*(a*a*{m}u)/(a|{n}); }}\n"
_IFS = "".join(f"if(p[{n % 100}]<a+{n}) t+={n};\n" for n in range(4000))
SOURCES = {
    "some functions": "".join(_FUNCTION.format(n=n, m=n % 30) for n in range(150)),
    "many functions": "".join(_FUNCTION.format(n=n, m=n % 30) for n in range(700)),
    "one function": f"int g(int*p,int a){{int t=0;\n{_IFS}return t;}}\n",
    "hard proofs": "".join(_PROOF.format(n=n + 1, m=2 * n + 3) for n in range(200)),
}


@cache
def compiled(name, level="-O0"):
    def clang(*argv):
        command = ["clang-19", "--target=aarch64-linux-gnu", level, *argv, "-x", "c", "-", "-o", "-"]
        return subprocess.run(command, input=SOURCES[name].encode(), capture_output=True, check=True).stdout

    return clang("-S").decode(), clang("-c", "-emit-llvm")


def timed(name, tmp_path, **settings):
    """(seconds, whether anything was rewritten)"""
    text, bitcode = compiled(name)
    begun = time.monotonic()
    found = rewrite_unit(text, bitcode, Unit("clang-19", "f.c"), Settings(**settings)).text
    return time.monotonic() - begun, found != text


@pytest.mark.parametrize("backend", ["embedded", "mutator"])
@pytest.mark.parametrize("budget", [0, 0.5, 2, 6])
@pytest.mark.parametrize("name", SOURCES)
def test_a_unit_ends_in_time(tmp_path, name, budget, backend):
    seconds, _ = timed(name, tmp_path, budget=budget, backend=backend)
    assert seconds < longest(budget)


def test_what_was_accepted_until_then_is_kept(tmp_path):
    """The unit takes minutes without a bound."""
    assert timed("some functions", tmp_path, budget=10.0)[1]
