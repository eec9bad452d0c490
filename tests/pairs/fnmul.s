// live-out: d0
fmul d0, d0, d1
fneg d0, d0
// =>
fnmul d0, d0, d1
