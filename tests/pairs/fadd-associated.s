// ERROR: rounding
// live-out: d0
fadd d0, d0, d1
fadd d0, d0, d2
// =>
fadd d1, d1, d2
fadd d0, d0, d1
