// live-out: s0
fmov w8, s0
fmov s0, w8
// =>
