// ERROR: a difference
// live-out: d0
fmov d1, #3.0
fsub d0, d1, d0
// =>
fmov d1, #3.0
fsub d0, d0, d1
