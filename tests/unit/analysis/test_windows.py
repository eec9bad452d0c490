"""Windows of real compiler output: what they hold, what they never hold, what is live where they end and known where
they begin.
"""

import random

import pytest

from peepcc.analysis.dataflow.known_values import known
from peepcc.analysis.dataflow.liveness import liveness
from peepcc.analysis.left_alone.barriers import REGIONS, region_of
from peepcc.analysis.obligation import FALL, RETURN, Kind, Known
from peepcc.analysis.registers import ALL, ALWAYS_LIVE_AT_EXIT, NZCV, SP, VECTORS, w, x
from peepcc.analysis.windows import LIMIT, live_outs, windows
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Instruction
from peepcc.propose.request import request_of

LEVELS = ("-O0", "-O1", "-O2", "-Os")

# region -> C that makes clang write it, and a mnemonic that shows it is there
REGION_SOURCES = {
    "ordered": (
        "int f(_Atomic int *p, int a) { int b = a * 3 + 1; *p += b; return b + a; }",
        ("-O1", "-mno-outline-atomics"),
        "ldaxr",
    ),
    "call": ("int g(int); int f(int a, int b) { return g(a + b) + a * b; }", ("-O1",), "bl"),
    "indirect-branch": (
        "int f(int a) { static void *to[] = {&&x, &&y}; goto *to[a]; x: return a + 1; y: return a * 7; }",
        ("-O1",),
        "br",
    ),
    "frame": ("int g(int *); int f(int a) { int b[9]; b[a] = a + 2; return g(b) + b[1]; }", ("-O1",), "sub"),
    "platform-register": (
        'register long p __asm__("x18"); long f(long a) { return a + p * 3; }',
        ("-O1", "-ffixed-x18"),
        "add",
    ),
    "relocation": ("extern int v; int f(int a) { v += a; return v * a; }", ("-O1",), "adrp"),
}

SOURCE = """
int g(int);
struct list { struct list *next; long key, value[3]; };
long find(struct list *l, long key) { for (; l; l = l->next) if (l->key == key) return l->value[1]; return -1; }
int classify(int c) { switch (c) { case 1: return 9; case 2: return 4; case 3: return 7; case 4: return g(1);
  case 5: return 2; case 9: return 5; } return 0; }
unsigned mix(unsigned a, unsigned b) { for (int i = 0; i < 9; i++) { a = a * 31 + (b >> 3); if (a & 1) b ^= a;
  else b -= i; } return a + b; }
int both(int a, int b) { return a > 3 && b < 9 ? g(a) + 1 : g(b) - 1; }
double area(double r, int n) { return n > 2 ? r * r * n : 0.5 * r; }
"""


def cut(unit, limit=LIMIT):
    found = []
    for function in unit.functions:
        live, facts_at = (
            liveness(unit.module, function, unit.steps, unit.facts),
            known(unit.module, function, unit.steps, unit.facts),
        )
        found.extend(windows(unit.module, function, unit.steps, live, facts_at, unit.facts, limit))
    return found


def assembled(tools, body, limit=LIMIT):
    return cut(
        tools.analysed(f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n", None), limit
    )


def printed(window):
    return [f"{item}:" if isinstance(item, str) else print_instruction(item) for item in window.items]


# ---- regions


def test_each_region_has_a_source():
    assert set(REGION_SOURCES) == {region.name for region in REGIONS}


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.name)
def test_a_region_is_in_no_window_and_its_surroundings_are(tools, region):
    source, flags, mnemonic = REGION_SOURCES[region.name]
    unit = tools.compiled(source, *flags)
    inside = {n for n, step in unit.steps.items() if region.holds(step)}
    assert any(unit.steps[n].instruction.mnemonic == mnemonic for n in inside)
    found = cut(unit)
    assert found and not inside & {n for window in found for n in window.lines}


@pytest.mark.parametrize("level", LEVELS)
def test_all_else_is_in_exactly_one_window(tools, level):
    unit = tools.compiled(SOURCE, level)
    found = cut(unit)
    held = [n for window in found for n, item in zip(window.lines, window.items) if isinstance(item, Instruction)]
    left = {n for n in unit.steps if n not in held}
    assert len(held) == len(set(held)) > 40
    dispatch = {
        n
        for function in unit.functions
        for block in function.blocks
        if block.instructions and unit.steps[block.instructions[-1]].effect.kind is Kind.INDIRECT
        for n in block.instructions
    }
    tail = {
        n for n in left if unit.steps[n].effect.kind is Kind.JUMP and unit.steps[n].instruction.operands[0].name == "g"
    }
    assert all(region_of(unit.steps[n]) for n in left - dispatch - tail)


def test_inline_assembly_ends_a_window(tools):
    unit = tools.compiled('int f(int a, int b) { a += b; __asm__("rbit %w0, %w0" : "+r"(a)); return a - b; }', "-O1")
    found = cut(unit)
    assert len(found) == 2 and not any("rbit" in line for window in found for line in printed(window))
    assert all(window.ordered for window in found)


def test_what_inline_assembly_reads_is_live_before_it(tools):
    unit = tools.compiled(
        'int f(int a, int b) { if (a > b) { a = b * 3; __asm__ volatile("// %w0" :: "r"(a)); } return b; }', "-O1"
    )
    (window,) = [each for each in cut(unit) if any("lsl #1" in line for line in printed(each))]
    made = window.source.steps[-1].effect.writes
    assert made and window.live_out[FALL] & made == made


EMPTY = """long keep(long a, long b) { long x = a * b; __asm__ volatile("" :: "r"(x)); return a + b; }
long hide(long a) { long z = 5; __asm__("" : "+r"(z)); return a & z; }
int skip(int a, int b) { if (a > b) { a = b * 3; __asm__ volatile("" :: "r"(a)); } return b; }
long only(long a, long b) { if (a > b) __asm__ volatile("" :: "r"(a)); return b + 1; }"""


def test_inline_assembly_without_a_line_reads_and_writes_too(tools):
    """A value that it takes is computed, and one that it gives is not known: authors hide values from compilers like
    that.
    """
    unit = tools.compiled(EMPTY, "-O2")
    found = cut(unit)
    for window in found:
        text = printed(window)
        assert not {"mul x8, x1, x0", "ret"} <= set(text) and not {"mov w8, #5", "and x0, x8, x0"} <= set(text)
        made = window.source.steps[-1].effect.writes
        if window.function != "only" and "ret" not in text:
            assert made and window.live_out[FALL] & made == made
        elif window.function == "hide":
            assert not window.known.constants and not window.known.zero_extended
    assert {window.function for window in found} == {"keep", "hide", "skip", "only"}


@pytest.mark.parametrize("directive", [".cfi_def_cfa_offset 16", ".p2align 2", ".cfi_remember_state"])
def test_a_directive_ends_a_window_and_a_line_number_does_not(tools, directive):
    body = "add x0, x0, x1\n{}\nadd x0, x0, x2\nret"
    assert [len(window.items) for window in assembled(tools, body.format(directive))] == [1, 2]
    assert [len(window.items) for window in assembled(tools, body.format(".loc 1 2 3"))] == [3]


def test_code_that_is_measured_is_left_alone(tools):
    assert assembled(tools, "add x0, x0, x1\n.org 64\nret") == []


def test_setjmp_leaves_its_function_alone(tools):
    source = (
        "#include <setjmp.h>\njmp_buf b; int g(int); int f(int a) { int c = a * 3; if (setjmp(b)) return c;"
        " return g(c + a); }"
    )
    assert cut(tools.compiled(source, "-O0")) == []


def test_volatile_and_unreadable_facts_keep_the_order_of_accesses(tools):
    plain, volatile = "int f(int *p) { p[1] = 2; return p[0]; }", "int f(volatile int *p) { p[1] = 2; return p[0]; }"
    assert [window.ordered for window in cut(tools.compiled(plain, "-O1"))] == [False]
    assert [window.ordered for window in cut(tools.compiled(volatile, "-O1"))] == [True]
    assert [window.ordered for window in assembled(tools, "str w1, [x0]\nret")] == [True]


def test_a_label_on_the_line_of_an_instruction_is_never_dropped(tools):
    found = assembled(tools, "cbz x0, .L1\nadd x0, x0, x1\nb .L1\n.L1: add x0, x0, x2\nret")
    assert not any("x2" in line for window in found for line in printed(window))


# ---- extended blocks


def test_a_window_goes_on_where_the_block_before_is_the_only_way_in(tools):
    (first, last) = assembled(tools, "cbz x0, .L2\nadd x1, x1, #1\nb .L1\n.L1:\nadd x1, x1, #2\n.L2:\nmov x0, x1\nret")
    assert printed(first) == ["cbz x0, .L2", "add x1, x1, #1", "b .L1", ".L1:", "add x1, x1, #2"]
    assert first.source.labels == {".L1": 3} and first.aliases == {".L2": FALL}
    assert printed(last) == ["mov x0, x1", "ret"]


def test_a_loop_is_entered_only_at_its_start(tools):
    for level in LEVELS:
        unit = tools.compiled(SOURCE, level)
        for window in cut(unit):
            inside = {n for item, n in zip(window.items, window.lines)}
            for function in unit.functions:
                for block in function.blocks:
                    if (
                        block.first in inside
                        and block.first != window.lines[0]
                        and set(block.labels) & set(window.items)
                    ):
                        assert len(block.predecessors) == 1 and not block.entered


def test_side_exits_have_what_is_live_there(tools):
    (window, *_) = assembled(
        tools, "cmp x0, #1\nb.eq .L9\ncmp x1, #2\nb.eq .L9\nmov x2, x1\nbl g\n.L9:\ncset w0, eq\nret"
    )
    assert window.live_out[".L9"] & NZCV and window.labels == {".L9"}


SWITCHES = [
    (".text", '.section .text.cold,"ax",@progbits', ".text"),
    ('.section .text.f,"ax",@progbits', '.section .text.cold,"ax",@progbits', '.section .text.f,"ax",@progbits'),
    (".text", '.pushsection .text.cold,"ax",@progbits', ".popsection"),
    (".text", '.section .text.cold,"ax",@progbits', ".previous"),
]


@pytest.mark.parametrize("start, there, back", SWITCHES)
def test_a_branch_that_is_not_taken_goes_on_in_its_section(tools, start, there, back):
    """The next lines are of another one, and need nothing; what the way really goes to needs x9."""
    body = f"mov x9, x1\ncbz x0, .L2\n{there}\n.L2:\nmov x9, #0\nret\n{back}\nmov x0, x9\nret"
    text = f"{start}\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    for limit in (1, 2, LIMIT):
        (window,) = [each for each in cut(tools.analysed(text, None), limit) if "cbz x0, .L2" in printed(each)]
        assert window.live_out[FALL] & x(9) == x(9)


def test_the_return_knows_the_signature(tools):
    (window,) = cut(tools.compiled("short f(short a, short b) { return a + b; }", "-O2"))
    assert window.live_out[RETURN] == w(0) | ALWAYS_LIVE_AT_EXIT | (window.live_out[RETURN] & x(30))


def test_a_long_block_is_cut(tools):
    found = assembled(tools, "\n".join(f"add x{n % 5}, x{n % 7}, #{n}" for n in range(23)) + "\nret", limit=10)
    assert [len(window.source.steps) for window in found] == [10, 10, 4]
    assert found[0].live_out[FALL] & (x(0) | x(5)) == x(5)


def test_a_tail_call_of_itself_needs_every_argument_of_its_type(tools):
    """The linker may put another definition in the place of this one, which does not read b."""
    source = """void use(char *); __attribute__((weak)) int f(int a, int b)
        { if (a <= 0) return 0; char v[a]; use(v); __attribute__((musttail)) return f(a - 1, 7); }"""
    found = cut(tools.compiled(source, "-O1"))
    assert not any(label == "f" for window in found for label in window.live_out)
    sets = next(window for window in found if "mov w1, #7" in printed(window))
    assert sets.live_out[FALL] & (x(0) | x(1)) == w(0) | w(1)


def test_a_function_without_floating_point_keeps_the_vectors_of_whoever_it_interrupts(tools):
    source = """__attribute__((target("nofp"))) long f(long *p, long *q) { p[0] = q[0]; p[1] = q[1]; return g(p) + 1; }
        long h(long *p, long *q) { p[0] = q[0]; p[1] = q[1]; return g(p) + 1; }"""
    found = cut(tools.compiled(f"long g(long *); {source}", "-O1"))
    assert len(found) > 4 and {window.function for window in found} == {"f", "h"}
    for window in found:
        assert all(
            (parts & VECTORS == VECTORS) == (window.function == "f") for parts in window.live_out.values() if parts
        )


def test_where_alignment_is_strict_the_accesses_stay(tools):
    source = "int f(char *p) { return p[0] | p[1] << 8; }"
    assert (
        not cut(tools.compiled(source, "-O1"))[0].ordered
        and cut(tools.compiled(source, "-O1", "-mstrict-align"))[0].ordered
    )


def test_what_scalable_registers_hold_beyond_128_bits_is_in_no_window(tools):
    source = """#include <arm_sve.h>
        void f(svint32_t *p, svint32_t *r, int *q, int n) { svint32_t a = *p; *q = n * 7; *r = a; }
        svint32_t g(svint32_t, int); svint32_t h(svint32_t a, int n) { return g(a, n * 7); } int i(int n) {
          return n * 7; }"""
    assert {window.function for window in cut(tools.compiled(source, "-O1", "-march=armv8-a+sve"))} == {"i"}
    assert not assembled(tools, "ptrue p0.s\nadd w0, w0, #1\nret") and assembled(
        tools, "adrp x8, p0\nadd w0, w0, #1\nret"
    )


def test_where_the_mode_without_vectors_begins_is_no_window(tools):
    source = (
        "void h(void) __arm_streaming; void f(long *p) { p[0] = p[1] * 9; h(); p[1] = 0; } void g(long *p) "
        "{ p[0] = p[1] * 9; }"
    )
    assert {window.function for window in cut(tools.compiled(source, "-O1", "-march=armv9-a+sme"))} == {"g"}


def test_a_workaround_of_an_erratum_stays(tools):
    source = "long f(long *p, long a, long b) { return *p + a * b; }"
    assert any("madd" in line for window in cut(tools.compiled(source, "-O1")) for line in printed(window))
    found = cut(tools.compiled(source, "-O1", "-mfix-cortex-a53-835769"))
    assert [printed(window) for window in found] == [["ldr x8, [x0]"], ["ret"]] and all(
        window.erratum for window in found
    )


@pytest.mark.parametrize(
    "line, stays",
    [
        ("madd x0, x1, x2, x3", True),
        ("msub x0, x1, x2, x3", True),
        ("smaddl x0, w1, w2, x3", True),
        ("umaddl x0, w1, w2, x3", True),
        ("smsubl x0, w1, w2, x3", True),
        ("umsubl x0, w1, w2, x3", True),
        ("mul x0, x1, x2", False),
        ("mneg x0, x1, x2", False),
        ("madd w0, w1, w2, w3", False),
        ("umull x0, w1, w2", False),
        ("smulh x0, x1, x2", False),
        ("umulh x0, x1, x2", False),
    ],
)
def test_what_may_not_follow_an_access_and_what_is_before_it_stay(tools, line, stays):
    body = f"ldr x9, [x4]\nadd x5, x5, #1\nadd x6, x6, #2\n{line}\nadd x7, x7, #3\nret"
    text = f".text\n.type f,@function\nf:\n{body}\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    code = tools.bitcode("void f(void) {}", "-O1", "-mfix-cortex-a53-835769")
    found = [printed(window) for window in cut(tools.analysed(text, code))]
    assert found == ([["ldr x9, [x4]", "add x5, x5, #1"], ["add x7, x7, #3", "ret"]] if stays else [body.split("\n")])


def test_what_no_compiler_made_is_in_no_window(tools):
    """Without its comments clang marks no assembly of file scope."""
    body = "add x0, x0, x10\nmov x1, #5\nret\n"
    text = (
        f".text\n.type hand,@function\nhand:\n{body}.size hand, .-hand\n.type f,@function\nf:\n"
        f"{body}.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    )
    found = cut(tools.analysed(text, tools.bitcode("long hand(long); long f(long a) { return hand(a); }")))
    assert [window.function for window in found] == ["f"]


def test_room_to_patch_stays(tools):
    unit = tools.compiled("int f(int a) { return a * 7; }", "-O1", "-fpatchable-function-entry=2")
    found = [printed(window) for window in cut(unit)]
    assert (
        [line.text.strip() for line in unit.module.lines].count("nop") == 2
        and found
        and not any("nop" in lines for lines in found)
    )


# ---- what is known at the entry


@pytest.mark.parametrize("limit", (2, 16))
@pytest.mark.parametrize("level", LEVELS)
def test_what_is_known_of_what_somebody_needs_holds_where_all_else_is_overwritten(level, limit, tools, tmp_path):
    """Half of the windows need what is known there; what then is live nowhere may be anything."""
    unit = tools.compiled(tools.program, level)
    choice = random.Random(f"windows {level} {limit}")
    before, count = {}, 0
    for function in unit.functions:
        known_at = known(unit.module, function, unit.steps, unit.facts)
        found = windows(
            unit.module,
            function,
            unit.steps,
            liveness(unit.module, function, unit.steps, unit.facts),
            known_at,
            unit.facts,
            limit,
        )
        needy = {window.lines[0]: window.known for window in found if choice.random() < 0.5}
        live = liveness(
            unit.module, function, unit.steps, unit.facts, {line: here.registers for line, here in needy.items()}
        )
        for window in found:
            line = window.lines[0]
            said = list(tools.claims(needy.get(line, Known()), choice))
            count += len(said)
            before[line] = [
                *tools.clobbers(ALL & ~live.before[line] & ~SP, choice),
                *(each for claim in said for each in claim),
            ]
    assert count > 10
    assert tools.run(tools.inserted(unit.module, before, {}), tmp_path) == tools.run(
        "".join(each.text for each in unit.module.lines), tmp_path
    )


def test_another_liveness_than_its_own_tells_what_is_live_behind_a_window(tools):
    unit = tools.analysed(
        ".text\n.type f,@function\nf:\nmov x8, x9\nstr x8, [x0]\nmov x8, x9\nstr x8, [x1]\nret\n"
        ".Lfunc_end0:\n.size f, .Lfunc_end0-f\n",
        None,
    )
    first, second = cut(unit, 2)[:2]
    live = liveness(unit.module, unit.functions[0], unit.steps, unit.facts, {second.lines[0]: w(8)})
    (found,) = live_outs(unit.module, unit.functions[0], unit.steps, [first], live)
    assert found == {FALL: first.live_out[FALL] | w(8)}
    assert not first.live_out[FALL] & x(8) and second.known.equal == (frozenset({8, 9}),)


# ---- the request


def test_a_request_names_only_what_the_window_mentions(tools):
    (window,) = cut(tools.compiled("unsigned f(unsigned char a, long b) { return (a & 255) + (unsigned)b; }", "-O1"))
    request = request_of(window)
    assert request.lines[-1] == "ret" and request.exits[0][0] == RETURN
    assert set(request.live_out) | {name for _, names in request.exits for name in names} <= {
        "w0",
        "x0",
        "w1",
        "x1",
        "w8",
        "x8",
        "x30",
    }
    assert request.key == request_of(window).key
