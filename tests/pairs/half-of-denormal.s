// ERROR: rounding of the least number
// live-out: d0
fmov d1, #0.5
fmul d2, d0, d1
fadd d0, d2, d2
// =>
fmov d1, #0.5
fmov d2, #1.0
fmul d0, d0, d2
