// live-out: d0
fmov d1, #2.0
fmul d0, d0, d1
// =>
fadd d0, d0, d0
