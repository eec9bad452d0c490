"""Only a local label is a way out, is shown to a model or stands in a proposal: a symbol may be another function after
the link.
"""

import pytest

from peepcc.analysis.dataflow.known_values import known
from peepcc.analysis.dataflow.liveness import liveness
from peepcc.analysis.obligation import FALL, INDIRECT, RETURN
from peepcc.analysis.subwindow import part
from peepcc.analysis.windows import windows
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Instruction
from peepcc.propose.request import request_of
from peepcc.validate.syntax_gate import Refused, check

LOOP = "for (;;) { unsigned long v = p[2]; if (p[0] == 0) return; p[1] = v * 3 >> 2; p[0]--; }"
BIT = "do { p[1] = p[2] * 3 >> 2; } while (p[0] & 8);"
ZERO = "do { p[1] = p[2] * 3 >> 2; } while (p[0]);"
LESS = "do { p[1] = p[2] * 3 >> 2; } while (p[0] < 9);"
# what the function is called in the assembly -> its C; the entry block of each is the head of a loop
SOURCES = {
    "f": f"void f(V *p) {{ {LOOP} }}",
    "tested": f"void tested(V *p) {{ {BIT} }}",
    "zero": f"void zero(V *p) {{ {ZERO} }}",
    "less": f"void less(V *p) {{ {LESS} }}",
    "hidden": f'__attribute__((visibility("hidden"))) void hidden(V *p) {{ {LOOP} }}',
    "protected": f'__attribute__((visibility("protected"))) void protected(V *p) {{ {LOOP} }}',
    "inner": f"static __attribute__((noinline)) void inner(V *p) {{ {LOOP} }} void outer(V *p) {{ inner(p); "
    f"inner(p + 1); }}",
    "weak": f"__attribute__((weak)) void weak(V *p) {{ {LOOP} }}",
    "real": f'void real(V *p) {{ {LOOP} }} void other(V *p) __attribute__((alias("real"))); void third(V *p) '
    f'__attribute__((weak, alias("real")));',
    '"a b"': f'void quoted(V *p) __asm__("a b"); void quoted(V *p) {{ {LOOP} }}',
    ".Lfoo": f'void label(V *p) __asm__(".Lfoo"); void label(V *p) {{ {LOOP} }}',
    ".LBB9_1": f'void block(V *p) __asm__(".LBB9_1"); void block(V *p) {{ {BIT} }}',
    "$x": f'void mapping(V *p) __asm__("$x"); void mapping(V *p) {{ {LOOP} }}',
    "x1": f"void x1(V *p) {{ {LOOP} }}",
    "calls": f"void calls(V *p) {{ {LOOP.replace('return', '{ __attribute__((musttail)) return calls(p); }')} }}",
    "cold": f"__attribute__((cold)) void cold(V *p) {{ {LOOP} }}",
}
FLAGS = [
    (level, *more)
    for level in ("-O0", "-O1", "-O2", "-O3", "-Os", "-Oz")
    for more in ((), ("-fPIC",), ("-g", "-ffunction-sections"))
]


def cut(unit):
    for function in unit.functions:
        live, at = (
            liveness(unit.module, function, unit.steps, unit.facts),
            known(unit.module, function, unit.steps, unit.facts),
        )
        yield from windows(unit.module, function, unit.steps, live, at, unit.facts)


def named(window):
    """Every label that the window may name or shows."""
    request = request_of(window)
    keys = {*window.live_out, *window.aliases.values()} - {FALL, RETURN, INDIRECT}
    shown = {key for key, _ in request.exits} | set(request.fall)
    return window.labels | keys | set(window.aliases) | (shown - {RETURN, INDIRECT, FALL})


@pytest.mark.parametrize("name", SOURCES)
def test_no_symbol_is_a_way_out_of_a_window_or_of_its_parts(tools, name):
    seen = 0
    for flags in FLAGS:
        unit = tools.compiled(f"typedef volatile unsigned long V; {SOURCES[name]}", *flags)
        declared = {name, name.strip('"')} | {"other", "third", "outer"}
        for window in cut(unit):
            size = len(window.source.steps)
            for each in (
                window,
                *(part(window, first, last) for first in range(size) for last in range(first + 1, size + 1)),
            ):
                assert all(label.startswith(".L") and label not in declared for label in named(each)), (flags, each)
                seen += bool(named(each))
    assert seen


@pytest.mark.parametrize("name", SOURCES)
def test_a_proposal_that_goes_to_a_symbol_is_refused(tools, name):
    """Also where the label is offered: the gate does not take the window's word."""
    tried = 0
    for flags in FLAGS[::3]:
        for window in cut(tools.compiled(f"typedef volatile unsigned long V; {SOURCES[name]}", *flags)):
            source = [step.instruction for step in window.source.steps]
            lines = [print_instruction(item) for item in window.items if isinstance(item, Instruction)]
            for n, line in enumerate(lines):
                if ".LBB" in line:
                    there = [*lines[:n], f"{line[: line.index('.LBB')]}{name}", *lines[n + 1 :]]
                    with pytest.raises(Refused):
                        check(there, source, window.labels)
                    tried += 1
                    if not name.startswith(".L"):
                        with pytest.raises(Refused, match="no (local )?label"):
                            check(there, source, {*window.labels, name})
    assert tried


@pytest.mark.parametrize(
    "more",
    [".globl .LBB0_9", ".weak .LBB0_9", ".hidden .LBB0_9", ".type .LBB0_9,@function", ".set .LBB0_9, f", ".LBB0_9 = f"],
)
def test_a_local_name_that_a_directive_makes_a_symbol_is_none(tools, more):
    body = "cmp x0, #1\nb.eq .LBB0_9\nadd x0, x0, #1\nadd x0, x0, #2\n.LBB0_9:\nadd x0, x0, x1\nret"
    text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    code = tools.bitcode("long f(long a, long b) { return a + b; }", "-O1")
    assert any(".LBB0_9" in named(window) for window in cut(tools.analysed(text, code)))
    if "set" not in more and "=" not in more:
        text = text.replace(".text\n", f".text\n{more}\n")
        found = list(cut(tools.analysed(text, code)))
        assert found and not any(".LBB0_9" in named(window) for window in found)
        inline = f"//APP\n{more}\n//NO_APP\n"
        assert not any(".LBB0_9" in named(window) for window in cut(tools.analysed(inline + text, code)))


@pytest.mark.parametrize("pair", ["g:\n.LBB0_9:", ".LBB0_9:\ng:", "g:\nh:\n.LBB0_9:", ".LBB0_8:\ng:\n.LBB0_9:"])
def test_a_symbol_in_the_middle_of_a_function_is_no_way_out(tools, pair):
    """The text of assembly labels, which no C makes today."""
    body = f"cmp x0, #1\nb.eq .LBB0_9\nadd x0, x0, #1\nbl k\n{pair}\nadd x0, x0, x1\ncbz x0, .LBB0_9\nret"
    text = f".text\n.globl g\n.globl h\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    found = list(cut(tools.analysed(text, tools.bitcode("long f(long a, long b) { return a + b; }", "-O1"))))
    assert any(".LBB0_9" in window.labels for window in found)
    assert not any({"g", "h"} & named(window) for window in found)
