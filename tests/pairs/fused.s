// ERROR: one rounding instead of two
// live-out: d0
fmul d0, d0, d1
fadd d0, d0, d2
// =>
fmadd d0, d0, d1, d2
