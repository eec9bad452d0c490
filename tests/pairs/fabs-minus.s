// live-out: d0
fneg d0, d0
fabs d0, d0
// =>
fabs d0, d0
