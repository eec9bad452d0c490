"""Each identity of floating-point operations is proved again, by Bitwuzla's theory, and is what the rules apply.

The model is AArch64's: bit patterns in and out, NaNs with their payloads, any rounding mode, FZ
and DN of FPCR set or not. AH, NEP and FIZ are 0. Half precision is in no rule.
"""

import itertools
import re
from dataclasses import dataclass

import pytest
import unicorn
from unicorn import arm64_const as arm64

from peepcc.analysis.obligation import Known
from peepcc.lab.forms.float_semantics import interpret
from peepcc.validate.prover.symbolic.entry import entry
from peepcc.validate.prover.terms.float_identities import RULES, applied, compared
from peepcc.validate.prover.terms.term import Evaluator

from .arm_floats import SHAPES, Arm

MODES = ("RNE", "RTN", "RTP", "RTZ", "RNA")
WIDTHS = pytest.mark.parametrize("width", (32, 64))
ROUNDED_TO = pytest.mark.parametrize(
    ("width", "size", "signed"), list(itertools.product((32, 64), (32, 64), (True, False)))
)


@ROUNDED_TO
@pytest.mark.parametrize(
    ("inner", "outer"), [("RTN", "RTZ"), ("RTP", "RTZ"), ("RNA", "RTZ"), ("RTZ", "RNA"), (None, "RTZ")]
)
def test_what_is_integral_converts_the_same_in_any_mode(width, size, signed, inner, outer):
    """`inner` None: any that FPCR may name."""
    arm = Arm()
    x, mode = arm.bits(width, "x"), arm.mode(inner) if inner else arm.rounding
    once = arm.integer(mode, x, size, signed)
    assert arm.holds(arm.integer(arm.mode(outer), arm.integral(mode, x), size, signed), once)
    if signed or inner != "RTN":  # what is negative gives no unsigned number either way
        assert not arm.holds(arm.integer(arm.mode(outer), x, size, signed), once)


@WIDTHS
@pytest.mark.parametrize("outer", MODES)
def test_what_is_integral_is_not_rounded_again(width, outer):
    arm = Arm()
    x = arm.bits(width, "x")
    once = arm.integral(arm.rounding, x)
    assert arm.holds(arm.integral(arm.mode(outer), once), once)
    assert not arm.holds(arm.integral(arm.mode(outer), x), x)


@pytest.mark.parametrize(("size", "signed"), list(itertools.product((32, 64), (True, False))))
@pytest.mark.parametrize("mode", MODES)
def test_a_single_converts_like_its_double(size, signed, mode):
    arm = Arm()
    x, how = arm.bits(32, "x"), arm.mode(mode)
    assert arm.holds(arm.integer(how, arm.double(x), size, signed), arm.integer(how, x, size, signed))


@pytest.mark.parametrize(("width", "exact"), [(32, 25), (64, 54)])
def test_integers_that_a_format_holds_come_back_and_need_no_mode(width, exact):
    for bits, right in ((exact, True), (exact + 1, False)):
        arm = Arm()
        number = arm.op("BV_SIGN_EXTEND", arm.bits(bits, "n"), indices=[64 - bits])
        made = arm.number(arm.rounding, number, width)
        assert arm.holds(made, arm.number(arm.mode("RNE"), number, width)) is right
        assert arm.holds(arm.integer(arm.mode("RTN"), made, 64, True), number) is right
        small = arm.op("BV_SIGN_EXTEND", arm.op("BV_EXTRACT", number, indices=[23, 0]), indices=[40])
        there = arm.integer(arm.mode("RTP"), arm.number(arm.rounding, small, width), 32, True)
        assert arm.holds(there, arm.op("BV_EXTRACT", small, indices=[31, 0]))
        low = arm.op("BV_ZERO_EXTEND", arm.op("BV_EXTRACT", number, indices=[23, 0]), indices=[40])
        there = arm.integer(arm.mode("RTP"), arm.number(arm.rounding, low, width), 32, False)
        assert arm.holds(there, arm.op("BV_EXTRACT", low, indices=[31, 0]))
        there = arm.integer(arm.mode("RTP"), made, 32, False)
        assert not arm.holds(there, arm.op("BV_EXTRACT", number, indices=[31, 0]))


@WIDTHS
def test_unsigned_integers_without_a_top_bit_are_signed_ones(width):
    arm = Arm()
    for bits in (32, 63):
        number = arm.op("BV_ZERO_EXTEND", arm.bits(bits, f"n{bits}"), indices=[64 - bits])
        assert arm.holds(arm.number(arm.rounding, number, width, False), arm.number(arm.rounding, number, width))
    number = arm.bits(64, "n")
    assert not arm.holds(arm.number(arm.rounding, number, width, False), arm.number(arm.rounding, number, width))


def test_an_integer_as_a_double_rounds_to_a_single_once():
    for bits, right in ((54, True), (64, False)):
        arm = Arm()
        number = arm.bits(64, "n") if bits == 64 else arm.op("BV_SIGN_EXTEND", arm.bits(bits, "n"), indices=[64 - bits])
        twice = arm.single(arm.rounding, arm.number(arm.rounding, number, 64))
        assert arm.holds(twice, arm.number(arm.rounding, number, 32)) is right


@WIDTHS
def test_a_sum_with_itself_is_twice_it(width):
    arm = Arm()
    x = arm.bits(width, "x")
    bias, fraction = {32: 127, 64: 1023}[width], SHAPES[width][1] - 1
    double = arm.arithmetic("ADD", arm.rounding, x, x)
    assert arm.holds(double, arm.arithmetic("MUL", arm.rounding, x, arm.const(bias + 1 << fraction, width)))
    once = arm.arithmetic("MUL", arm.rounding, x, arm.const(bias << fraction, width))
    assert not arm.holds(once, x)  # times one is not nothing


@WIDTHS
def test_a_division_by_a_power_of_two_is_a_product(width):
    """For every exponent whose reciprocal has one."""
    arm = Arm()
    bias, fraction = {32: 127, 64: 1023}[width], SHAPES[width][1] - 1
    x, exponent = arm.bits(width, "x"), arm.bits(width, "exponent")
    place = arm.const(fraction, width)
    opposite = arm.op("BV_SUB", arm.const(2 * bias, width), exponent)
    by, inverse = (arm.op("BV_SHL", each, place) for each in (exponent, opposite))
    ends = (arm.const(1, width), exponent), (exponent, arm.const(2 * bias - 1, width))
    normal = [arm.op("BV_ULE", *each) for each in ends]
    quotient = arm.arithmetic("DIV", arm.rounding, x, by)
    assert arm.holds(quotient, arm.arithmetic("MUL", arm.rounding, x, inverse), *normal)
    largest = [arm.op("EQUAL", exponent, arm.const(2 * bias, width))]  # 2**bias, whose reciprocal is flushed
    tiny = arm.const(1 << fraction - 1, width)
    assert not arm.holds(quotient, arm.arithmetic("MUL", arm.rounding, x, tiny), *largest)


@WIDTHS
@pytest.mark.parametrize("kind", ["ADD", "MUL"])
def test_the_order_is_nothing_where_one_is_no_nan(width, kind):
    arm = Arm()
    x, c = arm.bits(width, "x"), arm.bits(width, "c")
    one, two = arm.arithmetic(kind, arm.rounding, x, c), arm.arithmetic(kind, arm.rounding, c, x)
    assert arm.holds(one, two, arm.op("NOT", arm.op("FP_IS_NAN", arm.real(c))))
    assert not arm.holds(one, two)


@WIDTHS
@pytest.mark.parametrize("signed", [True, False])
def test_a_scaled_integer_is_exact(width, signed):
    bias, fraction = {32: 127, 64: 1023}[width], SHAPES[width][1] - 1
    for most, right in ((60, True), (100, width == 64)):
        arm = Arm()
        k, number = arm.bits(8, "k"), arm.bits(64, "n")
        exponent = arm.op("BV_ADD", arm.const(bias, width), arm.op("BV_SIGN_EXTEND", k, indices=[width - 8]))
        scale = arm.op("BV_SHL", exponent, arm.const(fraction, width))
        near = [arm.op("BV_SLE", k, arm.const(most, 8)), arm.op("BV_SGE", k, arm.const(256 - most, 8))]
        made = arm.number(arm.rounding, number, width, signed)
        one, two = (arm.arithmetic("MUL", mode, made, scale) for mode in (arm.rounding, arm.mode("RNE")))
        assert arm.holds(one, two, *near) is right


# ---- the rules are those identities: what they make is the same number

SINGLES = (
    0,
    1 << 31,
    1,
    0x007FFFFF,
    0x00800000,
    0x3F000000,
    0x3F800000,
    0xBF800000,
    0x3FC00000,
    0x40200000,
    0xBFC00000,
    0x4B7FFFFF,
    0x4F000000,
    0xCF000000,
    0x4F7FFFFF,
    0x4F800000,
    0x5F000000,
    0xDF000001,
    0x7F7FFFFF,
    0x7F800000,
    0xFF800000,
    0x7FC00001,
    0x7F800001,
    0xFFC12345,
)
DOUBLES = (
    0,
    1 << 63,
    1,
    0x000FFFFFFFFFFFFF,
    0x0010000000000000,
    0x3FE0000000000000,
    0x3FF0000000000000,
    0xBFF8000000000000,
    0x4004000000000000,
    0x41DFFFFFFFC00000,
    0x41DFFFFFFFE00000,
    0xC1E0000000000000,
    0x41EFFFFFFFF00000,
    0x43E0000000000000,
    0xC3E0000000000001,
    0x43F0000000000000,
    0x7FEFFFFFFFFFFFFF,
    0x7FF0000000000000,
    0xFFF0000000000000,
    0x7FF8000000000001,
    0x7FF0000000000001,
    0xFFF8000012345678,
    0x07E0000000000005,
    0x3810000000000005,
)
VALUES = {32: SINGLES, 64: DOUBLES}
NUMBERS = (
    0,
    1,
    2,
    255,
    0xFFFFFF,
    0x1000001,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0x1FFFFFFFFFFFFF,
    0x20000000000001,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 1,
)


@dataclass(frozen=True)
class Call:
    """A function of others, of "x" (what it is about), "rm" (FPCR's mode), and constants (value, width)."""

    name: str
    args: tuple
    width: int


RM = "rm"


def call(name, *args):
    return Call(name, args, int(re.findall(r"\d+", name)[-1]))


def made(t, part, width, rule=True):
    """The term; without `rule` only names, so that the evaluator computes each as it stands."""
    if part == "x":
        return t.var("x", width)
    if part == RM:
        return t.var("rm", 32)
    if isinstance(part, tuple):
        return t.const(*part)
    args = tuple(made(t, each, width, rule) for each in part.args)
    return applied(t, part.name, args, part.width) if rule else t.uf(part.name, args, part.width)


def integers(width, inner):
    names = (f"F{width}toI{size}{sign}{away}" for size in (32, 64) for sign in "SU" for away in ("", "Away"))
    return [call(name, (3, 32), inner) for name in names]


def power(k, width):
    return ((k + {32: 127, 64: 1023}[width] << SHAPES[width][1] - 1), width)


CALLS = [
    *(
        (width, each)
        for width in (32, 64)
        for how in (RM, (1, 32), (2, 32), (3, 32))
        for each in integers(width, call(f"RoundF{width}toInt", how, "x"))
    ),
    *((width, each) for width in (32, 64) for each in integers(width, call(f"RoundF{width}toIntAway", (0, 32), "x"))),
    *(
        (width, call(f"RoundF{width}toInt", RM, call(f"RoundF{width}toInt{away}", (1, 32), "x")))
        for width in (32, 64)
        for away in ("", "Away")
    ),
    *((32, each) for each in integers(64, call("F32toF64", "x"))),
    *((width, call(f"AddF{width}", RM, "x", "x")) for width in (32, 64)),
    *(
        (width, call(f"DivF{width}", RM, "x", power(k, width)))
        for width in (32, 64)
        for k in (-126, -3, -1, 0, 1, 2, 60, 126)
    ),
    *(
        (width, call(f"{name}F{width}", RM, power(k, width), "x"))
        for width in (32, 64)
        for name in ("Add", "Mul")
        for k in (0, 5)
    ),
    *((64, call(f"I64{sign}toF{width}", RM, "x")) for sign in "SU" for width in (32, 64)),
    *((32, call(f"I32{sign}toF32", RM, "x")) for sign in "SU"),
    *((32, call(f"I32{sign}toF64", "x")) for sign in "SU"),
    *((32, call("F64toF32", RM, call(f"I32{sign}toF64", "x"))) for sign in "SU"),
    *((32, each) for sign in "SU" for each in integers(64, call(f"I32{sign}toF64", "x"))),
    *(
        (size, call(f"MulF{width}", RM, call(f"I{size}{sign}toF{width}", RM, "x"), power(k, width)))
        for size in (32, 64)
        for sign in "SU"
        for width in (32, 64)
        if (size, width) != (32, 64)
        for k in (-4, 1, 60)
    ),
]


@pytest.mark.parametrize(("width", "part"), CALLS, ids=str)
def test_what_the_rules_make_is_the_same_number(width, part):
    terms = entry(Known(), {}, havoc=False).terms
    plain, simple = made(terms, part, width, False), made(terms, part, width)
    evaluator = Evaluator((plain, simple))
    for value in (*NUMBERS, *VALUES[width]):
        for mode in range(4):
            one, two = evaluator({"x": value & (1 << width) - 1, "rm": mode}, lambda _: 0, interpret)
            assert one == two, (hex(value), mode)


def test_each_rule_is_used():
    terms = entry(Known(), {}, havoc=False).terms
    used = set()
    for width, part in CALLS:
        if isinstance(part, Call):
            args = tuple(made(terms, each, width) for each in part.args)
            used |= {rule for rule in RULES if rule(terms, part.name, args, part.width) is not None}
    number = applied(terms, "I32StoF64", (terms.var("n", 32),), 64)
    used |= {rule for rule in RULES if rule(terms, "F64toI32S", (terms.const(3, 32), number), 32) is not None}
    assert used == set(RULES)


def test_what_is_no_identity_is_left_alone():
    terms = entry(Known(), {}, havoc=False).terms
    x, y, rm = terms.var("x", 64), terms.var("y", 64), terms.var("rm", 32)
    one, two, nan = (terms.const(each, 64) for each in (0x3FF0000000000000, 0x4000000000000000, 0x7FF8000000000001))
    wide, narrow = terms.var("n", 64), terms.var("m", 32)

    def stays(name, *args, width=64):
        found = applied(terms, name, args, width)
        return found.op == "uf" and found.data == name and found.args == args

    three, largest, tiny = (terms.const(each, 64) for each in (0x4008000000000000, 1023 + 1023 << 52, 1 << 51))
    number = applied(terms, "I64StoF64", (rm, wide), 64)
    single = applied(terms, "F32toF64", (terms.var("s", 32),), 64)
    unsigned, signed = (applied(terms, f"I32{sign}toF64", (narrow,), 64) for sign in "US")
    assert stays("MulF64", rm, x, one) and stays("AddF64", rm, x, y) and stays("AddF64", rm, y, x)
    assert stays("SubF64", rm, x, x) and stays("MulF64", rm, nan, x) and stays("AddF64", rm, nan, x)
    assert stays("DivF64", rm, x, three) and stays("DivF64", rm, x, largest) and stays("DivF64", rm, x, tiny)
    assert stays("DivF64", rm, two, x) and stays("I64StoF64", rm, wide) and stays("I64UtoF64", rm, wide)
    assert stays("F64toI32S", rm, x, width=32) and stays("F64toF32", rm, x, width=32)
    assert stays("F64toF32", rm, number, width=32) and stays("F64toF32", rm, single, width=32)
    assert stays("F64toI32S", rm, unsigned, width=32) and stays("F64toI32U", rm, signed, width=32)
    assert stays("F64toI64U", rm, signed) and stays("RoundF64toInt", rm, number)
    assert stays("MulF64", rm, number, terms.const(1023 + 61 << 52, 64))


def test_a_comparison_of_lanes_is_that_of_the_scalars():
    terms = entry(Known(), {}, havoc=False).terms
    x, y = terms.var("x", 32), terms.var("y", 32)
    for one, two in ((x, y), (y, x), (x, x)):
        evaluator = Evaluator(compared(terms, 32, one, two))
        for left, right in itertools.product(VALUES[32], repeat=2):
            bits = {"x": left, "y": right}
            high, low = evaluator(bits, lambda _: 0, interpret)
            assert 2 * high + low == interpret("CmpF32", (bits[one.data], bits[two.data]), 2)


# ---- and the processor's, in every mode that FPCR has of those in scope

PAIRS = [
    *((f"frint{how} d0, d1; fcvtz{sign} x0, d0", f"fcvt{how}{sign} x0, d1") for how in "nmpza" for sign in "su"),
    *((f"frint{how} s0, s1; fcvtz{sign} w0, s0", f"fcvt{how}{sign} w0, s1") for how in "nmpza" for sign in "su"),
    ("frinti d0, d1; fcvtzs w0, d0", "frinti d0, d1; fcvtas w0, d0"),
    ("frintm s0, s1; frintp s0, s0; fmov w0, s0", "frintm s0, s1; fmov w0, s0"),
    *((f"fcvt d0, s1; fcvt{how}s x0, d0", f"fcvt{how}s x0, s1") for how in "nmpza"),
    ("fcvt d0, s1; fcvtzu w0, d0", "fcvtzu w0, s1"),
    ("fadd d0, d1, d1; fmov x0, d0", "fmov d2, #2.0; fmul d0, d2, d1; fmov x0, d0"),
    ("fadd s0, s1, s1; fmov w0, s0", "fmov s2, #2.0; fmul s0, s1, s2; fmov w0, s0"),
    ("fmov d2, #4.0; fdiv d0, d1, d2; fmov x0, d0", "fmov d2, #0.25; fmul d0, d1, d2; fmov x0, d0"),
    ("fmov s2, #0.5; fdiv s0, s1, s2; fmov w0, s0", "fmov s2, #2.0; fmul s0, s1, s2; fmov w0, s0"),
    ("fmov d2, #3.0; fadd d0, d1, d2; fmov x0, d0", "fmov d2, #3.0; fadd d0, d2, d1; fmov x0, d0"),
    ("fmov s2, #3.0; fmul s0, s1, s2; fmov w0, s0", "fmov s2, #3.0; fmul s0, s2, s1; fmov w0, s0"),
    (
        "fmov x1, d1; scvtf s0, x1; fmov s2, #0.125; fmul s0, s0, s2; fmov w0, s0",
        "fmov x1, d1; scvtf s0, x1, #3; fmov w0, s0",
    ),
    ("fmov w1, s1; scvtf s0, w1; fmov w0, s0", "fmov w1, s1; scvtf d0, w1; fcvt s0, d0; fmov w0, s0"),
    ("fmov w1, s1; ucvtf d0, w1; fcvtpu w0, d0", "fmov w0, s1"),
    ("fcmp d1, d2; cset x0, ge; neg x0, x0", "fcmge d0, d1, d2; fmov x0, d0"),
    ("fcmp s1, s2; csetm w0, eq", "fcmeq s0, s2, s1; fmov w0, s0"),
]
NOT_EQUAL = [
    ("fmov d2, #1.0; fmul d0, d1, d2; fmov x0, d0", "fmov x0, d1"),
    ("frintm d0, d1; fcvtzs x0, d0", "fcvtzs x0, d1"),
    ("fcvt s0, d1; fcvtzs w0, s0", "fcvtzs w0, d1"),
    ("fneg d0, d1; fadd d0, d0, d2; fmov x0, d0", "fsub d0, d2, d1; fmov x0, d0"),
]


def outcomes(encoder, text):
    """x0 for each value in q1 and mode: all four rounding modes, FZ and DN set or not."""
    engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
    engine.mem_map(0x10000, 0x1000)
    code = b"".join(each.word.to_bytes(4, "little") for each in encoder.encode(text.split("; ")))
    engine.mem_write(0x10000, code)
    found = []
    for mode, flush, default in itertools.product(range(4), (0, 1), (0, 1)):
        engine.reg_write(arm64.UC_ARM64_REG_FPCR, mode << 22 | flush << 24 | default << 25)
        for value in (*VALUES[64], *VALUES[32], *(value | 3 << 32 for value in VALUES[32]), *NUMBERS):
            engine.reg_write(arm64.UC_ARM64_REG_Q1, value)
            engine.reg_write(arm64.UC_ARM64_REG_Q2, 0x3FF000003F800000)
            engine.emu_start(0x10000, 0x10000 + len(code))
            found.append(engine.reg_read(arm64.UC_ARM64_REG_X0))
    return found


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_processor_gives_both_the_same(encoder, before, after):
    assert outcomes(encoder, before) == outcomes(encoder, after)


@pytest.mark.parametrize(("before", "after"), NOT_EQUAL)
def test_the_processor_tells_what_is_no_identity(encoder, before, after):
    assert outcomes(encoder, before) != outcomes(encoder, after)
