// ERROR: the lower half stays
// live-out: q0
fmov v0.d[1], x1
// =>
fmov d0, x1
