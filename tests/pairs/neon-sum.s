// live-out: w0
addv s0, v0.4s
fmov w0, s0
// =>
addp v0.4s, v0.4s, v0.4s
addp v0.4s, v0.4s, v0.4s
mov w0, v0.s[0]
