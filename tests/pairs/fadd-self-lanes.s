// live-out: q0
fmov v1.4s, #2.0
fmul v0.4s, v0.4s, v1.4s
// =>
fadd v0.4s, v0.4s, v0.4s
