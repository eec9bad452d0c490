// ERROR: the sign of a NaN
// live-out: d0
fneg d0, d0
fmul d0, d0, d1
// =>
fnmul d0, d0, d1
