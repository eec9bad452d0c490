// ERROR: positive values
// live-out: d0
fabs d0, d0
// =>
fneg d0, d0
