"""The emulator's judgements: what they depend on, and that what they show is true."""

import pytest
import unicorn
from unicorn import arm64_const as arm64

from peepcc.analysis.obligation import FALL, RETURN, Known
from peepcc.analysis.registers import ALL, NONE, NZCV, x
from peepcc.validate.emulator.differential import Emulator, emulate
from peepcc.validate.emulator.layout import RECORDS, window_size
from peepcc.validate.verdict import Verdict

ACCEPTED, REFUTED, UNPROVED = Verdict.ACCEPTED_EMULATED, Verdict.REFUTED, Verdict.UNPROVED


def test_at_least_4096_states_and_always_the_same(claim):
    obligation = claim("ldr w8, [x0]; add w8, w8, w8; str w8, [x1]", "ldr w8, [x0]; lsl w8, w8, #1; str w8, [x1]")
    first = emulate(obligation)
    assert (first.verdict, first.states >= 4096) == (ACCEPTED, True)
    assert Emulator().judge(obligation) == first
    wrong = claim("ldr w8, [x0]; str w8, [x1]", "ldr w8, [x0]; str w8, [x1, #4]")
    assert Emulator().judge(wrong) == emulate(wrong)


def test_programs_that_follow_one_another_do_not_mix(claim):
    right = claim("add w0, w0, w0", "lsl w0, w0, #1")
    wrong = claim("add w0, w0, w0", "lsl x0, x0, #1")
    for _ in range(10):
        assert emulate(right).verdict is ACCEPTED
        assert emulate(wrong).verdict is REFUTED


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(), REFUTED),
        (Known(constants={1: 8}), ACCEPTED),
        (Known(constants={1: 9}), REFUTED),
        (Known(constants={2: 8}, equal=(frozenset({1, 2}),)), ACCEPTED),
    ],
)
def test_known_constants(claim, known, verdict):
    assert emulate(claim("udiv x0, x0, x1; mov x1, x2", "lsr x0, x0, #3; mov x1, x2", known=known)).verdict is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(zero_extended={0: 8}), ACCEPTED),
        (Known(zero_extended={0: 9}), REFUTED),
        (Known(sign_extended={0: 9}, zero_extended={0: 9}), ACCEPTED),
        (Known(sign_extended={0: 8}), REFUTED),
    ],
)
def test_known_extensions(claim, known, verdict):
    assert emulate(claim("and x0, x0, #0xff", "nop", known=known)).verdict is verdict


def test_known_equalities(claim):
    equal = Known(equal=(frozenset({0, 1}),))
    assert emulate(claim("mov x0, x1", "", known=equal)).verdict is ACCEPTED
    assert emulate(claim("mov x0, x2", "", known=equal)).verdict is REFUTED


def test_live_parts_are_those_of_the_exit_taken(claim):
    before, after = "cbz x1, .Lout; add x0, x0, #1", "cbz x1, .Lout; add x0, x0, #1; mov x2, #0"
    assert emulate(claim(before, after, live_out={FALL: ALL & ~x(2), ".Lout": ALL})).verdict is ACCEPTED
    assert emulate(claim(before, after, live_out={FALL: ALL, ".Lout": NONE})).verdict is REFUTED
    moved = "mov x2, #0; cbz x1, .Lout; add x0, x0, #1"
    assert emulate(claim(before, moved, live_out={FALL: ALL & ~x(2), ".Lout": ALL})).verdict is REFUTED
    assert emulate(claim("ret", "mov x2, #0; ret", live_out={RETURN: ALL & ~x(2)})).verdict is ACCEPTED


def test_aliases_are_one_address(claim):
    branch = "cbz x0, .Lnext"
    assert emulate(claim(branch, "", aliases={".Lnext": FALL})).verdict is ACCEPTED
    assert emulate(claim(branch, "")).verdict is REFUTED
    assert emulate(claim("b .La", "b .Lb", aliases={".Lb": ".La"})).verdict is ACCEPTED


def test_a_rare_path_behind_rare_values_is_reached(claim):
    before = """ldrb w8, [x0]; cmp w8, #61; b.ne .Lout; ldrb w9, [x0, #7]; cmp w9, #93; b.ne .Lout
        ldr w10, [x1]; mov w11, #54321; cmp w10, w11; b.ne .Lout; add x2, x2, #1"""
    judgement = emulate(claim(before, before))
    assert judgement.verdict is ACCEPTED
    assert emulate(claim(before, before.replace("x2, #1", "x2, #2"))).verdict is REFUTED


def test_a_way_that_no_state_goes_is_no_evidence(claim):
    judgement = emulate(claim("ldr w8, [x0]; cbz x0, .Lout; add x1, x1, #1", "ldr w8, [x0]; add x1, x1, #1"))
    assert judgement.verdict is UNPROVED
    assert "this way: cbz (instruction 2) taken" in judgement.reason


def test_internal_branches_run_forward_only(claim):
    assert (
        emulate(
            claim(
                "cbz w1, .L1; mov w0, #5; .L1:; add w0, w0, #1",
                "cbnz w1, .L2; b .L3; .L2:; mov w0, #5; .L3:; add w0, w0, #1",
            )
        ).verdict
        is ACCEPTED
    )
    judgement = emulate(claim(".L1:; sub x0, x0, #1; cbnz x0, .L1", "mov x0, #0"))
    assert (judgement.verdict, judgement.reason) == (UNPROVED, "a branch goes backwards")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dmb ish", "dmb must stay where it is"),
        ("bl f", "a call"),
        ("mrs x0, fpcr", "mrs must stay"),
        ("ldar w0, [x1]", "ldar must stay"),
        ("adrp x0, f", "only the linker knows"),
        ("add x0, x0, :lo12:f", "only the linker knows"),
        ("adr x0, #8", "only the linker knows"),
        ("; ".join(f"mov x{n}, x{n}" for n in range(30)), "too few registers"),
        ("ldr x0, [x1]; add x3, x1, #32, lsl #12; ldr x2, [x3]", "too far apart"),
    ],
)
def test_it_says_where_it_cannot_say(claim, text, reason):
    judgement = emulate(claim(text, text))
    assert judgement.verdict is UNPROVED
    assert reason in judgement.reason


def test_extensions_run_on_the_larger_processor(claim):
    assert emulate(claim("udot v0.4s, v1.16b, v2.16b", "udot v0.4s, v2.16b, v1.16b")).verdict is ACCEPTED
    assert emulate(claim("udot v0.4s, v1.16b, v2.16b", "sdot v0.4s, v1.16b, v2.16b")).verdict is REFUTED
    assert emulate(claim("fneg h0, h1", "fabs h0, h1")).verdict is REFUTED


def test_long_chains_of_loads_stay_in_the_memory(claim):
    walk = "ldr x8, [x0]; ldr x8, [x8, #16]; ldr x8, [x8, #8]; ldrsw x9, [x8]; ldr x9, [x8, x9, lsl #3]; ldr x0, [x9]"
    judgement = emulate(claim(walk, walk))
    assert (judgement.verdict, judgement.states >= 4096) == (ACCEPTED, True)


FAR = [
    ("ldr w{}, [x1]", "ldr w{}, [x1, #16380]"),
    ("ldr x{}, [x1]", "ldr x{}, [x1, #8192]"),
    ("ldr x{}, [x1]", "ldr x{}, [x1, #32760]"),
    ("ldur x{}, [x1, #-256]", "ldr x{}, [x1, #32760]"),
    ("ldp x{}, x10, [x1, #-512]", "ldr x{}, [x1, #16384]"),
    ("ldur q0, [x1, #-256]; fmov x{}, d0", "ldr q0, [x1, #65520]; fmov x{}, d0"),
    ("ldrb w{}, [x1, #-256]!", "ldr x{}, [x1, #32752]"),
]


@pytest.mark.parametrize(("near", "far"), FAR)
def test_accesses_may_be_as_far_apart_as_immediate_offsets_are(claim, near, far):
    both = f"{near.format(8)}; {far.format(9)}"
    right = claim(f"{both}; mov x11, x9; add x0, x8, x11", f"{both}; add x0, x8, x9", "x0")
    judgement = emulate(right)
    assert judgement.verdict is ACCEPTED and judgement.states >= 4096, judgement
    assert emulate(claim(f"{both}; add x0, x8, x9", f"{both}; add x0, x8, x8", "x0")).verdict is REFUTED
    assert (
        emulate(claim(f"{both}; add x0, x8, x9", f"{near.format(8)}; {near.format(9)}; add x0, x8, x9", "x0")).verdict
        is REFUTED
    )


@pytest.mark.parametrize("displacement", [8192, 16384, 32752])
def test_far_stores_meet_other_pointers(claim, displacement):
    """What is stored far from one base may be what another base points at."""
    before = f"str x2, [x0, #{displacement}]; ldr x3, [x1]; str x3, [x0]"
    assert emulate(claim(before, f"ldr x3, [x1]; str x2, [x0, #{displacement}]; str x3, [x0]", "x3")).verdict is REFUTED
    assert emulate(claim(before, f"str x2, [x0, #{displacement}]; ldr x3, [x1]; str x2, [x0]", "x3")).verdict is REFUTED
    back = f"str x2, [x0, #{displacement}]; ldr x3, [x0, #{displacement}]; ldr x4, [x0]"
    assert emulate(claim(back, f"str x2, [x0, #{displacement}]; mov x3, x2; ldr x4, [x0]", "x3 x4")).verdict is ACCEPTED
    assert (
        emulate(claim(back, f"str x2, [x0, #{displacement}]; mov x3, x2; ldr x4, [x0, #8]", "x3 x4")).verdict is REFUTED
    )


def test_what_is_near_costs_no_more_memory_than_before():
    assert [window_size(span) for span in (8, 96, 97, 500, 4064, 8000, 8160)] == [256, 256, 512, 2048, 8192, 8192, 8192]
    assert [window_size(span) for span in (8161, 8200, 16352, 16353, 32776, 65792)] == [
        16384,
        16384,
        16384,
        32768,
        65536,
        131072,
    ]


def test_a_target_may_go_as_far_as_the_source_by_what_it_loads(claim):
    """Half a pointer is overwritten: the next load of it leads far away, in the source from a register that was
    computed once.
    """
    before = "ldr w9, [x1]; and w9, w9, #31; str w9, [sp, #12]; subs w8, w9, #0; ldr x8, [sp, #8]; ldr x0, [x8]"
    judgement = emulate(claim(before, before.replace("subs w8, w9, #0; ", ""), live_out={FALL: ALL & ~NZCV}))
    assert judgement.verdict is ACCEPTED, judgement


def test_ordered_accesses_may_move_over_arithmetic_only(claim):
    before = "ldr w0, [x2]; add x3, x3, #1; str w1, [x2, #4]"
    assert emulate(claim(before, "add x3, x3, #1; ldr w0, [x2]; str w1, [x2, #4]", ordered=True)).verdict is ACCEPTED
    swapped = "str w1, [x2, #4]; ldr w0, [x2]; add x3, x3, #1"
    assert emulate(claim(before, swapped)).verdict is ACCEPTED
    assert emulate(claim(before, swapped, ordered=True)).verdict is REFUTED
    pair = "ldp w0, w1, [x2]", "ldr w0, [x2]; ldr w1, [x2, #4]"
    assert emulate(claim(*pair)).verdict is ACCEPTED
    assert emulate(claim(*pair, ordered=True)).verdict is REFUTED


def test_nothing_new_lies_below_the_stack_pointer(claim):
    frame = "sub sp, sp, #16; str x0, [sp]; ldr x1, [sp]; add sp, sp, #16"
    judgement = emulate(claim(frame, "stur x0, [sp, #-16]; ldur x1, [sp, #-16]"))
    assert (judgement.verdict, list(judgement.counterexample.outcomes)) == (REFUTED, ["access below sp"])
    assert emulate(claim(frame, "str x0, [sp, #-16]!; mov x1, x0; add sp, sp, #16")).verdict is ACCEPTED
    assert (
        emulate(claim("stur x0, [sp, #-16]; ldur x1, [sp, #-16]", "stur x0, [sp, #-16]; mov x1, x0")).verdict
        is ACCEPTED
    )


def test_a_refutation_of_flags_names_them(claim):
    judgement = emulate(claim("adds x0, x0, x1", "add x0, x0, x1", "nzcv"))
    assert list(judgement.counterexample.outcomes) == ["nzcv"]
    assert emulate(claim("adds x0, x0, x1", "add x0, x0, x1", live_out={FALL: ALL & ~NZCV})).verdict is ACCEPTED


WRONG = [
    ("add x0, x1, w2, sxtw #2", "add x0, x1, w2, uxtw #2"),
    ("cmp x0, x1; csel x0, x2, x3, lt", "cmp x0, x1; csel x0, x2, x3, lo"),
    ("sdiv w0, w1, w2", "udiv w0, w1, w2"),
    ("ldr x0, [x1]; str x2, [x3]; ldr x4, [x1]", "ldr x0, [x1]; str x2, [x3]; mov x4, x0"),
    ("ldp w8, w9, [sp, #8]; add w0, w8, w9", "ldp w8, w9, [sp, #8]; sub w0, w8, w9"),
    ("fmin d0, d1, d2", "fminnm d0, d1, d2"),
    ("add v0.4s, v1.4s, v2.4s", "add v0.8h, v1.8h, v2.8h"),
    ("str w0, [x1]", "strh w0, [x1]"),
]


@pytest.mark.parametrize(("before", "after"), WRONG)
def test_a_counterexample_is_true(claim, before, after):
    """Both sides run from its inputs, one instruction after the other, with no harness."""
    obligation = claim(before, after)
    example = emulate(obligation).counterexample
    results = [_run(program, example) for program in (obligation.source, obligation.target)]
    for name, outcome in example.outcomes.items():
        assert [results[side](name) for side in (0, 1)] == [int(value, 16) for value in outcome], name


def _run(program, example):
    engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
    engine.mem_map(0x1000, 0x1000)
    engine.mem_map(RECORDS - 0x1000, 1 << 25)
    for name, value in example.inputs.items():
        if name.startswith("["):
            engine.mem_write(int(name[1:-1], 16), int(value, 16).to_bytes(len(value) // 2 - 1, "little"))
        else:
            number = int(value, 16) << (28 if name == "nzcv" else 0)
            engine.reg_write(_register(name), number)
    code = b"".join(step.word.to_bytes(4, "little") for step in program.steps)
    engine.mem_write(0x1000, code)
    engine.emu_start(0x1000, 0x1000 + len(code))

    def read(name):
        if name.startswith("["):
            return int.from_bytes(engine.mem_read(int(name[1:-1], 16), 8), "little")
        return engine.reg_read(_register(name)) >> (28 if name == "nzcv" else 0)

    return read


def _register(name):
    return getattr(arm64, f"UC_ARM64_REG_{name.upper()}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cbz x0, .La; add x1, x1, #1; cbz x0, .Lb", "cbz x0, .La; add x1, x1, #1"),
        ("cmp w0, #5; b.eq .La; mov x8, x0; cmp w8, #5; b.eq .Lb", "cmp w0, #5; b.eq .La; mov x8, x0"),
        ("tbz w0, #3, .La; tbnz w0, #3, .Lb", "tbz w0, #3, .La; b .Lb"),
        ("mov w8, wzr; tbz w8, #0, .La; b .Lb", "mov w8, wzr; b .La"),
        ("cmp x0, x0; b.ne .La", "cmp x0, x0"),
        ("cmp w0, #0; b.lo .La", "cmp w0, #0"),
    ],
)
def test_branches_that_are_settled_need_no_states(claim, before, after):
    assert emulate(claim(before, after)).verdict is ACCEPTED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cbz x0, .La; sub x0, x0, #1; cbz x0, .Lb", "cbz x0, .La; sub x0, x0, #1"),
        ("cbz w0, .La; cbz x0, .Lb", "cbz w0, .La; cbz x0, .Lb; nop; mov x0, x0; b .Lb"),
        ("tbz w0, #3, .La; tbz w0, #4, .Lb", "tbz w0, #3, .La"),
        ("cmp w0, #5; b.eq .La; cmp w0, #6; b.eq .Lb", "cmp w0, #5; b.eq .La; cmp w0, #6"),
        ("cbz x0, .L1; b .L2; .L1:; cbz x0, .Lb; .L2:", "cbz x0, .L1; b .L2; .L1:; .L2:"),
        ("cmp w0, #5; b.hi .La; cmp w0, #5; b.eq .Lb", "cmp w0, #5; b.hi .La; cmp w0, #5"),
        (
            "ldr w8, [x0]; cbz w8, .La; str w1, [x2]; ldr w8, [x0]; cbz w8, .Lb",
            "ldr w8, [x0]; cbz w8, .La; str w1, [x2]; ldr w8, [x0]",
        ),
        ("str xzr, [x0]; str x3, [x2]; ldr x8, [x0]; cbnz x8, .Lb", "str xzr, [x0]; str x3, [x2]; ldr x8, [x0]"),
        ("umov w8, v0.s[1]; cbz w8, .La", "umov w8, v0.s[1]"),
        ("b.eq .La", ""),
        ("fmov x8, d0; cmp x8, #0; b.lt .La", "fmov x8, d0; cmp x8, #0"),
        ("fcmp d0, d1; b.vs .La", "fcmp d0, d1"),
        (
            "str x1, [x0]; cbz x1, .La; str x3, [x2]; ldr x8, [x0]; cbz x8, .Lb",
            "str x1, [x0]; cbz x1, .La; str x3, [x2]; ldr x8, [x0]",
        ),
    ],
)
def test_branches_that_are_not_settled_are_tried(claim, before, after):
    assert emulate(claim(before, after)).verdict is REFUTED
