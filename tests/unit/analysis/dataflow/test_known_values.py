"""Known facts, the hard way: running programs check what is said of their registers."""

import random
import signal
from dataclasses import replace

import pytest

from peepcc.analysis.dataflow.known_values import known
from peepcc.analysis.obligation import Kind, Known

LEVELS = ("-O0", "-O1", "-O2", "-Os")


def at(tools, text, mark, source="int g(int); int f(int a) { return g(a); }"):
    """What is known before the instruction that holds `mark`, in a function of these lines."""
    body = ".text\n.type f,@function\nf:\n" + text + "\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    unit = tools.analysed(body, tools.bitcode(source, "-O1"))
    line = next(n for n, each in enumerate(unit.module.lines) if mark in each.text)
    return known(unit.module, unit.functions[0], unit.steps, unit.facts).before(line)


def value(tools, text, register=0):
    """(constant, zero_extended, sign_extended) of x<register> at the end of the lines."""
    found = at(tools, text + "\nret", "ret")
    return found.constants.get(register), found.zero_extended.get(register), found.sign_extended.get(register)


@pytest.mark.parametrize("between, kept", [("nop", {8: 5, 16: 7}), ('.section .text.split.f,"ax",@progbits', {8: 5})])
def test_a_branch_to_another_section_may_go_through_code_of_the_linker(between, kept, tools):
    assert at(tools, f"mov w8, #5\nmov w16, #7\nb .Lx\n{between}\n.Lx:\nret", "ret").constants == kept


@pytest.mark.parametrize(
    "text, expected",
    [
        ("mov w0, #5", (5, None, None)),
        ("mov x0, #-2", ((1 << 64) - 2, None, None)),
        ("mov w0, #-2", ((1 << 32) - 2, None, None)),
        ("movz x0, #1, lsl #32\nmovk x0, #0x8000", ((1 << 32) + 0x8000, None, None)),
        ("movn w0, #0, lsl #16", ((1 << 32) - 1, None, None)),
        ("mov w0, wzr", (0, None, None)),
        ("mov w1, #6\nadd x0, x1, x1, lsl #3", (54, None, None)),
        ("mov w1, #1\nsub w0, w1, #2", ((1 << 32) - 1, None, None)),
        ("mov x1, #-8\nasr x0, x1, #1", ((1 << 64) - 4, None, None)),
        ("mov w1, #-8\nasr w0, w1, #1", ((1 << 32) - 4, None, None)),
        ("mov w1, #-8\nsxtw x0, w1", ((1 << 64) - 8, None, None)),
        ("mov w1, #200\nsxtb w0, w1", ((1 << 32) - 56, None, None)),
        ("mov w1, #200\nubfx w0, w1, #3, #3", (1, None, None)),
        ("mov w1, #7\nmvn w0, w1", ((1 << 32) - 8, None, None)),
        ("ldrb w0, [x1]", (None, 8, None)),
        ("ldrh w0, [x1]", (None, 16, None)),
        ("ldr w0, [x1]", (None, 32, None)),
        ("ldr x0, [x1]", (None, None, None)),
        ("ldrsb w0, [x1]", (None, 32, None)),
        ("ldrsb x0, [x1]", (None, None, 8)),
        ("ldrsw x0, [x1]", (None, None, 32)),
        ("ldp w1, w0, [x2]", (None, 32, None)),
        ("add w0, w1, w2", (None, 32, None)),
        ("add x0, x1, x2", (None, None, None)),
        ("cset w0, eq", (None, 1, None)),
        ("csetm x0, eq", (None, None, 1)),
        ("and x0, x1, #0xff0", (None, 12, None)),
        ("lsr x0, x1, #60", (None, 4, None)),
        ("ubfiz x0, x1, #4, #8", (None, 12, None)),
        ("sbfx x0, x1, #4, #8", (None, None, 8)),
        ("asr x0, x1, #40", (None, None, 24)),
        ("sxtw x0, w1", (None, None, 32)),
        ("sxth w0, w1", (None, 32, None)),
        ("clz w0, w1", (None, 6, None)),
        ("fmov w0, s1", (None, 32, None)),
        ("fmov x0, d1", (None, None, None)),
        ("ldrb w1, [x2]\nldrh w3, [x2]\ncsel w0, w1, w3, eq", (None, 16, None)),
        ("ldrb w1, [x2]\nldrb w3, [x2]\nmul w0, w1, w3", (None, 16, None)),
        ("mov w0, #5\nldr w1, [x0], #8", (None, None, None)),
        ("mov w0, #5\nstr w1, [x0, #8]!", (None, None, None)),
        ("mov w0, #5\nldr w1, [x0, #8]", (5, None, None)),
        ("mov w0, #5\nadrp x0, thing", (None, None, None)),
        ("mov w0, #5\nadd x0, x0, :lo12:thing", (None, None, None)),
        ("mov w0, #5\nmov x0, sp", (None, None, None)),
        ("mov w0, #5\nbfi w0, w1, #3, #2", (None, 32, None)),
        ("mov w0, #5\nldaxr w2, [x1]", (None, None, None)),
    ],
)
def test_what_one_instruction_makes(text, expected, tools):
    assert value(tools, text) == expected


def test_copies_are_equal_until_one_is_written(tools):
    text = "mov x1, x0\nldr w2, [x5]\nmov w3, w2\nmov w4, w0\nnop\nadd x1, x1, #1\nret"
    assert set(at(tools, text, "nop").equal) == {frozenset({0, 1}), frozenset({2, 3})}
    assert at(tools, text, "ret").equal == (frozenset({2, 3}),)


def test_a_copy_of_itself_and_a_copy_over_the_first_of_a_class(tools):
    assert at(tools, "mov x1, x0\nmov x2, x0\nmov x0, x0\nret", "ret").equal == (frozenset({0, 1, 2}),)
    assert at(tools, "mov x1, x0\nmov x2, x0\nmov x0, x1\nret", "ret").equal == (frozenset({0, 1, 2}),)
    assert at(tools, "mov x1, x0\nmov x2, x0\nmov x0, x3\nret", "ret").equal == (frozenset({0, 3}), frozenset({1, 2}))


@pytest.mark.parametrize(
    "branch, on_fall, on_taken",
    [
        ("cbz x0, .LBB0_2", {}, {0: 0}),
        ("cbnz x0, .LBB0_2", {0: 0}, {}),
        ("cbz w0, .LBB0_2", {}, {}),
        ("ldr w0, [x1]\ncbz w0, .LBB0_2", {}, {0: 0}),
        ("cmp x0, #7\nb.eq .LBB0_2", {}, {0: 7}),
        ("cmp x0, #7\nb.ne .LBB0_2", {0: 7}, {}),
        ("cmn x0, #7\nb.eq .LBB0_2", {}, {0: (1 << 64) - 7}),
        ("cmp w0, #7\nb.eq .LBB0_2", {}, {}),
        ("ldr w0, [x1]\ncmp w0, #7\nb.eq .LBB0_2", {}, {0: 7}),
        ("ldr w0, [x1]\ncmn w0, #1\nb.eq .LBB0_2", {}, {0: (1 << 32) - 1}),
        ("subs x1, x0, #7\nb.eq .LBB0_2", {}, {0: 7}),
        ("cmp x0, #7\nadd x0, x0, #1\nb.eq .LBB0_2", {}, {}),
        ("cmp x0, #7\nadds x1, x1, #1\nb.eq .LBB0_2", {}, {}),
        ("subs x0, x0, #7\nb.eq .LBB0_2", {}, {}),
        ("ldr w0, [x1]\nand w0, w0, #1\ntbz w0, #0, .LBB0_2", {0: 1}, {0: 0}),
        ("cmp x0, #0\nb.lt .LBB0_2", {}, {}),
        ("cmp x0, #7\nb.eq .LBB0_1", {}, {}),
    ],
)
def test_what_a_branch_establishes(branch, on_fall, on_taken, tools):
    text = f"{branch}\n.LBB0_1:\nnop\nret\n.LBB0_2:\nadd x9, x9, #1\nret"
    for mark, expected in (("nop", on_fall), ("add x9", on_taken)):
        found = at(tools, text, mark)
        assert {n: v for n, v in found.constants.items() if n == 0} == expected


@pytest.mark.parametrize(
    "branch, on_fall, on_taken",
    [
        ("cmp x0, #7\nb.lo .LBB0_2", None, 3),
        ("cmp x0, #8\nb.lo .LBB0_2", None, 3),
        ("cmp x0, #8\nb.ls .LBB0_2", None, 4),
        ("cmp x0, #8\nb.hs .LBB0_2", 3, None),
        ("cmp x0, #8\nb.hi .LBB0_2", 4, None),
        ("cmn x0, #0\nb.lo .LBB0_2", None, None),
        ("tbz x0, #63, .LBB0_2", None, 63),
        ("tbnz x0, #40, .LBB0_2", None, None),
        ("cmp w0, #8\nb.lo .LBB0_2", None, None),
        ("ldr w0, [x1]\ncmp w0, #8\nb.lo .LBB0_2", 32, 3),
    ],
)
def test_what_an_unsigned_comparison_bounds(branch, on_fall, on_taken, tools):
    text = f"{branch}\nnop\nret\n.LBB0_2:\nadd x9, x9, #1\nret"
    assert at(tools, text, "nop").zero_extended.get(0) == on_fall
    assert at(tools, text, "add x9").zero_extended.get(0) == on_taken


def test_equal_registers_after_a_comparison(tools):
    text = "cmp x0, x1\nb.eq .LBB0_2\nnop\nret\n.LBB0_2:\nadd x9, x9, #1\nret"
    assert at(tools, text, "nop").equal == () and at(tools, text, "add x9").equal == (frozenset({0, 1}),)
    assert at(tools, text.replace("cmp x0, x1", "cmp w0, w1"), "add x9").equal == ()


def test_ways_join_to_what_holds_on_both(tools):
    text = (
        "mov w3, #9\ncbz x0, .LBB0_2\nmov w1, #4\nmov w2, #1\nb .LBB0_3\n.LBB0_2:\nmov w1, #4\nmov w2, #6\n"
        ".LBB0_3:\nret"
    )
    found = at(tools, text, "ret")
    assert dict(found.constants) == {1: 4, 3: 9} and found.zero_extended[2] == 3


def test_a_loop_forgets_what_it_changes_and_keeps_what_it_does_not(tools):
    text = "mov w1, #0\nmov w2, #7\nmov w3, w2\n.LBB0_1:\nnop\nadd w1, w1, #1\ncmp w1, w0\nb.ne .LBB0_1\nret"
    found = at(tools, text, "nop")
    assert dict(found.constants) == {2: 7, 3: 7} and found.zero_extended[1] == 32


def test_calls_forget_what_the_convention_lets_them_change(tools):
    text = "mov w0, #1\nmov w19, #2\nmov w18, #3\nmov w30, #4\nbl g\nnop\nbl OUTLINED_1\nret"
    assert dict(at(tools, text.replace("OUTLINED_1", "unheard_of"), "nop").constants) == {19: 2}
    assert at(tools, text.replace("OUTLINED_1", "unheard_of"), "ret") == Known()


def test_nothing_is_known_at_the_entry_nor_in_a_block_entered_by_its_address(tools):
    assert at(tools, "nop\nret", "nop") == Known()
    source = """int f(int n) { static void *const ways[] = {&&a, &&b}; int k = 3;
    goto *ways[n & 1]; a: return k; b: return n; }"""
    unit = tools.compiled(source, "-O1")
    found = known(unit.module, unit.functions[0], unit.steps, unit.facts)
    entered = [block for block in unit.functions[0].blocks if block.entered and block.instructions]
    assert all(found.before(block.instructions[0]) == Known() for block in entered)


def test_inline_assembly_and_instructions_without_steps_forget_everything(tools):
    unit = tools.compiled('int f(int x) { __asm__ volatile("add %w0, %w0, #1" : "+r"(x)); return x & 7; }', "-O1")
    function = unit.functions[0]
    last = function.blocks[-1].instructions[-1]
    assert known(unit.module, function, unit.steps, unit.facts).before(last).zero_extended == {0: 3}
    for n in function.blocks[-1].instructions:
        assert known(unit.module, function, {}, unit.facts).before(n) == Known()


# ---- programs that check themselves


def _checking(unit, choice, tools, share, change=lambda found: found):
    """The program's text with traps where a claim does not hold, and the number of claims."""
    before = {}
    count = 0
    for function in unit.functions:
        found = known(unit.module, function, unit.steps, unit.facts)
        for n in (n for block in function.blocks for n in block.instructions):
            claims = [each for each in tools.claims(change(found.before(n)), choice) if choice.random() < share]
            if claims and unit.steps[n].effect.kind is not Kind.PINNED:
                count += len(claims)
                before[n] = [line for claim in claims for line in claim]
    return tools.inserted(unit.module, before, {}), count


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_known_holds_in_a_running_program(level, tools, tmp_path):
    unit = tools.compiled(tools.program, level)
    expected = tools.run("".join(each.text for each in unit.module.lines), tmp_path)
    text, count = _checking(unit, random.Random(f"known {level}"), tools, 0.8)
    assert count > 500
    assert tools.run(text, tmp_path) == expected


@pytest.mark.parametrize("seed, level", [(1, "-O0"), (7, "-O1"), (9, "-O2"), (14, "-Os")])
def test_what_is_known_holds_in_random_programs(seed, level, tools, tmp_path):
    unit = tools.compiled(tools.csmith(seed), level)
    expected = tools.run("".join(each.text for each in unit.module.lines), tmp_path)
    text, count = _checking(unit, random.Random(seed), tools, 0.3)
    assert count > 50
    assert tools.run(text, tmp_path) == expected


@pytest.mark.parametrize("field", ["constants", "zero_extended", "sign_extended", "equal"])
def test_a_wrong_claim_of_each_kind_is_caught(field, tools, tmp_path):
    wrong = {
        "constants": lambda found: {n: (v + 1) % (1 << 64) for n, v in found.constants.items()},
        "zero_extended": lambda found: {n: bits // 8 for n, bits in found.zero_extended.items()},
        "sign_extended": lambda found: {n: max(1, bits // 16) for n, bits in found.sign_extended.items()},
        "equal": lambda found: (frozenset({0, 29}),),
    }[field]
    unit = tools.compiled(tools.program, "-O0")
    text, count = _checking(unit, random.Random(1), tools, 0.2, lambda found: replace(Known(), **{field: wrong(found)}))
    assert count > 0
    assert tools.run(text, tmp_path)[0] == -signal.SIGTRAP
