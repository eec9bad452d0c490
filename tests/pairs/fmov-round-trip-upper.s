// ERROR: the upper part is cleared
// live-out: q0
fmov w8, s0
fmov s0, w8
// =>
