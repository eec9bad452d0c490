"""AArch64's floating-point operations as terms of Bitwuzla's theory: what identities are proved in.

Bit patterns in and out, NaNs with their payloads, any rounding mode, FZ and DN of FPCR set or not; AH, NEP and FIZ
are 0. It promises nothing about half precision.
"""

import itertools

import bitwuzla
from bitwuzla import Kind, Option, Result, RoundingMode

SHAPES = {32: (8, 24), 64: (11, 53)}
SECONDS = 100


class Arm:
    """AArch64's operations on bit-vector terms of one solver; `holds` asks whether two terms are always equal."""

    def __init__(self):
        self.m = bitwuzla.TermManager()
        self.rounding = self.m.mk_const(self.m.mk_rm_sort(), "rounding")
        self.flush, self.default = (self.m.mk_const(self.m.mk_bool_sort(), name) for name in ("FZ", "DN"))
        self.facts: list = []
        self._fresh = itertools.count()

    def bits(self, width, name):
        return self.m.mk_const(self.m.mk_bv_sort(width), name)

    def const(self, value, width):
        return self.m.mk_bv_value(self.m.mk_bv_sort(width), value)

    def mode(self, name):
        return self.m.mk_rm_value(getattr(RoundingMode, name))

    def op(self, kind, *args, indices=()):
        return self.m.mk_term(getattr(Kind, kind), list(args), list(indices))

    def real(self, bits):
        return self.op("FP_TO_FP_FROM_BV", bits, indices=SHAPES[bits.sort().bv_size()])

    def sign_only(self, bits):
        width = bits.sort().bv_size()
        return self.op("BV_AND", bits, self.const(1 << width - 1, width))

    def read(self, bits):
        """An operand, flushed where FZ is set."""
        tiny = self.op("AND", self.flush, self.op("FP_IS_SUBNORMAL", self.real(bits)))
        return self.op("ITE", tiny, self.sign_only(bits), bits)

    def quiet(self, bits):
        width = bits.sort().bv_size()
        made = self.op("BV_OR", bits, self.const(1 << SHAPES[width][1] - 2, width))
        return self.op("ITE", self.default, self.nan(width), made)

    def nan(self, width):
        exponent, significand = SHAPES[width]
        return self.const(((1 << exponent + 1) - 1) << significand - 2, width)

    def pattern(self, value, width):
        """The bits of a value that is no NaN."""
        found = self.bits(width, f"pattern {next(self._fresh)}")
        self.facts.append(self.op("OR", self.op("FP_IS_NAN", value), self.op("EQUAL", self.real(found), value)))
        return found

    def arithmetic(self, kind, mode, one, two):
        width = one.sort().bv_size()
        nans = [self.op("FP_IS_NAN", self.real(each)) for each in (one, two)]
        quiet = [self.op("BV_EXTRACT", each, indices=[SHAPES[width][1] - 2] * 2) for each in (one, two)]
        signalling = [self.op("AND", nan, self.op("EQUAL", bit, self.const(0, 1))) for nan, bit in zip(nans, quiet)]
        operands = [self.real(self.read(each)) for each in (one, two)]
        value = cut = self.op(f"FP_{kind}", mode, *operands)
        if kind in ("MUL", "DIV"):  # below the smallest number before it is rounded; a sum is exact there
            cut = self.op(f"FP_{kind}", self.mode("RTZ"), *operands)
        tiny = self.op("OR", self.op("FP_IS_SUBNORMAL", cut), self.op("FP_IS_ZERO", cut))
        rounded = self.pattern(value, width)
        short = rounded if cut is value else self.pattern(cut, width)
        result = self.op("ITE", self.op("AND", self.flush, tiny), self.sign_only(short), rounded)
        result = self.op("ITE", self.op("FP_IS_NAN", value), self.nan(width), result)
        for nan, each in (
            (nans[1], two),
            (nans[0], one),
            (signalling[1], two),
            (signalling[0], one),
        ):  # the last of these counts most
            result = self.op("ITE", nan, self.quiet(each), result)
        return result

    def integral(self, mode, bits):
        """frint*"""
        found = self.pattern(self.op("FP_RTI", mode, self.real(self.read(bits))), bits.sort().bv_size())
        return self.op("ITE", self.op("FP_IS_NAN", self.real(bits)), self.quiet(bits), found)

    def integer(self, mode, bits, width, signed):
        """fcvt*: too large a number gives the nearest, a NaN gives 0."""
        value = self.op("FP_RTI", mode, self.real(self.read(bits)))
        low, high = (-(1 << width - 1), 1 << width - 1) if signed else (0, 1 << width)
        shape = SHAPES[bits.sort().bv_size()]
        wide = [self.const(each & (1 << 66) - 1, 66) for each in (low, high)]
        ends = [self.op("FP_TO_FP_FROM_SBV", self.mode("RTZ"), each, indices=shape) for each in wide]
        found = self.op("FP_TO_SBV" if signed else "FP_TO_UBV", self.mode("RTZ"), value, indices=[width])
        found = self.op("ITE", self.op("FP_LT", value, ends[0]), self.const(low & (1 << width) - 1, width), found)
        found = self.op("ITE", self.op("FP_GEQ", value, ends[1]), self.const(high - 1, width), found)
        return self.op("ITE", self.op("FP_IS_NAN", value), self.const(0, width), found)

    def number(self, mode, bits, width, signed=True):
        """scvtf, ucvtf"""
        kind = "FP_TO_FP_FROM_SBV" if signed else "FP_TO_FP_FROM_UBV"
        return self.pattern(self.op(kind, mode, bits, indices=SHAPES[width]), width)

    def single(self, mode, bits):
        """fcvt s, d, of what is no NaN"""
        given = self.real(self.read(bits))
        value, cut = (self.op("FP_TO_FP_FROM_FP", how, given, indices=SHAPES[32]) for how in (mode, self.mode("RTZ")))
        tiny = self.op("OR", self.op("FP_IS_SUBNORMAL", cut), self.op("FP_IS_ZERO", cut))
        flushed = self.sign_only(self.pattern(cut, 32))
        return self.op("ITE", self.op("AND", self.flush, tiny), flushed, self.pattern(value, 32))

    def double(self, bits):
        """fcvt d, s, of what is no NaN; a NaN becomes one."""
        value = self.op("FP_TO_FP_FROM_FP", self.mode("RNE"), self.real(self.read(bits)), indices=SHAPES[64])
        return self.op("ITE", self.op("FP_IS_NAN", value), self.nan(64), self.pattern(value, 64))

    def holds(self, one, two, *given):
        options = bitwuzla.Options()
        options.set(Option.TIME_LIMIT_PER, 1000 * SECONDS)
        solver = bitwuzla.Bitwuzla(self.m, options)
        for each in (*self.facts, *given):
            solver.assert_formula(each)
        solver.assert_formula(self.op("NOT", self.op("EQUAL", one, two)))
        answer = solver.check_sat()
        assert answer is not Result.UNKNOWN, "no answer in time"
        return answer is Result.UNSAT
