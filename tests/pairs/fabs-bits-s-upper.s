// ERROR: a write of s clears the rest
// live-out: q0
fmov w8, s0
and w8, w8, #0x7fffffff
fmov s0, w8
// =>
fabs v0.2s, v0.2s
