// ERROR: rounded once
// live-out: q0
fmla v0.4s, v1.4s, v2.4s
// =>
fmul v3.4s, v1.4s, v2.4s
fadd v0.4s, v0.4s, v3.4s
