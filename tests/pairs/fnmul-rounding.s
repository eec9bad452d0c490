// ERROR: directed rounding of a negated product, and the sign of NaN
// live-out: d0
fnmul d0, d0, d1
// =>
fneg d0, d0
fmul d0, d0, d1
