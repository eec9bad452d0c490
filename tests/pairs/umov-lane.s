// live-out: w0
mov v0.s[0], v0.s[3]
fmov w0, s0
// =>
mov w0, v0.s[3]
