// ERROR: the sign of a NaN
// live-out: d0
fsub d0, d0, d1
// =>
fneg d1, d1
fadd d0, d0, d1
