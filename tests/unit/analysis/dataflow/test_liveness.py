"""Liveness, the hard way: what is said to be dead is overwritten in running programs."""

import random

import pytest

from peepcc.analysis.bitcode_facts import ModuleFacts
from peepcc.analysis.dataflow.liveness import liveness
from peepcc.analysis.obligation import Kind
from peepcc.analysis.registers import (
    ALL,
    ALWAYS_LIVE_AT_EXIT,
    ARGUMENTS,
    CALLEE_SAVED,
    NONE,
    NZCV,
    PLATFORM,
    RESULTS,
    SP,
    d,
    q,
    s,
    w,
    x,
)

LEVELS = ("-O0", "-O1", "-O2", "-Os")


def one(tools, source, name, *flags):
    unit = tools.compiled(source, *flags)
    function = next(f for f in unit.functions if f.name == name)
    return unit, function, liveness(unit.module, function, unit.steps, unit.facts)


def line(unit, function, text):
    return next(n for n in range(function.first, function.last) if text in unit.module.lines[n].text)


def assembled(tools, text, facts=None):
    body = ".text\n.type f,@function\nf:\n" + text + "\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n"
    unit = tools.analysed(body, facts)
    return unit, unit.functions[0], liveness(unit.module, unit.functions[0], unit.steps, unit.facts)


# ---- calls and returns


def test_a_word_result_leaves_the_upper_half_dead(tools):
    unit, function, live = one(tools, "int f(int a, int b) { return a + b; }", "f", "-O1")
    assert live.after[line(unit, function, "ret")] == w(0) | ALWAYS_LIVE_AT_EXIT
    assert live.block_in[0] == w(0) | w(1) | x(30) | ALWAYS_LIVE_AT_EXIT


def test_flags_are_dead_at_calls_and_returns_and_arguments_live_at_calls(tools):
    source = "int g(int, long, double); int f(int a) { return g(a, 2, 3.0) + a; }"
    unit, function, live = one(tools, source, "f", "-O1")
    call = line(unit, function, "bl\tg")
    before = [n for n in live.after if n < call][-1]
    wanted = w(0) | x(1) | d(0)
    assert live.after[before] & (ARGUMENTS | NZCV | x(9) | x(16) | x(17)) == wanted
    assert live.after[call] & RESULTS == w(0) and live.after[call] & x(19)
    assert live.after[before] & (q(8) ^ d(8)) == NONE and live.after[before] & d(8)


def test_a_helper_finds_its_arguments_whatever_the_program_declares_it_to_take(tools):
    """The code generator calls it, too, and by the type that it knows."""
    source = "void memset(void); struct s { char c[5000]; }; void g(struct s *); void h(void) { memset(); }\n"
    source += "void f(void) { struct s a = {{0}}; g(&a); }"
    unit, function, live = one(tools, source, "f", "-O1", "-ffreestanding")
    call = line(unit, function, "bl\tmemset")
    before = [n for n in live.after if n < call][-1]
    assert live.after[before] & ARGUMENTS == x(0) | w(1) | x(2)


def test_a_tail_call_needs_its_arguments_and_the_return_address(tools):
    unit, function, live = one(tools, "int g(int, long); int f(int a) { return g(a, 2); }", "f", "-O2")
    assert live.after[line(unit, function, "\tb\tg")] == w(0) | x(1) | x(30) | ALWAYS_LIVE_AT_EXIT


def test_an_indirect_call_needs_its_register_and_every_argument_register(tools):
    unit, function, live = one(tools, "int f(int (*p)(int)) { return p(1) + 1; }", "f", "-O1")
    call = line(unit, function, "blr")
    before = [n for n in live.after if n < call][-1]
    assert live.after[before] == ARGUMENTS | PLATFORM | CALLEE_SAVED & ~x(29)  # x29 is restored later


@pytest.mark.parametrize("callee", ["OUTLINED_1", "__aarch64_cas4_acq", "unheard_of"])
def test_a_call_of_a_function_that_the_bitcode_does_not_name_needs_everything(tools, callee):
    code = tools.bitcode("void f(void) { }", "-O1")
    _, _, live = assembled(tools, f"mov x9, #1\nbl {callee}\nret", code)
    assert live.block_in[0] == ALL & ~x(9)


def test_the_memory_functions_of_the_code_generator_are_known(tools):
    _, _, live = assembled(tools, "bl memcpy\nret", tools.bitcode("void f(void) { }", "-O1"))
    assert live.block_in[0] == x(0) | x(1) | x(2) | PLATFORM | CALLEE_SAVED


def test_without_facts_everything_is_live_at_calls_and_exits(tools):
    _, function, live = assembled(tools, "bl memcpy\nmov x3, #0\nret")
    assert live.block_in == (ALL,) and live.after[function.blocks[0].instructions[-1]] == ALL


def test_odd_conventions_need_everything_on_both_sides(tools):
    source = "__attribute__((preserve_most)) void g(int); void f(void) { g(1); g(2); }"
    unit, function, live = one(tools, source, "f", "-O1")
    before = [n for n in live.after if n < line(unit, function, "bl\tg")][-1]
    assert live.after[before] == ALL
    for what in ("preserve_most", "aarch64_vector_pcs"):
        unit, function, live = one(tools, f"__attribute__(({what})) int f(int x) {{ return x; }}", "f", "-O1")
        assert function.opaque or live.after[line(unit, function, "ret")] == ALL


@pytest.mark.parametrize("call", ["g(1);", "__builtin_memcpy(p, p + 1, n);", "((void (*)(int))p)(1);"])
def test_registers_that_options_save_across_calls_stay_live(call, tools):
    source = f"void g(int); void f(char *p, long n) {{ {call} {call} }}"
    *_, live = one(tools, source, "f", "-O1", "-fcall-saved-x10")
    assert live.block_in[0] & x(10) == x(10)
    *_, live = one(tools, source, "f", "-O1")
    assert not live.block_in[0] & x(10)


def test_the_call_of_a_tls_descriptor_needs_everything(tools):
    code = tools.bitcode("void f(void) { }", "-O1")
    *_, live = assembled(tools, "mov x9, #1\nblr x1\nret", code)
    assert live.block_in[0] & NZCV == NONE
    unit = tools.analysed(
        ".text\n.type f,@function\nf:\nmov x9, #1\n.tlsdesccall v\nblr x1\nret\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n",
        code,
    )
    live = liveness(unit.module, unit.functions[0], unit.steps, unit.facts)
    assert unit.functions[0].opaque or live.block_in[0] == ALL & ~x(9)


def test_callee_saved_registers_stay_live_where_nothing_returns(tools):
    unit, function, live = one(tools, "void g(void); void f(void) { for (;;) g(); }", "f", "-O2")
    assert all(each & CALLEE_SAVED & ~x(29) == CALLEE_SAVED & ~x(29) for each in live.block_in)
    source = "_Noreturn void stop(int); void f(int x) { if (x) stop(3); }"
    unit, function, live = one(tools, source, "f", "-O2")
    before = [n for n in live.after if n < line(unit, function, "bl\tstop")][-1]
    assert live.after[before] & (ARGUMENTS | RESULTS) == w(0) and live.after[before] & x(19) == x(19)


# ---- inside a function


def test_a_register_variable_stays_live_where_nothing_returns(tools):
    """A handler of a signal may read it. Without the option nobody does."""
    source = "void f(volatile int *p) { for (;;) *p = *p + 1; }"
    for flags, kept in (((), NONE), (("-ffixed-x9",), x(9))):
        unit, function, live = one(tools, source, "f", "-O1", *flags)
        assert live.after[line(unit, function, "str")] & x(9) == kept


def test_halves_and_lanes(tools):
    code = tools.bitcode("void f(void) { }", "-O1")
    *_, live = assembled(tools, "str w1, [x0]\nstr d2, [x0, #8]\nstr s3, [x0, #16]\nret", code)
    assert live.block_in[0] & (x(1) | q(2) | q(3)) == w(1) | d(2) | s(3)
    *_, live = assembled(
        tools, "mov w1, #1\nmovk w2, #1, lsl #16\nfmov s3, #1.0\nstr x1, [x0]\nstr x2, [x0]\nstr q3, [x0]\nret", code
    )
    assert live.block_in[0] & (x(1) | x(2) | q(3)) == w(2)


def test_ways_join(tools):
    code = tools.bitcode("int f(int a) { return a; }", "-O1")
    text = "cmp w0, #1\nb.eq .LBB0_2\nmov w0, w2\nret\n.LBB0_2:\nmov w0, w3\nadds w0, w0, w4\nret"
    _unit, function, live = assembled(tools, text, code)
    assert live.after[function.blocks[0].instructions[-1]] & (ARGUMENTS | NZCV) == w(2) | w(3) | w(4)
    assert live.block_in[1] & ARGUMENTS == w(2) and live.block_in[2] & ARGUMENTS == w(3) | w(4)


def test_a_loop_keeps_what_the_next_turn_reads(tools):
    code = tools.bitcode("int f(int a) { return a; }", "-O1")
    text = "mov w1, #0\n.LBB0_1:\nadd w1, w1, w2\nsubs w0, w0, #1\nb.ne .LBB0_1\nmov w0, w1\nret"
    _unit, function, live = assembled(tools, text, code)
    assert live.after[function.blocks[1].instructions[-1]] & ARGUMENTS == w(0) | w(1) | w(2)


def test_inline_assembly_and_what_is_not_read_need_everything(tools):
    source = 'int f(int x) { __asm__ volatile("add %w0, %w0, #1" : "+r"(x)); return x; }'
    assert one(tools, source, "f", "-O1")[2].block_in[0] == ALL


def test_an_instruction_without_a_step_needs_everything(tools):
    unit, function, _ = one(tools, "int f(int a) { return a * 3; }", "f", "-O1")
    live = liveness(unit.module, function, {}, unit.facts)
    assert set(live.after.values()) == {ALL} and live.block_in == (ALL,)


def test_an_unknown_indirect_jump_needs_everything(tools):
    _, _, live = assembled(tools, "mov x9, #1\nbr x16", tools.bitcode("void f(void) { }", "-O1"))
    assert live.block_in[0] == ALL & ~x(9)


def test_no_facts_at_all_is_sound_and_still_useful(tools):
    unit = tools.compiled(tools.program, "-O1")
    for function in unit.functions:
        with_facts = liveness(unit.module, function, unit.steps, unit.facts)
        without = liveness(unit.module, function, unit.steps, ModuleFacts())
        assert all(with_facts.after[n] & ~without.after[n] == NONE for n in without.after)


# ---- programs in which everything dead is overwritten


def _overwritten(unit, choice, tools, dead_of):
    before, after = {}, {}
    count = 0
    for function in unit.functions:
        live = liveness(unit.module, function, unit.steps, unit.facts)
        for block in function.blocks:
            if block.instructions and choice.random() < 0.3:
                before[block.instructions[0]] = tools.clobbers(dead_of(live.block_in[block.index]), choice)
            for n in block.instructions:
                plain = n in unit.steps and unit.steps[n].effect.kind in (Kind.PLAIN, Kind.CALL)
                if plain and choice.random() < 0.3:
                    after[n] = tools.clobbers(dead_of(live.after[n]), choice)
    count = sum(map(len, before.values())) + sum(map(len, after.values()))
    return tools.inserted(unit.module, before, after), count


def _dead(live):
    return ALL & ~live & ~SP


@pytest.mark.parametrize("level", LEVELS)
def test_overwriting_what_is_dead_changes_nothing(level, tools, tmp_path):
    unit = tools.compiled(tools.program, level)
    expected = tools.run("".join(each.text for each in unit.module.lines), tmp_path)
    assert expected[0] == 0 and len(expected[1].splitlines()) > 10
    text, count = _overwritten(unit, random.Random(f"dead {level}"), tools, _dead)
    assert count > 3000
    assert tools.run(text, tmp_path) == expected


@pytest.mark.parametrize("seed, level", [(1, "-O0"), (7, "-O1"), (9, "-O2"), (14, "-Os")])
def test_overwriting_what_is_dead_changes_nothing_in_random_programs(seed, level, tools, tmp_path):
    unit = tools.compiled(tools.csmith(seed), level)
    expected = tools.run("".join(each.text for each in unit.module.lines), tmp_path)
    text, count = _overwritten(unit, random.Random(seed), tools, _dead)
    assert expected[0] == 0 and count > 500
    assert tools.run(text, tmp_path) == expected


def test_overwriting_what_is_live_is_seen(tools, tmp_path):
    unit = tools.compiled(tools.program, "-O1")
    expected = tools.run("".join(each.text for each in unit.module.lines), tmp_path)
    text, _ = _overwritten(unit, random.Random(3), tools, lambda live: live & (x(0) | x(8) | x(9)))
    assert tools.run(text, tmp_path) != expected
