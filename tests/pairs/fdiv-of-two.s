// ERROR: the other way round
// live-out: d0
fmov d1, #2.0
fdiv d0, d1, d0
// =>
fmov d1, #0.5
fmul d0, d0, d1
