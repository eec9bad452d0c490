// ERROR: -0 + 0 is 0
// live-out: d0
movi d1, #0
fadd d0, d0, d1
// =>
movi d1, #0
