"""Each rule of hardening: what the option added is in no window or has an effect, which it owes to the rule."""

import re
from dataclasses import dataclass

import pytest

from peepcc.analysis.bitcode_facts import read_facts
from peepcc.analysis.encoded import program
from peepcc.analysis.left_alone import hardening
from peepcc.analysis.left_alone.hardening import RULES, Follow
from peepcc.analysis.obligation import RETURN
from peepcc.analysis.registers import ALL, VECTORS, x
from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Instruction
from peepcc.propose.request import request_of
from peepcc.validate.pipeline import judge

CHECKS = "int table[10]; int f(int i, int j) { return table[i] + j; } int g(int a, int b) { return a * b - a; }"
CALLS = "int f(int (*p)(int), int a) { return p(a + 1) * 3; } int g(int a) { return a * 5 + 1; }"
FRAME = """long g(long *); long f(long n) { long room[2500]; room[0] = n; return g(room); }
long h(long n, long a) { char room[n]; room[a] = 1; return g((long *)room) + room[a - 1]; }"""
SMALL = "long f(long a) { return a * 3; } int g(int n) { volatile char b[16]; b[3] = n; return b[3] + n; }"
LOADS = "int f(int *p, unsigned i, int n) { int s = 0; for (i = 0; i < n; i++) if (p[i] > 3) s += p[p[i]]; return s; }"


@dataclass(frozen=True)
class Example:
    """`added`: tells that a line is the option's. `goes`: without the rule one such line could be left out."""

    source: str
    flags: tuple[str, ...]
    added: str
    goes: bool = False


EXAMPLES = {
    "zero-call-used-regs": Example(
        "unsigned long f(unsigned long v) { return (v & 0xffffffffu) * (v >> 32); }",
        ("-O1", "-fzero-call-used-regs=used"),
        r"mov\t[xw]\d+, #0|movi\t",
        True,
    ),
    "speculative-load-hardening": Example(
        LOADS, ("-O1", "-mspeculative-load-hardening"), r"csel\tx16|and\t.*x16", True
    ),
    "straight-line-speculation": Example("int f(int a) { return a * 3; }", ("-O1", "-mharden-sls=retbr"), r"ret$"),
    "stack-protector": Example(
        SMALL,
        ("-O0", "-fstack-protector-all"),
        r"stur?\tx8, \[(sp|x29), #-?8\]|ldur?\tx9, \[(sp|x29), #-?8\]|subs\tx8, x8, x9|b\.eq|b\t\.LBB",
        True,
    ),
    "stack-clash-protection": Example(
        FRAME, ("-O2", "-fstack-clash-protection"), r"str\txzr, \[sp\]|cmp\tsp|ldr\txzr|b\.(le|ne)", True
    ),
    "memory-sanitizers": Example(
        "int f(int *p, int a) { p[a] = 1; return p[1] * 3; }", ("-O1", "-fsanitize=address"), r"lsr\t|ldrsb\t|cbn?z\t"
    ),
    "unoptimized-checks": Example(CHECKS, ("-O0", "-ftrapv"), r"b\t\.LBB|cset\t|subs\t|smull\t"),
    "traps": Example(
        CHECKS, ("-O2", "-fsanitize=undefined", "-fsanitize-trap=all"), r"cmp\t|b\.(vs|hs|ne|lo)|subs\t|adds\t"
    ),
    "kcfi": Example(CALLS, ("-O2", "-fsanitize=kcfi"), r"ldur\tw16|movk\tw17|cmp\tw16|b\.eq"),
    "undefined-behavior-handlers": Example(
        CHECKS, ("-O2", "-fsanitize=undefined", "-fsanitize-minimal-runtime"), r"b\.(vs|hs|ne|lo)|cmp\t"
    ),
}
# rule -> (C, flags, a store that would go without the rule)
ORDERED = {
    "trivial-auto-var-init": (
        "int f(int n) { int a; a = n; return a; }",
        ("-O0", "-ftrivial-auto-var-init=pattern"),
        r"str\tw8, \[sp",
    ),
    "safe-stack": (
        "int f(int n, int m) { char b[16]; b[n] = 1; return b[m]; }",
        ("-O1", "-fsanitize=safe-stack"),
        None,
    ),
}


def analysis_of(tools, source, flags):
    unit = tools.compiled(source, *flags)
    text = "".join(line.text for line in unit.module.lines)
    return analyse(text, tools.bitcode(source, *flags), Encoder("clang-19", ["--target=aarch64-linux-gnu"]))


def without(monkeypatch, name):
    kept = tuple(rule for rule in RULES if rule.name != name)
    monkeypatch.setattr(hardening, "RULES", kept)


def lines_of(unit, pattern):
    return {
        n
        for n, line in enumerate(unit.module.lines)
        if line.instruction and re.search(pattern, line.text.partition("//")[0].strip())
    }


def in_windows(unit):
    return {
        n for window in unit.windows() for n, item in zip(window.lines, window.items) if isinstance(item, Instruction)
    }


def dispensable(unit):
    """Lines of instructions that the gate would let somebody leave out."""
    encoder, found = Encoder("clang-19", ["--target=aarch64-linux-gnu"]), set()
    for window in unit.windows():
        for n, item in enumerate(window.items):
            if isinstance(item, Instruction):
                target = program((*window.items[:n], *window.items[n + 1 :]), encoder)
                if judge(window.obligation(target), "proved").verdict.accepted:
                    found.add(window.lines[n])
    return found


def test_each_rule_has_an_example():
    assert {rule.name for rule in RULES} == EXAMPLES.keys() | ORDERED.keys()
    assert all(Follow.ORDERED in rule.follows for rule in RULES if rule.name in ORDERED)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_option_adds_is_in_no_window(name, tools, monkeypatch):
    example = EXAMPLES[name]
    unit = analysis_of(tools, example.source, example.flags)
    added = lines_of(unit, example.added)
    assert added and not added & in_windows(unit)
    without(monkeypatch, name)
    unprotected = analysis_of(tools, example.source, example.flags)
    assert added & in_windows(unprotected)
    if example.goes:
        assert added & dispensable(unprotected)


@pytest.mark.parametrize("name", ORDERED)
def test_accesses_that_the_option_adds_keep_their_order(name, tools, monkeypatch):
    source, flags, store = ORDERED[name]
    unit = analysis_of(tools, source, flags)
    assert unit.windows() and all(window.ordered for window in unit.windows())
    assert not any(window.ordered for window in analysis_of(tools, source, flags[:1]).windows())
    if store:
        assert lines_of(unit, store) and not lines_of(unit, store) & dispensable(unit)
        without(monkeypatch, name)
        assert lines_of(unit, store) & dispensable(analysis_of(tools, source, flags))


def test_registers_that_are_zeroed_may_not_be_changed_for_others(tools):
    """Those that a function does not use may not hold its secrets either, also where it ends in another's call."""
    source = """long g(long, long); __attribute__((noinline)) long f(long v) { return (v & 0xff) * (v >> 9); }
        long h(long a, long b) { return g(b * a, a + 7); }"""
    found = {
        window.function: window
        for window in analysis_of(tools, source, ("-O2", "-fzero-call-used-regs=used-gpr")).windows()
    }
    assert found.keys() == {"f", "h"}
    assert found["h"].live_out[""] & x(12) == x(12) and found["f"].live_out.get(RETURN, ALL) & VECTORS == VECTORS


def test_a_function_that_asks_for_nothing_is_as_ever(tools):
    """skip, and a protector that finds no buffer: the attributes are there, and nothing follows."""
    for flags in (("-fzero-call-used-regs=skip",), ("-fstack-protector-strong",), ("-fno-delete-null-pointer-checks",)):
        plain, asked = (analysis_of(tools, LOADS, ("-O1", *each)) for each in ((), flags))
        assert [request_of(window) for window in asked.windows()] == [request_of(window) for window in plain.windows()]


def test_the_rest_of_a_protected_function_is_in_windows(tools):
    source = """int g(char *); int f(int a, int b)
        { char room[32]; room[b & 31] = a; int r = g(room); return r * a + room[a & 31] * b; }"""
    unit = analysis_of(tools, source, ("-O2", "-fstack-protector-strong"))
    assert len(in_windows(unit)) >= len(unit.at) // 4
    assert lines_of(unit, "madd|mul") <= in_windows(unit)


def test_where_the_guards_place_is_not_found_the_function_is_left_alone(tools):
    body = "stur x8, [x29, #-8]\nldr x9, [x7]\nldr x8, [x8]\ncmp x8, x9\nb.ne .L1\nadd w0, w0, #1\nret\n.L1:\n"
    body += "bl __stack_chk_fail"
    text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    code = tools.bitcode("int g(char *); int f(int a) { char b[9]; return g(b); }", "-O1", "-fstack-protector-all")
    encoder = Encoder("clang-19", ["--target=aarch64-linux-gnu"])
    unit = analyse(text, code, encoder)
    assert unit.windows() == () and "is hardened (stack-protector)" in unit.left_alone["f"]
    assert analyse(text.replace("[x7]", "[x29, #-8]"), code, encoder).windows()


def test_a_function_that_takes_a_traps_place_is_a_trap(tools):
    flags = ("-O2", "-fsanitize=undefined", "-fsanitize-trap=all", "-ftrap-function=stop")
    assert read_facts(tools.bitcode(CHECKS, *flags)).traps == {"stop"}
    unit = analysis_of(tools, CHECKS, flags)
    branches = lines_of(unit, r"b\.(vs|hs|ne|lo)")
    assert branches and not branches & in_windows(unit)


@pytest.mark.parametrize("flags", [("-fno-plt",), ("-fno-plt", "-fPIC"), ("-fno-plt", "-mcmodel=large", "-fno-pic")])
def test_what_fails_may_be_called_through_a_register(flags, tools):
    """`-fno-plt` loads the address of `__stack_chk_fail`, or of the function that takes a trap's place."""
    guard = EXAMPLES["stack-protector"]
    unit = analysis_of(tools, guard.source, (*guard.flags, *flags))
    added = lines_of(unit, guard.added)
    assert lines_of(unit, r"blr\t") and added and in_windows(unit) and not added & in_windows(unit)
    trap = ("-O2", "-fsanitize=undefined", "-fsanitize-trap=all", "-ftrap-function=stop")
    unit = analysis_of(tools, CHECKS, (*trap, *flags))
    branches = lines_of(unit, r"b\.(vs|hs|ne|lo)")
    assert lines_of(unit, r"blr\t") and branches and not branches & in_windows(unit)


def test_a_function_that_calls_what_fails_from_another_block_is_left_alone(tools):
    body = "adrp x10, :got:__stack_chk_fail\nldr x10, [x10, :got_lo12:__stack_chk_fail]\nstur x8, [x29, #-8]\n"
    body += "ldur x9, [x29, #-8]\nldr x8, [x8]\ncmp x8, x9\nb.ne .L1\nadd w0, w0, #1\nret\n.L1:\nblr x10"
    text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    code = tools.bitcode("int g(char *); int f(int a) { char b[9]; return g(b); }", "-O1", "-fstack-protector-all")
    unit = analyse(text, code, Encoder("clang-19", ["--target=aarch64-linux-gnu"]))
    assert unit.windows() == () and "is hardened (stack-protector)" in unit.left_alone["f"]


@pytest.mark.parametrize("protection", ["standard", "pac-ret+leaf+b-key", "pac-ret+leaf+pc", "bti", "gcs"])
def test_what_signs_return_addresses_is_in_no_window(protection, tools):
    unit = analysis_of(tools, CALLS, ("-O1", f"-mbranch-protection={protection}"))
    signs = lines_of(unit, "hint|pac|aut|bti|gcs|adr\t")
    assert (signs or protection == "gcs") and not signs & in_windows(unit)


def test_the_program_counter_of_a_signed_return_stays_in_its_register(tools):
    """`adr x16` before `pacm` and the authentication: nothing between may be given x16 to work in."""
    unit = analysis_of(tools, CALLS, ("-O1", "-mbranch-protection=pac-ret+leaf+pc"))
    (marker,) = [n for n in sorted(lines_of(unit, "hint\t#39")) if n > min(lines_of(unit, "adr\t"))][:1]
    (live,) = [live for function, live, _ in unit.functions if function.first <= marker < function.last]
    assert live.before[marker] & x(16) == x(16)


def test_printed_instructions_are_those_of_the_text(tools):
    unit = analysis_of(tools, SMALL, ("-O2", "-fstack-protector-all", "-fomit-frame-pointer"))
    held = {
        print_instruction(item) for window in unit.windows() for item in window.items if isinstance(item, Instruction)
    }
    assert held and not held & {"str x8, [sp, #8]", "ldr x9, [sp, #8]", "cmp x8, x9", "ldr x8, [x8]"}


WIPED = """typedef unsigned char u8; typedef unsigned long size_t; void explicit_bzero(void *, size_t); void use(u8 *);
void *memset(void *, int, size_t); static void *(*volatile wipe)(void *, int, size_t) = memset;
void loop(u8 *k) { u8 room[4]; volatile u8 *p = room; room[0] = *k; use(room); for (int i = 0; i < 4; i++) p[i] = 0; }
int leaf(int k) { volatile int key = k; int r = key * 3; key = 0; return r; }
void barrier(void) { u8 room[8]; use(room); memset(room, 0, 8); __asm__ volatile("" : : "r"(room) : "memory"); }
void pointer(void) { u8 room[8]; use(room); wipe(room, 0, 8); }
void library(void) { u8 room[8]; use(room); explicit_bzero(room, 8); }
int checked(int *p) { int r = *p; if (!p) return 7; return r; }
"""


@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_what_a_program_wipes_and_checks_by_itself_stays(level, tools):
    unit = analysis_of(tools, WIPED, (level, "-fno-delete-null-pointer-checks"))
    wiping = lines_of(unit, r"str[bh]?\t[xw]zr|stur\t[xw]zr|blr\t|bl\texplicit_bzero|mov\tw1, |mov\tw8, #8|cbn?z")
    assert len(wiping) >= 5 and not wiping & dispensable(unit)
