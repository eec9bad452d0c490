// ERROR: one rounding instead of two
// live-out: q0
fmul v2.4s, v1.4s, v2.4s
fadd v0.4s, v0.4s, v2.4s
// =>
fmla v0.4s, v1.4s, v2.4s
