// ERROR: rounded
// live-out: d0
fmul d0, d0, d0
fsqrt d0, d0
// =>
fabs d0, d0
