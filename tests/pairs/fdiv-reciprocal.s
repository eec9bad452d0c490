// ERROR: rounding
// live-out: d0
fdiv d0, d0, d1
// =>
fmov d2, #1.0
fdiv d1, d2, d1
fmul d0, d0, d1
