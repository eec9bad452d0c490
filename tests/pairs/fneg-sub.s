// ERROR: 0 - 0 is 0
// live-out: d0
movi d1, #0
fsub d0, d1, d0
// =>
movi d1, #0
fneg d0, d0
